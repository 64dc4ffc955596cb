//! What happened, as people read it: who, when, what changed from what to what, and whether it was undone.

use crate::accounts::{Member, Right, Scope, Via};
use crate::activities::Means;
use crate::base::{Currency, Id, Locale, Source as Evidence};
use crate::diagnosis::Parameter;
use crate::error::Result;
use crate::history::words::{self, Change, Words};
use crate::history::{Event, Verb, store};
use crate::records::{self, Brief, Kind};
use db::Conn;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// How often the store is asked for more when what it gave may not be seen.
const ROUNDS_MAX: usize = 10;

/// For whom it is told: what they see, and how they read dates and sums.
#[derive(Debug, Clone)]
pub struct Eyes {
    /// What they see.
    pub scope: Scope,
    /// Their time zone.
    pub zone: TimeZone,
    /// How they read dates and numbers.
    pub locale: Locale,
    /// The workspace's currency.
    pub currency: Currency,
}

/// What happened, newest first.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Moment by moment.
    pub moments: Vec<Moment>,
    /// The event before which older ones are, if there are any.
    pub older: Option<i64>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Its event.
    pub seq: i64,
    /// The icon beside it.
    pub picture: &'static str,
    /// When, for machines.
    pub at: String,
    /// When, for people.
    pub when: String,
    /// Who; `Sameside` for what the software did by itself.
    pub who: String,
    /// What they did: `changed the company`.
    pub did: String,
    /// To what.
    pub title: String,
    /// Where that is; nothing where it has no page of its own, or is the page one is on.
    pub href: Option<String>,
    /// Through which door, if not on a page.
    pub via: Option<&'static str>,
    /// The changed fields.
    pub changes: Vec<Change>,
    /// What was said, for an activity.
    pub body: Option<String>,
    /// Whether it undid something.
    pub is_undo: bool,
    /// Whether it was undone since.
    pub is_undone: bool,
    /// Whether this person may undo it.
    pub may_undo: bool,
}

/// What happened to a record and to those shown on its page, `rows` at most; only what this person may see.
///
/// # Errors
/// What the database says.
pub async fn timeline(
    conn: &mut Conn,
    eyes: &Eyes,
    subject: uuid::Uuid,
    before: Option<i64>,
    rows: usize,
) -> Result<Timeline> {
    gathered(conn, eyes, Source::Of(subject), before, rows).await
}

/// What happened in the whole workspace.
///
/// # Errors
/// What the database says.
pub async fn everything(conn: &mut Conn, eyes: &Eyes, before: Option<i64>, rows: usize) -> Result<Timeline> {
    gathered(conn, eyes, Source::All, before, rows).await
}

/// What an import did.
///
/// # Errors
/// What the database says.
pub async fn of_import(
    conn: &mut Conn,
    eyes: &Eyes,
    import: uuid::Uuid,
    before: Option<i64>,
    rows: usize,
) -> Result<Timeline> {
    gathered(conn, eyes, Source::Import(import), before, rows).await
}

#[derive(Clone, Copy)]
enum Source {
    Of(uuid::Uuid),
    Import(uuid::Uuid),
    All,
}

async fn gathered(
    conn: &mut Conn,
    eyes: &Eyes,
    source: Source,
    before: Option<i64>,
    rows: usize,
) -> Result<Timeline> {
    let workspace = eyes.scope.workspace();
    let mut before = before;
    let mut seen: Vec<Event> = Vec::new();
    let mut known = Known::default();
    for _ in 0..ROUNDS_MAX {
        let events = match source {
            Source::Of(subject) => store::of(conn, workspace, subject, before).await?,
            Source::Import(import) => store::of_import(conn, workspace, import, before).await?,
            Source::All => store::recent(conn, workspace, before).await?,
        };
        let is_last = events.len() < usize::try_from(store::EVENTS_MAX).unwrap_or(usize::MAX);
        before = events.last().map(|event| event.seq);
        known.learn(conn, &eyes.scope, &events).await?;
        seen.extend(events.into_iter().filter(|event| known.may_see(&eyes.scope, event)));
        if seen.len() > rows || is_last {
            break;
        }
    }
    let has_more = seen.len() > rows;
    seen.truncate(rows);
    let older = seen.last().map(|event| event.seq).filter(|_| has_more);
    let undone = undone(conn, eyes, &seen).await?;
    known.name(conn, &eyes.scope, &seen).await?;
    let here = if let Source::Of(subject) = source { Some(subject) } else { None };
    let moments = seen.iter().map(|event| known.moment(eyes, event, here, &undone)).collect();
    Ok(Timeline { moments, older })
}

