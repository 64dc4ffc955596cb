//! Reading a CSV table: tolerant of how programs write them, strict about what cannot be guessed.

use crate::Error;

/// The largest table that is read, in bytes.
pub const TABLE_BYTES_MAX: usize = 64 << 20;

/// The most columns a table may have.
pub const COLUMNS_MAX: usize = 1_000;

/// A table of trimmed text cells with named columns; every row has every column.
#[derive(Debug)]
pub(crate) struct Table {
    headers: Vec<String>,
    text: String,
    /// Where each cell starts and ends in `text`, row by row.
    cells: Vec<(u32, u32)>,
    /// The line each row starts on, for messages.
    lines: Vec<u32>,
    delimiter: u8,
}

impl Table {
    /// Reads a table with a header line. Commas, semicolons and tabs are told apart by the header; text that is
    /// not UTF-8 is read as Latin-1.
    ///
    /// # Errors
    /// Empty, too large, no rows, a row of another length, or two columns of one name.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "TABLE_BYTES_MAX is below 2^32, twice over for Latin-1"
    )]
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > TABLE_BYTES_MAX {
            let limit_mib = TABLE_BYTES_MAX >> 20;
            return Err(Error::at(
                "",
                format!("the table is larger than {limit_mib} MiB: split it or leave out what is not needed"),
            ));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::at("", "the table is empty: a header line and at least one row are needed"));
        }
        let latin1: String;
        let source = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => {
                latin1 = bytes.iter().map(|&b| char::from(b)).collect();
                &latin1
            }
        };
        let delimiter = delimiter_of(source);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(source.as_bytes());
        let headers: Vec<String> =
            reader
                .headers()
                .map_err(|error| sentence(&error))?
                .iter()
                .enumerate()
                .map(|(at, name)| {
                    if name.trim().is_empty() { format!("column {}", at + 1) } else { name.trim().to_owned() }
                })
                .collect();
        if headers.len() > COLUMNS_MAX {
            return Err(Error::at(
                "line 1",
                format!("the table has {} columns: at most {COLUMNS_MAX} can be read", headers.len()),
            ));
        }
        for (at, name) in headers.iter().enumerate() {
            if headers.iter().take(at).any(|other| other == name) {
                return Err(Error::at(
                    "line 1",
                    format!("two columns are called `{name}`: give each its own name"),
                ));
            }
        }
        let mut table = Self {
            headers,
            text: String::with_capacity(source.len()),
            cells: Vec::new(),
            lines: Vec::new(),
            delimiter,
        };
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| sentence(&error))? {
            for cell in &record {
                let start = table.text.len() as u32;
                table.text.push_str(cell.trim());
                table.cells.push((start, table.text.len() as u32));
            }
            table.lines.push(record.position().map_or(0, csv::Position::line) as u32);
        }
        if table.lines.is_empty() {
            return Err(Error::at("", "the table has a header line but no rows"));
        }
        Ok(table)
    }

    /// The names of the columns, in order.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// How many rows there are, at least one.
    pub(crate) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// What separates its cells.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line a row starts on.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(0).into()
    }

    /// One cell, trimmed.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        let span = self.cells.get(row * self.headers.len() + column);
        span.and_then(|&(start, end)| self.text.get(start as usize..end as usize)).unwrap_or("")
    }

    /// The cells of one column, from the first row to the last.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        (0..self.rows()).map(move |row| self.cell(row, column))
    }

    /// The cells of one column with their lines.
    pub(crate) fn lined(&self, column: usize) -> Vec<(u64, &str)> {
        (0..self.rows()).map(|row| (self.line(row), self.cell(row, column))).collect()
    }

    /// The column of that name; `option` is what asked for it, such as `--outcome`.
    pub(crate) fn find(&self, name: &str, option: &str) -> Result<usize, Error> {
        let exact = self.headers.iter().position(|header| header == name.trim());
        exact
            .or_else(|| self.headers.iter().position(|header| header.eq_ignore_ascii_case(name.trim())))
            .ok_or_else(|| {
                Error::at(
                    option,
                    format!(
                        "the table has no column `{name}`; it has {}",
                        listed(self.headers.iter().map(String::as_str))
                    ),
                )
            })
    }
}

/// A number as people write it into tables: `1234.5`, `1,234.5`, `1234,5` or `€ 1.234,50` with its sign or
/// currency aside; `None` if it is none or not finite.
pub(crate) fn number(text: &str) -> Option<f64> {
    if let Some(value) = plain(text.as_bytes()) {
        return Some(value);
    }
    if let Ok(value) = text.parse::<f64>() {
        // `inf` and `nan` parse, but are words here.
        return value.is_finite().then_some(value);
    }
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '€' | '£' | '¥' | '%'));
    if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.' | b'\'')) {
        return None;
    }
    let decimal = match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(dot)) => Some(comma.max(dot)),
        // One comma with three digits behind it and one to three before is the comma of the thousands.
        (Some(comma), None) if text.matches(',').count() == 1 && text.len() - comma != 4 => Some(comma),
        (None, Some(dot)) if text.matches('.').count() == 1 => Some(dot),
        _ => None,
    };
    let plain: String = text
        .char_indices()
        .filter_map(|(at, c)| if Some(at) == decimal { Some('.') } else { c.is_ascii_digit().then_some(c) })
        .collect();
    plain.parse::<f64>().ok().map(|value| sign * value)
}

