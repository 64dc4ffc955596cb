//! The verbs of proposals: write, issue; tell a story; and composing the page from the record.

use crate::accounts::{Act, Workspace};
use crate::assessment;
use crate::base::{Date, Id, Locale, Money, Range, Source};
use crate::commitments;
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::{Deal, Standing};
use crate::diagnosis::{self, Answered, Parameter, Unit};
use crate::error::{Error, Result};
use crate::negotiation::{self, Offering, Sets, State};
use crate::outcomes;
use crate::proposals::{Content, Lines, Offer, Proposal, Step, Story, store};
use crate::records::{self, Doc, Kept};
use crate::tasks::Task;
use db::{Conn, Tx};
use engine::{Estimate, assess};

/// What a person writes.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The lines of the page.
    pub lines: Lines,
    /// The result that is promised, in whole units a month.
    pub promised: Option<f64>,
}

/// Writes on the draft; where the newest version is issued, this begins the next.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn write(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    words: Words,
) -> Result<Kept<Proposal>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let last = store::versions(tx, act.scope.workspace(), id).await?.into_iter().next();
    match last {
        Some(draft) if draft.issued_on.is_none() => {
            let edit = |it: &mut Proposal| {
                it.lines = Doc(words.lines);
                it.promised = words.promised;
                Ok(())
            };
            records::change(tx, act, draft.id, version, edit).await
        }
        issued => {
            let it = Proposal {
                deal_id: deal.id,
                owner_id: act.scope.member(),
                number: issued.map_or(1, |before| before.number + 1),
                lines: Doc(words.lines),
                because: None,
                content: Doc(None),
                offering_id: None,
                issued_on: None,
                promised: words.promised,
                reach: None,
            };
            records::create(tx, act, it).await
        }
    }
}

/// The day, the numbers and the names of who issues or looks.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The workspace: its name is on the page, its settings go into what it brings.
    pub workspace: Workspace,
    /// How numbers are written.
    pub locale: Locale,
    /// The day it is.
    pub today: Date,
}

/// Issues the draft: from now on the page stays as it is. With it is kept, for our eyes, how likely what it promises is
/// reached.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`; `Refused` without a draft; `Invalid` for a later version without a reason.
pub async fn issue(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    because: Option<String>,
    reader: Reader,
) -> Result<Kept<Proposal>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let last = store::versions(tx, act.scope.workspace(), id).await?.into_iter().next();
    let draft = last.ok_or_else(|| Error::Refused("There is no draft yet. Write on it first.".into()))?;
    let composed = compose(tx, act, &deal, &draft.it, &reader).await?;
    let owner = act.scope.member();
    records::change(tx, act, draft.id, version, |it: &mut Proposal| {
        it.issue(composed.content, because, reader.today)?;
        it.owner_id = owner.or(it.owner_id);
        it.offering_id = composed.offering;
        it.reach = composed.reach;
        Ok(())
    })
    .await
}

/// A page, and what belongs to it without being on it.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The page.
    pub content: Content,
    /// The offers on it that wait for a choice.
    pub offering: Option<Id<Offering>>,
    /// The chance that what it promises is reached.
    pub reach: Option<f64>,
}

/// How both will see that it worked: what is measured, then what the draft adds.
async fn measure(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
    lines: &Lines,
    locale: Locale,
) -> Result<Vec<String>> {
    let measured = outcomes::store::measure(conn, workspace, deal).await?.map(|measure| {
        let by = measure.by_on.map_or_else(String::new, |day| format!(", by {}", day.show(locale)));
        format!("{}: from {}{by}.", measure.title, measure.way(locale))
    });
    Ok(measured.into_iter().chain(lines.measure.iter().cloned()).collect())
}

