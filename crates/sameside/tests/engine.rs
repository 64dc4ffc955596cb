//! The engine at the command line, as a person or another program calls it: the real binary, its two outputs and its
//! exit status.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops here"
)]

use serde_json::{Value, json};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a run of the program came to.
struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The one sentence the program refuses with.
    fn refusal(&self) -> &str {
        assert_eq!(self.status, 2, "{}{}", self.out, self.err);
        assert_eq!(self.out, "", "nothing on standard output");
        let sentence = self.err.trim_end().strip_prefix("error: ").unwrap_or_else(|| panic!("{}", self.err));
        assert!(!sentence.contains('\n') && !sentence.contains("panicked"), "{sentence}");
        sentence
    }
}

fn sameside(arguments: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sameside"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || match pipe.write_all(&input) {
        // It may have read enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("{error}"),
        _ => (),
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder of a test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sameside-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const DOCUMENTS: [&str; 5] = ["assess", "negotiate", "plan", "timeline", "attention"];

/// The document of the worked example in a command's help.
fn example(command: &str) -> String {
    let help = sameside(&[command, "--help"], b"");
    assert_eq!((help.status, help.err.as_str()), (0, ""));
    let (_, after) = help.out.split_once("<<'END'\n").unwrap();
    after.split_once("\n  END").unwrap().0.to_owned()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// A hundred and twenty deals in which those with a budget are mostly won.
fn deals() -> String {
    let mut text = String::from("Id,Budget,Source,Status\n");
    for n in 0..120 {
        let (budget, source) = (n % 2 == 0, ["Web", "Fair", "Referral"][n % 3]);
        let won = budget != (n % 9 == 0);
        let (budget, status) = (if budget { "Yes" } else { "No" }, if won { "Won" } else { "Lost" });
        text += &format!("{n},{budget},{source},{status}\n");
    }
    text
}

#[test]
fn each_example_in_the_help_works_and_comes_out_as_the_help_says() {
    for (command, says) in [
        ("assess", vec!["Go ahead", "80 of 100", "5,000"]),
        ("negotiate", vec!["90", "2 years"]),
        ("plan", vec!["visit", "check in"]),
        ("timeline", vec!["2026-01-19", "89%"]),
        ("attention", vec!["Anna's", "4"]),
    ] {
        let run = sameside(&[command, "-"], example(command).as_bytes());
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{command}");
        for word in says {
            assert!(run.out.contains(word), "{command} says {word}: {}", run.out);
        }
        assert!(serde_json::from_str::<Value>(&run.out).is_err(), "{command} prints a report by default");
    }
}

#[test]
fn assess_prints_the_document_of_the_engine_to_the_last_bit() {
    let document = example("assess");
    let folder = Folder::new("assess");
    let file = folder.file("deal.json", &document);
    let printed = sameside(&["assess", "--json", &file], b"");
    let input: engine::assess::Input = engine::read(document.as_bytes()).unwrap();
    let called = serde_json::to_string(&engine::assess::assess(&input).unwrap()).unwrap();
    assert_eq!(printed.out, called + "\n");
    assert_eq!(sameside(&["assess", "-", "--json"], document.as_bytes()).out, printed.out);
    let answer = printed.json();
    assert_eq!(
        keys(&answer),
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
    assert_eq!(keys(&answer["client"]), ["mean", "p10", "p50", "p90", "positive"]);
    assert_eq!(keys(&answer["fair_price"]), ["floor", "ceiling"]);
    assert_eq!(answer["client"]["mean"], json!(3200.0));
    assert_eq!(answer["verdict"], json!("go_ahead"));
}

#[test]
fn the_other_documents_have_their_fields() {
    let answer = |command| sameside(&[command, "-", "--json"], example(command).as_bytes()).json();
    let negotiation = answer("negotiate");
    assert_eq!(negotiation["outcomes"], json!("4"));
    assert_eq!(negotiation["dominated"], json!(true));
    assert_eq!(
        negotiation["improvements"][0]["package"],
        json!({"Price": "90", "Term": "2 years"}),
        "{negotiation}"
    );
    for field in [
        "frontier",
        "frontier_size",
        "agreement_possible",
        "nash",
        "kalai_smorodinsky",
        "egalitarian",
        "utilitarian",
        "offers",
    ] {
        assert!(negotiation.get(field).is_some(), "{field}");
    }
    let plan = answer("plan");
    assert_eq!(plan["chosen"], json!([{"member": "Ada", "hours": 7.0, "actions": ["visit", "check in"]}]));
    for field in ["value", "uncared", "broken_promises", "hour_value", "upper_bound", "gap", "price_of_care"]
    {
        assert!(plan.get(field).is_some(), "{field}");
    }
    let timeline = answer("timeline");
    assert_eq!(timeline["request"]["earliest"]["p80"], json!("2026-01-19"));
    assert_eq!(keys(&timeline["committed"][0]), ["name", "due", "without", "with"]);
    let attention = answer("attention");
    assert_eq!(attention["neglected"][0]["client"], json!("A"));
    assert_eq!(attention["quartiles"][0]["median_wait_hours"], json!(4.0));
}

#[test]
fn what_is_wrong_with_a_document_is_told_in_one_sentence_that_names_the_place() {
    let of = |benefit: &str, rest: &str| {
        format!(
            r#"{{"client": {{"benefit_per_month": {benefit}}}, "company": {{}}, "terms": {{"price": 1}}{rest}}}"#
        )
    };
    for (document, place) in [
        (of(r#"{"low": 3, "likely": 2, "high": 1}"#, ""), "client.benefit_per_month: "),
        (of(r#""much""#, ""), "client.benefit_per_month: "),
        (of("NaN", ""), "client.benefit_per_month: "),
        (of("1e999", ""), "client.benefit_per_month: "),
        (of("null", ""), "client.benefit_per_month: "),
        (of("[1]", ""), "client.benefit_per_month: "),
        (of("1", r#", "colour": 1"#), "colour: "),
        (of("1", r#", "policy": {"client_floor": 2}"#), "policy.client_floor: "),
        (of("1", r#", "samples": -1"#), "samples: "),
        (of("1", "") + "{}", "trailing"),
        (of("1", ", \"new\\nline\\u001b[2J\": 1"), ""),
        (of("1", &format!(r#", "{}": 1"#, "long".repeat(1 << 20))), ""),
        (r#"{"company": {}, "terms": {"price": 1}}"#.into(), "missing field `client`"),
        ("[".repeat(1 << 20), ""),
        ("\u{1}".into(), ""),
    ] {
        let run = sameside(&["assess", "-"], document.as_bytes());
        let sentence = run.refusal();
        assert!(sentence.starts_with(place), "{place:?}: {sentence}");
        assert!(sentence.chars().count() <= 601 && !sentence.contains('\u{1b}'), "{sentence}");
        assert_eq!(sameside(&["assess", "-", "--json"], document.as_bytes()).refusal(), sentence);
    }
}

#[test]
fn every_document_command_refuses_what_is_no_document_for_it() {
    let too_large = vec![b' '; engine::INPUT_BYTES_MAX + 1];
    for command in DOCUMENTS {
        let refused = |input: &[u8]| sameside(&[command, "-"], input).refusal().to_owned();
        assert_eq!(refused(b""), "the input is empty: a JSON document is needed", "{command}");
        assert_eq!(refused(b" \n"), "the input is empty: a JSON document is needed", "{command}");
        for input in [&b"{}"[..], b"{", b"null", b"1", b"[]", b"\xFF\xFE", b"{\"a\":NaN}", b"\0"] {
            refused(input);
        }
        let document = example(command);
        let unknown = document.trim_start().replacen('{', r#"{"colour": 1, "#, 1);
        let sentence = refused(unknown.as_bytes());
        assert!(sentence.starts_with("colour: unknown field `colour`"), "{command}: {sentence}");
        for cut in (0..document.trim_end().len()).step_by(17) {
            refused(&document.as_bytes()[..cut]);
        }
        let missing = sameside(&[command, "no-such-file.json"], b"");
        assert_eq!(missing.refusal(), "no-such-file.json: there is no such file");
        let folder = sameside(&[command, env!("CARGO_MANIFEST_DIR")], b"");
        assert!(folder.refusal().starts_with(env!("CARGO_MANIFEST_DIR")));
    }
    let large = sameside(&["assess", "-"], &too_large);
    assert_eq!(large.refusal(), "the input is larger than 64 MiB: split it or leave out what is not needed");
}

#[test]
fn an_input_without_end_is_not_read_to_its_end() {
    let run = |arguments: &[&str]| sameside(arguments, b"").refusal().to_owned();
    if std::path::Path::new("/dev/zero").exists() {
        assert!(run(&["assess", "/dev/zero"]).contains("larger than 64 MiB"));
        assert!(
            run(&["forecast", "evaluate", "/dev/zero", "--outcome", "a", "--won", "b"])
                .contains("larger than 64 MiB")
        );
    }
}

#[test]
fn a_genius_scenario_is_read_from_three_files_and_a_third_profile_refused() {
    let folder = Folder::new("genius");
    let issues = |evaluations: [[u32; 2]; 2]| {
        let mut text = String::from(r#"<objective index="0" etype="objective" type="objective" name="all">"#);
        for (i, evaluation) in (1..).zip(evaluations) {
            text += &format!(r#"<issue etype="discrete" index="{i}" name="Issue {i}" type="discrete">"#);
            for (j, value) in (1..).zip(evaluation) {
                text += &format!(r#"<item index="{j}" value="Option {j}" evaluation="{value}"/>"#);
            }
            text += "</issue>";
        }
        text += "</objective>";
        text
    };
    let profile = |evaluations| {
        let weights = r#"<weight index="1" value="0.5"/><weight index="2" value="0.5"/>"#;
        let inside = issues(evaluations).replacen("</objective>", &format!("{weights}</objective>"), 1);
        format!("<utility_space>{inside}</utility_space>")
    };
    let domain = folder.file(
        "domain.xml",
        format!(
            r#"<negotiation_template><utility_space number_of_issues="2">{}</utility_space></negotiation_template>"#,
            issues([[0, 0], [0, 0]])
        ),
    );
    let ours = folder.file("ours.xml", profile([[4, 1], [4, 3]]));
    let theirs = folder.file("theirs.xml", profile([[1, 4], [3, 4]]));
    let scenario = ["negotiate", "--domain", &domain, "--company", &ours, "--client", &theirs, "--json"];
    let answer = sameside(&scenario, b"").json();
    assert_eq!(answer["outcomes"], json!("4"));
    assert_eq!(answer["agreement_possible"], json!(true));
    let mut with_another = scenario.to_vec();
    with_another.extend(["--client", &ours]);
    assert!(sameside(&with_another, b"").refusal().contains("not 3"));
    let broken = folder.file("broken.xml", "<utility_space");
    let refused = sameside(&["negotiate", "--domain", &domain, "--company", &ours, "--client", &broken], b"");
    assert!(refused.refusal().contains("broken.xml"));
}

#[test]
fn a_forecast_is_fitted_predicted_evaluated_and_asked() {
    let folder = Folder::new("forecast");
    let (table, model) = (folder.file("deals.csv", deals()), folder.path("m.json"));
    let columns = ["--outcome", "Status", "--won", "Won", "--lost", "Lost", "--ignore", "Id"];
    let fitted = sameside(&[&["forecast", "fit", &table], &columns[..], &["--model", &model]].concat(), b"");
    assert_eq!(fitted.status, 0, "{}", fitted.err);
    assert!(fitted.out.contains("120"), "{}", fitted.out);
    let new = "Name,Budget,Source\n\"Rey, Ltd\",Yes,Web\nB,No,Web\nC,,Nowhere\n";
    let predicted = sameside(&["forecast", "predict", "-", "--model", &model], new.as_bytes());
    assert_eq!(predicted.status, 0, "{}", predicted.err);
    let mut rows = csv::Reader::from_reader(predicted.out.as_bytes());
    assert_eq!(
        rows.headers().unwrap().iter().collect::<Vec<_>>(),
        ["Name", "Budget", "Source", "probability", "low", "high", "note"]
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let share = |row: usize, column: usize| rows[row][column].parse::<f64>().unwrap();
    assert_eq!((rows.len(), &rows[0][0], &rows[2][0]), (3, "Rey, Ltd", "C"));
    assert!(share(0, 3) > 0.7 && share(1, 3) < 0.3, "{}", predicted.out);
    assert!((0..3).all(|row| share(row, 4) < share(row, 3) && share(row, 3) < share(row, 5)));

    let judged = sameside(&[&["forecast", "evaluate", &table, "--json"], &columns[..]].concat(), b"").json();
    assert_eq!((&judged["n"], &judged["folds"], &judged["repeats"]), (&json!(120), &json!(5), &json!(10)));
    assert!(judged["brier"]["value"].as_f64() < judged["brier"]["base"].as_f64());
    let asked = sameside(&["forecast", "ask", "--model", &model, "--json"], b"").json();
    assert_eq!(asked["ask_next"][0]["question"], json!("Budget"));
    let known = sameside(&["forecast", "ask", "--model", &model, "--answer", "Budget=Yes"], b"");
    assert!(known.out.contains("Source") && !known.out.contains("Budget"), "{}", known.out);
    let other = sameside(&["forecast", "ask", "--model", &model, "--answer", "Colour=Red"], b"");
    assert!(other.refusal().starts_with("--answer: "));
}

#[test]
fn a_pipeline_is_told_from_the_ages_of_deals() {
    let mut text = String::from("Opened,Closed,Status,Amount\n");
    for n in 0_u32..90 {
        let (month, day) = (1 + n / 28, 1 + n % 28);
        let closed = format!("2026-{:02}-{day:02}", month + 1);
        let (closed, status) = match n % 3 {
            0 => (closed, "Won"),
            1 => (closed, "Lost"),
            _ => (String::new(), ""),
        };
        text += &format!("2026-{month:02}-{day:02},{closed},{status},{}\n", 100 + n);
    }
    let run = sameside(
        &[
            "forecast",
            "pipeline",
            "-",
            "--outcome",
            "Status",
            "--won",
            "Won",
            "--lost",
            "Lost",
            "--opened",
            "Opened",
            "--closed",
            "Closed",
            "--value",
            "Amount",
            "--as-of",
            "2026-04-20",
            "--json",
        ],
        text.as_bytes(),
    );
    let answer = run.json();
    assert_eq!(answer["as_of"], json!("2026-04-20"));
    assert_eq!(answer["horizons"][1]["days"], json!(90));
}

#[test]
fn a_promise_is_fitted_and_made() {
    let folder = Folder::new("promise");
    let tasks: String = (1..=9).map(|times| format!("1,{times}\n")).collect();
    let (table, model) = (folder.file("t.csv", format!("Guess,Took\n{tasks}")), folder.path("p.json"));
    let columns = ["--estimate", "Guess", "--actual", "Took", "--model", &model];
    let fitted = sameside(&[&["promise", "fit", &table], &columns[..]].concat(), b"");
    assert_eq!(fitted.status, 0, "{}", fitted.err);
    assert!(fitted.out.contains('9'), "{}", fitted.out);
    let made = sameside(&["promise", "predict", "-", "--model", &model], b"Guess,Who\n3,Ada\n,Ben\n");
    assert_eq!(
        made.out, "Guess,Who,p50,p80,p90,reference_class,reference_n\n3,Ada,15,24,27,all,9\n,Ben,,,,,\n",
        "as the page of the method works out by hand"
    );
    let halfway = sameside(&["promise", "predict", "-", "--model", &model], b"Guess\n3\nmuch\n");
    assert!(halfway.refusal().starts_with("line 3"), "{}", halfway.err);
    let shown = sameside(&[&["promise", "fit", &table, "--json"], &columns[..]].concat(), b"");
    assert_eq!(shown.out, std::fs::read_to_string(&model).unwrap());
}

#[test]
fn what_is_wrong_with_a_table_or_a_model_is_told_in_one_sentence() {
    let folder = Folder::new("tables");
    let (good, model) = (folder.file("deals.csv", deals()), folder.path("m.json"));
    let refused = |arguments: &[&str], input: &[u8], says: &str| {
        let run = sameside(arguments, input);
        // A hint on a line of its own may follow.
        let (sentence, _) = run.err.split_once('\n').unwrap();
        let sentence = Run { status: run.status, out: run.out, err: sentence.to_owned() };
        assert!(sentence.refusal().contains(says), "{says:?}: {}", sentence.err);
    };
    let fit = |table: &str, input: &[u8], rest: &[&str], says: &str| {
        let at = ["forecast", "fit", table, "--won", "Won", "--model", &model];
        refused(&[&at, rest].concat(), input, says);
    };
    fit("-", b"", &["--outcome", "Status"], "the table is empty");
    fit("-", b"Status\n", &["--outcome", "Status"], "no rows");
    fit("-", b"A,A,Status\n1,2,Won\n", &["--outcome", "Status"], "line 1: two columns are called `A`");
    fit("-", b"A,Status\n1,Won\n1\n", &["--outcome", "Status"], "line 3");
    fit(&good, b"", &["--outcome", "Stage"], "--outcome");
    fit(&good, b"", &["--outcome", "Status", "--ignore", "Colour"], "--ignore");
    fit(&good, b"", &["--outcome", "Status", "--as-of", "2026-01-01"], "--as-of");
    fit("no-such.csv", b"", &["--outcome", "Status"], "no-such.csv: there is no such file");
    assert!(!std::path::Path::new(&model).exists(), "no model is written where none was learned");

    let columns = ["--outcome", "Status", "--won", "Won"];
    refused(
        &[&["forecast", "fit", &good], &columns[..], &["--model", &good]].concat(),
        b"",
        "this file is there already and is no model",
    );
    assert_eq!(std::fs::read_to_string(&good).unwrap(), deals(), "the table is still there");
    refused(&[&["forecast", "evaluate", &good, "--folds", "1"], &columns[..]].concat(), b"", "--folds");
    refused(&[&["forecast", "evaluate", &good, "--repeats", "0"], &columns[..]].concat(), b"", "--repeats");
    refused(
        &[&["forecast", "evaluate", &good, "--train-before", "2026-01-01"], &columns[..]].concat(),
        b"",
        "--train-before",
    );
    refused(
        &["promise", "fit", &good, "--estimate", "Hours", "--actual", "Id", "--model", &model],
        b"",
        "--estimate",
    );

    for command in ["forecast", "promise"] {
        for document in ["", "{}", "[", "{\"format\":\"sameside-other\",\"version\":1}"] {
            let wrong = folder.file("wrong.json", document);
            refused(&[command, "predict", &good, "--model", &wrong], b"", "--model");
        }
    }
    let learned = sameside(
        &[&["forecast", "fit", &good], &columns[..], &["--ignore", "Id", "--model", &model]].concat(),
        b"",
    );
    assert_eq!(learned.status, 0, "{}", learned.err);
    refused(
        &["forecast", "predict", "-", "--model", &model],
        b"Colour\nRed\n",
        "line 1: the table has no column",
    );
    let damaged =
        std::fs::read_to_string(&model).unwrap().replacen("\"covariance\":[", "\"covariance\":[1.0,", 1);
    let damaged = folder.file("damaged.json", damaged);
    refused(&["forecast", "predict", &good, "--model", &damaged], b"", "covariance: ");
}

#[test]
fn no_command_of_the_engine_needs_or_makes_a_data_folder() {
    let folder = Folder::new("nowhere");
    let document = folder.file("deal.json", example("assess"));
    let run = Command::new(env!("CARGO_BIN_EXE_sameside"))
        .args(["assess", &document])
        .current_dir(&folder.0)
        .env("SAMESIDE_DATA", folder.path("data"))
        .output()
        .unwrap();
    assert!(run.status.success());
    let there: Vec<_> =
        std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there, ["deal.json"]);
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let many: Vec<Value> = (0..40)
        .map(|i| {
            let options: Vec<Value> = (0..30)
                .map(|o| json!({"name": format!("option {o}"), "company": o, "client": (i * 7 + 3) * (29 - o)}))
                .collect();
            json!({"name": format!("issue {i}"), "options": options})
        })
        .collect();
    let folder = Folder::new("early");
    let document = folder.file("large.json", json!({ "issues": many }).to_string());
    let mut child = Command::new(env!("CARGO_BIN_EXE_sameside"))
        .args(["negotiate", "--json", &document])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}
