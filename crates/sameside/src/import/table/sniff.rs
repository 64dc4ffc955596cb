//! What a run of bytes is: which encoding its text is in and which character parts its columns.

use super::delimited::{Found, Scanner};
use super::row::Cells;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// How much of a file is kept for the guess at a legacy encoding, the delimiter and whether it is text at all.
const MAX_SAMPLE_BYTES: usize = 1 << 20;
const CHUNK_BYTES: usize = 1 << 16;
/// Records looked at to find the delimiter.
const MAX_SAMPLE_RECORDS: usize = 60;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Text, and how to read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Encoded {
    pub(super) encoding: &'static Encoding,
    /// Bytes of byte order mark to skip.
    pub(super) bom_bytes: usize,
}

/// Reads all of `source` once and names its encoding, or says in a sentence why it is not a table.
pub(super) fn encoding(mut source: impl Read) -> io::Result<Result<Encoded, String>> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut sample: Vec<u8> = Vec::new();
    let mut carry: Vec<u8> = Vec::new();
    let (mut multibyte, mut invalid, mut first) = (0_u64, 0_u64, true);
    loop {
        let taken = fill(&mut source, &mut chunk)?;
        let Some(bytes) = chunk.get(..taken) else { break };
        if first {
            first = false;
            if let Some(found) = by_mark(bytes).or_else(|| by_zeros(bytes)) {
                return Ok(Ok(found));
            }
            if let Some(reason) = foreign(bytes) {
                return Ok(Err(reason));
            }
        }
        if taken == 0 {
            break;
        }
        if carry.is_empty() && bytes.is_ascii() {
            continue;
        }
        if sample.len() < MAX_SAMPLE_BYTES {
            sample.extend_from_slice(bytes);
        }
        carry.extend_from_slice(bytes);
        let rest = validate(&carry, &mut multibyte, &mut invalid);
        carry.drain(..rest);
    }
    invalid += u64::from(!carry.is_empty());
    // A long UTF-8 file with a few broken bytes is still UTF-8; a legacy encoding hardly ever forms valid sequences.
    if invalid == 0 || multibyte > 20 * invalid {
        return Ok(Ok(Encoded { encoding: UTF_8, bom_bytes: 0 }));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&sample, true);
    Ok(Ok(Encoded { encoding: detector.guess(None, Utf8Detection::Deny), bom_bytes: 0 }))
}

/// Counts the multi-byte characters and the invalid sequences of `bytes`; answers how many bytes are dealt with
/// (the rest is the beginning of a character).
fn validate(bytes: &[u8], multibyte: &mut u64, invalid: &mut u64) -> usize {
    let mut done = 0;
    while let Some(rest) = bytes.get(done..) {
        let (valid, bad) = match std::str::from_utf8(rest) {
            Ok(_) => (rest.len(), None),
            Err(error) => (error.valid_up_to(), Some(error.error_len())),
        };
        let good = rest.get(..valid).unwrap_or_default();
        *multibyte += good.iter().filter(|byte| **byte >= 0xC0).count() as u64;
        done += valid;
        match bad {
            None | Some(None) => return done,
            Some(Some(length)) => {
                *invalid += 1;
                done += length;
            }
        }
    }
    done
}

