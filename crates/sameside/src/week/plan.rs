//! From what is known of deals, tasks and clients to the engine's question, and back. Pure.

use crate::accounts::Member;
use crate::base::{Date, Id, codes};
use crate::companies::Company;
use crate::deals::Deal;
use engine::plan::{Action, CareFloor, Input, Member as Worker, plan};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a task takes of which nobody said it, in hours.
pub const TASK_HOURS: f64 = 0.5;
/// What a word with a client takes, in hours.
const CARE_HOURS: f64 = 0.5;
/// What asking takes at least, with finding the moment for it.
const ASK_HOURS_MIN: f64 = 0.25;
/// What proposing other terms takes, and saying goodbye kindly.
const REBALANCE_HOURS: f64 = 1.0;
const LEAVE_HOURS: f64 = 0.5;
/// Over how many weeks the hours ahead are spread when nobody knows when they will decide, and at most.
const WEEKS_USUAL: f64 = 4.0;
const WEEKS_MAX: f64 = 12.0;
/// What it costs to leave a client without a word, in hours of ours.
const CARE_WEIGHT_HOURS: f64 = 4.0;
/// What is told of what did not fit.
const LEFT_MAX: usize = 20;
/// How far what an hour is worth may lie from what the settings say.
const HOUR_VALUE_RANGE: [f64; 2] = [0.5, 4.0];

codes! {
    /// The next step of a deal.
    pub enum Step {
        /// Ask what would decide it.
        Ask = "ask_first", "Ask first";
        /// Do what this week's part of the way is.
        Go = "go_ahead", "Go ahead";
        /// Go all of the way that is left.
        GoAll = "go_all", "Go ahead";
        /// Propose other terms.
        Rebalance = "rebalance", "Rebalance";
        /// Say goodbye kindly.
        Leave = "walk_away", "Walk away kindly";
    }
}

impl Step {
    /// The verdict it follows from.
    pub const fn verdict(self) -> &'static str {
        match self {
            Self::Go | Self::GoAll => "go_ahead",
            step => step.code(),
        }
    }
}

/// A member and the hours they have left this week.
#[derive(Debug, Clone, Copy)]
pub struct MemberHours {
    /// Who.
    pub member: Id<Member>,
    /// Hours.
    pub hours: f64,
}

/// An open deal as it is weighed.
#[derive(Debug, Clone)]
pub struct Next {
    /// The deal.
    pub deal: Id<Deal>,
    /// Whose.
    pub member: Id<Member>,
    /// With whom.
    pub company: Option<Id<Company>>,
    /// The code of the verdict.
    pub verdict: String,
    /// What going on is worth, after the hours it costs.
    pub decision_value: f64,
    /// The hours until they decide.
    pub hours_ahead: f64,
    /// Of those, the hours that would help only one side, or none.
    pub hours_wasted: f64,
    /// What the best answer is worth, before what asking costs.
    pub ask_value: f64,
    /// The hours asking takes.
    pub ask_hours: f64,
    /// When they will likely decide.
    pub expected_on: Option<Date>,
}

/// A task or a commitment of ours that is due this week, or late.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Which.
    pub promise: Uuid,
    /// Who does it.
    pub member: Id<Member>,
    /// For whom.
    pub company: Option<Id<Company>>,
    /// The hours it takes.
    pub hours: Option<f64>,
}

/// A client nobody has spoken to within the cadence.
#[derive(Debug, Clone, Copy)]
pub struct Care {
    /// The client.
    pub company: Id<Company>,
    /// Who cares for them.
    pub member: Id<Member>,
    /// For how many days nobody has; none where nobody ever has.
    pub days: Option<i64>,
}

/// What something of the plan is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Doing {
    /// The next step of a deal.
    Deal(Uuid),
    /// A task or a commitment of ours that is due.
    Task(Uuid),
    /// A word with a client.
    Client(Uuid),
}

/// One thing of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// About what.
    pub doing: Doing,
    /// Of a deal: which step.
    pub step: Option<Step>,
    /// The hours it takes this week.
    pub hours: f64,
    /// What it is worth, in whole units of the workspace's currency; 0 for promises and care, which need no price.
    pub value: f64,
    /// Of a client: for how many days nobody has spoken to them.
    pub days: Option<i64>,
}

