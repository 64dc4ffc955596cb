//! Tables as they come: CSV and its kin in any usual encoding, spreadsheets, and archives of both, read as a stream of rows
//! in bounded memory.
//!
//! Invariants: reading never panics, whatever the bytes; every row and every refusal names its file and the line a person sees there;
//! a row that cannot be read is refused alone and reading goes on; blank lines are no rows.

mod archive;
mod blob;
mod delimited;
mod row;
mod sheet;
mod sniff;
#[cfg(test)]
mod tests;

use self::blob::Blob;
use self::sniff::{Encoded, Parted};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

pub use self::blob::Upload;
pub use self::row::{Cells, Form, Row, clean, quote};

/// A row, with all its cells.
pub const MAX_ROW_BYTES: usize = 1 << 20;
/// Columns of a table.
pub const MAX_COLUMNS: usize = 1_000;
/// Cells of one sheet of a spreadsheet.
pub const MAX_SHEET_CELLS: u64 = 50_000_000;
/// All parts of a spreadsheet, unpacked.
pub const MAX_WORKBOOK_BYTES: u64 = 2 << 30;
/// A spreadsheet inside an archive, as it is.
pub const MAX_PACKED_WORKBOOK_BYTES: u64 = 128 << 20;
/// One table inside an archive, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 8 << 30;
/// Files in one archive.
pub const MAX_ENTRIES: usize = 1_000;
/// Tables of one import.
pub const MAX_TABLES: usize = 200;
/// Lines above the header (titles, notes) that are looked through to find it.
const MAX_LINES_ABOVE: usize = 20;
/// Text looked at to find the delimiter.
const SNIFF_BYTES: usize = 1 << 16;

/// A row or a whole file that is not taken over, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The file (for an archive `archive.zip/file.csv`, for a sheet `book.xlsx#Sheet`).
    pub file: String,
    /// The line, if it is about one. The first line of a file is 1.
    pub line: Option<u64>,
    /// A sentence that names what is wrong and what would be right.
    pub reason: String,
}

/// A line of a table, in the order of the file.
#[derive(Debug)]
pub enum Line<'a> {
    /// A row of the table.
    Row(Row<'a>),
    /// A row that could not be read, and what could be seen of it, as a line of CSV.
    Refused(Refusal, String),
}

/// What a reader hands up before the header is known.
enum RawLine<'a> {
    Row(u64, &'a mut Cells),
    Refused(u64, String),
}

/// How the columns begin that we put before refused rows. Brought back with mended rows, they are passed over.
pub const OUR_COLUMNS: &str = "Sameside: ";

/// The visitor has seen enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// A table with a header, ready to be read as often as needed.
#[derive(Clone, Debug)]
pub struct Table {
    /// The file it is in, as refusals name it.
    pub file: Arc<str>,
    /// The headers, cleaned; an empty header is `Column 3`, a repeated one gets a number: `Name (2)`.
    pub header: Vec<String>,
    /// Line of the header.
    pub header_line: u64,
    /// Columns at the front that are ours and not the file's: see [`OUR_COLUMNS`].
    ours: usize,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Text { blob: Blob, entry: Option<usize>, encoded: Encoded, parted: Parted },
    Sheet { blob: Blob, entry: Option<usize>, sheet: String },
}

/// What was found in the files of one import.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The tables, in the order they were given.
    pub tables: Vec<Table>,
    /// Files that cannot be read.
    pub refusals: Vec<Refusal>,
    /// What was left aside, and why: empty files, pictures in an archive.
    pub left_aside: Vec<Refusal>,
}

/// Opens everything a person handed over, archives and workbooks included. Files of the same name are told apart by a number.
pub fn gather(uploads: &[Upload]) -> Gathered {
    let mut gathered = Gathered::default();
    let mut names: HashMap<&str, usize> = HashMap::new();
    for upload in uploads {
        let seen = names.entry(&upload.name).or_default();
        *seen += 1;
        let name = if *seen == 1 { upload.name.to_string() } else { format!("{} ({seen})", upload.name) };
        if let Err(error) = gathered.open(&name, &upload.blob) {
            gathered.refuse(&name, format!("the file cannot be read: {error}"));
        }
    }
    gathered
}

impl Gathered {
    fn refuse(&mut self, file: &str, reason: String) {
        self.refusals.push(Refusal { file: file.to_owned(), line: None, reason });
    }

    fn leave(&mut self, file: &str, reason: String) {
        self.left_aside.push(Refusal { file: file.to_owned(), line: None, reason });
    }

