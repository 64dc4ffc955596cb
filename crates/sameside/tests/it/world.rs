//! A small world of people everybody knows, and the browsers they sit at.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use sameside::accounts::actions::{self, From, SetUp};
use sameside::accounts::{Act, Member, Role, Scope, Sees, Token, Via};
use sameside::app::{App, Clock};
use sameside::base::{Currency, Email, Id, Locale, When};
use sameside::config::Config;
use sameside::records::Kept;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// The moment at which the world stands still: a Sunday in November.
pub const NOON: &str = "2026-11-22T12:00:00Z";

/// The workspace Fieldwork Software with its members. Everything is dropped with it.
pub struct World {
    pub app: App,
    pub ada: Kept<Member>,
    clock: Arc<Mutex<When>>,
    folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        // A folder that stays behind is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// An empty instance: nobody has set it up.
pub async fn nowhere() -> (App, Arc<Mutex<When>>, PathBuf) {
    let clock = Arc::new(Mutex::new(When::of(NOON.parse().unwrap())));
    let name = uuid::Uuid::new_v4().simple().to_string();
    let folder = std::env::temp_dir().join(format!("sameside-test-{name}"));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    #[expect(clippy::disallowed_methods, reason = "which database to test on is said by the environment")]
    let database = match std::env::var("SAMESIDE_TEST_DATABASE") {
        Ok(url) if !url.is_empty() => Some(own_schema(&url, &format!("t{name}")).await),
        _ => None,
    };
    let config = Config { data: folder.clone(), database, database_connections: 4, ..Config::default() };
    let app = App::open(config, Clock::Still(Arc::clone(&clock))).await.expect("the store opens");
    (app, clock, folder)
}

/// A schema of this test's own in a PostgreSQL database, and the address that uses it.
async fn own_schema(url: &str, schema: &str) -> String {
    let db = db::Db::open(&db::Options::Postgres { url: url.to_owned(), connections: 1 })
        .await
        .expect("PostgreSQL answers");
    let sql = format!("create schema {schema}");
    db.write::<u64, db::Error, _>(move |tx| {
        Box::pin(async move { tx.run(db::Sql::built(sql), vec![]).await })
    })
    .await
    .expect("a schema can be made");
    db.close().await;
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}options[search_path]={schema}")
}

impl World {
    /// Fieldwork Software, set up by Ada Lind.
    pub async fn new() -> Self {
        let (app, clock, folder) = nowhere().await;
        let ada = set_up(&app, "Fieldwork Software", "Ada Lind", "ada@fieldwork.example").await;
        Self { app, ada, clock, folder }
    }

    /// Ada, acting now.
    pub async fn act(&self) -> Act {
        self.act_as(&self.ada).await
    }

    /// A member, acting now.
    pub async fn act_as(&self, member: &Kept<Member>) -> Act {
        Act::new(self.scope_of(member).await, self.app.now(), Via::Page)
    }

    async fn scope_of(&self, member: &Kept<Member>) -> Scope {
        let token = self.session(member).await;
        self.app.seat(&token).await.unwrap().expect("a member has a seat").scope.clone()
    }

    async fn session(&self, member: &Kept<Member>) -> Token {
        let (id, now) = (member.id, self.app.now());
        let workspace = self.workspace_of(member).await;
        self.app
            .write(move |tx| {
                Box::pin(async move {
                    let from = From { agent: "a test".into(), address: "127.0.0.1".into() };
                    actions::open_session(tx, workspace, id, &from, now).await
                })
            })
            .await
            .unwrap()
    }

    async fn workspace_of(&self, member: &Kept<Member>) -> Id<sameside::accounts::Workspace> {
        let mut conn = self.app.read().await.unwrap();
        let sql = db::Sql::fixed("select workspace_id from member where id = $1");
        conn.first::<(Id<sameside::accounts::Workspace>,)>(sql, vec![member.id.into()])
            .await
            .unwrap()
            .unwrap()
            .0
    }

    /// Another member of Ada's workspace.
    pub async fn member(&self, name: &str, role: Role, sees: Sees) -> Kept<Member> {
        let act = self.act().await;
        let email = format!("{}@fieldwork.example", name.to_lowercase().replace(' ', "."));
        let member = Member {
            name: name.to_owned(),
            email: Some(Email::parse(&email).unwrap()),
            role,
            sees,
            team_id: None,
            time_zone: None,
            locale: None,
            week_hours: None,
            disabled_at: None,
        };
        self.app
            .write(move |tx| Box::pin(async move { actions::add_member(tx, &act, member).await }))
            .await
            .unwrap()
    }

    /// Another workspace on the same instance, with its owner.
    pub async fn stranger(&self) -> Kept<Member> {
        set_up(&self.app, "Elsewhere", "Otto Fremd", "otto@elsewhere.example").await
    }

    /// A browser in which a member is signed in.
    pub async fn browser(&self, member: &Kept<Member>) -> Browser {
        Browser { router: sameside::web::router(self.app.clone()), session: Some(self.session(member).await) }
    }

    /// A browser in which nobody is signed in.
    pub fn anon(&self) -> Browser {
        Browser { router: sameside::web::router(self.app.clone()), session: None }
    }

    /// Lets time pass.
    pub fn wait_seconds(&self, seconds: i64) {
        let mut now = self.clock.lock().unwrap();
        *now = now.plus_seconds(seconds);
    }
}

/// Sets a workspace up.
pub async fn set_up(app: &App, workspace: &str, name: &str, email: &str) -> Kept<Member> {
    let it = SetUp {
        workspace: workspace.to_owned(),
        name: name.to_owned(),
        email: Email::parse(email).unwrap(),
        password_hash: None,
        currency: Currency::EUR,
        time_zone: "Europe/Lisbon".into(),
        locale: Locale::EnGb,
    };
    let now = app.now();
    app.write(move |tx| Box::pin(async move { actions::set_up(tx, it, now, Via::Cli).await }))
        .await
        .unwrap()
        .1
}

/// Somebody's browser.
pub struct Browser {
    router: axum::Router,
    session: Option<Token>,
}

/// What the site answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
}

impl Answer {
    /// The value of a cookie that was set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(header::SET_COOKIE);
        all.iter().find_map(|cookie| {
            let (found, rest) = cookie.to_str().ok()?.split_once('=')?;
            (found == name).then(|| rest.split(';').next().unwrap_or_default().to_owned())
        })
    }

    /// Where it leads, if it leads elsewhere.
    pub fn leads_to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }
}

impl Browser {
    /// Somebody's browser at a server, nobody signed in.
    pub fn at(app: &App) -> Self {
        Self { router: sameside::web::router(app.clone()), session: None }
    }

    /// This browser with the session that an answer gave it.
    pub fn let_in_by(&self, answer: &Answer) -> Self {
        let token = answer.cookie("sameside").expect("a session cookie");
        Self { router: self.router.clone(), session: Some(Token::parse(&token).expect("a token")) }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            form.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body.join("&"))).await
    }

    /// Sends any request.
    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header(header::HOST, "localhost");
        let request = match &self.session {
            Some(token) => request.header(header::COOKIE, format!("sameside={}", token.text())),
            None => request,
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
