//! What both advocates look at: gathered once per deal. Pure.

use crate::assessment::{Line, Words};
use crate::base::{Date, Source};
use crate::care::Larger;
use crate::commitments::Count;
use crate::concessions::Concession;
use crate::deals::{Deal, Standing};
use crate::diagnosis::Parameter;
use crate::outcomes::{Felt, Measure, Occasion};
use crate::pulse::Mood;
use crate::pursuit;
use crate::records::Kept;

/// The figures of a deal and of its product's profile.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Said of the deal.
    pub deal: Vec<Line>,
    /// In the profile of its product.
    pub product: Vec<Line>,
}

impl Figures {
    /// What was said of the deal.
    pub fn of_deal(&self, parameter: Parameter) -> Option<&Line> {
        self.deal.iter().find(|line| line.parameter == parameter)
    }

    /// What the profile says.
    pub fn of_product(&self, parameter: Parameter) -> Option<&Line> {
        self.product.iter().find(|line| line.parameter == parameter)
    }

    /// What is taken now: the deal's own, or the profile's.
    pub fn now(&self, parameter: Parameter) -> Option<&Line> {
        self.of_deal(parameter).or_else(|| self.of_product(parameter))
    }

    /// Whether nobody has said this of the deal.
    pub fn is_assumed(&self, parameter: Parameter) -> bool {
        self.of_deal(parameter).is_none_or(|line| line.evidence.source == Source::Assumed)
    }
}

/// Everything a rule may look at.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The deal.
    pub deal: Deal,
    /// The day it is.
    pub today: Date,
    /// How sums are written.
    pub words: Words,
    /// Hours, budget, promises, decisions.
    pub pursuit: pursuit::Facts,
    /// What is known, with its evidence.
    pub figures: Figures,
    /// The client's chance to be better off, as last assessed.
    pub client_chance: Option<f64>,
    /// The least that is asked for.
    pub client_floor: f64,
    /// What an hour of ours is worth.
    pub hour_value: f64,
    /// Why it was proposed before the diagnosis was complete, as was said last.
    pub early: Option<String>,
    /// Wants of theirs that nobody has answered, in their words.
    pub wants_unanswered: Vec<String>,
    /// Sentences of what the product is not for that are so here.
    pub contraindications: Vec<String>,
    /// When somebody last called, met or wrote to them, or they to us, about this deal or another.
    pub spoken_on: Option<Date>,
    /// After how many days without a word to this client it is too long.
    pub cadence_days: i64,
    /// What they said of how it felt, oldest first: on which day, how, in which words.
    pub felt: Vec<(Date, Mood, Option<String>)>,
    /// What they asked and nobody has answered yet: which, its title, how many working hours it waits, and what larger
    /// clients waited.
    pub waits: Option<(uuid::Uuid, String, f64, Larger)>,
    /// What is on the list for this deal and not done.
    pub steps_open: i64,
    /// How many on their side are known to decide or to sign.
    pub deciders: i64,
    /// What was given in this deal.
    pub given: Vec<Kept<Concession>>,
    /// How often their client was given something in any deal, and how often nothing came back.
    pub client_given: (i64, i64),
    /// Minutes of ours since it was agreed.
    pub minutes_since_agreed: i64,
    /// What they promised in this deal and did not keep, with the day it was promised for.
    pub their_missed: Vec<(String, Date)>,
    /// Of all their promises in any deal: how many came due, and how many were kept.
    pub their_promises: Count,
    /// What is promised and has no room in this week's plan, with its day.
    pub no_room: Vec<(String, Option<Date>)>,
    /// What they said of how glad they are to pay, oldest first, and why.
    pub glad: Vec<(Occasion, Felt, Option<String>)>,
    /// What is measured, with which share of the wish nine of ten such clients did not pass, and of how many that is known.
    pub measure: Option<(Measure, Option<(f64, usize)>)>,
}

impl Facts {
    /// Whether the deal goes on.
    pub fn is_open(&self) -> bool {
        self.deal.standing == Standing::Open
    }
}

