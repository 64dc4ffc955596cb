//! What a row says, freed from where it came from: the records the rest of the import works with.

use super::field::{Kind, Source};
use super::mapping::ActivityForm;
use super::run::Glimpse;
use super::values::{Moment, Money};
use crate::base::{self, Locale};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// One row, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The file it is in.
    pub file: Arc<str>,
    /// Its line.
    pub line: u64,
    /// What makes it the same row next time.
    pub key: ExternalKey,
    /// What it says.
    pub record: Record,
    /// Who it belongs to.
    pub owner: Option<Reference>,
    /// When the other system first had it.
    pub created: Option<Moment>,
    /// When the other system last changed it.
    pub updated: Option<Moment>,
    /// What no field takes: header and text, in the order of the file. Nothing of a row is lost.
    pub other: Vec<(Arc<str>, String)>,
    /// Values that could not be read as their field asks and are kept in `other` instead, each as a sentence.
    pub notes: Vec<String>,
}

/// What makes a row the same row when it is brought again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExternalKey {
    /// The system it is from.
    pub source: Source,
    /// What it is.
    pub kind: Kind,
    /// The other system's id; or, behind a `~`, what identifies the row by itself: a name, an address.
    pub id: String,
}

/// Another record, as far as a row names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reference {
    /// By the other system's id.
    pub id: Option<String>,
    /// By name.
    pub name: Option<String>,
    /// By e-mail address.
    pub email: Option<String>,
}

impl Entry {
    /// A number that stays the same as long as the row says the same: what it says, not how it is written.
    pub fn digest(&self) -> i64 {
        let mut hasher = DefaultHasher::new();
        (&self.record, &self.owner, self.created, self.updated, &self.other).hash(&mut hasher);
        // 0 is kept for records whose row is not known.
        hasher.finish().cast_signed().max(i64::MIN + 1).wrapping_abs().max(1)
    }
}

impl Entry {
    /// The row in a few words, for people who look at it before it is brought in, written as they read.
    pub fn glimpse(&self, locale: Locale) -> Glimpse {
        let named = |reference: &Option<Reference>| reference.as_ref().and_then(Reference::said);
        let day = |moment: &Option<Moment>| moment.map(|moment| locale.date(moment.date));
        let money = |money: &Option<Money>| money.map(|money| shown(money, locale));
        let with = |label: &str, text: Option<String>| text.map(|text| format!("{label} {text}"));
        let (title, mut facts): (String, Vec<Option<String>>) = match &self.record {
            Record::Member(it) => (
                it.name.clone(),
                vec![
                    it.email.clone(),
                    it.team.clone(),
                    with("manager", it.manager.clone()),
                    it.office.clone(),
                ],
            ),
            Record::Company(it) => (
                it.name.clone(),
                vec![
                    it.industry.clone(),
                    it.address.city.clone(),
                    it.address.country.clone(),
                    it.employees.map(|count| format!("{} people", locale.number(count as f64, 0))),
                    with("revenue", money(&it.revenue)),
                    with("part of", named(&it.parent)),
                ],
            ),
            Record::Product(it) => (it.name.clone(), vec![it.category.clone(), money(&it.price)]),
            Record::Contact(it) => (
                it.name.clone(),
                vec![
                    it.job_title.clone(),
                    named(&it.company),
                    it.emails.first().cloned(),
                    it.phones.first().cloned(),
                ],
            ),
            Record::Deal(it) => {
                let standing = match &it.standing {
                    Standing::Open => it
                        .stage
                        .clone()
                        .map(|stage| format!("open, {stage}"))
                        .or_else(|| Some("open".to_owned())),
                    Standing::Won(on) => {
                        Some(day(on).map_or_else(|| "won".to_owned(), |on| format!("won on {on}")))
                    }
                    Standing::Lost(on) => Some(day(on).map_or_else(
                        || "ended without a yes".to_owned(),
                        |on| format!("ended without a yes on {on}"),
                    )),
                };
                (
                    it.name.clone(),
                    vec![
                        standing,
                        money(&it.amount),
                        with("begun", day(&it.opened)),
                        with("expected", day(&it.expected)),
                        with("with", named(&it.company)),
                        with("about", named(&it.product)),
                    ],
                )
            }
            Record::DealContact(it) => {
                (it.contact.said().unwrap_or_default(), vec![it.role.clone(), with("in", it.deal.said())])
            }
            Record::Activity(it) => (
                it.subject.clone().or_else(|| it.body.clone()).unwrap_or_default(),
                vec![
                    day(&it.at),
                    with("with", named(&it.about.company)),
                    with("about", named(&it.about.deal)),
                ],
            ),
            Record::Task(it) => (
                it.subject.clone(),
                vec![
                    with("due", day(&it.due)),
                    it.done.map(|_| "done".to_owned()),
                    with("about", named(&it.about.deal)),
                ],
            ),
        };
        facts.push(with("cared for by", self.owner.as_ref().and_then(Reference::said)));
        let kept = self.other.len();
        facts.push((kept > 0).then(|| format!("{kept} more kept beside it")));
        let title = title.chars().take(80).collect();
        Glimpse { line: self.line, title, text: facts.into_iter().flatten().collect::<Vec<_>>().join(" · ") }
    }
}

