//! Is everyone cared for? Waiting times by the size of the client, and who has not been heard from.
//!
//! Small clients must not wait longer because they are small: waits are compared across quartiles of revenue, and the
//! rank correlation is tested by permuting revenues among clients (Spearman, 1904; Pitman, 1937). The neglected are
//! listed by how long they have been neglected, never by revenue. Serves P18 and P19.

#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: clients and contacts are numbered by construction"
)]

use crate::Error;
use crate::date::{Date, Moment};
use crate::quick::QuickMap;
use crate::random::Random;
use serde::{Deserialize, Serialize};

const CLIENTS_MAX: usize = 1_000_000;
const CONTACTS_MAX: usize = 2_000_000;
const PERMUTATIONS_MAX: usize = 1_000_000;

/// The document that [`attention`] answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The day it is asked on; waits still open count up to its end.
    pub as_of: Date,
    /// All clients.
    pub clients: Vec<Client>,
    /// Service contacts.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// How often a client should be heard from, in days, where it has no cadence of its own.
    #[serde(default = "cadence")]
    pub cadence_days: f64,
    /// How many permutations test the correlation.
    #[serde(default = "permutations")]
    pub permutations: usize,
    /// Where the permutations start.
    #[serde(default = "seed")]
    pub seed: u64,
}

fn cadence() -> f64 {
    90.0
}

fn permutations() -> usize {
    9_999
}

fn seed() -> u64 {
    1
}

/// A client.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// What contacts call it.
    pub id: String,
    /// How people call it; its id by default.
    #[serde(default)]
    pub name: Option<String>,
    /// Revenue, in any unit that is the same for all.
    pub revenue: f64,
    /// How often it should be heard from, in days.
    #[serde(default)]
    pub cadence_days: Option<f64>,
    /// When it was last heard from other than by the contacts below.
    #[serde(default)]
    pub last_contact: Option<Moment>,
}

/// A service contact.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The client's id.
    pub client: String,
    /// When it asked.
    pub opened: Moment,
    /// When it was first answered; null while it waits.
    #[serde(default)]
    pub answered: Option<Moment>,
    /// When it was resolved; null while it is not.
    #[serde(default)]
    pub resolved: Option<Moment>,
}

/// The answer of [`attention`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attention {
    /// The day it was asked on.
    pub as_of: Date,
    /// Quarters of the clients, smallest revenue first; clients of equal revenue are in one quarter.
    pub quartiles: Vec<Quartile>,
    /// Whether waiting goes with revenue; null with fewer than three clients who asked, or all alike.
    pub spearman: Option<Spearman>,
    /// Clients not heard from within their cadence, longest neglected first.
    pub neglected: Vec<Neglected>,
    /// Contacts that still wait for a first answer: their waits so far are counted.
    pub waiting: usize,
}

/// How long a quarter of the clients waits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quartile {
    /// 1 for the smallest revenues to 4.
    pub quartile: usize,
    /// Clients in it.
    pub clients: usize,
    /// Contacts of theirs.
    pub contacts: usize,
    /// Median hours from asking to the first answer; null without contacts.
    pub median_wait_hours: Option<f64>,
    /// The hours that nine in ten do not exceed.
    pub p90_wait_hours: Option<f64>,
    /// Median hours from asking to the resolution, of resolved contacts.
    pub median_resolution_hours: Option<f64>,
    /// The hours that nine in ten do not exceed.
    pub p90_resolution_hours: Option<f64>,
}

/// The rank correlation of revenue and wait, over contacts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spearman {
    /// From −1 (great clients are answered sooner) to 1.
    pub correlation: f64,
    /// How often so strong a correlation, of either sign, comes up when revenues are dealt out to the clients at random.
    pub p_value: f64,
    /// Contacts compared.
    pub contacts: usize,
    /// Clients who asked.
    pub clients: usize,
}

/// A client that should have been heard from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neglected {
    /// Its id.
    pub client: String,
    /// How people call it.
    pub name: String,
    /// Days since it was last heard from; null if never.
    pub days: Option<i64>,
    /// How often it should be heard from, in days.
    pub cadence_days: f64,
    /// Days past its cadence; null if never heard from.
    pub overdue_days: Option<f64>,
}

