//! Documents of a deal: how they arrive, who sees them, what the client reads, and what is thrown away when.

use crate::world::{Answer, Browser, World};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use sameside::accounts::{Role, Sees};
use sameside::backup;
use sameside::base::Id;
use sameside::client_page::{ClientLink, actions as links};
use sameside::deals::Deal;
use sameside::files::{self, Attachment, FILE_BYTES_MAX, FILES_MAX, Media, Stored};
use sameside::records::{self, Kept};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

const MARK: &str = "----a-line-between-parts";

/// A part of a form: the name of its field, the name of its file if it is one, what is in it.
type Part<'p> = (&'p str, Option<&'p str>, &'p [u8]);

fn body(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, file, bytes) in parts {
        let file = file.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
        body.extend(
            format!("--{MARK}\r\ncontent-disposition: form-data; name=\"{field}\"{file}\r\n\r\n").as_bytes(),
        );
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{MARK}--\r\n").as_bytes());
    body
}

async fn send(browser: &Browser, deal: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(format!("{deal}/files"))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

/// Adds a document to a deal (`/deals/…`), as a browser does.
pub async fn add(browser: &Browser, deal: &str, title: &str, name: &str, bytes: &[u8]) -> Answer {
    send(browser, deal, body(&[("title", None, title.as_bytes()), ("file", Some(name), bytes)])).await
}

/// The path of a document (`/files/…`), by what it is called.
pub async fn path_of(browser: &Browser, deal: &str, title: &str) -> String {
    let page = browser.get(&format!("{deal}/files")).await.text;
    let before = page.split(&format!("\">{title}</a>")).next().unwrap();
    assert!(before.len() < page.len(), "{title} is not on the page: {page}");
    before.rsplit("href=\"").next().unwrap().to_owned()
}

async fn deal(browser: &Browser, title: &str) -> String {
    browser.post("/deals", &[("title", title), ("price", "10000")]).await.leads_to().to_owned()
}

/// A deal, and a document with it that says what it is called.
async fn with_one(browser: &Browser, title: &str) -> (String, String) {
    let deal = deal(browser, "Bookings").await;
    let added = add(browser, &deal, title, "a.txt", title.as_bytes()).await;
    assert_eq!(added.leads_to(), format!("{deal}/files"), "{}", added.text);
    let path = path_of(browser, &deal, title).await;
    (deal, path)
}

/// Every file in the folder of documents.
fn on_disk(world: &World) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![world.app.config().files()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// What was dropped half-way is taken away in the background.
async fn nothing_on_disk(world: &World, what: &str) {
    for _ in 0..200 {
        if on_disk(world).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what}: {:?}", on_disk(world));
}

fn id_of<T>(path: &str) -> Id<T> {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// A link to the client page of a deal: its path.
async fn link(world: &World, deal: &str, wish: links::Wish) -> (Kept<ClientLink>, String) {
    let (act, id): (_, Id<Deal>) = (world.act().await, id_of(deal));
    let hash = links::hashed(wish.passcode.as_deref()).await.unwrap();
    let wish = links::Wish { days: 30, ..wish };
    let made = world
        .app
        .write(move |tx| Box::pin(async move { links::make(tx, &act, id, wish, hash).await }))
        .await
        .unwrap();
    (made.0, format!("/c/{}", made.1.text()))
}

/// Whatever tells one answer from another.
fn told(answer: Answer) -> (StatusCode, HeaderMap, String) {
    let mut headers = answer.headers;
    headers.remove("x-request-id");
    (answer.status, headers, answer.text)
}

#[tokio::test]
async fn a_document_comes_back_as_it_arrived_and_as_a_file_to_keep() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let deal = deal(&ada, "Bookings").await;
    let text = "Prices of 2026: 40 € a month\r\n\u{1F950}";
    let added = add(&ada, &deal, "", "Größe & Preise 2026.txt", text.as_bytes()).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let page = ada.get(&format!("{deal}/files")).await.text;
    for words in ["Größe &#38; Preise 2026.txt", "Text, 0.1 kB", "Ours alone", "added by Ada Lind, "] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let path = path_of(&ada, &deal, "Größe &#38; Preise 2026.txt").await;
    let file = ada.get(&path).await;
    assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, text));
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-length", "36"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
        (
            "content-disposition",
            "attachment; filename=\"Gr__e & Preise 2026.txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%20Preise%202026.txt",
        ),
    ] {
        assert_eq!(file.headers[name], value, "{name}");
    }
    let policy = file.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; sandbox;"), "{policy}");
    assert_eq!(file.headers.get_all("content-security-policy").iter().count(), 1);
    assert!(ada.get(&deal).await.text.contains("Preise 2026.txt"), "the deal's page has a card");
    assert_eq!(on_disk(&world).len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_of_it_is_kept() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let deal = deal(&ada, "Bookings").await;
    let too_large = vec![b'x'; usize::try_from(FILE_BYTES_MAX).unwrap() + 1];
    let title: Part<'_> = ("title", None, b"What they asked for");
    let whole = body(&[title, ("file", Some("a.pdf"), &[b'x'; 300_000])]);
    let half = whole[..200_000].to_vec();
    let long = "x".repeat(300);
    for (what, sent, words) in [
        (
            "nothing chosen",
            body(&[title, ("file", Some(""), b"")]),
            "a document: choose one from your computer",
        ),
        ("no file field", body(&[title]), "a document: choose one from your computer"),
        ("an empty file", body(&[title, ("file", Some("a.pdf"), b"")]), "this one is empty"),
        ("no name", body(&[title, ("file", None, b"text")]), "a document with a name"),
        ("no name but dots", body(&[title, ("file", Some("../.."), b"text")]), "a document with a name"),
        (
            "too large",
            body(&[title, ("file", Some("a.pdf"), &too_large)]),
            "at most 25 MB; this one is larger",
        ),
        ("half sent", half, "it did not arrive to its end, so nothing of it was kept"),
        (
            "a title that is too long",
            body(&[("title", None, long.as_bytes()), ("file", Some("a.pdf"), b"text")]),
            "at most 250 characters",
        ),
        ("no form at all", b"file=a.pdf".to_vec(), "it did not arrive to its end"),
    ] {
        let answer = send(&ada, &deal, sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(answer.text.contains(words), "{what}: {}", answer.text);
        let field = if what.contains("title") { "#title" } else { "#file" };
        assert!(answer.text.contains(&format!("href=\"{field}\"")), "{what} names its field");
        if what == "too large" {
            assert!(answer.text.contains("value=\"What they asked for\""), "what was typed stays");
        }
        nothing_on_disk(&world, what).await;
    }
    let plain = ada.post(&format!("{deal}/files"), &[("file", "a.pdf")]).await;
    assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ada.get(&format!("{deal}/files")).await.text.contains("None yet."));
    assert!(ada.get(&deal).await.text.contains("No documents yet."));
}

