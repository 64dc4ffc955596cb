//! `sameside client-link`: the page that is shared with a client, from the command line of whoever runs the server.

use super::member::Where;
use super::{Failure, Outcome, say, tell};
use crate::accounts::{Via, Workspace};
use crate::app::App;
use crate::base::{Id, fold};
use crate::client_page::actions::{self, Wish};
use crate::client_page::{DAYS_MAX, DAYS_USUAL, Tongue, store, url};
use crate::deals::Deal;
use crate::error::Error;
use crate::records;
use clap::{Args, Subcommand};
use serde_json::json;

/// Links to the page of a client.
#[derive(Debug, Args)]
pub(super) struct ClientLinks {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a link to the page of a deal, for its contact if it has one, and print it
    Create(Create),
}

#[derive(Debug, Args)]
struct Create {
    #[command(flatten)]
    place: Where,
    /// The deal: its whole name, or its id
    #[arg(long, value_name = "NAME-OR-ID")]
    deal: String,
    /// How many days the link holds
    #[arg(long, value_name = "N", default_value_t = DAYS_USUAL)]
    days: i64,
    /// The language of the page, where the browser is not to choose: en, de, fr, es
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl ClientLinks {
    pub(super) async fn run(self) -> Outcome {
        match self.verb {
            Verb::Create(it) => it.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Outcome {
        if !(1..=DAYS_MAX).contains(&self.days) {
            return Err(Failure::input(format!("--days: days from 1 to {DAYS_MAX}, not {}", self.days)));
        }
        let language = match &self.language {
            Some(code) => Some(
                Tongue::parse(code)
                    .ok_or_else(|| Failure::input(format!("--language: en, de, fr or es, not {code:?}")))?,
            ),
            None => None,
        };
        let (app, workspace) = self.place.open().await?;
        let deal = named(&app, &workspace, &self.deal).await?;
        let act = app.act_for(workspace.id, Via::Cli);
        let contact = records::get(&mut app.read().await?, &act.scope, deal).await?.it.contact_id;
        let wish = Wish { days: self.days, contact, language, passcode: None };
        let (link, token) = app
            .write(move |tx| Box::pin(async move { actions::make(tx, &act, deal, wish, None).await }))
            .await?;
        let url = url(&app.config().address(), &token);
        if self.json {
            say(json!({ "url": url, "expires": link.expires_at.iso() }));
        } else {
            tell(format_args!(
                "{}. Whoever has this link reads it and answers in their name, until {}:",
                link.title,
                link.expires_at.show(&workspace.zone(), workspace.locale)
            ));
            say(url);
        }
        app.db().close().await;
        Ok(())
    }
}

/// The deal that is meant: by its id, or by its whole name, however it is written.
async fn named(app: &App, workspace: &Workspace, text: &str) -> Outcome<Id<Deal>> {
    let scope = app.act_for(workspace.id, Via::Cli).scope;
    let mut conn = app.read().await?;
    if let Ok(id) = text.trim().parse::<Id<Deal>>() {
        return match records::get(&mut conn, &scope, id).await {
            Ok(deal) => Ok(deal.id),
            Err(Error::NotFound) => Err(unknown(workspace, text)),
            Err(error) => Err(error.into()),
        };
    }
    let mut found = store::deals_named(&mut conn, workspace.id, &fold(text)).await.map_err(Error::from)?;
    match (found.pop(), found.is_empty()) {
        (Some((id, _)), true) => Ok(id),
        (Some((id, _)), false) => {
            let ids: Vec<String> =
                found.iter().map(|(id, _)| id.to_string()).chain([id.to_string()]).collect();
            let message = format!("--deal: {} deals of {} are called {text:?}", ids.len(), workspace.name);
            Err(Failure::input(message).hint(format!("name one by its id: {}", ids.join(", "))))
        }
        (None, _) => Err(unknown(workspace, text)),
    }
}

fn unknown(workspace: &Workspace, text: &str) -> Failure {
    Failure::input(format!("--deal: no deal of {} is called {text:?} or has this id", workspace.name))
        .hint("the whole name as it stands on the deal's page, or the id in its address")
}