/// Answers how long clients wait, by their size, and who has not been heard from.
///
/// # Errors
/// A client twice, a contact of an unknown client, times out of order or after the day, or a number out of its limits.
pub fn attention(input: &Input) -> Result<Attention, Error> {
    let numbers = check(input)?;
    let end = Moment::end_of(input.as_of);
    let mut last: Vec<Option<Moment>> = input.clients.iter().map(|client| client.last_contact).collect();
    let mut waits: Vec<(usize, f64)> = Vec::with_capacity(input.contacts.len());
    let mut resolutions: Vec<(usize, f64)> = Vec::new();
    for (at, contact) in input.contacts.iter().enumerate() {
        let client = *numbers.get(contact.client.as_str()).ok_or_else(|| {
            Error::at(format!("contacts[{at}].client"), format!("no client has the id `{}`", contact.client))
        })?;
        for (field, moment) in [("answered", contact.answered), ("resolved", contact.resolved)] {
            if moment.is_some_and(|moment| moment < contact.opened) {
                return Err(Error::at(
                    format!("contacts[{at}].{field}"),
                    "it lies before the contact was opened",
                ));
            }
        }
        if contact.opened > end {
            return Err(Error::at(
                format!("contacts[{at}].opened"),
                format!("it lies after {}, the day that is asked about", input.as_of),
            ));
        }
        // What happened after the day was not known on it.
        let answered = contact.answered.or(contact.resolved).filter(|moment| *moment <= end);
        waits.push((client, answered.unwrap_or(end).hours_since(contact.opened)));
        if let Some(resolved) = contact.resolved.filter(|moment| *moment <= end) {
            resolutions.push((client, resolved.hours_since(contact.opened)));
        }
        // Asking is contact too: who waits for an answer stands in the queue, who is silent stands below.
        last[client] = last[client]
            .max(Some(contact.opened))
            .max(answered)
            .max(contact.resolved.filter(|moment| *moment <= end));
    }
    let waiting = input
        .contacts
        .iter()
        .filter(|contact| contact.answered.or(contact.resolved).is_none_or(|moment| moment > end))
        .count();
    Ok(Attention {
        as_of: input.as_of,
        quartiles: quartiles(input, &waits, &resolutions),
        spearman: spearman(input, &waits),
        neglected: neglected(input, &last, end),
        waiting,
    })
}

fn check(input: &Input) -> Result<QuickMap<&str, usize>, Error> {
    let days = |place: String, days: f64| {
        if days.is_finite() && days > 0.0 {
            Ok(())
        } else {
            Err(Error::at(place, format!("a cadence is a number of days above 0, not {days}")))
        }
    };
    if input.clients.len() > CLIENTS_MAX {
        return Err(Error::at("clients", format!("at most {CLIENTS_MAX} clients can be compared")));
    }
    if input.contacts.len() > CONTACTS_MAX {
        return Err(Error::at("contacts", format!("at most {CONTACTS_MAX} contacts can be compared")));
    }
    if !(1..=PERMUTATIONS_MAX).contains(&input.permutations) {
        return Err(Error::at(
            "permutations",
            format!("permutations lie between 1 and {PERMUTATIONS_MAX}, not {}", input.permutations),
        ));
    }
    days("cadence_days".into(), input.cadence_days)?;
    let mut numbers = QuickMap::default();
    for (at, client) in input.clients.iter().enumerate() {
        if !client.revenue.is_finite() {
            return Err(Error::at(format!("clients[{at}].revenue"), "revenue must be a finite number"));
        }
        if let Some(cadence) = client.cadence_days {
            days(format!("clients[{at}].cadence_days"), cadence)?;
        }
        if numbers.insert(client.id.as_str(), at).is_some() {
            return Err(Error::at(
                format!("clients[{at}].id"),
                format!("two clients have the id `{}`", client.id),
            ));
        }
    }
    Ok(numbers)
}

