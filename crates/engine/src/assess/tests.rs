//! What an assessment must be, whatever the deal.

use super::*;
use crate::beta::Beta;
use crate::random::Random;
use crate::{Estimate, Rate, normal, read};
use proptest::prelude::*;

fn range(low: f64, likely: f64, high: f64) -> Estimate {
    Estimate::range(low, likely, high).unwrap()
}

fn known(x: f64) -> Estimate {
    Estimate::exactly(x)
}

fn counted(successes: f64, trials: f64) -> Rate {
    Rate::counted(successes, trials).unwrap()
}

/// A bakery wants its ordering done by evening: everything is uncertain, five steps are ahead.
fn bakery() -> Input {
    let step = |name: &str, hours, pass| Step { name: name.into(), hours, pass };
    let mut input = Input::new(range(2_000.0, 4_000.0, 7_000.0), 24_000.0);
    input.client.months_to_benefit = range(1.0, 2.0, 5.0);
    input.client.success = counted(6.0, 8.0);
    input.client.adoption_cost = range(1_000.0, 3_000.0, 8_000.0);
    input.client.alternative_value = range(-2_000.0, 2_000.0, 9_000.0);
    input.company.delivery_cost = range(3_000.0, 5_000.0, 9_000.0);
    input.company.service_cost_per_month = range(50.0, 100.0, 250.0);
    input.company.strategic_value = range(-500.0, 500.0, 3_000.0);
    input.company.hour_value = 80.0;
    input.company.spend_to_close = range(100.0, 300.0, 900.0);
    input.company.path = Some(vec![
        step("Meet", range(1.0, 2.0, 4.0), counted(30.0, 40.0)),
        step("Diagnose", range(3.0, 6.0, 12.0), counted(20.0, 30.0)),
        step("Propose", range(4.0, 8.0, 20.0), counted(12.0, 20.0)),
        step("Board", range(1.0, 4.0, 9.0), Rate::UNKNOWN),
        step("Sign", range(1.0, 2.0, 4.0), counted(7.0, 8.0)),
    ]);
    input.terms.horizon_months = 24.0;
    input.terms.refund_share = 0.3;
    input
}

/// The same deal by plain sampling, straight from the definitions: C, G, K and U of every sample.
fn plainly(input: &Input, count: usize, seed: u64) -> [Vec<f64>; 4] {
    let mut random = Random::seeded(seed);
    let mut uniform = move || random.uniform();
    let tables: Vec<Vec<f64>> = input
        .company
        .steps()
        .iter()
        .map(|(_, pass)| match *pass {
            Rate::Known(share) => vec![share],
            Rate::Counted { successes, trials } => {
                let beta = Beta::new(1.0 + successes, 1.0 + trials - successes);
                (0..5_000).map(|i| beta.quantile((f64::from(i) + 0.5) / 5_000.0)).collect()
            }
        })
        .collect();
    let mut columns = [const { Vec::new() }; 4];
    let (client, company, terms) = (&input.client, &input.company, &input.terms);
    for _ in 0..count {
        let mut positive = |estimate: Estimate| estimate.quantile(uniform()).max(0.0);
        let (b, t, a) = (
            positive(client.benefit_per_month),
            positive(client.months_to_benefit),
            positive(client.adoption_cost),
        );
        let (d, v, m) = (
            positive(company.delivery_cost),
            positive(company.service_cost_per_month),
            positive(company.spend_to_close),
        );
        let (mut w, mut h) = (1.0, 0.0);
        for ((hours, _), table) in company.steps().iter().zip(&tables) {
            h += hours.quantile(uniform()).max(0.0) * w;
            w *= table[(uniform() * table.len() as f64) as usize];
        }
        let (x, r) =
            (client.alternative_value.quantile(uniform()), company.strategic_value.quantile(uniform()));
        let s = if uniform() < client.success.mean() { 1.0 } else { 0.0 };
        let p = terms.price * (1.0 - terms.refund_share * (1.0 - s));
        let c = s * b * (terms.horizon_months - t).max(0.0) - a - p - x;
        let g = p - d - v * terms.horizon_months + r;
        let k = w * g - h * company.hour_value - m;
        let u = w * (g + input.policy.client_weight * c.min(0.0)) - h * company.hour_value - m;
        for (column, value) in columns.iter_mut().zip([c, g, k, u]) {
            column.push(value);
        }
    }
    columns
}

