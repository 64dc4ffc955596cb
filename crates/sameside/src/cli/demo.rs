//! `sameside demo`: builds and serves a living demo.

use super::serve::{bind, until_stopped};
use super::{Outcome, log, say, tell};
use crate::app::{App, Clock};
use crate::cli::Failure;
use crate::config::Config;
use crate::demo::{self, Found};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// From this age on, in seconds, the story is said to be old.
const OLD_SECONDS: i64 = 86_400;

/// Build and serve a demo: a small company with two years of history.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The folder of the demo
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// The port of this machine to serve it on
    #[arg(long, value_name = "PORT", default_value_t = 7300)]
    port: u16,
    /// Start it over, as of today
    #[arg(long)]
    fresh: bool,
}

impl Demo {
    pub(super) async fn run(self) -> Outcome {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], self.port))).await?;
        // The demo is of its own: nothing of the environment's database or address is for it.
        let listen = listener.local_addr().unwrap_or(SocketAddr::from(([127, 0, 0, 1], self.port)));
        let config = Config { data: self.data, listen, log: "warn".into(), ..Config::default() };
        log(&config);
        let app = open(config, self.fresh).await?;
        let token = demo::way_in(&app).await?;
        tell(format_args!("Fieldwork Software is at {}", app.config().address()));
        say(format_args!("Sign in: {}/pass/{}", app.config().address(), token.text()));
        if let Some(page) = demo::client_page(&app).await? {
            say(format_args!("Client page: {page}"));
        }
        until_stopped(app, listener).await
    }
}

/// The demo of a folder, built if it is not there.
async fn open(config: Config, fresh: bool) -> Outcome<App> {
    let mut app = App::open(config.clone(), Clock::Machine).await?;
    let mut found = demo::look(&app).await?;
    if found == Found::Other {
        return Err(Failure::input(format!("{} holds a workspace of its own", config.data.display()))
            .hint("give the demo another folder with --data"));
    }
    if fresh && found != Found::Nothing {
        app.db().close().await;
        remove(&config)?;
        app = App::open(config, Clock::Machine).await?;
        found = Found::Nothing;
    }
    match found {
        Found::Told(at) if app.now().seconds_since(at) > OLD_SECONDS => {
            let days = app.now().seconds_since(at) / OLD_SECONDS;
            let days = if days == 1 { "a day".to_owned() } else { format!("{days} days") };
            tell(format_args!(
                "This demo was told {days} ago and is served as it was left. --fresh tells it anew."
            ));
        }
        Found::Told(_) | Found::Other => {}
        Found::Nothing => {
            tell("Telling two years of Fieldwork Software …");
            demo::build(&app, demo::SEED).await?;
        }
    }
    Ok(app)
}

/// Removes the store of a demo and its documents, and nothing else that may be in its folder.
fn remove(config: &Config) -> Outcome {
    let file = config.file();
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::new(format!("{}: {error}", PathBuf::from(name).display())));
            }
            _ => {}
        }
    }
    let files = config.files();
    match std::fs::remove_dir_all(&files) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("{}: {error}", files.display())))
        }
        _ => Ok(()),
    }
}
