use super::*;
use crate::random::Random;
use proptest::prelude::*;
use serde_json::{Value, json};

fn input(document: &Value) -> Input {
    crate::read(document.to_string().as_bytes()).unwrap()
}

fn refusal(document: &Value) -> String {
    let read = crate::read::<Input>(document.to_string().as_bytes());
    read.and_then(|input| negotiate(&input)).unwrap_err().to_string()
}

/// Two issues in which each side cares for another one.
fn training() -> Value {
    json!({ "issues": [
        { "name": "Price", "options": [
            { "name": "100", "company": 30, "client": 0 },
            { "name": "90", "company": 20, "client": 4 },
            { "name": "80", "company": 10, "client": 8 } ] },
        { "name": "Training", "options": [
            { "name": "none", "company": 6, "client": 0 },
            { "name": "a day", "company": 4, "client": 10 },
            { "name": "a week", "company": 0, "client": 12 } ] } ] })
}

fn with(mut document: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object is needed") };
    document.as_object_mut().unwrap().extend(more);
    document
}

fn pairs(deals: &[Deal]) -> Vec<(f64, f64)> {
    deals.iter().map(|deal| (deal.company, deal.client)).collect()
}

#[test]
fn a_small_deal_is_solved_as_by_hand() {
    let answer =
        negotiate(&input(&with(training(), json!({"company_reservation": 5, "client_reservation": 2}))))
            .unwrap();
    assert_eq!(answer.outcomes, "9");
    assert_eq!(
        pairs(&answer.frontier),
        [(36., 0.), (34., 10.), (30., 12.), (24., 14.), (20., 16.), (14., 18.), (10., 20.)]
    );
    assert_eq!(answer.frontier_size, 7);
    assert!(answer.agreement_possible);
    let told =
        |solution: Option<Solution>| solution.map(|s| (s.deal.company, s.deal.client, s.value)).unwrap();
    // Gains over (5, 2): (29, 8) 232, (25, 10) 250, (19, 12) 228, (15, 14) 210, (9, 16), (5, 18).
    assert_eq!(told(answer.nash), (30., 12., 250.));
    assert_eq!(told(answer.egalitarian), (20., 16., 14.));
    assert_eq!(told(answer.utilitarian), (34., 10., 44.));
    // Ideals 29 and 18: least shares 8/18, 10/18, 12/18 (19/29 is less), 15/29 …
    assert_eq!(told(answer.kalai_smorodinsky), (24., 14., 19. / 29.));
    assert_eq!(answer.epsilon, 0.0);
}

#[test]
fn where_no_agreement_is_possible_the_nearest_miss_is_told() {
    let answer =
        negotiate(&input(&with(training(), json!({"company_reservation": 31, "client_reservation": 12}))))
            .unwrap();
    assert!(!answer.agreement_possible);
    let miss = answer.nearest_miss.clone().unwrap();
    // (30, 12) is short by 1, (34, 10) by 2.
    assert_eq!(
        (miss.deal.company, miss.deal.client, miss.company_short, miss.client_short),
        (30., 12., 1., 0.)
    );
    assert!(answer.nash.is_none() && answer.utilitarian.is_none() && answer.offers.is_empty());
    assert!(answer.report().contains("walk away"), "{}", answer.report());
}

#[test]
fn a_deal_that_can_be_better_for_both_is_said_to_be() {
    let current = json!({"current": {"Training": "none", "Price": "90"}});
    let answer = negotiate(&input(&with(training(), current))).unwrap();
    assert_eq!(answer.dominated, Some(true));
    let told: Vec<_> =
        answer.improvements.unwrap().iter().map(|i| (i.deal.company, i.deal.client, i.joint_gain)).collect();
    // From (26, 4): (34, 10) gains 14, (30, 12) 12.
    assert_eq!(told, [(34., 10., 14.), (30., 12., 12.)]);
    let best =
        negotiate(&input(&with(training(), json!({"current": {"Training": "a day", "Price": "100"}}))))
            .unwrap();
    assert_eq!((best.dominated, best.improvements), (Some(false), Some(vec![])));
}