/// The events that are undone now: an undo that was itself undone does not count.
async fn undone(conn: &mut Conn, eyes: &Eyes, events: &[Event]) -> Result<HashSet<i64>> {
    let subjects: HashSet<_> = events.iter().map(|event| event.subject).collect();
    let subjects: Vec<_> = subjects.into_iter().collect();
    let mut undone = HashSet::new();
    for (seq, undoes) in store::undoing(conn, eyes.scope.workspace(), &subjects).await? {
        if !undone.contains(&seq) {
            undone.insert(undoes);
        }
    }
    Ok(undone)
}

/// What is known of the records that events are about.
#[derive(Default)]
struct Known {
    records: HashMap<uuid::Uuid, Brief>,
    names: HashMap<uuid::Uuid, String>,
}

impl Known {
    async fn learn(&mut self, conn: &mut Conn, scope: &Scope, events: &[Event]) -> Result<()> {
        let mut wanted: HashMap<Kind, HashSet<uuid::Uuid>> = HashMap::new();
        for event in events {
            wanted.entry(event.kind).or_default().insert(event.subject);
        }
        self.fetch(conn, scope, wanted).await?;
        let mut parts: HashMap<Kind, HashSet<uuid::Uuid>> = HashMap::new();
        for part in self.records.values().filter_map(|brief| brief.part_of) {
            parts.entry(Kind::Deal).or_default().insert(part);
            parts.entry(Kind::Product).or_default().insert(part);
            for kind in [Kind::Request, Kind::Company, Kind::Contact] {
                parts.entry(kind).or_default().insert(part);
            }
        }
        self.fetch(conn, scope, parts).await
    }

    async fn fetch(
        &mut self,
        conn: &mut Conn,
        scope: &Scope,
        wanted: HashMap<Kind, HashSet<uuid::Uuid>>,
    ) -> Result<()> {
        for (kind, ids) in wanted {
            let ids: Vec<_> = ids.into_iter().filter(|id| !self.records.contains_key(id)).collect();
            for brief in records::briefs(conn, scope.workspace(), kind, &ids).await? {
                self.records.insert(brief.id, brief);
            }
        }
        Ok(())
    }

    /// The names behind every id that the changes speak of, and of who made them.
    async fn name(&mut self, conn: &mut Conn, scope: &Scope, events: &[Event]) -> Result<()> {
        let mut wanted: HashMap<Kind, HashSet<uuid::Uuid>> = HashMap::new();
        for event in events {
            if let Some(actor) = event.actor {
                wanted.entry(Kind::Member).or_default().insert(actor.uuid());
            }
            if let Some(contact) = event.contact {
                wanted.entry(Kind::Contact).or_default().insert(contact);
            }
            for (field, before, after) in event.changes.iter() {
                let Some(kind) = words::refers_to(field) else { continue };
                let ids = [before, after].into_iter().filter_map(Json::as_str);
                wanted.entry(kind).or_default().extend(ids.filter_map(|id| uuid::Uuid::try_parse(id).ok()));
            }
        }
        for (kind, ids) in wanted {
            let ids: Vec<_> = ids.into_iter().collect();
            for brief in records::briefs(conn, scope.workspace(), kind, &ids).await? {
                if scope.may_see(brief.owner) {
                    self.names.insert(brief.id, brief.title);
                }
            }
        }
        Ok(())
    }

