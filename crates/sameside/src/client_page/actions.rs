//! What is done with links: make one, take it back, say its passcode; and telling who runs the deal what a client did.

use crate::accounts::{Act, Right, Token, password};
use crate::app::App;
use crate::base::{Id, When};
use crate::care;
use crate::client_page::store::{self, Deed, Key};
use crate::client_page::{ASKABLE, ClientLink, ClientQuestion, DAYS_MAX, Done, Guest, Tongue};
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::diagnosis::Parameter;
use crate::error::{Error, Result};
use crate::notices::{self, News, Source};
use crate::questions::Question;
use crate::records::{self, Kept};
use db::Tx;

/// The shortest passcode, in characters: it stands behind a secret, and few tries are given.
pub const PASSCODE_CHARS_MIN: usize = 4;
/// The longest, in characters.
pub const PASSCODE_CHARS_MAX: usize = 64;
/// How often a wrong passcode may be said in a row before the link asks for a new one.
const TRIES_MAX: i64 = 8;
/// How long a passcode, once said, holds in a browser, in seconds.
const ENTRY_SECONDS: i64 = 12 * 3_600;

/// From where somebody comes with a link, as little as is kept of it.
#[derive(Debug, Clone)]
pub struct From {
    /// The network address, shortened.
    pub address: String,
    /// With what: `Safari on a phone`.
    pub agent: String,
}

/// What a link is made with.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// How many days it holds.
    pub days: i64,
    /// For whom of theirs.
    pub contact: Option<Id<Contact>>,
    /// In which language.
    pub language: Option<Tongue>,
    /// What it asks for besides, as typed.
    pub passcode: Option<String>,
}

/// What of a wish is to be kept of its passcode.
///
/// # Errors
/// `Invalid` for one that is too short or too long.
pub async fn hashed(passcode: Option<&str>) -> Result<Option<String>> {
    let Some(passcode) = passcode.map(str::trim).filter(|it| !it.is_empty()) else { return Ok(None) };
    let length = passcode.chars().count();
    if !(PASSCODE_CHARS_MIN..=PASSCODE_CHARS_MAX).contains(&length) {
        let right = format!("{PASSCODE_CHARS_MIN} to {PASSCODE_CHARS_MAX} letters or digits, or none");
        return Err(Error::field("passcode", right));
    }
    password::hash(passcode.to_owned()).await.map(Some)
}

/// Makes a link to the page of a deal. Its secret is in the answer and nowhere else. `passcode_hash` is from [`hashed`].
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` for days or a contact that cannot be.
pub async fn make(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    wish: Wish,
    passcode_hash: Option<String>,
) -> Result<(Kept<ClientLink>, Token)> {
    act.scope.require(Right::Sell)?;
    let deal = records::get(tx, &act.scope, id).await?;
    if !(1..=DAYS_MAX).contains(&wish.days) {
        return Err(Error::field("days", format!("days from 1 to {DAYS_MAX}")));
    }
    let contact = match wish.contact {
        Some(id) => Some(records::get(tx, &act.scope, id).await.map_err(|error| match error {
            Error::NotFound => Error::field("contact", "one of their people"),
            error => error,
        })?),
        None => None,
    };
    let title = match &contact {
        Some(contact) => format!("Page for {}", contact.name),
        None => "Page for anybody there".to_owned(),
    };
    let link = ClientLink {
        deal_id: deal.id,
        contact_id: wish.contact,
        owner_id: act.scope.member(),
        title,
        language: wish.language,
        expires_at: act.now.plus_days(wish.days),
        revoked_at: None,
    };
    let link = records::create(tx, act, link).await?;
    let token = Token::fresh();
    let key = Key { link: link.id, workspace: act.scope.workspace(), passcode_hash, tries: 0 };
    store::insert_key(tx, &key, token.hash()).await?;
    Ok((link, token))
}

/// Takes a link back: from now on it opens nothing.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when it was taken back before.
pub async fn revoke(tx: &mut Tx, act: &Act, id: Id<ClientLink>) -> Result<Kept<ClientLink>> {
    of_visible_deal(tx, act, id).await?;
    let now = act.now;
    records::change(tx, act, id, None, |link: &mut ClientLink| link.revoke(now)).await
}

/// What a client can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A question of the workspace.
    Question(Id<Question>),
    /// A figure that only they know.
    Figure(Parameter),
}

/// Asks the client of a deal something on their page.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` for a figure that is not theirs; `Refused` when it is asked already, or too much is.
pub async fn ask(tx: &mut Tx, act: &Act, id: Id<Deal>, ask: Ask) -> Result<Kept<ClientQuestion>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let asked = store::questions(tx, act.scope.workspace(), id).await?;
    if asked.len() >= usize::try_from(store::QUESTIONS_MAX).unwrap_or(0) {
        return Err(Error::Refused("That is as much as one should ask. Take a question away first.".into()));
    }
    let (title, question_id, parameter) = match ask {
        Ask::Question(id) => (records::get(tx, &act.scope, id).await?.it.title, Some(id), None),
        Ask::Figure(parameter) if ASKABLE.contains(&parameter) => {
            (parameter.question().to_owned(), None, Some(parameter))
        }
        Ask::Figure(_) => return Err(Error::field("ask", "a figure that only they know")),
    };
    if asked.iter().any(|one| one.question_id == question_id && one.parameter == parameter) {
        return Err(Error::Refused("This is asked on their page already.".into()));
    }
    let it = ClientQuestion {
        deal_id: deal.id,
        owner_id: act.scope.member(),
        title,
        question_id,
        parameter,
        said: None,
        answered_at: None,
    };
    records::create(tx, act, it).await
}