fn fill(source: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut taken = 0;
    while let Some(free) = chunk.get_mut(taken..).filter(|free| !free.is_empty()) {
        match source.read(free) {
            Ok(0) => break,
            Ok(count) => taken += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(taken)
}

fn by_mark(bytes: &[u8]) -> Option<Encoded> {
    let (encoding, bom_bytes) = Encoding::for_bom(bytes)?;
    Some(Encoded { encoding, bom_bytes })
}

/// UTF-16 without a mark: in text that is mostly Latin every other byte is zero.
fn by_zeros(bytes: &[u8]) -> Option<Encoded> {
    let head = bytes.get(..bytes.len().min(4096))?;
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let encoding = match (
        pairs >= 4,
        odd * 10 > pairs * 4 && even * 20 < pairs,
        even * 10 > pairs * 4 && odd * 20 < pairs,
    ) {
        (true, true, _) => UTF_16LE,
        (true, _, true) => UTF_16BE,
        _ => return None,
    };
    Some(Encoded { encoding, bom_bytes: 0 })
}

/// Says what else the bytes are, if they are no text.
fn foreign(bytes: &[u8]) -> Option<String> {
    const SAVE: &str = "save it as .xlsx or CSV and bring that";
    let known: [(&[u8], String); 9] = [
        (b"\xD0\xCF\x11\xE0", format!("this is an old Excel file (.xls): {SAVE}")),
        (b"%PDF", format!("this is a PDF: {SAVE}")),
        (b"\x89PNG", "this is a picture, not a table".to_owned()),
        (b"\xFF\xD8\xFF", "this is a picture, not a table".to_owned()),
        (b"GIF8", "this is a picture, not a table".to_owned()),
        (b"\x1F\x8B", "this is a gzip file: unpack it first".to_owned()),
        (b"7z\xBC\xAF", "this is a 7z archive: unpack it first, or use a zip".to_owned()),
        (b"Rar!", "this is a RAR archive: unpack it first, or use a zip".to_owned()),
        (b"SQLite format 3\0", "this is a database file, not a table".to_owned()),
    ];
    if let Some((_, reason)) = known.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(reason.clone());
    }
    if [&b"BEGIN:VCARD"[..], b"BEGIN:VCALENDAR"].iter().any(|mark| bytes.starts_with(mark)) {
        return Some("these are contact cards or a calendar, not a table: bring them as CSV".to_owned());
    }
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default().trim_ascii_start().to_ascii_lowercase();
    if [&b"<!doctype"[..], b"<html", b"<?xml", b"<table"].iter().any(|mark| head.starts_with(mark)) {
        return Some(format!("this is a web page or XML inside, whatever its name says: {SAVE}"));
    }
    let opens_json = |mark: &[u8]| head.starts_with(mark) && head.contains(&b'"');
    if [&b"{"[..], b"[{", b"[\"", b"[[", b"[\n", b"[\r\n", b"[ "].iter().any(|mark| opens_json(mark)) {
        return Some("this is JSON, not a table: bring it as CSV or .xlsx".to_owned());
    }
    let control =
        bytes.iter().filter(|byte| **byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 11 | 12)).count();
    (control > 3 && control * 50 > bytes.len())
        .then(|| "this is not a table: its bytes are not text".to_owned())
}

/// How the records of a text are parted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parted {
    pub(super) delimiter: u8,
    /// Lines end with a lone carriage return (old Macintosh programs).
    pub(super) carriage_returns: bool,
    /// The first line is `sep=;`, a hint for Excel and not data.
    pub(super) hint_line: bool,
}

/// Finds the delimiter of the beginning of a text: the one that gives most records the same count of fields.
pub(super) fn parted(text: &str) -> Parted {
    let carriage_returns = !text.contains('\n') && text.contains('\r');
    let first = text.split(['\n', '\r']).next().unwrap_or_default();
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = first.trim_end().as_bytes() {
        return Parted { delimiter: *delimiter, carriage_returns, hint_line: true };
    }
    if first.eq_ignore_ascii_case("sep=\t") {
        return Parted { delimiter: b'\t', carriage_returns, hint_line: true };
    }
    let mut best = (0.0, b',');
    for delimiter in DELIMITERS {
        let score = agreement(text, delimiter, carriage_returns);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    Parted { delimiter: best.1, carriage_returns, hint_line: false }
}

/// The share of records with the commonest count of fields (two or more), a little more for more fields, and
/// less if the first record, mostly the header, has another count.
fn agreement(text: &str, delimiter: u8, carriage_returns: bool) -> f64 {
    let scanner = Scanner { delimiter, carriage_returns, quotes_span_lines: true };
    let (mut at, mut cells, mut counts) = (0, Cells::default(), Vec::new());
    while counts.len() < MAX_SAMPLE_RECORDS {
        let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) else { break };
        match scanner.next(rest, true, &mut cells) {
            Found::Record(record) => {
                if !cells.all_blank() {
                    counts.push(cells.len());
                }
                at += record.bytes;
            }
            Found::More | Found::Unclosed => break,
        }
    }
    let Some(header) = counts.first().copied() else { return 0.0 };
    let share =
        |count: usize| counts.iter().filter(|other| **other == count).count() as f64 / counts.len() as f64;
    let Some(common) = counts.iter().copied().max_by(|a, b| share(*a).total_cmp(&share(*b)).then(a.cmp(b)))
    else {
        return 0.0;
    };
    if common < 2 {
        // Title lines above the table can outnumber it in a short sample; a header alone still tells.
        return if header >= 2 { 0.1 } else { 0.0 };
    }
    let fields = 1.0 - 1.0 / common as f64;
    share(common) * (0.5 + fields / 2.0) * if header == common { 1.0 } else { 0.6 }
}
