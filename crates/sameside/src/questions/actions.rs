//! What is done with questions, their levels and their answers.

use crate::accounts::{self, Act, Right};
use crate::base::{Evidence, Id, fold};
use crate::deals::Deal;
use crate::deals::pipelines::{Way, moved};
use crate::error::{Error, Result};
use crate::questions::store::{self, LEVELS_MAX, QUESTIONS_MAX};
use crate::questions::{Answer, Level, Question};
use crate::records::{self, Doc, Kept, Kind};
use db::Tx;

/// What is written of a question.
#[derive(Debug, Clone)]
pub struct Words {
    /// As one says it.
    pub title: String,
    /// Why we ask.
    pub why: Option<String>,
    /// How to ask it.
    pub how: Option<String>,
}

/// Adds a question with its levels.
///
/// # Errors
/// `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn add(tx: &mut Tx, act: &Act, words: Words, levels: Vec<String>) -> Result<Kept<Question>> {
    act.scope.require(Right::Manage)?;
    let all = free_title(tx, act, &words.title, None).await?;
    room(all.len(), QUESTIONS_MAX, "questions")?;
    let position = all.last().map_or(1, |last| last.position + 1);
    let Words { title, why, how } = words;
    let kept = records::create(tx, act, Question { title, why, how, position }).await?;
    if levels.len() < 2 || levels.len() > LEVELS_MAX {
        return Err(Error::field("levels", format!("2 to {LEVELS_MAX} answers, each on a line of its own")));
    }
    for (n, name) in levels.iter().enumerate() {
        let again = levels.iter().take(n).any(|other| fold(other) == fold(name));
        if again {
            return Err(Error::field("levels", format!("each answer once: “{name}” is there twice")));
        }
        let position = i64::try_from(n + 1).unwrap_or(i64::MAX);
        let level = Level { question_id: kept.id, name: name.clone(), position };
        records::create(tx, act, level).await.map_err(|error| match error {
            Error::Invalid(fields) => {
                Error::field("levels", format!("“{name}”: {}", fields.at("name").unwrap_or_default()))
            }
            error => error,
        })?;
    }
    Ok(kept)
}

fn room(there: usize, max: usize, what: &str) -> Result<()> {
    if there < max {
        return Ok(());
    }
    Err(Error::Refused(format!("There are {max} {what} already. Take one away first: few are asked well.")))
}

/// A text belongs to one question alone; answers with all questions.
async fn free_title(
    tx: &mut Tx,
    act: &Act,
    title: &str,
    of: Option<Id<Question>>,
) -> Result<Vec<Kept<Question>>> {
    let all = store::questions(tx, act.scope.workspace()).await?;
    if all.iter().any(|other| Some(other.id) != of && fold(&other.title) == fold(title)) {
        return Err(Error::field("title", "a question that is not asked already"));
    }
    Ok(all)
}

/// Asks a question in other words.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn reword(
    tx: &mut Tx,
    act: &Act,
    id: Id<Question>,
    version: Option<i64>,
    words: Words,
) -> Result<Kept<Question>> {
    records::get(tx, &act.scope, id).await?;
    free_title(tx, act, &words.title, Some(id)).await?;
    records::change(tx, act, id, version, |question: &mut Question| {
        (question.title, question.why, question.how) = (words.title, words.why, words.how);
        Ok(())
    })
    .await
}

/// Moves a question one place; at an end it stays.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` without a way.
pub async fn place(tx: &mut Tx, act: &Act, id: Id<Question>, way: Option<Way>) -> Result<()> {
    records::get(tx, &act.scope, id).await?;
    let way = way.ok_or_else(|| Error::field("way", "up or down"))?;
    let all = store::questions(tx, act.scope.workspace()).await?;
    let order: Vec<_> = all.iter().map(|one| (one.id, one.position)).collect();
    for (id, position) in moved(&order, id, way) {
        let edit = |question: &mut Question| {
            question.position = position;
            Ok(())
        };
        records::change(tx, act, id, None, edit).await?;
    }
    Ok(())
}

/// Removes a question. Its answers stay with it.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove(tx: &mut Tx, act: &Act, id: Id<Question>) -> Result<Kept<Question>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept)
}

/// Brings a question back, with its answers.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when there are too many, or one that asks the same.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Question>) -> Result<()> {
    records::restore(tx, act, id).await?;
    settle(tx, act, Kind::Question, id.uuid()).await
}

/// The levels of one question in their order.
async fn levels_of(tx: &mut Tx, act: &Act, id: Id<Question>) -> Result<Vec<Kept<Level>>> {
    let mut levels = store::levels(tx, act.scope.workspace()).await?;
    levels.retain(|level| level.question_id == id);
    Ok(levels)
}

fn free_name(others: &[Kept<Level>], name: &str, of: Option<Id<Level>>) -> Result<()> {
    if others.iter().any(|other| Some(other.id) != of && fold(&other.name) == fold(name)) {
        return Err(Error::field("name", "an answer that the question does not have yet"));
    }
    Ok(())
}

/// Adds a level after the last one.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn add_level(tx: &mut Tx, act: &Act, id: Id<Question>, name: String) -> Result<Kept<Level>> {
    records::get(tx, &act.scope, id).await?;
    let others = levels_of(tx, act, id).await?;
    room(others.len(), LEVELS_MAX, "answers")?;
    free_name(&others, &name, None)?;
    let position = others.last().map_or(1, |last| last.position + 1);
    records::create(tx, act, Level { question_id: id, name, position }).await
}

