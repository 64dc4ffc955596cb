//! The decision engine at the command line: one document in, one document or a short report out.
//!
//! These commands need no data folder and open none. What is wrong with an input is told in one sentence that names
//! the place, with exit status 2 and nothing on standard output.

use super::{Failure, Outcome};
use clap::Args;
use engine::negotiate::genius;
use engine::{INPUT_BYTES_MAX, TABLE_BYTES_MAX, assess, attention, negotiate, plan, timeline};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// What is told of one error at most: a name in a document may be as long as the document.
const MESSAGE_CHARS_MAX: usize = 600;

/// One JSON document, and how the answer is wanted.
#[derive(Debug, Args)]
pub(super) struct Document {
    /// The JSON document to read; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print one JSON document instead of a report
    #[arg(long)]
    json: bool,
}

/// Does this deal help them, and does it help us?
#[derive(Debug, Args)]
#[command(after_help = ASSESS_EXAMPLE)]
pub(super) struct Assess {
    #[command(flatten)]
    document: Document,
}

/// What else could be in the deal, so that it is better for both?
#[derive(Debug, Args)]
#[command(after_help = NEGOTIATE_EXAMPLE)]
pub(super) struct Negotiate {
    /// The JSON document to read; - reads standard input
    #[arg(value_name = "FILE", required_unless_present = "domain", conflicts_with = "domain")]
    file: Option<PathBuf>,
    /// Read a Genius scenario instead: what is negotiated
    #[arg(long, value_name = "XML", requires = "company", requires = "client")]
    domain: Option<PathBuf>,
    /// The company's profile of the scenario
    #[arg(long, value_name = "XML", requires = "domain")]
    company: Option<PathBuf>,
    /// The client's profile of the scenario
    #[arg(long, value_name = "XML", requires = "domain")]
    client: Vec<PathBuf>,
    /// Print one JSON document instead of a report
    #[arg(long)]
    json: bool,
}

/// Where should this week's hours go?
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLE)]
pub(super) struct Plan {
    #[command(flatten)]
    document: Document,
}

/// When can we really deliver?
#[derive(Debug, Args)]
#[command(after_help = TIMELINE_EXAMPLE)]
pub(super) struct Timeline {
    #[command(flatten)]
    document: Document,
}

/// Is everyone cared for?
#[derive(Debug, Args)]
#[command(after_help = ATTENTION_EXAMPLE)]
pub(super) struct Attention {
    #[command(flatten)]
    document: Document,
}

const ASSESS_EXAMPLE: &str = r#"Example:
  sameside assess - <<'END'
  { "client":  { "benefit_per_month": 1000, "success": 0.8, "adoption_cost": 1000 },
    "company": { "delivery_cost": 4000, "hour_value": 50, "hours_to_close": 4, "win": 0.4 },
    "terms":   { "price": 6000, "refund_share": 0.5 } }
  END

  It says "Go ahead": the client is better off in 80 of 100 cases, any price from 5,000 to below
  11,000 serves both. A figure you are unsure of is a range, {"low": 500, "likely": 900, "high": 1500};
  a rate may be counted, {"successes": 3, "trials": 12}; what you do not know you leave out.
  The formulas and all fields: docs/method/assess.md"#;

const NEGOTIATE_EXAMPLE: &str = r#"Example:
  sameside negotiate - <<'END'
  { "issues": [
      { "name": "Price", "options": [ { "name": "100", "company": 10, "client": 0 },
                                      { "name": "90",  "company": 6,  "client": 4 } ] },
      { "name": "Term",  "options": [ { "name": "1 year",  "company": 0, "client": 3 },
                                      { "name": "2 years", "company": 6, "client": 2 } ] } ],
    "current": { "Price": "100", "Term": "1 year" } }
  END

  Both would rather have 90 for two years: 12 instead of 10 for us, 6 instead of 3 for the client.
  A Genius scenario is read from three files:
  sameside negotiate --domain domain.xml --company ours.xml --client theirs.xml
  All fields: docs/method/negotiate.md"#;

const PLAN_EXAMPLE: &str = r#"Example:
  sameside plan - <<'END'
  { "members": [ { "name": "Ada", "hours": 10 } ],
    "actions": [ { "id": "visit", "member": "Ada", "hours": 6, "value": 900 },
                 { "id": "offer", "member": "Ada", "hours": 5, "value": 700 },
                 { "id": "calls", "member": "Ada", "hours": 5, "value": 650 },
                 { "id": "check in", "member": "Ada", "hours": 1, "value": 0, "care": "Anna's" } ] }
  END

  Ada visits and checks in with Anna's, though offer and calls would be worth more: nobody is left
  out. All fields: docs/method/plan.md"#;

const TIMELINE_EXAMPLE: &str = r#"Example:
  sameside timeline - <<'END'
  { "start": "2026-01-05", "capacity": 40,
    "committed": [ { "name": "A", "hours": 40, "due": "2026-01-16" },
                   { "name": "B", "hours": 30, "due": "2026-01-23" } ],
    "request": { "name": "R", "hours": 45, "wished": "2026-01-09" } }
  END

  The request would break A, not B: behind A it is done on 19 January; 89% of it fits by the wished
  date. Hours may be a range. All fields: docs/method/timeline.md"#;