#[test]
fn the_figures_are_those_of_plain_sampling() {
    let mut once = bakery();
    once.company.path = None;
    once.company.hours_to_close = Some(range(-2.0, 10.0, 30.0));
    once.company.win = Some(counted(2.0, 9.0));
    once.client.benefit_per_month = range(-1_000.0, 3_000.0, 5_000.0);
    once.terms.refund_share = 1.0;
    once.policy.client_weight = 1.7;
    let mut sure = once.clone();
    sure.client.success = Rate::Known(1.0);
    sure.terms.refund_share = 0.0;
    for input in [bakery(), once, sure] {
        let answer = assess(&input).unwrap();
        let mut columns = plainly(&input, 400_000, 7);
        let mean = |column: &[f64]| column.iter().sum::<f64>() / column.len() as f64;
        let u = &columns[3];
        let evpi = mean(&u.iter().map(|u| u.max(0.0)).collect::<Vec<_>>()) - mean(u).max(0.0);
        let mut sorted = u.clone();
        sorted.sort_by(f64::total_cmp);
        let spread = sorted[360_000] - sorted[40_000];
        assert!((answer.decision_value.mean - mean(u)).abs() < 0.01 * spread);
        assert!((answer.evpi - evpi).abs() < 0.01 * spread, "{} {evpi}", answer.evpi);
        for (surplus, column) in [answer.client, answer.margin, answer.company].iter().zip(&mut columns) {
            let mean = mean(column);
            let positive = column.iter().filter(|x| **x > 0.0).count() as f64 / column.len() as f64;
            column.sort_by(f64::total_cmp);
            let [p10, p50, p90] = [40_000, 200_000, 360_000].map(|i: usize| column[i]);
            let spread = p90 - p10;
            for (ours, theirs) in
                [(surplus.mean, mean), (surplus.p10, p10), (surplus.p50, p50), (surplus.p90, p90)]
            {
                assert!((ours - theirs).abs() < 0.01 * spread, "{ours} is not {theirs}, spread {spread}");
            }
            assert!((surplus.positive - positive).abs() < 0.01, "{} is not {positive}", surplus.positive);
        }
    }
}

/// A deal whose decision value is `strategic − delivery` plus what is sure: U is linear and normal.
fn linear(price: f64, delivery: Estimate, strategic: Estimate) -> Input {
    let mut input = Input::new(known(1e6), price);
    input.client.success = Rate::Known(1.0);
    input.company.win = Some(Rate::Known(1.0));
    input.company.delivery_cost = delivery;
    input.company.strategic_value = strategic;
    input
}

#[test]
fn the_worth_of_a_question_is_the_unit_normal_loss() {
    let loss = |mean: f64, deviation: f64| {
        let z = mean.abs() / deviation;
        deviation * (normal::density(z) - z * normal::below(-z))
    };
    for price in [10_000.0, 10_800.0, 9_500.0, 12_000.0, 7_000.0] {
        let input = linear(price, range(9_000.0, 10_000.0, 11_000.0), range(-600.0, 0.0, 600.0));
        let answer = assess(&input).unwrap();
        let mean = price - 10_000.0;
        let (delivery, strategic) = (1_000.0 / normal::Z90, 600.0 / normal::Z90);
        let both = delivery.hypot(strategic);
        for question in &answer.questions {
            let exact =
                loss(mean, if question.parameter.contains("delivery") { delivery } else { strategic });
            assert!(
                (question.evppi - exact).abs() <= 1e-6 * both,
                "{}: {} {exact}",
                question.parameter,
                question.evppi
            );
        }
        let exact = loss(mean, both);
        assert!((answer.evpi - exact).abs() <= 0.01 * exact + 0.0005 * both, "{} {exact}", answer.evpi);
    }
}

