//! Client pages held open by the hundred, and changes that arrive there: what ordinary pages take meanwhile, and how soon an
//! open page hears. The site is a process of its own, as it is served; this one asks it over the loopback.

use crate::{accounts_of, write};
use sameside::accounts::Via;
use sameside::accounts::actions::{From, open_session};
use sameside::app::App;
use sameside::base::Id;
use sameside::client_page::actions::{Wish, make};
use sameside::commitments::{Commitment, Side};
use sameside::contacts::Contact;
use sameside::deals::Deal;
use sameside::error::Error;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// Promises in the plan of each deal.
const PROMISES: usize = 3;
/// How long is waited for the site, or for an open page to hear, in seconds.
const WAIT_SECONDS: u64 = 30;
/// How each round of changes feels: another way than the round before, so that the page says something new.
const MOODS: [&str; 2] = ["good", "very_good"];

/// What a run is made of.
pub(crate) struct Run {
    /// How many client pages are held open.
    pub pages: usize,
    /// For how long is measured, in seconds.
    pub seconds: u64,
    /// How many changes a second arrive at them.
    pub changes: u64,
    /// The port of the site.
    pub port: u16,
}

/// The site, ended with this value.
struct Site(Child);

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn said(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

/// One request on a connection of its own; answers with its status line and how long it took to its last byte.
async fn ask(port: u16, request: &str) -> Result<(String, Duration), Error> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(said)?;
    stream.write_all(request.as_bytes()).await.map_err(said)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(said)?;
    let took = start.elapsed();
    let head = String::from_utf8_lossy(answer.get(..answer.len().min(64)).unwrap_or_default()).into_owned();
    Ok((head.lines().next().unwrap_or_default().to_owned(), took))
}

fn get(path: &str, session: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: sameside={session}\r\nconnection: close\r\n\r\n"
    )
}

/// Holds a page open, and tells each time it hears that something changed.
async fn hold(
    port: u16,
    path: String,
    n: usize,
    open: Arc<AtomicUsize>,
    heard: mpsc::UnboundedSender<(usize, Instant)>,
) -> Result<(), Error> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(said)?;
    let (read, mut write) = stream.into_split();
    let request = format!("GET {path}/live HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n");
    write.write_all(request.as_bytes()).await.map_err(said)?;
    let mut lines = BufReader::new(read).lines();
    while let Some(line) = lines.next_line().await.map_err(said)? {
        if line.starts_with("retry:") {
            open.fetch_add(1, Ordering::Relaxed);
        }
        if line == "event: changed" && heard.send((n, Instant::now())).is_err() {
            break;
        }
    }
    Ok(())
}

/// The p50, p95 and p99 of some times, in milliseconds.
fn share(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).map_or(f64::NAN, |took| took.as_secs_f64() * 1_000.0)
    };
    format!("{:.1} | {:.1} | {:.1} | {}", at(50), at(95), at(99), times.len())
}

/// Asks for each page in turn, one at a time, for so long; prints a row for each.
async fn measure(what: &str, run: &Run, session: &str, pages: &[(&str, Vec<String>)]) -> Result<(), Error> {
    let mut times: Vec<Vec<Duration>> = pages.iter().map(|_| Vec::new()).collect();
    let until = Instant::now() + Duration::from_secs(run.seconds);
    let mut turn = 0;
    while Instant::now() < until {
        for ((_, paths), times) in pages.iter().zip(&mut times) {
            let Some(path) = paths.get(turn % paths.len().max(1)) else { continue };
            let (status, took) = ask(run.port, &get(path, session)).await?;
            if !status.contains(" 200") {
                return Err(Error::Internal(format!("{path}: {status}")));
            }
            times.push(took);
        }
        turn += 1;
    }
    for ((name, _), times) in pages.iter().zip(&mut times) {
        println!("| {name}, {what} | {} |", share(times));
    }
    Ok(())
}

