//! A pipeline is brought in on the page: chosen, looked at, corrected, run, and taken back.

use crate::browser::Browser;
use crate::site::Site;
use fantoccini::Locator;
use std::path::{Path, PathBuf};

const DEALS: &str = "Deal,Company,Stage,Amount,Close date,Colour\n\
    New ovens,Little Mill,Won,4514,2026-03-01,red\n\
    Dough mixer,Great Mills,Proposal sent,1200,2026-12-11,blue\n\
    Cooling rack,Little Mill,Simmering,300,2026-12-24,green\n\
    Display case,Great Mills,Lost,a lot,2026-02-01,white\n";

/// A file of our own on disk, where a browser can take it from.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sameside-journey-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Chooses a file and sends it.
async fn bring(browser: &Browser, path: &Path) {
    browser.go("/import").await;
    let field = browser.client.find(Locator::Css("input[type=file]")).await.unwrap();
    field.send_keys(&path.display().to_string()).await.unwrap();
    browser.press("See what will happen").await;
    browser.says("Nothing changes before you start").await;
}

#[tokio::test]
async fn a_file_is_looked_at_corrected_brought_in_and_taken_back() {
    let site = Site::with_owner();
    let browser = Browser::signed_in(&site).await;
    browser.go("/import").await;
    browser.looks_right("import").await;

    // Dropping is what the script adds to the field: the file lands in it and is named.
    let dropped: bool = browser
        .run(
            "const zone = document.querySelector('.dropzone'), given = new DataTransfer();
             given.items.add(new File(['Company,Industry\\nAcme,food\\n'], 'dropped.csv', {type: 'text/csv'}));
             zone.dispatchEvent(new DragEvent('dragover', {bubbles: true, cancelable: true, dataTransfer: given}));
             zone.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: given}));
             return zone.querySelector('input').files.length === 1",
        )
        .await;
    assert!(dropped, "what is dropped is chosen");
    browser.says("dropped.csv").await;

    let path = file("deals.csv", DEALS);
    bring(&browser, &path).await;
    browser.says("New ovens").await;
    browser.says("but it should be an amount").await;
    browser.looks_right("import-draft").await;
    // “Simmering” is nobody's word: it is asked about, and answered.
    browser.field("Simmering").await.select_by_value("propose").await.unwrap();
    browser.press("Look again").await;
    browser.says("Read anew as you said").await;
    browser.press("Start the import").await;
    browser.says("Every one of the 4 rows is accounted for.").await;
    browser.says("1 row refused").await;
    browser.looks_right("import-done").await;

    browser.press("Undo").await;
    browser.press("Undo the import").await;
    browser.says("were removed").await;
    browser.looks_right("import-undone").await;
    browser.go("/deals").await;
    assert!(!browser.words().await.contains("Dough mixer"));
}

#[tokio::test]
async fn an_import_works_without_scripts() {
    let site = Site::with_owner();
    let browser = Browser::at(&site).await;
    browser.without_scripts().await;
    browser.sign_in().await;
    bring(&browser, &file("plain.csv", DEALS)).await;
    browser.press("Start the import").await;
    browser.says("Every one of the 4 rows is accounted for.").await;
    browser.picture("import-without-scripts").await;
}
