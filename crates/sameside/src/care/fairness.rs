//! Whether the small wait like the large: what the engine says of the workspace's own requests, counted by a job and
//! kept with its moment (P19).

use crate::accounts::{self, Act};
use crate::app::App;
use crate::base::{Calendar, Id, When};
use crate::care::store::{self, Asked};
use crate::companies::Company;
use crate::error::{Error, Result};
use engine::attention::{self, Attention, Spearman};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// How far back requests are counted, in days.
pub const DAYS: i64 = 365;
/// The fewest requests of a quarter, or of larger clients, of which a median is said.
pub const ASKED_MIN: usize = 5;

/// How long one quarter of the clients waits for a first answer, in working hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarter {
    /// Clients in it.
    pub clients: usize,
    /// Their requests.
    pub requests: usize,
    /// Half are answered within.
    pub median_hours: Option<f64>,
    /// Nine of ten are.
    pub p90_hours: Option<f64>,
    /// Half are resolved within.
    pub resolved_median_hours: Option<f64>,
    /// The least of what its clients agreed to, in minor units: who agreed to as much is in it.
    pub from_minor: i64,
}

/// What larger clients waited.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Larger {
    /// Half were answered within so many working hours.
    pub median_hours: f64,
    /// Of so many requests.
    pub requests: usize,
}

/// How long clients wait by their size, as it was counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fairness {
    /// Quarters of the clients, by what they agreed to, the smallest first.
    pub quarters: Vec<Quarter>,
    /// What clients of the quarters above each waited.
    pub larger: Vec<Option<Larger>>,
    /// Whether waiting goes with size: correlation, p-value, requests, clients. Nothing where too few asked.
    pub tie: Option<(f64, f64, usize, usize)>,
    /// Requests that still wait for a first answer: their waits so far are counted.
    pub waiting: usize,
    /// Clients counted.
    pub clients: usize,
    /// Requests counted.
    pub requests: usize,
}

impl Fairness {
    /// The answer in one sentence; few are said to be few.
    pub fn sentence(&self) -> String {
        match self.tie {
            None => format!(
                "Too few clients have asked to say whether waiting depends on size: {} so far.",
                crate::base::plural(i64::try_from(self.requests).unwrap_or(0), "request", "requests")
            ),
            Some((tie, p, n, clients)) => {
                let said = if p < 0.05 && tie < 0.0 {
                    "Small clients wait longer than large ones"
                } else if p < 0.05 {
                    "Large clients wait longer than small ones"
                } else {
                    "Nothing says that waiting depends on size"
                };
                format!(
                    "{said}: rank correlation {tie:.2}, p = {p:.2}, of {n} requests by {clients} clients."
                )
            }
        }
    }

    /// In which quarter a client is that agreed to so much; nothing where nobody was counted.
    pub fn quarter_of(&self, minor: i64) -> Option<usize> {
        self.quarters.iter().rposition(|it| it.clients > 0 && it.from_minor <= minor)
    }

    /// What clients larger than one that agreed to so much waited, where enough of them asked.
    pub fn larger_than(&self, minor: i64) -> Option<Larger> {
        let quarter = self.quarter_of(minor)?;
        self.larger.get(quarter).copied().flatten()
    }
}

/// What is counted: clients with what they agreed to, and what they asked.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// What each client agreed to, in minor units.
    pub clients: Vec<(Id<Company>, i64)>,
    /// What they asked, with the working hours each waited for a first answer and until it was resolved.
    pub asked: Vec<(Id<Company>, f64, Option<f64>)>,
    /// How many of these still wait.
    pub waiting: usize,
}