#[tokio::test]
async fn a_document_that_fits_to_the_last_byte_is_taken() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let deal = deal(&ada, "Bookings").await;
    let whole = vec![b'x'; usize::try_from(FILE_BYTES_MAX).unwrap()];
    assert_eq!(add(&ada, &deal, "All of it", "a.bin", &whole).await.status, StatusCode::SEE_OTHER);
    let path = path_of(&ada, &deal, "All of it").await;
    assert_eq!(ada.get(&path).await.text.len(), whole.len());
    assert!(ada.get(&format!("{deal}/files")).await.text.contains("File, BIN, 25.0 MB"));
}

#[tokio::test]
async fn a_name_is_never_a_way_to_somewhere() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let deal = deal(&ada, "Bookings").await;
    let files = world.app.config().files();
    for (n, name) in [
        "../../sameside.db",
        "..\\..\\sameside.toml",
        "/etc/passwd",
        "a%2f..%2f..%2fb.txt",
        "x/\u{202e}fdp.exe",
    ]
    .iter()
    .enumerate()
    {
        let title = format!("Number {n}");
        assert_eq!(add(&ada, &deal, &title, name, b"mine").await.status, StatusCode::SEE_OTHER, "{name}");
        let path = path_of(&ada, &deal, &title).await;
        let file = ada.get(&path).await;
        assert_eq!(file.text, "mine");
        let named = file.headers["content-disposition"].to_str().unwrap();
        assert!(!named.contains(['/', '\\']) && !named.contains("%2F"), "{named}");
    }
    let found = on_disk(&world);
    assert_eq!(found.len(), 5);
    for path in found {
        let inside = path.strip_prefix(&files).unwrap();
        assert_eq!(inside.components().count(), 2, "{}", inside.display());
        let name = inside.file_name().unwrap().to_str().unwrap();
        assert!(uuid::Uuid::try_parse(name).is_ok(), "{name}");
    }
    assert!(!world.app.config().data.join(sameside::config::FILE).exists());
    for asked in ["/files/..%2f..%2fsameside.db", "/files/.", "/files/0"] {
        let answer = ada.get(asked).await;
        assert!(answer.status.is_client_error() && !answer.text.contains("SQLite"), "{asked}");
    }
}