    /// Whether this person may see what happened: the record is one they see, members only for who manages them.
    fn may_see(&self, scope: &Scope, event: &Event) -> bool {
        let Some(brief) = self.records.get(&event.subject) else { return false };
        if event.kind == Kind::Member {
            return scope.may(Right::Administer) || scope.member() == Some(Id::<Member>::of(event.subject));
        }
        let whole = brief.part_of.map_or(Some(brief), |whole| self.records.get(&whole));
        whole.is_some_and(|whole| scope.may_see(whole.owner))
    }

    /// Who did it: a member, a client on their page, or the software by itself.
    fn who(&self, event: &Event) -> String {
        let named = |id: uuid::Uuid| self.names.get(&id).cloned();
        match event.actor {
            Some(actor) => named(actor.uuid()).unwrap_or_else(|| "Somebody".to_owned()),
            None if event.via == Via::Client.code() => {
                event.contact.and_then(named).unwrap_or_else(|| "The client".to_owned())
            }
            None => "Sameside".to_owned(),
        }
    }

    fn moment(&self, eyes: &Eyes, event: &Event, here: Option<uuid::Uuid>, undone: &HashSet<i64>) -> Moment {
        let brief = self.records.get(&event.subject);
        let whole = brief.and_then(|brief| brief.part_of).and_then(|whole| self.records.get(&whole));
        let currency = whole.or(brief).and_then(|brief| brief.currency).unwrap_or(eyes.currency);
        let parameter =
            brief.filter(|_| event.kind == Kind::Figure).and_then(|it| Parameter::parse(&it.title));
        let words = Words {
            locale: eyes.locale,
            zone: &eyes.zone,
            currency: changed_currency(event).unwrap_or(currency),
            parameter,
            names: &self.names,
        };
        let means = event.changes.iter().find(|(field, ..)| *field == "kind").and_then(|(_, _, after)| {
            Means::parse(after.as_str().unwrap_or_default()).filter(|_| event.kind == Kind::Activity)
        });
        let is_made = event.verb == Verb::Created;
        let changes = if is_made {
            made(event, &words)
        } else {
            words::changes(event.kind, event.changes.iter(), &words)
        };
        let is_here = here == Some(event.subject);
        let page = match event.kind {
            Kind::Figure
            | Kind::Contraindication
            | Kind::Effort
            | Kind::Budget
            | Kind::Decision
            | Kind::Departure
            | Kind::Goodbye
            | Kind::Measure
            | Kind::Outcome
            | Kind::Gladness
            | Kind::Reply
            | Kind::Message
            | Kind::Pulse
            | Kind::Cadence
            | Kind::Concession => whole.and_then(|whole| whole.kind.page(whole.id)),
            Kind::Want
            | Kind::Need
            | Kind::Alternative
            | Kind::Bearing
            | Kind::CostPart
            | Kind::Early
            | Kind::Voice
            | Kind::Answer
            | Kind::Step => {
                whole.and_then(|whole| whole.kind.page(whole.id)).map(|page| format!("{page}/diagnosis"))
            }
            Kind::Commitment | Kind::PlanStep => {
                whole.and_then(|whole| whole.kind.page(whole.id)).map(|page| format!("{page}/plan"))
            }
            Kind::Attachment => {
                whole.and_then(|whole| whole.kind.page(whole.id)).map(|page| format!("{page}/files"))
            }
            kind => kind.page(event.subject),
        };
        Moment {
            seq: event.seq,
            picture: picture(event, means),
            at: event.at.iso(),
            when: event.at.show(&eyes.zone, eyes.locale),
            who: self.who(event),
            did: did(event, means, is_here),
            title: if is_here { String::new() } else { event.title.clone() },
            href: page.filter(|_| !is_here),
            via: Via::parse(&event.via).filter(|via| *via != Via::Page).map(Via::label),
            changes,
            body: text_of(event, "note").filter(|_| is_made && event.kind == Kind::Activity),
            is_undo: event.undoes.is_some(),
            is_undone: undone.contains(&event.seq),
            may_undo: eyes.scope.may(right_to_undo(event.kind)) && !undone.contains(&event.seq),
        }
    }
}

