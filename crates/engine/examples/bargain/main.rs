//! Measures negotiation and planning: speed on the sizes promised, the bound of large plans, and how much of what
//! a client could have equivalent offers give it.
//!
//! `cargo run --release -p engine --example bargain`
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

mod share;

use engine::Estimate;
use engine::negotiate::{Choosable, Input, Issue, negotiate};
use engine::plan::{self, Action, CareFloor, Member};
use engine::random::Random;
use std::time::Instant;

fn main() -> Result<(), engine::Error> {
    for (name, issues, opposed) in
        [("10^6", 6, false), ("10^6, opposed", 6, true), ("10^10", 10, false), ("10^10, opposed", 10, true)]
    {
        let input = negotiation(&mut Random::seeded(1), issues, opposed);
        let (output, milliseconds) = timed(|| negotiate(&input));
        let output = output?;
        let (size, epsilon) = (output.frontier_size, output.epsilon);
        println!(
            "negotiate {name} ({}): {milliseconds:.2} ms, frontier {size}, epsilon {epsilon}",
            output.outcomes
        );
    }
    for (members, actions, clients) in [(100, 10_000, 0), (100, 10_000, 2_000), (10, 500, 100), (1, 50, 0)] {
        let input = week(&mut Random::seeded(2), members, actions, clients);
        let (output, milliseconds) = timed(|| plan::plan(&input));
        let output = output?;
        let (gap, care) = (100.0 * output.gap, output.price_of_care);
        println!(
            "plan {actions} × {members}, {clients} clients: {milliseconds:.1} ms, gap {gap:.4}%, price of care {care:.0}"
        );
    }
    let mut random = Random::seeded(3);
    let domains: Vec<Input> = (0..200).map(|_| share::domain(&mut random)).collect();
    for count in [1, 2, 3, 5] {
        let rounds = if count == 3 { 5 } else { 2 };
        let all = domains
            .iter()
            .map(|domain| share::shares(domain, count, rounds))
            .collect::<Result<Vec<_>, _>>()?;
        let mean = |round: usize| all.iter().filter_map(|shares| shares.get(round)).sum::<f64>() / 200.0;
        let shares: Vec<String> = (0..rounds).map(|round| format!("{:.1}%", 100.0 * mean(round))).collect();
        println!("{count} offers, no pick, one pick, …: {}", shares.join(", "));
    }
    Ok(())
}

/// The fastest of five runs, in milliseconds, and what it answered.
fn timed<T>(run: impl Fn() -> T) -> (T, f64) {
    let mut best = f64::INFINITY;
    let mut answer = run();
    for _ in 0..5 {
        let start = Instant::now();
        answer = run();
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    (answer, best)
}

/// Issues of ten options with random values; where opposed, what is better for one is worse for the other.
fn negotiation(random: &mut Random, issues: usize, opposed: bool) -> Input {
    let issue = |number| {
        let mut values = |up: bool| {
            let mut values: Vec<f64> = (0..10).map(|_| (random.uniform() * 1e6).round() / 1e3).collect();
            if opposed {
                values.sort_by(f64::total_cmp);
            }
            if up {
                values.reverse();
            }
            values
        };
        let (company, client) = (values(true), values(false));
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
    let issues = (0..issues).map(issue).collect();
    Input {
        issues,
        company_reservation: 0.0,
        client_reservation: 0.0,
        current: None,
        requested: None,
        choices: Vec::new(),
        frontier_limit: 1000,
        offer_count: 3,
    }
}

/// Actions of half an hour to eight hours, of which about half fit; every fifth in a group, every tenth for a client.
fn week(random: &mut Random, members: usize, actions: usize, clients: usize) -> plan::Input {
    let action = |number: usize| Action {
        id: number.to_string(),
        member: (number % members).to_string(),
        group: number.is_multiple_of(5).then(|| random.below(actions / 10).to_string()),
        hours: (0.5 + 7.5 * random.uniform() * 4.0).round() / 4.0,
        value: (1000.0 * random.uniform()).round(),
        must: false,
        care: (clients > 0 && number.is_multiple_of(3)).then(|| random.below(clients).to_string()),
    };
    let actions: Vec<Action> = (0..actions).map(action).collect();
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let hours = actions.iter().map(|action| action.hours).sum::<f64>() / members as f64 / 2.0;
    let members =
        (0..members).map(|number| Member { name: number.to_string(), hours: hours.round() }).collect();
    plan::Input { members, actions, care_floor: CareFloor::default() }
}
