//! Documents of the story: what was shared with the clients who have a page, and what was not. Each is made here, word by word.

use crate::accounts::{Act, Member, Scope, Via, Workspace};
use crate::app::App;
use crate::base::{Id, fold};
use crate::client_page;
use crate::deals::Deal;
use crate::demo::{shared, store};
use crate::error::Result;
use crate::files::{self, actions};

/// A document: its title, the name of its file, how many days ago it came, how many days ago it was shared, what it says.
type Paper = (&'static str, &'static str, i64, Option<i64>, &'static [&'static str]);

const PAPERS: &[Paper] = &[
    (
        "The first four weeks, day by day",
        "First four weeks.pdf",
        8,
        Some(7),
        &[
            "The first four weeks, day by day",
            "",
            "Week 1   We bring one calendar over. You go on as before; nothing is switched off.",
            "Week 2   Whoever answers the telephone books both ways, and tells us what is slower.",
            "Week 3   We mend that. You look at it with the others, without us in the room.",
            "Week 4   You say whether the rest follows. If not, we bring the calendar back.",
            "",
            "What we need from you: one person who may decide, two hours a week.",
            "What you can expect from us: an answer within four working hours.",
        ],
    ),
    (
        "Where your data is, and who can see it",
        "Where your data is.txt",
        6,
        Some(6),
        &[
            "Where your data is, and who can see it",
            "",
            "It lies on a machine in your country, and a copy of each night in another building.",
            "Two people at Fieldwork Software can open it, and only when you ask for help.",
            "You can take all of it along at any time, as tables that any program reads.",
            "When you leave, it is deleted after 30 days, and we confirm that in writing.",
        ],
    ),
    (
        "What we heard on the visit",
        "Visit.txt",
        9,
        None,
        &[
            "What we heard on the visit",
            "",
            "Our own notes: to be talked through before anything is promised.",
        ],
    ),
];

/// Puts the documents with the deals whose clients have a page.
pub(super) async fn put(app: &App) -> Result<()> {
    let mut conn = app.read().await?;
    let Some((workspace, owner)) = store::owner(&mut conn).await? else { return Ok(()) };
    let named = client_page::store::deals_named(&mut conn, workspace, &fold(shared::LINKED)).await?;
    let mut deals: Vec<Id<Deal>> = named.into_iter().map(|(id, _)| id).collect();
    if let Some((deal, _)) = store::newest_offers(&mut conn, workspace).await?
        && !deals.contains(&deal)
    {
        deals.push(deal);
    }
    drop(conn);
    for deal in deals {
        for paper in PAPERS {
            add(app, (workspace, owner), deal, paper).await?;
        }
    }
    Ok(())
}

async fn add(
    app: &App,
    (workspace, owner): (Id<Workspace>, Id<Member>),
    deal: Id<Deal>,
    (title, name, came, shared, lines): &Paper,
) -> Result<()> {
    let now = app.now();
    let bytes = if name.ends_with(".pdf") { pdf(lines) } else { (lines.join("\n") + "\n").into_bytes() };
    let arrived = files::keep(app, workspace, now, (title, name), bytes).await?;
    let act = Act::new(Scope::of_workspace(workspace).by(Some(owner)), now.plus_days(-came), Via::Demo);
    let shared = shared.map(|days| now.plus_days(-days));
    app.write(move |tx| {
        Box::pin(async move {
            let it = actions::add(tx, &act, deal, arrived).await?;
            if let Some(at) = shared {
                actions::share(tx, &Act { now: at, ..act }, it.id).await?;
            }
            Ok(())
        })
    })
    .await
}

/// One page with these lines, the first of them large.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut text = String::from("BT 56 786 Td 20 TL\n");
    for (n, line) in lines.iter().enumerate() {
        let size = if n == 0 { 17 } else { 11 };
        let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        text.push_str(&format!("/F1 {size} Tf ({line}) Tj T*\n"));
    }
    text.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1));
    for place in &places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = places.len() + 1;
    file.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_each_of_its_parts_begins() {
        let file = String::from_utf8(pdf(&["One (1)", "Two"])).unwrap();
        let table = file.split("startxref\n").nth(1).unwrap().lines().next().unwrap();
        assert!(file[table.parse::<usize>().unwrap()..].starts_with("xref\n0 6\n"));
        for n in 1..=5 {
            let line = file.split("xref\n").nth(1).unwrap().lines().nth(n + 1).unwrap();
            let place: usize = line.split(' ').next().unwrap().parse().unwrap();
            assert!(file[place..].starts_with(&format!("{n} 0 obj")), "{n}");
        }
        assert!(file.contains("(One \\(1\\)) Tj") && file.is_ascii());
    }
}
