//! How long learning from a big history takes: `cargo run --release -p engine --example speed [forecast | promise]`.
#![expect(clippy::print_stdout, reason = "a benchmark answers on the terminal")]

use engine::forecast::{self, DealColumns, FitOptions, PredictOptions, Predictor};
use engine::promise;
use engine::random::Random;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

/// How often all rows are predicted: what else the machine does slows some of the times.
const PREDICTIONS: usize = 9;

/// What the clock on the wall says, and what this program had of a processor: they differ on a busy machine.
struct Clock {
    wall: Instant,
    busy: Option<f64>,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Instant::now(), busy: busy_seconds() }
    }

    /// Seconds on the wall, and of a processor where the system tells.
    fn seconds(&self) -> (f64, f64) {
        let wall = self.wall.elapsed().as_secs_f64();
        let busy = busy_seconds().zip(self.busy).map_or(wall, |(now, then)| now - then);
        (wall, busy)
    }

    fn time(&self) -> String {
        let (wall, busy) = self.seconds();
        format!("{:.0} ms, {:.0} ms of a processor", wall * 1e3, busy * 1e3)
    }

    fn rate(&self) -> String {
        let (wall, busy) = self.seconds();
        format!("{:.0} rows/s, {:.0} in a second of a processor", 1e5 / wall, 1e5 / busy)
    }
}

/// Seconds this thread had of a processor (Linux).
fn busy_seconds() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

fn main() -> Result<(), engine::Error> {
    let only = std::env::args().nth(1);
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("forecast") {
        time_forecast()?;
    }
    if wanted("promise") {
        time_promise()?;
    }
    Ok(())
}

fn time_forecast() -> Result<(), engine::Error> {
    let deals = deals(100_000);
    let columns = DealColumns { outcome: "outcome".into(), won: "Won".into(), ..DealColumns::default() };
    let options = FitOptions { deals: columns, ..FitOptions::default() };
    let start = Clock::start();
    let model = forecast::fit(deals.as_bytes(), &options)?;
    println!("forecast fit, 100,000 deals x 20 columns ({} MB): {}", deals.len() >> 20, start.time());

    let start = Clock::start();
    Predictor::new(&model).table(deals.as_bytes(), &PredictOptions::default(), &mut std::io::sink())?;
    println!("forecast predict, table to table: {}", start.rate());

    let rows: Vec<Vec<&str>> = deals.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let names: Vec<&str> = deals.lines().next().unwrap_or("").split(',').collect();
    let predictor = Predictor::new(&model);
    let order = predictor.order_of(&names);
    let mut best = f64::INFINITY;
    for _ in 0..PREDICTIONS {
        let start = Clock::start();
        let mut sum = 0.0;
        predictor.many(
            rows.iter()
                .map(|row| |at: usize| order.get(at).and_then(|&at| row.get(at)).copied().unwrap_or("")),
            |said| sum += said.probability,
        );
        black_box(sum);
        best = best.min(start.seconds().1);
    }
    println!(
        "forecast predict, rows in memory: {:.0} rows in a second of a processor, the best of {PREDICTIONS}",
        1e5 / best
    );

    Ok(())
}

fn time_promise() -> Result<(), engine::Error> {
    let tasks = tasks(100_000);
    let options = promise::FitOptions {
        estimate: "estimate".into(),
        actual: "actual".into(),
        class: vec!["kind".into(), "team".into()],
        date: Some("day".into()),
        ..promise::FitOptions::default()
    };
    let start = Clock::start();
    let model = promise::fit(tasks.as_bytes(), &options)?;
    println!("promise fit, 100,000 tasks: {}", start.time());
    let start = Clock::start();
    model.table(tasks.as_bytes(), &mut std::io::sink())?;
    println!("promise predict, 100,000 tasks: {}", start.time());
    Ok(())
}

/// Ten questions of two to eleven answers and ten numbers, some of which matter.
fn deals(n: usize) -> String {
    let mut random = Random::seeded(1);
    let names: Vec<String> = (0..20).map(|at| format!("column{at}")).collect();
    let mut csv = names.join(",") + ",outcome\n";
    for _ in 0..n {
        let mut score = -0.3;
        for at in 0..10 {
            let answer = random.below(at + 2);
            score += if answer == 0 { 0.4 } else { -0.1 };
            let _ = write!(csv, "answer{answer},");
        }
        for at in 0..10 {
            let x = random.normal();
            score += if at < 3 { 0.3 * x } else { 0.0 };
            let _ = write!(csv, "{x:.3},");
        }
        csv += if random.uniform() < 1.0 / (1.0 + (-score).exp()) { "Won\n" } else { "Lost\n" };
    }
    csv
}

fn tasks(n: usize) -> String {
    let mut random = Random::seeded(2);
    let mut csv = String::from("day,kind,team,estimate,actual\n");
    for _ in 0..n {
        let (kind, team) = (random.below(12), random.below(9));
        let estimate = (random.normal() * 1.2 + 1.0).exp();
        let actual = estimate * (random.normal() * 0.5).exp();
        let _ = writeln!(
            csv,
            "2025-{:02}-{:02},kind{kind},team{team},{estimate:.2},{actual:.2}",
            1 + random.below(12),
            1 + random.below(28)
        );
    }
    csv
}
