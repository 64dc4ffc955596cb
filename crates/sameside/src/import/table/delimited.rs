//! Delimited text as it is really written: RFC 4180 where it holds, and a way on where it does not.
//!
//! A quote opens a quoted value only at the start of a field. Inside, a quote that is followed by neither a delimiter nor
//! a line end is taken as a character of the value (`"the "big" one"`). A quote that is never closed costs its own row
//! only: the row is refused and reading goes on with the next line.

use super::row::Cells;
use super::sniff::{Encoded, Parted};
use super::{MAX_COLUMNS, MAX_ROW_BYTES, RawLine, Stop};
use encoding_rs::{CoderResult, Decoder};
use std::io::{self, Read};
use std::ops::ControlFlow;

const CHUNK_BYTES: usize = 1 << 16;
/// After so many quotes left open no value may hold a line break any more, or a damaged file would be read again and again.
const MAX_UNCLOSED: usize = 20;
/// How far a record is followed to see where it ends. A row may be [`MAX_ROW_BYTES`]; one that is longer is passed over whole
/// if its end can be seen.
const MAX_SCAN_BYTES: usize = 16 << 20;

pub(super) struct Scanner {
    pub(super) delimiter: u8,
    pub(super) carriage_returns: bool,
    /// Whether a quoted value may hold line breaks.
    pub(super) quotes_span_lines: bool,
}

#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Record(Record),
    /// The text ends before the record does and there is more to read.
    More,
    /// The text ends inside a quoted value.
    Unclosed,
}

#[derive(Debug, PartialEq)]
pub(super) struct Record {
    /// Length with its line end.
    pub(super) bytes: usize,
    /// Line ends in it.
    pub(super) lines: u64,
    /// A quote stood where it neither opens nor closes.
    pub(super) odd_quote: bool,
}

impl Scanner {
    /// Reads the record at the beginning of `text` into `cells`. `last` says that nothing follows the text.
    pub(super) fn next(&self, text: &str, last: bool, cells: &mut Cells) -> Found {
        cells.clear();
        let bytes = text.as_bytes();
        let newline = if self.carriage_returns { b'\r' } else { b'\n' };
        let mut record = Record { bytes: 0, lines: 0, odd_quote: false };
        let mut at = 0;
        loop {
            // Space before an opening quote is no part of the value.
            let opening = at + bytes.iter().skip(at).take_while(|byte| **byte == b' ').count();
            let quoted = bytes.get(opening) == Some(&b'"');
            if quoted {
                at = opening + 1;
                match self.quoted(text, at, last, cells, &mut record) {
                    Ok(end) => at = end,
                    Err(found) => return found,
                }
            }
            let start = at;
            while bytes.get(at).is_some_and(|byte| *byte != self.delimiter && *byte != newline) {
                at += 1;
            }
            let next = bytes.get(at).copied();
            if next.is_none() && !last {
                return Found::More;
            }
            let tail = text.get(start..at).unwrap_or_default();
            if !quoted {
                record.odd_quote |= tail.contains('"');
                cells.write(tail);
                cells.trim_end();
            }
            cells.end_cell();
            if next == Some(self.delimiter) {
                at += 1;
                continue;
            }
            record.lines += u64::from(next.is_some());
            record.bytes = at + usize::from(next.is_some());
            return Found::Record(record);
        }
    }

    /// Reads a quoted value from `at`, after its opening quote; answers where it ends, after its closing quote.
    fn quoted(
        &self,
        text: &str,
        mut at: usize,
        last: bool,
        cells: &mut Cells,
        record: &mut Record,
    ) -> Result<usize, Found> {
        let bytes = text.as_bytes();
        let newline = if self.carriage_returns { b'\r' } else { b'\n' };
        let mut start = at;
        loop {
            match bytes.get(at) {
                None if last => return Err(Found::Unclosed),
                None => return Err(Found::More),
                Some(b'"') => {
                    // What follows a closing quote may be on the other side of the chunk.
                    let after = at
                        + 1
                        + bytes.iter().skip(at + 1).take_while(|byte| matches!(byte, b' ' | b'\r')).count();
                    let next = bytes.get(after).copied();
                    if next.is_none() && !last {
                        return Err(Found::More);
                    }
                    if bytes.get(at + 1) == Some(&b'"') {
                        cells.write(text.get(start..=at).unwrap_or_default());
                        at += 2;
                        start = at;
                    } else if next.is_none_or(|next| next == self.delimiter || next == newline)
                        || (self.carriage_returns && bytes.get(at + 1) == Some(&b'\r'))
                    {
                        cells.write(text.get(start..at).unwrap_or_default());
                        return Ok(at + 1);
                    } else {
                        record.odd_quote = true;
                        at += 1;
                    }
                }
                Some(byte) if *byte == newline => {
                    if !self.quotes_span_lines {
                        record.odd_quote = true;
                        cells.write(text.get(start..at).unwrap_or_default());
                        cells.trim_end();
                        return Ok(at);
                    }
                    record.lines += 1;
                    at += 1;
                }
                Some(_) => at += 1,
            }
        }
    }
}

