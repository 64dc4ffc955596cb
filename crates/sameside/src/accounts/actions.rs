//! Coming in, and who may.

use crate::accounts::store::{self, NewSession};
use crate::accounts::{
    Act, Member, Purpose, Right, Role, Scope, Sees, Settings, Team, Token, Via, Workspace, password,
};
use crate::app::App;
use crate::base::{Currency, Email, Fields, Id, Locale, When, fold, plural};
use crate::deals;
use crate::error::{Error, Result};
use crate::history::{self, Changes, Event, Verb};
use crate::jobs;
use crate::records::{self, Kept, Kind};
use crate::tallies;
use db::{Conn, Tx};

/// How long a session lasts without being used, in days.
const SESSION_DAYS: i64 = 30;
/// How long an invitation holds, in days.
const INVITATION_DAYS: i64 = 7;
/// How long a password reset link holds, in hours.
const RESET_HOURS: i64 = 2;
/// How long a sign-in link of the command line holds, in hours.
const SIGN_IN_HOURS: i64 = 12;
/// A session's last use is written this often at most, in seconds.
const SEEN_EVERY_SECONDS: i64 = 60;

/// What a new workspace needs.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// What it is called.
    pub workspace: String,
    /// The name of its owner.
    pub name: String,
    /// The address of its owner.
    pub email: Email,
    /// The password of its owner, already hashed; without one they come in by a link.
    pub password_hash: Option<String>,
    /// What sums are in.
    pub currency: Currency,
    /// Where its days begin.
    pub time_zone: String,
    /// How dates and numbers are written.
    pub locale: Locale,
}

/// Makes a workspace with its owner and a first pipeline.
///
/// # Errors
/// `Invalid`.
pub async fn set_up(tx: &mut Tx, it: SetUp, now: When, via: Via) -> Result<(Workspace, Kept<Member>)> {
    let workspace = Workspace {
        id: Id::new(now),
        name: it.workspace.trim().to_owned(),
        currency: it.currency,
        time_zone: it.time_zone,
        locale: it.locale,
        settings: Settings::default(),
        version: 1,
    };
    workspace.check().map_err(|fields| {
        // The forms of set-up and of the command line call it so.
        let named = |field: &str| if field == "name" { "workspace".to_owned() } else { field.to_owned() };
        let mut renamed = Fields::default();
        fields.iter().for_each(|(field, message)| renamed.add(named(field), message));
        Error::Invalid(renamed)
    })?;
    store::insert_workspace(tx, &workspace, now).await?;
    let act = Act::new(Scope::of_workspace(workspace.id), now, via);
    let owner = Member {
        name: it.name,
        email: Some(it.email),
        role: Role::Owner,
        sees: Sees::All,
        team_id: None,
        time_zone: None,
        locale: None,
        week_hours: None,
        disabled_at: None,
    };
    tallies::actions::begin(tx, &workspace).await?;
    let owner = records::create(tx, &act, owner).await?;
    if let Some(hash) = it.password_hash {
        store::set_password(tx, owner.id, &hash, now).await?;
    }
    deals::actions::first_pipeline(tx, &act).await?;
    Ok((workspace, owner))
}

/// Sets an empty server up and comes in as its owner.
///
/// # Errors
/// `Refused` when somebody set it up already; `Invalid`.
pub async fn set_up_first(app: &App, it: SetUp, password: String, from: &From) -> Result<Token> {
    // One at a time: the button pressed twice must not make two workspaces.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = TURN.lock().await;
    let it = SetUp { password_hash: Some(password::hash(password).await?), ..it };
    let (now, from) = (app.now(), from.clone());
    app.write(move |tx| {
        Box::pin(async move {
            if store::any_workspace(tx).await? {
                return Err(Error::Refused("This server is set up already. Sign in instead.".into()));
            }
            let (workspace, owner) = set_up(tx, it, now, Via::Page).await?;
            open_session(tx, workspace.id, owner.id, &from, now).await
        })
    })
    .await
}

/// Adds a member.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn add_member(tx: &mut Tx, act: &Act, member: Member) -> Result<Kept<Member>> {
    if member.role == Role::Owner {
        act.scope.require(Right::Own)?;
    }
    free_address(tx, act, &member, None).await?;
    records::create(tx, act, member).await
}