#[test]
fn the_worth_of_knowing_what_harms_the_client_has_a_closed_form_too() {
    // The client always loses, so U = P − d + b·H − a − P: linear in benefit and adoption, both on the harm's side.
    let mut input = Input::new(range(900.0, 1_000.0, 1_100.0), 50_000.0);
    input.client.success = Rate::Known(1.0);
    input.client.adoption_cost = range(2_000.0, 3_000.0, 4_000.0);
    input.company.win = Some(Rate::Known(1.0));
    input.company.delivery_cost = known(8_500.0);
    let answer = assess(&input).unwrap();
    let mean = 1_000.0 * 12.0 - 3_000.0 - 8_500.0;
    for (parameter, deviation, slack) in [
        ("client.benefit_per_month", 1_200.0 / normal::Z90, 0.005),
        ("client.adoption_cost", 1_000.0 / normal::Z90, 0.005),
    ] {
        let z = mean / deviation;
        let exact = deviation * (normal::density(z) - z * normal::below(-z));
        let ours = answer.questions.iter().find(|question| question.parameter == parameter).unwrap().evppi;
        assert!((ours - exact).abs() <= slack * exact, "{parameter}: {ours} {exact}");
    }
}

#[test]
fn a_path_is_worth_what_the_hand_solved_tree_says() {
    let mut input = linear(10_000.0, known(4_000.0), known(0.0));
    input.company.win = None;
    input.company.hour_value = 100.0;
    input.company.spend_to_close = known(500.0);
    let step = |name: &str, hours: f64, pass: f64| Step {
        name: name.into(),
        hours: known(hours),
        pass: Rate::Known(pass),
    };
    // End: 10,000 − 4,000 − 500 = 5,500. Sign: −200 + 0.8·5,500 = 4,200. Propose: −1,000 + 0.5·4,200 = 1,100.
    // Meet: −300 + 0.6·1,100 = 360.
    input.company.path =
        Some(vec![step("Meet", 3.0, 0.6), step("Propose", 10.0, 0.5), step("Sign", 2.0, 0.8)]);
    let path = assess(&input).unwrap().path.unwrap();
    let values: Vec<f64> = path.steps.iter().map(|step| step.value).collect();
    for (ours, exact) in values.iter().zip([360.0, 1_100.0, 4_200.0]) {
        assert!((ours - exact).abs() < 1e-9, "{values:?}");
    }
    for (step, exact) in path.steps.iter().zip([300.0 / 1_100.0, 1_000.0 / 4_200.0, 200.0 / 5_500.0]) {
        assert!((step.break_even_pass.unwrap() - exact).abs() < 1e-12);
    }
    assert_eq!(path.stop_at, None);

    input.company.path.as_mut().unwrap()[1].pass = Rate::Known(0.2);
    let answer = assess(&input).unwrap();
    assert_eq!(answer.path.unwrap().stop_at.as_deref(), Some("Meet"));
    let stop = answer.reasons.iter().find(|reason| reason.code == ReasonCode::PathStops).unwrap();
    assert_eq!(stop.parameter.as_deref(), Some("company.path[1].pass"), "the cause is named: {}", stop.text);
}

#[test]
fn the_example_by_hand_is_what_the_help_says() {
    let help = include_str!("../../../../docs/method/assess.md");
    let document = help.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let answer = assess(&read::<Input>(document.as_bytes()).unwrap()).unwrap();
    let path = answer.path.as_ref().unwrap();
    let ours = [
        answer.client.mean,
        100.0 * answer.client.positive,
        answer.margin.mean,
        answer.company.mean,
        answer.decision_value.mean,
        answer.fair_price.floor.unwrap(),
        answer.fair_price.ceiling.unwrap(),
        path.steps[1].value,
        path.steps[0].value,
        answer.evpi,
    ];
    let theirs = [3_200.0, 80.0, 1_400.0, 360.0, 40.0, 5_000.0, 11_000.0, 280.0, 40.0, 440.0];
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        assert!((ours - theirs).abs() < 1e-6, "{ours} is not {theirs}");
    }
    assert_eq!(answer.verdict, Verdict::GoAhead);
}

