//! Who decides and how, on the sheet.

use super::{Typed, answered, fill_whence, whence};
use crate::assessment::{self, Words};
use crate::base::{Id, Source};
use crate::contacts::Contact;
use crate::conversation::actions;
use crate::deals::Deal;
use crate::deals::pipelines::Way;
use crate::desk;
use crate::diagnosis::form::number;
use crate::diagnosis::said;
use crate::diagnosis::{Part, Step, Unit, Voice, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept, Kind, pages as records_pages};
use crate::web::{Form, Input, PageError, Read, Visit};
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

/// The part of the sheet.
pub(super) struct Section {
    pub(super) voices: Vec<VoiceLine>,
    pub(super) steps: Vec<StepLine>,
    pub(super) people: Vec<(String, String)>,
    pub(super) has_company: bool,
    pub(super) decided: bool,
    /// At which step going on is worth nothing, if at any.
    pub(super) stop_at: String,
    pub(super) voice: Form,
    pub(super) step: Form,
}

impl Section {
    /// What somebody may have to say.
    pub(super) fn parts(&self) -> Vec<(&'static str, &'static str)> {
        Part::ALL.iter().map(|part| (part.code(), part.label())).collect()
    }
}

pub(super) struct VoiceLine {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) name: String,
    pub(super) part: &'static str,
    pub(super) note: String,
}

pub(super) struct StepLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    /// What going on from here is worth, and what would have to be passed.
    pub(super) worth: String,
    pub(super) source: Source,
    pub(super) evidence: String,
    pub(super) is_passed: bool,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    pub(super) form: Form,
    pub(super) is_open: bool,
}

pub(super) async fn section(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    typed: &Typed,
) -> Result<Section> {
    let (workspace, locale) = (visit.scope().workspace(), visit.locale());
    let voices = store::voices(conn, workspace, deal.id).await?;
    let steps = store::steps(conn, workspace, &[deal.id]).await?.remove(&deal.id).unwrap_or_default();
    let people = people(conn, visit, deal).await?;
    let document = assessment::actions::of_deal(conn, workspace, deal, visit.now).await?;
    let path = document.as_ref().and_then(|document| document.answer.path.as_ref());
    let words = Words { currency: deal.currency, locale };
    let count = steps.len();
    let lines = steps.into_iter().enumerate().map(|(n, it)| {
        let id = it.id.to_string();
        let again = typed.form(&format!("step-{id}"));
        let hours = it.hours().map(|range| {
            Unit::Hours.show_range([range.low(), range.likely(), range.high()], deal.currency, locale)
        });
        let pass = it.went_on.map(|went_on| format!("{} of 10 go on", locale.number(went_on, 0)));
        let text: Vec<String> = hours.into_iter().chain(pass).collect();
        let told = path.and_then(|path| path.steps.iter().find(|step| step.name == it.title));
        let worth = told.filter(|_| it.passed_at.is_none()).map(|step| {
            let turn = step.break_even_pass.map_or_else(String::new, |pass| {
                format!("; worth it from {} on", Unit::Share.show(pass, deal.currency, locale))
            });
            format!("Going on from here is worth {}{turn}", words.money(step.value))
        });
        let day = it.said_on.map(|day| day.show(locale));
        StepLine {
            title: it.title.clone(),
            text: if text.is_empty() { "No figures yet: it does not count".into() } else { text.join(", ") },
            worth: worth.unwrap_or_default(),
            source: it.source,
            evidence: it.source.note(it.said_by.as_deref(), day),
            is_passed: it.passed_at.is_some(),
            is_first: n == 0,
            is_last: n + 1 == count,
            is_open: again.is_some(),
            form: again.unwrap_or_else(|| kept_form(&it)),
            id,
        }
    });
    Ok(Section {
        decided: voices.iter().any(|voice| matches!(voice.part, Part::Decides | Part::Signs)),
        voices: voices
            .into_iter()
            .map(|it| VoiceLine {
                id: it.id.to_string(),
                href: format!("/contacts/{}", it.contact_id),
                name: it.title.clone(),
                part: it.part.label(),
                note: it.it.note.unwrap_or_default(),
            })
            .collect(),
        steps: lines.collect(),
        people,
        has_company: deal.company_id.is_some(),
        stop_at: path.and_then(|path| path.stop_at.clone()).unwrap_or_default(),
        voice: typed.form("voice").unwrap_or_default(),
        step: typed.form("step").unwrap_or_default(),
    })
}

