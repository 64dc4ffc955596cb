//! A row as it was read: the texts of its cells in one buffer, and what the file itself says of their type.

use std::borrow::Cow;

/// What the file says a cell is. Only spreadsheets say; in a text file everything is `Text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Written text: its meaning has to be found.
    Text,
    /// A number, written with a decimal point and nothing else.
    Number,
    /// A date or a date and time in ISO 8601.
    Date,
    /// `true` or `false`.
    Flag,
}

/// The cells of one row.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
    /// Empty when every cell is text.
    forms: Vec<Form>,
}

/// One data row, borrowed from the reader.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Line of the file as a person counts it (the first line is 1); the sheet's row for a spreadsheet.
    pub line: u64,
    /// What stands in it.
    pub cells: &'a Cells,
}

impl Cells {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of cell `index` as it stands in the file, empty if the row is shorter.
    pub fn raw(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..*end).unwrap_or("")
    }

    /// The text of cell `index` without what is no part of the value: space around it, NUL bytes, the invisible or
    /// quoting mark some programs put before `=`, `+`, `-` or `@`.
    pub fn get(&self, index: usize) -> Cow<'_, str> {
        clean(self.raw(index))
    }

    /// What the file says cell `index` is.
    pub fn form(&self, index: usize) -> Form {
        self.forms.get(index).copied().unwrap_or(Form::Text)
    }

    /// Whether no cell holds anything but space.
    pub fn all_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The cells as one line of CSV, without its line end. What a spreadsheet would take for a formula gets a `'` in front.
    pub fn to_csv(&self) -> String {
        let mut line = String::with_capacity(self.text.len() + 2 * self.ends.len());
        for index in 0..self.len() {
            if index > 0 {
                line.push(',');
            }
            let text = self.get(index);
            let is_number =
                text.bytes().skip(1).all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b' '));
            if text.starts_with(['=', '@']) || (text.starts_with(['+', '-']) && !is_number) {
                quote(&format!("'{text}"), &mut line);
            } else {
                quote(&text, &mut line);
            }
        }
        line
    }

    /// Takes so many cells away from the front.
    pub(super) fn drop_first(&mut self, count: usize) {
        let count = count.min(self.ends.len());
        let Some(end) = count.checked_sub(1).and_then(|last| self.ends.get(last)).copied() else { return };
        self.text.drain(..end);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|other| *other -= end);
        self.forms.drain(..count.min(self.forms.len()));
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.forms.clear();
    }

    /// Ends the cell whose text was written with `write`.
    pub(super) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    pub(super) fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Takes space from the end of the cell being written, not from those before it.
    pub(super) fn trim_end(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        let kept = self.text.get(start..).map_or(0, |cell| cell.trim_end().len());
        self.text.truncate(start + kept);
    }

    pub(super) fn push(&mut self, text: &str, form: Form) {
        if form != Form::Text || !self.forms.is_empty() {
            self.forms.resize(self.ends.len(), Form::Text);
            self.forms.push(form);
        }
        self.write(text);
        self.end_cell();
    }

    /// Adds empty cells until there are `count`.
    pub(super) fn pad(&mut self, count: usize) {
        while self.ends.len() < count {
            self.push("", Form::Text);
        }
    }
}

/// Writes one value of CSV, quoted where it has to be.
pub fn quote(text: &str, line: &mut String) {
    if !text.contains([',', '"', '\n', '\r']) {
        line.push_str(text);
        return;
    }
    line.push('"');
    for part in text.split_inclusive('"') {
        line.push_str(part);
        if part.ends_with('"') {
            line.push('"');
        }
    }
    line.push('"');
}

/// See [`Cells::get`].
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\0'));
    let text = match text.strip_prefix(['\u{200D}', '\'']) {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest.trim_start(),
        _ => text,
    };
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}
