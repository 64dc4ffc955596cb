//! Pulse on pages: the line over time on the page of a record, a word of ours, a link that asks, and its page.

use crate::accounts::{self, Act, Right, Token, Via};
use crate::activities::Activity;
use crate::app::App;
use crate::base::{Id, initials, plural};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::outcomes::Whose;
use crate::pulse::actions::{self, ASK_DAYS, Ask, Saying};
use crate::pulse::picture::{Picture, picture};
use crate::pulse::store::{self, Of};
use crate::pulse::{Mood, Pulse, SAID_MIN, differences, wilson};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::web::layout::{Front, Place, Shell};
use crate::web::{Input, PageError, Read, Routes, Visit, Visitor, is_own_path, page, page_as};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use db::Conn;
use std::collections::HashMap;

/// What was said last, as far as it is told in words.
const WORDS_SHOWN: usize = 4;
/// Differences told in words.
const DIFFERENCES_SHOWN: usize = 2;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .post("/pulses", Right::Sell, say)
        .post("/pulse-links", Right::Sell, link)
        .open(Method::GET, "/felt/{token}", asked)
        .open(Method::POST, "/felt/{token}", answer)
}

/// The steps to choose from, the best first.
pub(crate) fn moods() -> Vec<(&'static str, &'static str)> {
    Mood::ALL.iter().map(|mood| (mood.code(), mood.label())).collect()
}

/// Something that was said or read, as pages show it.
#[derive(Debug)]
pub struct Line {
    /// How it felt.
    pub mood: &'static str,
    /// Who said so.
    pub who: String,
    /// Whether they said it; else we read it.
    pub is_theirs: bool,
    /// On which day.
    pub when: String,
    /// In which words.
    pub word: String,
}