const ATTENTION_EXAMPLE: &str = r#"Example:
  sameside attention - <<'END'
  { "as_of": "2026-03-31",
    "clients": [ { "id": "A", "name": "Anna's", "revenue": 1200, "cadence_days": 30 } ],
    "contacts": [ { "client": "A", "opened": "2026-02-01T08:00:00Z", "answered": "2026-02-01T12:00:00Z" } ] }
  END

  Anna's waited 4 hours and has not been heard from for longer than it should.
  All fields: docs/method/attention.md"#;

impl Assess {
    pub(super) fn run(self) -> Outcome {
        self.document.answer(assess::assess, assess::Assessment::to_string)
    }
}

impl Plan {
    pub(super) fn run(self) -> Outcome {
        self.document.answer(plan::plan, plan::Output::report)
    }
}

impl Timeline {
    pub(super) fn run(self) -> Outcome {
        self.document.answer(timeline::timeline, timeline::Timeline::report)
    }
}

impl Attention {
    pub(super) fn run(self) -> Outcome {
        self.document.answer(attention::attention, attention::Attention::report)
    }
}

impl Negotiate {
    pub(super) fn run(self) -> Outcome {
        let output = match (&self.file, &self.domain) {
            (Some(file), _) => negotiate::negotiate(&engine::read(&read(file, INPUT_BYTES_MAX)?)?)?,
            (None, Some(domain)) => {
                let profiles = self.company.iter().chain(&self.client);
                let files = std::iter::once(domain)
                    .chain(profiles)
                    .map(|path| Ok((path.display().to_string(), read(path, genius::BYTES_MAX)?)))
                    .collect::<Outcome<Vec<(String, Vec<u8>)>>>()?;
                let files: Vec<genius::File<'_>> =
                    files.iter().map(|(name, bytes)| genius::File { name, bytes }).collect();
                let Some((domain, profiles)) = files.split_first() else {
                    return Err(Failure::input("--domain is missing"));
                };
                genius::read(*domain, profiles)?.negotiate()?
            }
            (None, None) => return Err(Failure::input("a file or --domain is missing")),
        };
        answer(self.json, &output, negotiate::Output::report)
    }
}

impl Document {
    fn answer<I: DeserializeOwned, O: Serialize>(
        &self,
        solve: impl Fn(&I) -> Result<O, engine::Error>,
        report: impl Fn(&O) -> String,
    ) -> Outcome {
        let input = engine::read(&read(&self.file, INPUT_BYTES_MAX)?)?;
        answer(self.json, &solve(&input)?, report)
    }
}

/// Prints an answer: as one JSON document on one line, or as a report.
pub(super) fn answer<O: Serialize>(json: bool, output: &O, report: impl Fn(&O) -> String) -> Outcome {
    let mut text = if json {
        serde_json::to_string(output).map_err(|error| Failure::new(error.to_string()))?
    } else {
        report(output)
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    put(text.as_bytes())
}

/// Reads a CSV table.
pub(super) fn read_table(path: &Path) -> Outcome<Vec<u8>> {
    read(path, TABLE_BYTES_MAX)
}

/// Reads a file, or standard input for `-`: one byte more than may be at most, so that a larger input is seen to be
/// too large without ever being in memory.
pub(super) fn read(path: &Path, bytes_max: usize) -> Outcome<Vec<u8>> {
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let done = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    match done {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let why = match error.kind() {
                ErrorKind::NotFound => "there is no such file".to_owned(),
                ErrorKind::IsADirectory => "this is a folder, a file is needed".to_owned(),
                _ => error.to_string(),
            };
            Err(Failure::input(one_line(&format!("{}: {why}", path.display()))))
        }
    }
}

/// Writes data to standard output. Whoever reads it may stop early: that is no failure.
pub(super) fn put(bytes: &[u8]) -> Outcome {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a model to its file. A file that is there and is no model stays: a table named by mistake is not lost.
pub(super) fn save(path: &Path, document: &str) -> Outcome {
    const MODEL: &[u8] = br#"{"format":"sameside-"#;
    let place = || format!("--model {}", path.display());
    if path.as_os_str() == "-" {
        return Err(Failure::input("--model: a file to write the model to, not standard output")
            .hint("--json prints the model"));
    }
    if path.is_file()
        && !matches!(read(path, MODEL.len())?, there if there.is_empty() || there.starts_with(MODEL))
    {
        let message = format!("{}: this file is there already and is no model", place());
        return Err(Failure::input(one_line(&message)).hint("name another file, or remove it first"));
    }
    std::fs::write(path, document).map_err(|error| Failure::input(one_line(&format!("{}: {error}", place()))))
}

/// The text on one line and of a bearable length, whatever was in the input.
pub(super) fn one_line(text: &str) -> String {
    let mut line: String =
        text.chars().take(MESSAGE_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MESSAGE_CHARS_MAX).is_some() {
        line.push('…');
    }
    line
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        Self::input(one_line(&error.to_string()))
    }
}
