//! Spreadsheets (XLSX), a sheet at a time and a row at a time.
//!
//! Formulas give the value that was last computed; dates come as ISO 8601, numbers with a decimal point. Shared texts are held
//! in memory (that is how the format is made), so a workbook's unpacked size is checked before it is opened.

use super::archive::Guarded;
use super::blob::{Blob, Seekable};
use super::row::{Cells, Form};
use super::{MAX_COLUMNS, MAX_ROW_BYTES, MAX_SHEET_CELLS, MAX_WORKBOOK_BYTES, RawLine, Stop};
use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{self, BufReader};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a workbook could not be read.
pub(super) type Unreadable = String;
type Workbook = Xlsx<BufReader<Box<dyn Seekable>>>;

/// The names of the visible sheets of a workbook, after checking that it is safe to open.
pub(super) fn sheets(blob: &Blob) -> io::Result<Result<Vec<String>, Unreadable>> {
    if let Err(reason) = check(blob)? {
        return Ok(Err(reason));
    }
    let workbook = match open(blob)? {
        Ok(workbook) => workbook,
        Err(reason) => return Ok(Err(reason)),
    };
    let shown = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    Ok(Ok(workbook.sheets_metadata().iter().filter(shown).map(|sheet| sheet.name.clone()).collect()))
}

/// Unpacks everything once without keeping it: what an archive declares of its size can be a lie.
fn check(blob: &Blob) -> io::Result<Result<(), Unreadable>> {
    let mut archive = match zip::ZipArchive::new(BufReader::new(blob.open()?)) {
        Ok(archive) => archive,
        Err(error) => return Ok(Err(damaged(&error))),
    };
    let mut left = MAX_WORKBOOK_BYTES;
    for index in 0..archive.len() {
        let entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => return Ok(Err(damaged(&error))),
        };
        let packed = entry.compressed_size();
        match io::copy(&mut Guarded::new(entry, packed, left), &mut io::sink()) {
            Ok(bytes) => left = left.saturating_sub(bytes),
            Err(error) => return Ok(Err(damaged(&error))),
        }
    }
    Ok(Ok(()))
}

fn damaged(error: &dyn std::fmt::Display) -> Unreadable {
    format!("this workbook cannot be read ({error})")
}

fn open(blob: &Blob) -> io::Result<Result<Workbook, Unreadable>> {
    let source = BufReader::new(blob.open()?);
    Ok(caught(|| Xlsx::new(source)))
}

/// The reading library is not ours and the file may be hostile: a panic in it is a workbook that cannot be read.
fn caught<T, E: std::fmt::Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, Unreadable> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| damaged(&error)),
        Err(_) => Err(damaged(&"it is damaged")),
    }
}

/// Reads one sheet and hands each row that holds something to `visit`. Lines are the sheet's own row numbers.
pub(super) fn visit(
    blob: &Blob,
    sheet: &str,
    visit: &mut dyn FnMut(RawLine<'_>) -> ControlFlow<Stop>,
) -> io::Result<Result<ControlFlow<Stop>, Unreadable>> {
    let mut workbook = match open(blob)? {
        Ok(workbook) => workbook,
        Err(reason) => return Ok(Err(reason)),
    };
    let readable = &mut workbook;
    let mut reader = match caught(move || readable.worksheet_cells_reader(sheet)) {
        Ok(reader) => reader,
        Err(reason) => return Ok(Err(reason)),
    };
    let (mut line, mut count, mut wide) = (0_u64, 0_u64, false);
    let mut cells = Cells::default();
    let mut flush = |line: u64, cells: &mut Cells, wide: bool| -> ControlFlow<Stop> {
        if wide {
            return visit(RawLine::Refused(line, format!("it has more than {MAX_COLUMNS} columns")));
        }
        if cells.all_blank() {
            return ControlFlow::Continue(());
        }
        if cells.bytes() > MAX_ROW_BYTES {
            return visit(RawLine::Refused(
                line,
                format!("the row is longer than {} KB", MAX_ROW_BYTES >> 10),
            ));
        }
        visit(RawLine::Row(line, cells))
    };
    loop {
        let cell = match caught(|| reader.next_cell()) {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(reason) => {
                if let ControlFlow::Break(stop) = flush(line, &mut cells, wide) {
                    return Ok(Ok(ControlFlow::Break(stop)));
                }
                return Ok(Err(reason));
            }
        };
        count += 1;
        if count > MAX_SHEET_CELLS {
            return Ok(Err(format!(
                "the sheet has more than {MAX_SHEET_CELLS} cells: save it as CSV and bring that"
            )));
        }
        let (row, column) = cell.get_position();
        let (row, column) = (u64::from(row) + 1, column as usize);
        if row != line {
            if let ControlFlow::Break(stop) = flush(line, &mut cells, wide) {
                return Ok(Ok(ControlFlow::Break(stop)));
            }
            cells.clear();
            (line, wide) = (row, false);
        }
        if column >= MAX_COLUMNS {
            wide |= !matches!(cell.get_value(), DataRef::Empty);
            continue;
        }
        cells.pad(column);
        push(&mut cells, cell.get_value());
    }
    Ok(Ok(flush(line, &mut cells, wide)))
}

fn push(cells: &mut Cells, value: &DataRef<'_>) {
    match value {
        DataRef::Int(number) => cells.push(&number.to_string(), Form::Number),
        DataRef::Float(number) => cells.push(&written(*number), Form::Number),
        DataRef::String(text) => cells.push(text, Form::Text),
        DataRef::SharedString(text) => cells.push(text, Form::Text),
        DataRef::Bool(flag) => cells.push(if *flag { "true" } else { "false" }, Form::Flag),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if moment.is_duration() || moment.as_f64() < 1.0 {
                let hours = u64::from(hour) + (moment.as_f64().max(0.0) as u64).min(100_000) * 24;
                cells.push(&format!("{hours:02}:{minute:02}:{second:02}"), Form::Text);
            } else if (hour, minute, second) == (0, 0, 0) {
                cells.push(&format!("{year:04}-{month:02}-{day:02}"), Form::Date);
            } else {
                cells.push(
                    &format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
                    Form::Date,
                );
            }
        }
        DataRef::DateTimeIso(text) => cells.push(text, Form::Date),
        DataRef::DurationIso(text) => cells.push(text, Form::Text),
        DataRef::Error(CellErrorType::NA) | DataRef::Error(_) | DataRef::Empty => cells.push("", Form::Text),
    }
}

/// A spreadsheet's number in plain digits: whole where it is whole, never in powers of ten.
fn written(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    // Spreadsheets keep 15 digits: 0.1 + 0.2 is shown, and meant, as 0.3.
    let shown = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    if number.abs() < 1e21 { shown.to_string() } else { String::new() }
}