#[test]
fn the_ends_of_the_fair_price_are_the_ends() {
    let mut generous = bakery();
    generous.client.success = counted(19.0, 20.0);
    let mut refunded = generous.clone();
    refunded.terms.refund_share = 1.0;
    for mut input in [generous, refunded] {
        let FairPrice { floor: Some(floor), ceiling: Some(ceiling) } = assess(&input).unwrap().fair_price
        else {
            panic!("both ends exist");
        };
        let mut at = |price: f64| {
            input.terms.price = price;
            let answer = assess(&input).unwrap();
            let serves_us =
                answer.company.mean >= 0.0 && answer.margin.positive >= input.policy.company_floor;
            (serves_us, answer.client.positive >= input.policy.client_floor)
        };
        assert!(at(floor).0 && !at(floor.next_down()).0, "floor {floor}");
        assert!(at(ceiling).1 && !at(ceiling.next_up()).1, "ceiling {ceiling}");
    }
}

#[test]
fn a_fair_price_that_is_not_there_is_null() {
    let mut input = bakery();
    input.client.success = Rate::UNKNOWN;
    assert_eq!(assess(&input).unwrap().fair_price.ceiling, None, "an even chance never reaches 0.7");
    input.company.path = None;
    input.company.win = Some(Rate::Known(0.0));
    assert_eq!(
        assess(&input).unwrap().fair_price.floor,
        None,
        "what is never agreed never pays for its hours"
    );
}

#[test]
fn a_break_even_is_where_the_decision_value_is_nothing() {
    let mut input = bakery();
    input.company.path = None;
    input.company.hours_to_close = Some(range(5.0, 20.0, 60.0));
    input.company.win = Some(counted(3.0, 6.0));
    let base = assess(&input).unwrap();
    let spread = base.company.p90 - base.company.p10;
    let mut met = 0;
    for turn in &base.break_even {
        let Some(value) = turn.value else { continue };
        let mut other = input.clone();
        match turn.parameter.as_str() {
            "client.benefit_per_month" => other.client.benefit_per_month = known(value),
            "client.months_to_benefit" => other.client.months_to_benefit = known(value),
            "client.success" => other.client.success = Rate::Known(value),
            "client.adoption_cost" => other.client.adoption_cost = known(value),
            "client.alternative_value" => other.client.alternative_value = known(value),
            "company.delivery_cost" => other.company.delivery_cost = known(value),
            "company.service_cost_per_month" => other.company.service_cost_per_month = known(value),
            "company.strategic_value" => other.company.strategic_value = known(value),
            "company.spend_to_close" => other.company.spend_to_close = known(value),
            "company.hours_to_close" => other.company.hours_to_close = Some(known(value)),
            "company.win" => other.company.win = Some(Rate::Known(value)),
            "terms.price" => other.terms.price = value,
            "terms.horizon_months" => other.terms.horizon_months = value,
            "terms.refund_share" => other.terms.refund_share = value,
            unknown => panic!("{unknown} is no parameter"),
        }
        other.questions = Some(vec![]);
        let there = assess(&other).unwrap().decision_value.mean;
        assert!(there.abs() < 1e-6 * spread, "{} at {value}: {there}", turn.parameter);
        met += 1;
    }
    assert!(met >= 5, "only {met} turn");
}

#[test]
fn a_contraindication_ends_the_matter() {
    let mut input = linear(20_000.0, known(1_000.0), known(0.0));
    assert_eq!(assess(&input).unwrap().verdict, Verdict::GoAhead);
    input.contraindications = vec!["they need a lawyer, not software".into()];
    let answer = assess(&input).unwrap();
    assert_eq!(answer.verdict, Verdict::WalkAway);
    assert_eq!(answer.reasons[0].code, ReasonCode::Contraindication);
    assert!(answer.reasons[0].text.contains("a lawyer, not software."));
}

#[test]
fn a_question_worth_its_hours_is_asked_first() {
    let mut input = linear(10_000.0, range(4_000.0, 9_000.0, 14_000.0), known(0.0));
    input.company.hour_value = 50.0;
    let answer = assess(&input).unwrap();
    assert_eq!(answer.verdict, Verdict::AskFirst);
    assert_eq!(answer.reasons[0].parameter.as_deref(), Some("company.delivery_cost"));
    input.questions =
        Some(vec![Question { parameter: "company.delivery_cost".into(), ask: None, hours: 500.0 }]);
    assert_ne!(assess(&input).unwrap().verdict, Verdict::AskFirst, "at 500 hours it is not worth asking");
}