fn quartiles(input: &Input, waits: &[(usize, f64)], resolutions: &[(usize, f64)]) -> Vec<Quartile> {
    let mut revenues: Vec<f64> = input.clients.iter().map(|client| client.revenue).collect();
    revenues.sort_by(f64::total_cmp);
    // The share of clients that are smaller decides, so that equal ones stay together.
    let quarter = |client: usize| {
        let smaller = revenues.partition_point(|revenue| *revenue < input.clients[client].revenue);
        4 * smaller / revenues.len().max(1)
    };
    let quarters: Vec<usize> = (0..input.clients.len()).map(quarter).collect();
    (0..4)
        .map(|quartile| {
            let of = |hours: &[(usize, f64)]| {
                let mut hours: Vec<f64> = hours
                    .iter()
                    .filter(|(client, _)| quarters[*client] == quartile)
                    .map(|(_, hours)| *hours)
                    .collect();
                hours.sort_by(f64::total_cmp);
                hours
            };
            let (waits, resolutions) = (of(waits), of(resolutions));
            Quartile {
                quartile: quartile + 1,
                clients: quarters.iter().filter(|quarter| **quarter == quartile).count(),
                contacts: waits.len(),
                median_wait_hours: quantile(&waits, 0.5),
                p90_wait_hours: quantile(&waits, 0.9),
                median_resolution_hours: quantile(&resolutions, 0.5),
                p90_resolution_hours: quantile(&resolutions, 0.9),
            }
        })
        .collect()
}

/// The quantile of sorted values at position `1 + (n − 1)·u`, between its neighbours in proportion (Hyndman and Fan's
/// type 7): the median of an even number is the middle of the two.
fn quantile(sorted: &[f64], u: f64) -> Option<f64> {
    let position = sorted.len().checked_sub(1)? as f64 * u;
    let below = sorted[libm::floor(position) as usize];
    let above = sorted[(libm::ceil(position) as usize).min(sorted.len() - 1)];
    Some(below + (position - libm::floor(position)) * (above - below))
}

fn spearman(input: &Input, waits: &[(usize, f64)]) -> Option<Spearman> {
    let n = waits.len() as f64;
    // Ranks of the waits, summed and counted per client who asked.
    let ranks = ranks(&waits.iter().map(|(_, hours)| *hours).collect::<Vec<_>>());
    let spread_of_waits: f64 =
        ranks.iter().map(|rank| (rank - (n + 1.0) / 2.0) * (rank - (n + 1.0) / 2.0)).sum();
    let mut per_client: Vec<(f64, f64)> = vec![(0.0, 0.0); input.clients.len()];
    for ((client, _), rank) in waits.iter().zip(&ranks) {
        per_client[*client] = (per_client[*client].0 + 1.0, per_client[*client].1 + rank - (n + 1.0) / 2.0);
    }
    let mut asked: Vec<usize> =
        (0..input.clients.len()).filter(|&client| per_client[client].0 > 0.0).collect();
    if asked.len() < 3 {
        return None;
    }
    asked.sort_by(|&a, &b| input.clients[a].revenue.total_cmp(&input.clients[b].revenue));
    // In order of revenue: how many contacts and what sum of wait ranks each client has, and which clients tie.
    let mut dealt: Vec<(f64, f64)> = asked.iter().map(|&client| per_client[client]).collect();
    let mut ties: Vec<usize> = Vec::new();
    for same in asked.chunk_by(|&a, &b| input.clients[a].revenue == input.clients[b].revenue) {
        ties.push(same.len());
    }
    let correlation = correlation(&dealt, &ties, n, spread_of_waits)?;
    let mut random = Random::seeded(input.seed);
    let mut as_strong = 1_usize;
    for _ in 0..input.permutations {
        random.shuffle(&mut dealt);
        let other = self::correlation(&dealt, &ties, n, spread_of_waits);
        as_strong += usize::from(other.is_none_or(|other| other.abs() >= correlation.abs() - 1e-12));
    }
    let p_value = as_strong as f64 / (input.permutations + 1) as f64;
    Some(Spearman { correlation, p_value, contacts: waits.len(), clients: asked.len() })
}