/// A number of at most 15 digits without an exponent, as most cells are: its digits and the power of ten it is divided by
/// are exact in 53 bits, so their quotient is the nearest number there is (Clinger 1990), at a third of the time.
fn plain(text: &[u8]) -> Option<f64> {
    const TENS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (is_negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
    if text.len() > 16 {
        return None;
    }
    let (mut digits, mut count, mut decimals) = (0_u64, 0, None);
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if decimals.is_none() => decimals = Some(count),
            _ => return None,
        }
    }
    if !(1..=15).contains(&count) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "15 digits fit in 53 bits")]
    let value = digits as f64 / TENS.get(count - decimals.unwrap_or(count))?;
    Some(if is_negative { -value } else { value })
}

/// At most eight names in a sentence.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let mut shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    if names.len() > 8 {
        shown.push(format!("{} more", names.len() - 8));
    }
    shown.join(", ")
}

/// A cell and the delimiter after it, quoted where it must be.
pub(crate) fn push_cell(line: &mut Vec<u8>, cell: &str, delimiter: u8) {
    if cell.bytes().any(|b| b == delimiter || matches!(b, b'"' | b'\n' | b'\r')) {
        line.push(b'"');
        line.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(cell.as_bytes());
    }
    line.push(delimiter);
}

/// Puts a newline where the last delimiter is.
pub(crate) fn end_line(line: &mut Vec<u8>) {
    line.pop();
    line.push(b'\n');
}

fn delimiter_of(source: &str) -> u8 {
    let header = source.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let count = |delimiter: u8| header.bytes().filter(|b| *b == delimiter).count();
    let (commas, semicolons, tabs) = (count(b','), count(b';'), count(b'\t'));
    if semicolons > commas && semicolons >= tabs {
        b';'
    } else if tabs > commas {
        b'\t'
    } else {
        b','
    }
}

fn sentence(error: &csv::Error) -> Error {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            Error::at(
                format!("line {line}"),
                format!("the row has {len} cells where the header has {expected_len}"),
            )
        }
        _ => Error::at("", format!("the table cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tables_are_read_as_programs_write_them() {
        let table = Table::read("\u{feff}Name;Größe \r\n\"A; B\"; 3 \r\n\r\nC;\r\n".as_bytes()).unwrap();
        assert_eq!(table.headers(), ["Name", "Größe"]);
        assert_eq!(
            (table.cell(0, 0), table.cell(0, 1), table.cell(1, 1), table.rows()),
            ("A; B", "3", "", 2)
        );
        let table = Table::read(b"Stra\xdfe,b\nx,y\n").unwrap();
        assert_eq!(table.headers()[0], "Straße");
    }

    #[test]
    fn a_table_that_cannot_be_read_is_answered_in_one_sentence() {
        for (bytes, words) in [
            (&b""[..], "the table is empty"),
            (b" \n\n", "the table is empty"),
            (b"a,b\n", "no rows"),
            (b"a,a\n1,2\n", "two columns are called `a`"),
            (b"a,b\n1,2\n1\n", "line 3: the row has 1 cells where the header has 2"),
        ] {
            let error = Table::read(bytes).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let error = Table::read(&vec![b'a'; TABLE_BYTES_MAX + 1]).unwrap_err().to_string();
        assert!(error.contains("larger than 64 MiB"), "{error}");
    }

    #[test]
    fn numbers_are_read_with_their_thousands_and_decimals() {
        for (text, value) in [
            ("1234.5", 1234.5),
            ("-3", -3.0),
            ("1e3", 1000.0),
            ("1,234.50", 1234.5),
            ("1.234,50", 1234.5),
            ("0,5", 0.5),
            ("12,345", 12345.0),
            ("$ 1,000,000", 1e6),
            ("-€7,5", -7.5),
            ("1'000.25", 1000.25),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "nan", "inf", "-inf", "1e999", "abc", "12a", "-", "Unknown"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_number_is_the_nearest_there_is(text in "-?[0-9]{0,9}\\.?[0-9]{0,9}") {
            if let Some(value) = plain(text.as_bytes()) {
                assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
            }
        }

        #[test]
        fn no_bytes_are_too_odd_to_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(table) = Table::read(&bytes) {
                for column in 0..table.headers().len() {
                    table.column(column).for_each(|cell| { number(cell); });
                }
            }
        }
    }
}
