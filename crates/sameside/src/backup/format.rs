//! The file: lines of JSON under gzip, the same whichever database it comes from.
//!
//! ```text
//! {"backup":{"format":1,"version":"0.1.0","made_at":"…","schema":[["0001_foundation","9f…"]]}}
//! {"table":{"name":"team","columns":[["id","bytes"],["name","text"]],"links":0}}
//! ["0199…","North"]
//! {"rows":1}
//! {"end":{"tables":1,"rows":1}}
//! ```
//! Whole numbers are JSON numbers, reals are text (which keeps every bit), bytes are text of hexadecimal digits.
//! Columns that refer to rows of their own table come in a second part of that table, in front of its key, with
//! their number as `links`. A file that was cut lacks its end, and gzip's checksum: it is refused whole.

use crate::base::When;
use crate::error::{Error, Result};
use db::Value;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

/// The only format there is.
pub(super) const FORMAT: u32 = 1;
/// The longest line that is read, in bytes: a row with every text at its longest.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The format of the file.
    pub format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When it was made: everything in it is of that moment.
    pub made_at: When,
    /// The migrations that had run, with the hashes of their texts.
    pub schema: Vec<(String, String)>,
}

/// A table, or its references to itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub name: String,
    pub columns: Vec<(String, String)>,
    /// How many of the columns, the first ones, refer to the table itself; 0 where the rows themselves come.
    pub links: usize,
}

/// What a backup holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Tables.
    pub tables: u64,
    /// Their rows.
    pub rows: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Backup(Header),
    Table(Part),
    Rows(u64),
    End(Totals),
}

/// Writes a backup line by line.
pub(super) struct Writer<W: Write> {
    out: GzEncoder<BufWriter<W>>,
    text: String,
    totals: Totals,
    rows: u64,
}

impl<W: Write> Writer<W> {
    pub fn new(out: W, header: Header) -> Result<Self> {
        let out = GzEncoder::new(BufWriter::new(out), Compression::fast());
        let mut writer = Self { out, text: String::new(), totals: Totals::default(), rows: 0 };
        writer.line(&Line::Backup(header))?;
        Ok(writer)
    }

    fn line(&mut self, line: &Line) -> Result<()> {
        let text = serde_json::to_string(line).map_err(|error| Error::Internal(error.to_string()))?;
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.write_all(b"\n")).map_err(unwritten)
    }

    pub fn begin(&mut self, part: Part) -> Result<()> {
        self.rows = 0;
        if part.links == 0 {
            self.totals.tables += 1;
        }
        self.line(&Line::Table(part))
    }

    pub fn row(&mut self, values: &[Value]) -> std::io::Result<()> {
        self.rows += 1;
        self.text.clear();
        for (n, value) in values.iter().enumerate() {
            self.text.push(if n == 0 { '[' } else { ',' });
            put(&mut self.text, value)?;
        }
        self.text.push_str("]\n");
        self.out.write_all(self.text.as_bytes())
    }

    pub fn end_part(&mut self) -> Result<()> {
        self.totals.rows += self.rows;
        self.line(&Line::Rows(self.rows))
    }

    /// Answers with what was written to, and how much.
    pub fn finish(mut self) -> Result<(W, Totals)> {
        let totals = self.totals;
        self.line(&Line::End(totals))?;
        let out = self.out.finish().map_err(unwritten)?;
        Ok((out.into_inner().map_err(|error| unwritten(error.into_error()))?, totals))
    }
}

fn unwritten(error: std::io::Error) -> Error {
    Error::Refused(format!("the backup could not be written: {error}"))
}

fn put(text: &mut String, value: &Value) -> std::io::Result<()> {
    match value {
        Value::Int(Some(number)) => text.push_str(&number.to_string()),
        Value::Real(Some(number)) => text.push_str(&format!("\"{number:?}\"")),
        Value::Text(Some(words)) => text.push_str(&serde_json::to_string(words)?),
        Value::Bytes(Some(bytes)) => put_bytes(text, bytes),
        Value::Id(Some(id)) => put_bytes(text, id.as_bytes()),
        Value::Int(None) | Value::Real(None) | Value::Text(None) | Value::Bytes(None) | Value::Id(None) => {
            text.push_str("null");
        }
    }
    Ok(())
}