/// The correlation of ranks, from clients in order of revenue; `None` where all revenues or all waits are alike.
fn correlation(dealt: &[(f64, f64)], ties: &[usize], n: f64, spread_of_waits: f64) -> Option<f64> {
    let (mut before, mut spread, mut product) = (0.0, 0.0, 0.0);
    let mut rest = dealt;
    for &tied in ties {
        let (same, after) = rest.split_at(tied);
        let (contacts, waits) =
            same.iter().fold((0.0, 0.0), |sum, client| (sum.0 + client.0, sum.1 + client.1));
        let rank = before + (contacts + 1.0) / 2.0 - (n + 1.0) / 2.0;
        spread += contacts * rank * rank;
        product += rank * waits;
        before += contacts;
        rest = after;
    }
    (spread > 0.0 && spread_of_waits > 0.0)
        .then(|| (product / libm::sqrt(spread * spread_of_waits)).clamp(-1.0, 1.0))
}

/// Ranks from 1, those of equal values shared.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for same in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let shared = before as f64 + (same.len() as f64 + 1.0) / 2.0;
        same.iter().for_each(|&at| ranks[at] = shared);
        before += same.len();
    }
    ranks
}

fn neglected(input: &Input, last: &[Option<Moment>], end: Moment) -> Vec<Neglected> {
    let mut neglected: Vec<Neglected> = Vec::new();
    for (client, last) in input.clients.iter().zip(last) {
        let cadence_days = client.cadence_days.unwrap_or(input.cadence_days);
        let days = last.map(|last| end.days_since(last).max(0));
        if days.is_some_and(|days| days as f64 <= cadence_days) {
            continue;
        }
        let name = client.name.clone().unwrap_or_else(|| client.id.clone());
        let overdue_days = days.map(|days| days as f64 - cadence_days);
        neglected.push(Neglected { client: client.id.clone(), name, days, cadence_days, overdue_days });
    }
    // Never heard from comes first, then the longest silence; who is alike, by name.
    neglected.sort_by(|a, b| {
        let silence = |n: &Neglected| n.days.unwrap_or(i64::MAX);
        silence(b).cmp(&silence(a)).then_with(|| a.client.cmp(&b.client))
    });
    neglected
}

