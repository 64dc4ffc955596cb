//! Members: who they are, what they may do and see, how they come in.

use crate::accounts::store::{self, Standing};
use crate::accounts::{Member, Purpose, Right, Role, Sees, Team, Token, actions};
use crate::base::{Id, When, initials};
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, address, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/settings/members", Right::Administer, list)
        .get("/settings/members/new", Right::Administer, new)
        .post("/settings/members", Right::Administer, invite)
        .get("/settings/members/{id}", Right::Administer, show)
        .post("/settings/members/{id}", Right::Administer, change)
        .post("/settings/members/{id}/link", Right::Administer, link)
        .post("/settings/members/{id}/suspension", Right::Administer, suspend)
        .post("/settings/members/{id}/readmission", Right::Administer, readmit)
}

/// How somebody stands, in a word and a sentence.
struct Mark {
    word: &'static str,
    class: &'static str,
    text: String,
}

fn mark(member: &Member, standing: Standing, show: impl Fn(When) -> String) -> Mark {
    let (word, class, text) = match (member.disabled_at, &member.email, standing) {
        (Some(at), ..) => ("disabled", "", format!("since {}", show(at))),
        (None, None, _) => ("cannot sign in", "", "has no address yet".to_owned()),
        (None, Some(_), Standing { has_password: true, seen_at: Some(at), .. }) => {
            ("", "", format!("last here {}", show(at)))
        }
        (None, Some(_), Standing { has_password: true, .. }) => ("", "", "signed out everywhere".to_owned()),
        (None, Some(_), Standing { invited_until: Some(until), .. }) => {
            ("invited", " badge--mutual", format!("the link holds until {}", show(until)))
        }
        (None, Some(_), _) => ("not invited", "", "has chosen no password yet".to_owned()),
    };
    Mark { word, class, text }
}

#[derive(Template)]
#[template(path = "accounts/templates/members.html")]
struct MembersPage {
    shell: Shell,
    members: Vec<MemberRow>,
}

struct MemberRow {
    href: String,
    name: String,
    initials: String,
    note: String,
    role: &'static str,
    sees: String,
    mark: Mark,
}

async fn list(visit: Visit) -> Result<Response, PageError> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    let standings = store::standings(&mut conn, workspace, visit.now).await?;
    let teams = store::teams(&mut conn, workspace).await?;
    let members = store::members(&mut conn, workspace).await?;
    let row = |member: &Kept<Member>| {
        let team = teams.iter().find(|team| Some(team.id) == member.team_id);
        let sees = match (member.sees, team) {
            (Sees::Team, Some(team)) => format!("Team {}", team.name),
            (sees, _) => sees.label().to_owned(),
        };
        let standing = standings.get(&member.id).copied().unwrap_or_default();
        MemberRow {
            href: format!("/settings/members/{}", member.id),
            name: member.name.clone(),
            initials: initials(&member.name),
            role: member.role.label(),
            sees,
            mark: mark(member, standing, |when| when.day(&visit.zone()).show(visit.locale())),
            note: match (&member.email, visit.scope().member() == Some(member.id)) {
                (Some(email), true) => format!("{email} · you"),
                (Some(email), false) => email.to_string(),
                (None, _) => "no address".to_owned(),
            },
        }
    };
    page(&MembersPage { shell: visit.shell(Place::Settings), members: members.iter().map(row).collect() })
}

