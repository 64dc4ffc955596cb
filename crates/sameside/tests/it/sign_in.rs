//! Coming in: set-up, sign-in, one-time links, and out again.

use crate::world::{Browser, World, nowhere};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use sameside::accounts::actions::{self, Brought, From};
use sameside::accounts::{Member, Purpose, Role, Sees, Token};
use sameside::error::Error;
use sameside::records::Kept;

const PASSWORD: &str = "seven quiet herons";

const SET_UP: [(&str, &str); 7] = [
    ("workspace", "Fieldwork Software"),
    ("name", "Ada Lind"),
    ("email", "Ada@Fieldwork.example"),
    ("password", PASSWORD),
    ("currency", "EUR"),
    ("time_zone", "Europe/Lisbon"),
    ("locale", "en-GB"),
];

fn with<'v>(form: &[(&'v str, &'v str)], field: &str, value: &'v str) -> Vec<(&'v str, &'v str)> {
    form.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect()
}

async fn link(world: &World, member: &Kept<Member>, purpose: Purpose) -> String {
    let (act, id) = (world.act().await, member.id);
    let token = world
        .app
        .write(move |tx| Box::pin(async move { actions::give_pass(tx, &act, id, purpose).await }))
        .await
        .unwrap();
    format!("/pass/{}", token.text())
}

