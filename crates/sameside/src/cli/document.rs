//! `docs/cli.md`, written from the commands themselves.

use super::Cli;
use clap::{Arg, Command, CommandFactory};

/// Every command with its options, as Markdown.
pub fn document() -> String {
    let mut text = String::from(
        "# The command line\n\nData goes to standard output, everything else to standard error. The exit status is 0 when it was \
         done, 2 when the input is at fault, 1 otherwise. This page is made from the program; a test keeps it true.\n",
    );
    let mut root = Cli::command();
    root.build();
    for command in root.get_subcommands().filter(|command| command.get_name() != "help") {
        describe(&mut text, "sameside", command);
    }
    text
}

fn describe(text: &mut String, before: &str, command: &Command) {
    let name = format!("{before} {}", command.get_name());
    let places: String = command
        .get_positionals()
        .map(|arg| {
            format!(" {}", if arg.is_required_set() { value(arg) } else { format!("[{}]", value(arg)) })
        })
        .collect();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let end = if about.ends_with('?') { "" } else { "." };
    text.push_str(&format!("\n## `{name}{places}`\n\n{about}{end}\n"));
    let shown = |arg: &&Arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str());
    let arguments: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    if !arguments.is_empty() {
        text.push_str("\n| option | what | otherwise |\n|---|---|---|\n");
    }
    for arg in arguments {
        let option = match arg.get_long() {
            Some(long) if arg.get_action().takes_values() => format!("--{long} {}", value(arg)),
            Some(long) => format!("--{long}"),
            None => value(arg),
        };
        let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
        if let Some(variable) = arg.get_env() {
            help.push_str(&format!(" (`{}`)", variable.to_string_lossy()));
        }
        let defaults = if arg.get_action().takes_values() { arg.get_default_values() } else { &[] };
        let defaults = defaults.iter().map(|default| format!("`{}`", default.to_string_lossy()));
        text.push_str(&format!("| `{option}` | {help} | {} |\n", defaults.collect::<Vec<_>>().join(", ")));
    }
    if let Some(example) = command.get_after_help() {
        text.push_str(&format!("\n```text\n{example}\n```\n"));
    }
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        describe(text, &name, inner);
    }
}

fn value(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let more = if arg.get_num_args().is_some_and(|count| count.max_values() > 1) { "…" } else { "" };
    format!("{}{more}", names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}