/// Of something made, what it says: figures, days and words, without what is only there to be there.
fn made(event: &Event, words: &Words<'_>) -> Vec<Change> {
    if let Some(figure) = figure_of(event, words) {
        return vec![figure];
    }
    let shown: &[&str] = match event.kind {
        Kind::Task => &["due_on", "owner_id"],
        Kind::Request => &["said", "channel", "answer_by"],
        Kind::Message => &["text", "shown"],
        Kind::Pulse => &["mood", "whose", "word"],
        Kind::Cadence => &["days", "because"],
        Kind::Commitment => &["side", "due_on", "owner_id", "contact_id", "chance"],
        Kind::PlanStep => &["side", "days"],
        Kind::Effort => &["minutes", "spent_minor", "worked_on"],
        Kind::Budget => &["hours"],
        Kind::Decision => &["worth", "hours_spent"],
        Kind::Departure => &["side", "referral", "learnt", "watch_on", "watch_parameter"],
        Kind::Goodbye => &["side", "referral", "learnt", "watch_on", "product_id"],
        Kind::Reply => &["choice", "reason"],
        Kind::Concession => &["cost_likely", "came_back", "nothing_because", "state"],
        Kind::Meeting => &["note"],
        Kind::Want => &["said_by", "said_on", "answered", "need_id", "because"],
        Kind::Need => &["note"],
        Kind::Alternative => &["worth_likely", "cost_likely", "source", "said_by"],
        Kind::Bearing => &["bears", "source", "said_by", "note"],
        Kind::CostPart => &["times_likely", "each_likely", "source", "said_by"],
        Kind::Voice => &["part", "note"],
        Kind::Answer => &["level_id", "not_known_at", "source", "said_by", "note"],
        Kind::Early => &["missing"],
        Kind::Step => &["hours_likely", "went_on", "source"],
        Kind::Measure => &["unit", "baseline", "wished", "by_on"],
        Kind::Outcome => &["reached", "achieved", "client_gain", "company_gain", "learnt"],
        Kind::Gladness => &["felt", "moment", "whose", "because"],
        Kind::ClientLink => &["expires_at", "language"],
        Kind::Attachment => &["name"],
        Kind::ClientReport => &["reached", "achieved", "note"],
        Kind::Delegation => &["to_id", "from_on", "until_on"],
        Kind::Deal => &["price_minor", "stage_id", "expected_on"],
        _ => &[],
    };
    let fields = event.changes.iter().filter(|(field, ..)| shown.contains(field));
    words::changes(event.kind, fields, words)
}

/// A figure that was given, in one line: the range, how we know it, who said so.
fn figure_of(event: &Event, words: &Words<'_>) -> Option<Change> {
    let unit = words.parameter?.unit();
    let number = |field: &str| {
        let (_, _, after) = event.changes.iter().find(|(name, ..)| *name == field)?;
        after.as_f64()
    };
    let three = [number("low")?, number("likely")?, number("high")?];
    let source = text_of(event, "source").and_then(|code| Evidence::parse(&code)).map_or("", Evidence::label);
    let said = unit.show_range(three, words.currency, words.locale);
    let after = match text_of(event, "said_by") {
        Some(by) => format!("{said} ({source}, {by})"),
        None => format!("{said} ({source})"),
    };
    Some(Change { label: String::new(), before: String::new(), after })
}

fn changed_currency(event: &Event) -> Option<Currency> {
    text_of(event, "currency").and_then(|code| Currency::parse(&code))
}

/// What a field says after an event.
fn text_of(event: &Event, field: &str) -> Option<String> {
    let (_, _, after) = event.changes.iter().find(|(name, ..)| *name == field)?;
    after.as_str().map(str::to_owned)
}