/// An amount as people of a language write it.
fn shown(money: Money, locale: Locale) -> String {
    match base::Currency::parse(money.currency.code()) {
        Some(currency) => base::Money { minor: money.minor, currency }.show(locale),
        None => format!("{} {}", money.minor, money.currency.code()),
    }
}

impl Reference {
    /// What it says, for people.
    pub fn said(&self) -> Option<String> {
        self.name.clone().or_else(|| self.email.clone()).or_else(|| self.id.clone())
    }

    /// A reference by name alone.
    pub fn name(name: impl Into<String>) -> Reference {
        Reference { name: Some(name.into()), ..Reference::default() }
    }
}

/// What a row is and says.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Record {
    /// Somebody of ours.
    Member(MemberRecord),
    /// A company.
    Company(CompanyRecord),
    /// Something we offer.
    Product(ProductRecord),
    /// A person.
    Contact(ContactRecord),
    /// A deal.
    Deal(DealRecord),
    /// A person's part in a deal.
    DealContact(DealContactRecord),
    /// Something that happened.
    Activity(ActivityRecord),
    /// Something to do.
    Task(TaskRecord),
}

impl Record {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Record::Member(_) => Kind::Member,
            Record::Company(_) => Kind::Company,
            Record::Product(_) => Kind::Product,
            Record::Contact(_) => Kind::Contact,
            Record::Deal(_) => Kind::Deal,
            Record::DealContact(_) => Kind::DealContact,
            Record::Activity(_) => Kind::Activity,
            Record::Task(_) => Kind::Task,
        }
    }
}

/// Somebody of ours, who cannot sign in until invited.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct MemberRecord {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What they do.
    pub job_title: Option<String>,
    /// The team; where only a manager is named, the manager's.
    pub team: Option<String>,
    /// The manager's name.
    pub manager: Option<String>,
    /// Regional office.
    pub office: Option<String>,
    /// Whether they still work here.
    pub active: Option<bool>,
}

/// Where somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Address {
    /// Street and number, several lines joined.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or region.
    pub region: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// Country, as written.
    pub country: Option<String>,
}

/// A company.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct CompanyRecord {
    /// Name.
    pub name: String,
    /// Domain, lower case.
    pub domain: Option<String>,
    /// Web address as written.
    pub website: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Count of people.
    pub employees: Option<i64>,
    /// Revenue a year.
    pub revenue: Option<Money>,
    /// Year of founding.
    pub founded: Option<i64>,
    /// The company it belongs to.
    pub parent: Option<Reference>,
    /// Where it is.
    pub address: Address,
    /// LinkedIn page.
    pub linkedin: Option<String>,
    /// Where we know it from.
    pub origin: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Anything written about it.
    pub description: Option<String>,
}

