//! Backups: everything in one file, and back again; also the way from one database to the other.
//!
//! Invariants: a backup is of one moment, made while others write; a restore happens whole or not at all, after
//! the file was read to its end and a backup of what it replaces was made; a file of another schema is refused.

mod format;
mod store;

use crate::base::When;
use crate::error::{Error, Result};
use db::copy::{self, Column, Table};
use db::migrate::{self, Migration, State};
use db::{Db, Tx, Value};
use format::{FORMAT, Item, Part, Reader, Writer};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use format::{Header, Totals};
pub use store::generation;

/// How many of the backups that are made by themselves are kept.
const KEPT: usize = 5;
/// What their names have in common.
const MARK: &str = "-before-";

/// Writes everything into a file. Others may go on reading and writing: what is written is of one moment.
///
/// # Errors
/// There is nothing yet, the schema is half migrated, or the file cannot be written.
pub async fn make(db: &Db, file: &Path, now: When) -> Result<Totals> {
    if file.exists() && look(file).is_err() {
        return Err(Error::Refused(format!(
            "{} is there already and is not a backup; choose another name",
            file.display()
        )));
    }
    let mut conn = db.snapshot().await?;
    let ran = migrate::ran(&mut conn).await?;
    if ran.is_empty() {
        return Err(Error::Refused("there is nothing to back up: this database is empty".into()));
    }
    if let Some(cut) = ran.iter().find(|ran| !ran.is_done) {
        return Err(Error::Refused(format!(
            "migration {} was cut in the middle; nothing was backed up",
            cut.name
        )));
    }
    let header = Header {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        made_at: now,
        schema: ran.into_iter().map(|ran| (ran.name, ran.hash)).collect(),
    };
    let part = part_file(file);
    let written = async {
        let mut writer = Writer::new(create(&part)?, header)?;
        for table in tables(&mut conn).await? {
            let plain: Vec<&Column> = table.plain().collect();
            write_rows(&mut conn, &mut writer, &table, &plain, 0).await?;
            let links = table.links().count();
            if links > 0 {
                let columns: Vec<&Column> = table.links().chain(table.keys()).collect();
                write_rows(&mut conn, &mut writer, &table, &columns, links).await?;
            }
        }
        let (out, totals) = writer.finish()?;
        out.sync_all().and_then(|()| fs::rename(&part, file)).map_err(|error| at(file, &error))?;
        Ok(totals)
    }
    .await;
    if written.is_err() {
        // The unfinished file is of no use to anybody; if it cannot be removed, the first error still matters more.
        let _ = fs::remove_file(&part);
    }
    written
}

async fn write_rows(
    conn: &mut db::Conn,
    writer: &mut Writer<File>,
    table: &Table,
    columns: &[&Column],
    links: usize,
) -> Result<()> {
    let words = columns.iter().map(|column| (column.name.clone(), column.kind.word().to_owned()));
    writer.begin(Part { name: table.name.clone(), columns: words.collect(), links })?;
    let mut failed = None;
    let read = copy::rows(conn, table, columns, links > 0, |values| {
        writer.row(&values).map_err(|error| {
            let text = error.to_string();
            failed = Some(error);
            db::Error::Shape(text)
        })
    })
    .await;
    if let Some(error) = failed {
        return Err(Error::Refused(format!("the backup could not be written: {error}")));
    }
    read?;
    writer.end_part()
}

/// The beginning of a backup: what it says of itself.
///
/// # Errors
/// It cannot be read, or is not a backup.
pub fn look(file: &Path) -> Result<Header> {
    Reader::open(open(file)?).map(|(_, header)| header)
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup said of itself.
    pub header: Header,
    /// How much came back.
    pub totals: Totals,
    /// Where what was there before is now; nothing if there was nothing.
    pub before: Option<PathBuf>,
}

/// Puts what is in a file in the place of everything there is: all of it, or nothing. Readers see what was until it
/// is done; writers wait.
///
/// `folder` is where what was there before is saved.
///
/// # Errors
/// The file is not a whole backup of this schema; the database is not of this schema.
pub async fn restore(
    db: &Db,
    file: &Path,
    migrations: &'static [Migration],
    folder: &Path,
    now: When,
) -> Result<Restored> {
    let (header, totals) = read_through(file)?;
    let own: Vec<(String, String)> = migrations.iter().map(|own| (own.name.to_owned(), own.hash())).collect();
    if header.schema != own {
        let last = |schema: &[(String, String)]| schema.last().map_or("nothing", |(name, _)| name).to_owned();
        return Err(Error::Refused(format!(
            "this backup was made by version {} with the schema {}, and this program has {}: restore it with the \
             program that made it, then start this one, which brings it up to date",
            header.version,
            last(&header.schema),
            last(&own)
        )));
    }
    match migrate::state(db, migrations).await? {
        State::Current => {}
        State::Empty => migrate::run(db, migrations).await?,
        State::Behind => {
            return Err(Error::Refused(
                "this database is behind the program: start the server once, then restore".into(),
            ));
        }
        State::Foreign(why) => return Err(Error::Refused(why)),
    }
    let before = save_before(db, folder, "restore", now).await?;
    let path: Arc<Path> = file.into();
    db.write(move |tx| Box::pin(async move { replace(tx, &path, now).await })).await?;
    Ok(Restored { header, totals, before })
}

