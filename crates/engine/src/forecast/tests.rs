use super::*;
use crate::random::Random;
use crate::shared_data;
use proptest::prelude::*;
use std::fmt::Write as _;

fn deals(outcome: &str, won: &str, lost: Option<&str>) -> DealColumns {
    DealColumns {
        outcome: outcome.into(),
        won: won.into(),
        lost: lost.map(Into::into),
        ..DealColumns::default()
    }
}

/// Deals that go well with a budget and badly with many competitors, and a column of noise.
fn small_world(n: usize, seed: u64) -> String {
    let mut random = Random::seeded(seed);
    let mut csv = String::from("budget,competitors,weather,outcome\n");
    for _ in 0..n {
        let budget = ["Yes", "No", "Unknown"][random.below(3)];
        let competitors = random.below(6);
        let weather = ["sun", "rain"][random.below(2)];
        let score = if budget == "Yes" { 1.5 } else { -0.5 } - 0.6 * (competitors as f64 - 2.5);
        let outcome = if random.uniform() < logistic::share(score) { "Won" } else { "Lost" };
        let _ = writeln!(csv, "{budget},{competitors},{weather},{outcome}");
    }
    csv
}

fn fit_small(csv: &str) -> Model {
    fit(csv.as_bytes(), &FitOptions { deals: deals("outcome", "Won", None), ..FitOptions::default() })
        .unwrap()
}

#[test]
fn what_helps_is_learned_and_what_does_not_is_shrunk() {
    let model = fit_small(&small_world(600, 1));
    assert_eq!(model.note, None);
    let predictor = Predictor::new(&model);
    let chance = |budget: &str, competitors: &str, weather: &str| {
        let answer = |name: &str| match name {
            "budget" => Some(budget.to_owned()),
            "competitors" => Some(competitors.to_owned()),
            _ => Some(weather.to_owned()),
        };
        let (b, c, w) =
            (answer("budget").unwrap(), answer("competitors").unwrap(), answer("weather").unwrap());
        predictor
            .predict(|name| {
                Some(match name {
                    "budget" => &b,
                    "competitors" => &c,
                    _ => &w,
                })
            })
            .probability
    };
    assert!((chance("Yes", "0", "sun") - logistic::share(3.0)).abs() < 0.08);
    assert!((chance("No", "5", "sun") - logistic::share(-2.0)).abs() < 0.08);
    assert!((chance("Yes", "2", "sun") - chance("Yes", "2", "rain")).abs() < 0.1);
}

#[test]
fn pure_noise_is_answered_with_the_average() {
    let mut better = 0;
    for seed in 0..40 {
        let mut random = Random::seeded(seed);
        let mut csv = String::from("a,b,c,d,outcome\n");
        for _ in 0..200 {
            let cell = |random: &mut Random| ["x", "y", "z"][random.below(3)];
            let (a, b, c) = (cell(&mut random), cell(&mut random), cell(&mut random));
            let _ = writeln!(
                csv,
                "{a},{b},{c},{},{}",
                random.uniform(),
                if random.uniform() < 0.4 { "Won" } else { "Lost" }
            );
        }
        better += usize::from(fit_small(&csv).note.is_none());
    }
    assert!(better <= 4, "{better} of 40 tables of noise were taken for knowledge");
}

#[test]
fn a_model_read_back_predicts_the_same_bytes() {
    let csv = small_world(300, 2);
    let model = fit_small(&csv);
    let again = Model::read(model.to_json().as_bytes()).unwrap();
    assert_eq!(model.to_json(), again.to_json());
    let table = |model: &Model| {
        let mut out = Vec::new();
        Predictor::new(model).table(csv.as_bytes(), &PredictOptions::default(), &mut out).unwrap();
        out
    };
    assert_eq!(table(&model), table(&again));
    assert_eq!(model, fit_small(&csv), "fitted twice");
}

