//! How the last contact felt to them: one tap, then a word if they like (P16).

use crate::client_page::Words;
use crate::client_page::pages::guest::{Done, Guest};
use crate::client_page::pages::sections::{Part, Reader};
use crate::error::{Error, Result};
use crate::pulse::{self, Mood};
use crate::web::{Input, Read, Routes};
use axum::http::Method;
use axum::response::Response;
use db::Conn;

/// What can be done here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::POST, "/c/{token}/felt", say)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/felt.html")]
struct Felt {
    w: Words,
    path: String,
    may_act: bool,
    moods: Vec<(&'static str, String)>,
    /// What they said today: code and words.
    said: Option<(&'static str, String)>,
    word: String,
}

/// A step in the client's language.
fn step(w: Words, mood: Mood) -> String {
    w.say(match mood {
        Mood::VeryGood => "mood-very-good",
        Mood::Good => "mood-good",
        Mood::SoSo => "mood-so-so",
        Mood::NotGood => "mood-not-good",
        Mood::Bad => "mood-bad",
    })
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let contact = it.contact.as_ref().map(|contact| contact.id);
    let said = pulse::store::said_since(
        conn,
        it.workspace.id,
        it.deal.id,
        contact,
        it.today().start(&it.workspace.zone()),
    )
    .await?;
    if said.is_none() && !it.may_act {
        return Ok(None);
    }
    let felt = Felt {
        w: it.words,
        path: it.path.clone(),
        may_act: it.may_act,
        moods: Mood::ALL.iter().map(|mood| (mood.code(), step(it.words, *mood))).collect(),
        said: said.as_ref().map(|one| (one.mood.code(), step(it.words, one.mood))),
        word: said.and_then(|one| one.it.word).unwrap_or_default(),
    };
    Part::new("felt", &felt).map(Some)
}

/// They say how it felt; said again on the same day, it takes the place of what was said.
async fn say(guest: Guest, input: Input) -> Response {
    let mut read = Read::new(&input);
    let (mood, word) = (read.code("mood", Mood::parse), read.note("word"));
    let mood = match read.done(mood).and_then(|mood| mood.ok_or_else(|| Error::field("mood", "how it felt")))
    {
        Ok(mood) => mood,
        Err(error) => return guest.refused(&error, "felt"),
    };
    let (deal, contact) = (guest.reader.deal.id, guest.link.contact_id);
    let since = guest.reader.today().start(&guest.reader.workspace.zone());
    let written = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let quote = word.as_ref().map_or_else(String::new, |word| format!(": “{word}”"));
                let what = format!("said how it felt: {}{quote}", mood.label().to_lowercase());
                let said = pulse::actions::say_of_deal(tx, act, deal, contact, (mood, word), since).await?;
                let before = pulse::actions::worse(tx, act, &said).await?.flatten();
                let what = match before {
                    Some(before) => format!("{what} (it was {} before)", before.label().to_lowercase()),
                    None => what,
                };
                Ok(Done::new(what, "#felt"))
            })
        })
        .await;
    guest.after(&written, "said-felt", "felt")
}