/// Ada with a password.
async fn ada_with_password(world: &World) {
    let link = link(world, &world.ada, Purpose::Reset).await;
    let answer = world.anon().post(&link, &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// Whether somebody is signed in at a browser.
async fn is_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

async fn sign_in(world: &World, email: &str, password: &str) -> crate::world::Answer {
    world.anon().post("/sign-in", &[("email", email), ("password", password)]).await
}

#[tokio::test]
async fn an_empty_server_leads_to_its_set_up_and_only_once() {
    let (app, _clock, folder) = nowhere().await;
    let browser = Browser::at(&app);
    assert_eq!(browser.get("/sign-in").await.leads_to(), "/set-up");
    let page = browser.get("/set-up").await;
    assert_eq!(page.status, StatusCode::OK);
    let answer = browser.post("/set-up", &SET_UP).await;
    assert_eq!((answer.status, answer.leads_to()), (StatusCode::SEE_OTHER, "/"), "{}", answer.text);
    let ada = browser.let_in_by(&answer);
    assert!(is_in(&ada).await);
    assert_eq!(browser.get("/set-up").await.leads_to(), "/sign-in");
    let again = browser.post("/set-up", &SET_UP).await;
    assert_eq!(again.leads_to(), "/sign-in", "nobody sets it up a second time");
    assert_eq!(again.cookie("sameside"), None);
    let answer =
        browser.post("/sign-in", &[("email", "ada@fieldwork.example"), ("password", PASSWORD)]).await;
    assert_eq!(answer.leads_to(), "/");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_set_up_button_pressed_twice_makes_one_workspace() {
    let (app, _clock, folder) = nowhere().await;
    let (one, two) = (Browser::at(&app), Browser::at(&app));
    let (one, two) = tokio::join!(one.post("/set-up", &SET_UP), two.post("/set-up", &SET_UP));
    let mut led: Vec<_> = [one.leads_to(), two.leads_to()].into();
    led.sort_unstable();
    assert_eq!(led, ["/", "/sign-in"]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_set_up_that_needs_mending_says_where_and_keeps_what_was_typed() {
    let (app, _clock, folder) = nowhere().await;
    let browser = Browser::at(&app);
    for (field, value, says) in [
        ("workspace", " ", "what your company is called"),
        ("name", "", "what you are called"),
        ("email", "ada", "an e-mail address such as"),
        ("email", "", "the address you sign in with"),
        ("password", "short", "at least 10 characters"),
        ("currency", "XQQ", "one of the choices"),
        ("time_zone", "Mars/Olympus", "a time zone such as"),
        ("locale", "tlh", "one of the choices"),
    ] {
        let answer = browser.post("/set-up", &with(&SET_UP, field, value)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.text.contains(says), "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}");
        assert!(!answer.text.contains(PASSWORD), "a password is never sent back");
        if field != "workspace" {
            assert!(answer.text.contains("value=\"Fieldwork Software\""), "{field}");
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_address_and_its_password_let_one_in_and_sign_out_lets_one_out() {
    let world = World::new().await;
    ada_with_password(&world).await;
    let answer = sign_in(&world, " Ada@Fieldwork.Example ", PASSWORD).await;
    assert_eq!((answer.status, answer.leads_to()), (StatusCode::SEE_OTHER, "/"));
    let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let ada = world.anon().let_in_by(&answer);
    assert!(is_in(&ada).await);
    let out = ada.post("/sign-out", &[]).await;
    assert_eq!(out.leads_to(), "/sign-in");
    assert_eq!(out.cookie("sameside").as_deref(), Some(""));
    assert!(!is_in(&ada).await, "the session is over on the server too");
    assert_eq!(ada.post("/sign-out", &[]).await.leads_to(), "/sign-in", "twice does no harm");
}

#[tokio::test]
async fn one_sentence_answers_every_wrong_way_to_sign_in() {
    let world = World::new().await;
    ada_with_password(&world).await;
    world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let mut said = Vec::new();
    for (email, password) in [
        ("ada@fieldwork.example", "not her password"),
        ("nobody@fieldwork.example", PASSWORD),
        ("ben.okafor@fieldwork.example", PASSWORD),
        ("no address at all", PASSWORD),
        ("ada@fieldwork.example", ""),
        ("", ""),
    ] {
        let answer = sign_in(&world, email, password).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        assert_eq!(answer.cookie("sameside"), None, "{email}");
        let at = answer.text.find("role=\"alert\">").unwrap();
        said.push(answer.text[at..].split("</p>").next().unwrap().to_owned());
    }
    assert!(said[0].contains("do not belong together"));
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
}

#[tokio::test]
async fn who_tries_too_often_is_asked_kindly_to_wait_and_comes_in_then() {
    let world = World::new().await;
    ada_with_password(&world).await;
    for _ in 0..10 {
        assert_eq!(sign_in(&world, "ada@fieldwork.example", "a guess of mine").await.status, 422);
    }
    let answer = sign_in(&world, "ada@fieldwork.example", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text.contains("wait 1 minute and try again"), "{}", answer.text);
    let wait: i64 = answer.headers.get("retry-after").unwrap().to_str().unwrap().parse().unwrap();
    world.wait_seconds(wait);
    assert_eq!(sign_in(&world, "ada@fieldwork.example", PASSWORD).await.leads_to(), "/");
}

#[tokio::test]
async fn after_signing_in_one_is_where_one_wanted_to_be_but_never_elsewhere() {
    let world = World::new().await;
    ada_with_password(&world).await;
    let asked = world.anon().get("/account?from=mail").await;
    assert_eq!(asked.leads_to(), "/sign-in?next=%2Faccount%3Ffrom%3Dmail");
    let page = world.anon().get(asked.leads_to()).await;
    assert!(page.text.contains("name=\"next\" value=\"/account?from=mail\""), "{}", page.text);
    for (next, leads_to) in [
        ("/account?from=mail", "/account?from=mail"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
    ] {
        let form = [("email", "ada@fieldwork.example"), ("password", PASSWORD), ("next", next)];
        assert_eq!(world.anon().post("/sign-in", &form).await.leads_to(), leads_to, "{next:?}");
        world.wait_seconds(60);
    }
    let page = world.anon().get("/sign-in?next=%2F%2Felsewhere.example").await;
    assert!(!page.text.contains("elsewhere"));
}

#[tokio::test]
async fn a_sign_in_from_another_site_is_refused() {
    let world = World::new().await;
    ada_with_password(&world).await;
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let body = "email=ada%40fieldwork.example&password=seven+quiet+herons";
    let answer = world.anon().send(request, Body::from(body)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn signing_in_anew_ends_the_session_this_browser_had() {
    let world = World::new().await;
    ada_with_password(&world).await;
    let before = world.browser(&world.ada).await;
    let form = [("email", "ada@fieldwork.example"), ("password", PASSWORD)];
    let answer = before.post("/sign-in", &form).await;
    assert!(is_in(&before.let_in_by(&answer)).await);
    assert!(!is_in(&before).await);
}

#[tokio::test]
async fn an_invitation_is_looked_at_as_often_as_one_likes_and_used_once() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let link = link(&world, &ben, Purpose::Invitation).await;
    for _ in 0..2 {
        let page = world.anon().get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Welcome to Fieldwork Software"));
        assert!(page.text.contains("ben.okafor@fieldwork.example"));
        assert_eq!(page.cookie("sameside"), None);
    }
    let short = world.anon().post(&link, &[("name", "Ben"), ("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("at least 10 characters"));
    let nameless = world.anon().post(&link, &[("name", ""), ("password", PASSWORD)]).await;
    assert!(nameless.text.contains("what your colleagues call you"));
    let answer = world.anon().post(&link, &[("name", "Benjamin Okafor"), ("password", PASSWORD)]).await;
    assert_eq!(answer.leads_to(), "/", "{}", answer.text);
    let page = world.anon().let_in_by(&answer).get("/account").await;
    assert!(page.text.contains("Benjamin Okafor"));
    let again = world.anon().get(&link).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.text.contains("This link holds no more"));
    let again = world.anon().post(&link, &[("name", "Eve"), ("password", PASSWORD)]).await;
    assert_eq!((again.status, again.cookie("sameside")), (StatusCode::NOT_FOUND, None));
    assert_eq!(sign_in(&world, "ben.okafor@fieldwork.example", PASSWORD).await.leads_to(), "/");
}

#[tokio::test]
async fn a_link_pressed_twice_at_once_lets_one_in_once() {
    let world = World::new().await;
    let link = link(&world, &world.ada, Purpose::Reset).await;
    let (one, two) = (world.anon(), world.anon());
    let form = [("password", PASSWORD)];
    let (one, two) = tokio::join!(one.post(&link, &form), two.post(&link, &form));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
}

#[tokio::test]
async fn links_hold_for_a_limited_time_and_only_the_newest_does() {
    let world = World::new().await;
    for (purpose, seconds) in
        [(Purpose::Invitation, 7 * 86_400), (Purpose::Reset, 2 * 3_600), (Purpose::SignIn, 12 * 3_600)]
    {
        let old = link(&world, &world.ada, purpose).await;
        let new = link(&world, &world.ada, purpose).await;
        assert_eq!(world.anon().get(&old).await.status, StatusCode::NOT_FOUND, "{purpose}");
        world.wait_seconds(seconds);
        assert_eq!(world.anon().get(&new).await.status, StatusCode::NOT_FOUND, "{purpose}");
    }
    for text in ["", "x", &"0".repeat(64), "../account"] {
        assert_eq!(world.anon().get(&format!("/pass/{text}")).await.status, StatusCode::NOT_FOUND, "{text}");
    }
}

#[tokio::test]
async fn a_reset_signs_one_out_everywhere_else_and_voids_other_links() {
    let world = World::new().await;
    ada_with_password(&world).await;
    let elsewhere = world.browser(&world.ada).await;
    let invitation = link(&world, &world.ada, Purpose::Invitation).await;
    let reset = link(&world, &world.ada, Purpose::Reset).await;
    assert!(is_in(&elsewhere).await, "a link alone ends nothing");
    let answer = world.anon().post(&reset, &[("password", "nine loud cranes")]).await;
    assert!(is_in(&world.anon().let_in_by(&answer)).await);
    assert!(!is_in(&elsewhere).await);
    assert_eq!(world.anon().get(&invitation).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sign_in(&world, "ada@fieldwork.example", PASSWORD).await.status, 422);
    assert_eq!(sign_in(&world, "ada@fieldwork.example", "nine loud cranes").await.leads_to(), "/");
}

#[tokio::test]
async fn a_sign_in_link_is_one_click_but_looking_ahead_does_not_use_it_up() {
    let world = World::new().await;
    let link = link(&world, &world.ada, Purpose::SignIn).await;
    let head = world.anon().send(Request::head(&link), Body::empty()).await;
    assert_eq!((head.status, head.cookie("sameside")), (StatusCode::OK, None));
    let ahead = world.anon().send(Request::get(&link).header("sec-purpose", "prefetch"), Body::empty()).await;
    assert!(ahead.text.contains("Come in, Ada Lind"), "{}", ahead.text);
    let answer = world.anon().get(&link).await;
    assert_eq!(answer.leads_to(), "/");
    assert!(is_in(&world.anon().let_in_by(&answer)).await);
    assert_eq!(world.anon().get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_member_who_was_disabled_is_out_at_once_and_their_links_hold_no_more() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let browser = world.browser(&ben).await;
    let link = link(&world, &ben, Purpose::Invitation).await;
    assert!(is_in(&browser).await);
    let ada = world.browser(&world.ada).await;
    let answer = ada.post(&format!("/settings/members/{}/suspension", ben.id), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(!is_in(&browser).await, "without waiting for anything");
    assert_eq!(world.anon().get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_for_a_password_is_not_used_without_one() {
    let world = World::new().await;
    let (act, id) = (world.act().await, world.ada.id);
    let token: Token = world
        .app
        .write(move |tx| Box::pin(async move { actions::give_pass(tx, &act, id, Purpose::Reset).await }))
        .await
        .unwrap();
    let now = world.app.now();
    let used = world
        .app
        .write({
            let token = token.clone();
            move |tx| {
                Box::pin(async move {
                    let from = From { agent: "a test".into(), address: "127.0.0.1".into() };
                    actions::use_pass(tx, &token, Brought::default(), &from, now).await
                })
            }
        })
        .await;
    assert!(matches!(used, Err(Error::Invalid(_))));
    let page = world.anon().get(&format!("/pass/{}", token.text())).await;
    assert_eq!(page.status, StatusCode::OK, "nothing of it was saved");
}

#[tokio::test]
async fn who_forgot_a_password_is_told_whom_to_ask() {
    let world = World::new().await;
    assert!(world.anon().get("/sign-in").await.text.contains("href=\"/password\""));
    let page = world.anon().get("/password").await;
    assert!(page.text.contains("ask an admin") && page.text.contains("sameside member reset-password"));
}
