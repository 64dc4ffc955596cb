//! Finding: what begins so, what has these words, and, when that is little, what nearly has them.

use crate::accounts::Scope;
use crate::activities::Activity;
use crate::base::{Id, fold};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::Result;
use crate::records::{self, Brief, Kind};
use crate::search::store;
use crate::search::words::{errors_allowed, errors_between, words};
use crate::tasks::Task;
use db::Conn;
use std::collections::{HashMap, HashSet};

/// The kinds that are searched, in the order in which they are shown.
pub const KINDS: [Kind; 7] =
    [Kind::Company, Kind::Contact, Kind::Deal, Kind::Product, Kind::Request, Kind::Task, Kind::Activity];
/// Words of a search that are taken.
const WORDS_MAX: usize = 6;
/// So many more are fetched than shown, because some may not be seen.
const OVERFETCH: i64 = 4;
/// When fewer were found, typing errors are forgiven.
const FEW: usize = 3;
/// Words of the vocabulary that are compared with a mistyped one.
const VOCABULARY_MAX: i64 = 5_000;
/// Words that are taken for a mistyped one.
const NEAR_MAX: usize = 4;

/// Something found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Which.
    pub id: uuid::Uuid,
    /// What it is called.
    pub title: String,
    /// Where it belongs: the company of a person or a deal.
    pub note: String,
}

/// What this person can find by a text: at most `limit` of each of `kinds`, those whose name begins so first.
/// Answers also with the words that were taken instead of mistyped ones.
///
/// # Errors
/// What the database says.
pub async fn find(
    conn: &mut Conn,
    scope: &Scope,
    kinds: &[Kind],
    text: &str,
    limit: usize,
) -> Result<(Vec<Hit>, Vec<String>)> {
    let start = fold(text);
    let mut asked = words(text);
    asked.truncate(WORDS_MAX);
    // The longest word is the rarest: it is looked up, the others are looked for beside it.
    asked.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    if start.is_empty() || asked.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut found = Found { hits: Vec::new(), seen: HashSet::new(), limit };
    let beginnings: Vec<(String, bool)> = asked.iter().map(|word| (word.clone(), false)).collect();
    for kind in kinds {
        let count = i64::try_from(limit).unwrap_or(0);
        found.add(scope, *kind, store::beginning(conn, scope, *kind, &start, count).await?);
        found.with(conn, scope, *kind, &beginnings).await?;
    }
    let mut instead = Vec::new();
    if found.hits.len() < FEW
        && let Some(near) = near(conn, scope, &asked).await?
    {
        for kind in kinds {
            for words in &near {
                found.with(conn, scope, *kind, words).await?;
            }
        }
        let typed: HashSet<&String> = asked.iter().collect();
        let all = near.into_iter().flatten().map(|(word, _)| word);
        for word in all.filter(|word| !typed.contains(word)) {
            if !instead.contains(&word) {
                instead.push(word);
            }
        }
    }
    let mut hits = found.hits;
    note(conn, scope, &mut hits).await?;
    Ok((hits, instead))
}

struct Found {
    hits: Vec<Hit>,
    seen: HashSet<uuid::Uuid>,
    limit: usize,
}

impl Found {
    fn add(&mut self, scope: &Scope, kind: Kind, mut briefs: Vec<Brief>) {
        briefs.sort_by_cached_key(|brief| fold(&brief.title));
        let mut room = self.limit - self.hits.iter().filter(|hit| hit.kind == kind).count().min(self.limit);
        for brief in briefs {
            let is_there = brief.removed_at.is_none() && scope.may_see(brief.owner);
            if room > 0 && is_there && self.seen.insert(brief.id) {
                self.hits.push(Hit { kind, id: brief.id, title: brief.title, note: String::new() });
                room -= 1;
            }
        }
    }

