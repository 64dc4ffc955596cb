//! One row and a mapping make one entry. Where a value cannot be read, the row is refused if the value belongs to the truth of a deal
//! (money, dates, whether it was won); otherwise the text is kept beside the record and a note says so.

use super::field::{Field, Kind, Meaning, Source};
use super::fold::key;
use super::mapping::{ActivityForm, Mapping};
use super::record::{
    About, ActivityRecord, Address, CompanyRecord, ContactRecord, DealContactRecord, DealRecord, Entry,
    ExternalKey, MemberRecord, ProductRecord, Record, Reference, Standing, TaskRecord,
};
use super::table::{Form, Row};
use super::values::{
    CurrencyMark, DateOrder, DecimalMark, Moment, Money, Number, currency, date, domain, email, emails, flag,
    list, number, plain_text,
};
use iso_currency::Currency;
use jiff::civil::Time;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// Persons one deal can name in one row.
const MAX_CONTACTS: usize = 50;
/// Longest key made of a row's own words; a longer one is shortened to its hash.
const MAX_KEY_BYTES: usize = 160;

/// A mapping made ready for reading many rows.
pub struct Assembler {
    file: Arc<str>,
    source: Source,
    kind: Kind,
    activity: ActivityForm,
    columns: Vec<Prepared>,
    /// Columns of each field, the first choice first.
    of: Vec<Vec<usize>>,
    /// Columns no field takes.
    unmapped: Vec<usize>,
    stages: HashMap<String, Meaning>,
    usual_currency: Currency,
    /// How often each key made of a row's own words came, so that two equal rows stay two.
    seen: HashMap<u64, u32>,
    corrections: HashMap<(Kind, String), String>,
}

struct Prepared {
    header: Arc<str>,
    dates: DateOrder,
    mark: DecimalMark,
    times: u32,
}

impl Assembler {
    /// Makes `mapping` ready. `usual` is the currency of amounts that name none; `corrections` are near names and what is meant by them.
    /// Nothing if the mapping does not say what the rows are.
    pub fn new(
        mapping: &Mapping,
        usual: Currency,
        corrections: HashMap<(Kind, String), String>,
    ) -> Option<Assembler> {
        let kind = mapping.kind?;
        let columns = mapping.columns.iter().map(|column| Prepared {
            header: Arc::from(column.header.as_str()),
            dates: column.dates.value,
            mark: column.mark.value,
            times: column.times,
        });
        let fits = |field: Option<Field>| field.is_some_and(|field| field.of(kind));
        Some(Assembler {
            file: Arc::from(mapping.file.as_str()),
            source: mapping.source,
            kind,
            activity: mapping.activity,
            columns: columns.collect(),
            of: Field::ALL
                .iter()
                .map(|field| if field.of(kind) { mapping.columns_of(*field) } else { Vec::new() })
                .collect(),
            unmapped: (0..mapping.columns.len())
                .filter(|index| mapping.columns.get(*index).is_some_and(|column| !fits(column.field)))
                .collect(),
            stages: mapping.stages.iter().map(|stage| (stage.name.clone(), stage.meaning)).collect(),
            usual_currency: mapping.currency.as_deref().and_then(Currency::from_code).unwrap_or(usual),
            seen: HashMap::new(),
            corrections,
        })
    }

    /// Understands one row, or says why it cannot be taken.
    pub fn assemble(&mut self, row: &Row<'_>) -> Result<Entry, String> {
        if self.source == Source::Salesforce && is_report_footer(row) {
            return Err("it is the footer of a report, not a row".to_owned());
        }
        let mut reading = RowReading { of: self, row, other: Vec::new(), notes: Vec::new() };
        if reading.flag_strict(Field::Deleted)? == Some(true) || reading.text(Field::DeletedAt).is_some() {
            return Err(format!("it is deleted in {}", self.source.label()));
        }
        let id = reading.id(Field::Id);
        let record = match self.kind {
            Kind::Member => reading.member(),
            Kind::Company => reading.company(),
            Kind::Product => reading.product(),
            Kind::Contact => reading.contact(),
            Kind::Deal => reading.deal(),
            Kind::DealContact => reading.deal_contact(),
            Kind::Activity | Kind::Task => reading.activity(),
        }?;
        let owner = reading.owner();
        let created = reading.date(Field::CreatedAt);
        let updated = reading.date(Field::UpdatedAt);
        reading.keep_unmapped();
        let (other, notes) = (reading.other, reading.notes);
        let kind = record.kind();
        let id = match id {
            Some(id) => id,
            None => self.own_key(&record, owner.as_ref(), created),
        };
        let key = ExternalKey { source: self.source, kind, id };
        Ok(Entry {
            file: Arc::clone(&self.file),
            line: row.line,
            key,
            record,
            owner,
            created,
            updated,
            other,
            notes,
        })
    }

