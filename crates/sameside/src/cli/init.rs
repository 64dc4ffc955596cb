//! `sameside init`: makes a workspace and its owner.

use super::{Failure, Outcome, Place, say};
use crate::accounts::actions::{SetUp, set_up};
use crate::accounts::{Via, password};
use crate::base::{Currency, Email, Locale, line};
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};

/// Make a workspace and its owner.
#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    place: Place,
    /// What your company is called
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    /// The address its owner signs in with
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    /// What the owner is called; the address until you say
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Read the password from standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
    /// What sums are in
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    currency: String,
    /// Where its days begin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// How dates and numbers are written: en-GB, en-US, de, fr, es, pt, it, nl
    #[arg(long, value_name = "CODE", default_value = "en-GB")]
    language: String,
}

impl Init {
    pub(super) async fn run(self) -> Outcome {
        let workspace = answer("What is your company called? ", self.workspace, "--workspace")?;
        let email = answer("Your e-mail address: ", self.email, "--email")?;
        let email = Email::parse(&email).map_err(|right| Failure::input(format!("--email: {right}")))?;
        let currency: Currency =
            self.currency.parse().map_err(|right| Failure::input(format!("--currency: {right}")))?;
        let locale = Locale::parse(&self.language).ok_or_else(|| {
            Failure::input(format!(
                "--language: one of en-GB, en-US, de, fr, es, pt, it, nl, not {:?}",
                self.language
            ))
        })?;
        let password = read_password(self.password_stdin)?;
        password::check(&password).map_err(|right| Failure::input(format!("password: {right}")))?;
        let name = self
            .name
            .as_deref()
            .map(line)
            .transpose()
            .map_err(|right| Failure::input(format!("--name: {right}")))?
            .flatten();
        let name = name.unwrap_or_else(|| email.as_str().split('@').next().unwrap_or_default().to_owned());
        let app = self.place.open().await?;
        let hash = password::hash(password).await?;
        let (now, time_zone) = (app.now(), self.time_zone);
        let it = SetUp { workspace, name, email, password_hash: Some(hash), currency, time_zone, locale };
        let (workspace, owner) =
            app.write(move |tx| Box::pin(async move { set_up(tx, it, now, Via::Cli).await })).await?;
        let email = owner.email.as_ref().map_or("", Email::as_str);
        say(format_args!("{} is ready. {email} can sign in.", workspace.name));
        app.db().close().await;
        Ok(())
    }
}

/// What was given, or what a person answers; an error when nobody can be asked.
fn answer(question: &str, given: Option<String>, flag: &str) -> Outcome<String> {
    let text = match given {
        Some(text) => text,
        None if std::io::stdin().is_terminal() => ask(question)?,
        None => return Err(Failure::input(format!("{flag} is missing"))),
    };
    match line(&text) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(Failure::input(format!("{flag}: at least one letter"))),
        Err(right) => Err(Failure::input(format!("{flag}: {right}"))),
    }
}

fn ask(question: &str) -> Outcome<String> {
    let wrong = |error: std::io::Error| Failure::new(error.to_string());
    let mut err = std::io::stderr();
    err.write_all(question.as_bytes()).and_then(|()| err.flush()).map_err(wrong)?;
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text).map_err(wrong)?;
    Ok(text)
}

/// A password from standard input: its first line, or typed unseen.
pub(super) fn read_password(from_stdin: bool) -> Outcome<String> {
    let wrong = |error: std::io::Error| Failure::new(error.to_string());
    if from_stdin {
        let mut text = String::new();
        std::io::stdin().lock().read_line(&mut text).map_err(wrong)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::input("nobody can be asked for a password here")
            .hint("pass --password-stdin and write it to standard input"));
    }
    rpassword::prompt_password("A password (at least 10 characters): ").map_err(wrong)
}
