//! The history on pages: of the workspace, of one record, of one import; and undoing any single change.

use crate::accounts::Right;
use crate::base::Id;
use crate::error::Error;
use crate::history::{self, Eyes, Moment, actions};
use crate::records::{self, Kind};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Asked, Input, PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

/// Moments of a page.
const ROWS: usize = 50;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/history", Right::Look, show).post("/history/{seq}/undo", Right::Sell, undo)
}

#[derive(Template)]
#[template(path = "history/templates/page.html")]
struct HistoryPage {
    shell: Shell,
    title: String,
    above: String,
    above_href: String,
    below: &'static str,
    moments: Vec<Moment>,
    older: String,
    newest: String,
    back: String,
}

/// Everything that happened: `?of=company.ID` to one record, `?import=ID` by an import, else in the workspace.
async fn show(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let before = asked.get("before").parse::<i64>().ok();
    let eyes = visit.eyes();
    let mut conn = visit.read().await?;
    let mut it = HistoryPage {
        shell: visit.shell(Place::Elsewhere),
        title: "What happened".into(),
        above: String::new(),
        above_href: String::new(),
        below: "Every change, who made it, and a way to take it back",
        moments: Vec::new(),
        older: String::new(),
        newest: String::new(),
        back: visit.path().to_owned(),
    };
    let mut query = String::new();
    let told = if let Some((kind, id)) = subject(asked.get("of")) {
        let brief = records::briefs(&mut conn, eyes.scope.workspace(), kind, &[id]).await?.pop();
        let brief = brief.filter(|it| eyes.scope.may_see(it.owner)).ok_or(Error::NotFound)?;
        it.title = "What happened".into();
        it.above_href = kind.page(id).unwrap_or_default();
        it.above = brief.title;
        it.below = "Every change of it and of what belongs to it";
        query = format!("of={}.{id}&", kind.code());
        history::timeline(&mut conn, &eyes, id, before, ROWS).await?
    } else if let Ok(import) = asked.get("import").parse::<uuid::Uuid>() {
        it.title = "What the import did".into();
        it.above = "Imports".into();
        it.above_href = "/import".into();
        query = format!("import={import}&");
        history::of_import(&mut conn, &eyes, import, before, ROWS).await?
    } else {
        history::everything(&mut conn, &eyes, before, ROWS).await?
    };
    it.older = told.older.map(|seq| format!("/history?{query}before={seq}")).unwrap_or_default();
    if before.is_some() {
        it.newest = format!("/history?{}", query.trim_end_matches('&'));
    }
    it.moments = told.moments;
    page(&it)
}

/// `company.0190…`: a kind and an id.
fn subject(text: &str) -> Option<(Kind, uuid::Uuid)> {
    let (kind, id) = text.split_once('.')?;
    Some((Kind::parse(kind)?, uuid::Uuid::try_parse(id).ok()?))
}

/// Takes a change back, and goes to where the person came from, or to the record.
async fn undo(visit: Visit, Path(seq): Path<i64>, input: Input) -> Result<Response, PageError> {
    let back = input.get("back").to_owned();
    let done = visit.write(move |tx, act| Box::pin(async move { actions::undo(tx, act, seq).await })).await;
    let (kind, id, again) = match done {
        // Where the person stood, they read why not; nothing else changed there.
        Err(Error::Refused(why)) if crate::web::is_own_path(&back) => {
            return Ok(visit.go(&back, Flash { tone: Tone::Refused, text: why, undo: None }));
        }
        done => done?,
    };
    if matches!(kind, Kind::Member | Kind::Team | Kind::Workspace) {
        visit.app.forget_seats();
    }
    let to = if crate::web::is_own_path(&back) { Some(back) } else { page_of(&visit, kind, id).await? };
    Ok(visit.done(
        &to.unwrap_or_else(|| "/history".into()),
        "Taken back.",
        Some(format!("/history/{again}/undo")),
    ))
}

/// The page on which a record is shown: its own, or that of the deal or product a figure is of.
async fn page_of(visit: &Visit, kind: Kind, id: uuid::Uuid) -> Result<Option<String>, PageError> {
    if kind != Kind::Figure {
        return Ok(kind.page(id));
    }
    let mut conn = visit.read().await?;
    let figure: Id<crate::diagnosis::Figure> = Id::of(id);
    let figure = records::by_id(&mut conn, visit.scope().workspace(), figure).await?;
    Ok(figure.and_then(|figure| match (figure.deal_id, figure.product_id) {
        (Some(deal), _) => Kind::Deal.page(deal.uuid()),
        (None, Some(product)) => Kind::Product.page(product.uuid()),
        (None, None) => None,
    }))
}

impl Visit {
    /// What this member sees and how they read it.
    pub fn eyes(&self) -> Eyes {
        Eyes {
            scope: self.scope().clone(),
            zone: self.zone(),
            locale: self.locale(),
            currency: self.currency(),
        }
    }
}