/// Where a member's hours go.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The hours they have left this week.
    pub hours: f64,
    /// The hours that are planned.
    pub planned: f64,
    /// What one more hour would bring.
    pub hour_value: f64,
    /// What is done, promises first, then what brings most for an hour.
    pub items: Vec<Item>,
    /// What did not fit, what brings most for an hour first.
    pub left: Vec<Item>,
    /// How many things did not fit.
    pub left_count: usize,
    /// Tasks and commitments that are due and do not fit.
    pub broken: Vec<Uuid>,
    /// Clients for whom there is no time.
    pub uncared: Vec<Uuid>,
}

impl Plan {
    /// Whether there is nothing to do, and nothing that does not fit.
    pub fn is_idle(&self) -> bool {
        self.items.is_empty() && self.left.is_empty() && self.broken.is_empty() && self.uncared.is_empty()
    }
}

/// What there is to plan.
#[derive(Debug, Clone, Default)]
pub struct Week {
    pub(super) members: Vec<MemberHours>,
    pub(super) deals: Vec<Next>,
    pub(super) due: Vec<Due>,
    pub(super) care: Vec<Care>,
    pub(super) today: Option<Date>,
    /// What an hour of each member counted when the deals were weighed; of all others `hour_value`.
    pub(super) hour_values: HashMap<Id<Member>, f64>,
    pub(super) hour_value: f64,
}

/// The first day of the week that is planned on a day, and the share of its hours that is left: the coming week, from
/// Saturday on.
pub fn week_of(today: Date) -> (Date, f64) {
    let day = i64::from(today.civil().weekday().to_monday_zero_offset());
    if day >= 5 {
        return (today.plus_days(7 - day), 1.0);
    }
    #[expect(clippy::cast_precision_loss, reason = "a day of the week")]
    let left = (5 - day) as f64 / 5.0;
    (today.plus_days(-day), left)
}

impl Week {
    fn hour_value_of(&self, member: Id<Member>) -> f64 {
        self.hour_values.get(&member).copied().unwrap_or(self.hour_value)
    }

    /// The steps that a deal leaves to choose from: at most one of them is taken.
    fn steps(&self, deal: &Next) -> Vec<Item> {
        let hour_value = self.hour_value_of(deal.member);
        let item = |step, hours, value: f64| Item {
            doing: Doing::Deal(deal.deal.uuid()),
            step: Some(step),
            hours,
            value: value.max(0.0),
            days: None,
        };
        let saved = deal.hours_wasted.max(ASK_HOURS_MIN) * hour_value;
        match Step::parse(&deal.verdict) {
            Some(Step::Ask) => vec![item(Step::Ask, deal.ask_hours.max(ASK_HOURS_MIN), deal.ask_value)],
            Some(Step::Rebalance) => vec![item(Step::Rebalance, REBALANCE_HOURS, saved)],
            Some(Step::Leave) => vec![item(Step::Leave, LEAVE_HOURS, saved)],
            Some(Step::Go | Step::GoAll) => {
                // Before the hours it costs: the plan itself says what an hour is worth.
                let worth = deal.decision_value + deal.hours_ahead * hour_value;
                let all = deal.hours_ahead.max(ASK_HOURS_MIN);
                let part = (all / self.weeks(deal)).max(ASK_HOURS_MIN.min(all));
                let mut steps = vec![item(Step::Go, part, worth * part / all)];
                if part < all {
                    steps.push(item(Step::GoAll, all, worth));
                }
                steps
            }
            None => Vec::new(),
        }
    }

    /// Over how many weeks the way ahead is spread.
    fn weeks(&self, deal: &Next) -> f64 {
        let days = deal.expected_on.zip(self.today).map(|(day, today)| day.days_since(today));
        #[expect(clippy::cast_precision_loss, reason = "days of a calendar")]
        days.map_or(WEEKS_USUAL, |days| (days as f64 / 7.0).ceil()).clamp(1.0, WEEKS_MAX)
    }