#[test]
fn a_request_is_granted_for_a_return() {
    let asked = json!({"current": {"Price": "90", "Training": "none"}, "requested": {"Training": "a day"}});
    let answer = negotiate(&input(&with(training(), asked))).unwrap();
    let returns = answer.returns.unwrap();
    // (24, 14) would leave us worse than (26, 4); a day of training for the full price does not.
    assert_eq!(returns.len(), 1);
    assert_eq!((returns[0].deal.company, returns[0].deal.client, returns[0].changes), (34., 10., 1));
    let nothing =
        json!({"current": {"Price": "100", "Training": "a day"}, "requested": {"Training": "a week"}});
    assert_eq!(negotiate(&input(&with(training(), nothing))).unwrap().returns, Some(vec![]));
}

#[test]
fn a_tenth_and_two_tenths_are_no_worse_than_three_tenths() {
    let option =
        |name: &str, company: f64, client: f64| json!({"name": name, "company": company, "client": client});
    let document = json!({ "issues": [
        { "name": "A", "options": [option("a", 0.1, 1.0), option("b", 0.3, 0.0)] },
        { "name": "B", "options": [option("a", 0.2, 1.0), option("b", 0.0, 2.0)] } ] });
    // (0.1 + 0.2, 2) and (0.3 + 0, 2) are one point; f64 would find the first better.
    let answer = negotiate(&input(&document)).unwrap();
    assert_eq!(pairs(&answer.frontier), [(0.5, 1.0), (0.3, 2.0), (0.1, 3.0)]);
    assert_eq!(answer.frontier[1].package, Package::from_iter([("A", "a"), ("B", "a")]));
}

#[test]
fn the_frontier_is_thinned_evenly_and_keeps_its_ends() {
    let options: Vec<Value> =
        (0..101).map(|i| json!({"name": i.to_string(), "company": 100 - i, "client": i})).collect();
    let document = json!({"issues": [{"name": "Share", "options": options}], "frontier_limit": 5});
    let answer = negotiate(&input(&document)).unwrap();
    assert_eq!(pairs(&answer.frontier), [(100., 0.), (75., 25.), (50., 50.), (25., 75.), (0., 100.)]);
    assert_eq!(answer.frontier_size, 101);
}