fn right_to_undo(kind: Kind) -> Right {
    match kind {
        Kind::Product
        | Kind::Contraindication
        | Kind::PlanStep
        | Kind::Pipeline
        | Kind::Stage
        | Kind::Template => Right::Manage,
        Kind::Member => Right::Own,
        Kind::Team | Kind::Workspace => Right::Administer,
        _ => Right::Sell,
    }
}

fn picture(event: &Event, means: Option<Means>) -> &'static str {
    if event.undoes.is_some() {
        return "undo";
    }
    match (event.verb, event.kind, means) {
        (Verb::Removed, ..) => "trash",
        (Verb::Restored, ..) => "undo",
        (Verb::Changed, Kind::Task | Kind::Commitment, _) => "check",
        (Verb::Changed, ..) => "edit",
        (Verb::Created, _, Some(Means::Call)) => "call",
        (Verb::Created, _, Some(Means::Meeting)) => "meeting",
        (Verb::Created, _, Some(Means::Email)) => "mail",
        (Verb::Created, Kind::Activity, _) => "note",
        (Verb::Created, Kind::Task | Kind::Commitment, _) => "tasks",
        (Verb::Created, Kind::Attachment, _) => "file",
        (Verb::Created, Kind::Request, _) => "question",
        (Verb::Created, Kind::Message, _) => "mail",
        (Verb::Created, Kind::Effort | Kind::Budget, _) => "clock",
        (Verb::Created, Kind::Decision | Kind::Reply | Kind::Concession, _) => "balance",
        (Verb::Created, Kind::Departure | Kind::Goodbye, _) => "leave",
        (Verb::Created, Kind::Deal, _) => "deals",
        (Verb::Created, Kind::Company, _) => "companies",
        (Verb::Created, Kind::Contact | Kind::Member, _) => "person",
        (Verb::Created, Kind::Product, _) => "products",
        (Verb::Created, ..) => "plus",
    }
}

/// What became of a promise.
fn promise_did(event: &Event) -> String {
    let to = |field: &str| {
        event.changes.iter().find(|(name, ..)| *name == field).map(|(_, _, after)| !after.is_null())
    };
    match (to("done_on"), to("due_on"), to("asked_on"), to("confirmed_on")) {
        (Some(true), ..) => "did, as a promise of the plan:".into(),
        (Some(false), ..) => "put back into the plan:".into(),
        (_, Some(true), ..) => "moved the day of a promise:".into(),
        (_, _, Some(true), _) => "asked for another day:".into(),
        (_, _, Some(false), _) => "kept the day of a promise:".into(),
        (_, _, _, Some(true)) => "said yes to a promise:".into(),
        _ => "said a promise otherwise:".into(),
    }
}

/// What became of the sharing of a document.
fn sharing_did(is_shared: bool, took: bool) -> String {
    match (is_shared, took) {
        (true, false) => "shared with the client:",
        (false, false) => "stopped sharing with the client:",
        (true, true) => "took back that the sharing with the client ended:",
        (false, true) => "took back sharing with the client:",
    }
    .into()
}

