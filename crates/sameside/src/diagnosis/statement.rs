//! Everything that was ever said of a figure (P5): read from its history, so that nothing that was said is lost when
//! somebody says it otherwise. Pure.

use crate::accounts::Member;
use crate::base::{Date, Evidence, Id, Range, Source, When};
use crate::diagnosis::{Figure, Parameter};
use crate::history::{Event, Verb};
use std::collections::{HashMap, HashSet};

/// What somebody once said of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Of which.
    pub parameter: Parameter,
    /// How much.
    pub range: Range,
    /// How they know.
    pub evidence: Evidence,
    /// When it was written down.
    pub at: When,
    /// By whom of us.
    pub actor: Option<Id<Member>>,
    /// Whether it was taken back: undone, or the figure removed.
    pub is_taken_back: bool,
}

impl Statement {
    fn same(&self, other: &Self) -> bool {
        self.parameter == other.parameter && self.range == other.range && self.evidence == other.evidence
    }

    /// Who speaks: how they know, and their name. What somebody says anew takes the place of what they said before.
    fn voice(&self) -> (Source, Option<&str>) {
        (self.evidence.source, self.evidence.by.as_deref())
    }
}

/// Reads what was said from the events of a deal's figures, the oldest first. `undone` are the events that do not hold any
/// more.
pub fn statements(events: &[Event], undone: &HashSet<i64>) -> Vec<Statement> {
    let mut now: HashMap<uuid::Uuid, serde_json::Map<String, serde_json::Value>> = HashMap::new();
    let mut all: Vec<Statement> = Vec::new();
    for event in events {
        let fields = now.entry(event.subject).or_default();
        for (field, _, after) in event.changes.iter() {
            fields.insert(field.to_owned(), after.clone());
        }
        let Some(figure) = figure(fields) else { continue };
        if event.verb == Verb::Removed {
            for said in all.iter_mut().filter(|said| said.parameter == figure.parameter) {
                said.is_taken_back = true;
            }
            continue;
        }
        let said = Statement {
            parameter: figure.parameter,
            range: figure.range(),
            evidence: figure.evidence(),
            at: event.at,
            actor: event.actor,
            is_taken_back: undone.contains(&event.seq),
        };
        match all.iter_mut().find(|known| known.same(&said)) {
            // Said again, or back again after something else was undone.
            Some(known) => known.is_taken_back = known.is_taken_back && said.is_taken_back,
            None => all.push(said),
        }
    }
    all
}

/// The record that these fields say; those that say nothing are nothing.
fn figure(fields: &serde_json::Map<String, serde_json::Value>) -> Option<Figure> {
    let mut whole = fields.clone();
    for field in ["deal_id", "product_id", "said_by", "said_on", "note"] {
        whole.entry(field).or_insert(serde_json::Value::Null);
    }
    serde_json::from_value(serde_json::Value::Object(whole)).ok()
}

/// What holds of one parameter: the newest of each voice that was not taken back.
pub fn holding(all: &[Statement], parameter: Parameter) -> Vec<&Statement> {
    let mut held: Vec<&Statement> = Vec::new();
    for said in all.iter().filter(|said| said.parameter == parameter && !said.is_taken_back) {
        held.retain(|known| known.voice() != said.voice());
        held.push(said);
    }
    held
}

/// Two voices that say of one parameter what cannot both be so: their ranges do not touch. An assumption contradicts nobody.
pub fn conflict<'s>(held: &[&'s Statement]) -> Option<(&'s Statement, &'s Statement)> {
    let spoken: Vec<&&Statement> =
        held.iter().filter(|said| said.evidence.source != Source::Assumed).collect();
    for (n, one) in spoken.iter().enumerate() {
        for other in spoken.iter().skip(n + 1) {
            if one.range.high() < other.range.low() || other.range.high() < one.range.low() {
                return Some((one, other));
            }
        }
    }
    None
}

/// For how many days a figure that is only ours has not been looked at, where that is longer than its shelf life.
pub fn stale_days(
    source: Source,
    said_on: Option<Date>,
    changed_on: Date,
    today: Date,
    shelf_days: i64,
) -> Option<i64> {
    let is_ours = matches!(source, Source::Assumed | Source::OurEstimate);
    let days = today.days_since(said_on.unwrap_or(changed_on));
    (is_ours && days > shelf_days).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Changes;
    use crate::records::Kind;

    fn said(likely: f64, source: Source, by: &str) -> Figure {
        Figure {
            deal_id: Some(Id::of(uuid::Uuid::from_u128(1))),
            product_id: None,
            parameter: Parameter::Benefit,
            low: likely * 0.9,
            likely,
            high: likely * 1.1,
            source,
            said_by: Some(by.into()),
            said_on: None,
            note: None,
        }
    }

    fn event(seq: i64, verb: Verb, before: Option<&Figure>, after: Option<&Figure>) -> Event {
        Event {
            seq,
            at: When::from_micros(seq),
            actor: None,
            contact: None,
            via: "page".into(),
            kind: Kind::Figure,
            subject: uuid::Uuid::from_u128(9),
            about: None,
            verb,
            title: String::new(),
            changes: Changes::between(before, after).unwrap(),
            undoes: None,
        }
    }

    #[test]
    fn what_was_said_before_is_kept_and_two_who_contradict_each_other_are_told() {
        let maria = said(1_000.0, Source::ClientSaid, "Maria");
        let till = said(2_000.0, Source::Measured, "till");
        let again = said(1_900.0, Source::ClientSaid, "Maria");
        let events =
            [event(1, Verb::Created, None, Some(&maria)), event(2, Verb::Changed, Some(&maria), Some(&till))];
        let all = statements(&events, &HashSet::new());
        let held = holding(&all, Parameter::Benefit);
        assert_eq!(held.len(), 2);
        let (one, other) = conflict(&held).unwrap();
        assert_eq!((one.range.likely(), other.range.likely()), (1_000.0, 2_000.0));
        // Maria looked again: what she says now is what she says.
        let mut events = events.to_vec();
        events.push(event(3, Verb::Changed, Some(&till), Some(&again)));
        let all = statements(&events, &HashSet::new());
        assert_eq!(all.len(), 3, "nothing that was said is lost");
        assert_eq!(conflict(&holding(&all, Parameter::Benefit)), None);
        // Undone, it does not hold; removed, none does.
        let all = statements(&events, &HashSet::from([3]));
        assert!(conflict(&holding(&all, Parameter::Benefit)).is_some());
        events.push(event(4, Verb::Removed, None, None));
        assert!(holding(&statements(&events, &HashSet::new()), Parameter::Benefit).is_empty());
    }

    #[test]
    fn an_assumption_contradicts_nobody_and_asks_to_be_confirmed_when_it_is_old() {
        let one = said(1_000.0, Source::Assumed, "Ada");
        let other = said(9_000.0, Source::ClientSaid, "Maria");
        let events =
            [event(1, Verb::Created, None, Some(&one)), event(2, Verb::Changed, Some(&one), Some(&other))];
        let all = statements(&events, &HashSet::new());
        assert_eq!(conflict(&holding(&all, Parameter::Benefit)), None);
        let today: Date = "2026-11-22".parse().unwrap();
        let old = |source, days: i64| stale_days(source, Some(today.plus_days(-days)), today, today, 90);
        assert_eq!(old(Source::Assumed, 91), Some(91));
        assert_eq!(old(Source::OurEstimate, 90), None);
        assert_eq!(old(Source::ClientSaid, 400), None, "what they said is theirs to say anew");
        assert_eq!(stale_days(Source::Assumed, None, today.plus_days(-100), today, 90), Some(100));
    }
}
