//! `sameside advocates`: what both advocates look for.

use super::{Outcome, say};
use crate::advocates::{Side, rules};
use crate::cli::Failure;
use clap::{Args, Subcommand};
use serde::Serialize;

/// What both advocates look for in a deal.
#[derive(Debug, Args)]
pub(super) struct Advocates {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List every rule of both sides
    List(List),
}

/// List every rule of both sides.
#[derive(Debug, Args)]
struct List {
    /// Print a JSON document: code, side, principle and explanation of each rule
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line {
    code: &'static str,
    side: Side,
    principle: &'static str,
    explanation: &'static str,
}

impl Advocates {
    pub(super) fn run(self) -> Outcome {
        let Command::List(List { json }) = self.command;
        let lines: Vec<Line> = rules::all()
            .map(|rule| Line {
                code: rule.code,
                side: rule.side,
                principle: rule.principle,
                explanation: rule.explanation,
            })
            .collect();
        if json {
            let text =
                serde_json::to_string_pretty(&lines).map_err(|error| Failure::new(error.to_string()))?;
            say(text);
            return Ok(());
        }
        for side in Side::ALL {
            say(side.label());
            for line in lines.iter().filter(|line| line.side == *side) {
                say(format_args!("  {} ({})\n      {}", line.code, line.principle, line.explanation));
            }
        }
        Ok(())
    }
}
