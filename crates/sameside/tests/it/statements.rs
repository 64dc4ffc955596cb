//! Every fixed statement is understood by the database under test.

use crate::world::World;
use std::path::{Path, PathBuf};

/// The text of every `sql!("…")` in the stores, with the file it is in.
fn statements() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for file in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for after in text.split("sql!(").skip(1) {
            let literal = after
                .trim_start()
                .strip_prefix('"')
                .unwrap_or_else(|| panic!("{}: sql! takes plain text", file.display()));
            let end = literal.find('"').unwrap();
            found.push((file.clone(), literal[..end].to_owned()));
        }
    }
    found
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn every_statement_is_understood_by_the_database() {
    let world = World::new().await;
    let mut conn = world.app.read().await.unwrap();
    let all = statements();
    assert!(all.len() > 30, "the search for statements found only {}", all.len());
    for (file, text) in all {
        let prepared = conn.prepare(db::Sql::built(text.clone())).await;
        assert!(prepared.is_ok(), "{}: {text}\n{:?}", file.display(), prepared.err());
    }
}