    /// Plans the week of every member.
    ///
    /// # Errors
    /// What the engine says of a figure beyond its limits.
    pub fn plan(&self) -> Result<Vec<(Id<Member>, Plan)>, engine::Error> {
        let known: HashSet<Id<Member>> = self.members.iter().map(|it| it.member).collect();
        let neglected: HashSet<Id<Company>> = self.care.iter().map(|care| care.company).collect();
        let cares = |company: Option<Id<Company>>| {
            company.filter(|company| neglected.contains(company)).map(|company| company.to_string())
        };
        let mut items: Vec<(Id<Member>, Item)> = Vec::new();
        let mut actions = Vec::new();
        let mut add = |member: Id<Member>, item: Item, group: Option<String>, care: Option<String>| {
            actions.push(Action {
                id: items.len().to_string(),
                member: member.to_string(),
                group,
                hours: item.hours,
                value: item.value,
                must: matches!(item.doing, Doing::Task(_)),
                care,
            });
            items.push((member, item));
        };
        for due in self.due.iter().filter(|due| known.contains(&due.member)) {
            let doing = Doing::Task(due.promise);
            let hours = due.hours.unwrap_or(TASK_HOURS);
            let item = Item { doing, step: None, hours, value: 0.0, days: None };
            add(due.member, item, None, cares(due.company));
        }
        for deal in self.deals.iter().filter(|deal| known.contains(&deal.member)) {
            for item in self.steps(deal) {
                add(deal.member, item, Some(deal.deal.to_string()), cares(deal.company));
            }
        }
        for care in self.care.iter().filter(|care| known.contains(&care.member)) {
            let doing = Doing::Client(care.company.uuid());
            let item = Item { doing, step: None, hours: CARE_HOURS, value: 0.0, days: care.days };
            add(care.member, item, None, Some(care.company.to_string()));
        }
        let members = self.members.iter();
        let input = Input {
            members: members.map(|it| Worker { name: it.member.to_string(), hours: it.hours }).collect(),
            actions,
            care_floor: CareFloor { weight: CARE_WEIGHT_HOURS * self.hour_value },
        };
        if input.members.is_empty() {
            return Ok(Vec::new());
        }
        let answer = plan(&input)?;
        let place = |id: &String| id.parse::<usize>().ok();
        let chosen: HashSet<usize> =
            answer.chosen.iter().flat_map(|week| week.actions.iter().filter_map(place)).collect();
        let taken: HashSet<Doing> =
            items.iter().enumerate().filter(|(n, _)| chosen.contains(n)).map(|(_, it)| it.1.doing).collect();
        let broken: HashSet<usize> = answer.broken_promises.iter().filter_map(place).collect();
        let mut plans: HashMap<Id<Member>, Plan> = HashMap::new();
        for ((it, week), (_, value)) in self.members.iter().zip(&answer.chosen).zip(&answer.hour_value) {
            let plan = Plan { hours: it.hours, planned: week.hours, hour_value: *value, ..Plan::default() };
            plans.insert(it.member, plan);
        }
        for (n, (member, item)) in items.into_iter().enumerate() {
            let Some(plan) = plans.get_mut(&member) else { continue };
            match item.doing {
                _ if chosen.contains(&n) => plan.items.push(item),
                Doing::Task(id) if broken.contains(&n) => plan.broken.push(id),
                Doing::Client(id) if answer.uncared.contains(&id.to_string()) => plan.uncared.push(id),
                Doing::Client(_) => {}
                // Of the steps of one deal the first stands for what did not fit.
                _ if !taken.contains(&item.doing)
                    && plan.left.last().is_none_or(|last| last.doing != item.doing) =>
                {
                    plan.left.push(item);
                }
                _ => {}
            }
        }
        for plan in plans.values_mut() {
            plan.items.sort_by(|a, b| rank(a).cmp(&rank(b)).then(per_hour(b).total_cmp(&per_hour(a))));
            plan.left.sort_by(|a, b| per_hour(b).total_cmp(&per_hour(a)));
            plan.left_count = plan.left.len();
            plan.left.truncate(LEFT_MAX);
        }
        let plans = self.members.iter().filter_map(|it| Some((it.member, plans.remove(&it.member)?)));
        Ok(plans.collect())
    }
}

/// Promises first, then deals and clients by what they bring.
const fn rank(item: &Item) -> u8 {
    match item.doing {
        Doing::Task(_) => 0,
        Doing::Deal(_) => 1,
        Doing::Client(_) => 2,
    }
}

fn per_hour(item: &Item) -> f64 {
    item.value / item.hours.max(f64::MIN_POSITIVE)
}

