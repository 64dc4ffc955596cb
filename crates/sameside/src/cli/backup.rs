//! `sameside backup` and `sameside restore`.

use super::{Failure, Outcome, Place, tell};
use crate::app::{Clock, MIGRATIONS};
use crate::backup;
use crate::config::Config;
use clap::Args;
use db::Db;
use std::path::PathBuf;

/// Write everything into one file, also while serving.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; an older backup there is replaced when the new one is whole
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Put a backup in the place of everything there is, also while serving.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The file to read
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

impl Backup {
    pub(super) async fn run(self) -> Outcome {
        let config = self.place.config()?;
        let embedded = config.database.is_none().then(|| config.file());
        if let Some(file) = embedded.filter(|file| !file.exists()) {
            return Err(Failure::input(format!("{} is not there", file.display()))
                .hint("name the folder of the data with --data"));
        }
        let db = open(&config).await?;
        let made = backup::make(&db, &self.file, Clock::Machine.now()).await;
        db.close().await;
        let totals = made?;
        tell(format_args!(
            "{} rows of {} tables are in {}; it holds passwords' hashes, so keep it to yourself",
            totals.rows,
            totals.tables,
            self.file.display()
        ));
        tell_of_files(&config);
        Ok(())
    }
}

impl Restore {
    pub(super) async fn run(self) -> Outcome {
        let config = self.place.config()?;
        std::fs::create_dir_all(&config.data)
            .map_err(|error| Failure::new(format!("{}: {error}", config.data.display())))?;
        // Reading its beginning first keeps a slip of the hand from making an empty database.
        backup::look(&self.file)?;
        let db = open(&config).await?;
        let restored =
            backup::restore(&db, &self.file, MIGRATIONS, &config.backups(), Clock::Machine.now()).await;
        db.close().await;
        let restored = restored?;
        tell(format_args!(
            "{} rows of {} tables are back, as they were at {}",
            restored.totals.rows,
            restored.totals.tables,
            restored.header.made_at.iso()
        ));
        if let Some(before) = restored.before {
            tell(format_args!("what was there before is in {}", before.display()));
        }
        tell_of_files(&config);
        Ok(())
    }
}

/// Documents lie beside the database, and are copied beside the backup.
fn tell_of_files(config: &Config) {
    let files = config.files();
    if std::fs::read_dir(&files).is_ok_and(|mut entries| entries.next().is_some()) {
        tell(format_args!(
            "the documents of deals are not part of it: copy the folder {}, too",
            files.display()
        ));
    }
}

async fn open(config: &Config) -> Outcome<Db> {
    Db::open(&config.database()).await.map_err(|error| Failure::from(crate::error::Error::from(error)))
}