fn did(event: &Event, means: Option<Means>, is_here: bool) -> String {
    let what = event.kind.label().to_lowercase();
    let the = if is_here { "this" } else { "the" };
    let took = event.undoes.is_some();
    let after = |field: &str| {
        event.changes.iter().find(|(name, ..)| *name == field).map(|(_, _, after)| !after.is_null())
    };
    let done = after("done_at");
    match (event.verb, event.kind) {
        (Verb::Changed, Kind::Attachment) if after("shared_at").is_some() => {
            sharing_did(after("shared_at") == Some(true), took)
        }
        (Verb::Changed, _) if took => format!("took back a change of {the} {what}"),
        (Verb::Removed, _) if took => format!("took back making {the} {what}"),
        (Verb::Restored, _) if took => format!("took back removing {the} {what}"),
        (Verb::Created, Kind::Activity) => match means {
            Some(Means::Call) => "noted a call:".into(),
            Some(Means::Meeting) => "noted a meeting:".into(),
            Some(Means::Email) => "noted an e-mail:".into(),
            _ => "wrote a note:".into(),
        },
        (Verb::Created, Kind::Task) => "planned".into(),
        (Verb::Created, Kind::Request) => "wrote down what they ask for:".into(),
        (Verb::Created, Kind::Message) => "wrote:".into(),
        (Verb::Created, Kind::Pulse) => "said how it felt:".into(),
        (Verb::Created, Kind::Cadence) => "said how often we speak to them:".into(),
        (Verb::Changed, Kind::Request) if after("resolved_at") == Some(true) => "resolved".into(),
        (Verb::Changed, Kind::Request) if after("resolved_at") == Some(false) => "opened again".into(),
        (Verb::Changed, Kind::Request) if after("last_word_at") == Some(true) => {
            "heard of, or answered,".into()
        }
        (Verb::Created, Kind::Commitment) => "wrote down a promise:".into(),
        (Verb::Changed, Kind::Commitment) => promise_did(event),
        (Verb::Created, Kind::Effort) => "put into this:".into(),
        (Verb::Created, Kind::Budget) => "set the hours that may go into it:".into(),
        (Verb::Created, Kind::Decision) => "decided:".into(),
        (Verb::Created, Kind::Measure) => "said what is measured:".into(),
        (Verb::Created, Kind::Outcome) => "wrote down what became of it:".into(),
        (Verb::Created, Kind::Gladness) => "wrote down how glad they are:".into(),
        (Verb::Created, Kind::Departure) => "wrote down how it was left:".into(),
        (Verb::Created, Kind::Goodbye) => "said goodbye to them:".into(),
        (Verb::Created, Kind::Concession) => "gave, or asked to give:".into(),
        (Verb::Created, Kind::Delegation) => "let somebody say yes for them:".into(),
        (Verb::Created, Kind::ClientLink) => "made a link to the client's page:".into(),
        (Verb::Created, Kind::ClientQuestion) => "asks the client:".into(),
        (Verb::Changed, Kind::ClientQuestion) => "answered:".into(),
        (Verb::Created | Verb::Changed, Kind::ClientReport) => "says what became of it:".into(),
        (Verb::Changed, Kind::ClientLink) => "took back the link:".into(),
        (Verb::Created, Kind::Reply) => "answered what was found:".into(),
        (Verb::Created, Kind::Figure) => "gave a figure:".into(),
        (Verb::Created, Kind::Meeting) => "wrote down what was said:".into(),
        (Verb::Created, Kind::Want) => "heard what they want:".into(),
        (Verb::Created, Kind::Need) => "wrote down what they need:".into(),
        (Verb::Created, Kind::Alternative) => "wrote down what else they could do:".into(),
        (Verb::Created, Kind::CostPart) => "counted a part of what the problem costs:".into(),
        (Verb::Created, Kind::Early) => "proposed before it was all asked:".into(),
        (Verb::Created | Verb::Changed, Kind::Answer) => "wrote down the answer to".into(),
        (Verb::Created, Kind::Voice) => "said who has a voice:".into(),
        (Verb::Created, Kind::Step) => "wrote down a step until they decide:".into(),
        (Verb::Created, Kind::Contraindication) => "wrote down when it does not help:".into(),
        (Verb::Created | Verb::Changed, Kind::Bearing) => "said whether we can help:".into(),
        (Verb::Changed, Kind::Figure) => "changed a figure:".into(),
        (Verb::Changed, Kind::Task) if done == Some(true) => "did".into(),
        (Verb::Changed, Kind::Task) if done == Some(false) => "put back on the list:".into(),
        (Verb::Created, _) => format!("added {the} {what}"),
        (Verb::Changed, _) => format!("changed {the} {what}"),
        (Verb::Removed, _) => format!("removed {the} {what}"),
        (Verb::Restored, _) => format!("brought back {the} {what}"),
    }
}
