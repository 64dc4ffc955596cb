//! Live updates: what an open page hears, when it is committed, and that its stream ends when it must.

use crate::world::World;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use sameside::accounts::{Token, actions as accounts};
use sameside::base::Id;
use sameside::client_page::actions::{self, Wish};
use sameside::client_page::{ClientLink, State};
use sameside::deals::Deal;
use sameside::records;
use std::time::Duration;
use tower::ServiceExt;

/// How long something that must come is waited for.
const SOON: Duration = Duration::from_secs(20);

/// An open stream.
pub struct Stream {
    body: Body,
    heard: String,
}

impl Stream {
    pub async fn open(world: &World, path: &str, session: Option<&Token>, last: Option<&str>) -> Self {
        let mut request =
            Request::get(path).header(header::HOST, "localhost").header("accept-encoding", "gzip");
        if let Some(token) = session {
            request = request.header(header::COOKIE, format!("sameside={}", token.text()));
        }
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let router = sameside::web::router(world.app.clone());
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING), "what is packed is held back");
        Self { body: response.into_body(), heard: String::new() }
    }

    /// Listens until a word is heard.
    pub async fn hears(&mut self, word: &str) -> String {
        let listen = async {
            while !self.heard.contains(word) {
                let frame = self.body.frame().await.expect("the stream goes on").unwrap();
                self.heard.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
            }
        };
        let came = tokio::time::timeout(SOON, listen).await;
        assert!(came.is_ok(), "{word:?} was not heard, but {:?}", self.heard);
        std::mem::take(&mut self.heard)
    }

    /// All that is heard until nothing comes for a moment.
    pub async fn hears_out(&mut self) -> String {
        while let Ok(Some(Ok(frame))) =
            tokio::time::timeout(Duration::from_millis(2_500), self.body.frame()).await
        {
            self.heard.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
        }
        std::mem::take(&mut self.heard)
    }

    /// What is heard within a moment.
    async fn hears_nothing_of(&mut self, word: &str) {
        let listen = async {
            while let Some(Ok(frame)) = self.body.frame().await {
                self.heard.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
            }
        };
        let _ = tokio::time::timeout(Duration::from_millis(2_500), listen).await;
        assert!(!self.heard.contains(word), "{:?}", self.heard);
    }

    async fn ends(&mut self) {
        let listen = async { while let Some(Ok(_)) = self.body.frame().await {} };
        assert!(tokio::time::timeout(SOON, listen).await.is_ok(), "the stream ends");
    }
}

/// A deal with a link, and the feed running.
struct Open {
    world: World,
    deal: Id<Deal>,
    link: Id<ClientLink>,
    page: String,
    session: Token,
}

impl Open {
    async fn new() -> Self {
        let world = World::new().await;
        tokio::spawn(sameside::web::feed(world.app.clone()));
        let ada = world.browser(&world.ada).await;
        let made = ada
            .post("/deals", &[("title", "Rye"), ("price", "1000"), ("owner", &world.ada.id.to_string())])
            .await;
        let deal: Id<Deal> = made.leads_to().rsplit('/').next().unwrap().parse().unwrap();
        sameside::work::drain(&world.app).await.unwrap();
        let act = world.act().await;
        let (link, token) = world
            .app
            .write(move |tx| {
                Box::pin(async move {
                    actions::make(tx, &act, deal, Wish { days: 3, ..Wish::default() }, None).await
                })
            })
            .await
            .unwrap();
        let (id, workspace, now) = (world.ada.id, world.act().await.scope.workspace(), world.app.now());
        let session = world
            .app
            .write(move |tx| {
                Box::pin(async move {
                    let from = accounts::From { agent: "a test".into(), address: "127.0.0.1".into() };
                    accounts::open_session(tx, workspace, id, &from, now).await
                })
            })
            .await
            .unwrap();
        Self { world, deal, link: link.id, page: format!("/c/{}", token.text()), session }
    }

