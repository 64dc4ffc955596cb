//! `sameside member`: who may come in, from the command line of whoever runs the server.

use super::init::read_password;
use super::{Failure, Outcome, Place, say, tell};
use crate::accounts::store;
use crate::accounts::{Act, Member, Purpose, Role, Sees, Team, Via, Workspace, actions, password};
use crate::app::App;
use crate::base::{Email, Id, fold, line};
use crate::error::Error;
use crate::records::Kept;
use clap::{Args, Subcommand};
use serde_json::json;

/// Who may come in.
#[derive(Debug, Args)]
pub(super) struct Members {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a member, and print the link with which they choose a password
    Add(Add),
    /// List the members
    List(List),
    /// Keep a member out, at once and everywhere
    Disable(One),
    /// Let a disabled member in again
    Enable(One),
    /// Print a link with which a member chooses a new password
    ResetPassword(Reset),
}

/// Which data, and which of its workspaces.
#[derive(Debug, Args)]
pub(super) struct Where {
    #[command(flatten)]
    place: Place,
    /// The workspace, where there are several
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
}

#[derive(Debug, Args)]
struct Add {
    #[command(flatten)]
    place: Where,
    /// The address they sign in with
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// What they are called; the address until they say
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// What they may do: owner, admin, manager, seller, viewer
    #[arg(long, value_name = "ROLE", default_value = "seller")]
    role: String,
    /// Whose deals and clients they see: all, team, own
    #[arg(long, value_name = "WHOSE", default_value = "all")]
    sees: String,
    /// The team they are in
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// Read their password from standard input instead of printing a link
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    place: Where,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct One {
    /// The address they sign in with
    #[arg(value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
struct Reset {
    #[command(flatten)]
    one: One,
    /// Read the new password from standard input instead of printing a link
    #[arg(long)]
    password_stdin: bool,
}

impl Members {
    pub(super) async fn run(self) -> Outcome {
        match self.verb {
            Verb::Add(it) => it.run().await,
            Verb::List(it) => it.run().await,
            Verb::Disable(it) => it.set_disabled(true).await,
            Verb::Enable(it) => it.set_disabled(false).await,
            Verb::ResetPassword(it) => it.run().await,
        }
    }
}

impl Where {
    /// The program, and the workspace that is meant.
    pub(super) async fn open(&self) -> Outcome<(App, Workspace)> {
        let app = self.place.open_existing().await?;
        let mut all = store::workspaces(&mut app.read().await?).await.map_err(Error::from)?;
        let named =
            |one: &Workspace| self.workspace.as_ref().is_none_or(|name| fold(&one.name) == fold(name));
        let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
        all.retain(named);
        match (all.pop(), all.is_empty()) {
            (Some(one), true) => Ok((app, one)),
            (None, _) if names.is_empty() => {
                Err(Failure::new("nobody has set this up yet").hint("sameside init makes a workspace"))
            }
            _ => Err(Failure::input(format!("--workspace: one of {}", names.join(", ")))),
        }
    }
}

impl One {
    /// The member that is meant.
    async fn find(&self) -> Outcome<(App, Act, Id<Member>)> {
        let email = email_of("EMAIL", &self.email)?;
        let (app, workspace) = self.place.open().await?;
        let found = store::member_by_email(&mut app.read().await?, workspace.id, &email).await;
        let id = found.map_err(Error::from)?.ok_or_else(|| {
            Failure::input(format!("EMAIL: nobody at {} has the address {email}", workspace.name))
                .hint("sameside member list shows who is there")
        })?;
        let act = app.act_for(workspace.id, Via::Cli);
        Ok((app, act, id))
    }

    async fn set_disabled(self, is_disabled: bool) -> Outcome {
        let (app, act, id) = self.find().await?;
        let at = is_disabled.then_some(act.now);
        let member = app
            .write(move |tx| Box::pin(async move { actions::set_disabled(tx, &act, id, at).await }))
            .await?;
        if is_disabled {
            tell(format_args!("{} is signed out and cannot come in any more.", member.name));
        } else {
            tell(format_args!("{} can come in again.", member.name));
        }
        app.db().close().await;
        Ok(())
    }
}

fn email_of(flag: &str, text: &str) -> Outcome<Email> {
    Email::parse(text).map_err(|right| Failure::input(format!("{flag}: {right}, not {text:?}")))
}

/// A password from standard input, hashed, where that was asked for.
async fn hash_from(stdin: bool) -> Outcome<Option<String>> {
    if !stdin {
        return Ok(None);
    }
    let text = read_password(true)?;
    password::check(&text).map_err(|right| Failure::input(format!("password: {right}")))?;
    Ok(Some(password::hash(text).await?))
}

/// What a person gets to read about a link, and the link itself as data.
fn hand_over(app: &App, member: &Member, link: &crate::accounts::Token, how_long: &str) {
    tell(format_args!(
        "With this link {} chooses a password and comes in. It works once, within {how_long}:",
        member.name
    ));
    say(format_args!("{}/pass/{}", app.config().address(), link.text()));
}

impl Add {
    async fn run(self) -> Outcome {
        let email = email_of("--email", &self.email)?;
        let role = Role::parse(&self.role).ok_or_else(|| {
            Failure::input(format!("--role: owner, admin, manager, seller or viewer, not {:?}", self.role))
        })?;
        let sees = Sees::parse(&self.sees)
            .ok_or_else(|| Failure::input(format!("--sees: all, team or own, not {:?}", self.sees)))?;
        let name = match &self.name {
            Some(name) => line(name).map_err(|right| Failure::input(format!("--name: {right}")))?,
            None => None,
        };
        let name = name.unwrap_or_else(|| email.as_str().split('@').next().unwrap_or_default().to_owned());
        let hash = hash_from(self.password_stdin).await?;
        let (app, workspace) = self.place.open().await?;
        let team_id = self.team_of(&app, &workspace).await?;
        if sees == Sees::Team && team_id.is_none() {
            return Err(Failure::input("--team: which team, to see what its members see"));
        }
        let member = Member {
            name,
            email: Some(email),
            role,
            sees,
            team_id,
            time_zone: None,
            locale: None,
            week_hours: None,
            disabled_at: None,
        };
        let act = app.act_for(workspace.id, Via::Cli);
        let (member, link) = app
            .write(move |tx| {
                Box::pin(async move {
                    let member = actions::add_member(tx, &act, member).await?;
                    let link = match &hash {
                        Some(hash) => {
                            actions::set_password(tx, member.id, hash, &[], act.now).await?;
                            None
                        }
                        None => Some(actions::give_pass(tx, &act, member.id, Purpose::Invitation).await?),
                    };
                    Ok((member, link))
                })
            })
            .await
            .map_err(at_flags)?;
        match link {
            Some(link) => hand_over(&app, &member, &link, "seven days"),
            None => tell(format_args!("{} can sign in.", member.name)),
        }
        app.db().close().await;
        Ok(())
    }

    async fn team_of(&self, app: &App, workspace: &Workspace) -> Outcome<Option<Id<Team>>> {
        let Some(name) = &self.team else { return Ok(None) };
        let teams = store::teams(&mut app.read().await?, workspace.id).await.map_err(Error::from)?;
        let found = teams.iter().find(|team: &&Kept<Team>| fold(&team.name) == fold(name));
        let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
        found.map(|team| Some(team.id)).ok_or_else(|| {
            let right = if names.is_empty() { "there are no teams".into() } else { names.join(", ") };
            Failure::input(format!("--team: {right}"))
        })
    }
}

/// What is wrong with a field is wrong with the flag of its name: status 2.
fn at_flags(error: Error) -> Failure {
    match error {
        Error::Invalid(fields) => {
            let all: Vec<String> =
                fields.iter().map(|(field, right)| format!("--{field}: {right}")).collect();
            Failure::input(all.join("; "))
        }
        error => error.into(),
    }
}

impl List {
    async fn run(self) -> Outcome {
        let (app, workspace) = self.place.open().await?;
        let mut conn = app.read().await?;
        let members = store::members(&mut conn, workspace.id).await.map_err(Error::from)?;
        let teams = store::teams(&mut conn, workspace.id).await.map_err(Error::from)?;
        let standings = store::standings(&mut conn, workspace.id, app.now()).await.map_err(Error::from)?;
        drop(conn);
        let team_of = |member: &Member| {
            let team = teams.iter().find(|team| Some(team.id) == member.team_id);
            team.map(|team| team.name.clone())
        };
        if self.json {
            let all: Vec<_> = members
                .iter()
                .map(|member| {
                    let standing = standings.get(&member.id).copied().unwrap_or_default();
                    json!({
                        "id": member.id,
                        "name": member.name,
                        "email": member.email,
                        "role": member.role,
                        "sees": member.sees,
                        "team": team_of(member),
                        "has_password": standing.has_password,
                        "seen_at": standing.seen_at.map(crate::base::When::iso),
                        "disabled_at": member.disabled_at.map(crate::base::When::iso),
                    })
                })
                .collect();
            let text = serde_json::to_string_pretty(&all).map_err(|error| Failure::new(error.to_string()))?;
            say(text);
        } else {
            for member in &members {
                let standing = standings.get(&member.id).copied().unwrap_or_default();
                let how = match (member.disabled_at, &member.email, standing.has_password) {
                    (Some(_), ..) => "disabled",
                    (None, None, _) => "cannot sign in: no address",
                    (None, Some(_), false) => "no password yet",
                    (None, Some(_), true) => "can sign in",
                };
                let email = member.email.as_ref().map_or("-", Email::as_str);
                say(format_args!(
                    "{}\t{email}\t{}\t{}\t{how}",
                    member.name,
                    member.role.code(),
                    member.sees.code()
                ));
            }
        }
        app.db().close().await;
        Ok(())
    }
}

impl Reset {
    async fn run(self) -> Outcome {
        let hash = hash_from(self.password_stdin).await?;
        let (app, act, id) = self.one.find().await?;
        let (member, link) = app
            .write(move |tx| {
                Box::pin(async move {
                    let member = crate::records::get(tx, &act.scope, id).await?;
                    let link = match &hash {
                        Some(hash) => {
                            actions::set_password(tx, id, hash, &[], act.now).await?;
                            None
                        }
                        None => Some(actions::give_pass(tx, &act, id, Purpose::Reset).await?),
                    };
                    Ok((member, link))
                })
            })
            .await?;
        match link {
            Some(link) => hand_over(&app, &member, &link, "two hours"),
            None => tell(format_args!(
                "The new password of {} holds; they are signed out everywhere.",
                member.name
            )),
        }
        app.db().close().await;
        Ok(())
    }
}
