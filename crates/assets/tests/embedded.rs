//! What the binary serves besides pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot read what it tests has failed")]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../sameside/src")
}

fn text(name: &str) -> &'static str {
    let asset = assets::all().iter().find(|asset| asset.name == name).unwrap();
    std::str::from_utf8(asset.bytes).unwrap()
}

#[test]
fn an_asset_is_found_at_its_address_and_nowhere_else() {
    let url = assets::url("app.css");
    let mut parts = url.trim_start_matches("/assets/").split('/');
    let (hash, name) = (parts.next().unwrap(), parts.next().unwrap());
    let asset = assets::get(hash, name).unwrap();
    assert_eq!(asset.url, url);
    assert_eq!(asset.mime, "text/css; charset=utf-8");
    assert!(assets::get("0000000000000000", name).is_none());
    assert!(assets::get(hash, "app.js").is_none());
    assert_eq!(assets::url("unheard-of.css"), "");
}

#[test]
fn the_compressed_twin_unpacks_to_the_same_bytes() {
    for asset in assets::all() {
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, asset.bytes, "{}", asset.name);
    }
}

/// When this fails: `touch crates/sameside/src/web/css` makes the build look again.
#[test]
fn every_sheet_of_every_slice_is_in_the_app_sheet() {
    let mut found = Vec::new();
    for folder in
        fs::read_dir(source()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let folder = if folder.ends_with("web") { folder.join("css") } else { folder };
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "css") {
                found.push(file.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let mut embedded: Vec<_> = assets::sheets().to_vec();
    found.sort();
    embedded.sort();
    assert_eq!(found, embedded);
}

#[test]
fn layers_are_named_once_and_sheets_come_in_their_order() {
    let sheet = text("app.css");
    assert!(sheet.starts_with("@layer reset, tokens, base, components, slices, utilities;\n"));
    let place = |selector: &str| sheet.find(selector).unwrap_or_else(|| panic!("{selector} is missing"));
    assert!(place("--canvas:") < place(".card {") && place(".card {") < place(".hidden {"));
    assert_eq!(sheet.matches('{').count(), sheet.matches('}').count(), "a brace is missing somewhere");
}

#[test]
fn a_build_with_npm_has_the_scripts_and_names_their_licences() {
    let names: Vec<_> = assets::all().iter().map(|asset| asset.name).collect();
    for name in ["htmx.js", "sortable.js"] {
        assert_eq!(names.contains(&name), assets::has_scripts(), "{name}");
    }
    for package in ["htmx.org", "sortablejs"] {
        assert_eq!(assets::licences().contains(package), assets::has_scripts(), "{package}");
    }
}

#[test]
fn our_scripts_ask_for_nothing_that_the_content_policy_refuses() {
    for name in ["app.js", "theme.js"] {
        for word in
            ["eval(", "new Function", ".style.", "setAttribute(\"style\"", "innerHTML =", "document.write"]
        {
            assert!(!text(name).contains(word), "{name} uses {word}");
        }
    }
}