    async fn with(
        &mut self,
        conn: &mut Conn,
        scope: &Scope,
        kind: Kind,
        words: &[(String, bool)],
    ) -> Result<()> {
        let limit = i64::try_from(self.limit).unwrap_or(0) * OVERFETCH;
        let ids = store::with_words(conn, scope.workspace(), kind, words, limit).await?;
        let briefs = records::briefs(conn, scope.workspace(), kind, &ids).await?;
        self.add(scope, kind, briefs);
        Ok(())
    }
}

/// The words that are nearly those asked for, each combination that a single mistyped word gives. The first letter
/// is taken as typed.
async fn near(conn: &mut Conn, scope: &Scope, asked: &[String]) -> Result<Option<Vec<Vec<(String, bool)>>>> {
    let mut ways: Vec<Vec<(String, bool)>> = vec![Vec::new()];
    let mut is_other = false;
    for word in asked {
        let known = store::vocabulary(conn, scope.workspace(), word, 1).await?;
        let most = errors_allowed(word);
        let Some(first) = word.chars().next().filter(|_| known.is_empty() && most > 0) else {
            for way in &mut ways {
                way.push((word.clone(), false));
            }
            continue;
        };
        let all = store::vocabulary(conn, scope.workspace(), &first.to_string(), VOCABULARY_MAX).await?;
        let mut close: Vec<(usize, String)> = all
            .into_iter()
            .map(|candidate| (errors_between(word, &candidate, most), candidate))
            .filter(|(errors, _)| *errors <= most)
            .collect();
        close.sort();
        close.truncate(NEAR_MAX);
        if close.is_empty() {
            return Ok(None);
        }
        is_other = true;
        let before = std::mem::take(&mut ways);
        for (_, candidate) in close {
            for way in &before {
                let mut way = way.clone();
                way.push((candidate.clone(), true));
                ways.push(way);
            }
        }
        ways.truncate(NEAR_MAX * NEAR_MAX);
    }
    Ok(is_other.then_some(ways))
}

/// Says where it belongs: of companies the town, of all others the company.
async fn note(conn: &mut Conn, scope: &Scope, hits: &mut [Hit]) -> Result<()> {
    let ids = |kind: Kind| hits.iter().filter(move |hit| hit.kind == kind).map(|hit| hit.id);
    let people: Vec<Id<Contact>> = ids(Kind::Contact).map(Id::of).collect();
    let deals: Vec<Id<Deal>> = ids(Kind::Deal).map(Id::of).collect();
    let tasks: Vec<Id<Task>> = ids(Kind::Task).map(Id::of).collect();
    let activities: Vec<Id<Activity>> = ids(Kind::Activity).map(Id::of).collect();
    let companies: Vec<Id<Company>> = ids(Kind::Company).map(Id::of).collect();
    let workspace = scope.workspace();
    let mut at: HashMap<uuid::Uuid, Id<Company>> = HashMap::new();
    let mut notes: HashMap<uuid::Uuid, String> = HashMap::new();
    for it in records::by_ids(conn, workspace, &people).await? {
        at.extend(it.company_id.map(|company| (it.id.uuid(), company)));
    }
    for it in records::by_ids(conn, workspace, &deals).await? {
        at.extend(it.company_id.map(|company| (it.id.uuid(), company)));
    }
    for it in records::by_ids(conn, workspace, &tasks).await? {
        at.extend(it.company_id.map(|company| (it.id.uuid(), company)));
    }
    for it in records::by_ids(conn, workspace, &activities).await? {
        at.extend(it.company_id.map(|company| (it.id.uuid(), company)));
    }
    for it in records::by_ids(conn, workspace, &companies).await? {
        notes.extend(it.city.clone().map(|city| (it.id.uuid(), city)));
    }
    let names = records::names(conn, scope, Kind::Company, at.values().copied()).await?;
    for hit in hits {
        let company = at.get(&hit.id).and_then(|id| names.get(&id.uuid()));
        hit.note = company.or_else(|| notes.get(&hit.id)).cloned().unwrap_or_default();
    }
    Ok(())
}
