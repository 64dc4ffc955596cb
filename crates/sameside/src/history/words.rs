//! Changes in plain words: which field, what it said before, what it says now.

use crate::accounts::{Role, Sees};
use crate::activities::Means;
use crate::advocates::Verdict;
use crate::base::{Currency, Date, Locale, Money, Source, When};
use crate::commitments;
use crate::concessions::State;
use crate::deals::{Phase, Standing};
use crate::departures::{Short, Way};
use crate::diagnosis::{Answered, Bears, Parameter, Part};
use crate::negotiation;
use crate::outcomes::{Felt, Occasion, Reached, Whose};
use crate::pulse::Mood;
use crate::pursuit::Choice;
use crate::records::Kind;
use crate::service::{Channel, Shown, Side, Turn};
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use std::collections::HashMap;

/// The longest text of a change that is shown whole.
const CHARS_SHOWN: usize = 240;

/// One changed field in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What people call the field.
    pub label: String,
    /// What it said; empty if nothing.
    pub before: String,
    /// What it says now; empty if nothing.
    pub after: String,
}

/// What is needed to say a value: the reader's day and numbers, and the names behind ids.
pub(super) struct Words<'w> {
    pub locale: Locale,
    pub zone: &'w TimeZone,
    pub currency: Currency,
    /// The parameter, when the change is one of a figure.
    pub parameter: Option<Parameter>,
    pub names: &'w HashMap<uuid::Uuid, String>,
}

/// Which kind of record a field refers to.
pub(super) fn refers_to(field: &str) -> Option<Kind> {
    Some(match field {
        "owner_id" | "decided_by_id" | "to_id" => Kind::Member,
        "parent_id" | "company_id" => Kind::Company,
        "contact_id" => Kind::Contact,
        "activity_id" => Kind::Activity,
        "task_id" => Kind::Task,
        "request_id" => Kind::Request,
        "product_id" => Kind::Product,
        "deal_id" => Kind::Deal,
        "pipeline_id" => Kind::Pipeline,
        "stage_id" => Kind::Stage,
        "need_id" => Kind::Need,
        "contraindication_id" => Kind::Contraindication,
        "level_id" => Kind::Level,
        "after_id" | "commitment_id" => Kind::Commitment,
        "measure_id" => Kind::Measure,
        "team_id" => Kind::Team,
        _ => return None,
    })
}

