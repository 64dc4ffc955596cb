//! Tests on the shared folder of real negotiations, where it exists; they say so where it does not.

use super::*;
use crate::exact::Worth;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn shared_folder(path: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        here.ancestors().map(|folder| folder.join("shared/data").join(path)).find(|folder| folder.is_dir());
    if found.is_none() {
        println!("skipped: no shared/data/{path} beside the repository");
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// All packages as the frontier, by the files' own fractions.
fn frontier_of_all(ledger: &[Vec<Worth>]) -> Vec<Worth> {
    let mut all = vec![Worth::default()];
    for issue in ledger {
        all = all.iter().flat_map(|&sum| issue.iter().map(move |&worth| sum + worth)).collect();
    }
    all.sort_unstable_by_key(|w| (-w.company, -w.client));
    let mut frontier: Vec<Worth> = Vec::new();
    for worth in all {
        if frontier.last().is_none_or(|last| worth.client > last.client) {
            frontier.push(worth);
        }
    }
    frontier
}

#[test]
fn public_scenarios_agree_with_looking_at_all_packages() {
    let Some(genius) = shared_folder("negotiation/genius") else { return };
    let (mut compared, mut refused, mut rounded) = (0, Vec::new(), 0);
    for folder in entries(&genius).iter().flat_map(|year| entries(year)) {
        let files: Vec<(String, Vec<u8>)> = entries(&folder)
            .iter()
            .map(|path| {
                (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
            })
            .collect();
        let is_domain = |bytes: &[u8]| bytes.windows(20).any(|window| window == b"negotiation_template");
        let (domains, profiles): (Vec<&(String, Vec<u8>)>, Vec<_>) =
            files.iter().partition(|(_, bytes)| is_domain(bytes));
        let files: Vec<genius::File<'_>> =
            profiles.iter().map(|(name, bytes)| genius::File { name, bytes }).collect();
        let domain = genius::File { name: &domains[0].0, bytes: &domains[0].1 };
        let scenario = match genius::read(domain, &files) {
            Ok(scenario) => scenario,
            Err(error) => {
                assert!(files.len() > 2, "{}: {error}", folder.display());
                refused.push(error.to_string());
                // Two of the profiles are a scenario between two, if the issues are discrete.
                match genius::read(domain, &files[..2]) {
                    Ok(scenario) => scenario,
                    Err(error) => {
                        assert!(error.to_string().contains("is integer: only discrete issues"), "{error}");
                        continue;
                    }
                }
            }
        };
        let answer = scenario.negotiate().unwrap();
        let outcomes: usize = answer.outcomes.parse().unwrap();
        assert!(outcomes <= 1_000_000);
        let ledger = scenario.exact().cloned().unwrap_or_else(|| {
            rounded += 1;
            let mean = |option: &Choosable| option.client.unwrap().mean();
            let means = |issue: &Issue| issue.options.iter().map(mean).collect::<Vec<f64>>();
            Ledger::of(&scenario.input, &scenario.input.issues.iter().map(means).collect::<Vec<_>>()).unwrap()
        });
        let expected = frontier_of_all(&ledger.issues);
        assert_eq!(answer.frontier_size, expected.len(), "{}", folder.display());
        for (deal, worth) in answer.frontier.iter().zip(&expected) {
            assert_eq!(
                (deal.company, deal.client),
                (ledger.unit.number(worth.company), ledger.unit.number(worth.client))
            );
            // The fractions are those of the documented formula.
            let of = |side: fn(&Choosable) -> f64| -> f64 {
                let option = |(issue, option): &(Arc<str>, Arc<str>)| {
                    let issue = scenario.input.issues.iter().find(|i| *i.name == **issue).unwrap();
                    side(issue.options.iter().find(|o| *o.name == **option).unwrap())
                };
                deal.package.0.iter().map(option).sum()
            };
            assert!((of(|o| o.company) - deal.company).abs() < 1e-12);
            assert!((of(|o| o.client.unwrap().mean()) - deal.client).abs() < 1e-12);
        }
        if let Some(nash) = &answer.nash {
            let gains =
                |w: &Worth| (w.company - ledger.reservation.company, w.client - ledger.reservation.client);
            let best = expected
                .iter()
                .map(gains)
                .filter(|(a, b)| *a >= 0 && *b >= 0)
                .map(|(a, b)| Product::of(a, b))
                .max();
            let told = (nash.deal.company - scenario.input.company_reservation)
                * (nash.deal.client - scenario.input.client_reservation);
            assert!((told - nash.value).abs() < 1e-12 && best.is_some());
        }
        compared += 1;
    }
    println!(
        "{compared} scenarios agree, {rounded} of them by rounded numbers, {} are for more than two",
        refused.len()
    );
    assert!(compared >= 45 && rounded <= 2);
    assert!(refused.iter().all(|error| error.contains("needs two profiles")));
}

/// Two campers share three packets each of food, water and firewood.
#[test]
fn after_our_advice_no_human_deal_can_be_better_for_both() {
    let Some(folder) = shared_folder("negotiation") else { return };
    let Ok(bytes) = std::fs::read(folder.join("casino_train.json")) else { return };
    let dialogues: Vec<serde_json::Value> = serde_json::from_slice(&bytes).unwrap();
    let goods = ["Food", "Water", "Firewood"];
    let (mut deals, mut improvable, mut left) = (0, 0, 0.0);
    for dialogue in &dialogues {
        let log = dialogue["chat_logs"].as_array().unwrap();
        let Some(accepted) = log.iter().position(|turn| turn["text"] == "Accept-Deal") else { continue };
        let submitted = log[..accepted].iter().rev().find(|turn| turn["text"] == "Submit-Deal").unwrap();
        let submitter = submitted["id"].as_str().unwrap();
        let value = |agent: &str| -> BTreeMap<String, f64> {
            let wishes = dialogue["participant_info"][agent]["value2issue"].as_object().unwrap();
            let points = |rank: &str| match rank {
                "High" => 5.0,
                "Medium" => 4.0,
                _ => 3.0,
            };
            wishes.iter().map(|(rank, good)| (good.as_str().unwrap().to_owned(), points(rank))).collect()
        };
        let other = if submitter == "mturk_agent_1" { "mturk_agent_2" } else { "mturk_agent_1" };
        let (us, them) = (value(submitter), value(other));
        let option = |good: &str, n: u8| Choosable {
            name: n.to_string(),
            company: us[good] * f64::from(n),
            client: Some(Estimate::exactly(them[good] * f64::from(3 - n))),
        };
        let issues = goods
            .map(|good| Issue { name: good.into(), options: (0..=3).map(|n| option(good, n)).collect() });
        let taken = |good: &str| submitted["task_data"]["issue2youget"][good].as_str().unwrap().to_owned();
        let mut input: Input = crate::read(br#"{"issues": []}"#).unwrap();
        input.issues = issues.into();
        input.current = Some(goods.map(|good| (good, taken(good))).into_iter().collect());
        let answer = negotiate(&input).unwrap();
        deals += 1;
        let Some(best) = answer.improvements.unwrap().into_iter().next() else { continue };
        improvable += 1;
        left += best.joint_gain;
        input.current = Some(best.deal.package);
        assert_eq!(
            negotiate(&input).unwrap().dominated,
            Some(false),
            "after the best advice nothing is better for both"
        );
    }
    println!(
        "{improvable} of {deals} human deals can be better for both, by {:.2} points on average",
        left / f64::from(improvable)
    );
    let share = f64::from(improvable) / f64::from(deals);
    assert!(deals > 800 && (0.2..0.4).contains(&share), "{improvable} of {deals}");
}