/// Changes a member. The last owner stays one and stays able to come in.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`, `Refused`.
pub async fn change_member(
    tx: &mut Tx,
    act: &Act,
    id: Id<Member>,
    version: Option<i64>,
    edit: impl FnOnce(&mut Member) -> Result<()>,
) -> Result<Kept<Member>> {
    let before = records::get(tx, &act.scope, id).await?;
    let mut it = before.it.clone();
    edit(&mut it)?;
    free_address(tx, act, &it, Some(id)).await?;
    let after = records::change(tx, act, id, version, |member: &mut Member| {
        *member = it;
        Ok(())
    })
    .await?;
    member_changed(tx, act, &before, &after).await?;
    Ok(after)
}

/// Keeps a member out from a moment on, at once and everywhere; or lets them in again.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Refused` for the last owner.
pub async fn set_disabled(tx: &mut Tx, act: &Act, id: Id<Member>, at: Option<When>) -> Result<Kept<Member>> {
    change_member(tx, act, id, None, |member| {
        member.disabled_at = at.map(|at| member.disabled_at.unwrap_or(at));
        Ok(())
    })
    .await
}

/// An address belongs to one member of a workspace alone.
async fn free_address(tx: &mut Tx, act: &Act, it: &Member, of: Option<Id<Member>>) -> Result<()> {
    match &it.email {
        Some(email) if store::is_taken(tx, act.scope.workspace(), email, of).await? => {
            Err(Error::field("email", "an address that no other member has"))
        }
        _ => Ok(()),
    }
}

/// What must hold after a member changed, whichever way, undo included; and what follows from it.
///
/// # Errors
/// `Forbidden` when it concerns an owner and is not done by one; `Refused` when no owner would be left.
pub(crate) async fn member_changed(
    tx: &mut Tx,
    act: &Act,
    before: &Kept<Member>,
    after: &Kept<Member>,
) -> Result<()> {
    let is_owner = before.role == Role::Owner || after.role == Role::Owner;
    if is_owner && (act.scope.member() != Some(after.id) || before.role != after.role) {
        act.scope.require(Right::Own)?;
    }
    if store::active_with_role(tx, act.scope.workspace(), Role::Owner.code()).await? == 0 {
        return Err(Error::Refused(
            "A workspace needs an owner who can come in. Make somebody else the owner first.".into(),
        ));
    }
    let is_out = after.disabled_at.is_some() || after.removed_at.is_some();
    if is_out {
        store::end_sessions(tx, after.id, &[]).await?;
    }
    if is_out || before.email != after.email {
        store::void_passes(tx, after.id, act.now).await?;
    }
    Ok(())
}

/// A member changes what is theirs: their name, their time zone, their language.
///
/// # Errors
/// `NotFound`, `Invalid`, `Conflict`.
pub async fn change_oneself(
    tx: &mut Tx,
    act: &Act,
    version: Option<i64>,
    name: String,
    time_zone: Option<String>,
    locale: Option<Locale>,
) -> Result<Kept<Member>> {
    let id = act.scope.member().ok_or(Error::NotFound)?;
    let act = Act { scope: Scope::of_oneself(act.scope.workspace(), id), ..act.clone() };
    records::change(tx, &act, id, version, |member: &mut Member| {
        member.name = name;
        member.time_zone = time_zone;
        member.locale = locale;
        Ok(())
    })
    .await
}

/// Changes the workspace itself; `version` is the one the person saw.
///
/// # Errors
/// `Forbidden`, `Invalid`, `Conflict`.
pub async fn change_workspace(
    tx: &mut Tx,
    act: &Act,
    version: Option<i64>,
    edit: impl FnOnce(&mut Workspace),
) -> Result<Workspace> {
    act.scope.require(Right::Administer)?;
    let before = store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { version: before.version });
    }
    let mut after = before.clone();
    edit(&mut after);
    save_workspace(tx, act, &before, after, None).await
}

/// Takes a change of the workspace itself back.
///
/// # Errors
/// `Forbidden`; `Refused` when one of the fields was changed again since.
pub(crate) async fn undo_workspace(tx: &mut Tx, act: &Act, event: &Event) -> Result<()> {
    act.scope.require(Right::Administer)?;
    let before = store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let after = before.saying(event.changes.taken_back(&before.words())?);
    save_workspace(tx, act, &before, after, Some(event.seq)).await.map(drop)
}