/// What the page of a deal, a company or a person shows of how it felt.
#[derive(Debug)]
pub struct Card {
    /// The line over time; nothing where nobody said anything.
    pub picture: Option<Picture>,
    /// The last, newest first.
    pub lines: Vec<Line>,
    /// How many of theirs felt good, with the range; or that they are too few to say more.
    pub share: String,
    /// Where we read it otherwise than they said.
    pub differs: Vec<String>,
    /// The steps to choose from.
    pub moods: Vec<(&'static str, &'static str)>,
    /// Who says it, to choose from.
    pub whose: Vec<(&'static str, &'static str)>,
    /// The page to come back to.
    pub back: String,
    /// What it is about: field and id.
    pub about: Vec<(&'static str, String)>,
    /// Whom to ask with a link; empty where nobody is known.
    pub contact: String,
    /// Whether this person may write.
    pub may_write: bool,
}

/// What the page of a record shows of how it felt; `contact` is whom a link asks.
///
/// # Errors
/// What the database says.
pub async fn card(
    conn: &mut Conn,
    visit: &Visit,
    of: Of,
    contact: Option<Id<Contact>>,
    back: &str,
) -> Result<Card> {
    let found = store::of(conn, visit.scope().workspace(), of).await?;
    let (field, here) = match of {
        Of::Deal(id) => ("deal_id", id.to_string()),
        Of::Company(id) => ("company_id", id.to_string()),
        Of::Contact(id) => ("contact_id", id.to_string()),
    };
    let wanted = HashMap::from([
        (Kind::Contact, found.iter().filter_map(|it| it.contact_id.map(Id::uuid)).collect()),
        (Kind::Member, found.iter().filter_map(|it| it.owner_id.map(Id::uuid)).collect()),
    ]);
    let names = names_of(conn, visit.scope(), wanted).await?;
    let line = |it: &Kept<Pulse>| line(it, &names, visit);
    let all: Vec<Pulse> = found.iter().map(|it| it.it.clone()).collect();
    let good = all.iter().filter(|it| it.whose == Whose::Client && it.mood.is_good()).count();
    let theirs = all.iter().filter(|it| it.whose == Whose::Client).count();
    let differs = differences(&all).into_iter().rev().take(DIFFERENCES_SHOWN);
    Ok(Card {
        picture: (!all.is_empty()).then(|| drawn(&all, visit)),
        lines: found.iter().rev().take(WORDS_SHOWN).map(line).collect(),
        share: share(good, theirs),
        differs: differs.map(|(said, read, higher)| difference(said, read, higher, visit)).collect(),
        moods: moods(),
        whose: vec![(Whose::Company.code(), "Our reading"), (Whose::Client.code(), "They said so")],
        back: back.to_owned(),
        about: vec![(field, here)],
        contact: contact.map(|id| id.to_string()).unwrap_or_default(),
        may_write: visit.scope().may(Right::Sell),
    })
}

fn line(it: &Kept<Pulse>, names: &HashMap<uuid::Uuid, String>, visit: &Visit) -> Line {
    let named = |id: Option<uuid::Uuid>| id.and_then(|id| names.get(&id)).cloned();
    let is_theirs = it.whose == Whose::Client;
    let who = if is_theirs {
        named(it.contact_id.map(Id::uuid)).unwrap_or_else(|| "They".into())
    } else {
        named(it.owner_id.map(Id::uuid)).unwrap_or_else(|| "We".into())
    };
    Line {
        mood: it.mood.label(),
        who,
        is_theirs,
        when: it.felt_at.day(&visit.zone()).show_near(visit.today(), visit.locale()),
        word: it.word.clone().unwrap_or_default(),
    }
}

fn drawn(all: &[Pulse], visit: &Visit) -> Picture {
    let points = |whose: Whose| -> Vec<_> {
        let own = all.iter().filter(|it| it.whose == whose);
        own.map(|it| (it.felt_at, it.mood.step())).collect()
    };
    let day = |it: Option<&Pulse>| {
        let day = it.map(|it| it.felt_at.day(&visit.zone()));
        day.map(|day| day.show_near(visit.today(), visit.locale())).unwrap_or_default()
    };
    let (first, last) = (day(all.first()), day(all.last()));
    let said: Vec<String> = all
        .iter()
        .map(|it| {
            let who = if it.whose == Whose::Client { "they said" } else { "we read" };
            format!("{}: {who} {}", day(Some(it)), it.mood.label().to_lowercase())
        })
        .collect();
    let last = if all.len() > 1 { last } else { String::new() };
    picture(&points(Whose::Client), &points(Whose::Company), (first, last), said.join("; "))
}

/// How many of theirs felt good. Few are said to be few, and no score is made of any (P16).
fn share(good: usize, all: usize) -> String {
    let count = i64::try_from(all).unwrap_or(0);
    match all {
        0 => String::new(),
        all if all < SAID_MIN => {
            format!("{} of theirs: too few to say more than what each says.", plural(count, "word", "words"))
        }
        all => {
            let (low, high) = wilson(good, all);
            format!(
                "{good} of {all} times it felt good to them: of all such contacts, {:.0} to {:.0} of 100.",
                low * 100.0,
                high * 100.0
            )
        }
    }
}

fn difference(said: &Pulse, read: &Pulse, higher: i64, visit: &Visit) -> String {
    let day = said.felt_at.day(&visit.zone()).show_near(visit.today(), visit.locale());
    let how = if higher > 0 { "better" } else { "worse" };
    format!(
        "On {day} they said {}; we had read {}, {} {how}.",
        said.mood.label().to_lowercase(),
        read.mood.label().to_lowercase(),
        plural(higher.abs(), "step", "steps")
    )
}

async fn say(visit: Visit, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let mood = read.code("mood", Mood::parse);
    if mood.is_none() && read.fields.at("mood").is_none() {
        read.fields.add("mood", "how it felt: one of the five steps");
    }
    let whose = read.code("whose", Whose::parse).unwrap_or(Whose::Company);
    let saying = Saying {
        deal_id: read.id::<Deal>("deal_id"),
        company_id: read.id::<Company>("company_id"),
        contact_id: read.id::<Contact>("contact_id"),
        activity_id: read.id::<Activity>("activity_id"),
        word: read.note("word"),
        ..Saying::of(whose, mood.unwrap_or(Mood::SoSo))
    };
    let saying = read.done(saying)?;
    let kept = visit.write(move |tx, act| Box::pin(actions::say(tx, act, saying))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    let back = input.get("back");
    let text = if kept.whose == Whose::Company {
        "Written down as your reading."
    } else {
        "Written down as they said it."
    };
    Ok(visit.done(if is_own_path(back) { back } else { "/" }, text, undo))
}

#[derive(Template)]
#[template(path = "pulse/templates/link.html")]
struct LinkPage {
    shell: Shell,
    name: String,
    initials: String,
    back: String,
    link: String,
    days: i64,
}

/// Makes a link that asks one person; it is shown once.
async fn link(visit: Visit, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let contact = read.id::<Contact>("contact_id");
    let (deal, activity) = (read.id::<Deal>("deal_id"), read.id::<Activity>("activity_id"));
    let contact = read.done(contact)?.ok_or(Error::NotFound)?;
    let person = records::get(&mut visit.read().await?, visit.scope(), contact).await?;
    let token = visit.write(move |tx, act| Box::pin(actions::ask(tx, act, contact, deal, activity))).await?;
    let back = input.get("back");
    page(&LinkPage {
        shell: visit.shell(Place::Contacts),
        initials: initials(&person.name),
        name: person.name.clone(),
        back: if is_own_path(back) { back.to_owned() } else { format!("/contacts/{contact}") },
        link: format!("{}/felt/{}", visit.app.config().address(), token.text()),
        days: ASK_DAYS,
    })
}

#[derive(Template)]
#[template(path = "pulse/templates/felt.html")]
struct FeltPage {
    front: Front,
    workspace: String,
    name: String,
    after: String,
    path: String,
    moods: Vec<(&'static str, &'static str)>,
    said: Option<(&'static str, &'static str)>,
    word: String,
}

#[derive(Template)]
#[template(path = "pulse/templates/ended.html")]
struct EndedPage {
    front: Front,
}

fn ended(visitor: &Visitor) -> Result<Response, PageError> {
    page_as(StatusCode::NOT_FOUND, &EndedPage { front: visitor.front() })
}

/// What a link asks, with its secret.
async fn look(app: &App, token: &str) -> Result<Option<(Token, Ask)>> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let ask = actions::look(&mut app.read().await?, &token, app.now()).await?;
    Ok(ask.map(|ask| (token, ask)))
}

/// Shows what is asked and what was said; opening it says nothing, because mail programs and chats open links to
/// preview them.
async fn asked(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let Some((token, ask)) = look(&app, &token).await? else { return ended(&visitor) };
    show(&app, &visitor, &token, &ask).await
}

async fn show(app: &App, visitor: &Visitor, token: &Token, ask: &Ask) -> Result<Response, PageError> {
    let mut conn = app.read().await?;
    let Some(workspace) = accounts::store::workspace(&mut conn, ask.workspace).await? else {
        return ended(visitor);
    };
    let contact = records::by_id(&mut conn, ask.workspace, ask.contact_id).await?;
    let Some(contact) = contact.filter(|it| it.removed_at.is_none()) else { return ended(visitor) };
    let activity = match ask.activity_id {
        Some(id) => records::by_id(&mut conn, ask.workspace, id).await?,
        None => None,
    };
    let said = match ask.pulse_id {
        Some(id) => records::by_id(&mut conn, ask.workspace, id).await?,
        None => None,
    };
    let said = said.filter(|it| it.removed_at.is_none());
    let first = contact.name.split_whitespace().next().unwrap_or_default().to_owned();
    page(&FeltPage {
        front: visitor.front(),
        name: first,
        // The day alone: what we called the contact is ours.
        after: activity
            .map(|it| it.happened_at.day(&workspace.zone()).show(workspace.locale))
            .unwrap_or_default(),
        workspace: workspace.name,
        path: format!("/felt/{}", token.text()),
        moods: moods(),
        said: said.as_ref().map(|it| (it.mood.code(), it.mood.label())),
        word: said.and_then(|it| it.it.word).unwrap_or_default(),
    })
}

async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    input: Input,
) -> Result<Response, PageError> {
    let Some((token, ask)) = look(&app, &token).await? else { return ended(&visitor) };
    let mut read = Read::new(&input);
    let (mood, word) = (read.code("mood", Mood::parse), read.note("word"));
    let Some(mood) = mood.filter(|_| read.fields.is_empty()) else {
        return show(&app, &visitor, &token, &ask).await;
    };
    let contact = Some(ask.contact_id.uuid());
    let act = Act { contact, ..app.act_for(ask.workspace, Via::Client) };
    let secret = token.clone();
    app.write(move |tx| Box::pin(async move { actions::answer(tx, &act, &secret, mood, word).await }))
        .await?;
    let Some((token, ask)) = look(&app, token.text()).await? else { return ended(&visitor) };
    show(&app, &visitor, &token, &ask).await
}