#[test]
fn predictions_keep_the_rows_and_add_four_columns() {
    let model = fit_small(&small_world(300, 2));
    let csv = "id;note;budget;competitors;weather\n1;\"a;b\";Yes;1;sun\n2;;Perhaps;;rain\n3;;Unknown;many;sun\n4;;No;50;sun\n";
    let mut out = Vec::new();
    let sum = Predictor::new(&model).table(csv.as_bytes(), &PredictOptions::default(), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "id;note;budget;competitors;weather;probability;low;high;forecast_note");
    assert!(lines[1].starts_with("1;\"a;b\";Yes;1;sun;0."), "{}", lines[1]);
    assert!(lines[2].ends_with(";`Perhaps` in budget was not seen before"), "{}", lines[2]);
    assert!(lines[3].ends_with(";`many` in competitors is not a number"), "{}", lines[3]);
    assert!(lines[4].ends_with(";competitors lies outside what was seen before"), "{}", lines[4]);
    assert_eq!((sum.rows, sum.noted), (4, 3));
    for line in &lines[1..] {
        let cells: Vec<&str> = line.rsplit(';').take(4).collect();
        let share = |at: usize| cells[at].parse::<f64>().unwrap();
        assert!(share(2) < share(3) && share(3) < share(1), "{line}");
    }
}

#[test]
fn an_interval_holds_the_true_chance_about_as_often_as_it_says() {
    let (mut held, mut all) = (0, 0);
    for seed in 0..20 {
        let model = fit_small(&small_world(400, 100 + seed));
        let predictor = Predictor::new(&model);
        for budget in ["Yes", "No"] {
            for competitors in ["0", "1", "2", "3", "4", "5"] {
                let x: f64 = competitors.parse().unwrap();
                let truth = logistic::share(if budget == "Yes" { 1.5 } else { -0.5 } - 0.6 * (x - 2.5));
                let said = predictor.predict(|name| {
                    Some(match name {
                        "budget" => budget,
                        "competitors" => competitors,
                        _ => "sun",
                    })
                });
                held += usize::from(said.low <= truth && truth <= said.high);
                all += 1;
            }
        }
    }
    let share = f64::from(held as u32) / f64::from(all);
    assert!((0.68..0.92).contains(&share), "{share}");
}

#[test]
fn columns_known_only_after_the_fact_are_named_and_left_out() {
    let mut random = Random::seeded(3);
    let mut csv = String::from("id,budget,close_value,loss_reason,signed,same,created,outcome\n");
    for i in 0..400 {
        let open = i % 4 == 0;
        let budget = ["Yes", "No"][random.below(2)];
        let won = random.uniform() < if budget == "Yes" { 0.7 } else { 0.3 };
        let value = if open {
            String::new()
        } else if won {
            (500 + random.below(900)).to_string()
        } else {
            "0".into()
        };
        let reason = if !open && !won && random.uniform() < 0.6 { "price" } else { "" };
        let signed = if open || random.uniform() < 0.2 { "" } else { "2026-01-01" };
        let outcome = if open {
            ""
        } else if won {
            "Won"
        } else {
            "Lost"
        };
        let _ =
            writeln!(csv, "D{i}x,{budget},{value},{reason},{signed},1,2026-01-{:02},{outcome}", 1 + i % 28);
    }
    let options = FitOptions { deals: deals("outcome", "Won", None), ..FitOptions::default() };
    let model = fit(csv.as_bytes(), &options).unwrap();
    assert_eq!(model.questions().collect::<Vec<_>>(), ["budget"]);
    let why = |column: &str| model.left_out.iter().find(|left| left.column == column).unwrap().why.clone();
    for column in ["close_value", "loss_reason"] {
        assert!(why(column).starts_with("known only after the fact"), "{}", why(column));
    }
    assert_eq!(why("id"), "different in nearly every deal");
    let forced = FitOptions { force: vec!["close_value".into()], ..options };
    let model = fit(csv.as_bytes(), &forced).unwrap();
    assert!(model.questions().any(|column| column == "close_value"));
    assert!(model.left_out.iter().any(|left| left.column == "close_value" && left.forced));
}