    fn open(&mut self, name: &str, blob: &Blob) -> io::Result<()> {
        let mut head = Vec::new();
        blob.open()?.take(4).read_to_end(&mut head)?;
        if !head.starts_with(b"PK\x03\x04") && !head.starts_with(b"PK\x05\x06") {
            return self.open_text(name, blob, None);
        }
        let listing = match archive::list(blob)? {
            Ok(listing) => listing,
            Err(reason) => {
                self.refuse(name, reason);
                return Ok(());
            }
        };
        // A workbook is an archive too; what it holds tells, not what it is called.
        if listing
            .left_aside
            .iter()
            .any(|(entry, _)| entry == "xl/workbook.xml" || entry == "[Content_Types].xml")
        {
            return self.open_workbook(name, blob, None);
        }
        if listing.left_aside.iter().any(|(entry, _)| entry == "content.xml" || entry == "Index/Document.iwa")
        {
            self.refuse(
                name,
                "this kind of spreadsheet cannot be read: save it as .xlsx or CSV and bring that".to_owned(),
            );
            return Ok(());
        }
        for (entry, reason) in &listing.left_aside {
            self.leave(&format!("{name}/{entry}"), reason.clone());
        }
        if listing.entries.is_empty() {
            self.refuse(name, "there is no table in this archive".to_owned());
        }
        for entry in &listing.entries {
            let inner = format!("{name}/{}", entry.name);
            let is_workbook = entry.name.to_ascii_lowercase().ends_with(".xlsx")
                || entry.name.to_ascii_lowercase().ends_with(".xlsm");
            let opened = if is_workbook {
                archive::workbook(blob, entry.index)
                    .and_then(|inside| self.open_workbook(&inner, &inside, Some((blob, entry.index))))
            } else {
                self.open_text(&inner, blob, Some(entry.index))
            };
            if let Err(error) = opened {
                self.refuse(&inner, format!("the file cannot be read: {error}"));
            }
        }
        Ok(())
    }

    fn open_workbook(&mut self, name: &str, blob: &Blob, within: Option<(&Blob, usize)>) -> io::Result<()> {
        let sheets = match sheet::sheets(blob)? {
            Ok(sheets) => sheets,
            Err(reason) => {
                self.refuse(name, reason);
                return Ok(());
            }
        };
        let several = sheets.len() > 1;
        for sheet in sheets {
            let file = if several { format!("{name}#{sheet}") } else { name.to_owned() };
            let here = Place::Sheet { blob: blob.clone(), entry: None, sheet: sheet.clone() };
            // Held in memory only while it is looked at: an archive may hold many workbooks.
            let later =
                within.map(|(blob, entry)| Place::Sheet { blob: blob.clone(), entry: Some(entry), sheet });
            self.add(&file, here, later)?;
        }
        Ok(())
    }

    fn open_text(&mut self, name: &str, blob: &Blob, entry: Option<usize>) -> io::Result<()> {
        let encoded = match with_source(blob, entry, |source| sniff::encoding(source))? {
            Ok(encoded) => encoded,
            Err(reason) => {
                self.refuse(name, reason);
                return Ok(());
            }
        };
        let text = with_source(blob, entry, |source| {
            delimited::beginning(skip(source, encoded.bom_bytes)?, encoded, SNIFF_BYTES)
        })?;
        let parted = sniff::parted(&text);
        self.add(name, Place::Text { blob: blob.clone(), entry, encoded, parted }, None)
    }

    fn add(&mut self, file: &str, place: Place, later: Option<Place>) -> io::Result<()> {
        if self.tables.len() >= MAX_TABLES {
            self.refuse(file, format!("at most {MAX_TABLES} tables are taken at once: bring this one later"));
            return Ok(());
        }
        match header(&place)? {
            Ok(Some(Header { line, mut names })) => {
                let ours = names.iter().take_while(|name| name.starts_with(OUR_COLUMNS)).count();
                names.drain(..ours);
                self.tables.push(Table {
                    file: Arc::from(file),
                    header: names,
                    header_line: line,
                    ours,
                    place: later.unwrap_or(place),
                });
            }
            Ok(None) => self.leave(file, "it is empty".to_owned()),
            Err(reason) => self.refuse(file, reason),
        }
        Ok(())
    }
}