/// Who of theirs could have a voice.
pub(super) async fn people(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
) -> Result<Vec<(String, String)>> {
    let (scope, workspace) = (visit.scope(), visit.scope().workspace());
    let mut people: Vec<(String, String)> = match deal.company_id {
        Some(company) => {
            let all = desk::store::contacts_of(conn, workspace, company).await?;
            let seen = records::names(conn, scope, Kind::Contact, all.iter().map(|(id, _)| *id)).await?;
            let all = all.into_iter().filter(|(id, _)| seen.contains_key(&id.uuid()));
            all.map(|(id, name)| (id.to_string(), name)).collect()
        }
        None => Vec::new(),
    };
    if let Some(contact) = deal.contact_id
        && !people.iter().any(|(id, _)| *id == contact.to_string())
        && let Ok(contact) = records::get::<Contact>(conn, scope, contact).await
    {
        people.push((contact.id.to_string(), contact.it.name));
    }
    Ok(people)
}

fn kept_form(it: &Kept<Step>) -> Form {
    let mut form = Form::of([("title", it.title.clone())], Some(it.version));
    let plain = |value: f64| format!("{}", (value * 100.0).round() / 100.0);
    if let Some(hours) = it.hours() {
        form.set_range("hours", hours, plain);
    }
    form.set("went_on", it.went_on.map(plain).unwrap_or_default());
    fill_whence(&mut form, it.source, it.said_by.as_deref(), it.said_on, it.note.as_deref());
    form
}

fn read_form(visit: &Visit, deal: Id<Deal>, input: &Input) -> Result<Step> {
    let mut read = Read::new(input);
    let title = read.needed("title", "what has to happen, in a few words");
    let hours = read.range("hours", number);
    let went_on = read.number("went_on");
    let from = whence(visit, &mut read);
    read.done(Step {
        deal_id: deal,
        title,
        position: 0,
        hours_low: hours.map(crate::base::Range::low),
        hours_likely: hours.map(crate::base::Range::likely),
        hours_high: hours.map(crate::base::Range::high),
        went_on,
        source: from.source,
        said_by: from.by,
        said_on: from.on,
        note: from.note,
        passed_at: None,
    })
}

pub(super) async fn voice(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let (contact, part) = (read.id::<Contact>("contact"), read.code("part", Part::parse));
    let note = read.note("note");
    for (field, is_said, right) in
        [("contact", contact.is_some(), "who it is"), ("part", part.is_some(), "what they have to say")]
    {
        if !is_said && read.fields.at(field).is_none() {
            read.fields.add(field, right);
        }
    }
    let done = match read.done(contact.zip(part)) {
        Ok(Some((contact, part))) => {
            visit.write(move |tx, act| Box::pin(said::voice(tx, act, id, contact, part, note))).await
        }
        Ok(None) => Err(Error::field("contact", "who it is")),
        Err(error) => Err(error),
    };
    answered(&visit, id, ("voice", &input), ("voices", "Written down."), done).await
}

pub(super) async fn forget_voice(visit: Visit, Path(id): Path<Id<Voice>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(said::forget_voice(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#voices"), "It is taken off.", undo))
}

pub(super) async fn step(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match read_form(&visit, id, &input) {
        Ok(it) => visit.write(move |tx, act| Box::pin(actions::step(tx, act, it))).await,
        Err(error) => Err(error),
    };
    answered(&visit, id, ("step", &input), ("path", "Written down."), done).await
}

pub(super) async fn step_again(
    visit: Visit,
    Path(id): Path<Id<Step>>,
    input: Input,
) -> Result<Response, PageError> {
    let kept = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let deal = records::get(&mut visit.read().await?, visit.scope(), kept.deal_id).await?.id;
    let version = input.version();
    let done = match read_form(&visit, deal, &input) {
        Ok(it) => visit.write(move |tx, act| Box::pin(actions::step_again(tx, act, id, version, it))).await,
        Err(error) => Err(error),
    };
    answered(&visit, deal, (&format!("step-{id}"), &input), ("path", "Written down."), done).await
}

pub(super) async fn pass(visit: Visit, Path(id): Path<Id<Step>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::pass(tx, act, id))).await?;
    let text = if kept.passed_at.is_some() { "It is behind us." } else { "It is ahead again." };
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{}/diagnosis#path", kept.deal_id), text, undo))
}

pub(super) async fn place(
    visit: Visit,
    Path(id): Path<Id<Step>>,
    input: Input,
) -> Result<Response, PageError> {
    let way = Way::parse(input.get("way"));
    let deal = visit.write(move |tx, act| Box::pin(actions::place_step(tx, act, id, way))).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#path"), "Moved.", None))
}

pub(super) async fn forget_step(visit: Visit, Path(id): Path<Id<Step>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::forget_step(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#path"), "It is taken off.", undo))
}