    async fn change(&self, edit: impl Fn(&mut Deal) + Clone + Send + Sync + 'static) {
        let (act, deal) = (self.world.act().await, self.deal);
        self.world
            .app
            .write(move |tx| {
                Box::pin(async move {
                    records::change(tx, &act, deal, None, |it: &mut Deal| {
                        edit(it);
                        Ok(())
                    })
                    .await
                })
            })
            .await
            .unwrap();
    }

    /// The mark of the page as it is now.
    async fn mark(&self) -> String {
        let page = self.world.anon().get(&self.page).await.text;
        page.split("/live?since=").nth(1).expect("a stream").split('"').next().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clients_page_hears_that_it_changed_and_nothing_of_what_is_ours() {
    let open = Open::new().await;
    let mark = open.mark().await;
    let path = format!("{}/live?since={mark}", open.page);
    let mut stream = Stream::open(&open.world, &path, None, None).await;
    open.change(|deal| deal.reason = Some("geheim".into())).await;
    stream.hears_nothing_of("changed").await;
    open.change(|deal| deal.goal = Some("Bake more rye".into())).await;
    let heard = stream.hears("changed").await;
    assert!(!heard.contains("rye") && !heard.contains("geheim"), "what happened is not told: {heard}");
    let last = heard.split("id: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(last, open.mark().await);
    drop(stream);
    open.change(|deal| deal.goal = Some("Bake much more rye".into())).await;
    let mut again = Stream::open(&open.world, &path, None, Some(&last)).await;
    again.hears("changed").await;
    let now = open.mark().await;
    let mut fresh = Stream::open(&open.world, &path, None, Some(&now)).await;
    fresh.hears_nothing_of("changed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clients_stream_ends_with_its_link() {
    let open = Open::new().await;
    let path = format!("{}/live?since={}", open.page, open.mark().await);
    let mut stream = Stream::open(&open.world, &path, None, None).await;
    let (act, link) = (open.world.act().await, open.link);
    let revoked = open
        .world
        .app
        .write(move |tx| Box::pin(async move { actions::revoke(tx, &act, link).await }))
        .await
        .unwrap();
    assert_eq!(revoked.state(open.world.app.now()), State::Revoked);
    stream.hears("ended").await;
    stream.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_members_page_hears_what_the_client_did_and_the_bell_rings() {
    let open = Open::new().await;
    let path = format!("/live?unread=0&deal={}", open.deal);
    let mut stream = Stream::open(&open.world, &path, Some(&open.session), None).await;
    open.change(|deal| deal.goal = Some("Bake more rye".into())).await;
    stream.hears_nothing_of("changed").await;
    open.change(|deal| deal.agreed_on = Some("2026-11-20".parse().unwrap())).await;
    let said = open.world.anon().post(&format!("{}/gladness", open.page), &[("felt", "gladly")]).await;
    assert!(said.leads_to().contains("said-glad"), "{}", said.text);
    let mut heard = stream.hears("changed").await;
    if !heard.contains("notices") {
        heard.push_str(&stream.hears("notices").await);
    }
    assert!(heard.contains("pays gladly in Rye") && heard.contains("\"count\":1"), "{heard}");
    let since = format!("/live?unread=0&since=0&deal={}", open.deal);
    let mut late = Stream::open(&open.world, &since, Some(&open.session), None).await;
    let missed = late.hears("changed").await;
    assert!(missed.contains("\"count\":1") || late.hears("notices").await.contains("\"count\":1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_members_stream_ends_when_they_sign_out_and_every_stream_when_the_program_stops() {
    let open = Open::new().await;
    let mut stream = Stream::open(&open.world, "/live?unread=0", Some(&open.session), None).await;
    let hash = open.session.hash();
    open.world.app.write(move |tx| Box::pin(async move { accounts::leave(tx, &hash).await })).await.unwrap();
    open.world.app.forget_seats();
    stream.ends().await;
    let path = format!("{}/live?since={}", open.page, open.mark().await);
    let mut client = Stream::open(&open.world, &path, None, None).await;
    client.hears("retry").await;
    open.world.app.live().close();
    client.ends().await;
}
