//! The command line. Data goes to standard output, everything else to standard error.

mod advocates;
mod backup;
mod client_link;
mod demo;
mod document;
mod import;
mod engine;
mod forecast;
mod init;
mod member;
mod promise;
mod serve;

pub use document::document;

use clap::{Args, Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::app::{App, Clock};
use crate::config::Config;

/// Sameside: the sales system that sits on both sides of the table.
#[derive(Debug, Parser)]
#[command(name = "sameside", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build and serve a demo: a small company with two years of history
    Demo(demo::Demo),
    /// Make a workspace and its owner
    Init(init::Init),
    /// Serve the site
    Serve(serve::Serve),
    /// Who may come in: add, list, disable, enable, reset a password
    Member(member::Members),
    /// Links to the page that is shared with a client
    ClientLink(client_link::ClientLinks),
    /// Bring in files of other systems or spreadsheets, or take an import back
    Import(Box<import::Import>),
    /// Does this deal help them, and does it help us?
    Assess(engine::Assess),
    /// What else could be in the deal, so that it is better for both?
    Negotiate(engine::Negotiate),
    /// Where should this week's hours go?
    Plan(engine::Plan),
    /// What has happened to deals like this one?
    Forecast(forecast::Forecast),
    /// What has an estimate meant so far, and what may be promised?
    Promise(promise::Promise),
    /// When can we really deliver?
    Timeline(engine::Timeline),
    /// Is everyone cared for?
    Attention(engine::Attention),
    /// What both advocates look for in a deal
    Advocates(advocates::Advocates),
    /// Write everything into one file, also while serving
    Backup(backup::Backup),
    /// Put a backup in the place of everything there is, also while serving
    Restore(backup::Restore),
}

/// Where the data is; part of every command that needs it.
#[derive(Debug, Args)]
struct Place {
    /// The folder of everything this instance keeps
    #[arg(long, value_name = "DIR", default_value = "data", env = "SAMESIDE_DATA")]
    data: PathBuf,
    /// PostgreSQL instead of the embedded database: postgres://…
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// What a command can end with besides success: a sentence, perhaps a hint, and an exit status.
#[derive(Debug)]
struct Failure {
    message: String,
    hint: Option<String>,
    status: u8,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, status: 1 }
    }

    /// The input is at fault: status 2.
    fn input(message: impl Into<String>) -> Self {
        Self { status: 2, ..Self::new(message) }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        Self::new(error.to_string())
    }
}

type Outcome<T = ()> = Result<T, Failure>;

impl Place {
    /// The configuration of the folder, with what the command line says over it.
    fn config(&self) -> Outcome<Config> {
        let mut config = Config::load(&self.data).map_err(Failure::input)?;
        if self.database.is_some() {
            config.database.clone_from(&self.database);
        }
        Ok(config)
    }

    /// The program over data that must be there: a folder mistyped is not a new, empty one.
    async fn open_existing(&self) -> Outcome<App> {
        let config = self.config()?;
        let file = config.data.join("sameside.db");
        if config.database.is_none() && !file.exists() {
            return Err(Failure::input(format!("{} is not there", file.display()))
                .hint("name the folder of the data with --data"));
        }
        Ok(App::open(config, Clock::Machine).await?)
    }

    /// The program over the data.
    async fn open(&self) -> Outcome<App> {
        Ok(App::open(self.config()?, Clock::Machine).await?)
    }
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Clap writes help to standard output and complaints to standard error by itself.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Failure::new(error.to_string())),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run().await,
            Command::Init(command) => command.run().await,
            Command::Serve(command) => command.run().await,
            Command::Member(command) => command.run().await,
            Command::ClientLink(command) => command.run().await,
            Command::Import(command) => command.run().await,
            Command::Assess(command) => command.run(),
            Command::Negotiate(command) => command.run(),
            Command::Plan(command) => command.run(),
            Command::Forecast(command) => command.run(),
            Command::Promise(command) => command.run(),
            Command::Timeline(command) => command.run(),
            Command::Attention(command) => command.run(),
            Command::Advocates(command) => command.run(),
            Command::Backup(command) => command.run().await,
            Command::Restore(command) => command.run().await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    tell(format_args!("error: {}", failure.message));
    if let Some(hint) = &failure.hint {
        tell(format_args!("hint: {hint}"));
    }
    ExitCode::from(failure.status)
}

/// Data, on standard output.
fn say(text: impl std::fmt::Display) {
    // Whoever reads it may have stopped; what was to be done is done all the same.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// News, on standard error.
fn tell(text: impl std::fmt::Display) {
    // Where nobody listens to complaints there is nobody to complain to.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Begins to log to standard error as configured.
fn log(config: &Config) {
    use crate::config::LogFormat;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber is refused: then the first one stays, which is right.
    let _ = match config.log_format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}