async fn save_workspace(
    tx: &mut Tx,
    act: &Act,
    before: &Workspace,
    mut after: Workspace,
    undoes: Option<i64>,
) -> Result<Workspace> {
    after.check().map_err(Error::Invalid)?;
    let changes = Changes::between(Some(&before.words()), Some(&after.words()))?;
    if changes.is_empty() {
        return Ok(after);
    }
    if !store::update_workspace(tx, &after).await? {
        return Err(Error::Conflict { version: before.version + 1 });
    }
    after.version += 1;
    let event = Event {
        seq: 0,
        at: act.now,
        actor: None,
        contact: None,
        via: String::new(),
        kind: Kind::Workspace,
        subject: after.id.uuid(),
        about: None,
        verb: Verb::Changed,
        title: after.name.clone(),
        changes,
        undoes,
    };
    history::add(tx, act, event).await?;
    if before.settings.weighed() != after.settings.weighed() || before.currency != after.currency {
        // Every verdict rests on these.
        jobs::later(tx, act, jobs::ASSESS_ALL, "", "{}").await?;
    }
    Ok(after)
}

/// Adds a team.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn add_team(tx: &mut Tx, act: &Act, name: String) -> Result<Kept<Team>> {
    free_name(tx, act, &name, None).await?;
    records::create(tx, act, Team { name }).await
}

/// Calls a team something else.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn rename_team(
    tx: &mut Tx,
    act: &Act,
    id: Id<Team>,
    version: Option<i64>,
    name: String,
) -> Result<Kept<Team>> {
    free_name(tx, act, &name, Some(id)).await?;
    records::change(tx, act, id, version, |team: &mut Team| {
        team.name = name;
        Ok(())
    })
    .await
}

/// Removes a team that nobody is in.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` while somebody is in it.
pub async fn remove_team(tx: &mut Tx, act: &Act, id: Id<Team>) -> Result<()> {
    let inside = store::members_of_team(tx, act.scope.workspace(), id).await?.len();
    if inside > 0 {
        let count = plural(i64::try_from(inside).unwrap_or(i64::MAX), "member is", "members are");
        return Err(Error::Refused(format!(
            "{count} in this team. Give them another team, or none, on their pages first."
        )));
    }
    records::remove::<Team>(tx, act, id).await
}

/// A name belongs to one team alone: people choose by it.
async fn free_name(tx: &mut Tx, act: &Act, name: &str, of: Option<Id<Team>>) -> Result<()> {
    let teams = store::teams(tx, act.scope.workspace()).await?;
    let is_taken = teams.iter().any(|team| Some(team.id) != of && fold(&team.name) == fold(name));
    if is_taken { Err(Error::field("name", "a name that no other team has")) } else { Ok(()) }
}

/// Makes a one-time link for a member; earlier ones for the same purpose hold no more.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn give_pass(tx: &mut Tx, act: &Act, member: Id<Member>, purpose: Purpose) -> Result<Token> {
    if act.scope.member() != Some(member) {
        act.scope.require(Right::Administer)?;
    }
    let kept = records::get(tx, &act.scope, member).await?;
    if kept.email.is_none() {
        return Err(Error::Refused(format!("{} has no address to sign in with. Give one first.", kept.name)));
    }
    if kept.disabled_at.is_some() {
        return Err(Error::Refused(format!("{} is disabled. Let them in again first.", kept.name)));
    }
    if kept.role == Role::Owner && act.scope.member() != Some(member) {
        act.scope.require(Right::Own)?;
    }
    let expires_at = match purpose {
        Purpose::Invitation => act.now.plus_days(INVITATION_DAYS),
        Purpose::Reset => act.now.plus_seconds(RESET_HOURS * 3_600),
        Purpose::SignIn => act.now.plus_seconds(SIGN_IN_HOURS * 3_600),
    };
    let token = Token::fresh();
    store::insert_pass(tx, token.hash(), act.scope.workspace(), member, purpose, act.now, expires_at).await?;
    Ok(token)
}

/// Whom a one-time link is for.
///
/// # Errors
/// `NotFound` when it was used, has expired or never was.
pub async fn look_at_pass(
    conn: &mut Conn,
    token: &Token,
    now: When,
) -> Result<(Id<Workspace>, Kept<Member>, Purpose)> {
    let (workspace, id, purpose) = store::pass(conn, &token.hash(), now).await?.ok_or(Error::NotFound)?;
    let member = records::get(conn, &Scope::of_workspace(workspace), id).await?;
    if member.disabled_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok((workspace, member, purpose))
}

/// Where somebody comes in from.
#[derive(Debug, Clone)]
pub struct From {
    /// What their browser calls itself.
    pub agent: String,
    /// Their network address.
    pub address: String,
}

