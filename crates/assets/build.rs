//! Makes everything a browser fetches besides pages, and writes the table that `lib.rs` includes.
//!
//! - Scripts of others come from `package-lock.json` through `npm ci --ignore-scripts`, run inside OUT_DIR; npm
//!   runs again only when a package file changes, however often a style sheet is edited.
//! - Our sheets are joined into `app.css`, our scripts into `app.js`; both lie in the `sameside` crate, beside
//!   the pages that need them. Each sheet is put into its cascade layer here, so that none can be forgotten.
//! - `SAMESIDE_NPM`: `auto` (default: a build without npm works and says what is missing), `require` (fail
//!   instead; for releases and continuous integration), `skip` (do not even try).
//!
//! A new sheet in a slice is seen at the next run of this script; `touch crates/sameside/src/web/css` makes it
//! run. A test fails as long as a sheet is missing.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

/// The order of the cascade. Later layers win, whatever the specificity.
const LAYERS: [&str; 6] = ["reset", "tokens", "base", "components", "slices", "utilities"];

/// Scripts taken from packages: package, file inside it, name under which it is served.
const SCRIPTS: [(&str, &str, &str); 2] =
    [("htmx.org", "dist/htmx.min.js", "htmx.js"), ("sortablejs", "Sortable.min.js", "sortable.js")];

/// The folder whose sheet is the page of a client, which gets these of the others and nothing else: it is read on a phone.
const CLIENT: &str = "client_page";
const CLIENT_SCRIPT: &str = "live.js";
const CLIENT_SHEETS: [&str; 5] = ["reset", "tokens", "base", "button", "card"];

/// The one script of ours that runs before the first paint; the others are joined and deferred.
const EARLY: &str = "theme.js";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One file to embed.
struct Made {
    name: String,
    mime: &'static str,
    bytes: Vec<u8>,
}

fn main() -> Outcome<()> {
    let here = PathBuf::from(environment("CARGO_MANIFEST_DIR").ok_or("Cargo gives CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(environment("OUT_DIR").ok_or("Cargo gives OUT_DIR")?);
    println!("cargo::rerun-if-env-changed=SAMESIDE_NPM");
    watch(&here.join("build.rs"));
    watch(&here.join("package.json"));
    watch(&here.join("package-lock.json"));

    let packages = packages(&here, &out)?;
    let source = here.join("../sameside/src");
    let web = source.join("web");
    for folder in ["css", "js"] {
        watch(&web.join(folder));
    }
    watch(&here.join("pictures"));

    let mut made = Vec::new();
    let (sheet, client, sheets) = app_sheet(&source)?;
    made.push(Made { name: "app.css".into(), mime: "text/css; charset=utf-8", bytes: sheet.into_bytes() });
    made.push(Made {
        name: "client.css".into(),
        mime: "text/css; charset=utf-8",
        bytes: client.into_bytes(),
    });
    let early = fs::read(web.join("js").join(EARLY))?;
    made.push(Made { name: EARLY.into(), mime: SCRIPT, bytes: early });
    let script = app_script(&web.join("js"))?;
    made.push(Made { name: "app.js".into(), mime: SCRIPT, bytes: script.into_bytes() });
    let live = format!(
        "\"use strict\";\n(() => {{\n{}\n}})();\n",
        fs::read_to_string(web.join("js").join(CLIENT_SCRIPT))?.trim()
    );
    made.push(Made { name: "client.js".into(), mime: SCRIPT, bytes: live.into_bytes() });
    for picture in files(&here.join("pictures"), "svg")? {
        made.push(Made { name: file_name(&picture), mime: "image/svg+xml", bytes: fs::read(&picture)? });
    }
    let mut licences = String::new();
    if let Some(packages) = &packages {
        for (package, file, name) in SCRIPTS {
            let folder = packages.join(package);
            made.push(Made { name: name.into(), mime: SCRIPT, bytes: fs::read(folder.join(file))? });
            let text = fs::read_to_string(folder.join("LICENSE"))?;
            write!(licences, "{package}\n\n{}\n\n", text.trim())?;
        }
    }
    fs::write(out.join("licences.txt"), licences)?;
    write_table(&out, made, &sheets, packages.is_some())
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Fetches the packages unless this lock has been fetched already. `None` means: build without them.
fn packages(here: &Path, out: &Path) -> Outcome<Option<PathBuf>> {
    let wish = environment("SAMESIDE_NPM").unwrap_or_else(|| "auto".into());
    if !["auto", "require", "skip"].contains(&wish.as_str()) {
        return Err(format!("SAMESIDE_NPM is `{wish}`; it can be auto, require or skip").into());
    }
    if wish == "skip" {
        println!("cargo::warning=SAMESIDE_NPM=skip: pages will load whole, without drag and drop");
        return Ok(None);
    }
    let folder = out.join("npm");
    let modules = folder.join("node_modules");
    let stamp = folder.join("fetched");
    let mut wanted = String::new();
    for name in ["package.json", "package-lock.json"] {
        wanted.push_str(&fs::read_to_string(here.join(name))?);
    }
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == wanted) {
        return Ok(Some(modules));
    }
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(here.join(name), folder.join(name))?;
    }
    match npm(&folder) {
        Ok(()) => {
            fs::write(stamp, wanted)?;
            Ok(Some(modules))
        }
        Err(problem) if wish == "require" => {
            Err(format!("SAMESIDE_NPM=require, but the scripts could not be fetched: {problem}").into())
        }
        Err(problem) => {
            println!(
                "cargo::warning=without htmx and sortable: pages load whole, no drag and drop ({problem})"
            );
            println!("cargo::warning=hint: install Node and npm, then `touch crates/assets/build.rs`");
            Ok(None)
        }
    }
}

fn npm(folder: &Path) -> Outcome<()> {
    let arguments =
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"];
    let ran = Command::new("npm")
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|problem| format!("npm did not start: {problem}"))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let why = said.lines().find(|line| line.contains("error")).unwrap_or("npm ci failed");
    Err(why.trim().to_owned().into())
}

