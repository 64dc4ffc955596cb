//! The verbs of pulse: say how it felt, ask somebody, answer such a link.

use crate::accounts::{Act, Member, Right, Scope, Token, Via, Workspace};
use crate::activities::Activity;
use crate::base::{Id, When};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::jobs;
use crate::notices::{self, News, Source};
use crate::outcomes::Whose;
use crate::pulse::{Mood, Pulse, store};
use crate::records::{self, Kept};
use db::{Conn, Tx};

/// How long a link that asks can be answered, in days.
pub const ASK_DAYS: i64 = 30;

/// How it felt, and after what.
#[derive(Debug, Clone)]
pub struct Saying {
    /// In which deal.
    pub deal_id: Option<Id<Deal>>,
    /// Of which company.
    pub company_id: Option<Id<Company>>,
    /// Who of them.
    pub contact_id: Option<Id<Contact>>,
    /// After which contact.
    pub activity_id: Option<Id<Activity>>,
    /// Who says so.
    pub whose: Whose,
    /// How it felt.
    pub mood: Mood,
    /// In their own words.
    pub word: Option<String>,
}

impl Saying {
    /// Somebody says so, of nothing in particular yet.
    pub const fn of(whose: Whose, mood: Mood) -> Self {
        Self { deal_id: None, company_id: None, contact_id: None, activity_id: None, whose, mood, word: None }
    }
}

/// Says how it felt. After an activity it is of its deal, company and person; said again of the same one by the same
/// side, it takes the place of what was said.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` where it is about nobody.
pub async fn say(tx: &mut Tx, act: &Act, mut saying: Saying) -> Result<Kept<Pulse>> {
    let mut before = None;
    if let Some(activity) = saying.activity_id {
        let activity = records::get(tx, &act.scope, activity).await?;
        saying.deal_id = saying.deal_id.or(activity.deal_id);
        saying.company_id = saying.company_id.or(activity.company_id);
        saying.contact_id = saying.contact_id.or(activity.contact_id);
        before = store::after(tx, act.scope.workspace(), activity.id, saying.whose).await?;
    }
    if let Some(deal) = saying.deal_id {
        let deal = records::get(tx, &act.scope, deal).await?;
        saying.company_id = saying.company_id.or(deal.company_id);
        saying.contact_id = saying.contact_id.or(deal.contact_id);
    }
    if let (Some(contact), None) = (saying.contact_id, saying.company_id) {
        saying.company_id = records::get(tx, &act.scope, contact).await?.company_id;
    }
    let (owner, now) = (act.scope.member(), act.now);
    let kept = match before {
        Some(before) => change(tx, act, before.id, saying.mood, saying.word, now).await?,
        None => {
            let pulse = Pulse {
                deal_id: saying.deal_id,
                company_id: saying.company_id,
                contact_id: saying.contact_id,
                activity_id: saying.activity_id,
                whose: saying.whose,
                owner_id: owner,
                mood: saying.mood,
                word: saying.word,
                felt_at: now,
            };
            records::create(tx, act, pulse).await?
        }
    };
    look_later(tx, act, &kept).await?;
    warn(tx, act, &kept).await?;
    Ok(kept)
}

/// What the client said before, where they now say that it feels bad or worse: `Some(None)` for bad without a time before.
///
/// # Errors
/// What the database says.
pub async fn worse(conn: &mut Conn, act: &Act, it: &Kept<Pulse>) -> Result<Option<Option<Mood>>> {
    if it.whose != Whose::Client {
        return Ok(None);
    }
    let fallen =
        store::before(conn, act.scope.workspace(), it).await?.filter(|before| it.mood.has_fallen(*before));
    Ok((fallen.is_some() || it.mood.is_bad()).then_some(fallen))
}

/// Tells who runs the deal, or cares for the client, that it feels bad or worse than before; once for each step. What they say
/// on the page of their deal is told as all that is done there.
async fn warn(tx: &mut Tx, act: &Act, it: &Kept<Pulse>) -> Result<()> {
    let is_told = matches!(act.via, Via::Demo | Via::Import)
        || (act.via == Via::Client && it.deal_id.is_some() && it.activity_id.is_none());
    let Some(before) = worse(tx, act, it).await?.filter(|_| !is_told) else { return Ok(()) };
    let scope = Scope::of_workspace(act.scope.workspace());
    let (mut whom, mut who, mut path) = (None, "A client".to_owned(), "/care".to_owned());
    if let Some(id) = it.contact_id {
        let contact = records::get_any(tx, &scope, id).await?;
        (whom, path) = (contact.owner_id, format!("/contacts/{id}"));
        who = contact.it.name;
    }
    if let Some(id) = it.company_id {
        let company = records::get_any(tx, &scope, id).await?;
        (whom, path) = (company.owner_id.or(whom), format!("/companies/{id}"));
    }
    if let Some(id) = it.deal_id {
        let deal = records::get_any(tx, &scope, id).await?;
        (whom, path) = (deal.owner_id.or(whom), format!("/deals/{id}#felt"));
    }
    let Some(whom) = whom else { return Ok(()) };
    let than = before.map_or_else(String::new, |before| format!(", after {}", before.label().to_lowercase()));
    let word = it.word.as_ref().map_or_else(String::new, |word| format!(": “{word}”"));
    let words = format!("{who} feels: {}{than}{word}", it.mood.label().to_lowercase());
    let news = News { about: it.deal_id.map(Id::uuid), ..News::new(Source::Changed, words, path) };
    notices::tell_once(tx, act, (whom, format!("pulse.{}.{}", it.id, it.mood.code()), news)).await
}

