//! Live updates: the feed that tells open pages what was committed, and the stream of a member's page.
//!
//! One feed runs in every process that serves. It is woken by what this process writes and looks by itself every second,
//! for what others wrote; while nobody listens it reads nothing. On PostgreSQL rows can become visible out of order, so
//! it looks back over the last seconds each time and tells what it has not told. A stream reads for itself when it is
//! woken, with a connection it gives back at once, and ends when its member may not be here any more.

use crate::accounts::{Member, Right};
use crate::app::App;
use crate::base::Id;
use crate::deals::Deal;
use crate::error::Result;
use crate::history;
use crate::live::{Seated, Told, Topic};
use crate::notices;
use crate::records;
use crate::web::{Asked, PageError, Routes, Visit};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long what was written is waited for, so that what belongs together is told together.
const TOGETHER: Duration = Duration::from_millis(25);
/// How often the feed looks by itself.
const LOOK: Duration = Duration::from_secs(1);
/// How far the feed looks back for what became visible late.
const LATE: Duration = Duration::from_secs(5);
/// The most rows read at once.
const ROWS_MAX: i64 = 2_000;
/// How often a stream sees whether it may go on.
pub(crate) const SEE_EVERY: Duration = Duration::from_secs(15);
/// How long a browser waits before it comes back.
pub(crate) const RETRY: Duration = Duration::from_secs(3);

/// The stream of a member's page.
pub(super) fn routes() -> Routes {
    Routes::new().get("/live", Right::Look, stream)
}