/// The text of a source, decoded piece by piece.
struct Decoded<R> {
    source: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: String,
    /// The text before it is done with.
    start: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, encoded: Encoded) -> Decoded<R> {
        let decoder = encoded.encoding.new_decoder_without_bom_handling();
        Decoded { source, decoder, bytes: vec![0; CHUNK_BYTES], text: String::new(), start: 0, ended: false }
    }

    fn pending(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    fn take(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.text.len());
    }

    /// Reads on, at least as much as is pending, so that a long record is not scanned too often.
    fn refill(&mut self) -> io::Result<()> {
        self.text.drain(..self.start);
        self.start = 0;
        let wanted = self.text.len() * 2 + CHUNK_BYTES;
        while !self.ended && self.text.len() < wanted {
            let taken = match self.source.read(&mut self.bytes) {
                Ok(taken) => taken,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.ended = taken == 0;
            let mut rest = self.bytes.get(..taken).unwrap_or_default();
            loop {
                let room = self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16);
                self.text.reserve(room);
                let (result, read, _) = self.decoder.decode_to_string(rest, &mut self.text, self.ended);
                rest = rest.get(read..).unwrap_or_default();
                if result == CoderResult::InputEmpty {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// The beginning of a source as text, at most `chars` long.
pub(super) fn beginning(source: impl Read, encoded: Encoded, bytes: usize) -> io::Result<String> {
    let mut decoded = Decoded::new(source, encoded);
    while !decoded.ended && decoded.text.len() < bytes {
        decoded.refill()?;
        if decoded.text.len() < bytes && !decoded.ended {
            decoded.refill()?;
        }
    }
    Ok(decoded.text)
}

/// Reads all records of `source` (its byte order mark already skipped) and hands each to `visit` with its line.
pub(super) fn visit(
    source: impl Read,
    encoded: Encoded,
    parted: Parted,
    visit: &mut dyn FnMut(RawLine<'_>) -> ControlFlow<Stop>,
) -> io::Result<ControlFlow<Stop>> {
    let mut scanner = Scanner {
        delimiter: parted.delimiter,
        carriage_returns: parted.carriage_returns,
        quotes_span_lines: true,
    };
    let newline = if parted.carriage_returns { '\r' } else { '\n' };
    let mut text = Decoded::new(source, encoded);
    let (mut line, mut unclosed, mut width) = (1_u64, 0, 0);
    let mut cells = Cells::default();
    text.refill()?;
    if parted.hint_line {
        let end = text.pending().find(newline).map_or(text.pending().len(), |end| end + 1);
        text.take(end);
        line += 1;
    }
    loop {
        if text.pending().is_empty() {
            text.refill()?;
            if text.pending().is_empty() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        let found = scanner.next(text.pending(), text.ended, &mut cells);
        let (reason, lines) = match found {
            Found::More if text.pending().len() < MAX_SCAN_BYTES => {
                text.refill()?;
                continue;
            }
            Found::Record(record) if record.bytes > MAX_ROW_BYTES => {
                text.take(record.bytes);
                (too_long(), record.lines)
            }
            Found::Record(record)
                if record.odd_quote && record.lines > 1 && width > 0 && cells.len() != width =>
            {
                unclosed += 1;
                skip_line(&mut text, newline)?;
                (
                    "a quotation mark is opened here and closed on another line, in the wrong place"
                        .to_owned(),
                    1,
                )
            }
            Found::Record(record) => {
                text.take(record.bytes);
                if !cells.all_blank() {
                    width = width.max(cells.len());
                    let seen = if cells.len() > MAX_COLUMNS {
                        let reason =
                            format!("it has {} columns; at most {MAX_COLUMNS} can be read", cells.len());
                        RawLine::Refused(line, reason)
                    } else {
                        RawLine::Row(line, &mut cells)
                    };
                    if let ControlFlow::Break(stop) = visit(seen) {
                        return Ok(ControlFlow::Break(stop));
                    }
                }
                line += record.lines;
                continue;
            }
            // Text without an end that holds a line end can only be a quote left open.
            Found::Unclosed | Found::More if found == Found::Unclosed || text.pending().contains(newline) => {
                unclosed += 1;
                skip_line(&mut text, newline)?;
                ("a quotation mark is opened here and never closed".to_owned(), 1)
            }
            Found::Unclosed | Found::More => {
                skip_line(&mut text, newline)?;
                (too_long(), 1)
            }
        };
        scanner.quotes_span_lines = unclosed < MAX_UNCLOSED;
        let at = line;
        line += lines;
        if let ControlFlow::Break(stop) = visit(RawLine::Refused(at, reason)) {
            return Ok(ControlFlow::Break(stop));
        }
    }
}

fn too_long() -> String {
    format!("the row is longer than {} KB", MAX_ROW_BYTES >> 10)
}

fn skip_line<R: Read>(text: &mut Decoded<R>, newline: char) -> io::Result<()> {
    loop {
        if let Some(end) = text.pending().find(newline) {
            text.take(end + 1);
            return Ok(());
        }
        text.take(text.pending().len());
        if text.ended {
            return Ok(());
        }
        text.refill()?;
    }
}
