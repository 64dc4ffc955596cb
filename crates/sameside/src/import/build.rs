//! From what a row says to records of ours. What has no field of its own goes to `other` under its name, or below the note of an
//! activity or a task: nothing is lost.

use super::field::Meaning;
use super::mapping::ActivityForm;
use super::record::{
    ActivityRecord, CompanyRecord, ContactRecord, DealRecord, Entry, MemberRecord, ProductRecord, Reference,
    Standing, TaskRecord,
};
use super::values::{Moment, Money};
use crate::accounts::{Member, Role, Sees, Team};
use crate::activities::{Activity, Means};
use crate::base::{Currency, Date, Email, Id, LINE_CHARS_MAX, NOTE_CHARS_MAX, When, line, note};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::{self, Deal, Phase, Pipeline, Stage};
use crate::products::Product;
use crate::records::Other;
use crate::tasks::Task;
use jiff::tz::TimeZone;
use uuid::Uuid;

/// What is the same for all rows of an import.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The workspace's currency.
    pub currency: Currency,
    /// Where days without a time zone of their own begin.
    pub zone: TimeZone,
}

/// The records a row refers to, as far as they were found or made.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Who it belongs to.
    pub owner: Option<Uuid>,
    /// Its company.
    pub company: Option<Uuid>,
    /// Its first person.
    pub contact: Option<Uuid>,
    /// Its product.
    pub product: Option<Uuid>,
    /// Its deal.
    pub deal: Option<Uuid>,
    /// A member's team.
    pub team: Option<Id<Team>>,
    /// Where a deal stands in its pipeline.
    pub place: Option<StagePlace>,
}

/// A stage, with what has to agree with it.
#[derive(Clone, Debug)]
pub struct StagePlace {
    /// The pipeline.
    pub pipeline: Id<Pipeline>,
    /// The stage.
    pub stage: Id<Stage>,
    /// Its phase.
    pub phase: Phase,
    /// Its name.
    pub name: String,
}

/// Collects what has no field of its own.
struct Rest(Other);

impl Rest {
    fn of(entry: &Entry) -> Rest {
        let mut rest = Rest(Other::default());
        for (header, text) in &entry.other {
            rest.keep(header, Some(text.clone()));
        }
        rest
    }

    fn keep(&mut self, name: &str, text: impl Into<Option<String>>) {
        let Some(text) = text.into().filter(|text| !text.is_empty()) else { return };
        let text: String = text.chars().filter(|letter| *letter != '\0').collect();
        self.0.0.entry(name.to_owned()).and_modify(|kept| *kept = format!("{kept}; {text}")).or_insert(text);
    }

    /// A reference that led nowhere is kept as it was said.
    fn keep_unfound(&mut self, name: &str, reference: Option<&Reference>, found: Option<Uuid>) {
        if let Some(reference) = reference.filter(|_| found.is_none()) {
            self.keep(name, reference.said());
        }
    }

    fn dates(&mut self, entry: &Entry, setting: &Setting) {
        self.keep("Created on", entry.created.map(|moment| shown(moment, setting)));
        self.keep("Changed on", entry.updated.map(|moment| shown(moment, setting)));
    }

    /// One line that fits; a longer text is kept whole beside it.
    fn line(&mut self, name: &str, text: &str) -> String {
        match line(text) {
            Ok(Some(text)) => text,
            Ok(None) => String::new(),
            Err(_) => {
                self.keep(name, text.to_owned());
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                words
                    .chars()
                    .filter(|letter| !letter.is_control())
                    .take(LINE_CHARS_MAX - 1)
                    .chain(['…'])
                    .collect()
            }
        }
    }

    fn line_of(&mut self, name: &str, text: Option<&String>) -> Option<String> {
        text.map(|text| self.line(name, text)).filter(|text| !text.is_empty())
    }