/// Makes a backup if this program is about to change the schema of what is there.
///
/// # Errors
/// As [`make`].
pub async fn before_migrating(
    db: &Db,
    migrations: &'static [Migration],
    folder: &Path,
    now: When,
) -> Result<Option<PathBuf>> {
    if migrate::state(db, migrations).await? != State::Behind {
        return Ok(None);
    }
    save_before(db, folder, "migration", now).await
}

/// A backup of what is there, if there is anything, in `folder`; the oldest such beyond a few go.
async fn save_before(db: &Db, folder: &Path, what: &str, now: When) -> Result<Option<PathBuf>> {
    fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
    let moment = now.iso().replace(':', "-");
    let file = folder.join(format!("{moment}{MARK}{what}.sameside.gz"));
    let totals = make(db, &file, now).await?;
    if totals.rows == 0 {
        fs::remove_file(&file).map_err(|error| at(&file, &error))?;
        return Ok(None);
    }
    tracing::info!(file = %file.display(), rows = totals.rows, "backed up");
    let names = fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut own: Vec<PathBuf> = names
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(MARK)))
        .collect();
    own.sort();
    for old in own.iter().take(own.len().saturating_sub(KEPT)) {
        if let Err(error) = fs::remove_file(old) {
            tracing::warn!(file = %old.display(), %error, "an old backup could not be removed");
        }
    }
    Ok(Some(file))
}

/// Reads a backup to its end: only then is it known to be whole.
fn read_through(file: &Path) -> Result<(Header, Totals)> {
    let (mut reader, header) = Reader::open(open(file)?)?;
    while reader.next()?.is_some() {}
    Ok((header, reader.totals()))
}

async fn replace(tx: &mut Tx, file: &Path, now: When) -> Result<()> {
    let tables = tables(tx).await?;
    copy::lock(tx, &tables).await?;
    copy::clear(tx, &tables).await?;
    let (mut reader, _) = Reader::open(open(file)?)?;
    let mut seen = 0;
    let mut part: Option<(&Table, Vec<&Column>, usize)> = None;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    loop {
        let item = reader.next()?;
        match (&item, &part) {
            (Some(Item::Row(_)), None) => return Err(Error::Refused("rows of no table".into())),
            (Some(Item::Row(values)), Some((table, _, links))) if *links > 0 => {
                copy::link(tx, table, values.clone()).await?;
            }
            (Some(Item::Row(_)), Some(_)) => {}
            (Some(Item::Part(_)) | None, Some((table, columns, _))) => {
                copy::insert(tx, table, columns, std::mem::take(&mut rows)).await?;
            }
            (Some(Item::Part(_)) | None, None) => {}
        }
        match item {
            None => break,
            Some(Item::Part(next)) => {
                seen += usize::from(next.links == 0);
                part = Some(known(&tables, &next)?);
            }
            Some(Item::Row(values)) => {
                if let Some((table, columns, 0)) = &part {
                    rows.push(values);
                    if rows.len() == copy::rows_per_insert(columns) {
                        copy::insert(tx, table, columns, std::mem::take(&mut rows)).await?;
                    }
                }
            }
        }
    }
    if seen != tables.len() {
        return Err(Error::Refused(format!("the backup has {seen} tables of {}", tables.len())));
    }
    for table in &tables {
        copy::renumber(tx, table).await?;
    }
    store::begin_generation(tx, now).await?;
    Ok(())
}

/// The table a part is of, and its columns in the order of the part.
fn known<'t>(tables: &'t [Table], part: &Part) -> Result<(&'t Table, Vec<&'t Column>, usize)> {
    let wrong = || Error::Refused(format!("the backup's table {} is not the schema's", part.name));
    let table = tables.iter().find(|table| table.name == part.name).ok_or_else(wrong)?;
    let columns: Vec<&Column> =
        if part.links == 0 { table.plain().collect() } else { table.links().chain(table.keys()).collect() };
    let fits = columns.len() == part.columns.len()
        && columns
            .iter()
            .zip(&part.columns)
            .all(|(own, (name, kind))| own.name == *name && own.kind.word() == kind);
    if fits { Ok((table, columns, part.links)) } else { Err(wrong()) }
}

/// The tables of the data.
async fn tables(conn: &mut db::Conn) -> Result<Vec<Table>> {
    let mut tables = copy::tables(conn).await?;
    tables.retain(|table| table.name != store::OWN);
    Ok(tables)
}

fn open(file: &Path) -> Result<File> {
    File::open(file).map_err(|error| at(file, &error))
}

/// A new file that only its owner can read: it holds everything.
fn create(file: &Path) -> Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(|error| at(file, &error))
}

fn part_file(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    file.with_file_name(name)
}

fn at(file: &Path, error: &io::Error) -> Error {
    Error::Refused(format!("{}: {error}", file.display()))
}