#[test]
fn a_strong_honest_column_is_not_taken_for_a_leak() {
    let mut random = Random::seeded(4);
    let mut csv = String::from("fit,outcome\n");
    for _ in 0..400 {
        let good = random.uniform() < 0.5;
        let won = random.uniform() < if good { 0.88 } else { 0.12 };
        let _ = writeln!(csv, "{},{}", if good { "good" } else { "poor" }, if won { "Won" } else { "Lost" });
    }
    assert!(fit_small(&csv).left_out.is_empty());
}

#[test]
fn what_is_asked_next_is_what_would_tell_most() {
    let model = fit_small(&small_world(600, 1));
    let asked = model.ask_next(|_| None);
    assert_eq!(asked.last().unwrap().question, "weather");
    assert!(asked.is_sorted_by(|a, b| a.fall >= b.fall));
    let asked = model.ask_next(|name| (name == "budget").then_some("Yes"));
    assert_eq!(asked.iter().map(|q| q.question.as_str()).collect::<Vec<_>>(), ["competitors", "weather"]);
}

/// Of the deals won 90% had a budget and 80% a sponsor, of those lost 10% and 20%; each answer for itself.
#[test]
fn what_is_known_already_tells_which_answers_to_expect() {
    let mut csv = String::from("budget,sponsor,outcome\n");
    for (outcome, budget, sponsor) in [("Won", 9, 8), ("Lost", 1, 2)] {
        for n in 0..100 {
            let answer = |of_ten: usize, n: usize| if n < of_ten { "Yes" } else { "No" };
            let _ = writeln!(csv, "{},{},{outcome}", answer(budget, n / 10), answer(sponsor, n % 10));
        }
    }
    let model = fit_small(&csv);
    let predictor = Predictor::new(&model);
    let chance = |budget: &str, sponsor: &str| {
        predictor.predict(|name| Some(if name == "budget" { budget } else { sponsor })).probability
    };
    let asked = model.ask_next(|name| (name == "budget").then_some("Yes"));
    // By hand: with a budget p are won, so the sponsor is there in 80% of p and 20% of the rest.
    let p = chance("Yes", "");
    let yes = p * 0.8 + (1.0 - p) * 0.2;
    let (with, without) = (chance("Yes", "Yes"), chance("Yes", "No"));
    let fall = yes * (1.0 - yes) * (with - without) * (with - without);
    assert!((asked[0].fall - fall).abs() < 0.02 * fall, "{} beside {fall}", asked[0].fall);
    // As often as the answers come overall, it would be a good deal more.
    assert!(0.25 * (with - without) * (with - without) > 1.2 * fall);
}

