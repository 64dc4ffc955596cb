//! What a document of a deal is. Pure.

use crate::accounts::Member;
use crate::base::{Fields, Id, Locale, When, codes};
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

/// The largest document, in bytes.
pub const FILE_BYTES_MAX: u64 = 25_000_000;
/// The most documents of a deal.
pub const FILES_MAX: i64 = 200;
/// For how many days a document that was removed can be brought back.
pub const KEPT_DAYS: i64 = 30;
/// The longest name of a file, in characters.
const NAME_CHARS_MAX: usize = 150;
/// The longest ending of a name that is kept when the name is cut, in characters.
const ENDING_CHARS_MAX: usize = 10;

codes! {
    /// What is in a document, by the ending of its name. A browser is told one of these and nothing else: what could run in it
    /// is `Other`.
    pub enum Media {
        /// A document as it is printed.
        Pdf = "application/pdf", "PDF";
        /// Plain text.
        Text = "text/plain", "Text";
        /// A table in plain text.
        Csv = "text/csv", "Table, CSV";
        /// A picture.
        Png = "image/png", "Picture, PNG";
        /// A picture.
        Jpeg = "image/jpeg", "Picture, JPEG";
        /// A picture.
        Webp = "image/webp", "Picture, WebP";
        /// A document of a word processor.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Document, DOCX";
        /// A spreadsheet.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Spreadsheet, XLSX";
        /// A presentation.
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "Presentation, PPTX";
        /// A document of a word processor.
        Odt = "application/vnd.oasis.opendocument.text", "Document, ODT";
        /// A spreadsheet.
        Ods = "application/vnd.oasis.opendocument.spreadsheet", "Spreadsheet, ODS";
        /// A presentation.
        Odp = "application/vnd.oasis.opendocument.presentation", "Presentation, ODP";
        /// Several files in one.
        Zip = "application/zip", "Archive, ZIP";
        /// Anything else.
        Other = "application/octet-stream", "File";
    }
}

impl Media {
    /// What a file of this name is sent as.
    pub fn of(name: &str) -> Self {
        match ending(name).as_str() {
            "pdf" => Self::Pdf,
            "txt" | "text" | "md" | "log" => Self::Text,
            "csv" => Self::Csv,
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            "webp" => Self::Webp,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "pptx" => Self::Pptx,
            "odt" => Self::Odt,
            "ods" => Self::Ods,
            "odp" => Self::Odp,
            "zip" => Self::Zip,
            _ => Self::Other,
        }
    }
}

/// The bytes of a document, for an id of their own.
#[derive(Debug)]
pub enum Stored {}

record! {
    /// A document of a deal. Its bytes are on the [`Shelf`](crate::files::Shelf).
    pub struct Attachment in "attachment", Kind::Attachment => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// Who of us added it.
        pub owner_id: Option<Id<Member>>,
        /// What it is called on pages.
        pub title: String,
        /// What it is called when it is saved: a name without a folder.
        pub name: String,
        /// What it is sent as.
        pub media: Media,
        /// How large it is, in bytes.
        pub size: i64,
        /// The SHA-256 of its bytes, in hexadecimal digits.
        pub sha256: String,
        /// Where its bytes are.
        pub stored_id: Id<Stored>,
        /// Since when the client reads it; ours alone, if never.
        pub shared_at: Option<When>,
    }
    derived {}
}

impl Attachment {
    /// From now on the client reads it; since when stays, if they do already.
    pub fn share(&mut self, now: When) {
        self.shared_at.get_or_insert(now);
    }

    /// It is ours alone again.
    pub fn stop_sharing(&mut self) {
        self.shared_at = None;
    }

    /// The ending of its name, as a sign of what it is: `PDF`; empty for one that says nothing.
    pub fn sign(&self) -> String {
        let ending = ending(&self.name);
        let says = (1..=5).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric());
        if says { ending.to_uppercase() } else { String::new() }
    }

    /// What it is and how large, in a few signs that every language knows: `PDF, 1.2 MB`.
    pub fn shown(&self, locale: Locale) -> String {
        let (sign, size) = (self.sign(), size_shown(self.size, locale));
        if sign.is_empty() { size } else { format!("{sign}, {size}") }
    }
}

