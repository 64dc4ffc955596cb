//! What a person handed over: a file on disk or bytes already in memory, readable as often as needed.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file to import, with the name a person knows it by.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The name used in every refusal and report.
    pub name: Arc<str>,
    pub(super) blob: Blob,
}

/// Where the bytes are. Cheap to clone; each reading opens it anew.
#[derive(Clone, Debug)]
pub(super) enum Blob {
    Path(PathBuf),
    Bytes(Arc<[u8]>),
}

/// Anything the archive and sheet readers can move about in.
pub(super) trait Seekable: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seekable for T {}

impl Upload {
    /// A file on disk, called by its last path segment.
    pub fn path(path: &Path) -> Upload {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
        Upload { name: Arc::from(name.as_ref()), blob: Blob::Path(path.to_path_buf()) }
    }

    /// A file on disk that people know by another name.
    pub fn named(name: &str, path: &Path) -> Upload {
        Upload { name: Arc::from(name), blob: Blob::Path(path.to_path_buf()) }
    }

    /// Bytes already received, called `name`.
    pub fn bytes(name: &str, bytes: impl Into<Arc<[u8]>>) -> Upload {
        Upload { name: Arc::from(name), blob: Blob::Bytes(bytes.into()) }
    }
}

impl Blob {
    pub(super) fn open(&self) -> io::Result<Box<dyn Seekable>> {
        Ok(match self {
            Blob::Path(path) => Box::new(File::open(path)?),
            Blob::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}