#[cfg(test)]
pub(super) mod examples {
    //! A deal with which nothing is the matter, to begin tests with.

    use super::*;
    use crate::assessment::Origin;
    use crate::base::{Currency, Evidence, Id, Locale, Range, When};
    use crate::deals::{Phase, Stage};
    use crate::pursuit::{Spent, Stay};
    use crate::records::Kept;

    pub fn line(parameter: Parameter, [low, likely, high]: [f64; 3], source: Source) -> Line {
        Line {
            parameter,
            range: Range::new(low, likely, high).unwrap(),
            origin: Origin::Deal,
            evidence: Evidence { source, by: None, on: None, note: None },
            lesson: None,
        }
    }

    pub fn said(parameters: &[Parameter]) -> Figures {
        let deal = parameters.iter().map(|one| line(*one, [0.3, 0.5, 0.7], Source::ClientSaid));
        Figures { deal: deal.collect(), product: vec![] }
    }

    /// Something given, of a twentieth of the price.
    pub fn given(title: &str, came_back: Option<&str>) -> Kept<Concession> {
        let now = When::from_micros(1_800_000_000_000_000);
        let it = Concession {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            owner_id: None,
            title: title.into(),
            cost_low: 500.0,
            cost_likely: 500.0,
            cost_high: 500.0,
            cost_source: Source::OurEstimate,
            worth_low: None,
            worth_likely: None,
            worth_high: None,
            worth_source: None,
            came_back: came_back.map(str::to_owned),
            nothing_because: came_back.is_none().then(|| "They asked kindly".to_owned()),
            share: 0.05,
            state: crate::concessions::State::Granted,
            decided_by_id: None,
            decided_at: None,
            decided_because: None,
        };
        Kept { id: Id::new(now), version: 1, created_at: now, changed_at: now, removed_at: None, it }
    }

    pub fn facts() -> Facts {
        let now = When::from_micros(1_800_000_000_000_000);
        let today: Date = "2026-11-22".parse().unwrap();
        let stage = Kept {
            id: Id::of(uuid::Uuid::from_u128(2)),
            version: 1,
            created_at: now,
            changed_at: now,
            removed_at: None,
            it: Stage {
                pipeline_id: Id::of(uuid::Uuid::from_u128(1)),
                name: "Diagnose".into(),
                phase: Phase::Diagnose,
                position: 2,
            },
        };
        let deal = Deal::named("Online ordering", &stage, Currency::EUR, now, today.plus_days(-40));
        let stay = Some(Stay { count: 50, days_p50: 20, days_p90: 40 });
        Facts {
            today,
            words: Words { currency: Currency::EUR, locale: Locale::EnGb },
            pursuit: pursuit::Facts {
                standing: deal.standing,
                phase: deal.phase,
                stage: deal.stage_id,
                days_in_stage: 10,
                stay,
                days_open: 40,
                course: stay,
                spent: Spent::default(),
                hours_ahead: 10.0,
                worth: Some(3_000.0),
                verdict: Some("go_ahead".into()),
                hour_value: 100.0,
                share: 0.5,
                set: None,
                late: vec![],
                decisions: vec![],
                today,
            },
            figures: Figures::default(),
            client_chance: Some(0.9),
            client_floor: 0.7,
            hour_value: 100.0,
            early: None,
            wants_unanswered: vec![],
            contraindications: vec![],
            spoken_on: Some(today.plus_days(-5)),
            cadence_days: 30,
            felt: vec![],
            waits: None,
            steps_open: 1,
            deciders: 1,
            given: vec![],
            client_given: (0, 0),
            their_missed: vec![],
            their_promises: Count::default(),
            minutes_since_agreed: 0,
            no_room: vec![],
            glad: vec![],
            measure: None,
            deal,
        }
    }

    #[test]
    fn with_a_deal_with_which_nothing_is_the_matter_nobody_argues() {
        let facts = facts();
        let found: Vec<_> = crate::advocates::rules::all().filter_map(|rule| (rule.look)(&facts)).collect();
        assert_eq!(found, []);
    }
}
