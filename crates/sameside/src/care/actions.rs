//! The verbs of care: give a client a cadence of its own, look at whom nobody has spoken to.

use crate::accounts::{self, Act, Workspace};
use crate::app::App;
use crate::base::{Id, When};
use crate::care::store::{self, CLIENTS_AT_ONCE, Heard};
use crate::care::{Cadence, Client};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::jobs;
use crate::records::{self, Kept};
use db::{Conn, Tx};

/// Gives a client a cadence of its own, with a reason.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn set(
    tx: &mut Tx,
    act: &Act,
    client: Client,
    days: i64,
    because: String,
) -> Result<Kept<Cadence>> {
    see(tx, act, client).await?;
    let (company_id, contact_id) = match client {
        Client::Company(id) => (Some(id), None),
        Client::Contact(id) => (None, Some(id)),
    };
    let cadence = Cadence { company_id, contact_id, days, because };
    let kept = match store::cadence(tx, act.scope.workspace(), client).await? {
        None => records::create(tx, act, cadence).await?,
        Some(kept) => {
            let edit = |it: &mut Cadence| {
                *it = cadence;
                Ok(())
            };
            records::change(tx, act, kept.id, None, edit).await?
        }
    };
    look(tx, act, &[client]).await?;
    Ok(kept)
}

/// A client is heard from as often as every other again.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn as_usual(tx: &mut Tx, act: &Act, client: Client) -> Result<()> {
    see(tx, act, client).await?;
    if let Some(kept) = store::cadence(tx, act.scope.workspace(), client).await? {
        records::remove(tx, act, kept.id).await?;
    }
    look(tx, act, &[client]).await
}

/// The client of a deal did something on their page: that is a contact like a call, and the deal is looked at again.
///
/// # Errors
/// What the database says.
pub async fn heard_on_page(tx: &mut Tx, act: &Act, deal: Id<Deal>) -> Result<()> {
    store::heard_on_page(tx, act.scope.workspace(), deal, act.now).await?;
    jobs::later(tx, act, jobs::LOOK_AT_DEAL, &deal.to_string(), "{}").await
}

/// This person must see the client.
async fn see(conn: &mut Conn, act: &Act, client: Client) -> Result<()> {
    match client {
        Client::Company(id) => records::get(conn, &act.scope, id).await.map(drop),
        Client::Contact(id) => records::get(conn, &act.scope, id).await.map(drop),
    }
}

/// By when somebody should speak to a client: at once if nobody ever has.
fn due(heard: &Heard, usual: i64) -> (i64, When) {
    let days = heard.days.unwrap_or(usual);
    (days, heard.last.map_or(When::from_micros(0), |last| last.plus_days(days)))
}

/// Looks anew at some clients, in the transaction of the change that calls for it.
///
/// # Errors
/// What the database says.
pub async fn look(tx: &mut Tx, act: &Act, clients: &[Client]) -> Result<()> {
    let workspace = accounts::store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let heard = store::heard(tx, workspace.id, clients).await?;
    keep(tx, &workspace, clients, &heard).await
}

async fn keep(tx: &mut Tx, workspace: &Workspace, clients: &[Client], heard: &[Heard]) -> Result<()> {
    let rows: Vec<(Client, &Heard, i64, When)> = clients
        .iter()
        .filter_map(|client| {
            let it = heard.iter().find(|it| it.id == client.uuid()).filter(|it| it.is_client)?;
            let (days, due) = due(it, workspace.settings.care_days);
            Some((*client, it, days, due))
        })
        .collect();
    Ok(store::keep(tx, workspace.id, clients, &rows).await?)
}

/// Looks anew at whom a change of a deal, a company or a person concerns; anything else concerns nobody.
///
/// # Errors
/// What the database says.
pub async fn look_around(app: &App, act: &Act, id: uuid::Uuid) -> Result<()> {
    let clients = store::clients_of(&mut app.read().await?, act.scope.workspace(), id).await?;
    if clients.is_empty() {
        return Ok(());
    }
    let act = act.clone();
    app.write(move |tx| {
        Box::pin(async move {
            look(tx, &act, &clients).await?;
            // Where a client waits, or was answered, its deals' advocates have something else to say.
            for client in clients {
                let Client::Company(company) = client else { continue };
                if id != company.uuid() {
                    continue;
                }
                for deal in store::open_deals(tx, act.scope.workspace(), company).await? {
                    jobs::later(tx, &act, jobs::LOOK_AT_DEAL, &deal.to_string(), "{}").await?;
                }
            }
            Ok(())
        })
    })
    .await
}

/// Looks anew at every client of a workspace.
///
/// # Errors
/// What the database says.
pub async fn look_at_all(app: &App, act: &Act) -> Result<()> {
    let id = act.scope.workspace();
    let workspace = accounts::store::workspace(&mut app.read().await?, id).await?.ok_or(Error::NotFound)?;
    app.write(move |tx| Box::pin(async move { Ok(store::forget_all(tx, id).await?) })).await?;
    let nobody = uuid::Uuid::nil();
    for mut after in [Client::Company(Id::of(nobody)), Client::Contact(Id::of(nobody))] {
        loop {
            let heard = store::heard_after(&mut app.read().await?, id, after).await?;
            let is_last = heard.len() < CLIENTS_AT_ONCE;
            let clients: Vec<Client> = heard
                .iter()
                .map(|it| match after {
                    Client::Company(_) => Client::Company(Id::of(it.id)),
                    Client::Contact(_) => Client::Contact(Id::of(it.id)),
                })
                .collect();
            let Some(last) = clients.last().copied() else { break };
            after = last;
            let workspace = workspace.clone();
            app.write(move |tx| Box::pin(async move { keep(tx, &workspace, &clients, &heard).await }))
                .await?;
            if is_last {
                break;
            }
        }
    }
    Ok(())
}