    fn note_of(&mut self, name: &str, text: Option<&String>) -> Option<String> {
        let text = text?;
        match note(text) {
            Ok(text) => text,
            Err(_) => {
                self.keep(name, text.clone());
                Some(
                    text.chars()
                        .filter(|letter| !letter.is_control() || *letter == '\n')
                        .take(NOTE_CHARS_MAX - 1)
                        .chain(['…'])
                        .collect(),
                )
            }
        }
    }
}

/// The moment a text meant: with its own offset, or else in the workspace's time zone.
fn when(moment: Moment, setting: &Setting) -> When {
    let Some(time) = moment.time else { return Date::of(moment.date).start(&setting.zone) };
    let civil = moment.date.to_datetime(time);
    let instant = match moment.offset {
        Some(offset) => offset.to_timestamp(civil).ok(),
        None => civil.to_zoned(setting.zone.clone()).map(|zoned| zoned.timestamp()).ok(),
    };
    instant.map_or_else(|| Date::of(moment.date).start(&setting.zone), When::of)
}

/// The day a text meant. A moment with an offset is on the day it was in the workspace's time zone; a day is never shifted.
fn day(moment: Moment, setting: &Setting) -> Date {
    match (moment.time, moment.offset) {
        (Some(time), Some(_)) if time != jiff::civil::Time::midnight() => {
            when(moment, setting).day(&setting.zone)
        }
        _ => Date::of(moment.date),
    }
}

fn shown(moment: Moment, setting: &Setting) -> String {
    match moment.time {
        Some(_) => when(moment, setting).iso(),
        None => moment.date.to_string(),
    }
}

fn minor(money: Option<Money>, setting: &Setting) -> (Option<i64>, Currency) {
    match money {
        Some(money) => {
            (Some(money.minor), Currency::parse(money.currency.code()).unwrap_or(setting.currency))
        }
        None => (None, setting.currency),
    }
}

fn id_of<T>(found: Option<Uuid>) -> Option<Id<T>> {
    found.map(Id::of)
}

/// The name of the team a member's row speaks of: its own name, or that of the manager and the office.
pub fn team_name(member: &MemberRecord) -> Option<String> {
    let named = match (&member.team, &member.manager, &member.office) {
        (Some(team), ..) => team.clone(),
        (None, Some(manager), Some(office)) => format!("{office}: {manager}’s team"),
        (None, Some(manager), None) => format!("{manager}’s team"),
        (None, None, Some(office)) => office.clone(),
        (None, None, None) => return None,
    };
    line(&named).ok().flatten()
}

/// A member: somebody who owns deals and cannot come in before somebody invites them.
pub fn member(record: &MemberRecord, found: &Found, now: When) -> Member {
    let mut rest = Rest(Other::default());
    let email = record.email.as_deref().and_then(|email| Email::parse(email).ok());
    Member {
        name: rest.line("Name", &record.name),
        // With an address they could ask for a new password; who comes in is for an admin to say.
        disabled_at: (email.is_some() || record.active == Some(false)).then_some(now),
        email,
        role: Role::Seller,
        sees: Sees::Own,
        team_id: found.team,
        time_zone: None,
        locale: None,
        week_hours: None,
    }
}

