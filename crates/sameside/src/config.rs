//! How this instance is set up: one TOML file, environment variables, the command line; the later wins.
//!
//! The only module that reads the environment. Every key is documented in `docs/operate.md`.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The name of the configuration file in the data folder.
pub const FILE: &str = "sameside.toml";

/// How this instance is set up.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder of everything this instance keeps.
    #[serde(skip)]
    pub data: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// `postgres://…`; without it the data is in one file of the data folder.
    pub database: Option<String>,
    /// Connections to PostgreSQL.
    pub database_connections: u32,
    /// The address people reach it at, for links in mail: `https://crm.example.com`.
    pub address: Option<String>,
    /// How many proxies stand in front and add to `X-Forwarded-For`; 0 takes the address of the connection.
    pub proxies: usize,
    /// `text` or `json`.
    pub log_format: LogFormat,
    /// What is logged, such as `info` or `sameside=debug`.
    pub log: String,
    /// The largest file that can be uploaded, in bytes.
    pub upload_bytes_max: usize,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 7300)),
            database: None,
            database_connections: 10,
            address: None,
            proxies: 0,
            log_format: LogFormat::Text,
            log: "info".into(),
            upload_bytes_max: 512 << 20,
        }
    }
}

impl Config {
    /// Reads the configuration of a data folder: its file, then `SAMESIDE_…` of the environment.
    ///
    /// # Errors
    /// A sentence naming the file or variable and what would be right.
    pub fn load(data: &Path) -> Result<Self, String> {
        let file = data.join(FILE);
        let mut config = match std::fs::read_to_string(&file) {
            Ok(text) => toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(format!("{}: {error}", file.display())),
        };
        config.data = data.to_owned();
        if let Some(database) = variable("SAMESIDE_DATABASE")? {
            config.database = Some(database);
        }
        if let Some(address) = variable("SAMESIDE_ADDRESS")? {
            config.address = Some(address);
        }
        parsed("SAMESIDE_LISTEN", &mut config.listen, "an address such as 127.0.0.1:7300")?;
        parsed("SAMESIDE_PROXIES", &mut config.proxies, "a number such as 1")?;
        parsed("SAMESIDE_DATABASE_CONNECTIONS", &mut config.database_connections, "a number such as 10")?;
        parsed("SAMESIDE_UPLOAD_BYTES_MAX", &mut config.upload_bytes_max, "a number of bytes")?;
        if let Some(log) = variable("SAMESIDE_LOG")? {
            config.log = log;
        }
        match variable("SAMESIDE_LOG_FORMAT")?.as_deref() {
            None => {}
            Some("text") => config.log_format = LogFormat::Text,
            Some("json") => config.log_format = LogFormat::Json,
            Some(other) => return Err(format!("SAMESIDE_LOG_FORMAT: text or json, not {other:?}")),
        }
        Ok(config)
    }

    /// Where the data is.
    pub fn database(&self) -> db::Options {
        match &self.database {
            Some(url) => db::Options::Postgres { url: url.clone(), connections: self.database_connections },
            None => db::Options::Sqlite(self.file()),
        }
    }

    /// The file of the embedded database.
    pub fn file(&self) -> PathBuf {
        self.data.join("sameside.db")
    }

    /// The folder of the backups that are made by themselves.
    pub fn backups(&self) -> PathBuf {
        self.data.join("backups")
    }

    /// The folder of the documents of deals.
    pub fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    /// The address people reach it at, without a slash at its end.
    pub fn address(&self) -> String {
        match &self.address {
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// Whether browsers reach it encrypted, so that cookies can be bound to that.
    pub fn is_encrypted(&self) -> bool {
        self.address.as_deref().is_some_and(|address| address.starts_with("https://"))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the module that reads the environment")]
fn variable(name: &str) -> Result<Option<String>, String> {
    match std::env::var(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("{name}: text in UTF-8")),
    }
}

fn parsed<T: std::str::FromStr>(name: &str, into: &mut T, right: &str) -> Result<(), String> {
    if let Some(text) = variable(name)? {
        *into = text.parse().map_err(|_| format!("{name}: {right}, not {text:?}"))?;
    }
    Ok(())
}