    /// A key from the row's own words. Companies, persons, products and members with the same words are the same; of deals, activities and tasks
    /// the second of two equal rows is another one.
    fn own_key(&mut self, record: &Record, owner: Option<&Reference>, created: Option<Moment>) -> String {
        let named = |reference: &Option<Reference>| reference.as_ref().map(reference_key).unwrap_or_default();
        let day = |moment: Option<Moment>| {
            moment.map(|moment| format!("{:?}", (moment.date, moment.time))).unwrap_or_default()
        };
        let words = match record {
            Record::Member(member) => {
                member.email.as_deref().map(str::to_lowercase).unwrap_or_else(|| key(&member.name))
            }
            Record::Company(company) => key(&company.name),
            Record::Product(product) => {
                product.code.as_deref().map(key).unwrap_or_else(|| key(&product.name))
            }
            Record::Contact(contact) => match contact.emails.first() {
                Some(email) => email.to_lowercase(),
                None => format!(
                    "{}|{}|{}",
                    key(&contact.name),
                    named(&contact.company),
                    contact.phones.first().map(|phone| key(phone)).unwrap_or_default()
                ),
            },
            Record::Deal(deal) => format!(
                "{}|{}|{}|{}",
                key(&deal.name),
                named(&deal.company),
                named(&deal.product),
                day(deal.opened.or(created))
            ),
            Record::DealContact(part) => {
                format!("{}|{}", reference_key(&part.deal), reference_key(&part.contact))
            }
            Record::Activity(activity) => format!(
                "{}|{}|{}|{}|{}",
                day(activity.at),
                key(activity.subject.as_deref().unwrap_or_default()),
                about_key(&activity.about),
                owner.map(reference_key).unwrap_or_default(),
                activity.body.as_deref().unwrap_or_default()
            ),
            Record::Task(task) => format!(
                "{}|{}|{}|{}",
                key(&task.subject),
                about_key(&task.about),
                day(created),
                task.body.as_deref().unwrap_or_default()
            ),
        };
        let digest = Sha256::digest(words.as_bytes());
        let mut own = if words.len() > MAX_KEY_BYTES {
            let mut hashed = String::from("~#");
            digest.iter().take(16).for_each(|byte| hashed.push_str(&format!("{byte:02x}")));
            hashed
        } else {
            format!("~{words}")
        };
        if matches!(record, Record::Deal(_) | Record::Activity(_) | Record::Task(_)) {
            let short = digest.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            let times = self.seen.entry(short).or_default();
            *times += 1;
            if *times > 1 {
                own.push_str(&format!("~{times}"));
            }
        }
        own
    }
}

fn reference_key(reference: &Reference) -> String {
    match (&reference.id, &reference.email, &reference.name) {
        (Some(id), ..) => id.clone(),
        (None, Some(email), _) => email.to_lowercase(),
        (None, None, Some(name)) => key(name),
        (None, None, None) => String::new(),
    }
}

fn about_key(about: &About) -> String {
    [&about.deal, &about.company, &about.contact, &about.related]
        .into_iter()
        .flatten()
        .map(reference_key)
        .collect::<Vec<_>>()
        .join("|")
}

/// A row while it is being read.
struct RowReading<'a> {
    of: &'a Assembler,
    row: &'a Row<'a>,
    other: Vec<(Arc<str>, String)>,
    notes: Vec<String>,
}