/// A company.
pub fn company(record: &CompanyRecord, entry: &Entry, found: &Found, setting: &Setting) -> Company {
    let mut rest = Rest::of(entry);
    let (revenue_minor, currency) = minor(record.revenue, setting);
    let name = rest.line("Name", &record.name);
    let address = &record.address;
    let lines: Vec<&str> = [&address.street, &address.postcode, &address.region]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let street = (!lines.is_empty()).then(|| lines.join("\n"));
    if record.website.as_deref().and_then(super::values::domain) != record.domain {
        rest.keep("Website", record.website.clone());
    }
    let founded_year = record.founded.filter(|year| (1..=9_999).contains(year));
    let employees = record.employees.filter(|count| *count >= 0);
    rest.keep("Founded", record.founded.filter(|_| founded_year.is_none()).map(|year| year.to_string()));
    rest.keep("Employees", record.employees.filter(|_| employees.is_none()).map(|count| count.to_string()));
    rest.keep("E-mail", record.email.clone());
    rest.keep("LinkedIn", record.linkedin.clone());
    rest.keep("Source", record.origin.clone());
    rest.keep("Tags", (!record.tags.is_empty()).then(|| record.tags.join(", ")));
    rest.keep_unfound("Owner", entry.owner.as_ref(), found.owner);
    rest.dates(entry, setting);
    Company {
        name,
        owner_id: id_of(found.owner),
        // Its parent may come further down in the file: it is set when all companies are there.
        parent_id: None,
        domain: rest.line_of("Domain", record.domain.as_ref()),
        phone: rest.line_of("Phone", record.phone.as_ref()),
        address: rest.note_of("Street", street.as_ref()),
        city: rest.line_of("City", address.city.as_ref()),
        country: rest.line_of("Country", address.country.as_ref()),
        industry: rest.line_of("Industry", record.industry.as_ref()),
        employees,
        revenue_minor,
        currency,
        founded_year,
        matters: None,
        note: rest.note_of("Description", record.description.as_ref()),
        other: rest.0,
    }
}

/// A product.
pub fn product(record: &ProductRecord, entry: &Entry, setting: &Setting) -> Product {
    let mut rest = Rest::of(entry);
    let (price_minor, currency) = minor(record.price, setting);
    rest.keep("Product code", record.code.clone());
    rest.keep("Active", record.active.map(|active| if active { "yes" } else { "no" }.to_owned()));
    rest.keep("Owner", entry.owner.as_ref().and_then(Reference::said));
    rest.dates(entry, setting);
    Product {
        name: rest.line("Name", &record.name),
        family: rest.line_of("Category", record.category.as_ref()),
        price_minor,
        currency,
        note: rest.note_of("Description", record.description.as_ref()),
        other: rest.0,
        answer_hours: None,
        resolve_hours: None,
    }
}

/// A person.
pub fn contact(record: &ContactRecord, entry: &Entry, found: &Found, setting: &Setting) -> Contact {
    let mut rest = Rest::of(entry);
    let name = rest.line("Name", &record.name);
    let mut addresses = record.emails.iter();
    let email = addresses.next().and_then(|email| Email::parse(email).ok());
    let more = |list: Vec<&String>| {
        (!list.is_empty()).then(|| list.into_iter().cloned().collect::<Vec<_>>().join(", "))
    };
    rest.keep("Other e-mails", more(addresses.collect()));
    let mut phones = record.phones.iter();
    let phone = phones.next();
    rest.keep("Other phones", more(phones.collect()));
    let address = &record.address;
    let place: Vec<String> =
        [&address.street, &address.postcode, &address.city, &address.region, &address.country]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
    rest.keep("Address", (!place.is_empty()).then(|| place.join(", ")));
    rest.keep("Salutation", record.salutation.clone());
    rest.keep("Department", record.department.clone());
    rest.keep("Language", record.language.clone());
    rest.keep("Date of birth", record.birthday.map(|moment| moment.date.to_string()));
    rest.keep("LinkedIn", record.linkedin.clone());
    rest.keep("Source", record.origin.clone());
    rest.keep("Tags", (!record.tags.is_empty()).then(|| record.tags.join(", ")));
    rest.keep_unfound("Company", record.company.as_ref(), found.company);
    rest.keep_unfound("Owner", entry.owner.as_ref(), found.owner);
    rest.dates(entry, setting);
    Contact {
        name,
        company_id: id_of(found.company),
        owner_id: id_of(found.owner),
        email,
        phone: rest.line_of("Phone", phone),
        job_title: rest.line_of("Job title", record.job_title.as_ref()),
        matters: None,
        manner: None,
        note: rest.note_of("Description", record.description.as_ref()),
        other: rest.0,
    }
}