#[tokio::test]
async fn what_a_browser_could_run_is_sent_as_bytes() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let deal = deal(&ada, "Bookings").await;
    let page = b"<script>alert(1)</script>";
    for name in ["a.html", "a.svg", "a.xml", "a.js", "A.HTM", "a"] {
        add(&ada, &deal, name, name, page).await;
        let file = ada.get(&path_of(&ada, &deal, name).await).await;
        assert_eq!(file.headers["content-type"], "application/octet-stream", "{name}");
        assert_eq!(file.headers["x-content-type-options"], "nosniff", "{name}");
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"), "{name}");
    }
}

#[tokio::test]
async fn who_sees_the_deal_sees_its_documents_and_who_sells_there_changes_them() {
    let world = World::new().await;
    let viewer = world.member("Vera Sicht", Role::Viewer, Sees::All).await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let otto = world.stranger().await;
    let ada = world.browser(&world.ada).await;
    let (deal, path) = with_one(&ada, "The price list").await;
    let (act, id, owner): (_, Id<Deal>, _) = (world.act().await, id_of(&deal), world.ada.id);
    let hers = move |deal: &mut Deal| {
        deal.owner_id = Some(owner);
        Ok(())
    };
    world
        .app
        .write(move |tx| Box::pin(async move { records::change(tx, &act, id, None, hers).await }))
        .await
        .unwrap();
    let verbs = ["", "/sharing", "/sharing-end", "/removal", "/restoration"];
    let vera = world.browser(&viewer).await;
    assert_eq!(vera.get(&path).await.text, "The price list");
    let page = vera.get(&format!("{deal}/files")).await.text;
    assert!(page.contains("The price list") && !page.contains("<form method=\"post\" action=\"/files"));
    assert!(!page.contains("Share it") && !page.contains("Add it"), "{page}");
    assert_eq!(add(&vera, &deal, "Mine", "a.txt", b"x").await.status, StatusCode::FORBIDDEN);
    for who in [&ben, &otto] {
        let browser = world.browser(who).await;
        for asked in [&path, &format!("{deal}/files")] {
            let answer = browser.get(asked).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{asked}");
            assert!(!answer.text.contains("price list"));
        }
        assert_eq!(add(&browser, &deal, "Mine", "a.txt", b"x").await.status, StatusCode::NOT_FOUND);
        for verb in verbs {
            let answer = browser.post(&format!("{path}{verb}"), &[("title", "Mine"), ("version", "1")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verb}");
        }
    }
    for verb in verbs {
        let answer = vera.post(&format!("{path}{verb}"), &[("title", "Mine"), ("version", "1")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{verb}");
    }
    assert_eq!(world.anon().get(&path).await.status, StatusCode::SEE_OTHER);
    assert_eq!(on_disk(&world).len(), 1, "nothing of what was refused stayed");
    assert!(ada.get(&format!("{deal}/files")).await.text.contains("Ours alone"));
}

#[tokio::test]
async fn a_deal_holds_only_so_many_documents() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, _) = with_one(&ada, "The first").await;
    let (act, id): (_, Id<Deal>) = (world.act().await, id_of(&deal));
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                for n in 1..FILES_MAX {
                    let it = Attachment {
                        deal_id: id,
                        owner_id: None,
                        title: format!("Number {n}"),
                        name: "a.txt".into(),
                        media: Media::Text,
                        size: 1,
                        sha256: "0".repeat(64),
                        stored_id: Id::<Stored>::new(act.now),
                        shared_at: None,
                    };
                    records::create(tx, &act, it).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    let one_more = add(&ada, &deal, "One more", "a.txt", b"x").await;
    assert_eq!(one_more.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(one_more.text.contains("at most 200 documents with a deal"), "{}", one_more.text);
    assert_eq!(on_disk(&world).len(), 1, "its bytes are gone");
    let removed = path_of(&ada, &deal, "Number 7").await;
    ada.post(&format!("{removed}/removal"), &[]).await;
    assert_eq!(add(&ada, &deal, "One more", "a.txt", b"x").await.status, StatusCode::SEE_OTHER);
    let back = ada.post(&format!("{removed}/restoration"), &[]).await;
    assert_eq!(back.status, StatusCode::CONFLICT, "there is no room for it any more");
}

#[tokio::test]
async fn a_document_is_shared_on_purpose_and_the_history_says_so() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, path) = with_one(&ada, "The price list").await;
    let page = ada.get(&format!("{deal}/files")).await.text;
    assert!(page.contains("Nobody has a link to the client page yet."), "{page}");
    link(&world, &deal, links::Wish::default()).await;
    let page = ada.get(&format!("{deal}/files")).await.text;
    assert!(page.contains("Whoever has the link “Page for anybody there” will see it on the client page"));
    assert!(page.contains("Ours alone") && !page.contains("Shared with the client</span>"));
    let shared = ada.post(&format!("{path}/sharing"), &[]).await;
    assert_eq!(shared.leads_to(), format!("{deal}/files"));
    assert!(ada.get(&format!("{deal}/files")).await.text.contains("Shared with the client</span> since "));
    let told = ada.get(&deal).await.text;
    assert!(told.contains("shared with the client:") && told.contains("added the document"), "{told}");
    let times = told.matches("shared with the client:").count();
    ada.post(&format!("{path}/sharing"), &[]).await;
    let told = ada.get(&deal).await.text;
    assert_eq!(told.matches("shared with the client:").count(), times, "shared twice is shared once");
    ada.post(&format!("{path}/sharing-end"), &[]).await;
    let told = ada.get(&deal).await.text;
    assert!(told.contains("stopped sharing with the client:"), "{told}");
    assert!(ada.get(&format!("{deal}/files")).await.text.contains("Ours alone"));
    // Each can be taken back where it stands in the history.
    let undo = told.split("action=\"/history/").nth(1).unwrap().split('"').next().unwrap();
    ada.post(&format!("/history/{undo}"), &[]).await;
    assert!(ada.get(&format!("{deal}/files")).await.text.contains("Shared with the client</span> since "));
}

#[tokio::test]
async fn a_document_is_renamed_over_the_version_somebody_saw_and_removed_until_it_is_brought_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, path) = with_one(&ada, "The price list").await;
    let named = ada.post(&path, &[("title", "Prices of 2027"), ("version", "1")]).await;
    assert_eq!(named.leads_to(), format!("{deal}/files"));
    let late = ada.post(&path, &[("title", "What things cost"), ("version", "1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("Prices of 2027") && late.text.contains("What things cost"));
    let silent = ada.post(&path, &[("title", " "), ("version", "2")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("what it is, in a few words"));
    let removed = ada.post(&format!("{path}/removal"), &[]).await;
    assert_eq!(removed.leads_to(), format!("{deal}/files"));
    assert!(removed.cookie("sameside_flash").unwrap().contains("restoration"), "with a way back");
    assert_eq!(ada.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!ada.get(&format!("{deal}/files")).await.text.contains("Prices of 2027</a>"));
    ada.post(&format!("{path}/restoration"), &[]).await;
    assert_eq!(ada.get(&path).await.text, "The price list");
    let told = ada.get(&deal).await.text;
    for words in ["removed the document", "brought back the document"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_or_damaged_is_said_to_be_so_and_sent_to_nobody() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, path) = with_one(&ada, "The price list").await;
    ada.post(&format!("{path}/sharing"), &[]).await;
    let (_, page) = link(&world, &deal, links::Wish::default()).await;
    let theirs = format!("{page}{path}");
    let file = on_disk(&world).pop().unwrap();
    for damaged in [Some("The price lust"), Some("The price"), None] {
        match damaged {
            Some(text) => std::fs::write(&file, text).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let ours = ada.get(&path).await;
        assert_eq!(ours.status, StatusCode::CONFLICT, "{damaged:?}");
        assert!(ours.text.contains("missing or damaged on the server"), "{}", ours.text);
        let answer = world.anon().get(&theirs).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text.contains("ask Fieldwork Software to send it to you again"), "{}", answer.text);
        assert!(!answer.text.contains("damaged"), "what was written for us stays with us");
    }
    let log = ada.get(&format!("{deal}/client-page")).await.text;
    assert!(!log.contains("took along"), "what did not come was not taken along");
}

#[tokio::test]
async fn the_client_takes_along_what_is_shared_and_the_log_of_the_link_says_so() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, path) = with_one(&ada, "The price list").await;
    let (_, page) = link(&world, &deal, links::Wish::default()).await;
    let client = world.anon();
    assert!(!client.get(&page).await.text.contains("price list"), "never shared by itself");
    ada.post(&format!("{path}/sharing"), &[]).await;
    let read = client.get(&page).await.text;
    for words in ["Documents", "The price list", "TXT, 0.1 kB · shared on ", &format!("{page}{path}")] {
        assert!(read.contains(words), "{words}: {read}");
    }
    let file = client.get(&format!("{page}{path}")).await;
    assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, "The price list"));
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex, nofollow, noarchive"),
        ("x-content-type-options", "nosniff"),
        ("content-type", "text/plain"),
    ] {
        assert_eq!(file.headers[name], value, "{name}");
    }
    assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    let log = ada.get(&format!("{deal}/client-page")).await.text;
    assert!(log.contains("took along “The price list”"), "{log}");
    let preview = ada.get(&format!("{deal}/client-page/preview")).await.text;
    assert!(preview.contains("The price list") && !preview.contains("/files/"), "{preview}");
    for (language, words) in [("de", "Dokumente"), ("fr", "partagé le"), ("es", "compartido el")] {
        let preview = ada.get(&format!("{deal}/client-page/preview?language={language}")).await.text;
        assert!(preview.contains(words), "{language}: {preview}");
    }
}

