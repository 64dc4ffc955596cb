//! What they want and what they need, on the sheet.

use super::{Typed, answered, who_when};
use crate::base::Id;
use crate::deals::Deal;
use crate::diagnosis::said::{self, By, Heard};
use crate::diagnosis::{Answered, Need, Want, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept, pages as records_pages};
use crate::web::{Form, Input, PageError, Read, Visit};
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

/// The value of the choice of a new need.
const NEW: &str = "new";

/// The part of the sheet.
pub(super) struct Section {
    pub(super) wants: Vec<WantLine>,
    pub(super) needs: Vec<NeedLine>,
    pub(super) choices: Vec<(String, String)>,
    pub(super) open: usize,
    pub(super) new_want: Form,
    pub(super) new_need: Form,
}

impl Section {
    /// The three answers.
    pub(super) fn answers(&self) -> Vec<(&'static str, &'static str)> {
        std::iter::once(("", "Not answered yet"))
            .chain(Answered::ALL.iter().map(|answer| (answer.code(), answer.label())))
            .collect()
    }
}

pub(super) struct WantLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) said: String,
    pub(super) answered: Option<Answered>,
    pub(super) need: String,
    pub(super) because: String,
    pub(super) form: Form,
    pub(super) is_open: bool,
}

pub(super) struct NeedLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) note: String,
}

pub(super) async fn section(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    typed: &Typed,
) -> Result<Section> {
    let workspace = visit.scope().workspace();
    let wants = store::wants(conn, workspace, deal.id).await?;
    let needs = store::needs(conn, workspace, deal.id).await?;
    let name = |id: Option<Id<Need>>| {
        needs.iter().find(|need| Some(need.id) == id).map(|need| need.title.clone()).unwrap_or_default()
    };
    let lines: Vec<WantLine> = wants
        .iter()
        .map(|want| {
            let id = want.id.to_string();
            let again = typed.form(&format!("want-{id}"));
            WantLine {
                title: want.title.clone(),
                said: who_when(want.said_by.as_deref(), want.said_on, visit),
                answered: want.answered,
                need: name(want.need_id),
                because: want.because.clone().unwrap_or_default(),
                is_open: again.is_some(),
                form: again.unwrap_or_else(|| kept_form(want)),
                id,
            }
        })
        .collect();
    let mut choices: Vec<(String, String)> =
        needs.iter().map(|need| (need.id.to_string(), need.title.clone())).collect();
    choices.push((NEW.to_owned(), "A new need: write it below".to_owned()));
    Ok(Section {
        open: lines.iter().filter(|line| line.answered.is_none()).count(),
        wants: lines,
        needs: needs
            .iter()
            .map(|need| NeedLine {
                id: need.id.to_string(),
                title: need.title.clone(),
                note: need.note.clone().unwrap_or_default(),
            })
            .collect(),
        choices,
        new_want: typed.form("want").unwrap_or_default(),
        new_need: typed.form("need").unwrap_or_default(),
    })
}

fn kept_form(want: &Kept<Want>) -> Form {
    let values = [
        ("title", want.title.clone()),
        ("said_by", want.said_by.clone().unwrap_or_default()),
        ("said_on", want.said_on.map(|day| day.to_string()).unwrap_or_default()),
        ("answered", want.answered.map_or("", Answered::code).to_owned()),
        ("need", want.need_id.map(|id| id.to_string()).unwrap_or_default()),
        ("because", want.because.clone().unwrap_or_default()),
    ];
    Form::of(values, Some(want.version))
}

/// What a form says of a want.
fn heard(visit: &Visit, input: &Input) -> Result<Heard> {
    let mut read = Read::new(input);
    let title = read.needed("title", "what they want, in their words");
    let answered = read.code("answered", Answered::parse);
    let new = read.line("need_new");
    let chosen = input.get("need").trim();
    // It is what they need, and nothing else is said: the need is what they said.
    let by = match (answered, chosen, new) {
        (_, "" | NEW, Some(new)) => Some(By::New(new)),
        (Some(Answered::IsNeed), "" | NEW, None) => Some(By::New(title.clone())),
        (_, "" | NEW, None) => None,
        (_, id, _) => match id.parse() {
            Ok(id) => Some(By::Need(id)),
            Err(_) => {
                read.fields.add("need", "one of the needs, or a new one");
                None
            }
        },
    };
    let heard = Heard {
        title,
        said_by: read.line("said_by"),
        said_on: read.date("said_on").or(Some(visit.today())),
        answered,
        by,
        because: read.note("because"),
    };
    read.done(heard)
}

pub(super) async fn hear(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match heard(&visit, &input) {
        Ok(heard) => visit.write(move |tx, act| Box::pin(said::hear(tx, act, id, heard))).await,
        Err(error) => Err(error),
    };
    answered(&visit, id, ("want", &input), ("wants", "Heard, in their words."), done).await
}

/// The deal of something on the sheet, which this person must see.
pub(super) async fn answer(
    visit: Visit,
    Path(id): Path<Id<Want>>,
    input: Input,
) -> Result<Response, PageError> {
    let want = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let deal = records::get(&mut visit.read().await?, visit.scope(), want.deal_id).await?.id;
    let version = input.version();
    let done = match heard(&visit, &input) {
        Ok(heard) => {
            visit.write(move |tx, act| Box::pin(said::answer_want(tx, act, id, version, heard))).await
        }
        Err(error) => Err(error),
    };
    answered(&visit, deal, (&format!("want-{id}"), &input), ("wants", "Written down."), done).await
}

pub(super) async fn forget(visit: Visit, Path(id): Path<Id<Want>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(said::forget_want(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#wants"), "It is taken off.", undo))
}

pub(super) async fn need(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let (title, note) = (read.needed("title", "what they need, in a few words"), read.note("note"));
    let done = match read.done(()) {
        Ok(()) => visit.write(move |tx, act| Box::pin(said::need(tx, act, id, title, note))).await,
        Err(error) => Err(error),
    };
    answered(&visit, id, ("need", &input), ("needs", "Written down."), done).await
}

pub(super) async fn forget_need(visit: Visit, Path(id): Path<Id<Need>>) -> Result<Response, PageError> {
    let deal = match visit.write(move |tx, act| Box::pin(said::forget_need(tx, act, id))).await {
        Ok(deal) => deal,
        Err(Error::Refused(why)) => {
            let need = records::get(&mut visit.read().await?, visit.scope(), id).await?;
            let to = format!("/deals/{}/diagnosis#needs", need.deal_id);
            let tone = crate::web::layout::Tone::Refused;
            return Ok(visit.go(&to, crate::web::layout::Flash { tone, text: why, undo: None }));
        }
        Err(error) => return Err(error.into()),
    };
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#needs"), "It is taken off.", undo))
}