#[test]
fn terms_that_help_both_are_found_and_are_the_nearest() {
    // They gain 12,000 with a chance of 0.8: at 13,000 they never gain, below 12,000 they do.
    let mut input = linear(13_000.0, known(4_000.0), known(0.0));
    input.client.benefit_per_month = range(990.0, 1_000.0, 1_010.0);
    input.client.success = Rate::Known(0.8);
    input.questions = Some(vec![]);
    let answer = assess(&input).unwrap();
    assert_eq!(answer.verdict, Verdict::Rebalance);
    let price =
        answer.adjustments.iter().find(|adjustment| adjustment.kind == AdjustmentKind::Price).unwrap();
    for adjustment in &answer.adjustments {
        let mut other = input.clone();
        (other.terms.price, other.terms.refund_share) = (adjustment.price, adjustment.refund_share);
        let then = assess(&other).unwrap();
        assert_eq!(then.verdict, Verdict::GoAhead, "{}", adjustment.text);
        assert!((then.decision_value.mean - adjustment.decision_value).abs() < 1e-9);
    }
    input.terms.price = price.price.next_up();
    assert_ne!(assess(&input).unwrap().verdict, Verdict::GoAhead, "a smaller change would not do");
}

#[test]
fn a_walk_away_says_what_would_change_it() {
    let mut input = bakery();
    input.questions = Some(vec![]);
    input.client.success = counted(3.0, 6.0);
    input.client.benefit_per_month = range(3_000.0, 5_000.0, 8_000.0);
    input.company.hour_value = 20.0;
    input.terms.refund_share = 0.0;
    let answer = assess(&input).unwrap();
    assert_eq!(answer.verdict, Verdict::WalkAway);
    let turn = answer
        .would_change_if
        .iter()
        .find(|turn| turn.parameter == "client.success")
        .unwrap_or_else(|| panic!("{answer}"));
    input.client.success = Rate::Known(turn.value);
    let then = assess(&input).unwrap();
    assert_eq!(then.verdict, Verdict::GoAhead, "{}: {then}", turn.text);
    input.client.success = Rate::Known(turn.value - 0.001);
    assert_ne!(assess(&input).unwrap().verdict, Verdict::GoAhead);
}

#[test]
fn the_same_question_has_the_same_answer_to_the_last_bit() {
    let answer = || serde_json::to_string(&assess(&bakery()).unwrap()).unwrap();
    assert_eq!(answer(), answer());
}

#[test]
fn the_document_has_the_promised_shape() {
    let document = serde_json::to_value(assess(&bakery()).unwrap()).unwrap();
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "client",
            "margin",
            "company",
            "decision_value",
            "fair_price",
            "path",
            "evpi",
            "questions",
            "drivers",
            "break_even",
            "verdict",
            "reasons",
            "adjustments",
            "would_change_if"
        ]
    );
    let mut input = bakery();
    input.company.path = None;
    let document = serde_json::to_value(assess(&input).unwrap()).unwrap();
    assert!(document["path"].is_null());
    let back: Assessment = serde_json::from_value(document).unwrap();
    assert_eq!(back.verdict, assess(&input).unwrap().verdict);
}