#[tokio::test]
async fn what_is_not_shared_answers_a_client_as_a_wrong_link_does() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal_one, path) = with_one(&ada, "Ours alone, geheim").await;
    for title in ["Ended", "Removed"] {
        add(&ada, &deal_one, title, "a.txt", b"geheim").await;
        let path = path_of(&ada, &deal_one, title).await;
        ada.post(&format!("{path}/sharing"), &[]).await;
    }
    let (ended, removed) =
        (path_of(&ada, &deal_one, "Ended").await, path_of(&ada, &deal_one, "Removed").await);
    ada.post(&format!("{ended}/sharing-end"), &[]).await;
    ada.post(&format!("{removed}/removal"), &[]).await;
    let other = deal(&ada, "Another of theirs").await;
    add(&ada, &other, "Of another deal", "a.txt", b"geheim").await;
    let of_another = path_of(&ada, &other, "Of another deal").await;
    ada.post(&format!("{of_another}/sharing"), &[]).await;
    let otto = world.browser(&world.stranger().await).await;
    let elsewhere = deal(&otto, "Elsewhere").await;
    add(&otto, &elsewhere, "Of somebody else", "a.txt", b"geheim").await;
    let of_others = path_of(&otto, &elsewhere, "Of somebody else").await;
    otto.post(&format!("{of_others}/sharing"), &[]).await;

    let wish = links::Wish { language: sameside::client_page::Tongue::parse("de"), ..links::Wish::default() };
    let (made, page) = link(&world, &deal_one, wish).await;
    let client = world.anon();
    let never = format!("/c/{}", "a".repeat(64));
    let wrong = told(client.get(&format!("{never}{path}")).await);
    assert_eq!(wrong.0, StatusCode::NOT_FOUND);
    let nobody = format!("/files/{}", uuid::Uuid::from_u128(7));
    for asked in [
        &path,
        &ended,
        &removed,
        &of_another,
        &of_others,
        &nobody,
        "/files/nonsense",
        "/files/..%2f..%2fx",
        "/files/%ff",
    ] {
        let answer = told(client.get(&format!("{page}{asked}")).await);
        assert!(!answer.2.contains("geheim"), "{asked}");
        assert_eq!(answer, wrong, "{asked}");
    }
    assert!(!client.get(&page).await.text.contains("geheim"));
    ada.post(&format!("/client-links/{}/revocation", made.id), &[]).await;
    assert_eq!(told(client.get(&format!("{page}{path}")).await), wrong, "a link that was taken back");
}

