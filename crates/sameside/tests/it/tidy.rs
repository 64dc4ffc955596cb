//! The invariants of ARCHITECTURE.md that are mostly about what is absent, and that nothing lies about unused.

use crate::statements::rust_files;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Files whose code may depend on slices that come later in `lib.rs`, on which, and why. Pages apart: a page shows
/// what many slices know.
const UPWARDS: &[(&str, &[&str], &str)] = &[
    ("app.rs", &["accounts"], "the running program remembers who sits where"),
    ("jobs/", &["accounts"], "work is done for a workspace, by somebody"),
    ("history/", &["accounts", "notices", "records"], "what happened, to which record, by whom"),
    (
        "history/timeline.rs",
        &["activities", "diagnosis"],
        "a call is told as a call, and a figure in the unit of its parameter",
    ),
    (
        "history/words.rs",
        &[
            "activities",
            "advocates",
            "commitments",
            "concessions",
            "deals",
            "departures",
            "diagnosis",
            "negotiation",
            "outcomes",
            "pursuit",
            "pulse",
            "service",
        ],
        "what changed is said in the words of its slice",
    ),
    ("records/", &["accounts"], "every verb asks who acts"),
    (
        "records/actions.rs",
        &[
            "companies",
            "contacts",
            "products",
            "deals",
            "diagnosis",
            "activities",
            "tasks",
            "commitments",
            "pursuit",
            "departures",
            "advocates",
            "concessions",
            "negotiation",
            "proposals",
            "client_page",
            "files",
            "outcomes",
            "questions",
            "service",
            "tallies",
            "digest",
            "pulse",
            "care",
        ],
        "undo finds the type of a record by its kind",
    ),
    ("help/", &["web"], "help is nothing but a page"),
    (
        "accounts/actions.rs",
        &["deals", "tallies"],
        "a new workspace begins with a pipeline, and nothing counted",
    ),
    ("companies/actions.rs", &["search"], "the company it belongs to is named, and found by its name"),
    ("contacts/actions.rs", &["search"], "where somebody works is named, and found by its name"),
];

