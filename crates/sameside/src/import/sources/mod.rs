//! How each system writes its tables: one file a source. A source is a list of shapes; each says by which headers it is known and
//! what each header means.

mod any;
mod crm_pipeline;
mod hubspot;
mod pipedrive;
mod salesforce;
mod twenty;

use super::field::{Field, Kind, Meaning, Source};

/// How one source writes.
pub(super) struct Dialect {
    pub(super) source: Source,
    pub(super) tables: &'static [TableShape],
    /// What its stages are called when nobody renamed them.
    pub(super) stages: &'static [(&'static str, Meaning)],
}

/// How one kind of table is written by a source. Headers are compared folded (see `header`); `=` in front asks for the exact
/// spelling.
pub(super) struct TableShape {
    pub(super) kind: Kind,
    /// Headers that must all be there.
    pub(super) all: &'static [&'static str],
    /// One of these must be there, if any are named.
    pub(super) any: &'static [&'static str],
    /// None of these may be there.
    pub(super) none: &'static [&'static str],
    /// What the headers mean.
    pub(super) columns: &'static [(Field, &'static [&'static str])],
    /// What the numbers of a column are to be multiplied by.
    pub(super) times: &'static [(Field, u32)],
}

/// The systems known by name.
pub(super) const DIALECTS: [&Dialect; 5] =
    [&crm_pipeline::DIALECT, &twenty::DIALECT, &hubspot::DIALECT, &salesforce::DIALECT, &pipedrive::DIALECT];

pub(super) use self::any::{STAGES as COMMON_STAGES, TABLES as COMMON_TABLES};