/// What somebody brings to a one-time link besides the link.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// How they want to be called, when they join.
    pub name: Option<String>,
    /// Their new password, already hashed.
    pub password_hash: Option<String>,
}

/// Uses a one-time link: sets the new password if it is for one, and comes in. Then every other session and link
/// of this member ends.
///
/// # Errors
/// `NotFound` when it was used, has expired or never was; `Invalid` without a password where one is needed.
pub async fn use_pass(tx: &mut Tx, token: &Token, it: Brought, from: &From, now: When) -> Result<Token> {
    let (workspace, member, purpose) = look_at_pass(tx, token, now).await?;
    if !store::use_pass(tx, &token.hash(), now).await? {
        return Err(Error::NotFound);
    }
    if matches!(purpose, Purpose::Invitation | Purpose::Reset) {
        let Some(hash) = it.password_hash else { return Err(Error::field("password", "a password")) };
        set_password(tx, member.id, &hash, &[], now).await?;
    }
    if let Some(name) = it.name.filter(|_| purpose == Purpose::Invitation) {
        let act = Act::new(Scope::of_oneself(workspace, member.id), now, Via::Page);
        change_oneself(tx, &act, None, name, member.time_zone.clone(), member.locale).await?;
    }
    open_session(tx, workspace, member.id, from, now).await
}

/// Why somebody did not come in.
#[derive(Debug)]
pub enum Refusal {
    /// Address and password do not belong together; which of them is wrong is not said.
    Wrong,
    /// It was tried too often.
    TooOften {
        /// In how many seconds to try again.
        seconds: i64,
    },
    /// Something else.
    Failed(Error),
}

impl<E: Into<Error>> std::convert::From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Comes in with an address and a password.
///
/// # Errors
/// See [`Refusal`].
pub async fn sign_in(app: &App, email: &str, password: String, from: &From) -> Result<Token, Refusal> {
    app.attempts().note(email, &from.address).map_err(|seconds| Refusal::TooOften { seconds })?;
    let (workspace, member) = recognise(app, email, password).await?.ok_or(Refusal::Wrong)?;
    let (now, from) = (app.now(), from.clone());
    Ok(app
        .write(move |tx| Box::pin(async move { open_session(tx, workspace, member, &from, now).await }))
        .await?)
}

/// Whose address and password these are; takes as long when there is nobody. Holds no connection while it hashes.
async fn recognise(app: &App, email: &str, password: String) -> Result<Option<(Id<Workspace>, Id<Member>)>> {
    let known = match Email::parse(email) {
        Ok(email) => store::by_email(&mut app.read().await?, &email).await?,
        Err(_) => Vec::new(),
    };
    if known.is_empty() {
        password::is_right(password, None).await?;
        return Ok(None);
    }
    for (workspace, member, hash) in known {
        if password::is_right(password.clone(), hash).await? {
            return Ok(Some((workspace, member)));
        }
    }
    Ok(None)
}

/// Opens a session; the token goes to the browser and nowhere else.
///
/// # Errors
/// What the database says.
pub async fn open_session(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    member: Id<Member>,
    from: &From,
    now: When,
) -> Result<Token> {
    let token = Token::fresh();
    let short = |text: &str| text.chars().take(200).collect::<String>();
    let (agent, address) = (short(&from.agent), short(&from.address));
    let session = NewSession {
        token_hash: token.hash(),
        workspace,
        member,
        now,
        expires_at: now.plus_days(SESSION_DAYS),
        agent: &agent,
        address: &address,
    };
    store::insert_session(tx, session).await?;
    Ok(token)
}

/// A member at work: what a session gives.
#[derive(Debug, Clone)]
pub struct Seat {
    /// What they see and may do.
    pub scope: Scope,
    /// Who they are.
    pub member: Kept<Member>,
    /// Where they work.
    pub workspace: Workspace,
    /// The hash of the session's token.
    pub session: Vec<u8>,
    /// Whether its last use should be written.
    pub is_stale: bool,
}

impl Seat {
    /// Their time zone.
    pub fn zone(&self) -> jiff::tz::TimeZone {
        let own = self.member.time_zone.as_deref().and_then(|name| jiff::tz::TimeZone::get(name).ok());
        own.unwrap_or_else(|| self.workspace.zone())
    }

    /// How dates and numbers are written for them.
    pub fn locale(&self) -> Locale {
        self.member.locale.unwrap_or(self.workspace.locale)
    }
}

