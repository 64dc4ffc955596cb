//! A document arriving in a form, piece by piece: at no time is more of it in memory than a few pieces.

use crate::accounts::Workspace;
use crate::app::App;
use crate::base::{Fields, Id, When, line};
use crate::error::{Error, Result};
use crate::files::shelf::{Writing, Written};
use crate::files::{FILE_BYTES_MAX, Media, Shelf, Stored, clean_name};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;

/// How much of a form is read at all, in bytes. A document that is too large is read on to here without being kept, because a
/// browser hears an answer only when it has said everything.
const FORM_BYTES_MAX: usize = 200_000_000;
/// The longest title that is read, in bytes.
const TITLE_BYTES_MAX: usize = 4_096;

/// A document that arrived whole: its bytes are safe, and nobody knows of them yet.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// What it is called on pages.
    pub title: String,
    /// What it is called when it is saved.
    pub name: String,
    /// What it is sent as.
    pub media: Media,
    /// How large it is, in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Where its bytes are.
    pub stored_id: Id<Stored>,
}

/// Puts a document that is at hand on the shelf, as one that arrived.
///
/// # Errors
/// `Invalid` for a name that is none or too many bytes; `Internal` for the disk.
pub async fn keep(
    app: &App,
    workspace: Id<Workspace>,
    now: When,
    (title, name): (&str, &str),
    bytes: Vec<u8>,
) -> Result<Arrived> {
    let name = clean_name(name).ok_or_else(|| wrong("a document with a name"))?;
    let stored_id: Id<Stored> = Id::new(now);
    let mut writing = Shelf::of(app.config())?.begin(workspace, stored_id).await?;
    if !writing.put(bytes.into()).await? {
        return Err(too_large());
    }
    let written = writing.finish().await?;
    Ok(Arrived::of((title.to_owned(), name), written, stored_id))
}

impl Arrived {
    fn of((title, name): (String, String), written: Written, stored_id: Id<Stored>) -> Self {
        let (media, size, sha256) = (Media::of(&name), written.size, written.sha256);
        Self { title, name, media, size, sha256, stored_id }
    }
}

/// What came in the field of the file.
enum File {
    /// Nothing was chosen.
    None,
    /// It has no name that is one.
    Nameless,
    /// It is larger than a document may be.
    TooLarge,
    /// All of it, under a temporary name.
    Whole(String, Box<Writing>),
}

/// Takes the document of a form; `title` is what was typed, for the form that is shown again. Whatever is wrong, nothing stays.
///
/// # Errors
/// `Invalid` for what the person can mend; `Internal` for the disk.
pub(super) async fn receive(
    app: &App,
    workspace: Id<Workspace>,
    now: When,
    mut request: Request,
    title: &mut String,
) -> Result<Arrived> {
    DefaultBodyLimit::max(FORM_BYTES_MAX).apply(&mut request);
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Err(none()) };
    let shelf = Shelf::of(app.config())?;
    let stored_id: Id<Stored> = Id::new(now);
    let mut file = File::None;
    while let Some(field) = form.next_field().await.map_err(cut)? {
        match (field.name(), &file) {
            (Some("title"), _) => *title = short_text(field).await?,
            (Some("file"), File::None) => file = take(&shelf, workspace, stored_id, field).await?,
            _ => {}
        }
    }
    let (name, writing) = match file {
        File::None => return Err(none()),
        File::Nameless => return Err(wrong("a document with a name")),
        File::TooLarge => return Err(too_large()),
        File::Whole(_, writing) if writing.size() == 0 => {
            return Err(wrong("a document with something in it; this one is empty"));
        }
        File::Whole(name, writing) => (name, writing),
    };
    let said = line(title).map_err(|why| Error::Invalid(Fields::one("title", why)))?;
    let written = writing.finish().await?;
    Ok(Arrived::of((said.unwrap_or_else(|| name.clone()), name), written, stored_id))
}

async fn take(shelf: &Shelf, workspace: Id<Workspace>, id: Id<Stored>, mut field: Field<'_>) -> Result<File> {
    let given = field.file_name().map(str::to_owned);
    let mut writing = None;
    let mut is_too_large = false;
    while let Some(bytes) = field.chunk().await.map_err(cut)? {
        if bytes.is_empty() || is_too_large {
            continue;
        }
        let on_disk = match &mut writing {
            Some(on_disk) => on_disk,
            None => writing.insert(shelf.begin(workspace, id).await?),
        };
        is_too_large = !on_disk.put(bytes).await?;
        if is_too_large {
            writing = None;
        }
    }
    let is_chosen = given.as_ref().is_some_and(|name| !name.is_empty());
    let name = given.as_deref().and_then(clean_name);
    Ok(match (name, writing) {
        _ if is_too_large => File::TooLarge,
        (Some(name), Some(writing)) => File::Whole(name, Box::new(writing)),
        (Some(name), None) => File::Whole(name, Box::new(shelf.begin(workspace, id).await?)),
        (None, None) if !is_chosen => File::None,
        (None, _) => File::Nameless,
    })
}

/// A field of text, no more of it than a title can have.
async fn short_text(mut field: Field<'_>) -> Result<String> {
    let mut text = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(cut)? {
        let room = TITLE_BYTES_MAX.saturating_sub(text.len());
        text.extend(bytes.iter().take(room));
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn wrong(right: &str) -> Error {
    Error::field("file", right)
}

fn none() -> Error {
    wrong("a document: choose one from your computer")
}

fn too_large() -> Error {
    let megabytes = FILE_BYTES_MAX / 1_000_000;
    wrong(&format!("a document of at most {megabytes} MB; this one is larger"))
}

/// The form ended before its end.
fn cut(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    wrong("the whole document: it did not arrive to its end, so nothing of it was kept. Send it again")
}