/// Something we offer.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct ProductRecord {
    /// Name.
    pub name: String,
    /// Our code.
    pub code: Option<String>,
    /// Family.
    pub category: Option<String>,
    /// Usual price.
    pub price: Option<Money>,
    /// Whether it is still sold.
    pub active: Option<bool>,
    /// Anything written about it.
    pub description: Option<String>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct ContactRecord {
    /// Full name as it is shown.
    pub name: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Mr, Dr.
    pub salutation: Option<String>,
    /// E-mail addresses, the first is the usual one.
    pub emails: Vec<String>,
    /// Telephone numbers as written, the first is the usual one.
    pub phones: Vec<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// Date of birth.
    pub birthday: Option<Moment>,
    /// Where the person works.
    pub company: Option<Reference>,
    /// Where the person is.
    pub address: Address,
    /// LinkedIn page.
    pub linkedin: Option<String>,
    /// Where we know the person from.
    pub origin: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Anything written about the person.
    pub description: Option<String>,
}

/// Where a deal stands.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub enum Standing {
    /// It goes on.
    #[default]
    Open,
    /// They said yes, on the day if it is known.
    Won(Option<Moment>),
    /// It ended without a yes, on the day if it is known.
    Lost(Option<Moment>),
}

/// A deal.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct DealRecord {
    /// Name; made from product and company where the file has none.
    pub name: String,
    /// Where it stands.
    pub standing: Standing,
    /// The stage's name, as written.
    pub stage: Option<String>,
    /// What the stage means, if it was mapped.
    pub meaning: Option<super::field::Meaning>,
    /// The pipeline's name.
    pub pipeline: Option<String>,
    /// Value.
    pub amount: Option<Money>,
    /// The other system's chance of a yes, in thousandths.
    pub probability_permille: Option<u16>,
    /// When it began.
    pub opened: Option<Moment>,
    /// When it is expected to close. Only open deals have it.
    pub expected: Option<Moment>,
    /// Company.
    pub company: Option<Reference>,
    /// Persons, the first one first.
    pub contacts: Vec<Reference>,
    /// Product.
    pub product: Option<Reference>,
    /// Why it ended.
    pub lost_reason: Option<String>,
    /// Next step.
    pub next_step: Option<String>,
    /// Where it came from.
    pub origin: Option<String>,
    /// Type.
    pub deal_type: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Anything written about it.
    pub description: Option<String>,
}

/// A person's part in a deal.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct DealContactRecord {
    /// The deal.
    pub deal: Reference,
    /// The person.
    pub contact: Reference,
    /// The part.
    pub role: Option<String>,
    /// Whether it is the first person to speak to.
    pub primary: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct ActivityRecord {
    /// What it was.
    pub form: ActivityForm,
    /// The word the file has for it, if it is none of ours.
    pub form_said: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Text.
    pub body: Option<String>,
    /// When.
    pub at: Option<Moment>,
    /// How long, in minutes.
    pub duration_minutes: Option<i64>,
    /// The state of a service request, as written.
    pub status: Option<String>,
    /// When a service request was settled.
    pub settled: Option<Moment>,
    /// What it is about.
    pub about: About,
}

/// Something to do.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct TaskRecord {
    /// What.
    pub subject: String,
    /// More about it.
    pub body: Option<String>,
    /// By when.
    pub due: Option<Moment>,
    /// Whether it is done, and when, if that is known.
    pub done: Option<Option<Moment>>,
    /// Priority, as written.
    pub priority: Option<String>,
    /// What it is about.
    pub about: About,
}

/// The records an activity or a task is about.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct About {
    /// Deal.
    pub deal: Option<Reference>,
    /// Company.
    pub company: Option<Reference>,
    /// Person.
    pub contact: Option<Reference>,
    /// Some record, by id; of which kind, the other tables tell.
    pub related: Option<Reference>,
}