impl Ground {
    /// From what was asked, in working hours; whoever asked is a client, and has agreed to nothing where nothing is known.
    pub fn of(
        asked: Vec<Asked>,
        clients: impl IntoIterator<Item = Id<Company>>,
        revenue: &HashMap<Id<Company>, i64>,
        calendar: &Calendar,
        now: When,
    ) -> Self {
        let hours = |from: When, to: When| calendar.minutes_between(from, to) / 60.0;
        let mut all: HashSet<Id<Company>> = clients.into_iter().collect();
        let mut ground = Self::default();
        for (company, opened, answered, resolved) in asked {
            let Some(company) = company.filter(|_| opened <= now) else { continue };
            all.insert(company);
            let first = answered.or(resolved);
            ground.waiting += usize::from(first.is_none());
            ground.asked.push((
                company,
                hours(opened, first.unwrap_or(now)),
                resolved.map(|at| hours(opened, at)),
            ));
        }
        ground.clients = all.into_iter().map(|id| (id, revenue.get(&id).copied().unwrap_or(0))).collect();
        // By size, so that the same ground gives the same answer.
        ground.clients.sort_by_key(|(id, minor)| (*minor, *id));
        ground
    }

    /// What the engine says of it.
    ///
    /// # Errors
    /// What the engine refuses: then the ground is at fault.
    pub fn weigh(&self, today: crate::base::Date) -> Result<Fairness> {
        let told = attention::attention(&self.input(today)?)
            .map_err(|error| Error::Internal(format!("fairness: {error}")))?;
        Ok(self.told(&told))
    }

    /// The engine counts hours of the clock: a wait of so many working hours is given as so many hours since the day
    /// before, so that nights and days off count for nobody.
    fn input(&self, today: crate::base::Date) -> Result<attention::Input> {
        let day = today.plus_days(-DAYS * 20);
        let base = day.start(&jiff::tz::TimeZone::UTC);
        let at = |hours: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "seconds of a wait")]
            let seconds = (hours * 3_600.0).round() as i64;
            base.plus_seconds(seconds.min(DAYS * 20 * 86_400)).iso()
        };
        let clients: Vec<_> = self
            .clients
            .iter()
            .map(|(id, minor)| serde_json::json!({ "id": id.to_string(), "revenue": minor }))
            .collect();
        let contacts: Vec<_> = self
            .asked
            .iter()
            .map(|(id, wait, resolved)| {
                let mut it = serde_json::json!({
                    "client": id.to_string(), "opened": at(0.0), "answered": at(*wait),
                });
                if let (Some(resolved), Some(fields)) = (resolved, it.as_object_mut()) {
                    fields.insert("resolved".into(), at(resolved.max(*wait)).into());
                }
                it
            })
            .collect();
        let document = serde_json::json!({
            "as_of": today.to_string(), "clients": clients, "contacts": contacts, "permutations": 1_999,
        });
        serde_json::from_value(document).map_err(|error| Error::Internal(format!("fairness: {error}")))
    }

    fn told(&self, told: &Attention) -> Fairness {
        let count = self.clients.len();
        // The engine's own rule: the share of clients that are smaller decides.
        let quarter = |minor: i64| {
            let smaller = self.clients.partition_point(|(_, other)| *other < minor);
            4 * smaller / count.max(1)
        };
        let of: HashMap<Id<Company>, usize> =
            self.clients.iter().map(|(id, minor)| (*id, quarter(*minor))).collect();
        let quarters = told.quartiles.iter().enumerate().map(|(n, it)| Quarter {
            clients: it.clients,
            requests: it.contacts,
            median_hours: it.median_wait_hours.filter(|_| it.contacts >= ASKED_MIN),
            p90_hours: it.p90_wait_hours.filter(|_| it.contacts >= ASKED_MIN),
            resolved_median_hours: it.median_resolution_hours.filter(|_| it.contacts >= ASKED_MIN),
            from_minor: self
                .clients
                .iter()
                .find(|(id, _)| of.get(id) == Some(&n))
                .map_or(0, |(_, minor)| *minor),
        });
        let larger = (0..4).map(|n| {
            let waits = self.asked.iter().filter(|(id, ..)| of.get(id).is_some_and(|of| *of > n));
            let mut waits: Vec<f64> = waits.map(|(_, hours, _)| *hours).collect();
            waits.sort_by(f64::total_cmp);
            let middle = waits.len() / 2;
            let median = match (waits.get(middle), middle.checked_sub(1).and_then(|at| waits.get(at))) {
                (Some(one), Some(other)) if waits.len().is_multiple_of(2) => (one + other) / 2.0,
                (Some(one), _) => *one,
                (None, _) => return None,
            };
            (waits.len() >= ASKED_MIN).then_some(Larger { median_hours: median, requests: waits.len() })
        });
        let tie = told.spearman.as_ref().filter(|_| self.asked.len() >= 2 * ASKED_MIN);
        Fairness {
            quarters: quarters.collect(),
            larger: larger.collect(),
            tie: tie.map(|Spearman { correlation, p_value, contacts, clients }| {
                (*correlation, *p_value, *contacts, *clients)
            }),
            waiting: self.waiting,
            clients: count,
            requests: self.asked.len(),
        }
    }
}

