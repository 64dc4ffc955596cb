//! How much of what a client could have do offers give it that are made without knowing its values?
//!
//! Share = the client's best true utility among the offers ÷ its best over all packages that leave the company at
//! least as much. The client then picks what suits it best, and the next offers are made knowing that.

use engine::negotiate::{Choosable, Input, Issue, Package, Picked, negotiate};
use engine::random::Random;
use engine::{Error, Estimate};

/// A negotiation between two who know their own values: weights and evaluations are drawn at random, and the
/// best package is worth 1 to each.
pub fn domain(random: &mut Random) -> Input {
    let issues = 3 + random.below(6);
    let mut weights = || -> Vec<f64> {
        let raw: Vec<f64> = (0..issues).map(|_| random.uniform()).collect();
        let sum: f64 = raw.iter().sum();
        raw.iter().map(|weight| weight / sum).collect()
    };
    let (ours, theirs) = (weights(), weights());
    let issue = |(number, (ours, theirs)): (usize, (&f64, &f64))| {
        let options = 2 + random.below(7);
        let mut side = |weight: &f64| -> Vec<f64> {
            let raw: Vec<f64> = (0..options).map(|_| random.uniform()).collect();
            let greatest = raw.iter().copied().fold(0.0, f64::max);
            raw.iter().map(|value| weight * value / greatest).collect()
        };
        let (company, client) = (side(ours), side(theirs));
        let option = |(number, (company, client)): (usize, (f64, f64))| Choosable {
            name: format!("option {number}"),
            company,
            client: Some(Estimate::exactly(client)),
        };
        Issue {
            name: format!("issue {number}"),
            options: company.into_iter().zip(client).enumerate().map(option).collect(),
        }
    };
    let issues = ours.iter().zip(&theirs).enumerate().map(issue).collect();
    Input {
        issues,
        company_reservation: 0.0,
        client_reservation: 0.0,
        current: None,
        requested: None,
        choices: Vec::new(),
        frontier_limit: 100_000,
        offer_count: 3,
    }
}

/// What `client` is really worth to the client.
fn true_worth(domain: &Input, package: &Package) -> f64 {
    let worth = |(issue, option): (&str, &str)| {
        let issue = domain.issues.iter().find(|known| known.name == issue)?;
        issue.options.iter().find(|known| known.name == option)?.client.map(Estimate::mean)
    };
    package.0.iter().filter_map(|(issue, option)| worth((issue, option))).sum()
}

/// The share after each round: before anything is known, after one pick, after two …
pub fn shares(domain: &Input, offer_count: usize, rounds: usize) -> Result<Vec<f64>, Error> {
    let known = negotiate(domain)?;
    let Some(nash) = known.nash else { return Ok(Vec::new()) };
    let enough = known.frontier.iter().filter(|deal| deal.company >= nash.deal.company);
    let best = enough.map(|deal| deal.client).fold(0.0, f64::max);
    let mut hidden = Input { current: Some(nash.deal.package), offer_count, ..domain.clone() };
    for option in hidden.issues.iter_mut().flat_map(|issue| &mut issue.options) {
        option.client = None;
    }
    let mut shares = Vec::new();
    for _ in 0..rounds {
        let offered: Vec<Package> =
            negotiate(&hidden)?.offers.into_iter().map(|offer| offer.deal.package).collect();
        let worths: Vec<f64> = offered.iter().map(|package| true_worth(domain, package)).collect();
        let picked = (1..worths.len()).fold(0, |a, b| if worths.get(b) > worths.get(a) { b } else { a });
        shares.push(worths.get(picked).copied().unwrap_or(0.0) / best);
        hidden.choices.push(Picked { offered, picked });
    }
    Ok(shares)
}