/// What people call a field.
fn label(kind: Kind, field: &str) -> String {
    let word = match field {
        "name" if kind == Kind::Attachment => "File",
        "name" => "Name",
        "title" => match kind {
            Kind::Deal => "Name",
            Kind::Activity => "About",
            Kind::Request => "What they need",
            Kind::Effort => "For what",
            Kind::Concession => "What they get",
            Kind::Commitment => "What is promised",
            Kind::Want => "What they want",
            Kind::Need => "What they need",
            Kind::Alternative => "What they would do",
            Kind::Contraindication | Kind::Bearing => "When we cannot help",
            Kind::CostPart => "What happens",
            Kind::Voice => "Who",
            Kind::Early => "Why",
            Kind::Question | Kind::Answer => "Question",
            Kind::Step => "What has to happen",
            Kind::Measure => "What is measured",
            _ => "What",
        },
        "owner_id" => match kind {
            Kind::Task => "Who does it",
            Kind::Request => "Who answers",
            Kind::Commitment => "Who of us",
            Kind::Activity => "By",
            Kind::Deal => "Run by",
            _ => "Cared for by",
        },
        "week" => "Week",
        "said" if kind == Kind::Request => "What they said",
        "channel" => "How it came",
        "mood" => "How it felt",
        "word" => "In their words",
        "felt_at" => "When",
        "days" if kind == Kind::PlanStep => "Working days",
        "days" => "At least every, days",
        "opened_at" => "They asked",
        "answer_hours" => "First answer within working hours",
        "resolve_hours" => "Resolved within working hours",
        "answer_by" => "First answer promised by",
        "resolve_by" => "Promised to be resolved by",
        "first_answered_at" => "First answered",
        "turn" => "Whose turn",
        "theirs_since" => "Their turn since",
        "resolved_at" => "Resolved",
        "resolved_how" => "How",
        "reopened" => "Opened again, times",
        "shown" => "Who sees it",
        "text" => "Words",
        "open_hours" => "When somebody is there",
        "days_off" => "Days off",
        "parent_id" => "Part of",
        "price_minor" => "Price",
        "revenue_minor" => "Revenue a year",
        "spent_minor" => "Spent",
        "worked_on" => "Day",
        "hours" => "Hours that may go into it",
        "choice" => match kind {
            Kind::Reply => "Answered",
            _ => "Decided",
        },
        "cost_likely" if kind == Kind::Alternative => "What it would cost them, likely",
        "worth_likely" if kind == Kind::Alternative => "What it would bring them, likely",
        "cost_likely" => "What it costs us, likely",
        "worth_likely" => "What it is worth to them, likely",
        "answered" => "Answered",
        "need_id" => "The need that answers it",
        "because" => "Why",
        "bears" => "Whether it is so",
        "contraindication_id" => "Of",
        "missing" => "Nobody had asked",
        "why" => "Why we ask",
        "how" => "How to ask it",
        "level_id" => "Answer",
        "not_known_at" => "They do not know, said",
        "shelf_days" => "A figure of ours is looked at after days",
        "times_likely" => "How often a month, likely",
        "each_likely" => "What it costs each time, likely",
        "part" => "What they have to say",
        "went_on" => "Of 10, went on",
        "passed_at" => "Passed",
        "best_at" => "The best they could do, since",
        "issues" => "The table",
        "our_least" => "We are better off without it below",
        "our_least_because" => "Why we are",
        "their_least" => "They are better off without it below",
        "their_least_because" => "How we know",
        "current_package" => "On the table",
        "requested_package" => "Asked for",
        "agreed_package" => "Agreed",
        "offers" => "What was offered",
        "number" if kind == Kind::Proposal => "Version",
        "lines" => "What is written on it",
        "content" => "The page",
        "promised" => "Promised a month",
        "reach" => "Chance that it is reached",
        "issued_on" => "Issued",
        "told" => "What we may tell",
        "picked" => "Which they chose, counted from 0",
        "said" => "What they said",
        "answered_at" => "They answered",
        "came_back" => "What came back",
        "nothing_because" => "Nothing came back, because",
        "share" => match kind {
            Kind::Outcome => "How far it came",
            _ => "Share of the price",
        },
        "state" => "Where it stands",
        "decided_by_id" => "Who said so",
        "decided_because" => "Why",
        "to_id" => "Who says yes",
        "from_on" => "From",
        "until_on" => "Until",
        "seller_may_give" => "A seller may give",
        "manager_may_give" => "A manager may give",
        "admin_may_give" => "An admin may give",
        "side" if matches!(kind, Kind::Commitment | Kind::PlanStep) => "Who promises",
        "side" => "Who would not gain",
        "contact_id" if kind == Kind::Commitment => "Who of them",
        "promised_on" => "Promised for",
        "asked_on" => "Another day is asked for",
        "asked_because" => "Why it is asked for",
        "moved_because" => "Why it moved",
        "after_id" => "Comes after",
        "commitment_id" => "In the plan as",
        "measure_id" => "The result of",
        "chance" => "Chance of keeping it",
        "confirmed_on" => "Both said yes",
        "done_on" => "Done",
        "done_note" => "How one sees it",
        "place" if kind == Kind::PlanStep => "Place",
        "learnt" => "What we learnt",
        "message" => "The words for it",
        "referral" => "Who may serve them better",
        "hours_saved" => "Hours saved",
        "unit" => "Counted in",
        "baseline" => "Where it stands",
        "wished" => "Where they want it",
        "by_on" => "By",
        "measured_on" => "Measured on",
        "reached" => "They have what they wanted",
        "achieved" => "Where it stands now",
        "change_share" => "Of the wished change",
        "client_gain" => "What they gained",
        "company_gain" => "What we gained",
        "felt" => "How glad they are to pay",
        "moment" => "Asked",
        "whose" => "Who says so",
        "watch_on" => "Look again on",
        "watch_parameter" => "Look again when",
        "watch_above" => "rises to",
        "watch_below" => "falls to",
        "watch_product" => "Look again when the product changes",
        "noticed" => "What has come",
        "noticed_at" => "It came",
        "settled_at" => "Settled",
        "settled_because" => "Left be, because",
        "way" => "Who left",
        "hours_spent" => "Hours behind it then",
        "worth" => "Worth then",
        "pursuit_share" => "May go into getting a deal, of its worth",
        "job_title" => "What they do",
        "matters" => "What matters to them",
        "manner" => "How they like to be spoken to",
        "founded_year" => "Founded",
        "employees" => "People",
        "kind" => "By what means",
        "happened_at" => "When",
        "due_on" => "Due",
        "done_at" => "Done",
        "horizon_months" => "Counted over, months",
        "refund_share" => "Given back if it does not work",
        "opened_on" => "Begun",
        "expected_on" => "Decision expected",
        "agreed_on" => "Agreed",
        "closed_on" => "Ended",
        "revisit_on" => "Look again",
        "goal_source" => "How we know the goal",
        "goal_by" => "Who said the goal",
        "goal_on" => "When they said it",
        "source" => "How we know",
        "said_by" => "Who said so",
        "said_on" => "Said on",
        "email" => "E-mail",
        "shared_at" => "The client reads it since",
        "expires_at" => "Until",
        "revoked_at" => "Taken back",
        "language" => "Language",
        "disabled_at" => "May not come in since",
        "time_zone" => "Time zone",
        "locale" => "Dates and numbers",
        "hour_value" => "An hour of ours is worth",
        "client_floor" => "They must be better off in at least",
        "company_floor" => "It must pay for our work in at least",
        "client_weight" => "Harm to them counts for us, times",
        "week_hours" => "Hours a week",
        "deal_share" => "Of them for deals and clients",
        "care_days" => "Days without a word, at most",
        "hours_low" => "Hours at least",
        "hours_likely" => "Hours, likely",
        "hours_high" => "Hours at most",
        "hours_taken" => "Hours it took",
        _ => {
            let words = field.trim_end_matches("_id").replace('_', " ");
            let mut letters = words.chars();
            return letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        }
    };
    word.to_owned()
}