impl Table {
    /// Reads all rows below the header. An error is about the whole file (the disk, a damaged archive); what came before it
    /// has been visited.
    pub fn visit(&self, mut visit: impl FnMut(Line<'_>) -> ControlFlow<Stop>) -> Result<(), Refusal> {
        let refusal = |line, reason| Refusal { file: self.file.to_string(), line, reason };
        let read = self.place.visit(&mut |raw| match raw {
            RawLine::Row(line, _) | RawLine::Refused(line, _) if line <= self.header_line => {
                ControlFlow::Continue(())
            }
            RawLine::Row(line, cells) => {
                cells.drop_first(self.ours);
                match self.surplus(cells) {
                    Some(reason) => visit(Line::Refused(refusal(Some(line), reason), cells.to_csv())),
                    None => visit(Line::Row(Row { line, cells })),
                }
            }
            RawLine::Refused(line, reason) => {
                visit(Line::Refused(refusal(Some(line), reason), String::new()))
            }
        });
        match read {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(reason)) => Err(refusal(None, reason)),
            Err(error) => Err(refusal(None, format!("the file cannot be read further: {error}"))),
        }
    }

    /// Says what is wrong with a row longer than the header. Taking it would put values under the wrong headers.
    fn surplus(&self, cells: &Cells) -> Option<String> {
        let columns = self.header.len();
        let count = (columns..cells.len()).rev().find(|index| !cells.get(*index).is_empty())? + 1;
        Some(format!(
            "it has {count} values where the header names {columns}: one of them may need quotation marks around it"
        ))
    }

    /// The delimiter and the encoding, as a person would name them. Nothing for a spreadsheet.
    pub fn written_in(&self) -> Option<(char, &'static str)> {
        match &self.place {
            Place::Text { encoded, parted, .. } => {
                Some((char::from(parted.delimiter), encoded.encoding.name()))
            }
            Place::Sheet { .. } => None,
        }
    }
}

impl Place {
    fn visit(
        &self,
        visit: &mut dyn FnMut(RawLine<'_>) -> ControlFlow<Stop>,
    ) -> io::Result<Result<ControlFlow<Stop>, String>> {
        match self {
            Place::Text { blob, entry, encoded, parted } => with_source(blob, *entry, |source| {
                delimited::visit(skip(source, encoded.bom_bytes)?, *encoded, *parted, visit).map(Ok)
            }),
            Place::Sheet { blob, entry: None, sheet } => sheet::visit(blob, sheet, visit),
            Place::Sheet { blob, entry: Some(entry), sheet } => {
                sheet::visit(&archive::workbook(blob, *entry)?, sheet, visit)
            }
        }
    }
}

fn with_source<T>(
    blob: &Blob,
    entry: Option<usize>,
    with: impl FnOnce(&mut dyn Read) -> io::Result<T>,
) -> io::Result<T> {
    match entry {
        Some(entry) => archive::read(blob, entry, with),
        None => with(&mut blob.open()?),
    }
}

fn skip(source: &mut dyn Read, bytes: usize) -> io::Result<&mut dyn Read> {
    io::copy(&mut source.take(bytes as u64), &mut io::sink())?;
    Ok(source)
}

struct Header {
    line: u64,
    names: Vec<String>,
}

/// Finds the header: the first line that is nearly as wide as the widest of those at the top. Titles above a table are
/// narrower.
fn header(place: &Place) -> io::Result<Result<Option<Header>, String>> {
    let mut top: Vec<(u64, Vec<String>)> = Vec::new();
    let mut refused = None;
    let read = place.visit(&mut |raw| {
        match raw {
            RawLine::Row(line, cells) => {
                top.push((line, (0..cells.len()).map(|index| cells.get(index).into_owned()).collect()));
            }
            RawLine::Refused(line, reason) => refused = refused.take().or(Some((line, reason))),
        }
        if top.len() > MAX_LINES_ABOVE { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
    })?;
    if let Err(reason) = read {
        return Ok(Err(reason));
    }
    let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
    let widest = top.iter().map(|(_, cells)| filled(cells)).max().unwrap_or(0);
    if let (true, Some((line, reason))) = (top.is_empty(), refused) {
        return Ok(Err(format!("no header can be read: in line {line}, {reason}")));
    }
    let found = top.into_iter().find(|(_, cells)| filled(cells) * 5 >= widest * 3);
    Ok(Ok(found.map(|(line, cells)| Header { line, names: named(cells) })))
}

fn named(mut cells: Vec<String>) -> Vec<String> {
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut named = Vec::with_capacity(cells.len());
    for (index, cell) in cells.into_iter().enumerate() {
        let name = if cell.is_empty() { format!("Column {}", index + 1) } else { cell };
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        named.push(if *count == 1 { name } else { format!("{name} ({count})") });
    }
    named
}