#[tokio::test]
async fn a_passcode_and_an_end_hold_for_documents_too() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, path) = with_one(&ada, "The price list").await;
    ada.post(&format!("{path}/sharing"), &[]).await;
    let wish = links::Wish { passcode: Some("rye bread".into()), ..links::Wish::default() };
    let (_, page) = link(&world, &deal, wish).await;
    let client = world.anon();
    let asked = client.get(&format!("{page}{path}")).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(!asked.text.contains("price list"));
    let passed = client.post(&format!("{page}/passcode"), &[("passcode", "rye bread")]).await;
    let cookie = passed.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let request = Request::get(format!("{page}{path}")).header(header::COOKIE, cookie.clone());
    assert_eq!(client.send(request, Body::empty()).await.text, "The price list");
    world.wait_seconds(31 * 86_400);
    let request = Request::get(format!("{page}{path}")).header(header::COOKIE, cookie);
    assert_eq!(client.send(request, Body::empty()).await.status, StatusCode::GONE);
}

/// Whether a file is still there.
fn has(world: &World, file: &Path) -> bool {
    on_disk(world).iter().any(|found| found == file)
}

/// Throws away what nobody needs so many days from now. The disk keeps the machine's time, so all that is on it becomes as old as
/// the world first.
async fn sweep(world: &World, days: i64) -> usize {
    let now = world.app.now();
    let modified = UNIX_EPOCH + Duration::from_micros(now.micros().unsigned_abs());
    for file in on_disk(world) {
        std::fs::File::options().write(true).open(file).unwrap().set_modified(modified).unwrap();
    }
    let workspace = world.act().await.scope.workspace();
    files::actions::sweep(&world.app, workspace, now.plus_days(days)).await.unwrap()
}