/// Counts how long clients wait, and keeps it.
///
/// # Errors
/// What the database says.
pub async fn count(app: &App, act: &Act) -> Result<()> {
    let (id, now) = (act.scope.workspace(), act.now);
    let mut conn = app.read().await?;
    let workspace = accounts::store::workspace(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let asked = store::asked(&mut conn, id, now.plus_days(-DAYS)).await?;
    let revenue = store::revenues(&mut conn, id, workspace.currency).await?;
    drop(conn);
    let today = now.day(&workspace.zone());
    let counted = tokio::task::spawn_blocking(move || {
        let clients: Vec<Id<Company>> = revenue.keys().copied().collect();
        Ground::of(asked, clients, &revenue, &workspace.calendar(), now).weigh(today)
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))??;
    app.write(move |tx| Box::pin(async move { Ok(store::save_fairness(tx, id, &counted, now).await?) })).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Week;

    fn id(n: u128) -> Id<Company> {
        Id::of(uuid::Uuid::from_u128(n))
    }

    /// Eight clients who agreed to 1 to 8; each asked twice and waited `wait` working hours.
    fn ground(wait: impl Fn(i64) -> i64) -> Fairness {
        let monday = When::of("2026-11-16T09:00Z".parse().unwrap());
        let now = monday.plus_days(10);
        let calendar = Calendar::new(jiff::tz::TimeZone::UTC, Week::default(), []);
        let revenue: HashMap<_, _> = (1..=8).map(|n| (id(n), n as i64)).collect();
        let asked = (1..=8_u128)
            .flat_map(|n| {
                let waited = wait(n as i64);
                let one = (Some(id(n)), monday, Some(monday.plus_seconds(waited * 3_600)), None);
                let later = monday.plus_days(1);
                [one, (Some(id(n)), later, Some(later.plus_seconds(waited * 3_600)), None)]
            })
            .collect();
        Ground::of(asked, [], &revenue, &calendar, now).weigh("2026-11-26".parse().unwrap()).unwrap()
    }

    #[test]
    fn that_the_small_wait_longer_is_said_with_how_sure_that_is() {
        let told = ground(|n| 9 - n);
        let said = told.sentence();
        assert!(said.starts_with("Small clients wait longer than large ones"), "{said}");
        assert!(said.contains("of 16 requests by 8 clients"), "{said}");
        let larger = told.larger_than(1).unwrap();
        assert_eq!((larger.requests, larger.median_hours), (12, 3.5));
        assert_eq!(told.larger_than(8), None, "nobody is larger");
        assert_eq!((told.quarter_of(3), told.quarter_of(0)), (Some(1), None));
        let fair = ground(|n| 1 + n % 2);
        assert!(fair.sentence().starts_with("Nothing says that waiting depends on size"));
    }

    #[test]
    fn of_few_it_is_said_that_they_are_few() {
        let told = ground(|n| 9 - n);
        assert!(told.quarters.iter().all(|it| it.requests == 4 && it.median_hours.is_none()));
        let none = Ground::default().weigh("2026-11-26".parse().unwrap()).unwrap();
        assert!(none.sentence().starts_with("Too few clients have asked"));
        assert_eq!(none.larger_than(100), None);
    }

    #[test]
    fn a_night_is_nobodys_wait() {
        let calendar = Calendar::new(jiff::tz::TimeZone::UTC, Week::default(), []);
        let evening = When::of("2026-11-16T16:00Z".parse().unwrap());
        let asked = vec![(Some(id(1)), evening, Some(evening.plus_seconds(18 * 3_600)), None)];
        let ground = Ground::of(asked, [], &HashMap::new(), &calendar, evening.plus_days(3));
        assert_eq!(ground.asked[0].1, 2.0);
    }
}