/// Composes the page of a draft from the record.
///
/// # Errors
/// What the engine or the database says.
pub async fn compose(
    conn: &mut Conn,
    act: &Act,
    deal: &Kept<Deal>,
    draft: &Proposal,
    reader: &Reader,
) -> Result<Composed> {
    let (scope, workspace) = (&act.scope, reader.workspace.id);
    let company: Option<Kept<Company>> = match deal.company_id {
        Some(id) => records::get_any(conn, scope, id).await.ok(),
        None => None,
    };
    let contact: Option<Kept<Contact>> = match deal.contact_id {
        Some(id) => records::get_any(conn, scope, id).await.ok(),
        None => None,
    };
    let by = match deal.owner_id.or(scope.member()) {
        Some(id) => records::get_any(conn, scope, id).await.ok().map(|member| member.it.name),
        None => None,
    };
    let lines = &draft.lines.0;
    let mut plan = Vec::new();
    for id in &lines.tasks {
        let Ok(task) = records::get::<Task>(conn, scope, *id).await else { continue };
        if task.deal_id == Some(deal.id) {
            plan.push((task.due_on, task.it.title));
        }
    }
    // What both sides promised stands on the page as it stands in the plan.
    for it in commitments::store::of_deal(conn, workspace, deal.id).await? {
        if let Some(due) = it.due_on.filter(|_| it.done_on.is_none()) {
            let who = match it.side {
                commitments::Side::Company => "We",
                commitments::Side::Client => "You",
            };
            plan.push((Some(due), format!("{who}: {}", it.title)));
        }
    }
    plan.sort();
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.show(reader.locale));
    let steps = plan.into_iter().map(|(due, what)| Step { day: day(due), what });
    let own = lines.plan.iter().map(|what| Step { day: String::new(), what: what.clone() });
    let (offers, months, offering) = offers(conn, deal, workspace, reader.locale).await?;
    let (mut result, reached) = brings(conn, act, deal, draft.promised, &months, reader).await?;
    if let Some(promised) = draft.promised {
        let sum = Unit::MoneyAMonth.show(promised, deal.currency, reader.locale);
        result.insert(0, format!("What we work towards: {sum}."));
    }
    let stories = match deal.product_id {
        Some(product) => store::stories(conn, scope, product, deal.id).await?,
        None => Vec::new(),
    };
    let content = Content {
        title: deal.title.clone(),
        client: company.map(|it| it.it.name).unwrap_or_default(),
        contact: contact.map(|it| it.it.name).unwrap_or_default(),
        from: reader.workspace.name.clone(),
        by: by.unwrap_or_default(),
        goal: deal.goal.clone().unwrap_or_default(),
        goal_by: deal.goal_by.clone().unwrap_or_default(),
        answers: answers(conn, workspace, deal.id).await?,
        measure: measure(conn, workspace, deal.id, lines, reader.locale).await?,
        result,
        offers,
        plan: steps.chain(own).collect(),
        we: lines.we.clone(),
        they: lines.they.clone(),
        will_not: lines.will_not.clone(),
        stories: stories.into_iter().map(|(_, told)| told).take(2).collect(),
        until: day(lines.until),
    };
    Ok(Composed { content, offering, reach: reached })
}