impl Attention {
    /// The answer in a few lines a seller understands.
    pub fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text =
            String::from("Waiting for a first answer, by the clients' revenue (smallest first):\n");
        for quartile in &self.quartiles {
            let hours =
                |hours: Option<f64>| hours.map_or_else(|| "–".into(), |hours| format!("{hours:.1} h"));
            let _ = writeln!(
                text,
                "  quarter {}: {} clients, {} contacts, median {}, nine in ten within {}",
                quartile.quartile,
                quartile.clients,
                quartile.contacts,
                hours(quartile.median_wait_hours),
                hours(quartile.p90_wait_hours)
            );
        }
        match &self.spearman {
            Some(s) if s.p_value < 0.05 && s.correlation < 0.0 => {
                let _ = writeln!(
                    text,
                    "Small clients wait longer than great ones (rank correlation {:.2}, p = {:.3}, n = {}).",
                    s.correlation, s.p_value, s.contacts
                );
            }
            Some(s) if s.p_value < 0.05 => {
                let _ = writeln!(
                    text,
                    "Great clients wait longer than small ones (rank correlation {:.2}, p = {:.3}, n = {}).",
                    s.correlation, s.p_value, s.contacts
                );
            }
            Some(s) => {
                let _ = writeln!(
                    text,
                    "Nothing says that waiting depends on revenue (rank correlation {:.2}, p = {:.2}, n = {}).",
                    s.correlation, s.p_value, s.contacts
                );
            }
            None => text.push_str("Too few clients asked to say whether waiting depends on revenue.\n"),
        }
        if self.waiting > 0 {
            let _ = writeln!(text, "{} contacts still wait for a first answer.", self.waiting);
        }
        if self.neglected.is_empty() {
            text.push_str("Everyone has been heard from within their cadence.\n");
        } else {
            let _ = writeln!(text, "{} clients should have been heard from:", self.neglected.len());
        }
        for neglected in self.neglected.iter().take(20) {
            let silence =
                neglected.days.map_or_else(|| "never heard from".into(), |days| format!("{days} days ago"));
            let _ = writeln!(
                text,
                "  {}: {silence}, every {} days was meant",
                neglected.name, neglected.cadence_days
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn answer(json: &str) -> Attention {
        attention(&crate::read(json.as_bytes()).unwrap()).unwrap()
    }

    /// Four clients; waits of 4, 3, 2 and 1 hours, the smallest longest; D also waits still, since 12 hours before the end.
    #[test]
    fn waits_and_neglect_by_hand() {
        let told = answer(
            r#"{"as_of": "2026-03-31", "permutations": 999, "clients": [
                {"id": "A", "revenue": 10, "cadence_days": 30}, {"id": "B", "revenue": 20, "cadence_days": 7},
                {"id": "C", "revenue": 30, "last_contact": "2026-03-31"}, {"id": "D", "revenue": 40}, {"id": "E", "revenue": 50, "name": "Eve"}],
              "contacts": [
                {"client": "A", "opened": "2026-03-01T08:00:00Z", "answered": "2026-03-01T12:00:00Z", "resolved": "2026-03-02T08:00:00Z"},
                {"client": "B", "opened": "2026-03-01T08:00:00Z", "answered": "2026-03-01T11:00:00Z"},
                {"client": "C", "opened": "2026-03-01T08:00:00Z", "answered": "2026-03-01T10:00:00Z"},
                {"client": "D", "opened": "2026-03-01T08:00:00Z", "answered": "2026-03-01T09:00:00Z"},
                {"client": "D", "opened": "2026-03-31T12:00:00Z"}]}"#,
        );
        let medians: Vec<_> =
            told.quartiles.iter().map(|q| (q.clients, q.contacts, q.median_wait_hours)).collect();
        assert_eq!(medians, [(2, 2, Some(3.5)), (1, 1, Some(2.0)), (1, 2, Some(6.5)), (1, 0, None)]);
        assert_eq!(told.quartiles[0].p90_wait_hours, Some(3.9));
        assert_eq!(told.quartiles[0].median_resolution_hours, Some(24.0));
        // Revenue ranks 1, 2, 3, 4½, 4½ against wait ranks 4, 3, 2, 1, 5: Σ of products about 3 is −2, spreads 9.5 and 10.
        let spearman = told.spearman.clone().unwrap();
        assert!((spearman.correlation + 2.0 / 95.0_f64.sqrt()).abs() < 1e-12, "{spearman:?}");
        assert_eq!((spearman.contacts, spearman.clients, told.waiting), (5, 4, 1));
        // E was never heard from, then B (30 days, 7 meant); A (29 days since the resolution, 30 meant) is fine.
        let order: Vec<_> = told.neglected.iter().map(|n| (n.name.as_str(), n.days)).collect();
        assert_eq!(order, [("Eve", None), ("B", Some(30))]);
        assert!(told.report().contains("Eve: never heard from"));
    }

