//! Answers one document or table and says how long it took, for the comparison with other programs in `bench/engine`:
//! `cargo run --release -p engine --example answer -- KIND FILE [OUTCOME WON [LOST]]`, where KIND is `assess`, `negotiate`,
//! `plan`, `forecast`, `evaluate`, or `ages` (lines such as `30,won`). Prints `{"milliseconds", "answer"}`, the fastest of some runs.
#![expect(clippy::print_stdout, reason = "it prints its answer")]

use engine::forecast::{
    self, Ages, DealColumns, Ending, EvaluateOptions, FitOptions, PredictOptions, Predictor,
};
use engine::{Error, assess, negotiate, plan, read};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Instant;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize| arguments.get(at).cloned();
    let wanted = |at: usize, what: &str| argument(at).ok_or_else(|| Error::at(what, "is missing"));
    let (kind, file) = (wanted(0, "KIND")?, wanted(1, "FILE")?);
    let bytes = std::fs::read(&file).map_err(|error| Error::at(file, error.to_string()))?;
    let deals = || -> Result<DealColumns, Error> {
        let (outcome, won, lost) = (wanted(2, "OUTCOME")?, wanted(3, "WON")?, argument(4));
        Ok(DealColumns { outcome, won, lost, ..DealColumns::default() })
    };
    let told = match kind.as_str() {
        "assess" => {
            let input: assess::Input = read(&bytes)?;
            timed(|| assess::assess(&input))?
        }
        "negotiate" => {
            let input: negotiate::Input = read(&bytes)?;
            timed(|| negotiate::negotiate(&input))?
        }
        "plan" => {
            let input: plan::Input = read(&bytes)?;
            timed(|| plan::plan(&input))?
        }
        "forecast" => {
            let options = FitOptions { deals: deals()?, ..FitOptions::default() };
            let mut told = timed(|| forecast::fit(&bytes, &options))?;
            let model = forecast::fit(&bytes, &options)?;
            let start = Instant::now();
            let predicted =
                Predictor::new(&model).table(&bytes, &PredictOptions::default(), &mut std::io::sink())?;
            if let Some(told) = told.as_object_mut() {
                let seconds = start.elapsed().as_secs_f64();
                told.insert("predict_milliseconds".into(), json!(seconds * 1e3));
                told.insert("predict_rows".into(), json!(predicted.rows));
            }
            told
        }
        "ages" => {
            let text = String::from_utf8_lossy(&bytes);
            let followed: Vec<(u32, Ending)> = text
                .lines()
                .filter_map(|line| {
                    let (age, ending) = line.split_once(',')?;
                    let ending = match ending {
                        "won" => Ending::Won,
                        "lost" => Ending::Lost,
                        _ => Ending::Open,
                    };
                    Some((age.parse().ok()?, ending))
                })
                .collect();
            timed(|| Ok(Ages::of(&followed)))?
        }
        "evaluate" => {
            let options = EvaluateOptions { deals: deals()?, ..EvaluateOptions::default() };
            let start = Instant::now();
            let answer = forecast::evaluate(&bytes, &options)?;
            json!({ "milliseconds": start.elapsed().as_secs_f64() * 1e3, "answer": answer })
        }
        _ => return Err(Error::at("KIND", format!("`{kind}` is none"))),
    };
    println!("{told}");
    Ok(())
}

/// The fastest of up to five runs within about two seconds.
fn timed<T: Serialize>(run: impl Fn() -> Result<T, Error>) -> Result<Value, Error> {
    let begun = Instant::now();
    let (mut milliseconds, mut answer) = (f64::INFINITY, Value::Null);
    for turn in 0..5 {
        let start = Instant::now();
        let output = run()?;
        milliseconds = f64::min(milliseconds, start.elapsed().as_secs_f64() * 1e3);
        if turn == 0 {
            answer = serde_json::to_value(output).map_err(|error| Error::at("", error.to_string()))?;
        }
        if begun.elapsed().as_secs_f64() > 2.0 {
            break;
        }
    }
    Ok(json!({ "milliseconds": milliseconds, "answer": answer }))
}