#[tokio::test]
async fn in_the_morning_what_nobody_needs_is_thrown_away_and_nothing_else() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let (deal, kept) = with_one(&ada, "Kept").await;
    let kept_file = on_disk(&world).pop().unwrap();
    add(&ada, &deal, "Removed", "b.txt", b"removed").await;
    let removed = path_of(&ada, &deal, "Removed").await;
    let removed_file = on_disk(&world).into_iter().find(|file| *file != kept_file).unwrap();
    ada.post(&format!("{removed}/removal"), &[]).await;
    let folder = kept_file.parent().unwrap().to_owned();
    let stray = folder.join(uuid::Uuid::from_u128(5).to_string());
    let half = folder.join(format!("{}#1", uuid::Uuid::from_u128(6)));
    for file in [&stray, &half] {
        std::fs::write(file, "x").unwrap();
    }
    assert_eq!(sweep(&world, 0).await, 0, "what is new may be on its way");
    assert_eq!(on_disk(&world).len(), 4);
    assert_eq!(sweep(&world, 2).await, 2);
    assert!(!has(&world, &stray) && !has(&world, &half));
    assert!(has(&world, &kept_file) && has(&world, &removed_file), "30 days are not over");
    ada.post(&format!("{removed}/restoration"), &[]).await;
    assert_eq!(ada.get(&removed).await.text, "removed", "until then it comes back");
    ada.post(&format!("{removed}/removal"), &[]).await;
    assert_eq!(sweep(&world, 31).await, 1);
    assert!(!has(&world, &removed_file) && has(&world, &kept_file));
    assert_eq!(sweep(&world, 31).await, 0, "once is enough");
    let late = ada.post(&format!("{removed}/restoration"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("was removed more than 30 days ago"), "{}", late.text);
    let told = ada.get(&deal).await.text;
    let undo = told.split("action=\"/history/").nth(1).unwrap().split('"').next().unwrap();
    let undone = ada.post(&format!("/history/{undo}"), &[]).await;
    assert_eq!(undone.status, StatusCode::CONFLICT, "no other way brings back what has no bytes");
    assert_eq!(ada.get(&kept).await.text, "Kept");
}

#[tokio::test]
async fn after_a_backup_was_put_in_place_no_file_is_thrown_away_for_a_while() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let backup_file = world.app.config().data.join("before.gz");
    backup::make(world.app.db(), &backup_file, world.app.now()).await.unwrap();
    with_one(&ada, "Came after the backup").await;
    let (folder, now) = (world.app.config().backups(), world.app.now());
    backup::restore(world.app.db(), &backup_file, sameside::app::MIGRATIONS, &folder, now).await.unwrap();
    assert_eq!(sweep(&world, 20).await, 0, "the newer backup may be put back");
    assert_eq!(on_disk(&world).len(), 1);
    assert_eq!(sweep(&world, 31).await, 1, "nobody did");
    nothing_on_disk(&world, "what no document needs").await;
}