/// What an hour is worth from now on: halfway, in ratio, from what it was taken for to what one more would bring, within
/// half and four times what the settings say.
pub(super) fn drawn(before: f64, shadow: f64, settings: f64) -> f64 {
    let [least, most] = HOUR_VALUE_RANGE.map(|times| times * settings);
    let within = |value: f64| value.clamp(least, most);
    (within(before) * within(shadow)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T>(n: u128) -> Id<T> {
        Id::of(Uuid::from_u128(n))
    }

    fn next(n: u128, verdict: &str, decision_value: f64, hours_ahead: f64) -> Next {
        Next {
            deal: id(n),
            member: id(1),
            company: None,
            verdict: verdict.into(),
            decision_value,
            hours_ahead,
            hours_wasted: hours_ahead / 2.0,
            ask_value: 900.0,
            ask_hours: 0.25,
            expected_on: None,
        }
    }

    fn week(hours: f64) -> Week {
        Week {
            members: vec![MemberHours { member: id(1), hours }],
            today: "2026-11-23".parse().ok(),
            hour_value: 100.0,
            ..Week::default()
        }
    }

    #[test]
    fn promises_come_first_and_what_does_not_fit_is_told() {
        let mut week = week(3.0);
        let due =
            |n, hours| Due { promise: Uuid::from_u128(n), member: id(1), company: None, hours: Some(hours) };
        week.due = vec![due(10, 1.0), due(11, 9.0)];
        week.deals = vec![
            next(20, "go_ahead", 8_000.0, 8.0),
            next(21, "ask_first", 0.0, 8.0),
            next(22, "rebalance", 0.0, 8.0),
        ];
        let (_, plan) = week.plan().unwrap().remove(0);
        assert_eq!(plan.items.first().unwrap().doing, Doing::Task(Uuid::from_u128(10)));
        assert_eq!(plan.broken, [Uuid::from_u128(11)]);
        assert!(plan.planned <= plan.hours);
        assert_eq!(plan.items.len() + plan.left.len(), 4, "{plan:?}");
        let worth: Vec<f64> = plan.items.iter().skip(1).map(per_hour).collect();
        assert!(worth.is_sorted_by(|a, b| a >= b), "{worth:?}");
    }

    #[test]
    fn a_client_without_a_word_gets_one_whatever_their_size() {
        let mut week = week(8.0);
        week.deals = vec![next(20, "go_ahead", 8_000.0, 80.0)];
        week.care = vec![Care { company: id(30), member: id(1), days: Some(90) }];
        let (_, plan) = week.plan().unwrap().remove(0);
        assert!(plan.items.iter().any(|item| item.doing == Doing::Client(Uuid::from_u128(30))), "{plan:?}");
        assert!(plan.uncared.is_empty());
        // With no hour at all, it is said that nobody will.
        week.members[0].hours = 0.0;
        assert_eq!(week.plan().unwrap()[0].1.uncared, [Uuid::from_u128(30)]);
    }

    #[test]
    fn a_dearer_hour_does_not_change_what_the_plan_chooses_among() {
        let mut cheap = week(6.0);
        // Weighed with 100 an hour: what is left after 8 and after 20 hours.
        cheap.deals = vec![next(20, "go_ahead", 2_000.0, 8.0), next(21, "go_ahead", 4_000.0, 20.0)];
        let mut dear = cheap.clone();
        dear.hour_value = 200.0;
        dear.deals = vec![next(20, "go_ahead", 1_200.0, 8.0), next(21, "go_ahead", 2_000.0, 20.0)];
        let worth = |week: &Week| week.plan().unwrap()[0].1.hour_value;
        assert!((worth(&cheap) - worth(&dear)).abs() < 1e-9);
    }

    #[test]
    fn what_an_hour_is_worth_settles_and_never_runs_away() {
        let mut value = 100.0;
        for _ in 0..12 {
            value = drawn(value, 10_000.0, 100.0);
        }
        assert!(value <= 400.0 && value > 399.0);
        for _ in 0..12 {
            value = drawn(value, 0.0, 100.0);
        }
        assert!((50.0..50.5).contains(&value));
        assert!((drawn(100.0, 225.0, 100.0) - 150.0).abs() < 1e-9);
    }

    #[test]
    fn from_saturday_on_the_coming_week_is_planned() {
        for (today, monday, share) in [
            ("2026-11-23", "2026-11-23", 1.0),
            ("2026-11-25", "2026-11-23", 0.6),
            ("2026-11-27", "2026-11-23", 0.2),
            ("2026-11-28", "2026-11-30", 1.0),
            ("2026-11-22", "2026-11-23", 1.0),
        ] {
            let (week, left) = week_of(today.parse().unwrap());
            assert_eq!((week.to_string().as_str(), left), (monday, share), "{today}");
        }
    }
}