/// Writes at a steady pace, each time as the client of another page, until told to stop; and says how soon that page heard.
async fn change(
    run: &Run,
    paths: &[String],
    stop: &AtomicBool,
    mut heard: mpsc::UnboundedReceiver<(usize, Instant)>,
) -> Result<Vec<Duration>, Error> {
    let mut pace =
        tokio::time::interval(Duration::from_secs(1) / u32::try_from(run.changes.max(1)).unwrap_or(1));
    let mut times = Vec::new();
    let mut number = 0_usize;
    while !stop.load(Ordering::Relaxed) {
        pace.tick().await;
        let n = number % paths.len().max(1);
        let mood = MOODS.get(number / paths.len().max(1) % MOODS.len()).copied().unwrap_or_default();
        number += 1;
        let Some(path) = paths.get(n) else { break };
        while heard.try_recv().is_ok() {}
        let form = format!("mood={mood}");
        let request = format!(
            "POST {path}/felt HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        let start = Instant::now();
        let (status, _) = ask(run.port, &request).await?;
        if !status.contains(" 303") {
            return Err(Error::Internal(format!("{path}/felt: {status}")));
        }
        let arrives = async {
            while let Some((which, at)) = heard.recv().await {
                if which == n {
                    return Some(at);
                }
            }
            None
        };
        let at = tokio::time::timeout(Duration::from_secs(WAIT_SECONDS), arrives).await.ok().flatten();
        times.push(
            at.ok_or_else(|| Error::Internal(format!("{path} did not hear of a change")))?
                .duration_since(start),
        );
    }
    Ok(times)
}

/// Makes the links, serves the site, and measures with none and with all of the pages open.
pub(crate) async fn live(app: App, data: PathBuf, run: Run) -> Result<(), Error> {
    let workspace = accounts_of(&app).await?;
    let act = app.act_for(workspace, Via::Cli);
    let sql =
        format!("select id, contact_id from deal where workspace_id = $1 order by id limit {}", run.pages);
    let deals = app
        .read()
        .await?
        .all::<(Id<Deal>, Option<Id<Contact>>)>(db::Sql::built(sql), vec![workspace.into()])
        .await?;
    let (first, _) = deals.first().copied().ok_or(Error::NotFound)?;
    let today = act.now.day(&jiff::tz::TimeZone::UTC);
    write(&app, &act, deals.len() * PROMISES, |n, it| {
        let deal = deals.get(n / PROMISES).map_or(first, |(deal, _)| *deal);
        let side = if n.is_multiple_of(2) { Side::Company } else { Side::Client };
        let day = Some(today.plus_days(30));
        Commitment {
            due_on: day,
            promised_on: day,
            ..Commitment::blank(deal, side, format!("{it} are brought over"))
        }
    })
    .await?;
    let links = deals.clone();
    let paths: Vec<String> = app
        .write(move |tx| {
            Box::pin(async move {
                let (act, mut paths) = (act, Vec::new());
                for (deal, contact) in links {
                    let wish = Wish { days: 30, contact, ..Wish::default() };
                    paths.push(format!("/c/{}", make(tx, &act, deal, wish, None).await?.1.text()));
                }
                Ok(paths)
            })
        })
        .await?;
    let sql = db::Sql::built("select id from member order by created_at, id limit 1".into());
    let member = app.read().await?.first::<(Id<sameside::accounts::Member>,)>(sql, vec![]).await?;
    let member = member.map(|(id,)| id).ok_or(Error::NotFound)?;
    let now = app.now();
    let session = app
        .write(move |tx| {
            Box::pin(async move {
                let from = From { agent: "bench".into(), address: "127.0.0.1".into() };
                open_session(tx, workspace, member, &from, now).await
            })
        })
        .await?;
    sameside::work::drain(&app).await?;
    app.db().close().await;
    let program = std::env::current_exe().map_err(said)?.with_file_name("sameside");
    let site = Command::new(program)
        .args(["serve", "--listen", &format!("127.0.0.1:{}", run.port), "--data"])
        .arg(&data)
        .env("SAMESIDE_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()
        .map_err(said)?;
    let site = Site(site);
    let until = Instant::now() + Duration::from_secs(WAIT_SECONDS);
    while ask(run.port, &get("/healthz", "")).await.is_err() {
        if Instant::now() > until {
            return Err(Error::Internal("the site does not answer".into()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let deal_paths: Vec<String> = deals.iter().map(|(deal, _)| format!("/deals/{deal}")).collect();
    let pages = [
        ("Today", vec!["/".to_owned()]),
        ("table of deals", vec!["/deals".to_owned()]),
        ("a deal's page", deal_paths),
        ("a client's page", paths.clone()),
    ];
    println!("| milliseconds | p50 | p95 | p99 | of |\n|---|---|---|---|---|");
    measure("no page open", &run, session.text(), &pages).await?;
    let (open, stop) = (Arc::new(AtomicUsize::new(0)), AtomicBool::new(false));
    let (tell, heard) = mpsc::unbounded_channel();
    let held: Vec<_> = paths
        .iter()
        .enumerate()
        .map(|(n, path)| tokio::spawn(hold(run.port, path.clone(), n, Arc::clone(&open), tell.clone())))
        .collect();
    let until = Instant::now() + Duration::from_secs(WAIT_SECONDS);
    while open.load(Ordering::Relaxed) < paths.len() {
        if Instant::now() > until {
            return Err(Error::Internal(format!(
                "{} of {} pages are open",
                open.load(Ordering::Relaxed),
                paths.len()
            )));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let what = format!("{} pages open, {} changes a second", paths.len(), run.changes);
    measure(&format!("{} pages open", paths.len()), &run, session.text(), &pages).await?;
    let measured = async {
        let measured = measure(&what, &run, session.text(), &pages).await;
        stop.store(true, Ordering::Relaxed);
        measured
    };
    let (measured, changed) = tokio::join!(measured, change(&run, &paths, &stop, heard));
    measured?;
    println!("| from the change to the open page, {what} | {} |", share(&mut changed?));
    let still = held.iter().filter(|one| !one.is_finished()).count();
    let memory = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", site.0.id())).unwrap_or_default();
    let memory =
        memory.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default().trim().to_owned();
    println!("\n{still} of {} pages are still open; memory of the site (PSS) {memory}", paths.len());
    Ok(())
}