/// All sheets in one, each in its layer; those of the page of a client in another; and their paths relative to `source`.
fn app_sheet(source: &Path) -> Outcome<(String, String, Vec<String>)> {
    let mut sheets: Vec<(usize, PathBuf)> = Vec::new();
    for path in files(&source.join("web/css"), "css")? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let layer = match stem.as_ref() {
            "print" => "utilities",
            stem if LAYERS.contains(&stem) => stem,
            _ => "components",
        };
        sheets.push((LAYERS.iter().position(|known| *known == layer).unwrap_or_default(), path));
    }
    for folder in fs::read_dir(source)? {
        let folder = folder?.path();
        if folder.is_dir() && !folder.ends_with("web") {
            for path in files(&folder, "css")? {
                watch(&path);
                sheets.push((4, path));
            }
        }
    }
    sheets.sort();

    let mut joined = format!("@layer {};\n", LAYERS.join(", "));
    let mut client = joined.clone();
    for (layer, path) in &sheets {
        let layer = LAYERS.get(*layer).copied().unwrap_or_default();
        let text = without_comments(&fs::read_to_string(path)?);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_clients = path.parent().is_some_and(|folder| folder.ends_with(CLIENT));
        if !is_clients {
            write!(joined, "@layer {layer} {{\n{}\n}}\n", text.trim())?;
        }
        if is_clients || (path.starts_with(source.join("web")) && CLIENT_SHEETS.contains(&stem.as_ref())) {
            write!(client, "@layer {layer} {{\n{}\n}}\n", text.trim())?;
        }
    }
    let relative =
        |path: &PathBuf| path.strip_prefix(source).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok((joined, client, sheets.iter().map(|(_, path)| relative(path)).collect()))
}

/// Comments are for those who read the source, not for every visitor.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// All our scripts in one, each in a function of its own, in the order of their names.
fn app_script(folder: &Path) -> Outcome<String> {
    let mut joined = String::from("\"use strict\";\n");
    for path in files(folder, "js")?.iter().filter(|path| !path.ends_with(EARLY)) {
        write!(joined, "// {}\n(() => {{\n{}\n}})();\n", file_name(path), fs::read_to_string(path)?.trim())?;
    }
    Ok(joined)
}

/// Writes each file and its compressed twin, and the Rust that embeds them.
fn write_table(out: &Path, made: Vec<Made>, sheets: &[String], has_scripts: bool) -> Outcome<()> {
    let embedded = out.join("embedded");
    fs::create_dir_all(&embedded)?;
    let mut names = BTreeSet::new();
    let mut table = String::from("static ASSETS: &[Asset] = &[\n");
    for Made { name, mime, bytes } in made {
        if !names.insert(name.clone()) {
            return Err(format!("two assets are called {name}").into());
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        let (plain, packed) = (embedded.join(&name), embedded.join(format!("{name}.gz")));
        fs::write(&plain, &bytes)?;
        fs::write(&packed, gzip.finish()?)?;
        let mut hash = String::new();
        for byte in Sha256::digest(&bytes).iter().take(8) {
            write!(hash, "{byte:02x}")?;
        }
        writeln!(
            table,
            "    Asset {{ name: {name:?}, hash: {hash:?}, url: {:?}, mime: {mime:?}, \
             bytes: include_bytes!({plain:?}), gzip: include_bytes!({packed:?}) }},",
            format!("/assets/{hash}/{name}"),
        )?;
    }
    writeln!(table, "];")?;
    writeln!(table, "const HAS_SCRIPTS: bool = {has_scripts};")?;
    writeln!(table, "static SHEETS: &[&str] = &{sheets:?};")?;
    fs::write(out.join("table.rs"), table)?;
    Ok(())
}

/// The files of a folder (not of its subfolders) with this extension, by name.
fn files(folder: &Path, extension: &str) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|its| its == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

#[expect(clippy::disallowed_methods, reason = "Cargo speaks to a build script through the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