fn put_bytes(text: &mut String, bytes: &[u8]) {
    text.push('"');
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    text.push('"');
}

/// One thing a backup tells.
pub(super) enum Item {
    Part(Part),
    Row(Vec<Value>),
}

/// Reads a backup line by line.
pub(super) struct Reader<R: Read> {
    lines: BufReader<GzDecoder<R>>,
    line: u64,
    text: Vec<u8>,
    kinds: Vec<String>,
    rows: u64,
    totals: Totals,
}

impl<R: Read> Reader<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// It is not a backup, or one of a later format.
    pub fn open(file: R) -> Result<(Self, Header)> {
        let mut reader = Self {
            lines: BufReader::new(GzDecoder::new(file)),
            line: 0,
            text: Vec::new(),
            kinds: Vec::new(),
            rows: 0,
            totals: Totals::default(),
        };
        let first = reader.next_line().ok().filter(|_| reader.text.starts_with(b"{\"backup\""));
        if first.is_none() {
            return Err(Error::Refused("this file is not a backup of Sameside".into()));
        }
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        #[derive(Deserialize)]
        struct First {
            backup: Format,
        }
        let format = serde_json::from_slice::<First>(&reader.text).map_err(|error| reader.wrong(&error))?;
        if format.backup.format != FORMAT {
            return Err(Error::Refused(format!(
                "this backup has format {}, and this program reads format {FORMAT}: use the program that made it",
                format.backup.format
            )));
        }
        match serde_json::from_slice(&reader.text).map_err(|error| reader.wrong(&error))? {
            Line::Backup(header) => Ok((reader, header)),
            Line::Table(_) | Line::Rows(_) | Line::End(_) => Err(reader.wrong(&"it must say what it is")),
        }
    }

    /// The next part or row; nothing after the last one, and then the file was whole.
    ///
    /// # Errors
    /// A line is not as it should be, or the file was cut.
    pub fn next(&mut self) -> Result<Option<Item>> {
        loop {
            self.next_line()?;
            if self.text.first() == Some(&b'[') {
                self.rows += 1;
                return self.row().map(|row| Some(Item::Row(row)));
            }
            match serde_json::from_slice(&self.text).map_err(|error| self.wrong(&error))? {
                Line::Table(part) => {
                    self.kinds = part.columns.iter().map(|(_, kind)| kind.clone()).collect();
                    self.totals.tables += u64::from(part.links == 0);
                    return Ok(Some(Item::Part(part)));
                }
                Line::Rows(rows) if rows == self.rows => {
                    self.totals.rows += rows;
                    self.rows = 0;
                }
                Line::Rows(rows) => {
                    return Err(self.wrong(&format!("{rows} rows should be above, but {} are", self.rows)));
                }
                Line::End(totals) if totals == self.totals && self.rows == 0 => {
                    self.text.clear();
                    // Reading on to the very end is what makes gzip compare its checksum.
                    let rest = self.lines.read_to_end(&mut self.text).map_err(cut)?;
                    return if rest == 0 {
                        Ok(None)
                    } else {
                        Err(self.wrong(&"nothing should follow the end"))
                    };
                }
                Line::End(_) => return Err(self.wrong(&"rows or tables are missing above")),
                Line::Backup(_) => return Err(self.wrong(&"a second beginning")),
            }
        }
    }

    /// What was read so far.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    fn next_line(&mut self) -> Result<()> {
        self.text.clear();
        self.line += 1;
        let mut limited = (&mut self.lines).take(LINE_BYTES_MAX);
        limited.read_until(b'\n', &mut self.text).map_err(cut)?;
        if self.text.pop() != Some(b'\n') {
            return Err(cut(std::io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(())
    }

    fn row(&self) -> Result<Vec<Value>> {
        let cells: Vec<serde_json::Value> =
            serde_json::from_slice(&self.text).map_err(|error| self.wrong(&error))?;
        if cells.len() != self.kinds.len() {
            return Err(self.wrong(&format!("{} values for {} columns", cells.len(), self.kinds.len())));
        }
        cells
            .into_iter()
            .zip(&self.kinds)
            .map(|(cell, kind)| {
                taken(cell, kind).ok_or_else(|| self.wrong(&format!("a value is not {kind}")))
            })
            .collect()
    }

    fn wrong(&self, why: &dyn std::fmt::Display) -> Error {
        Error::Refused(format!("the backup is damaged at line {}: {why}; nothing was changed", self.line))
    }
}

fn cut(error: std::io::Error) -> Error {
    Error::Refused(format!("the backup is cut or damaged ({error}); nothing was changed"))
}

fn taken(cell: serde_json::Value, kind: &str) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match (kind, cell) {
        ("int", Json::Null) => Value::Int(None),
        ("int", Json::Number(number)) => Value::Int(Some(number.as_i64()?)),
        ("real", Json::Null) => Value::Real(None),
        ("real", Json::String(text)) => Value::Real(Some(text.parse().ok()?)),
        ("text", Json::Null) => Value::Text(None),
        ("text", Json::String(text)) => Value::Text(Some(text)),
        ("bytes", Json::Null) => Value::Bytes(None),
        ("bytes", Json::String(text)) => Value::Bytes(Some(bytes_of(&text)?)),
        _ => return None,
    })
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let header = Header {
            format: FORMAT,
            version: "0.1.0".into(),
            made_at: When::from_micros(1_795_000_000_000_000),
            schema: vec![("0001".into(), "9f".into())],
        };
        let mut writer = Writer::new(Vec::new(), header).unwrap();
        let columns = [("id", "bytes"), ("share", "real"), ("name", "text"), ("n", "int")];
        let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), (*kind).to_owned())).collect();
        writer.begin(Part { name: "thing".into(), columns, links: 0 }).unwrap();
        for row in rows() {
            writer.row(&row).unwrap();
        }
        writer.end_part().unwrap();
        writer.finish().unwrap().0
    }

    fn rows() -> Vec<Vec<Value>> {
        let row = |share: f64, name: &str, n: i64| {
            vec![
                Value::Bytes(Some(vec![0, 15, 255])),
                Value::Real(Some(share)),
                Value::Text(Some(name.into())),
                Value::Int(Some(n)),
            ]
        };
        vec![
            row(0.1 + 0.2, "«both», \"sides\"\n\u{1F91D}", i64::MAX),
            row(f64::MIN_POSITIVE, "", i64::MIN),
            vec![Value::Bytes(None), Value::Real(None), Value::Text(None), Value::Int(None)],
        ]
    }

    fn read(bytes: &[u8]) -> Result<Vec<Vec<Value>>> {
        let (mut reader, _) = Reader::open(bytes)?;
        let mut rows = Vec::new();
        while let Some(item) = reader.next()? {
            if let Item::Row(row) = item {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    #[test]
    fn what_is_written_is_read_to_the_last_bit() {
        assert_eq!(read(&sample()).unwrap(), rows());
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        let whole = sample();
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "cut at {length} of {}", whole.len());
        }
    }

    #[test]
    fn a_changed_byte_is_noticed_wherever_it_is() {
        let whole = sample();
        // The first ten bytes are gzip's own head, which has no checksum.
        for place in 10..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 0x20;
            let same = read(&changed).is_ok_and(|rows| rows != self::rows());
            assert!(!same, "a change at {place} went unseen");
        }
    }

    #[test]
    fn a_file_that_is_something_else_is_called_so() {
        for bytes in [&b""[..], b"PK\x03\x04 a zip", b"name,email\nAda,ada@fieldwork.example\n"] {
            let Err(Error::Refused(why)) = read(bytes) else { panic!("it must be refused") };
            assert_eq!(why, "this file is not a backup of Sameside");
        }
    }
}