/// Calls a level something else, and so every answer that says it.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn rename_level(
    tx: &mut Tx,
    act: &Act,
    id: Id<Level>,
    version: Option<i64>,
    name: String,
) -> Result<Kept<Level>> {
    let level = records::get(tx, &act.scope, id).await?;
    free_name(&levels_of(tx, act, level.question_id).await?, &name, Some(id))?;
    records::change(tx, act, id, version, |level: &mut Level| {
        level.name = name;
        Ok(())
    })
    .await
}

/// Moves a level one place; at an end it stays.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` without a way.
pub async fn place_level(tx: &mut Tx, act: &Act, id: Id<Level>, way: Option<Way>) -> Result<Id<Question>> {
    let level = records::get(tx, &act.scope, id).await?;
    let way = way.ok_or_else(|| Error::field("way", "up or down"))?;
    let all = levels_of(tx, act, level.question_id).await?;
    let order: Vec<_> = all.iter().map(|one| (one.id, one.position)).collect();
    for (id, position) in moved(&order, id, way) {
        let edit = |level: &mut Level| {
            level.position = position;
            Ok(())
        };
        records::change(tx, act, id, None, edit).await?;
    }
    Ok(level.question_id)
}

/// Removes a level. Answers that say it still do.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove_level(tx: &mut Tx, act: &Act, id: Id<Level>) -> Result<Kept<Level>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept)
}

/// Brings a level back.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when there are too many, or one that says the same, or no question.
pub async fn restore_level(tx: &mut Tx, act: &Act, id: Id<Level>) -> Result<Kept<Level>> {
    records::restore(tx, act, id).await?;
    settle(tx, act, Kind::Level, id.uuid()).await?;
    records::get(tx, &act.scope, id).await
}

/// Says no to what must not be after a question or a level changed in any way, undo included.
///
/// # Errors
/// `Refused`.
pub async fn settle(tx: &mut Tx, act: &Act, kind: Kind, id: uuid::Uuid) -> Result<()> {
    let (there, max, what, is_twice) = match kind {
        Kind::Question => {
            let own = records::get_any::<Question>(tx, &act.scope, Id::of(id)).await?;
            let all = store::questions(tx, act.scope.workspace()).await?;
            let same = |other: &&Kept<Question>| fold(&other.title) == fold(&own.title);
            let twice = own.removed_at.is_none() && all.iter().filter(same).count() > 1;
            (all.len(), QUESTIONS_MAX, "questions", twice)
        }
        Kind::Level => {
            let own = records::get_any::<Level>(tx, &act.scope, Id::of(id)).await?;
            if own.removed_at.is_some() {
                return Ok(());
            }
            if records::get(tx, &act.scope, own.question_id).await.is_err() {
                return Err(Error::Refused("Its question is removed. Bring that back first.".into()));
            }
            let all = levels_of(tx, act, own.question_id).await?;
            let same = |other: &&Kept<Level>| fold(&other.name) == fold(&own.name);
            (all.len(), LEVELS_MAX, "answers", all.iter().filter(same).count() > 1)
        }
        _ => return Ok(()),
    };
    if is_twice {
        return Err(Error::Refused("Another one says the same by now. Change that one first.".into()));
    }
    if there > max {
        return Err(Error::Refused(format!("There are {max} {what} already. Take one away first.")));
    }
    Ok(())
}

/// What is said to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// One of its levels.
    Level(Id<Level>),
    /// They were asked and do not know.
    NotKnown,
    /// Nothing: nobody asked, or what was said does not hold any more.
    Unknown,
}

/// Writes down what a deal says to a question.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`; `Invalid` for a level of another question.
pub async fn answer(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    (question, version): (Id<Question>, Option<i64>),
    said: Said,
    evidence: Evidence,
) -> Result<Kept<Answer>> {
    act.scope.require(Right::Sell)?;
    records::get(tx, &act.scope, deal).await?;
    let asked = records::get(tx, &act.scope, question).await?;
    let kept = store::answer(tx, act.scope.workspace(), deal, question).await?;
    let level = match said {
        Said::Level(id) => {
            let is_kept = kept.as_ref().is_some_and(|kept| kept.level_id == Some(id));
            let is_own = levels_of(tx, act, question).await?.iter().any(|level| level.id == id);
            if !is_own && !is_kept {
                return Err(Error::field("level", "one of the answers"));
            }
            Some(id)
        }
        Said::NotKnown | Said::Unknown => None,
    };
    let workspace = accounts::store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let today = act.now.day(&workspace.zone());
    let not_known_at = (said == Said::NotKnown).then_some(act.now);
    let write = |answer: &mut Answer| {
        answer.say(level, not_known_at, today);
        answer.title = asked.it.title.clone();
        answer.source = evidence.source;
        (answer.said_by, answer.said_on, answer.note) =
            (evidence.by.clone(), evidence.on, evidence.note.clone());
    };
    let Some(kept) = kept else {
        let mut it = Answer {
            deal_id: deal,
            question_id: question,
            title: asked.it.title.clone(),
            level_id: None,
            not_known_at: None,
            source: evidence.source,
            said_by: None,
            said_on: None,
            note: None,
            trail: Doc(Vec::new()),
        };
        write(&mut it);
        return records::create(tx, act, it).await;
    };
    // One that was taken back is the same answer, said anew.
    let is_back = kept.removed_at.is_some();
    if is_back {
        records::restore(tx, act, kept.id).await?;
    }
    let version = version.filter(|_| !is_back);
    records::change(tx, act, kept.id, version, |answer: &mut Answer| {
        if is_back {
            (answer.level_id, answer.not_known_at) = (None, None);
            answer.trail.0.clear();
        }
        write(answer);
        Ok(())
    })
    .await
}