/// Tells open pages what was committed, until the program stops.
pub async fn feed(app: App) {
    let live = app.live().clone();
    let (mut stirred, mut closing) = (live.stirred(), live.closing());
    let mut place: Option<Place> = None;
    loop {
        tokio::select! {
            _ = closing.changed() => return,
            _ = stirred.changed() => tokio::time::sleep(TOGETHER).await,
            () = tokio::time::sleep(LOOK) => {}
        }
        if live.is_idle() {
            place = None;
            continue;
        }
        let step = match &mut place {
            Some(place) => place.go_on(&app).await,
            None => match Place::now(&app).await {
                Ok(now) => {
                    place = Some(now);
                    live.tell_all();
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        if let Err(error) = step {
            tracing::warn!(%error, "what is new cannot be read");
        }
    }
}

/// Up to where the feed has told.
struct Place {
    history: Track,
    notices: Track,
}

/// One row after the other, with those told of late, which may have others before them yet.
#[derive(Default)]
struct Track {
    floor: i64,
    told: HashMap<i64, Instant>,
}

impl Track {
    fn at(floor: i64) -> Self {
        Self { floor, told: HashMap::new() }
    }

    /// Whether a row is new.
    fn is_new(&mut self, seq: i64) -> bool {
        self.told.insert(seq, Instant::now()).is_none()
    }

    /// What was told long ago has nothing before it any more; nor has anything where one writer writes in order.
    fn settle(&mut self, in_order: bool) {
        let old =
            self.told.iter().filter(|(_, at)| in_order || at.elapsed() > LATE).map(|(seq, _)| *seq).max();
        if let Some(old) = old {
            self.floor = self.floor.max(old);
            let floor = self.floor;
            self.told.retain(|seq, _| *seq > floor);
        }
    }
}

impl Place {
    async fn now(app: &App) -> Result<Self> {
        let mut conn = app.read().await?;
        Ok(Self {
            history: Track::at(history::last_seq(&mut conn).await?),
            notices: Track::at(notices::store::last(&mut conn).await?),
        })
    }

    async fn go_on(&mut self, app: &App) -> Result<()> {
        let live = app.live();
        let mut conn = app.read().await?;
        let happened = history::after(&mut conn, self.history.floor, ROWS_MAX).await?;
        let told = notices::store::told_after(&mut conn, self.notices.floor, ROWS_MAX).await?;
        drop(conn);
        let is_much = happened.len() >= usize::try_from(ROWS_MAX).unwrap_or(usize::MAX);
        for row in happened {
            if self.history.is_new(row.seq) {
                for subject in [Some(row.subject), row.about].into_iter().flatten() {
                    live.tell(Topic::Deal(subject), row.seq, row.is_clients);
                }
            }
        }
        for (seq, member) in told {
            if self.notices.is_new(seq) {
                live.tell(Topic::Member(member.uuid()), seq, false);
            }
        }
        let in_order = app.config().database.is_none() || is_much;
        self.history.settle(in_order);
        self.notices.settle(in_order);
        Ok(())
    }
}

/// A stream as an answer: kept by nobody, sent at once by every proxy.
pub(crate) fn answer<S>(stream: S) -> Response
where
    S: Stream<Item = Result<Event, Infallible>> + Send + 'static,
{
    let alive = KeepAlive::new().interval(SEE_EVERY);
    let mut response = Sse::new(stream).keep_alive(alive).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Too many streams are open: come back later.
pub(crate) fn full() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")]).into_response()
}

/// What a browser heard last, when it comes back.
pub(crate) fn heard_last(headers: &HeaderMap) -> Option<String> {
    headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned)
}

/// A member's page that is open.
struct Listening {
    app: App,
    session: Vec<u8>,
    zone: jiff::tz::TimeZone,
    member: Id<Member>,
    deal: Option<Id<Deal>>,
    told: watch::Receiver<Told>,
    happened: Option<watch::Receiver<Told>>,
    closing: watch::Receiver<bool>,
    /// How many unread notices the page shows.
    shown: i64,
    /// The newest notice it knows of.
    newest: i64,
    /// Up to where it knows what clients did with the deal.
    seen: i64,
    events: VecDeque<Event>,
    _seat: Seated,
}

/// `?deal=ID&since=SEQ&unread=N`: what the page is about, up to where it knows the history, what its bell shows.
async fn stream(visit: Visit, headers: HeaderMap, Asked(asked): Asked) -> Result<Response, PageError> {
    let member = visit.scope().member().ok_or(crate::error::Error::NotFound)?;
    let live = visit.app.live();
    let Some(seat) = live.seat(member.uuid()) else { return Ok(full()) };
    let mut conn = visit.read().await?;
    let deal = match asked.get("deal").parse::<Id<Deal>>() {
        Ok(id) => Some(records::get_any(&mut conn, visit.scope(), id).await?.id),
        Err(_) => None,
    };
    let told = live.listen(Topic::Member(member.uuid()));
    let happened = deal.map(|deal| live.listen(Topic::Deal(deal.uuid())));
    let heard = heard_last(&headers).unwrap_or_else(|| asked.get("since").to_owned());
    let now = history::last_seq(&mut conn).await?;
    let newest = notices::store::last_of(&mut conn, member).await?;
    drop(conn);
    let mut listening = Listening {
        session: visit.seat.session.clone(),
        zone: visit.zone(),
        member,
        deal,
        told,
        happened,
        closing: live.closing(),
        shown: asked.get("unread").parse().unwrap_or(-1),
        newest,
        seen: heard.parse().unwrap_or(now),
        events: VecDeque::from([Event::default().retry(RETRY)]),
        _seat: seat,
        app: visit.app.clone(),
    };
    listening.look(true).await?;
    Ok(answer(unfold(listening, Listening::next)))
}

impl Listening {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some((Ok(event), self));
            }
            let woken = async {
                match &mut self.happened {
                    Some(happened) => tokio::select! {
                        heard = happened.changed() => heard.is_ok(),
                        heard = self.told.changed() => heard.is_ok(),
                    },
                    None => self.told.changed().await.is_ok(),
                }
            };
            let goes_on = tokio::select! {
                _ = self.closing.changed() => false,
                woken = woken => woken && self.look(false).await.is_ok(),
                () = tokio::time::sleep(SEE_EVERY) => self.may_stay().await,
            };
            if !goes_on {
                return None;
            }
        }
    }

    /// Whether the session has not ended.
    async fn may_stay(&self) -> bool {
        let Ok(mut conn) = self.app.read().await else { return false };
        let seat = crate::accounts::actions::seat_of(&mut conn, self.session.clone(), self.app.now()).await;
        matches!(seat, Ok(Some(seat)) if seat.scope.member() == Some(self.member))
    }

    /// Looks what is new; at the beginning also for what happened while nobody listened.
    async fn look(&mut self, is_first: bool) -> Result<()> {
        if !self.may_stay().await {
            return Err(crate::error::Error::NotFound);
        }
        let mut conn = self.app.read().await?;
        if let Some((deal, happened)) = self.deal.zip(self.happened.as_mut()) {
            let told = *happened.borrow_and_update();
            let missed = history::by_client_after(&mut conn, deal.uuid(), self.seen).await?;
            let last = missed.unwrap_or(0).max(told.by_client);
            if last > self.seen {
                self.seen = last;
                self.events.push_back(Event::default().event("changed").id(last.to_string()).data("deal"));
            }
        }
        self.told.borrow_and_update();
        let quiet = notices::store::quiet(&mut conn, self.member).await?;
        let since = quiet.since(self.app.now(), &self.zone);
        let count = notices::store::count_unread(&mut conn, self.member, since).await?;
        let fresh = notices::store::unread(&mut conn, self.member, since, 1).await?.pop();
        let fresh = fresh.filter(|notice| notice.seq > self.newest && !is_first);
        if let Some(notice) = &fresh {
            self.newest = notice.seq;
        }
        if count != self.shown || fresh.is_some() {
            self.shown = count;
            let said = serde_json::json!({
                "count": count,
                "words": fresh.as_ref().map(|notice| notice.words.as_str()),
                "path": fresh.as_ref().map(|notice| format!("/notices/{}", notice.seq)),
            });
            self.events.push_back(Event::default().event("notices").data(said.to_string()));
        }
        Ok(())
    }
}