#[test]
fn bad_input_is_refused_by_its_place() {
    let minimal = r#"{"client":{"benefit_per_month":1000},"company":{},"terms":{"price":5000}}"#;
    assert!(read::<Input>(minimal.as_bytes()).and_then(|input| assess(&input)).is_ok());
    let change = |from: &str, to: &str| {
        let text = minimal.replacen(from, to, 1);
        assert_ne!(text, minimal);
        read::<Input>(text.as_bytes()).and_then(|input| assess(&input)).unwrap_err()
    };
    for (from, to, place) in [
        (":1000", r#":{"low":3,"likely":2,"high":4}"#, "client.benefit_per_month"),
        (":1000", ":1e300", "client.benefit_per_month"),
        (":1000", ":null", "client.benefit_per_month"),
        (":1000", r#":1000,"benefit":3"#, "client"),
        (r#""company":{}"#, r#""company":{"win":1.5}"#, "company.win"),
        (r#""company":{}"#, r#""company":{"win":0.5,"path":[]}"#, "company.win"),
        (r#""company":{}"#, r#""company":{"hours_to_close":2,"path":[]}"#, "company.hours_to_close"),
        (r#""company":{}"#, r#""company":{"hour_value":-1}"#, "company.hour_value"),
        (
            r#""company":{}"#,
            r#""company":{"path":[{"name":"a","hours":1,"pass":2}]}"#,
            "company.path[0].pass",
        ),
        (":5000", ":-5000", "terms.price"),
        (":5000", r#":5000,"refund_share":1.1"#, "terms.refund_share"),
        (":5000", r#":5000,"horizon_months":1e9"#, "terms.horizon_months"),
        (":5000}", r#":5000},"samples":3"#, "samples"),
        (":5000}", r#":5000},"questions":[{"parameter":"client.mood"}]"#, "questions[0].parameter"),
        (":5000}", r#":5000},"policy":{"client_floor":2}"#, "policy.client_floor"),
    ] {
        let error = change(from, to);
        assert!(error.place.starts_with(place), "{to}: {error}");
    }
    let mut input = bakery();
    input.terms.price = f64::NAN;
    assert_eq!(assess(&input).unwrap_err().place, "terms.price");
}

#[test]
fn a_certain_deal_is_plain_arithmetic() {
    let input = linear(10_000.0, known(4_000.0), known(500.0));
    let answer = assess(&input).unwrap();
    let client = 12e6 - 10_000.0;
    assert_eq!(answer.client, Surplus { mean: client, p10: client, p50: client, p90: client, positive: 1.0 });
    assert_eq!(
        answer.margin,
        Surplus { mean: 6_500.0, p10: 6_500.0, p50: 6_500.0, p90: 6_500.0, positive: 1.0 }
    );
    assert_eq!(answer.fair_price.floor, Some(3_500.0_f64.next_up()), "the margin must be above zero");
    assert_eq!((answer.evpi, answer.questions.len(), answer.drivers.len()), (0.0, 0, 0));
}

#[test]
fn the_curves_hold_all_the_chances_there_are() {
    let balance = densities(&bakery()).unwrap();
    for curve in [&balance.client, &balance.margin, &balance.company] {
        assert_eq!(curve.points.len(), POINTS);
        let step = curve.points[1].0 - curve.points[0].0;
        let area: f64 = curve.points.iter().map(|(_, density)| density * step).sum();
        assert!((area - 1.0).abs() < 0.02, "area {area}");
        assert!(balance.from <= curve.points[0].0 && balance.to >= curve.points[POINTS - 1].0);
    }
    let certain = densities(&linear(10_000.0, known(4_000.0), known(0.0))).unwrap();
    assert!(certain.margin.points.iter().all(|(x, density)| x.is_finite() && density.is_finite()));
}

prop_compose! {
    fn any_range(most: f64)(a in -0.2..1.0, b in 0.0..1.0, c in 0.0..1.0) -> Estimate {
        range(a * most, (a + b) * most, (a + b + c) * most)
    }
}

prop_compose! {
    fn any_rate()(kind in 0..3, share in 0.0..=1.0, trials in 0.0..60.0) -> Rate {
        match kind {
            0 => Rate::Known(share),
            1 => Rate::UNKNOWN,
            _ => counted(share * trials, trials),
        }
    }
}

prop_compose! {
    fn any_deal()(
        client in (any_range(5e3), any_range(8.0), any_rate(), any_range(8e3), any_range(9e3)),
        company in (any_range(9e3), any_range(400.0), any_range(2e3), 0.0..120.0, any_range(1e3)),
        steps in prop::option::of(prop::collection::vec((any_range(20.0), any_rate()), 0..4)),
        once in (any_range(60.0), any_rate()),
        terms in (0.0..50e3, 1.0..36.0, 0..=10),
        policy in (0.0..=1.0, 0.0..=1.0, 0.0..2.0),
    ) -> Input {
        let mut input = Input::new(client.0, terms.0);
        (input.client.months_to_benefit, input.client.success) = (client.1, client.2);
        (input.client.adoption_cost, input.client.alternative_value) = (client.3, client.4);
        (input.company.delivery_cost, input.company.service_cost_per_month) = (company.0, company.1);
        (input.company.strategic_value, input.company.hour_value) = (company.2, company.3);
        input.company.spend_to_close = company.4;
        match steps {
            Some(steps) => {
                let named = |(i, (hours, pass)): (usize, (Estimate, Rate))| Step { name: format!("step {i}"), hours, pass };
                input.company.path = Some(steps.into_iter().enumerate().map(named).collect());
            }
            None => (input.company.hours_to_close, input.company.win) = (Some(once.0), Some(once.1)),
        }
        (input.terms.horizon_months, input.terms.refund_share) = (terms.1, f64::from(terms.2) / 10.0);
        input.policy = Policy { client_floor: policy.0, company_floor: policy.1, client_weight: policy.2 };
        input.samples = 1_024;
        input
    }
}

fn scaled(estimate: Estimate, by: f64) -> Estimate {
    range(estimate.low() * by, estimate.likely() * by, estimate.high() * by)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_deal_has_a_finite_and_consistent_answer(input in any_deal()) {
        let answer = assess(&input).unwrap();
        let text = serde_json::to_string(&answer).unwrap();
        let report = answer.to_string();
        prop_assert!(!report.contains("NaN") && !report.contains("inf"));
        prop_assert_eq!(serde_json::from_str::<Assessment>(&text).unwrap().verdict, answer.verdict);
        for surplus in [answer.client, answer.margin, answer.company] {
            prop_assert!(surplus.mean.is_finite() && surplus.p10 <= surplus.p50 && surplus.p50 <= surplus.p90);
            prop_assert!((0.0..=1.0).contains(&surplus.positive));
        }
        for question in &answer.questions {
            prop_assert!(question.evppi >= 0.0 && question.evppi <= answer.evpi);
        }
        if answer.verdict == Verdict::Rebalance {
            prop_assert!(!answer.adjustments.is_empty());
            for adjustment in &answer.adjustments {
                let mut other = input.clone();
                (other.terms.price, other.terms.refund_share) = (adjustment.price, adjustment.refund_share);
                other.questions = Some(vec![]);
                prop_assert_eq!(assess(&other).unwrap().verdict, Verdict::GoAhead);
            }
        }
    }

    #[test]
    fn a_greater_unit_of_money_changes_nothing_else(input in any_deal()) {
        let by = 1_024.0;
        let mut other = input.clone();
        for estimate in [
            &mut other.client.benefit_per_month, &mut other.client.adoption_cost, &mut other.client.alternative_value,
            &mut other.company.delivery_cost, &mut other.company.service_cost_per_month,
            &mut other.company.strategic_value, &mut other.company.spend_to_close,
        ] {
            *estimate = scaled(*estimate, by);
        }
        other.company.hour_value *= by;
        other.terms.price *= by;
        let (one, two) = (assess(&input).unwrap(), assess(&other).unwrap());
        prop_assert_eq!(one.verdict, two.verdict);
        prop_assert_eq!(one.client.positive, two.client.positive);
        prop_assert!((one.decision_value.mean * by - two.decision_value.mean).abs() <= 1e-9 * (1.0 + two.company.p90.abs()));
        prop_assert!((one.company.p10 * by - two.company.p10).abs() <= 1e-9 * (1.0 + two.company.p10.abs()));
        prop_assert!((one.evpi * by - two.evpi).abs() <= 1e-6 * (1.0 + two.evpi));
    }

    #[test]
    fn a_price_that_covers_a_greater_cost_leaves_our_side_as_it_was(input in any_deal(), more in 0.0..20e3) {
        let mut input = input;
        input.terms.refund_share = 0.0;
        input.company.delivery_cost = range(5e3, 9e3, 20e3);
        let mut other = input.clone();
        other.terms.price += more;
        other.company.strategic_value = {
            let r = input.company.strategic_value;
            range(r.low() - more, r.likely() - more, r.high() - more)
        };
        // The client pays more and needs an alternative that is worth as much less.
        other.client.alternative_value = {
            let x = input.client.alternative_value;
            range(x.low() - more, x.likely() - more, x.high() - more)
        };
        let (one, two) = (assess(&input).unwrap(), assess(&other).unwrap());
        for (a, b) in [(one.client, two.client), (one.margin, two.margin), (one.company, two.company)] {
            prop_assert!((a.mean - b.mean).abs() < 1e-6 && (a.p10 - b.p10).abs() < 1e-6 && (a.p90 - b.p90).abs() < 1e-6);
        }
        prop_assert!((one.decision_value.mean - two.decision_value.mean).abs() < 1e-6);
    }

    #[test]
    fn a_higher_price_never_helps_them_nor_harms_our_margin(input in any_deal(), more in 0.0..30e3) {
        let mut dearer = input.clone();
        dearer.terms.price += more;
        let (one, two) = (assess(&input).unwrap(), assess(&dearer).unwrap());
        prop_assert!(two.client.positive <= one.client.positive && two.client.mean <= one.client.mean + 1e-9);
        prop_assert!(two.margin.positive >= one.margin.positive && two.margin.mean >= one.margin.mean - 1e-9);
        prop_assert!(two.company.p50 >= one.company.p50 - 1e-9);
        prop_assert_eq!(one.fair_price, two.fair_price);
    }

    #[test]
    fn a_greater_benefit_never_harms_anyone(input in any_deal(), more in 1.0..3.0) {
        let mut better = input.clone();
        better.client.benefit_per_month = scaled(better.client.benefit_per_month, more);
        prop_assume!(better.client.benefit_per_month.low() >= 0.0);
        let (one, two) = (assess(&input).unwrap(), assess(&better).unwrap());
        prop_assert!(two.client.positive >= one.client.positive && two.client.mean >= one.client.mean - 1e-9);
        prop_assert!(two.decision_value.mean >= one.decision_value.mean - 1e-9);
        prop_assert!(two.fair_price.ceiling.unwrap_or(0.0) >= one.fair_price.ceiling.unwrap_or(0.0));
    }

    #[test]
    fn no_document_makes_it_panic(
        cut in 0..600_usize, with in "[-0-9a-z\"{}\\[\\]:,. ]{0,6}", samples in 0..100_u32,
    ) {
        let mut input = bakery();
        input.samples = samples;
        let text = serde_json::to_string(&input).unwrap();
        let cut = cut.min(text.len());
        let broken = format!("{}{with}{}", &text[..cut], &text[cut..]);
        let answer = read::<Input>(broken.as_bytes()).and_then(|input| assess(&input));
        prop_assert!(answer.is_ok_and(|answer| answer.evpi.is_finite()) || samples < 100);
    }
}

#[test]
fn figures_at_their_limits_stay_finite() {
    let mut input = bakery();
    let huge = range(-FIGURE_MAX, 0.0, FIGURE_MAX);
    input.client.benefit_per_month = huge;
    input.client.adoption_cost = huge;
    input.client.alternative_value = huge;
    input.company.delivery_cost = huge;
    input.company.service_cost_per_month = huge;
    input.company.strategic_value = huge;
    input.company.spend_to_close = huge;
    input.company.hour_value = FIGURE_MAX;
    input.policy.client_weight = CLIENT_WEIGHT_MAX;
    input.terms.horizon_months = HORIZON_MONTHS_MAX;
    let step = Step { name: "one of many".into(), hours: huge, pass: counted(TRIALS_MAX / 2.0, TRIALS_MAX) };
    input.company.path = Some(vec![step; STEPS_MAX]);
    for price in [0.0, 1e-300, FIGURE_MAX] {
        for refund_share in [0.0, 1.0] {
            (input.terms.price, input.terms.refund_share) = (price, refund_share);
            input.samples = SAMPLES_MIN;
            let text = serde_json::to_string(&assess(&input).unwrap()).unwrap();
            assert!(serde_json::from_str::<Assessment>(&text).is_ok(), "a figure is null: {text}");
            let balance = densities(&input).unwrap();
            assert!(balance.client.points.iter().all(|(x, density)| x.is_finite() && density.is_finite()));
        }
    }
}