/// A person of a client says on the deal's page how it felt; since a moment there is one word of theirs, which the next
/// takes the place of.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn say_of_deal(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    contact: Option<Id<Contact>>,
    (mood, word): (Mood, Option<String>),
    since: When,
) -> Result<Kept<Pulse>> {
    let before = store::said_since(tx, act.scope.workspace(), deal, contact, since).await?;
    if let Some(before) = before {
        return change(tx, act, before.id, mood, word, act.now).await;
    }
    let saying = Saying { deal_id: Some(deal), contact_id: contact, word, ..Saying::of(Whose::Client, mood) };
    say(tx, act, saying).await
}

async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Pulse>,
    mood: Mood,
    word: Option<String>,
    now: When,
) -> Result<Kept<Pulse>> {
    records::change(tx, act, id, None, |pulse: &mut Pulse| {
        // Without words, those that were said stay.
        pulse.word = word.or_else(|| pulse.word.take());
        if pulse.mood != mood {
            pulse.mood = mood;
            pulse.felt_at = now;
        }
        Ok(())
    })
    .await
}

/// A link that asks one person how a contact felt.
#[derive(Debug, Clone)]
pub struct Ask {
    /// In which workspace.
    pub workspace: Id<Workspace>,
    /// Whom.
    pub contact_id: Id<Contact>,
    /// Of which company.
    pub company_id: Option<Id<Company>>,
    /// In which deal.
    pub deal_id: Option<Id<Deal>>,
    /// After which contact.
    pub activity_id: Option<Id<Activity>>,
    /// Who asks.
    pub asked_by_id: Option<Id<Member>>,
    /// Until when.
    pub ends_at: When,
    /// What was answered.
    pub pulse_id: Option<Id<Pulse>>,
}

/// Makes a link that asks a person how it felt. Its secret is handed out once; its hash is kept.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn ask(
    tx: &mut Tx,
    act: &Act,
    contact: Id<Contact>,
    deal: Option<Id<Deal>>,
    activity: Option<Id<Activity>>,
) -> Result<Token> {
    act.scope.require(Right::Sell)?;
    let contact = records::get(tx, &act.scope, contact).await?;
    if let Some(deal) = deal {
        records::get(tx, &act.scope, deal).await?;
    }
    let mut of = deal;
    if let Some(activity) = activity {
        of = of.or(records::get(tx, &act.scope, activity).await?.deal_id);
    }
    let token = Token::fresh();
    let ask = Ask {
        workspace: act.scope.workspace(),
        contact_id: contact.id,
        company_id: contact.company_id,
        deal_id: of,
        activity_id: activity,
        asked_by_id: act.scope.member(),
        ends_at: act.now.plus_days(ASK_DAYS),
        pulse_id: None,
    };
    store::save_ask(tx, &token.hash(), &ask, act.now).await?;
    Ok(token)
}

/// What a link asks, if it can be answered still.
///
/// # Errors
/// What the database says.
pub async fn look(conn: &mut Conn, token: &Token, now: When) -> Result<Option<Ask>> {
    Ok(store::ask(conn, &token.hash()).await?.filter(|ask| ask.ends_at > now))
}

/// Answers a link: the first answer makes a pulse, another through the same link takes its place.
///
/// # Errors
/// `NotFound` when the link has ended.
pub async fn answer(
    tx: &mut Tx,
    act: &Act,
    token: &Token,
    mood: Mood,
    word: Option<String>,
) -> Result<Kept<Pulse>> {
    let ask = look(tx, token, act.now).await?.ok_or(Error::NotFound)?;
    if let Some(id) = ask.pulse_id {
        let kept = records::get_any(tx, &act.scope, id).await?;
        if kept.removed_at.is_none() {
            let kept = change(tx, act, id, mood, word, act.now).await?;
            look_later(tx, act, &kept).await?;
            warn(tx, act, &kept).await?;
            return Ok(kept);
        }
    }
    let saying = Saying {
        deal_id: ask.deal_id,
        company_id: ask.company_id,
        contact_id: Some(ask.contact_id),
        activity_id: ask.activity_id,
        whose: Whose::Client,
        mood,
        word,
    };
    let kept = say(tx, act, saying).await?;
    store::answered(tx, &token.hash(), kept.id).await?;
    Ok(kept)
}

/// Asks for the company and the person to be looked at again: what they say of us is a contact.
async fn look_later(tx: &mut Tx, act: &Act, pulse: &Pulse) -> Result<()> {
    let all = [pulse.company_id.map(Id::uuid), pulse.contact_id.map(Id::uuid)];
    for id in all.into_iter().flatten() {
        jobs::later(tx, act, jobs::LOOK_AT_DEAL, &id.to_string(), "{}").await?;
    }
    Ok(())
}