/// Files that show things to people.
fn is_page(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    file.contains("/pages/")
        || ["pages.rs", "page.rs", "view.rs", "form.rs"].contains(&name)
        || name.ends_with("_pages.rs")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn source() -> PathBuf {
    root().join("crates/sameside/src")
}

/// Every file of the repository with one of these endings, as its path from `folder`, and its text.
fn files(folder: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", ".git", "data"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
                found.push((path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// The text without comments and without what follows the tests' gate.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn none(wrong: Vec<String>, what: &str) {
    assert!(wrong.is_empty(), "{what}\n  {}", wrong.join("\n  "));
}

/// The words between `start` and any of `ends`.
fn between<'t>(text: &'t str, start: &'t str, ends: &'t [char]) -> impl Iterator<Item = &'t str> {
    text.split(start).skip(1).filter_map(move |after| after.split(ends).next())
}

#[test]
fn the_engine_has_no_clock_no_io_and_no_threads() {
    let banned = [
        "std::time",
        "std::fs",
        "std::net",
        "std::env",
        "std::thread",
        "tokio",
        "async fn",
        "println!",
        "sqlx",
        "rusqlite",
    ];
    let wrong = files(&root().join("crates/engine/src"), &[".rs"])
        .iter()
        .filter(|(file, _)| !file.ends_with("tests.rs") && !file.contains("/tests/"))
        .flat_map(|(file, text)| {
            let code = text.split("#[cfg(test)]").next().map(code).unwrap_or_default();
            banned.iter().filter(move |word| code.contains(**word)).map(move |word| format!("{file}: {word}"))
        })
        .collect();
    none(wrong, "the engine only computes");
}

#[test]
fn only_the_store_knows_a_database_driver() {
    let wrong = files(&root(), &["Cargo.toml"])
        .iter()
        .filter(|(file, text)| {
            let drives = ["sqlx", "rusqlite"].iter().any(|driver| text.contains(driver));
            file != "Cargo.toml" && file != "crates/db/Cargo.toml" && drives
        })
        .map(|(file, _)| file.clone())
        .collect();
    none(wrong, "depend on `db` instead");
}

#[test]
fn statements_are_in_stores_alone() {
    let wrong = files(&source(), &[".rs"])
        .into_iter()
        .filter(|(file, text)| {
            let is_store = file.ends_with("store.rs") || file.starts_with("records/list");
            !is_store && ["sql!(", "Sql::built(", "Sql::fixed("].iter().any(|word| code(text).contains(word))
        })
        .map(|(file, _)| file)
        .collect();
    none(wrong, "move the statement to the slice's store.rs");
}

#[test]
fn slices_depend_downwards() {
    let lib = std::fs::read_to_string(source().join("lib.rs")).unwrap();
    let order: Vec<&str> = between(&lib, "pub mod ", &[';']).collect();
    let place = |module: &str| order.iter().position(|known| *known == module);
    let (mut wrong, mut needed) = (Vec::new(), BTreeSet::new());
    for (file, text) in files(&source(), &[".rs"]) {
        let module = file.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = place(module).filter(|_| !is_page(&file)) else { continue };
        for used in uses(&code(&text)) {
            if place(&used).is_none_or(|used| used <= own) {
                continue;
            }
            let exception = UPWARDS
                .iter()
                .position(|(start, modules, _)| file.starts_with(start) && modules.contains(&used.as_str()));
            match exception {
                Some(n) => drop(needed.insert((n, used))),
                None => wrong.push(format!("{file} uses {used}, which comes later in lib.rs")),
            }
        }
    }
    none(wrong, "a slice knows what comes before it");
    let stale = UPWARDS.iter().enumerate().flat_map(|(n, (start, modules, _))| {
        let needed = &needed;
        let unused = modules.iter().filter(move |module| !needed.contains(&(n, (**module).to_owned())));
        unused.map(move |module| format!("{start} does not use {module}"))
    });
    none(stale.collect(), "exceptions that nobody needs");
}

/// The modules of this crate that a text names.
fn uses(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            Some(list) => list.split("};").next().unwrap_or_default(),
            None => after,
        };
        let is_list = after.starts_with('{');
        let mut depth = 0_i32;
        let mut word = String::new();
        for letter in names.chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    used.insert(std::mem::take(&mut word));
                }
                _ if depth == 0 => word.push(letter),
                _ => {}
            }
            if !(is_list || letter.is_alphanumeric() || letter == '_') {
                break;
            }
        }
        used.insert(word);
    }
    used.iter()
        .map(|word| word.trim().split("::").next().unwrap_or_default())
        .map(|word| word.trim_matches(|letter: char| !(letter.is_alphanumeric() || letter == '_')).to_owned())
        .collect()
}

#[test]
fn the_clock_and_the_environment_are_read_where_they_may_be() {
    let may = [
        "crates/assets/build.rs",
        "crates/sameside/src/app.rs",
        "crates/sameside/src/config.rs",
        "crates/sameside/tests/it/tidy.rs",
        "crates/sameside/tests/it/world.rs",
    ];
    let wrong = files(&root(), &[".rs"])
        .into_iter()
        .filter(|(file, text)| !may.contains(&file.as_str()) && text.contains("clippy::disallowed_methods"))
        .map(|(file, _)| file)
        .collect();
    none(wrong, "`now` is a parameter, and what is configured is in the configuration");
}