#[test]
fn an_input_that_cannot_be_right_is_refused_with_its_place() {
    let cases = [
        (json!({"issues": []}), "issues: 1 to 64 issues are needed, not 0"),
        (
            json!({"issues": [{"name": "A", "options": []}]}),
            "issues[0].options: an issue has 1 to 1000 options",
        ),
        (
            json!({"issues": [{"name": "A", "options": [{"name": "x", "company": 1}]}]}),
            "missing field `client`",
        ),
        (json!({"issues": [], "offers": 3}), "unknown field `offers`"),
        (with(training(), json!({"frontier_limit": 0})), "frontier_limit: must lie between 1 and"),
        (with(training(), json!({"offer_count": 21})), "offer_count: at most 20"),
        (
            with(training(), json!({"current": {"Price": "90"}})),
            "current: the option of \"Training\" is missing",
        ),
        (
            with(training(), json!({"current": {"Prise": "90"}})),
            "current: there is no issue \"Prise\"; there is \"Price\", \"Training\"",
        ),
        (
            with(training(), json!({"requested": {"Price": "90"}})),
            "requested: a request changes the current package",
        ),
        (
            with(training(), json!({"current": {"Price": "70", "Training": "none"}})),
            "current.Price: there is no option \"70\"; there is \"100\", \"90\", \"80\"",
        ),
        (
            with(
                training(),
                json!({"choices": [{"offered": [{"Price": "90", "Training": "none"}], "picked": 1}]}),
            ),
            "choices[0].picked: counts from 0 and must be below 1",
        ),
        (with(training(), json!({"company_reservation": 1e301})), "company_reservation: must lie within"),
    ];
    for (document, expected) in cases {
        let message = refusal(&document);
        assert!(message.contains(expected), "{message}\nis not\n{expected}");
    }
    let twice = crate::read::<Input>(br#"{"issues": [], "current": {"A": "x", "A": "y"}}"#).unwrap_err();
    assert!(twice.to_string().contains("the issue \"A\" is named twice"), "{twice}");
}

#[test]
fn ten_issues_of_ten_options_are_counted_and_those_of_no_interest_too() {
    let mut random = Random::seeded(3);
    let domain = Domain::random(&mut random, &[10; 10], |random| random.below(1000) as i128);
    assert_eq!(negotiate(&domain.input()).unwrap().outcomes, "10000000000");
    let wide = Domain::random(&mut random, &[1000; 7], |_| 0);
    let answer = negotiate(&wide.input()).unwrap();
    assert_eq!(answer.outcomes, "1000000000000000000000");
    assert_eq!(answer.frontier_size, 1);
}

#[test]
fn a_frontier_too_large_to_keep_is_answered_within_the_epsilon_it_tells() {
    // What one wins the other loses, in steps that never coincide: every package is on the frontier.
    let mut random = Random::seeded(9);
    let mut domain = Domain::random(&mut random, &[10; 8], |random| random.below(1 << 40) as i128);
    for worth in domain.issues.iter_mut().flatten() {
        worth.client = -worth.company;
    }
    let mut input = domain.input();
    input.client_reservation = -1e30;
    input.frontier_limit = 100_000;
    let answer = negotiate(&input).unwrap();
    let total = |most: bool| -> i128 {
        let pick = |issue: &Vec<Worth>| {
            issue.iter().map(|w| w.company).reduce(|a, b| if most { a.max(b) } else { a.min(b) })
        };
        domain.issues.iter().filter_map(pick).sum()
    };
    let range = (total(true) - total(false)) as f64;
    assert!(answer.epsilon > 0.0 && answer.epsilon < 0.01 * range, "{} of {range}", answer.epsilon);
    assert!(answer.notes.iter().any(|note| note.contains("too large to keep whole")));
    for _ in 0..1000 {
        let any: f64 =
            domain.issues.iter().map(|issue| issue[random.below(issue.len())].company as f64).sum();
        // Thinning the list to 100,000 adds a little to the ε of what is kept.
        assert!(
            answer.frontier.iter().any(|kept| (kept.company - any).abs() <= answer.epsilon + range * 1e-4)
        );
    }
}

/// A domain of whole numbers, to compare with an enumeration of all its packages.
#[derive(Debug, Clone)]
struct Domain {
    issues: Vec<Vec<Worth>>,
    reservation: Worth,
}

impl Domain {
    fn random(random: &mut Random, sizes: &[usize], draw: impl Fn(&mut Random) -> i128) -> Self {
        let worth = |random: &mut Random| Worth { company: draw(random), client: draw(random) };
        let issues = sizes.iter().map(|&size| (0..size).map(|_| worth(random)).collect()).collect();
        Self { issues, reservation: Worth::default() }
    }

    fn input(&self) -> Input {
        let issue = |(i, worths): (usize, &Vec<Worth>)| {
            let option = |(j, worth): (usize, &Worth)| json!({"name": format!("o{j}"), "company": worth.company as i64, "client": worth.client as i64});
            json!({"name": format!("i{i}"), "options": worths.iter().enumerate().map(option).collect::<Vec<_>>()})
        };
        let issues: Vec<Value> = self.issues.iter().enumerate().map(issue).collect();
        input(&json!({
            "issues": issues,
            "company_reservation": self.reservation.company as i64,
            "client_reservation": self.reservation.client as i64
        }))
    }

    fn package(options: &[u16]) -> Package {
        options.iter().enumerate().map(|(i, o)| (format!("i{i}"), format!("o{o}"))).collect()
    }

    fn worth(&self, options: &[u16]) -> Worth {
        let worths = self.issues.iter().zip(options).map(|(issue, &o)| issue[usize::from(o)]);
        worths.fold(Worth::default(), |a, b| a + b)
    }

    /// Every package, in the order of its options.
    fn all(&self) -> Vec<(Vec<u16>, Worth)> {
        let mut all = vec![Vec::new()];
        for issue in &self.issues {
            let longer = |package: &Vec<u16>| {
                let package = package.clone();
                (0..issue.len() as u16).map(move |o| [package.clone(), vec![o]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        all.into_iter().map(|options| (options.clone(), self.worth(&options))).collect()
    }
}

/// The frontier by comparing all with all that are better for the company.
fn frontier_of(mut worths: Vec<Worth>) -> Vec<Worth> {
    worths.sort_by_key(|w| (-w.company, -w.client));
    let mut frontier: Vec<Worth> = Vec::new();
    for worth in worths {
        if frontier.last().is_none_or(|last| worth.client > last.client) {
            frontier.push(worth);
        }
    }
    frontier
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_agrees_with_looking_at_all_packages(seed in any::<u64>(), spread in 2_usize..60) {
        let mut random = Random::seeded(seed);
        let sizes: Vec<usize> = (0..1 + random.below(5)).map(|_| 1 + random.below(5)).collect();
        let mut domain = Domain::random(&mut random, &sizes, |random| random.below(spread) as i128 - 3);
        let all = domain.all();
        let somewhere = all[random.below(all.len())].1;
        domain.reservation = Worth { company: somewhere.company - random.below(5) as i128, client: somewhere.client - 2 + random.below(9) as i128 };
        let (current, now) = all[random.below(all.len())].clone();
        let asked = random.below(sizes.len());
        let wish = random.below(sizes[asked]) as u16;
        let mut input = domain.input();
        input.current = Some(Domain::package(&current));
        input.requested = Some(Package::from_iter([(format!("i{asked}"), format!("o{wish}"))]));
        let answer = negotiate(&input).unwrap();

        prop_assert_eq!(answer.outcomes, all.len().to_string());
        let frontier = frontier_of(all.iter().map(|(_, worth)| *worth).collect());
        let expected: Vec<(f64, f64)> = frontier.iter().map(|w| (w.company as f64, w.client as f64)).collect();
        prop_assert_eq!(pairs(&answer.frontier), expected);
        for (deal, worth) in answer.frontier.iter().zip(&frontier) {
            // The first of equals stands for all.
            let first = all.iter().find(|(_, other)| other == worth).unwrap();
            prop_assert_eq!(&deal.package, &Domain::package(&first.0));
        }

        let gain = |w: &Worth| (w.company - domain.reservation.company, w.client - domain.reservation.client);
        let rational: Vec<(i128, i128)> = all.iter().map(|(_, w)| gain(w)).filter(|(a, b)| *a >= 0 && *b >= 0).collect();
        prop_assert_eq!(answer.agreement_possible, !rational.is_empty());
        prop_assert_eq!(answer.nearest_miss.is_none(), answer.agreement_possible);
        if rational.is_empty() {
            let short = all.iter().map(|(_, w)| { let (a, b) = gain(w); (-a).max(0) + (-b).max(0) }).min().unwrap();
            let miss = answer.nearest_miss.unwrap();
            prop_assert_eq!(miss.company_short + miss.client_short, short as f64);
        } else {
            let most = |value: &dyn Fn((i128, i128)) -> f64| rational.iter().map(|g| value(*g)).fold(f64::MIN, f64::max);
            prop_assert_eq!(answer.nash.unwrap().value, most(&|(a, b)| (a * b) as f64));
            prop_assert_eq!(answer.egalitarian.unwrap().value, most(&|(a, b)| a.min(b) as f64));
            let both = domain.reservation.company + domain.reservation.client;
            prop_assert_eq!(answer.utilitarian.unwrap().value, most(&|(a, b)| (a + b + both) as f64));
            let (ideal_a, ideal_b) = (most(&|(a, _)| a as f64), most(&|(_, b)| b as f64));
            let share = |gain: i128, ideal: f64| if ideal == 0.0 { 1.0 } else { gain as f64 / ideal };
            prop_assert_eq!(answer.kalai_smorodinsky.unwrap().value, most(&|(a, b)| share(a, ideal_a).min(share(b, ideal_b))));
        }

        let better = |w: &Worth| w.company >= now.company && w.client >= now.client && *w != now;
        let mut gains: Vec<i128> = all.iter().filter(|(_, w)| better(w)).map(|(_, w)| joint(*w) - joint(now)).collect();
        gains.sort_by_key(|gain| -gain);
        gains.truncate(ADVICE_MAX);
        prop_assert_eq!(answer.dominated, Some(!gains.is_empty()));
        let improvements = answer.improvements.unwrap();
        prop_assert_eq!(improvements.iter().map(|i| i.joint_gain as i128).collect::<Vec<_>>(), gains);
        let different: std::collections::BTreeSet<String> = improvements.iter().map(|i| format!("{:?}", i.deal.package)).collect();
        prop_assert_eq!(different.len(), improvements.len());

        let changes = |options: &[u16]| (0..sizes.len()).filter(|&i| i != asked && options[i] != current[i]).count();
        let granted = |(options, w): &&(Vec<u16>, Worth)| options[asked] == wish && w.company >= now.company && w.client > now.client;
        let mut returns: Vec<(usize, i128)> = all.iter().filter(granted).map(|(o, w)| (changes(o), -(joint(*w)))).collect();
        returns.sort_unstable();
        returns.truncate(ADVICE_MAX);
        let told: Vec<(usize, i128)> = answer.returns.unwrap().iter().map(|r| (r.changes, -(r.deal.company + r.deal.client) as i128)).collect();
        prop_assert_eq!(told, returns);

        // The offers are different packages of the band, and the first is the best of it for the client.
        let band = answer.band.unwrap();
        let range = frontier_range(&domain);
        prop_assert_eq!(band.from, now.company as f64);
        let in_band = |w: &Worth| w.company >= now.company && (w.company - now.company) * 100 <= range * 3;
        let members: Vec<&Worth> = all.iter().map(|(_, w)| w).filter(|w| in_band(w)).collect();
        prop_assert_eq!(answer.offers.len(), members.len().min(3));
        prop_assert_eq!(answer.offers[0].deal.client, members.iter().map(|w| w.client).max().unwrap() as f64);
        for offer in &answer.offers {
            prop_assert!(band.from <= offer.deal.company && offer.deal.company <= band.to);
        }
    }

    #[test]
    fn numbers_of_any_size_are_answered(values in proptest::collection::vec(-1e299..1e299, 8), small in -1e-3..1e-3) {
        let option = |i: usize, name: &str| json!({"name": name, "company": values[i], "client": values[i + 1] * small});
        let document = json!({"issues": [
            {"name": "A", "options": [option(0, "a"), option(2, "b")]},
            {"name": "B", "options": [option(4, "a"), option(6, "b")]}]});
        let answer = negotiate(&input(&document)).unwrap();
        prop_assert!(!answer.frontier.is_empty());
        prop_assert!(answer.frontier.iter().all(|deal| deal.company.is_finite() && deal.client.is_finite()));
    }

    #[test]
    fn no_document_is_too_strange_to_be_refused(text in "[\\[\\]{}\",:a-z0-9 ]{0,60}") {
        let _ = crate::read::<Input>(text.as_bytes()).and_then(|input| negotiate(&input));
    }
}

fn frontier_range(domain: &Domain) -> i128 {
    let ends = |issue: &Vec<Worth>| {
        let company = || issue.iter().map(|w| w.company);
        company().max().unwrap() - company().min().unwrap()
    };
    domain.issues.iter().map(ends).sum()
}

#[test]
fn offers_of_a_large_domain_keep_to_the_band() {
    let mut random = Random::seeded(4);
    let domain = Domain::random(&mut random, &[10; 7], |random| random.below(1000) as i128);
    let answer = negotiate(&domain.input()).unwrap();
    let band = answer.band.unwrap();
    assert_eq!(band.from, answer.nash.clone().unwrap().deal.company);
    assert_eq!(
        answer.offers[0].deal,
        answer.nash.unwrap().deal,
        "nothing in the band is better for the client than Nash"
    );
    assert_eq!(answer.offers.len(), 3);
    assert!(
        answer.offers.iter().all(|offer| band.from <= offer.deal.company && offer.deal.company <= band.to)
    );
}

#[test]
fn values_known_as_ranges_count_with_their_mean() {
    let range = |low: f64, likely: f64, high: f64| json!({"low": low, "likely": likely, "high": high});
    let document = json!({"issues": [{"name": "Term", "options": [
        {"name": "one year", "company": 0, "client": range(1.0, 2.0, 3.0)},
        {"name": "two years", "company": 5, "client": range(0.0, 1.0, 8.0)}]}]});
    let answer = negotiate(&input(&document)).unwrap();
    // 1 + (7 − 1) / (1.28155 · √(2π)) = 2.8678 > 2.
    assert_eq!(answer.frontier.len(), 1);
    assert!((answer.frontier[0].client - 2.8678).abs() < 1e-3);
    assert!(answer.learned.is_none());
}

#[test]
fn a_pick_tells_what_the_client_values() {
    let option = |name: &str, company: i32| json!({"name": name, "company": company, "client": null});
    let issue = |name: &str| json!({"name": name, "options": [option("more", 0), option("less", 10)]});
    let document = json!({"issues": [issue("Speed"), issue("Support"), issue("Training")]});
    let package = |speed: &str, support: &str, training: &str| json!({"Speed": speed, "Support": support, "Training": training});
    let offered =
        [package("more", "less", "less"), package("less", "more", "less"), package("less", "less", "more")];
    let current = offered[1].clone();
    let document =
        with(document, json!({"current": current, "choices": [{"offered": offered, "picked": 0}]}));
    let answer = negotiate(&input(&document)).unwrap();
    let learned = answer.learned.clone().unwrap();
    let worth = |issue: usize| learned[issue].options[0].client - learned[issue].options[1].client;
    assert!(worth(0) > 0.3 && worth(1) < 0.1 && worth(2) < 0.1, "{learned:?}");
    let most = answer.offers.iter().max_by(|a, b| a.deal.client.total_cmp(&b.deal.client)).unwrap();
    assert_eq!(
        most.deal.package,
        Package::from_iter([("Speed", "more"), ("Support", "less"), ("Training", "less")])
    );
    assert_eq!(negotiate(&input(&document)).unwrap(), answer, "the same input, the same answer");
    assert!(answer.notes[0].contains("Not all that the client values is known"));
}

const DOMAIN: &str = r#"<?xml version="1.0"?><negotiation_template><utility_space number_of_issues="2"><objective index="0" name="root">
    <issue index="1" name="Fish &amp; chips" type="discrete"><item index="1" value="one"/><item index="2" value="two"/></issue>
    <issue index="4" name="Drink"><item index="1" value="tea"></item><item index="2" value="beer"></item></issue>
    </objective></utility_space></negotiation_template>"#;

fn profile(evaluations: [f64; 4], more: &str) -> String {
    let [a, b, c, d] = evaluations;
    format!(
        r#"<utility_space>{more}<objective index="0" name="root"><weight index="4" value="0.75"/><weight index="1" value="0.25"/>
        <issue index="1" name="Fish &amp; chips" type="discrete"><item index="1" value="one" evaluation="{a}"/><item index="2" value="two" evaluation="{b}"/>
        <similarity_function weight="0.6"><item index="1" value="three" evaluation="9"/></similarity_function></issue>
        <issue index="4" name="Drink"><item index="2" value="beer" evaluation="{d}"/><item index="1" value="tea" evaluation="{c}"/></issue>
        </objective></utility_space>"#
    )
}

fn file<'a>(name: &'a str, text: &'a str) -> genius::File<'a> {
    genius::File { name, bytes: text.as_bytes() }
}

#[test]
fn a_genius_scenario_is_read_on_its_own_scale() {
    let company = profile([1., 4., 3., 2.], r#"<reservation value="0.4"/><discount_factor value="0.9"/>"#);
    let client = profile([5., 0., 0., 0.], "");
    let scenario =
        genius::read(file("d.xml", DOMAIN), &[file("us.xml", &company), file("them.xml", &client)]).unwrap();
    let answer = scenario.negotiate().unwrap();
    // Ours: 1/4 · (1/4 or 1) + 3/4 · (1 or 2/3); theirs: 1/4 · (1 or 0), nothing for drinks.
    assert_eq!(pairs(&answer.frontier), [(1.0, 0.0), (0.8125, 0.25)]);
    assert_eq!(answer.frontier[1].package, Package::from_iter([("Fish & chips", "one"), ("Drink", "tea")]));
    assert_eq!(
        answer.notes,
        ["us.xml: the discount factor 0.9 is ignored; utilities are those of an agreement now."]
    );
    assert_eq!(scenario.input.company_reservation, 0.4);
    let mut altered = scenario;
    altered.input.company_reservation = 2.0;
    assert!(!altered.negotiate().unwrap().agreement_possible);
}

#[test]
fn a_genius_scenario_that_is_not_between_two_over_options_is_refused_by_name() {
    let good = profile([1., 1., 1., 1.], "");
    let read = |domain: &str, profiles: &[&str]| {
        let names = ["p1.xml", "p2.xml", "p3.xml"];
        let files: Vec<genius::File<'_>> =
            profiles.iter().zip(names).map(|(text, name)| file(name, text)).collect();
        genius::read(file("d.xml", domain), &files).unwrap_err().to_string()
    };
    assert_eq!(
        read(DOMAIN, &[&good, &good, &good]),
        "d.xml: a negotiation between two needs two profiles, the company's and the client's, not 3 (\"p1.xml\", \"p2.xml\", \"p3.xml\")"
    );
    let integer = DOMAIN.replace("name=\"Drink\"", "name=\"Drink\" type=\"integer\"");
    assert_eq!(
        read(&integer, &[&good, &good]),
        "d.xml: the issue \"Drink\" is integer: only discrete issues can be read"
    );
    assert!(read("<a><b></a>", &[&good, &good]).starts_with("d.xml: not well-formed XML"));
    assert_eq!(read("<a><b>", &[&good, &good]), "d.xml: the XML ends in the middle");
    assert!(read("", &[&good, &good]).contains("no issues are in this file"));
    assert_eq!(read(DOMAIN, &[&good, DOMAIN]), "p2.xml: the issue \"Fish & chips\" has no weight");
    let word = good.replace("evaluation=\"1\"", "evaluation=\"many\"");
    assert_eq!(read(DOMAIN, &[&word, &good]), "p1.xml: evaluation must be a number, not \"many\"");
    let other = good.replace("tea", "milk");
    assert_eq!(read(DOMAIN, &[&other, &good]), "p1.xml: the domain has no option \"milk\" of \"Drink\"");
}

proptest! {
    #[test]
    fn no_bytes_stop_the_genius_reader(place in 0_usize..600, bytes in proptest::collection::vec(any::<u8>(), 0..6), cut in 0_usize..800) {
        let good = profile([1., 2., 3., 4.], "<reservation value='0.1'/>");
        let mut bad = good.clone().into_bytes();
        let place = place.min(bad.len());
        bad.splice(place..(place + bytes.len()).min(good.len()), bytes);
        bad.truncate(cut.max(1));
        let files = [genius::File { name: "bad.xml", bytes: &bad }, file("good.xml", &good)];
        if let Ok(scenario) = genius::read(file("d.xml", DOMAIN), &files) {
            prop_assert!(scenario.negotiate().is_ok());
        }
        if let Ok(scenario) = genius::read(files[0], &[files[1], files[1]]) {
            prop_assert!(scenario.negotiate().is_ok());
        }
    }
}