/// The member behind a session.
///
/// # Errors
/// What the database says.
pub async fn seat(conn: &mut Conn, token: &Token, now: When) -> Result<Option<Seat>> {
    seat_of(conn, token.hash(), now).await
}

/// The member behind the session with this hash.
pub(crate) async fn seat_of(conn: &mut Conn, hash: Vec<u8>, now: When) -> Result<Option<Seat>> {
    let Some((workspace, member, seen_at, _)) = store::session(conn, &hash, now).await? else {
        return Ok(None);
    };
    let is_stale = now.seconds_since(seen_at) >= SEEN_EVERY_SECONDS;
    Ok(seat_for(conn, workspace, member).await?.map(|seat| Seat { session: hash, is_stale, ..seat }))
}

/// What a member sees and may do, without a session: for what is written for them in the background. Nothing of one who may not
/// come in any more.
pub(crate) async fn seat_for(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    member: Id<Member>,
) -> Result<Option<Seat>> {
    let scope = Scope::of_workspace(workspace);
    let member = match records::get(conn, &scope, member).await {
        Ok(member) if member.disabled_at.is_none() => member,
        Ok(_) | Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let team = match (member.sees, member.team_id) {
        (Sees::Team, Some(team)) => store::members_of_team(conn, workspace, team).await?,
        _ => Vec::new(),
    };
    let Some(workspace) = store::workspace(conn, workspace).await? else { return Ok(None) };
    let scope = Scope::of_member(workspace.id, member.id, &member, team);
    Ok(Some(Seat { scope, member, workspace, session: Vec::new(), is_stale: false }))
}

/// Notes that a session was used.
///
/// # Errors
/// What the database says.
pub async fn touch_session(tx: &mut Tx, hash: &[u8], now: When) -> Result<()> {
    Ok(store::touch_session(tx, hash, now).await?)
}

/// Ends the session with this hash, if it has not ended.
///
/// # Errors
/// What the database says.
pub async fn leave(tx: &mut Tx, hash: &[u8]) -> Result<()> {
    Ok(store::leave(tx, hash).await?)
}

/// Ends every session of a member but one; answers with how many.
///
/// # Errors
/// What the database says.
pub async fn end_other_sessions(tx: &mut Tx, member: Id<Member>, but: &[u8]) -> Result<u64> {
    Ok(store::end_sessions(tx, member, but).await?)
}

/// Ends one session of a member.
///
/// # Errors
/// `NotFound` when it is not theirs or has ended.
pub async fn end_session(tx: &mut Tx, member: Id<Member>, hash: &[u8]) -> Result<()> {
    if store::end_session(tx, member, hash).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// Changes one's own password; every other session and every link of theirs ends. Whoever has none yet, because
/// they came by a link, is not asked for it.
///
/// # Errors
/// `Invalid` when the old one is wrong, or the new one too weak; when it was tried too often.
pub async fn change_password(app: &App, seat: &Seat, old: String, new: String) -> Result<()> {
    let id = seat.member.id;
    let kept = store::password_hash(&mut app.read().await?, id).await?;
    if kept.is_some() {
        if let Err(seconds) = app.attempts().note(&id.to_string(), &id.to_string()) {
            let text = format!("it was tried many times; wait {} and try again", duration(seconds));
            return Err(Error::field("old", text));
        }
        if !password::is_right(old, kept).await? {
            return Err(Error::field("old", "the password you have now; this is not it"));
        }
    }
    password::check(&new).map_err(|right| Error::field("new", right))?;
    let (hash, but, now) = (password::hash(new).await?, seat.session.clone(), app.now());
    app.write(move |tx| Box::pin(async move { set_password(tx, id, &hash, &but, now).await })).await?;
    app.forget_seats();
    Ok(())
}

/// Sets a member's password; every session but one and every link of theirs ends.
///
/// # Errors
/// What the database says.
pub async fn set_password(
    tx: &mut Tx,
    member: Id<Member>,
    hash: &str,
    but_session: &[u8],
    now: When,
) -> Result<()> {
    store::set_password(tx, member, hash, now).await?;
    store::end_sessions(tx, member, but_session).await?;
    store::void_passes(tx, member, now).await?;
    Ok(())
}

/// A time to wait, for people: `40 seconds`, `2 minutes`.
pub(super) fn duration(seconds: i64) -> String {
    if seconds < 60 {
        plural(seconds, "second", "seconds")
    } else {
        plural((seconds + 59) / 60, "minute", "minutes")
    }
}