impl RowReading<'_> {
    fn indexes(&self, field: Field) -> &[usize] {
        self.of.of.get(field as usize).map(Vec::as_slice).unwrap_or_default()
    }

    fn header(&self, index: usize) -> Arc<str> {
        self.of.columns.get(index).map(|column| Arc::clone(&column.header)).unwrap_or_else(|| Arc::from(""))
    }

    fn keep(&mut self, index: usize, text: String) {
        let header = self.header(index);
        self.other.push((header, text));
    }

    /// The first column of the field that holds something. What further columns hold and is not the same is kept beside.
    fn first(&mut self, field: Field) -> Option<(usize, String)> {
        let of = self.of;
        let indexes = of.of.get(field as usize).map(Vec::as_slice).unwrap_or_default();
        let mut found: Option<(usize, String)> = None;
        for index in indexes {
            let text = self.row.cells.get(*index);
            if text.is_empty() {
                continue;
            }
            match &found {
                None => found = Some((*index, text.into_owned())),
                Some((_, taken)) if *taken == text => {}
                Some(_) => self.keep(*index, text.into_owned()),
            }
        }
        found
    }

    fn text(&mut self, field: Field) -> Option<String> {
        self.first(field).map(|(_, text)| text)
    }

    /// All columns of the field.
    fn texts(&self, field: Field) -> Vec<String> {
        let texts = self.indexes(field).iter().map(|index| self.row.cells.get(*index).into_owned());
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// The field as a typed value: the text is read by `read`; what cannot be read is an error naming what would be right.
    fn typed<T>(
        &mut self,
        field: Field,
        right: &str,
        read: impl Fn(&Self, usize, &str) -> Option<T>,
    ) -> Result<Option<T>, (usize, String, String)> {
        let Some((index, text)) = self.first(field) else { return Ok(None) };
        if is_nothing(&text) {
            return Ok(None);
        }
        match read(self, index, &text) {
            Some(value) => Ok(Some(value)),
            None => {
                let shown: String = text.chars().take(60).collect();
                let reason = format!("“{}” is “{shown}”, but it should be {right}", self.header(index));
                Err((index, text, reason))
            }
        }
    }

    /// Keeps what could not be read beside the record.
    fn lenient<T>(&mut self, read: Result<Option<T>, (usize, String, String)>) -> Option<T> {
        match read {
            Ok(value) => value,
            Err((index, text, reason)) => {
                self.keep(index, text);
                self.notes.push(reason);
                None
            }
        }
    }

    fn date_or(&mut self, field: Field) -> Result<Option<Moment>, (usize, String, String)> {
        self.typed(field, "a date such as 2024-12-31", |reading, index, text| {
            let order = reading.of.columns.get(index).map_or(DateOrder::DayFirst, |column| column.dates);
            date(text, order)
        })
    }

    fn date(&mut self, field: Field) -> Option<Moment> {
        let read = self.date_or(field);
        self.lenient(read)
    }

    fn date_strict(&mut self, field: Field) -> Result<Option<Moment>, String> {
        self.date_or(field).map_err(|(_, _, reason)| reason)
    }

    fn number_at(&self, index: usize, text: &str) -> Option<Number> {
        let mark = self.of.columns.get(index).map_or(DecimalMark::Point, |column| column.mark);
        // A spreadsheet's numbers always have a point.
        let mark = if self.row.cells.form(index) == Form::Number { DecimalMark::Point } else { mark };
        number(text, mark)
    }

    fn whole(&mut self, field: Field) -> Option<i64> {
        let read = self.typed(field, "a whole number", |reading, index, text| {
            reading.number_at(index, text)?.decimal.to_whole()
        });
        self.lenient(read)
    }

    fn money_or(
        &mut self,
        field: Field,
        row_currency: Option<Currency>,
    ) -> Result<Option<Money>, (usize, String, String)> {
        let usual = self.of.usual_currency;
        self.typed(field, "an amount such as 1234.50", |reading, index, text| {
            let number = reading.number_at(index, text).filter(|number| !number.percent)?;
            let times = reading.of.columns.get(index).map_or(1, |column| column.times);
            let currency = row_currency.or(number.currency.map(|mark| mark.resolve(usual))).unwrap_or(usual);
            number.decimal.times(times)?.money(currency)
        })
    }

    fn row_currency(&mut self) -> Result<Option<Currency>, String> {
        let usual = self.of.usual_currency;
        let read = self.typed(Field::Currency, "a currency such as EUR", |_, _, text| {
            currency(text).map(|mark: CurrencyMark| mark.resolve(usual))
        });
        read.map_err(|(_, _, reason)| reason)
    }

    fn flag_strict(&mut self, field: Field) -> Result<Option<bool>, String> {
        self.typed(field, "yes or no", |_, _, text| flag(text)).map_err(|(_, _, reason)| reason)
    }

    fn flag(&mut self, field: Field) -> Option<bool> {
        let read = self.typed(field, "yes or no", |_, _, text| flag(text));
        self.lenient(read)
    }

    /// An id of the other system. Salesforce writes the same id with 15 or with 18 letters; the last three only check the first.
    fn id(&mut self, field: Field) -> Option<String> {
        let (index, text) = self.first(field)?;
        let mut ids = list_of_ids(&text).into_iter();
        let id = ids.next()?;
        let rest: Vec<String> = ids.collect();
        if !rest.is_empty() {
            self.keep(index, rest.join(";"));
        }
        Some(self.plain_id(id))
    }

    fn plain_id(&self, id: String) -> String {
        match id.get(..15) {
            Some(short) if self.of.source == Source::Salesforce && id.len() == 18 => short.to_owned(),
            _ => id,
        }
    }

    /// The name meant by a name: near names are corrected.
    fn meant(&self, kind: Kind, name: String) -> String {
        if self.of.corrections.is_empty() {
            return name;
        }
        match self.of.corrections.get(&(kind, name.clone())) {
            Some(meant) => meant.clone(),
            None => name,
        }
    }

    fn reference(&mut self, kind: Kind, id: Field, name: Field) -> Option<Reference> {
        let (id, name) = (self.id(id), self.text(name));
        let name = name.map(|name| self.meant(kind, name));
        (id.is_some() || name.is_some()).then_some(Reference { id, name, email: None })
    }

    fn owner(&mut self) -> Option<Reference> {
        let mut owner = self.reference(Kind::Member, Field::OwnerId, Field::Owner)?;
        if let Some(address) = owner.name.as_deref().and_then(email) {
            owner.email = Some(address);
            owner.name = None;
        }
        Some(owner)
    }

    fn keep_unmapped(&mut self) {
        let of = self.of;
        for index in &of.unmapped {
            let text = self.row.cells.get(*index);
            if !text.is_empty() {
                self.keep(*index, text.into_owned());
            }
        }
    }

    /// A single e-mail address; more than one in the cell are given too.
    fn addresses(&mut self, field: Field) -> Vec<String> {
        let indexes: Vec<usize> = self.indexes(field).to_vec();
        let mut addresses = Vec::new();
        for index in indexes {
            let text = self.row.cells.get(index).into_owned();
            if text.is_empty() || is_nothing(&text) {
                continue;
            }
            let found = emails(&text);
            if found.is_empty() {
                match email(&text) {
                    Some(address) => addresses.push(address),
                    None if text == "[]" => {}
                    None => {
                        let shown: String = text.chars().take(60).collect();
                        self.notes.push(format!(
                            "“{}” is “{shown}”, but it should be an e-mail address",
                            self.header(index)
                        ));
                        self.keep(index, text);
                    }
                }
            }
            addresses.extend(found);
        }
        addresses
    }

    fn tags(&mut self) -> Vec<String> {
        let mut tags: Vec<String> = self.texts(Field::Tags).iter().flat_map(|text| list(text)).collect();
        tags.dedup();
        tags
    }

    fn joined(&mut self, field: Field, between: &str) -> Option<String> {
        let texts = self.texts(field);
        (!texts.is_empty()).then(|| texts.join(between))
    }

    fn description(&mut self) -> Option<String> {
        self.joined(Field::Description, "\n\n").map(|text| plain_text(&text))
    }

    fn address(&mut self) -> Address {
        Address {
            street: self.joined(Field::Street, ", "),
            city: self.text(Field::City),
            region: self.text(Field::Region),
            postcode: self.text(Field::Postcode),
            country: self.text(Field::Country),
        }
    }

    fn full_name(&mut self) -> (Option<String>, Option<String>, Option<String>) {
        let (first, last) = (self.text(Field::FirstName), self.text(Field::LastName));
        let parts: Vec<&str> = [first.as_deref(), last.as_deref()].into_iter().flatten().collect();
        let joined = (!parts.is_empty()).then(|| parts.join(" "));
        let name = self.text(Field::Name).or(joined);
        (name, first, last)
    }

    fn member(&mut self) -> Result<Record, String> {
        let (name, ..) = self.full_name();
        let email = self.addresses(Field::Email).into_iter().next();
        let name = name.or_else(|| email.clone()).ok_or("it has no name")?;
        Ok(Record::Member(MemberRecord {
            name,
            email,
            phone: self.text(Field::Phone),
            job_title: self.text(Field::JobTitle),
            team: self.text(Field::Team),
            manager: self.text(Field::Manager),
            office: self.text(Field::Office),
            active: self.flag(Field::Active),
        }))
    }

    fn company(&mut self) -> Result<Record, String> {
        let website = self.text(Field::Website);
        let mut found = None;
        if let Some((index, text)) = self.first(Field::Domain) {
            found = domain(&text);
            if found.is_none() && !is_nothing(&text) {
                self.keep(index, text);
            }
        }
        let found = found.or_else(|| website.as_deref().and_then(domain));
        let name = self.text(Field::Name).or_else(|| found.clone()).ok_or("the company has no name")?;
        let row_currency = self.row_currency()?;
        let revenue = self.money_or(Field::Revenue, row_currency);
        let parent = self.reference(Kind::Company, Field::ParentId, Field::Parent);
        Ok(Record::Company(CompanyRecord {
            // A company that names itself as its parent has none.
            parent: parent.filter(|parent| parent.id.is_some() || parent.name.as_deref() != Some(&name)),
            name,
            domain: found,
            website,
            email: self.addresses(Field::Email).into_iter().next(),
            phone: self.text(Field::Phone),
            industry: self.text(Field::Industry),
            employees: self.whole(Field::Employees),
            revenue: self.lenient(revenue),
            founded: self.whole(Field::Founded),
            address: self.address(),
            linkedin: self.text(Field::LinkedIn),
            origin: self.text(Field::Origin),
            tags: self.tags(),
            description: self.description(),
        }))
    }

    fn product(&mut self) -> Result<Record, String> {
        let code = self.text(Field::Code);
        let name = self.text(Field::Name).or_else(|| code.clone()).ok_or("the product has no name")?;
        let row_currency = self.row_currency()?;
        let price = self.money_or(Field::Price, row_currency).map_err(|(_, _, reason)| reason)?;
        Ok(Record::Product(ProductRecord {
            name,
            code,
            category: self.text(Field::Category),
            price,
            active: self.flag(Field::Active),
            description: self.description(),
        }))
    }

    fn contact(&mut self) -> Result<Record, String> {
        let (name, first_name, last_name) = self.full_name();
        let mut addresses = self.addresses(Field::Email);
        addresses.extend(self.addresses(Field::OtherEmails));
        let mut phones: Vec<String> = Vec::new();
        for field in [Field::Phone, Field::Mobile, Field::OtherPhone] {
            phones.extend(self.texts(field).into_iter().filter(|text| text != "[]" && !is_nothing(text)));
        }
        unique(&mut addresses);
        unique(&mut phones);
        let name = name.or_else(|| addresses.first().cloned()).or_else(|| phones.first().cloned());
        Ok(Record::Contact(ContactRecord {
            name: name.ok_or("the contact has no name, no e-mail address and no phone number")?,
            first_name,
            last_name,
            salutation: self.text(Field::Salutation),
            emails: addresses,
            phones,
            job_title: self.text(Field::JobTitle),
            department: self.text(Field::Department),
            language: self.text(Field::Language),
            birthday: self.date(Field::Birthday),
            company: self.reference(Kind::Company, Field::CompanyId, Field::Company),
            address: self.address(),
            linkedin: self.text(Field::LinkedIn),
            origin: self.text(Field::Origin),
            tags: self.tags(),
            description: self.description(),
        }))
    }

    /// What stage and status say together: a status that says won or lost leads, then the flags, then the stage.
    fn standing(&mut self) -> Result<(Standing, Option<String>, Option<Meaning>), String> {
        let (stage, status) = (self.text(Field::Stage), self.text(Field::Status));
        let won = self.flag_strict(Field::Won)?;
        let closed = self.flag_strict(Field::Closed)?;
        let (won_on, lost_on) = (self.date_strict(Field::WonOn)?, self.date_strict(Field::LostOn)?);
        let closed_on = self.date_strict(Field::ClosedOn)?;
        let meaning_of =
            |name: &Option<String>| name.as_ref().and_then(|name| self.of.stages.get(name)).copied();
        let status_says =
            status.as_deref().and_then(|status| super::recognise::meaning(self.of.source, status));
        let meaning = meaning_of(&stage)
            .or_else(|| if stage.is_none() { meaning_of(&status).or(status_says) } else { None });
        let decided = match (status_says, won, closed) {
            (Some(Meaning::Won), ..) | (_, Some(true), _) => Meaning::Won,
            (Some(Meaning::Lost), ..) | (_, Some(false), Some(true)) => Meaning::Lost,
            // Said to be open: a stage called "won" that somebody reopened is open.
            (Some(_), ..)
                if stage.is_some() && status.as_deref().is_some_and(|status| key(status) == "open") =>
            {
                Meaning::Hear
            }
            (_, _, Some(false)) => Meaning::Hear,
            _ => meaning.unwrap_or(Meaning::Hear),
        };
        let standing = match decided {
            Meaning::Won => Standing::Won(won_on.or(closed_on)),
            Meaning::Lost => Standing::Lost(lost_on.or(closed_on)),
            _ => Standing::Open,
        };
        Ok((standing, stage.or(status), meaning))
    }

    fn deal(&mut self) -> Result<Record, String> {
        let (mut standing, stage, meaning) = self.standing()?;
        let close = self.date_strict(Field::CloseOn)?;
        let mut expected = self.date_strict(Field::ExpectedOn)?;
        match &mut standing {
            Standing::Open => expected = expected.or(close),
            Standing::Won(on) | Standing::Lost(on) => {
                *on = on.or(close).or(expected);
                expected = None;
            }
        }
        let row_currency = self.row_currency()?;
        let mut amount = self.money_or(Field::Amount, row_currency).map_err(|(_, _, reason)| reason)?;
        // The sample writes 0 for what a lost deal brought, and does not say what was asked.
        if self.of.source == Source::CrmPipeline
            && matches!(standing, Standing::Lost(_))
            && amount.is_some_and(|amount| amount.minor == 0)
        {
            amount = None;
        }
        let company = self.reference(Kind::Company, Field::CompanyId, Field::Company);
        let product = self.reference(Kind::Product, Field::ProductId, Field::Product);
        let contacts = self.contacts();
        let name = self
            .text(Field::Name)
            .or_else(|| made_name(product.as_ref(), company.as_ref(), contacts.first()));
        let name = name
            .or_else(|| self.row_id().map(|id| format!("Deal {id}")))
            .ok_or("nothing in it says what the deal is: it has no name, company or product")?;
        let probability =
            self.typed(Field::Probability, "a percentage between 0 and 100", |reading, index, text| {
                let number = reading.number_at(index, text)?;
                let value = number.decimal.to_f64();
                // HubSpot writes 0.4, the others 40 or 40%.
                let share = if reading.of.source == Source::Hubspot && !number.percent && value <= 1.0 {
                    value
                } else {
                    value / 100.0
                };
                (0.0..=1.0).contains(&share).then_some((share * 1000.0).round() as u16)
            });
        Ok(Record::Deal(DealRecord {
            name,
            standing,
            stage,
            meaning,
            pipeline: self.text(Field::Pipeline),
            amount,
            probability_permille: self.lenient(probability),
            opened: self.date_strict(Field::OpenedOn)?,
            expected,
            company,
            contacts,
            product,
            lost_reason: self.text(Field::LostReason),
            next_step: self.text(Field::NextStep),
            origin: self.text(Field::Origin),
            deal_type: self.text(Field::DealType),
            tags: self.tags(),
            description: self.description(),
        }))
    }

    fn row_id(&self) -> Option<String> {
        self.texts(Field::Id).into_iter().next()
    }

    /// The persons of a deal: ids and names side by side, several parted by `;`.
    fn contacts(&mut self) -> Vec<Reference> {
        let ids = self.text(Field::ContactId).map(|text| list_of_ids(&text)).unwrap_or_default();
        let names = self
            .text(Field::Contact)
            .map(|text| text.split(';').map(|name| name.trim().to_owned()).collect::<Vec<_>>())
            .unwrap_or_default();
        let addresses = self.addresses(Field::ContactEmail);
        let count = ids.len().max(names.len()).max(addresses.len()).min(MAX_CONTACTS);
        let contacts = (0..count).map(|index| Reference {
            id: ids.get(index).map(|id| self.plain_id(id.clone())),
            name: names
                .get(index)
                .filter(|name| !name.is_empty())
                .map(|name| self.meant(Kind::Contact, name.clone())),
            email: addresses.get(index).cloned(),
        });
        contacts.filter(|contact| *contact != Reference::default()).collect()
    }

    fn deal_contact(&mut self) -> Result<Record, String> {
        let deal = self.reference(Kind::Deal, Field::DealId, Field::Deal).ok_or("it names no deal")?;
        let contact = self.contacts().into_iter().next().ok_or("it names no contact")?;
        Ok(Record::DealContact(DealContactRecord {
            deal,
            contact,
            role: self.text(Field::Role),
            primary: self.flag(Field::Primary).unwrap_or(false),
        }))
    }

    fn about(&mut self) -> About {
        About {
            deal: self.reference(Kind::Deal, Field::DealId, Field::Deal),
            company: self.reference(Kind::Company, Field::CompanyId, Field::Company),
            contact: self.contacts().into_iter().next(),
            related: self.id(Field::RelatedId).map(|id| Reference { id: Some(id), ..Reference::default() }),
        }
    }

    /// Activities and tasks come in the same tables: what is done happened, what is not done is to do.
    fn activity(&mut self) -> Result<Record, String> {
        let said = self.text(Field::ActivityType);
        let form = said.as_deref().and_then(form_named);
        let subject = self.text(Field::Subject);
        let body = self.text(Field::Body).map(|text| plain_text(&text)).filter(|text| !text.is_empty());
        if subject.is_none() && body.is_none() {
            return Err("it has no subject and no text".to_owned());
        }
        let status = self.text(Field::Status);
        let done_at = self.date(Field::DoneAt);
        let due = self.due();
        let said_done = self.flag(Field::Done).or_else(|| self.flag(Field::Closed));
        let status_done = status.as_deref().map(key).map(|status| {
            matches!(status.as_str(), "completed" | "done" | "closed" | "erledigt" | "finished" | "resolved")
        });
        let done = said_done.or(status_done).or(done_at.map(|_| true));
        let form = form.unwrap_or(self.of.activity);
        let happened = match self.of.kind {
            Kind::Task => {
                done == Some(true)
                    && matches!(
                        form_named(said.as_deref().unwrap_or_default()),
                        Some(ActivityForm::Call | ActivityForm::Meeting | ActivityForm::Email)
                    )
            }
            _ => form == ActivityForm::Service || done.unwrap_or(due.is_none()),
        };
        let about = self.about();
        if !happened {
            let subject = subject.or_else(|| {
                body.as_deref()
                    .map(|body| body.lines().next().unwrap_or_default().chars().take(120).collect())
            });
            return Ok(Record::Task(TaskRecord {
                subject: subject.unwrap_or_default(),
                body,
                due,
                done: (done == Some(true)).then_some(done_at),
                priority: self.text(Field::Priority),
                about,
            }));
        }
        let at = self.date(Field::At);
        let created = if at.is_none() && done_at.is_none() && due.is_none() {
            self.date(Field::CreatedAt)
        } else {
            None
        };
        let duration = self.typed(Field::Duration, "a duration such as 00:30", |_, _, text| minutes(text));
        Ok(Record::Activity(ActivityRecord {
            form,
            form_said: said.filter(|said| form_named(said).is_none()),
            subject,
            body,
            at: at.or(due).or(done_at).or(created),
            duration_minutes: self.lenient(duration),
            status: if form == ActivityForm::Service { status } else { None },
            settled: if form == ActivityForm::Service { done_at } else { None },
            about,
        }))
    }

    /// The day it is due, with the time of its own column.
    fn due(&mut self) -> Option<Moment> {
        let mut due = self.date(Field::Due)?;
        if let Some((index, text)) = self.first(Field::DueTime) {
            match time_of_day(&text) {
                Some(time) => due.time = due.time.or(Some(time)),
                None => self.keep(index, text),
            }
        }
        Some(due)
    }
}