#[test]
fn every_file_is_part_of_the_program() {
    let mut wrong = Vec::new();
    for crate_source in ["crates/sameside/src", "crates/db/src", "crates/engine/src", "crates/assets/src"] {
        let folder = root().join(crate_source);
        for file in rust_files(&folder) {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            if ["lib", "main", "mod"].contains(&name.as_str()) && file.parent() == Some(&folder) {
                continue;
            }
            let (module, parent) = if name == "mod" {
                let own = file.parent().unwrap();
                (own.file_name().unwrap().to_string_lossy().into_owned(), own.parent().unwrap().to_owned())
            } else {
                (name, file.parent().unwrap().to_owned())
            };
            let homes = [parent.join("mod.rs"), parent.join("lib.rs"), parent.with_extension("rs")];
            let declared = homes.iter().filter_map(|home| std::fs::read_to_string(home).ok()).any(|text| {
                text.lines().any(|line| {
                    let line = line.trim_end_matches(';');
                    line == format!("mod {module}") || line.ends_with(&format!(" mod {module}"))
                })
            });
            if !declared {
                wrong.push(file.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    none(wrong, "no module declares these");
}

#[test]
fn every_template_is_used() {
    let templates = files(&source(), &[".html"]);
    let all: String = files(&source(), &[".rs", ".html"]).into_iter().map(|(_, text)| text).collect();
    let wrong = templates
        .into_iter()
        .filter(|(file, _)| !all.contains(&format!("\"{file}\"")))
        .map(|(file, _)| file)
        .collect();
    none(wrong, "nothing shows these");
}

#[test]
fn nothing_is_inline_in_a_template() {
    let mut wrong = Vec::new();
    for (file, text) in files(&source(), &[".html"]) {
        for banned in [" style=\"", "<style", "<script>", "javascript:", "hx-on", " onclick=", " onchange="] {
            if text.contains(banned) {
                wrong.push(format!("{file}: {banned}"));
            }
        }
    }
    none(wrong, "browsers refuse what is inline here");
}

/// Letters of a class.
fn is_class(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

#[test]
fn every_class_is_styled_and_every_style_is_worn() {
    let sheets = files(&source(), &[".css"]);
    let mut defined: BTreeSet<(String, String)> = BTreeSet::new();
    for (file, text) in &sheets {
        for selector in selectors(text) {
            for class in selector.split('.').skip(1) {
                let class: String = class.chars().take_while(|letter| is_class(*letter)).collect();
                if class.starts_with(|letter: char| letter.is_ascii_lowercase()) {
                    defined.insert((class, file.clone()));
                }
            }
        }
    }
    assert!(defined.len() > 50, "the search for classes found only {}", defined.len());
    let names: BTreeSet<&str> = defined.iter().map(|(class, _)| class.as_str()).collect();
    let templates = files(&source(), &[".html"]);
    let others: String = files(&source(), &[".rs", ".js"]).into_iter().map(|(_, text)| text).collect();
    // A component that STYLE.md offers may wait for its first page; htmx puts its own class on what is under way.
    let offered = std::fs::read_to_string(root().join("STYLE.md")).unwrap();
    let (mut bare, mut worn) = (BTreeSet::new(), format!("{others} {offered} htmx-request "));
    for (file, text) in &templates {
        worn.push_str(text);
        for value in between(text, "class=\"", &['"']).filter(|value| !value.contains(['{', '}'])) {
            for class in value.split_whitespace() {
                if !names.contains(class) && !others.contains(class) {
                    bare.insert(format!("{file}: {class}"));
                }
            }
        }
    }
    none(bare.into_iter().collect(), "no sheet defines these classes");
    let words: BTreeSet<&str> = worn.split(|letter| !is_class(letter)).collect();
    // The utilities are a vocabulary, and a component may offer a variant (`card--quiet`) before a page asks for it.
    let idle = defined.iter().filter(|(class, file)| {
        let stem = class.find("--").map_or(class.as_str(), |end| &class[..end]);
        !file.ends_with("utilities.css") && !words.contains(class.as_str()) && !words.contains(stem)
    });
    none(idle.map(|(class, file)| format!("{file}: {class}")).collect(), "nothing wears these classes");
}

/// What stands in front of each block of a sheet.
fn selectors(sheet: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let mut found = Vec::new();
    let mut since = 0;
    for (n, letter) in plain.char_indices() {
        match letter {
            '{' => {
                found.push(plain[since..n].to_owned());
                since = n + 1;
            }
            '}' | ';' => since = n + 1,
            _ => {}
        }
    }
    found
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let mut wrong = Vec::new();
    for (file, text) in files(&root(), &[".md"]) {
        let folder = root().join(&file).parent().unwrap().to_owned();
        for link in between(&text, "](", &[')']) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty()
                && !path.contains("://")
                && !path.starts_with("mailto:")
                && !folder.join(path).exists()
            {
                wrong.push(format!("{file}: {link}"));
            }
        }
    }
    none(wrong, "these links lead nowhere");
}

#[test]
fn nothing_is_left_to_do_and_no_machine_is_named() {
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("/wo", "rk/"),
        concat!("/tm", "p/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("#[ig", "nore"),
    ];
    let mut wrong = Vec::new();
    for (file, text) in
        files(&root(), &[".rs", ".md", ".html", ".css", ".js", ".toml", ".sql", ".json", ".sh"])
    {
        for (n, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{file}:{}: {word}", n + 1));
            }
        }
    }
    none(wrong, "these words do not belong into the repository");
}