/// Every change of an event, without those that only follow from another.
pub(super) fn changes<'e>(
    kind: Kind,
    changed: impl Iterator<Item = (&'e str, &'e Json, &'e Json)>,
    words: &Words<'_>,
) -> Vec<Change> {
    let all: Vec<_> = changed.collect();
    let stage_changed = all.iter().any(|(field, ..)| *field == "stage_id");
    let mut said = Vec::new();
    for (field, before, after) in all {
        match field {
            "moved_at" | "last_word_at" | "answer_minutes" | "resolve_minutes" | "theirs_minutes"
            | "asked" | "mark" | "last_key" | "offering_id" | "thought" | "trail" => {}
            "phase" | "pipeline_id" if stage_changed => {}
            "other" => said.extend(others(before, after)),
            _ => said.push(Change {
                label: label(kind, field),
                before: words.value(kind, field, before),
                after: words.value(kind, field, after),
            }),
        }
    }
    said
}

/// The columns that an import brought, each a change of its own.
fn others(before: &Json, after: &Json) -> Vec<Change> {
    let text = |document: &Json, name: &str| {
        shortened(document.get(name).and_then(Json::as_str).unwrap_or_default())
    };
    let names = |document: &Json| -> Vec<String> {
        document.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let mut all = names(before);
    all.extend(names(after).into_iter().filter(|name| before.get(name).is_none()));
    all.into_iter()
        .map(|name| Change { before: text(before, &name), after: text(after, &name), label: name })
        .filter(|change| change.before != change.after)
        .collect()
}

impl Words<'_> {
    fn value(&self, kind: Kind, field: &str, value: &Json) -> String {
        match value {
            Json::Null => String::new(),
            Json::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Json::Number(number) => self.number(field, number),
            Json::String(text) => self.text(kind, field, text),
            // A document has no short words: that it is another now is said by its label.
            Json::Array(all) if all.is_empty() => String::new(),
            Json::Array(_) | Json::Object(_) => "written down".to_owned(),
        }
    }

    fn number(&self, field: &str, number: &serde_json::Number) -> String {
        let float = number.as_f64().unwrap_or(0.0);
        if field.ends_with("_minor") {
            let minor = number.as_i64().unwrap_or(0);
            return Money { minor, currency: self.currency }.show(self.locale);
        }
        match (field, self.parameter.map(Parameter::unit)) {
            ("low" | "likely" | "high", Some(unit)) => unit.show(float, self.currency, self.locale),
            (
                "change_share" | "refund_share" | "pursuit_share" | "deal_share" | "share"
                | "seller_may_give" | "reach" | "chance" | "manager_may_give" | "admin_may_give",
                _,
            ) => {
                format!("{}%", self.locale.number(float * 100.0, 0))
            }
            ("founded_year", _) => number.to_string(),
            _ => self.locale.number(float, if float.fract() == 0.0 { 0 } else { 2 }),
        }
    }

    fn text(&self, kind: Kind, field: &str, text: &str) -> String {
        if refers_to(field).is_some() {
            let name = uuid::Uuid::try_parse(text).ok().and_then(|id| self.names.get(&id));
            return name.cloned().unwrap_or_else(|| "somebody or something you do not see".to_owned());
        }
        if field.ends_with("_on") {
            return text.parse::<Date>().map_or_else(|_| text.to_owned(), |day| day.show(self.locale));
        }
        if field.ends_with("_at") || matches!(field, "answer_by" | "resolve_by" | "theirs_since") {
            let moment = text.parse::<jiff::Timestamp>().map(When::of);
            return moment.map_or_else(|_| text.to_owned(), |moment| moment.show(self.zone, self.locale));
        }
        let coded = match (kind, field) {
            (Kind::Deal, "standing") => Standing::parse(text).map(Standing::label),
            (Kind::Deal | Kind::Stage, "phase") => Phase::parse(text).map(Phase::label),
            (Kind::Concession, "state") => State::parse(text).map(State::label),
            (Kind::Request, "channel") => Channel::parse(text).map(Channel::label),
            (Kind::Pulse, "mood") => Mood::parse(text).map(Mood::label),
            (Kind::Pulse, "whose") => Whose::parse(text).map(Whose::label),
            (Kind::Request, "turn") => Turn::parse(text).map(Turn::label),
            (Kind::Message, "shown") => Shown::parse(text).map(Shown::label),
            (Kind::Message, "side") => Side::parse(text).map(Side::label),
            (Kind::Voice, "part") => Part::parse(text).map(Part::label),
            (Kind::Want, "answered") => Answered::parse(text).map(Answered::label),
            (Kind::Bearing, "bears") => Bears::parse(text).map(Bears::label),
            (Kind::Offering, "state") => negotiation::State::parse(text).map(negotiation::State::label),
            (Kind::Outcome | Kind::ClientReport, "reached") => Reached::parse(text).map(Reached::label),
            (Kind::Gladness, "felt") => Felt::parse(text).map(Felt::label),
            (Kind::Gladness, "moment") => Occasion::parse(text).map(Occasion::label),
            (Kind::Gladness, "whose") => Whose::parse(text).map(Whose::label),
            (Kind::Departure | Kind::Goodbye, "way") => Way::parse(text).map(Way::label),
            (Kind::Commitment | Kind::PlanStep, "side") => {
                commitments::Side::parse(text).map(commitments::Side::label)
            }
            (Kind::Departure | Kind::Goodbye, "side") => Short::parse(text).map(Short::label),
            (Kind::Departure, "watch_parameter") => Parameter::parse(text).map(Parameter::label),
            (Kind::Reply, "choice") => Verdict::parse(text).map(Verdict::label),
            (Kind::Decision, "choice") => Choice::parse(text).map(Choice::label),
            (Kind::Activity, "kind") => Means::parse(text).map(Means::label),
            (Kind::Figure, "parameter") => Parameter::parse(text).map(Parameter::label),
            (_, "source") | (Kind::Deal, "goal_source") => Source::parse(text).map(Source::label),
            (Kind::Member, "role") => Role::parse(text).map(Role::label),
            (Kind::Member, "sees") => Sees::parse(text).map(Sees::label),
            (Kind::Member, "locale") => Locale::parse(text).map(Locale::label),
            _ => None,
        };
        coded.map_or_else(|| shortened(text), str::to_owned)
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(CHARS_SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(kind: Kind, field: &str, before: Json, after: Json) -> Vec<Change> {
        let names = HashMap::from([(uuid::Uuid::from_u128(7), "Ada Lind".to_owned())]);
        let words = Words {
            locale: Locale::EnGb,
            zone: &TimeZone::UTC,
            currency: Currency::EUR,
            parameter: Some(Parameter::Success),
            names: &names,
        };
        changes(kind, [(field, &before, &after)].into_iter(), &words)
    }

    #[test]
    fn a_change_is_said_as_a_person_would() {
        let ada = uuid::Uuid::from_u128(7).to_string();
        for (kind, field, before, after, want) in [
            (Kind::Deal, "price_minor", json!(1_500_000), json!(1_800_000), ("Price", "€15,000", "€18,000")),
            (Kind::Company, "owner_id", Json::Null, json!(ada), ("Cared for by", "", "Ada Lind")),
            (Kind::Task, "due_on", json!("2026-11-22"), Json::Null, ("Due", "22 Nov 2026", "")),
            (
                Kind::Deal,
                "standing",
                json!("open"),
                json!("walked_away"),
                ("Standing", "Open", "Walked away"),
            ),
            (Kind::Figure, "likely", json!(0.7), json!(0.85), ("Likely", "7 of 10", "8.5 of 10")),
            (Kind::Company, "founded_year", json!(1998), json!(2001), ("Founded", "1998", "2001")),
            (
                Kind::Task,
                "done_at",
                Json::Null,
                json!("2026-11-22T12:00:00Z"),
                ("Done", "", "22 Nov 2026, 12:00"),
            ),
        ] {
            let change = said(kind, field, before, after).remove(0);
            assert_eq!((change.label.as_str(), change.before.as_str(), change.after.as_str()), want);
        }
    }

    #[test]
    fn what_an_import_brought_is_said_column_by_column() {
        let change =
            said(Kind::Company, "other", json!({"Tier": "A", "Old": "x"}), json!({"Tier": "B", "Old": "x"}));
        assert_eq!(change, [Change { label: "Tier".into(), before: "A".into(), after: "B".into() }]);
    }
}