/// A deal in its true state. A won one was agreed and its result was not measured here; a lost one was declined by them.
pub fn deal(
    record: &DealRecord,
    entry: &Entry,
    found: &Found,
    place: &StagePlace,
    setting: &Setting,
    now: When,
) -> Deal {
    let mut rest = Rest::of(entry);
    let (price_minor, currency) = minor(record.amount, setting);
    let title = rest.line("Name", &record.name);
    let on_day = |moment: Option<Moment>| moment.map(|moment| day(moment, setting));
    let (standing, ended) = match record.standing {
        Standing::Open => (deals::Standing::Open, None),
        Standing::Won(on) => (deals::Standing::Agreed, on),
        Standing::Lost(on) => (deals::Standing::Declined, on),
    };
    if record.stage.as_deref() != Some(place.name.as_str()) {
        rest.keep("Stage", record.stage.clone());
    }
    rest.keep(
        "Probability",
        record.probability_permille.map(|share| format!("{}%", f64::from(share) / 10.0)),
    );
    rest.keep("Source", record.origin.clone());
    rest.keep("Type of deal", record.deal_type.clone());
    rest.keep("Next step", record.next_step.clone());
    rest.keep("Tags", (!record.tags.is_empty()).then(|| record.tags.join(", ")));
    rest.keep("Description", record.description.clone());
    let others: Vec<String> = record
        .contacts
        .iter()
        .skip(usize::from(found.contact.is_some()))
        .filter_map(Reference::said)
        .collect();
    rest.keep("Other contacts", (!others.is_empty()).then(|| others.join(", ")));
    rest.keep_unfound("Company", record.company.as_ref(), found.company);
    rest.keep_unfound("Product", record.product.as_ref(), found.product);
    rest.keep_unfound("Owner", entry.owner.as_ref(), found.owner);
    if record.opened.is_some() {
        rest.keep("Created on", entry.created.map(|moment| shown(moment, setting)));
    }
    rest.keep("Changed on", entry.updated.map(|moment| shown(moment, setting)));
    let opened = record.opened.or(entry.created);
    let moved = ended.or(entry.updated).or(opened).map_or(now, |moment| when(moment, setting));
    let reason = record.lost_reason.as_ref().filter(|_| standing == deals::Standing::Declined);
    if standing != deals::Standing::Declined {
        rest.keep("Reason it ended", record.lost_reason.clone());
    }
    Deal {
        title,
        company_id: id_of(found.company),
        contact_id: id_of(found.contact),
        product_id: id_of(found.product),
        owner_id: id_of(found.owner),
        pipeline_id: place.pipeline,
        stage_id: place.stage,
        phase: place.phase,
        standing,
        price_minor,
        currency,
        horizon_months: 12,
        refund_share: 0.0,
        opened_on: on_day(opened),
        expected_on: on_day(record.expected),
        agreed_on: if standing == deals::Standing::Agreed { on_day(ended) } else { None },
        closed_on: on_day(ended),
        revisit_on: None,
        reason: rest.note_of("Reason it ended", reason),
        moved_at: moved,
        goal: None,
        goal_source: None,
        goal_by: None,
        goal_on: None,
        other: rest.0,
    }
}