/// The lines Salesforce writes below a report: one text in the first cell.
fn is_report_footer(row: &Row<'_>) -> bool {
    const BEGINNINGS: [&str; 6] = [
        "Grand Total",
        "Copyright (c)",
        "Copyright ©",
        "Confidential Information",
        "Generated By",
        "Filtered By",
    ];
    let first = row.cells.raw(0).trim();
    BEGINNINGS.iter().any(|beginning| first.starts_with(beginning))
        && (1..row.cells.len()).all(|index| row.cells.get(index).is_empty())
}

/// What programs write where there is nothing.
fn is_nothing(text: &str) -> bool {
    matches!(text, "-" | "--" | "—" | "–" | "\\N" | "?")
        || matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "none" | "n/a" | "na" | "nil" | "#n/a" | "undefined"
        )
}

fn list_of_ids(text: &str) -> Vec<String> {
    text.split([';', ',']).map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn unique(list: &mut Vec<String>) {
    let mut seen: Vec<String> = Vec::with_capacity(list.len());
    list.retain(|one| {
        let new = !seen.contains(one);
        if new {
            seen.push(one.clone());
        }
        new
    });
}

fn made_name(
    product: Option<&Reference>,
    company: Option<&Reference>,
    contact: Option<&Reference>,
) -> Option<String> {
    let name = |reference: Option<&Reference>| {
        reference.and_then(|reference| reference.name.clone().or_else(|| reference.email.clone()))
    };
    match (name(product), name(company).or_else(|| name(contact))) {
        (Some(product), Some(client)) => Some(format!("{product} for {client}")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

fn form_named(said: &str) -> Option<ActivityForm> {
    Some(match key(said).as_str() {
        "call" | "phonecall" | "phone" | "telefonat" | "anruf" | "appel" | "llamada" | "chiamata" => {
            ActivityForm::Call
        }
        "meeting" | "visit" | "lunch" | "demo" | "event" | "appointment" | "termin" | "besuch"
        | "reunion" | "riunione" => ActivityForm::Meeting,
        "email" | "mail" | "emails" | "listemail" | "correo" | "courriel" => ActivityForm::Email,
        "note" | "notiz" | "comment" | "nota" => ActivityForm::Note,
        "service" | "ticket" | "support" | "request" | "case" => ActivityForm::Service,
        _ => return None,
    })
}

/// A duration in minutes: `00:30`, `1:15:00`, `45`, `90 min`, `1h 30m`.
fn minutes(text: &str) -> Option<i64> {
    if text.contains(':') {
        let parts: Vec<i64> = text.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
        return match parts.as_slice() {
            [hours, minutes] | [hours, minutes, _]
                if (0..60).contains(minutes) && (0..10_000).contains(hours) =>
            {
                Some(hours * 60 + minutes)
            }
            _ => None,
        };
    }
    let mut total = 0;
    let mut digits = String::new();
    let mut words = text.to_lowercase();
    words.push(' ');
    let mut unit = String::new();
    let mut found = false;
    for letter in words.chars() {
        if letter.is_ascii_digit() || letter.is_whitespace() {
            if !unit.is_empty() {
                let count: i64 = std::mem::take(&mut digits).parse().ok().filter(|count| *count < 100_000)?;
                total += count * if unit.starts_with('h') || unit.starts_with("std") { 60 } else { 1 };
                unit.clear();
                found = true;
            }
            if letter.is_ascii_digit() {
                digits.push(letter);
            }
        } else if letter.is_alphabetic() && !digits.is_empty() {
            unit.push(letter);
        } else if letter != '.' {
            return None;
        }
    }
    if !digits.is_empty() {
        total += digits.parse::<i64>().ok().filter(|count| *count < 100_000)?;
        found = true;
    }
    found.then_some(total)
}

fn time_of_day(text: &str) -> Option<Time> {
    let moment = date(&format!("2000-01-01 {text}"), DateOrder::DayFirst)?;
    moment.time
}
