//! What the two databases say differently, both spellings side by side.

/// Which database is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, one file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// Added to a `select`: the rows stay as they are until the transaction ends. One writer at a time needs nothing.
    pub const fn share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for share",
        }
    }

    /// Added to a sub-select that claims rows of a queue: other claimers pass over them.
    pub const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update skip locked",
        }
    }

    /// Replaces the neutral words of a migration: `{id}`, `{int}`, `{real}`, `{text}`, `{bytes}`, `{seq}`, `{table}`, `{keyed}`.
    pub(crate) fn translate(self, sql: &str) -> String {
        let words: [(&str, &str, &str); 8] = [
            ("{id}", "blob", "uuid"),
            ("{int}", "integer", "bigint"),
            ("{real}", "real", "double precision"),
            // Byte order in both: sorting, prefixes and keyset pages mean the same whatever the server's language.
            ("{text}", "text", "text collate \"C\""),
            ("{bytes}", "blob", "bytea"),
            ("{table}", "strict", ""),
            // A table that is nothing but its key and a few figures, kept in the order of the key.
            ("{keyed}", "strict, without rowid", ""),
            ("{seq}", "integer primary key autoincrement", "bigint generated always as identity primary key"),
        ];
        words.iter().fold(sql.to_owned(), |text, (word, sqlite, postgres)| {
            text.replace(
                word,
                match self {
                    Self::Sqlite => sqlite,
                    Self::Postgres => postgres,
                },
            )
        })
    }
}