/// Each want of theirs with the answer to it.
async fn answers(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<(String, String)>> {
    let wants = diagnosis::store::wants(conn, workspace, deal).await?;
    let needs = diagnosis::store::needs(conn, workspace, deal).await?;
    let answer = |want: &Kept<diagnosis::Want>| {
        let need = want
            .need_id
            .and_then(|id| needs.iter().find(|need| need.id == id))
            .map(|need| need.title.clone());
        let because = want.because.clone().unwrap_or_default();
        let text = match (want.answered?, need) {
            (Answered::IsNeed, Some(need)) => need,
            (Answered::IsNeed, None) => "yes".to_owned(),
            (Answered::Replaced, Some(need)) if because.is_empty() => need,
            (Answered::Replaced, Some(need)) => format!("{need}, because {because}"),
            (Answered::Replaced | Answered::Dropped, _) => format!("left out: {because}"),
        };
        Some((want.title.clone(), text))
    };
    Ok(wants.iter().filter_map(answer).collect())
}

/// What they may choose from: what was agreed; else the newest offers; else what is on the table; else the deal's terms.
async fn offers(
    conn: &mut Conn,
    deal: &Kept<Deal>,
    workspace: Id<Workspace>,
    locale: Locale,
) -> Result<(Vec<Offer>, Vec<i64>, Option<Id<Offering>>)> {
    let table = negotiation::store::of_deal(conn, workspace, deal.id).await?;
    let last = negotiation::store::offerings(conn, workspace, deal.id).await?.into_iter().next();
    let priced = |minor: Option<i64>| {
        minor.map_or_else(String::new, |minor| Money { minor, currency: deal.currency }.show(locale))
    };
    let terms = |minor: Option<i64>, months: i64, refund: f64| terms(minor, months, refund, deal, locale);
    let agreed = table.as_ref().and_then(|table| table.agreed_package.0.clone());
    // What is said of the price and the time in its own line is not said again among the rest.
    let said = |words: &[(String, String)]| -> Vec<(String, String)> {
        let sets = |name: &str| {
            let issues = table.iter().flat_map(|table| &table.issues.0);
            issues.filter(|issue| issue.name == name).any(|issue| issue.sets != Sets::Nothing)
        };
        words.iter().filter(|(issue, _)| !sets(issue)).cloned().collect()
    };
    if let (Some(offering), None) =
        (last.filter(|it| matches!(it.state, State::Made | State::ChangeAsked)), &agreed)
    {
        let offers = offering.offers.0.iter().enumerate().map(|(n, offer)| {
            let refund = offer.refund_share.unwrap_or(deal.refund_share);
            let months = offer.horizon_months.unwrap_or(deal.horizon_months);
            Offer {
                name: format!("Offer {}", n + 1),
                words: said(&offer.words),
                price: priced(offer.price_minor),
                terms: terms(offer.price_minor, months, refund),
            }
        });
        let all = offering.offers.0.iter().map(|offer| offer.horizon_months.unwrap_or(deal.horizon_months));
        return Ok((offers.collect(), all.collect(), Some(offering.id)));
    }
    let standing = table.as_ref().and_then(|table| table.current_package.0.clone());
    let name = if agreed.is_some() { "What we agreed on" } else { "Our offer" };
    let mut over = deal.horizon_months;
    let offer = match (&table, agreed.or(standing)) {
        (Some(table), Some(package)) => {
            let price =
                table.sets(&package, Sets::Price).map(|units| Money::of_units(units, deal.currency).minor);
            let price = price.or(deal.price_minor);
            #[expect(clippy::cast_possible_truncation, reason = "whole months up to 120")]
            let months = table
                .sets(&package, Sets::Months)
                .map_or(deal.horizon_months, |months| months.round() as i64);
            let refund = table.sets(&package, Sets::Refund).unwrap_or(deal.refund_share);
            over = months;
            Offer {
                name: name.into(),
                words: said(&table.words(&package)),
                price: priced(price),
                terms: terms(price, months, refund),
            }
        }
        _ => Offer {
            name: name.into(),
            words: Vec::new(),
            price: priced(deal.price_minor),
            terms: terms(deal.price_minor, deal.horizon_months, deal.refund_share),
        },
    };
    let is_nothing = offer.price.is_empty() && offer.words.is_empty();
    Ok((if is_nothing { Vec::new() } else { vec![offer] }, vec![over], None))
}

/// For how long, what that is a month, what is given back.
fn terms(minor: Option<i64>, months: i64, refund: f64, deal: &Deal, locale: Locale) -> String {
    let months = months.max(1);
    let mut text = match minor {
        Some(minor) => {
            let month = Money { minor: minor / months, currency: deal.currency }.units().round();
            format!(
                "{} a month, for {}",
                Money::of_units(month, deal.currency).show(locale),
                crate::base::plural(months, "month", "months")
            )
        }
        None => format!("for {}", crate::base::plural(months, "month", "months")),
    };
    if refund > 0.0 {
        text.push_str(&format!(
            "; {}% of the price back if it does not work",
            locale.number(refund * 100.0, 0)
        ));
    }
    text
}

/// What it brings them: what the problem costs, what is likely over the whole time, how often it works; and the chance
/// that a promised result is reached. The engine plays it through without the price, so this is the other side of it.
async fn brings(
    conn: &mut Conn,
    act: &Act,
    deal: &Kept<Deal>,
    promised: Option<f64>,
    months: &[i64],
    reader: &Reader,
) -> Result<(Vec<String>, Option<f64>)> {
    let Some(document) = assessment::actions::of_deal(conn, reader.workspace.id, deal, act.now).await? else {
        return Ok((Vec::new(), None));
    };
    let basis = &document.basis;
    let mut said = Vec::new();
    let known = |parameter: Parameter| {
        let line = basis.line(parameter)?;
        let text = parameter.unit().show_range(
            [line.range.low(), line.range.likely(), line.range.high()],
            deal.currency,
            reader.locale,
        );
        // An assumption of ours is told as one; who said it and in which words is not the page's to tell.
        let whence = match line.evidence.source {
            Source::ClientSaid => "as you told us",
            Source::Measured => "as measured",
            Source::OurEstimate => "as we estimate",
            Source::Assumed => "as we assume; please correct us",
        };
        Some(format!("{text}, {whence}"))
    };
    if let Some(text) = known(Parameter::Benefit) {
        said.push(format!("What the problem costs you: {text}."));
    }
    if let Some(text) = known(Parameter::Success) {
        said.push(format!("It works for clients like you in: {text}."));
    }
    let mut input = basis.input(deal, &reader.workspace.settings);
    input.terms.price = 0.0;
    input.client.adoption_cost = Estimate::ZERO;
    input.client.alternative_value = Estimate::ZERO;
    input.questions = Some(Vec::new());
    let mut all = months.to_vec();
    all.sort_unstable();
    all.dedup();
    for months in all {
        #[expect(clippy::cast_precision_loss, reason = "at most 120 months")]
        {
            input.terms.horizon_months = months as f64;
        }
        let worth = assess::assess(&input)?.client;
        let whole = [worth.p10, worth.p50, worth.p90].map(f64::round);
        said.push(format!(
            "Over {}: {}, before what you pay.",
            crate::base::plural(months, "month", "months"),
            Unit::Money.show_range(whole, deal.currency, reader.locale)
        ));
    }
    let figure = |parameter| basis.line(parameter).map(|line| line.range);
    let reached = promised.zip(figure(Parameter::Benefit)).map(|(promised, benefit)| {
        let success = figure(Parameter::Success).map_or(1.0, Range::likely);
        engine::promise::reach(promised, benefit.estimate(), success)
    });
    Ok((said, reached))
}

/// Writes down what the client of a verified deal allowed us to tell; nothing takes it back.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` for a deal that is not verified.
pub async fn tell(tx: &mut Tx, act: &Act, id: Id<Deal>, told: Option<String>) -> Result<Option<Id<Story>>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let kept = store::story_of(tx, act.scope.workspace(), id).await?;
    match (kept, told) {
        (None, None) => Ok(None),
        (Some(kept), None) => {
            records::remove(tx, act, kept.id).await?;
            Ok(Some(kept.id))
        }
        (_, Some(_)) if deal.standing != Standing::Verified => {
            Err(Error::Refused("Only what was verified is told to others.".into()))
        }
        (Some(kept), Some(told)) => {
            let edit = |it: &mut Story| {
                it.told = told;
                Ok(())
            };
            Ok(Some(records::change(tx, act, kept.id, None, edit).await?.id))
        }
        (None, Some(told)) => {
            let it = Story { deal_id: deal.id, owner_id: act.scope.member(), told };
            Ok(Some(records::create(tx, act, it).await?.id))
        }
    }
}