    #[test]
    fn under_no_effect_the_p_value_is_uniform() {
        let mut random = Random::seeded(11);
        let mut p_values = Vec::new();
        for seed in 0..400 {
            let mut json =
                format!(r#"{{"as_of": "2026-03-31", "permutations": 199, "seed": {seed}, "clients": ["#);
            for client in 0..25 {
                let _ = write!(
                    json,
                    "{}{{\"id\": \"{client}\", \"revenue\": {}}}",
                    if client > 0 { "," } else { "" },
                    random.below(20)
                );
            }
            json += r#"], "contacts": ["#;
            let mut first = true;
            for client in 0..25 {
                // Some clients are slow to be answered in all their contacts: contacts are not independent.
                let slow = random.below(10);
                for _ in 0..random.below(5) {
                    let _ = write!(
                        json,
                        "{}{{\"client\": \"{client}\", \"opened\": \"2026-03-01T00:00Z\", \"answered\": \"2026-03-01T{:02}:{:02}Z\"}}",
                        if first { "" } else { "," },
                        slow + random.below(4),
                        random.below(60)
                    );
                    first = false;
                }
            }
            json += "]}";
            p_values.push(answer(&json).spearman.unwrap().p_value);
        }
        p_values.sort_by(f64::total_cmp);
        // Kolmogorov–Smirnov at the 0.1% level: 1.95/√400.
        let worst = p_values
            .iter()
            .enumerate()
            .map(|(at, p)| (p - (at as f64 + 0.5) / 400.0).abs())
            .fold(0.0, f64::max);
        assert!(worst < 1.95 / 20.0 + 1.0 / 400.0, "{worst}");
    }

    #[test]
    fn a_real_effect_is_found() {
        let mut json = String::from(r#"{"as_of": "2026-03-31", "clients": ["#);
        let mut contacts = String::new();
        for client in 0..20 {
            let comma = if client > 0 { "," } else { "" };
            let _ = write!(json, "{comma}{{\"id\": \"{client}\", \"revenue\": {client}}}");
            let _ = write!(
                contacts,
                "{comma}{{\"client\": \"{client}\", \"opened\": \"2026-03-01\", \"answered\": \"2026-03-01T{:02}:00\"}}",
                21 - client
            );
        }
        let told = answer(&format!("{json}], \"contacts\": [{contacts}]}}"));
        let spearman = told.spearman.clone().unwrap();
        assert!((spearman.correlation + 1.0).abs() < 1e-12 && spearman.p_value <= 0.001, "{spearman:?}");
        assert!(told.report().contains("Small clients wait longer"));
    }

    #[test]
    fn the_order_of_the_neglected_does_not_follow_revenue() {
        let clients = |revenues: [f64; 3]| {
            let client = |(id, (revenue, day)): (usize, (f64, &str))| {
                format!(r#"{{"id": "{id}", "revenue": {revenue}, "last_contact": "{day}"}}"#)
            };
            let days = ["2025-02-01", "2025-01-01", "2025-03-01"];
            let list: Vec<String> = revenues.into_iter().zip(days).enumerate().map(client).collect();
            let told = answer(&format!(r#"{{"as_of": "2026-03-31", "clients": [{}]}}"#, list.join(",")));
            told.neglected.into_iter().map(|n| n.client).collect::<Vec<_>>()
        };
        assert_eq!(clients([1.0, 2.0, 3.0]), ["1", "0", "2"]);
        assert_eq!(clients([3.0, 1.0, 2.0]), ["1", "0", "2"]);
    }

    #[test]
    fn bad_input_is_named() {
        for (json, words) in [
            (r#"{"clients": []}"#, "missing field `as_of`"),
            (
                r#"{"as_of": "2026-03-31", "clients": [{"id": "A", "revenue": 1}, {"id": "A", "revenue": 1}]}"#,
                "clients[1].id: two clients have the id `A`",
            ),
            (
                r#"{"as_of": "2026-03-31", "clients": [], "contacts": [{"client": "A", "opened": "2026-03-01"}]}"#,
                "contacts[0].client: no client has the id `A`",
            ),
            (
                r#"{"as_of": "2026-03-31", "clients": [{"id": "A", "revenue": 1}], "contacts": [{"client": "A", "opened": "2026-03-02", "answered": "2026-03-01"}]}"#,
                "contacts[0].answered: it lies before",
            ),
            (
                r#"{"as_of": "2026-03-31", "clients": [{"id": "A", "revenue": 1}], "contacts": [{"client": "A", "opened": "2026-05-02"}]}"#,
                "contacts[0].opened: it lies after 2026-03-31",
            ),
            (
                r#"{"as_of": "2026-03-31", "clients": [{"id": "A", "revenue": 1, "vip": true}]}"#,
                "unknown field `vip`",
            ),
            (r#"{"as_of": "2026-03-31", "clients": [], "cadence_days": 0}"#, "cadence_days: a cadence is"),
            (
                r#"{"as_of": "2026-03-31", "clients": [], "permutations": 0}"#,
                "permutations: permutations lie",
            ),
        ] {
            let error = crate::read::<Input>(json.as_bytes())
                .and_then(|input| attention(&input))
                .unwrap_err()
                .to_string();
            assert!(error.contains(words), "{error}");
        }
        let empty = answer(r#"{"as_of": "2026-03-31", "clients": []}"#);
        assert_eq!((empty.spearman, empty.neglected.len()), (None, 0));
    }
}