/// What can be chosen in a member's form.
struct Choices {
    roles: Vec<(&'static str, String)>,
    sees: Vec<(&'static str, &'static str)>,
    teams: Vec<(String, String)>,
}

impl Choices {
    async fn new(visit: &Visit) -> Result<Self> {
        let teams = store::teams(&mut visit.read().await?, visit.scope().workspace()).await?;
        let may_own = visit.scope().may(Right::Own);
        let roles = Role::ALL.iter().filter(|role| may_own || **role != Role::Owner);
        Ok(Self {
            roles: roles.map(|role| (role.code(), format!("{}: {}", role.label(), meaning(*role)))).collect(),
            sees: Sees::ALL.iter().map(|sees| (sees.code(), sees.label())).collect(),
            teams: teams.into_iter().map(|team| (team.id.to_string(), team.it.name)).collect(),
        })
    }
}

/// What a role may do, in a line.
const fn meaning(role: Role) -> &'static str {
    match role {
        Role::Owner => "everything, and making others owners",
        Role::Admin => "members, settings, imports",
        Role::Manager => "products and pipelines",
        Role::Seller => "clients, deals, activities, tasks",
        Role::Viewer => "looks, changes nothing",
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/member_new.html")]
struct NewPage {
    shell: Shell,
    form: Form,
    choices: Choices,
}

impl NewPage {
    async fn new(visit: &Visit, form: Form) -> Result<Self> {
        Ok(Self { shell: visit.shell(Place::Settings), form, choices: Choices::new(visit).await? })
    }
}

async fn new(visit: Visit) -> Result<Response, PageError> {
    let form = Form::of([("role", Role::Seller.code().into()), ("sees", Sees::All.code().into())], None);
    page(&NewPage::new(&visit, form).await?)
}

/// What a member's form says.
#[derive(Clone)]
struct Typed {
    name: String,
    email: Option<crate::base::Email>,
    role: Role,
    sees: Sees,
    team_id: Option<Id<Team>>,
    week_hours: Option<f64>,
}

fn read(input: &Input, needs_email: bool) -> Result<Typed> {
    let mut read = Read::new(input);
    let name = read.needed("name", "what they are called");
    let email = read.email("email");
    if needs_email && email.is_none() && read.fields.at("email").is_none() {
        read.fields.add("email", "the address they sign in with");
    }
    let role = read.code("role", Role::parse).unwrap_or(Role::Viewer);
    let sees = read.code("sees", Sees::parse).unwrap_or(Sees::Own);
    let team_id = read.id("team_id");
    let week_hours = read.number("week_hours");
    read.done(Typed { name, email, role, sees, team_id, week_hours })
}

#[derive(Template)]
#[template(path = "accounts/templates/link.html")]
struct LinkPage {
    shell: Shell,
    member: Kept<Member>,
    purpose: Purpose,
    link: String,
}

impl LinkPage {
    fn title(&self) -> String {
        format!("A link for {}", self.member.name)
    }
}

/// Shows a one-time link; only now, since it is not kept.
fn handed(visit: &Visit, headers: &HeaderMap, given: Given) -> Result<Response, PageError> {
    let Given { member, purpose, token } = given;
    let link = format!("{}/pass/{}", address(&visit.app, headers), token.text());
    page(&LinkPage { shell: visit.shell(Place::Settings), member, purpose, link })
}

/// A link that was made for somebody.
struct Given {
    member: Kept<Member>,
    purpose: Purpose,
    token: Token,
}

async fn invite(visit: Visit, headers: HeaderMap, input: Input) -> Result<Response, PageError> {
    let done = match read(&input, true) {
        Ok(Typed { name, email, role, sees, team_id, week_hours }) => {
            let (time_zone, locale, disabled_at) = (None, None, None);
            let member =
                Member { name, email, role, sees, team_id, time_zone, locale, disabled_at, week_hours };
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let member = actions::add_member(tx, act, member).await?;
                        let purpose = Purpose::Invitation;
                        let token = actions::give_pass(tx, act, member.id, purpose).await?;
                        Ok(Given { member, purpose, token })
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    visit.app.forget_seats();
    match done {
        Ok(given) => handed(&visit, &headers, given),
        Err(Error::Invalid(fields)) => {
            let again = NewPage::new(&visit, Form::again(&input, fields)).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/member.html")]
struct MemberPage {
    shell: Shell,
    form: Form,
    choices: Choices,
    member: Kept<Member>,
    mark: Mark,
    has_password: bool,
    is_me: bool,
    /// Only an owner changes an owner.
    may_change: bool,
}

const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("email", "E-mail"),
    ("role", "Role"),
    ("sees", "Sees the deals and clients of"),
    ("team_id", "Team"),
    ("week_hours", "Hours a week"),
];

async fn member_page(visit: &Visit, id: Id<Member>, form: Option<Form>) -> Result<MemberPage> {
    let choices = Choices::new(visit).await?;
    let mut conn = visit.read().await?;
    let member = records::get(&mut conn, visit.scope(), id).await?;
    let standings = store::standings(&mut conn, visit.scope().workspace(), visit.now).await?;
    let standing = standings.get(&id).copied().unwrap_or_default();
    let kept = || {
        let values = [
            ("name", member.name.clone()),
            ("email", member.email.as_ref().map_or_else(String::new, ToString::to_string)),
            ("role", member.role.code().to_owned()),
            ("sees", member.sees.code().to_owned()),
            ("team_id", member.team_id.map_or_else(String::new, |team| team.to_string())),
            ("week_hours", member.week_hours.map_or_else(String::new, |hours| hours.to_string())),
        ];
        Form::of(values, Some(member.version))
    };
    Ok(MemberPage {
        shell: visit.shell(Place::Settings),
        form: form.unwrap_or_else(kept),
        choices,
        mark: mark(&member, standing, |when| when.show(&visit.zone(), visit.locale())),
        has_password: standing.has_password,
        is_me: visit.scope().member() == Some(id),
        may_change: member.role != Role::Owner || visit.scope().may(Right::Own),
        member,
    })
}

async fn show(visit: Visit, Path(id): Path<Id<Member>>) -> Result<Response, PageError> {
    page(&member_page(&visit, id, None).await?)
}

/// Saves a member; with the button that says so, makes their invitation at once.
async fn change(
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<Id<Member>>,
    input: Input,
) -> Result<Response, PageError> {
    let (version, invites) = (input.version(), input.get("then") == "invite");
    let done = match read(&input, invites) {
        Ok(Typed { name, email, role, sees, team_id, week_hours }) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let edit = |member: &mut Member| {
                            *member =
                                Member { name, email, role, sees, team_id, week_hours, ..member.clone() };
                            Ok(())
                        };
                        let member = actions::change_member(tx, act, id, version, edit).await?;
                        if !invites {
                            return Ok(None);
                        }
                        let purpose = Purpose::Invitation;
                        let token = actions::give_pass(tx, act, id, purpose).await?;
                        Ok(Some(Given { member, purpose, token }))
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    visit.app.forget_seats();
    match done {
        Ok(Some(given)) => handed(&visit, &headers, given),
        Ok(None) => Ok(visit.done("/settings/members", "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let again = member_page(&visit, id, Some(Form::again(&input, fields))).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Conflict { .. }) => {
            let now = member_page(&visit, id, None).await?;
            let form = Form::clashing(&input, &now.form, LABELS);
            page_as(StatusCode::CONFLICT, &MemberPage { form, ..now })
        }
        Err(error) => refused(&visit, id, error),
    }
}

/// What the rules of the product say no to is told on the member's page.
fn refused(visit: &Visit, id: Id<Member>, error: Error) -> Result<Response, PageError> {
    match error {
        Error::Refused(text) => {
            let to = format!("/settings/members/{id}");
            Ok(visit.go(&to, Flash { tone: Tone::Refused, text, undo: None }))
        }
        error => Err(error.into()),
    }
}

/// A link to come in by: an invitation for who has no password yet, else one to choose a new password.
async fn link(visit: Visit, headers: HeaderMap, Path(id): Path<Id<Member>>) -> Result<Response, PageError> {
    let done = visit
        .write(move |tx, act| {
            Box::pin(async move {
                let member = records::get(tx, &act.scope, id).await?;
                let has_password = store::password_hash(tx, id).await?.is_some();
                let purpose = if has_password { Purpose::Reset } else { Purpose::Invitation };
                let token = actions::give_pass(tx, act, id, purpose).await?;
                Ok(Given { member, purpose, token })
            })
        })
        .await;
    match done {
        Ok(given) => handed(&visit, &headers, given),
        Err(error) => refused(&visit, id, error),
    }
}

async fn suspend(visit: Visit, Path(id): Path<Id<Member>>) -> Result<Response, PageError> {
    let now = visit.now;
    match set_disabled(&visit, id, Some(now)).await {
        Ok(member) => Ok(visit.done(
            "/settings/members",
            &format!("{} is signed out and cannot come in any more. Their deals stay theirs.", member.name),
            Some(format!("/settings/members/{id}/readmission")),
        )),
        Err(error) => refused(&visit, id, error),
    }
}

async fn readmit(visit: Visit, Path(id): Path<Id<Member>>) -> Result<Response, PageError> {
    match set_disabled(&visit, id, None).await {
        Ok(member) => {
            let text = format!("{} can come in again.", member.name);
            Ok(visit.done(&format!("/settings/members/{id}"), &text, None))
        }
        Err(error) => refused(&visit, id, error),
    }
}

async fn set_disabled(visit: &Visit, id: Id<Member>, at: Option<When>) -> Result<Kept<Member>> {
    let done = visit
        .write(move |tx, act| Box::pin(async move { actions::set_disabled(tx, act, id, at).await }))
        .await;
    visit.app.forget_seats();
    done
}