impl About for Attachment {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what it is, in a few words");
        }
        if self.size <= 0 {
            fields.add("file", "a document with something in it; this one is empty");
        }
        if clean_name(&self.name).as_ref() != Some(&self.name) {
            fields.add("file", "a document with a name");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

/// The ending of a name in lower case; empty if it has none.
fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// A name under which any system can save a file: without folders, control characters, marks that turn the direction of
/// letters around, or what some systems read as more than a name; `None` if nothing is left of it.
pub fn clean_name(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|c| !turns_around(*c)).map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        c if c.is_control() => ' ',
        c => c,
    });
    let name = kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(|c| c == '.' || c == ' ');
    let cut = if name.chars().count() <= NAME_CHARS_MAX { name.to_owned() } else { cut(name) };
    let cut = cut.trim_matches(|c| c == '.' || c == ' ');
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// A name that is too long, shorter, with the ending that says what it is.
fn cut(name: &str) -> String {
    let split = name.rsplit_once('.').filter(|(_, ending)| ending.chars().count() <= ENDING_CHARS_MAX);
    match split {
        Some((stem, ending)) => {
            let room = NAME_CHARS_MAX - 1 - ending.chars().count();
            let stem: String = stem.chars().take(room).collect();
            format!("{}.{ending}", stem.trim_end())
        }
        None => name.chars().take(NAME_CHARS_MAX).collect(),
    }
}

/// Whether a character cannot be seen and makes a name look like another.
const fn turns_around(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A number of bytes as people read it: `640 kB`, `1.2 MB`.
#[expect(clippy::cast_precision_loss, reason = "a file is far below 2^53 bytes")]
pub fn size_shown(bytes: i64, locale: Locale) -> String {
    let kilobytes = bytes as f64 / 1e3;
    if kilobytes < 999.5 {
        return format!("{} kB", locale.number(kilobytes.max(0.1), usize::from(kilobytes < 9.95)));
    }
    let megabytes = kilobytes / 1e3;
    format!("{} MB", locale.number(megabytes, usize::from(megabytes < 99.95)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_and_never_a_way_to_somewhere() {
        for (given, name) in [
            ("Price list.pdf", Some("Price list.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\ada\\plan.docx", Some("plan.docx")),
            ("..", None),
            ("", None),
            (" . ", None),
            ("a/", None),
            (".htaccess", Some("htaccess")),
            ("in\r\nvoice\u{0}.pdf", Some("in voice .pdf")),
            ("gnp\u{202e}fdp.exe", Some("gnpfdp.exe")),
            ("what?\"now\".txt", Some("what__now_.txt")),
            ("Öffnungszeiten 早い.txt", Some("Öffnungszeiten 早い.txt")),
        ] {
            assert_eq!(clean_name(given).as_deref(), name, "{given:?}");
        }
        let long = clean_name(&format!("{}.pdf", "é".repeat(400))).unwrap();
        assert_eq!((long.chars().count(), long.ends_with("é.pdf")), (NAME_CHARS_MAX, true));
        assert_eq!(clean_name(&long).as_ref(), Some(&long), "what is clean stays as it is");
    }

    #[test]
    fn what_could_run_in_a_browser_is_only_bytes() {
        for name in ["page.html", "drawing.svg", "page.xhtml", "data.xml", "run.js", "none", "x.PDF.exe"] {
            assert_eq!(Media::of(name), Media::Other, "{name}");
        }
        assert_eq!(Media::of("Offer.PDF"), Media::Pdf);
        assert_eq!(Media::of("photo.jpeg"), Media::Jpeg);
    }

    #[test]
    fn a_size_is_said_in_a_few_digits() {
        for (bytes, text) in [
            (1, "0.1 kB"),
            (640, "0.6 kB"),
            (12_400, "12 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (25_000_000, "25.0 MB"),
        ] {
            assert_eq!(size_shown(bytes, Locale::EnGb), text);
        }
    }
}
