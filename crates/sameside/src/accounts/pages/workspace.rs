//! The settings of the workspace itself.

use super::choices;
use crate::accounts::{Right, Settings, Workspace, actions};
use crate::base::{Currency, Locale, Money};
use crate::error::{Error, Result};
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

pub(super) fn routes() -> Routes {
    Routes::new().get("/settings", Right::Manage, show).post("/settings", Right::Administer, change)
}

#[derive(Template)]
#[template(path = "accounts/templates/workspace.html")]
struct WorkspacePage {
    shell: Shell,
    form: Form,
    currency_sign: String,
    currencies: Vec<(&'static str, String)>,
    zones: Vec<(String, String)>,
    languages: Vec<(&'static str, &'static str)>,
}

impl WorkspacePage {
    fn new(visit: &Visit, form: Form) -> Self {
        Self {
            shell: visit.shell(Place::Settings),
            form,
            currency_sign: visit.currency().prefix(),
            currencies: choices::currencies(),
            zones: choices::zones(),
            languages: choices::languages(),
        }
    }
}

const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("currency", "Currency"),
    ("time_zone", "Time zone"),
    ("locale", "Dates and numbers"),
    ("hour_value", "An hour of ours is worth"),
    ("client_floor", "They must be better off in"),
    ("company_floor", "It must pay for our work in"),
    ("client_weight", "Weight of harm to them"),
    ("pursuit_share", "What may go into getting a deal"),
    ("week_hours", "Hours a week"),
    ("deal_share", "Of them for deals and clients"),
    ("care_days", "Days without a word"),
    ("shelf_days", "Days until a figure of ours is looked at"),
    ("seller_may_give", "A seller may give"),
    ("manager_may_give", "A manager may give"),
    ("admin_may_give", "An admin may give"),
];

fn kept(it: &Workspace) -> Form {
    let percent = |share: f64| plain(share * 100.0);
    let values = [
        ("name", it.name.clone()),
        ("currency", it.currency.code().to_owned()),
        ("time_zone", it.time_zone.clone()),
        ("locale", it.locale.code().to_owned()),
        ("hour_value", Money::of_units(it.settings.hour_value, it.currency).plain()),
        ("client_floor", percent(it.settings.client_floor)),
        ("company_floor", percent(it.settings.company_floor)),
        ("client_weight", plain(it.settings.client_weight)),
        ("pursuit_share", percent(it.settings.pursuit_share)),
        ("week_hours", plain(it.settings.week_hours)),
        ("deal_share", percent(it.settings.deal_share)),
        ("care_days", it.settings.care_days.to_string()),
        ("shelf_days", it.settings.shelf_days.to_string()),
        ("seller_may_give", percent(it.settings.seller_may_give)),
        ("manager_may_give", percent(it.settings.manager_may_give)),
        ("admin_may_give", percent(it.settings.admin_may_give)),
    ];
    Form::of(values, Some(it.version))
}

/// A number for a form: `70`, `0.5`.
fn plain(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Managers have no business here but with pipelines.
async fn show(visit: Visit) -> Result<Response, PageError> {
    if !visit.scope().may(Right::Administer) {
        return Ok(Redirect::to("/settings/pipelines").into_response());
    }
    page(&WorkspacePage::new(&visit, kept(&visit.afresh().await?.seat.workspace)))
}

async fn change(visit: Visit, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    let done = match read(&input, &visit.seat.workspace) {
        Ok(it) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let edit = |workspace: &mut Workspace| {
                            *workspace = Workspace { id: workspace.id, version: workspace.version, ..it };
                        };
                        actions::change_workspace(tx, act, version, edit).await
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    visit.app.forget_seats();
    match done {
        Ok(_) => Ok(visit.done("/settings", "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let again = WorkspacePage::new(&visit, Form::again(&input, fields));
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Conflict { .. }) => {
            let visit = visit.afresh().await?;
            let form = Form::clashing(&input, &kept(&visit.seat.workspace), LABELS);
            page_as(StatusCode::CONFLICT, &WorkspacePage::new(&visit, form))
        }
        Err(error) => Err(error.into()),
    }
}

fn read(input: &Input, before: &Workspace) -> Result<Workspace> {
    let mut read = Read::new(input);
    let name = read.needed("name", "what your company is called");
    let currency = read.code("currency", Currency::parse).unwrap_or(before.currency);
    let time_zone = read.needed("time_zone", "a time zone such as Europe/Lisbon");
    let locale = read.code("locale", Locale::parse).unwrap_or(before.locale);
    let hour_value = read.money("hour_value", currency).map_or(before.settings.hour_value, Money::units);
    let mut share = |field, otherwise: f64| read.number(field).map_or(otherwise, |percent| percent / 100.0);
    let client_floor = share("client_floor", before.settings.client_floor);
    let company_floor = share("company_floor", before.settings.company_floor);
    let pursuit_share = share("pursuit_share", before.settings.pursuit_share);
    let seller_may_give = share("seller_may_give", before.settings.seller_may_give);
    let manager_may_give = share("manager_may_give", before.settings.manager_may_give);
    let admin_may_give = share("admin_may_give", before.settings.admin_may_give);
    let deal_share = share("deal_share", before.settings.deal_share);
    let client_weight = read.number("client_weight").unwrap_or(before.settings.client_weight);
    let week_hours = read.number("week_hours").unwrap_or(before.settings.week_hours);
    let care_days = read.whole("care_days").unwrap_or(before.settings.care_days);
    let shelf_days = read.whole("shelf_days").unwrap_or(before.settings.shelf_days);
    let settings = Settings {
        hour_value,
        client_floor,
        company_floor,
        client_weight,
        pursuit_share,
        week_hours,
        deal_share,
        care_days,
        shelf_days,
        seller_may_give,
        manager_may_give,
        admin_may_give,
        ..before.settings.clone()
    };
    read.done(Workspace { name, currency, time_zone, locale, settings, ..before.clone() })
}
