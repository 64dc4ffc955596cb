//! Zip archives of tables, as HubSpot and Salesforce send them. Never unpacked to disk; guarded against archives that
//! grow without end.

use super::blob::Blob;
use super::{MAX_ENTRIES, MAX_PACKED_WORKBOOK_BYTES, MAX_UNPACKED_BYTES};
use std::io::{self, BufReader, Read};
use std::sync::Arc;

/// More than this from one entry is looked at twice: text packs 5 to 50 times, a bomb a thousand times.
const MAX_UNSUSPECTED_BYTES: u64 = 64 << 20;
const MAX_RATIO: u64 = 250;

/// Stops reading when more comes out than an honest archive would hold.
pub(super) struct Guarded<R> {
    source: R,
    packed: u64,
    limit: u64,
    read: u64,
}

impl<R: Read> Guarded<R> {
    pub(super) fn new(source: R, packed: u64, limit: u64) -> Guarded<R> {
        Guarded { source, packed, limit, read: 0 }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.read += count as u64;
        if self.read > self.limit
            || (self.read > MAX_UNSUSPECTED_BYTES && self.read / MAX_RATIO > self.packed)
        {
            return Err(io::Error::other("unpacked, it is far larger than a table would be"));
        }
        Ok(count)
    }
}

/// An entry of an archive.
pub(super) struct Entry {
    pub(super) index: usize,
    /// Its path in the archive.
    pub(super) name: String,
}

/// The entries that may be tables and, as sentences, what was left aside.
pub(super) struct Listing {
    pub(super) entries: Vec<Entry>,
    pub(super) left_aside: Vec<(String, String)>,
}

/// Lists an archive.
pub(super) fn list(blob: &Blob) -> io::Result<Result<Listing, String>> {
    let mut archive = match zip::ZipArchive::new(BufReader::new(blob.open()?)) {
        Ok(archive) => archive,
        Err(error) => return Ok(Err(format!("this archive cannot be read ({error})"))),
    };
    if archive.len() > MAX_ENTRIES {
        return Ok(Err(format!(
            "this archive holds {} files; at most {MAX_ENTRIES} are read",
            archive.len()
        )));
    }
    let mut listing = Listing { entries: Vec::new(), left_aside: Vec::new() };
    for index in 0..archive.len() {
        // Read raw, so that an encrypted or oddly packed entry can still be named.
        let Ok(entry) = archive.by_index_raw(index) else {
            listing.left_aside.push((format!("entry {}", index + 1), "it cannot be read".to_owned()));
            continue;
        };
        let name = entry.name().map_or_else(
            |_| String::from_utf8_lossy(entry.name_raw()).into_owned(),
            |name| name.into_owned(),
        );
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if entry.is_dir() || last.is_empty() || last.starts_with('.') || name.starts_with("__MACOSX/") {
            continue;
        }
        if entry.encrypted() {
            listing.left_aside.push((name, "it is protected by a password".to_owned()));
            continue;
        }
        let ending = last.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "csv" | "tsv" | "txt" | "tab" | "xlsx" | "xlsm" => listing.entries.push(Entry { index, name }),
            "zip" => listing
                .left_aside
                .push((name, "it is an archive inside an archive: unpack it first".to_owned())),
            _ => listing.left_aside.push((name, "it is not a table".to_owned())),
        }
    }
    Ok(Ok(listing))
}

/// Calls `with` with the unpacked bytes of an entry.
pub(super) fn read<T>(
    blob: &Blob,
    index: usize,
    with: impl FnOnce(&mut dyn Read) -> io::Result<T>,
) -> io::Result<T> {
    let mut archive = zip::ZipArchive::new(BufReader::new(blob.open()?)).map_err(io::Error::other)?;
    let entry = archive.by_index(index).map_err(io::Error::other)?;
    let packed = entry.compressed_size();
    with(&mut Guarded::new(entry, packed, MAX_UNPACKED_BYTES))
}

/// A workbook inside an archive: it has to be moved about in, so it is held in memory.
pub(super) fn workbook(blob: &Blob, index: usize) -> io::Result<Blob> {
    let mut bytes = Vec::new();
    read(blob, index, |entry| entry.take(MAX_PACKED_WORKBOOK_BYTES + 1).read_to_end(&mut bytes))?;
    if bytes.len() as u64 > MAX_PACKED_WORKBOOK_BYTES {
        let limit = MAX_PACKED_WORKBOOK_BYTES >> 20;
        return Err(io::Error::other(format!(
            "a workbook inside an archive may have {limit} MB: unpack it first"
        )));
    }
    Ok(Blob::Bytes(Arc::from(bytes)))
}