/// Asks it no more; what they answered stays where it was written down.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn ask_no_more(tx: &mut Tx, act: &Act, id: Id<ClientQuestion>) -> Result<Id<Deal>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::get_any(tx, &act.scope, kept.deal_id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept.deal_id)
}

/// A link of a deal that this person sees.
async fn of_visible_deal(tx: &mut Tx, act: &Act, id: Id<ClientLink>) -> Result<()> {
    let link = records::get(tx, &act.scope, id).await?;
    records::get_any(tx, &act.scope, link.deal_id).await.map(drop)
}

/// What came of a passcode that was said.
#[derive(Debug)]
pub(super) enum Passed {
    /// It is right: what the browser keeps.
    In(Token),
    /// It is wrong.
    Wrong,
    /// It was wrong too often: nobody comes in with this link any more.
    Locked,
}

/// Says the passcode of a link. Every try counts before it is looked at.
pub(super) async fn pass(app: &App, guest: &Guest, key: &Key, said: String) -> Result<Passed> {
    let link = guest.link.id;
    let may_try =
        app.write(move |tx| Box::pin(async move { Ok(store::try_once(tx, link, TRIES_MAX).await?) })).await?;
    if !may_try {
        return Ok(Passed::Locked);
    }
    let said: String = said.trim().chars().take(PASSCODE_CHARS_MAX).collect();
    if !password::is_right(said, key.passcode_hash.clone()).await? {
        let guest = guest.clone();
        app.write(move |tx| Box::pin(async move { guest.note(tx, "said a wrong passcode").await })).await?;
        return Ok(if key.tries + 1 >= TRIES_MAX { Passed::Locked } else { Passed::Wrong });
    }
    let (token, now): (Token, When) = (Token::fresh(), guest.reader.now);
    let hash = token.hash();
    app.write(move |tx| {
        Box::pin(async move {
            store::set_tries(tx, link, 0).await?;
            Ok(store::insert_entry(tx, link, hash, now, now.plus_seconds(ENTRY_SECONDS)).await?)
        })
    })
    .await?;
    Ok(Passed::In(token))
}

/// Whether nobody comes in with a link any more, so often was a wrong passcode said.
pub(super) const fn is_locked(tries: i64) -> bool {
    tries >= TRIES_MAX
}

/// The client did something on their page: it is in the log of the link, counts as contact, and who runs the deal is told;
/// where nobody does, who made the link.
///
/// # Errors
/// `NotFound` when the deal is gone; what the database says.
pub async fn did(tx: &mut Tx, act: &Act, link: &Kept<ClientLink>, done: &Done, from: &From) -> Result<()> {
    note(tx, act, link, &done.what, from).await?;
    let deal = records::get_any(tx, &act.scope, link.deal_id).await?;
    care::actions::heard_on_page(tx, act, deal.id).await?;
    let Some(member) = deal.owner_id.or(link.owner_id) else { return Ok(()) };
    let who = match link.contact_id {
        Some(id) => records::get_any(tx, &act.scope, id).await.ok().map(|contact| contact.it.name),
        None => None,
    };
    let words = format!("{} {} in {}", who.as_deref().unwrap_or("The client"), done.what, deal.title);
    let path = format!("/deals/{}{}", deal.id, done.at);
    let news = News { about: Some(deal.id.uuid()), ..News::new(Source::Client, words, path) };
    notices::tell(tx, act, member, news).await
}

/// Writes into the log of a link.
///
/// # Errors
/// What the database says.
pub async fn note(tx: &mut Tx, act: &Act, link: &Kept<ClientLink>, what: &str, from: &From) -> Result<()> {
    let deed =
        Deed { at: act.now, what: what.to_owned(), address: from.address.clone(), agent: from.agent.clone() };
    Ok(store::note(tx, act.scope.workspace(), link.id, &deed).await?)
}

/// Keeps with a question what the client said to it; the answer itself is where it belongs.
///
/// # Errors
/// `NotFound`, `Invalid`.
pub async fn answered(
    tx: &mut Tx,
    act: &Act,
    id: Id<ClientQuestion>,
    said: String,
) -> Result<Kept<ClientQuestion>> {
    let now = act.now;
    records::change(tx, act, id, None, |it: &mut ClientQuestion| {
        (it.said, it.answered_at) = (Some(said), Some(now));
        Ok(())
    })
    .await
}