#[test]
fn bad_input_is_answered_with_the_place() {
    let table = b"a,b,outcome\n1,x,Won\n2,y,Lost\n3,z,Talking\n";
    let error = |deals: DealColumns| {
        fit(table, &FitOptions { deals, ..FitOptions::default() }).unwrap_err().to_string()
    };
    assert!(
        error(deals("result", "Won", None))
            .starts_with("--outcome: the table has no column `result`; it has `a`, `b`")
    );
    assert!(error(deals("outcome", "Yes", None)).starts_with("--won: no row has `Yes`"));
    assert!(error(deals("outcome", "Won", Some("Gone"))).starts_with("--lost: no row has `Gone`"));
    assert!(
        error(deals("outcome", "Won", Some("won"))).starts_with("--lost: won and lost must be different")
    );
    for (document, words) in [
        (&b""[..], "not a forecast model"),
        (b"{}", "not a forecast model"),
        (br#"{"format": "sameside-promise", "version": 1}"#, "this is a `sameside-promise`"),
        (br#"{"format": "sameside-forecast", "version": 9}"#, "version 9"),
    ] {
        let error = Model::read(document).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let damaged =
        fit_small(&small_world(300, 2)).to_json().replacen("\"covariance\":[", "\"covariance\":[1,", 1);
    assert!(Model::read(damaged.as_bytes()).unwrap_err().to_string().starts_with("covariance: "));
}

#[test]
fn stages_of_open_deals_are_not_losses() {
    let csv = "a,outcome\n1,Won\n2,Lost\n3,Talking\n4,\n";
    let model =
        fit(csv.as_bytes(), &FitOptions { deals: deals("outcome", "Won", None), ..FitOptions::default() })
            .unwrap();
    assert_eq!((model.n, model.n_won), (2, 1));
    assert_eq!(model.notes, ["`Talking` in `outcome` count as open deals"]);
}

/// Hand-made: eight deals; won at 2, lost at 3, open until 3, won at 5 twice, lost at 5, open until 6, won at 8.
#[test]
fn ages_follow_the_table_of_aalen_and_johansen() {
    use ages::Ending::{Lost, Open, Won};
    let ages =
        Ages::of(&[(2, Won), (3, Lost), (3, Open), (5, Won), (5, Won), (5, Lost), (6, Open), (8, Won)])
            .unwrap();
    assert_eq!(ages.days, [2, 3, 5, 8]);
    assert_eq!(ages.at_risk, [8, 7, 5, 1]);
    // S: 7/8; ·6/7 = 3/4; ·2/5 = 3/10; ·0. Won: 1/8; same; +3/4·2/5 = 17/40; +3/10 = 29/40. Lost: 0; 1/8; +3/4·1/5 = 11/40.
    let close =
        |have: &[f32], want: [f64; 4]| have.iter().zip(want).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6);
    assert!(close(&ages.open, [0.875, 0.75, 0.3, 0.0]), "{:?}", ages.open);
    assert!(close(&ages.won, [0.125, 0.125, 0.425, 0.725]), "{:?}", ages.won);
    assert!(close(&ages.lost, [0.0, 0.125, 0.275, 0.275]), "{:?}", ages.lost);
    let near = |have: Option<f64>, want: f64| (have.unwrap() - want).abs() < 1e-6;
    assert!(near(ages.won_if_open(4, 0.0), 0.6 / 0.75));
    assert!(near(ages.won_within(4, 1, 0.0), 0.3 / 0.75));
    assert_eq!(ages.won_if_open(9, 0.0), None);
}

proptest! {
    #[test]
    fn shares_of_ages_add_up(followed in proptest::collection::vec((0_u32..50, 0_usize..3), 1..60)) {
        let followed: Vec<_> = followed.into_iter().map(|(age, e)| (age, [ages::Ending::Won, ages::Ending::Lost, ages::Ending::Open][e])).collect();
        if let Some(ages) = Ages::of(&followed) {
            for at in 0..ages.days.len() {
                prop_assert!((ages.open[at] + ages.won[at] + ages.lost[at] - 1.0).abs() < 1e-5);
            }
            for age in 0..60 {
                if let (Some(ever), Some(soon)) = (ages.won_if_open(age, 0.3), ages.won_within(age, 20, 0.3)) {
                    prop_assert!((0.0..=1.0).contains(&ever) && soon <= ever + 1e-9);
                }
            }
        }
    }

    #[test]
    fn no_table_is_too_odd_to_answer(csv in "a,b,o,p,v\n([xy1,\"\n./-]{0,6},[0-9.]{0,3},(W|L|),[0-9/-]{0,10},[0-9]{0,2}\n){0,8}") {
        let mut deals = deals("o", "W", None);
        let _ = fit(csv.as_bytes(), &FitOptions { deals: deals.clone(), ..FitOptions::default() });
        deals.opened = Some("p".into());
        deals.closed = Some("p".into());
        let _ = fit(csv.as_bytes(), &FitOptions { deals: deals.clone(), ..FitOptions::default() });
        let _ = evaluate(csv.as_bytes(), &EvaluateOptions { deals: deals.clone(), folds: 2, ..EvaluateOptions::default() });
        let _ = pipeline(csv.as_bytes(), &PipelineOptions { deals, value: "v".into(), ..PipelineOptions::default() });
    }
}

#[test]
fn real_qualification_answers_predict_better_than_the_average() {
    let Some(csv) = shared_data("qualification/b2b-deals.csv") else { return };
    let options =
        EvaluateOptions { deals: deals("Status", "Won", Some("Lost")), ..EvaluateOptions::default() };
    let all = evaluate(&csv, &options).unwrap();
    println!("{}", all.report());
    assert!(all.brier.value <= 0.185 && all.brier_gain.low > 0.0, "{:?}", all.brier);
    assert_eq!(all.note, None);
    let five = evaluate(&csv, &EvaluateOptions { questions: Some(5), ..options }).unwrap();
    println!("{}", five.report());
    assert!(five.brier.value <= all.brier.value + 0.002, "{:?} beside {:?}", five.brier, all.brier);
}

#[test]
fn a_real_pipeline_without_signal_is_told_to_be_so() {
    let Some(csv) = shared_data("crm-pipeline/sales_pipeline.csv") else { return };
    let mut columns = deals("deal_stage", "Won", Some("Lost"));
    columns.opened = Some("engage_date".into());
    columns.closed = Some("close_date".into());
    let model = fit(&csv, &FitOptions { deals: columns.clone(), ..FitOptions::default() }).unwrap();
    println!("{}", model.report());
    assert_eq!(model.note.as_deref(), Some(NO_BETTER));
    assert!(model.left_out.iter().any(|left| left.column == "close_value"));
    let bare =
        fit(&csv, &FitOptions { deals: deals("deal_stage", "Won", None), ..FitOptions::default() }).unwrap();
    assert_eq!(bare.note.as_deref(), Some(NO_BETTER));
    // As of the first of each month: what the 90 days really brought lies in the range about as often as it says.
    let table = crate::table::Table::read(&csv).unwrap();
    let at = |name: &str| table.find(name, "").unwrap();
    let (mut held, mut all, mut errors) = (0, 0, Vec::new());
    for month in [4, 5, 6, 7, 8, 9] {
        let as_of = Date::of(2017, month, 1).unwrap();
        let options = PipelineOptions {
            deals: columns.clone(),
            value: "close_value".into(),
            like: Some("product".into()),
            as_of: Some(as_of),
            ..PipelineOptions::default()
        };
        let told = pipeline(&csv, &options).unwrap();
        for horizon in &told.horizons {
            let mut brought = 0.0;
            for row in 0..table.rows() {
                let day = |name: &str| {
                    let mut parts =
                        table.cell(row, at(name)).split('/').map(|part| part.parse::<i32>().unwrap_or(0));
                    let (month, day, year) =
                        (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
                    Date::of(year, month, day)
                };
                if let (Some(opened), Some(closed)) = (day("engage_date"), day("close_date"))
                    && opened <= as_of
                    && closed > as_of
                    && closed <= as_of.plus(horizon.days as i32)
                    && table.cell(row, at("deal_stage")) == "Won"
                {
                    brought += table.cell(row, at("close_value")).parse::<f64>().unwrap();
                }
            }
            println!(
                "{as_of} {:>2} days: {:.0} {:.0} {:.0}, came {brought:.0}",
                horizon.days, horizon.p10, horizon.p50, horizon.p90
            );
            held += usize::from((horizon.p10..=horizon.p90).contains(&brought));
            all += 1;
            errors.push((horizon.p50 - brought).abs() / brought);
        }
    }
    let error = errors.iter().sum::<f64>() / errors.len() as f64;
    println!("held {held} of {all}, mean relative error {error:.2}");
    assert!(error < 0.7 && 2 * held > all, "{error}, {held} of {all}");
}

#[test]
fn parts_of_a_pipeline_are_told_from_the_same_futures_as_the_whole() {
    let mut csv = String::from("id,outcome,opened,closed,value,owner\n");
    for n in 0..240 {
        let opened = Date::of(2026, 1, 1).unwrap().plus(n % 90);
        let (outcome, closed) = match n % 4 {
            0 => ("won", opened.plus(20 + n % 17).to_string()),
            1 => ("lost", opened.plus(15 + n % 29).to_string()),
            _ => ("", String::new()),
        };
        csv.push_str(&format!(
            "{n},{outcome},{opened},{closed},{},{}\n",
            100 + n,
            ["Ada", "Ben", ""][n as usize % 3]
        ));
    }
    let mut columns = deals("outcome", "won", Some("lost"));
    (columns.opened, columns.closed) = (Some("opened".into()), Some("closed".into()));
    let parts = [&["Ada"][..], &["Ben"], &[""], &["Ada", "Ben", ""], &["Nobody"]];
    let options = PipelineOptions {
        deals: columns,
        value: "value".into(),
        as_of: Date::of(2026, 4, 10),
        ignore: vec!["id".into()],
        by: Some("owner".into()),
        parts: parts.iter().map(|part| part.iter().map(|&cell| cell.to_owned()).collect()).collect(),
        ..PipelineOptions::default()
    };
    let told = pipeline(csv.as_bytes(), &options).unwrap();
    let [ada, ben, unowned, all, nobody] = told.parts.as_slice() else { panic!("five parts") };
    assert_eq!(all.horizons, told.horizons);
    assert_eq!((all.n_open, nobody.n_open), (told.n_open, 0));
    assert_eq!(ada.n_open + ben.n_open + unowned.n_open, told.n_open);
    for (at, horizon) in told.horizons.iter().enumerate() {
        let deals: f64 = [ada, ben, unowned].map(|part| part.horizons[at].deals).iter().sum();
        assert!((deals - horizon.deals).abs() < 1e-6 && horizon.deals > 0.0, "{deals} {}", horizon.deals);
        assert!(nobody.horizons[at].p90.abs() < f64::EPSILON);
    }
}

#[test]
fn a_few_old_deals_that_all_ended_alike_are_no_certainty() {
    // 200 deals end within 60 days, half of them won; three more are won after 90.
    let mut csv = String::from("outcome,opened,closed,product\n");
    for n in 0..203 {
        let opened = Date::of(2026, 1, 1).unwrap().plus(n % 30);
        let days = if n >= 200 { 90 } else { 5 + n % 55 };
        let won = n >= 200 || n % 2 == 0;
        csv.push_str(&format!("{},{opened},{},a\n", if won { "won" } else { "lost" }, opened.plus(days)));
    }
    let mut columns = deals("outcome", "won", Some("lost"));
    (columns.opened, columns.closed) = (Some("opened".into()), Some("closed".into()));
    let model = fit(csv.as_bytes(), &FitOptions { deals: columns, ..FitOptions::default() }).unwrap();
    let new = Predictor::new(&model).predict(|_| None);
    assert_eq!(model.at_age(new.probability, 80).unwrap().ever, 1.0, "three of three");
    let old = model.aged(&new, 80).unwrap();
    assert!(old.counts_as < 60 && old.n >= 20, "{old:?}");
    assert!(
        (0.4..0.75).contains(&old.ever) && old.low < old.ever - 0.1 && old.high > old.ever + 0.1,
        "{old:?}"
    );
    let young = model.aged(&new, 1).unwrap();
    assert!(young.counts_as == 1 && young.high - young.low < old.high - old.low, "{young:?} {old:?}");
    assert!(young.within_30 < young.within_90 && young.within_90 <= young.ever + 1e-9);
}
