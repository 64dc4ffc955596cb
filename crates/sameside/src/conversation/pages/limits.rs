//! When we cannot help, on the sheet and on a product's page.

use super::{Typed, answered, fill_whence, whence};
use crate::base::Id;
use crate::conversation::actions;
use crate::deals::Deal;
use crate::diagnosis::said::{self, Ruling};
use crate::diagnosis::{Bears, Contraindication, store};
use crate::error::{Error, Result};
use crate::products::Product;
use crate::records::{self, Kept, pages as records_pages};
use crate::web::{Form, Input, PageError, Read, Visit};
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

/// The part of the sheet.
pub(super) struct Section {
    /// The product with its page, if the deal has one.
    pub(super) product: Option<(String, String)>,
    pub(super) lines: Vec<LimitLine>,
    pub(super) open: usize,
}

impl Section {
    /// The three answers.
    pub(super) fn answers(&self) -> Vec<(&'static str, &'static str)> {
        Bears::ALL.iter().map(|bears| (bears.code(), bears.label())).collect()
    }
}

pub(super) struct LimitLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) bears: Option<Bears>,
    pub(super) evidence: String,
    pub(super) note: String,
    pub(super) form: Form,
    pub(super) is_open: bool,
}

pub(super) async fn section(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    typed: &Typed,
) -> Result<Section> {
    let workspace = visit.scope().workspace();
    let Some(id) = deal.product_id else {
        return Ok(Section { product: None, lines: Vec::new(), open: 0 });
    };
    let product = records::get_any::<Product>(conn, visit.scope(), id).await.ok();
    let all = store::contraindications(conn, workspace, id).await?;
    let bearings = store::bearings(conn, workspace, deal.id).await?;
    let lines: Vec<LimitLine> = all
        .into_iter()
        .map(|it| {
            let kept = bearings.iter().find(|bearing| bearing.contraindication_id == it.id);
            let id = it.id.to_string();
            let again = typed.form(&format!("limit-{id}"));
            let evidence = kept.map(|kept| {
                kept.source.note(kept.said_by.as_deref(), kept.said_on.map(|day| day.show(visit.locale())))
            });
            LimitLine {
                title: it.it.title,
                bears: kept.map(|kept| kept.bears),
                evidence: evidence.unwrap_or_default(),
                note: kept.and_then(|kept| kept.note.clone()).unwrap_or_default(),
                is_open: again.is_some(),
                form: again.unwrap_or_else(|| {
                    let mut form =
                        Form::of([("bears", kept.map_or("", |kept| kept.bears.code()).to_owned())], None);
                    if let Some(kept) = kept {
                        let (by, note) = (kept.said_by.as_deref(), kept.note.as_deref());
                        fill_whence(&mut form, kept.source, by, kept.said_on, note);
                    }
                    form
                }),
                id,
            }
        })
        .collect();
    Ok(Section {
        product: product.map(|product| (product.it.name, format!("/products/{id}"))),
        open: lines.iter().filter(|line| line.bears.is_none()).count(),
        lines,
    })
}

pub(super) async fn rule(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let of = read.id::<Contraindication>("contraindication");
    let bears = read.code("bears", Bears::parse);
    if bears.is_none() && read.fields.at("bears").is_none() {
        read.fields.add("bears", "whether it is so here, or that nobody knows");
    }
    let from = whence(&visit, &mut read);
    let ruling = of.zip(bears).map(|(of, bears)| Ruling {
        of,
        bears,
        source: from.source,
        said_by: from.by,
        said_on: from.on,
        note: from.note,
    });
    let done = match read.done(ruling) {
        Ok(Some(ruling)) => visit.write(move |tx, act| Box::pin(actions::rule(tx, act, id, ruling))).await,
        Ok(None) => Err(Error::field("contraindication", "one of the sentences")),
        Err(error) => Err(error),
    };
    let at = format!("limit-{}", input.get("contraindication"));
    answered(&visit, id, (&at, &input), ("limits", "Written down."), done).await
}

pub(super) async fn add(
    visit: Visit,
    Path(id): Path<Id<Product>>,
    input: Input,
) -> Result<Response, PageError> {
    let title = Read::new(&input).line("sentence").unwrap_or_default();
    let kept = visit.write(move |tx, act| Box::pin(said::not_for(tx, act, id, title))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    let text = "Written down. Every deal with this product asks whether it is so.";
    Ok(visit.done(&format!("/products/{id}#limits"), text, undo))
}

pub(super) async fn remove(
    visit: Visit,
    Path(id): Path<Id<Contraindication>>,
) -> Result<Response, PageError> {
    let product = visit.write(move |tx, act| Box::pin(said::for_all(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/products/{product}#limits"), "It is taken off the list.", undo))
}
