//! The questions of the workspace's own: on the sheet, and one at a time.

use super::{Typed, answered, fill_whence, whence};
use crate::base::{Evidence, Id, Source};
use crate::conversation::actions;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::questions::actions::Said;
use crate::questions::{Answer, Level, Question, store};
use crate::records::{self, Kept};
use crate::web::{Form, Input, PageError, Read, Visit};
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

/// The values that stand for no level.
const NOT_KNOWN: &str = "not_known";
const UNKNOWN: &str = "unknown";

/// What is asked of a deal, and what it said so far.
pub(super) struct Asking {
    questions: Vec<Kept<Question>>,
    levels: Vec<Kept<Level>>,
    answers: Vec<Kept<Answer>>,
    /// The levels that cannot be chosen any more, but are an answer of this deal.
    former: Vec<Kept<Level>>,
    /// Those whose answers would sharpen the forecast, the best first.
    pub(super) worth: Vec<Id<Question>>,
}

/// Reads what is asked of a deal.
pub(super) async fn asking(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Asking> {
    let workspace = visit.scope().workspace();
    let questions = store::questions(conn, workspace).await?;
    if questions.is_empty() {
        let [levels, former] = [Vec::new(), Vec::new()];
        return Ok(Asking { questions, levels, answers: Vec::new(), former, worth: Vec::new() });
    }
    let levels = store::levels(conn, workspace).await?;
    let answers = store::answers(conn, workspace, deal.id).await?;
    let mut former = Vec::new();
    for id in answers.iter().filter_map(|answer| answer.level_id) {
        if !levels.iter().any(|level| level.id == id) {
            former.extend(records::get_any(conn, visit.scope(), id).await.ok());
        }
    }
    let worth =
        crate::forecast::actions::ask_next(conn, workspace, deal.id, visit.currency(), visit.today()).await?;
    Ok(Asking { questions, levels, answers, former, worth })
}

impl Asking {
    /// A question that is asked.
    pub(super) fn question(&self, id: Id<Question>) -> Option<&Kept<Question>> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// What the deal answers to it, if anything.
    pub(super) fn answer(&self, id: Id<Question>) -> Option<&Kept<Answer>> {
        self.answers.iter().find(|answer| answer.question_id == id && !answer.is_unknown())
    }

    /// The order in which they are asked: those that would sharpen the forecast first, then as they stand in the settings.
    pub(super) fn order(&self) -> Vec<Id<Question>> {
        let others = self.questions.iter().map(|question| question.id).filter(|id| !self.worth.contains(id));
        self.worth.iter().copied().chain(others).collect()
    }

    /// What can be answered: the levels, one that was chosen before, and, where `all`, that nobody knows.
    pub(super) fn choices(&self, id: Id<Question>, all: bool) -> Vec<(String, String)> {
        let own = self.levels.iter().filter(|level| level.question_id == id);
        let mut choices: Vec<_> = own.map(|level| (level.id.to_string(), level.name.clone())).collect();
        let former = self.former.iter().filter(|level| level.question_id == id);
        choices.extend(former.map(|level| (level.id.to_string(), format!("{} (as before)", level.name))));
        if all {
            choices.push((NOT_KNOWN.into(), crate::questions::NOT_KNOWN.into()));
        }
        choices.push((UNKNOWN.into(), crate::questions::UNKNOWN.into()));
        choices
    }

    /// The answer in words.
    fn words(&self, answer: &Answer) -> String {
        let level = |id| self.levels.iter().chain(&self.former).find(|level| level.id == id);
        match answer.level_id {
            Some(id) => level(id).map_or_else(String::new, |level| level.name.clone()),
            None => crate::questions::NOT_KNOWN.into(),
        }
    }

    /// Puts what was answered into a form.
    pub(super) fn fill(&self, form: &mut Form, id: Id<Question>) {
        let kept = self.answers.iter().find(|answer| answer.question_id == id);
        form.version = kept.map(|kept| kept.version);
        let Some(kept) = kept.filter(|kept| !kept.is_unknown()) else { return };
        let chosen = kept.level_id.map_or_else(|| NOT_KNOWN.to_owned(), |level| level.to_string());
        form.set("level", chosen);
        fill_whence(form, kept.source, kept.said_by.as_deref(), kept.said_on, kept.note.as_deref());
    }
}

/// The part of the sheet.
pub(super) struct Section {
    pub(super) lines: Vec<OwnLine>,
    pub(super) open: usize,
}

pub(super) struct OwnLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) why: String,
    pub(super) how: String,
    pub(super) said: String,
    pub(super) source: Source,
    pub(super) evidence: String,
    pub(super) note: String,
    choices: Vec<(String, String)>,
    pub(super) form: Form,
    pub(super) is_open: bool,
}

impl OwnLine {
    /// What can be answered.
    pub(super) fn choices(&self) -> &[(String, String)] {
        &self.choices
    }
}

pub(super) async fn section(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    typed: &Typed,
) -> Result<Section> {
    let asking = asking(conn, visit, deal).await?;
    let line = |question: &Kept<Question>| {
        let kept = asking.answer(question.id);
        let id = question.id.to_string();
        let again = typed.form(&format!("own-{id}"));
        let evidence = kept.map(|kept| {
            kept.source.note(kept.said_by.as_deref(), kept.said_on.map(|day| day.show(visit.locale())))
        });
        OwnLine {
            title: question.title.clone(),
            why: question.why.clone().unwrap_or_default(),
            how: question.how.clone().unwrap_or_default(),
            said: kept.map_or_else(String::new, |kept| asking.words(kept)),
            source: kept.map_or(Source::ClientSaid, |kept| kept.source),
            evidence: evidence.unwrap_or_default(),
            note: kept.and_then(|kept| kept.note.clone()).unwrap_or_default(),
            choices: asking.choices(question.id, true),
            is_open: again.is_some(),
            form: again.unwrap_or_else(|| {
                let mut form = Form::default();
                asking.fill(&mut form, question.id);
                form
            }),
            id,
        }
    };
    let lines: Vec<OwnLine> = asking.questions.iter().map(line).collect();
    Ok(Section { open: lines.iter().filter(|line| line.said.is_empty()).count(), lines })
}

/// Writes down what a form says to a question.
pub(super) async fn write(
    visit: &Visit,
    deal: Id<Deal>,
    question: Id<Question>,
    input: &Input,
) -> Result<Kept<Answer>> {
    let mut read = Read::new(input);
    let is_unknown = input.get("unknown") == "yes";
    let said = match input.get("level") {
        _ if is_unknown => Some(Said::NotKnown),
        NOT_KNOWN => Some(Said::NotKnown),
        UNKNOWN => Some(Said::Unknown),
        _ => read.id("level").map(Said::Level),
    };
    if said.is_none() && read.fields.at("level").is_none() {
        read.fields.add("level", "one of the answers, that they do not know, or that it is unknown");
    }
    let from = whence(visit, &mut read);
    let evidence = Evidence { source: from.source, by: from.by, on: from.on, note: from.note };
    let said = read.done(said)?.ok_or_else(|| Error::field("level", "one of the answers"))?;
    let question = (question, input.version());
    visit.write(move |tx, act| Box::pin(actions::own(tx, act, deal, question, said, evidence))).await
}

pub(super) async fn answer(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let question = Read::new(&input).id::<Question>("question");
    let done = match question {
        Some(question) => write(&visit, id, question, &input).await,
        None => Err(Error::field("question", "one of the questions")),
    };
    let at = format!("own-{}", input.get("question"));
    answered(&visit, id, (&at, &input), ("own", "Written down."), done).await
}
