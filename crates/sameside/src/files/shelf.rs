//! Where the bytes of documents lie: a folder, written so that a crash leaves no half of one.
//!
//! A name in it is made of two ids, of the workspace and of the bytes, and of nothing anybody typed.

use crate::accounts::{Workspace, hex};
use crate::base::{Id, When};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::files::{Attachment, FILE_BYTES_MAX, Stored};
use axum::body::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How much is written at once, in bytes.
const PART_BYTES: usize = 1 << 20;
/// How many parts of one document wait for the disk.
const PARTS_WAITING: usize = 2;
/// What is said of bytes that are gone, or not what arrived.
const LOST: &str = "The file of this document is missing or damaged on the server's disk. Bring it back from a copy of the folder \
     `files`, or remove the document and add it again.";

/// The folder of the bytes of documents.
#[derive(Debug, Clone)]
pub struct Shelf {
    store: Arc<LocalFileSystem>,
    root: PathBuf,
}

/// Bytes on their way to the shelf. Dropped before they are finished, nothing stays of them.
pub(super) struct Writing {
    upload: WriteMultipart,
    hash: Sha256,
    size: u64,
}

/// Bytes that arrived whole.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// How many.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: String,
}

/// Bytes on their way to a reader.
pub(super) type Bytestream = BoxStream<'static, object_store::Result<Bytes>>;

impl Shelf {
    /// The folder of an instance; made, readable by its owner alone, if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn of(config: &Config) -> Result<Self> {
        let root = config.files();
        if !root.is_dir() {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&root).map_err(|error| at(&root, &error))?;
        }
        let store = LocalFileSystem::new_with_prefix(&root).map_err(|error| at(&root, &error))?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), root })
    }

    fn folder(workspace: Id<Workspace>) -> Path {
        Path::from(workspace.to_string())
    }

    fn place(workspace: Id<Workspace>, id: Id<Stored>) -> Path {
        Path::from(format!("{workspace}/{id}"))
    }

    /// Begins to write, under a temporary name.
    pub(super) async fn begin(&self, workspace: Id<Workspace>, id: Id<Stored>) -> Result<Writing> {
        let upload = self.store.put_multipart(&Self::place(workspace, id)).await.map_err(ours)?;
        let upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        Ok(Writing { upload, hash: Sha256::new(), size: 0 })
    }

    /// The bytes of a document, after a look at all of them: they are what arrived.
    ///
    /// # Errors
    /// `Refused` when they are missing or are others.
    pub(super) async fn read(&self, workspace: Id<Workspace>, it: &Attachment) -> Result<Bytestream> {
        let place = Self::place(workspace, it.stored_id);
        let lost = |why: String| {
            tracing::error!(file = %self.root.join(place.as_ref()).display(), why, "a document cannot be read");
            Error::Refused(LOST.into())
        };
        let found = self.store.get(&place).await.map_err(|error| lost(error.to_string()))?;
        if i64::try_from(found.meta.size) != Ok(it.size) {
            return Err(lost(format!("{} bytes instead of {}", found.meta.size, it.size)));
        }
        let mut hash = Sha256::new();
        let mut bytes = found.into_stream();
        while let Some(some) = bytes.try_next().await.map_err(|error| lost(error.to_string()))? {
            hash.update(&some);
        }
        if hex(&hash.finalize()) != it.sha256 {
            return Err(lost("its bytes are not those that arrived".into()));
        }
        let found = self.store.get(&place).await.map_err(|error| lost(error.to_string()))?;
        Ok(found.into_stream())
    }

    /// Takes bytes away; whether there were any.
    pub(super) async fn remove(&self, workspace: Id<Workspace>, id: Id<Stored>) -> Result<bool> {
        match self.store.delete(&Self::place(workspace, id)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(ours(error)),
        }
    }

    /// The bytes of a workspace that were written before a moment.
    pub(super) fn older(
        &self,
        workspace: Id<Workspace>,
        before: When,
    ) -> BoxStream<'static, Result<Id<Stored>>> {
        let all = self.store.list(Some(&Self::folder(workspace)));
        let mine = all.filter_map(move |found| async move {
            match found {
                Ok(meta) if meta.last_modified.timestamp_micros() >= before.micros() => None,
                Ok(meta) => meta.location.filename().and_then(|name| name.parse().ok()).map(Ok),
                Err(object_store::Error::NotFound { .. }) => None,
                Err(error) => Some(Err(ours(error))),
            }
        });
        mine.boxed()
    }

    /// Takes away what a crash left half written before a moment; answers with how much.
    pub(super) async fn remove_half_written(&self, workspace: Id<Workspace>, before: When) -> Result<usize> {
        let folder = self.root.join(workspace.to_string());
        let mut entries = match tokio::fs::read_dir(&folder).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(at(&folder, &error)),
        };
        let before = u64::try_from(before.micros()).unwrap_or(0);
        let before = SystemTime::UNIX_EPOCH + Duration::from_micros(before);
        let mut removed = 0;
        while let Some(entry) = entries.next_entry().await.map_err(|error| at(&folder, &error))? {
            // What is on its way has the name it will have, a mark and a number.
            if !entry.file_name().to_string_lossy().contains('#') {
                continue;
            }
            let Ok(modified) = entry.metadata().await.and_then(|meta| meta.modified()) else { continue };
            if modified < before && tokio::fs::remove_file(entry.path()).await.is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }
}

impl Writing {
    /// How many bytes arrived so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes some more; false when that would be more than a document may have.
    ///
    /// # Errors
    /// The disk does not take them.
    pub async fn put(&mut self, bytes: Bytes) -> Result<bool> {
        self.size += bytes.len() as u64;
        if self.size > FILE_BYTES_MAX {
            return Ok(false);
        }
        self.hash.update(&bytes);
        self.upload.wait_for_capacity(PARTS_WAITING).await.map_err(ours)?;
        self.upload.put(bytes);
        Ok(true)
    }

    /// They are all there: on the disk, under their name.
    ///
    /// # Errors
    /// The disk does not take them.
    pub async fn finish(self) -> Result<Written> {
        let size = i64::try_from(self.size).map_err(|_| Error::Internal("a size beyond reason".into()))?;
        self.upload.finish().await.map_err(ours)?;
        Ok(Written { size, sha256: hex(&self.hash.finalize()) })
    }
}

fn ours(error: object_store::Error) -> Error {
    Error::Internal(format!("the folder of documents: {error}"))
}

fn at(path: &std::path::Path, error: &impl std::fmt::Display) -> Error {
    Error::Internal(format!("{}: {error}", path.display()))
}