/// Something that happened.
pub fn activity(
    record: &ActivityRecord,
    entry: &Entry,
    found: &Found,
    setting: &Setting,
    now: When,
) -> Activity {
    let mut rest = Rest::of(entry);
    let kind = match record.form {
        ActivityForm::Call => Means::Call,
        ActivityForm::Meeting => Means::Meeting,
        ActivityForm::Email => Means::Email,
        ActivityForm::Note | ActivityForm::Service => Means::Note,
    };
    if record.form == ActivityForm::Service {
        rest.keep("Service request", record.status.clone().unwrap_or_else(|| "yes".to_owned()));
        rest.keep("Settled on", record.settled.map(|moment| shown(moment, setting)));
    }
    rest.keep("Type", record.form_said.clone());
    let week = 7 * 24 * 60;
    rest.keep(
        "Minutes",
        record.duration_minutes.filter(|minutes| *minutes > week).map(|minutes| minutes.to_string()),
    );
    rest.keep_unfound("Deal", record.about.deal.as_ref(), found.deal);
    rest.keep_unfound("Company", record.about.company.as_ref(), found.company);
    rest.keep_unfound("Contact", record.about.contact.as_ref(), found.contact);
    rest.keep_unfound("Owner", entry.owner.as_ref(), found.owner);
    let title = title_of(&mut rest, record.subject.as_ref(), record.body.as_ref(), kind.label());
    let at = record.at.or(entry.created).or(entry.updated);
    Activity {
        kind,
        title,
        note: with_rest(record.body.as_ref(), rest),
        deal_id: id_of(found.deal),
        company_id: id_of(found.company),
        contact_id: id_of(found.contact),
        owner_id: id_of(found.owner),
        happened_at: at.map_or(now, |moment| when(moment, setting)),
        minutes: record.duration_minutes.filter(|minutes| *minutes <= week),
    }
}

/// Something to do.
pub fn task(record: &TaskRecord, entry: &Entry, found: &Found, setting: &Setting, now: When) -> Task {
    let mut rest = Rest::of(entry);
    rest.keep("Priority", record.priority.clone());
    rest.keep("Due at", record.due.and_then(|due| due.time).map(|time| time.to_string()));
    rest.keep_unfound("Deal", record.about.deal.as_ref(), found.deal);
    rest.keep_unfound("Company", record.about.company.as_ref(), found.company);
    rest.keep_unfound("Contact", record.about.contact.as_ref(), found.contact);
    rest.keep_unfound("Owner", entry.owner.as_ref(), found.owner);
    let subject = Some(&record.subject).filter(|subject| !subject.is_empty());
    let title = title_of(&mut rest, subject, record.body.as_ref(), "Task");
    let done = record.done.map(|at| at.or(entry.updated).or(record.due));
    Task {
        title,
        note: with_rest(record.body.as_ref(), rest),
        deal_id: id_of(found.deal),
        company_id: id_of(found.company),
        contact_id: id_of(found.contact),
        owner_id: id_of(found.owner),
        due_on: record.due.map(|due| day(due, setting)),
        done_at: done.map(|at| at.map_or(now, |moment| when(moment, setting))),
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        hours_taken: None,
    }
}

fn title_of(rest: &mut Rest, subject: Option<&String>, body: Option<&String>, otherwise: &str) -> String {
    let first_line = || {
        body.and_then(|body| body.lines().find(|line| !line.trim().is_empty()))
            .map(|line| line.chars().take(120).collect::<String>())
    };
    let text = subject.cloned().or_else(first_line).unwrap_or_default();
    let title = rest.line("Subject", &text);
    if title.is_empty() { otherwise.to_owned() } else { title }
}

/// A text with what has no field below it, a line each.
fn with_rest(body: Option<&String>, rest: Rest) -> Option<String> {
    let mut text = body.cloned().unwrap_or_default();
    for (name, kept) in &rest.0.0 {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{name}: {kept}"));
    }
    match note(&text) {
        Ok(text) => text,
        Err(_) => Some(
            text.chars()
                .filter(|letter| !letter.is_control() || *letter == '\n')
                .take(NOTE_CHARS_MAX - 1)
                .chain(['…'])
                .collect(),
        ),
    }
}

/// The phase a deal is in whose stage has no stage of ours by name.
pub fn phase_of(standing: &Standing, meaning: Option<Meaning>) -> Phase {
    match (standing, meaning) {
        (Standing::Won(_), _) => Phase::Deliver,
        (Standing::Lost(_), _) => Phase::Hear,
        (Standing::Open, Some(Meaning::Diagnose)) => Phase::Diagnose,
        (Standing::Open, Some(Meaning::Propose)) => Phase::Propose,
        (Standing::Open, Some(Meaning::Agree)) => Phase::Agree,
        (Standing::Open, _) => Phase::Hear,
    }
}
