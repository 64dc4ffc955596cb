//! From headers and values to mappings: where each table comes from, what its rows are, what its columns say.
//!
//! All tables of an import are looked at together: a file that could come from several systems comes from the one its
//! neighbours come from, and a column of dates that could be read both ways is read like the others beside it.

use super::field::{Field, Kind, Meaning, Shape, Source};
use super::fold::key;
use super::header::Headers;
use super::mapping::{ActivityForm, Choice, Column, Confidence, Mapping, StageMeaning};
use super::sources::{COMMON_STAGES, COMMON_TABLES, DIALECTS, Dialect, TableShape};
use super::survey::{ColumnSurvey, Survey};
use super::table::Table;
use super::values::{CurrencyMark, DateOrder, DecimalMark, Sniffed};
use std::collections::HashMap;

/// Stages of one table that are shown and asked about.
pub const MAX_STAGES: usize = 200;
/// What a table needs to score before its rows are taken to be of a kind.
const ENOUGH: i32 = 4;
const PLENTY: i32 = 7;

/// One way to understand a table.
#[derive(Clone)]
struct Reading {
    source: Source,
    shape: &'static TableShape,
    confidence: Confidence,
    fields: Vec<Option<Assigned>>,
    score: i32,
}

#[derive(Clone, Copy)]
struct Assigned {
    field: Field,
    rank: u8,
    confidence: Confidence,
}

/// Guesses a mapping for every table of an import.
pub fn recognise(tables: &[(&Table, &Survey)]) -> Vec<Mapping> {
    let headers: Vec<Headers> = tables.iter().map(|(table, _)| Headers::new(&table.header)).collect();
    let known: Vec<Vec<Reading>> = headers.iter().map(known_readings).collect();
    let favourite = favourite(&known);
    let mut mappings: Vec<Mapping> = tables
        .iter()
        .zip(&headers)
        .zip(known)
        .map(|(((table, survey), headers), readings)| {
            let best = readings.into_iter().max_by_key(|reading| {
                (
                    reading.score + if Some(reading.source) == favourite { 20 } else { 0 },
                    reading.shape.all.len(),
                )
            });
            mapping(table, survey, headers, best.or_else(|| guess(table, survey, headers)))
        })
        .collect();
    agree(&mut mappings, tables);
    mappings
}

/// Guesses a mapping for a table of which a person said what its rows are.
pub fn recognise_as(table: &Table, survey: &Survey, kind: Kind) -> Mapping {
    let headers = Headers::new(&table.header);
    let known = known_readings(&headers)
        .into_iter()
        .filter(|reading| reading.shape.kind == kind)
        .max_by_key(|reading| reading.score);
    let common = COMMON_TABLES.iter().find(|shape| shape.kind == kind);
    let reading = known.or_else(|| {
        common.map(|shape| Reading {
            source: Source::Any,
            shape,
            confidence: Confidence::Said,
            fields: assign(shape, &headers, Confidence::Likely),
            score: 0,
        })
    });
    let mut mapping = mapping(table, survey, &headers, reading);
    mapping.kind = Some(kind);
    mapping.confidence = Confidence::Said;
    agree(std::slice::from_mut(&mut mapping), &[(table, survey)]);
    mapping
}

/// The source that explains most of all tables together.
fn favourite(known: &[Vec<Reading>]) -> Option<Source> {
    let mut totals: HashMap<Source, i32> = HashMap::new();
    for readings in known {
        let mut best: HashMap<Source, i32> = HashMap::new();
        for reading in readings {
            let score = best.entry(reading.source).or_default();
            *score = reading.score.max(*score);
        }
        for (source, score) in best {
            *totals.entry(source).or_default() += score;
        }
    }
    totals
        .into_iter()
        .max_by_key(|(source, score)| (*score, std::cmp::Reverse(*source)))
        .map(|(source, _)| source)
}

fn known_readings(headers: &Headers) -> Vec<Reading> {
    let mut readings = Vec::new();
    for dialect in DIALECTS {
        for shape in dialect.tables {
            let here = shape.all.iter().all(|label| headers.has(label))
                && (shape.any.is_empty() || shape.any.iter().any(|label| headers.has(label)))
                && !shape.none.iter().any(|label| headers.has(label));
            if here {
                let fields = assign(shape, headers, Confidence::Certain);
                let score = shape.all.len() as i32 * 3 + fields.iter().flatten().count() as i32;
                readings.push(Reading {
                    source: dialect.source,
                    shape,
                    confidence: Confidence::Certain,
                    fields,
                    score,
                });
            }
        }
    }
    readings
}

/// Gives the headers of a table their fields by the words of a shape.
fn assign(shape: &TableShape, headers: &Headers, confidence: Confidence) -> Vec<Option<Assigned>> {
    let mut fields: Vec<Option<Assigned>> = vec![None; headers.list.len()];
    for (field, labels) in shape.columns {
        let mut rank = 0;
        for label in *labels {
            let label = key(label);
            for (header, slot) in headers.list.iter().zip(&mut fields) {
                if slot.is_none() && (header.key_for(shape.kind) == label || header.key == label) {
                    *slot = Some(Assigned { field: *field, rank, confidence });
                    rank += 1;
                    break;
                }
            }
        }
    }
    fields
}

/// Adds what the usual words say of columns the source's own words did not explain.
fn complete(fields: &mut [Option<Assigned>], kind: Kind, headers: &Headers) {
    let Some(common) = COMMON_TABLES.iter().find(|shape| shape.kind == kind) else { return };
    let usual = assign(common, headers, Confidence::Likely);
    let taken: Vec<Field> = fields.iter().flatten().map(|assigned| assigned.field).collect();
    for (slot, usual) in fields.iter_mut().zip(usual) {
        if slot.is_none() && usual.is_some_and(|usual| !taken.contains(&usual.field)) {
            *slot = usual;
        }
    }
}

/// Weighs how well the usual words of each kind explain a table nobody told us about.
fn guess(table: &Table, survey: &Survey, headers: &Headers) -> Option<Reading> {
    let mut best: Option<Reading> = None;
    let mut second = 0;
    for shape in &COMMON_TABLES {
        let fields = assign(shape, headers, Confidence::Likely);
        let mut score: i32 = fields.iter().flatten().map(|assigned| weight(shape.kind, assigned.field)).sum();
        score += named_after(&table.file, shape.kind) + first_word(headers, shape.kind);
        score += by_values(survey, shape.kind);
        match &best {
            Some(so_far) if so_far.score >= score => second = second.max(score),
            _ => {
                second = best.as_ref().map_or(0, |best| best.score);
                best = Some(Reading {
                    source: Source::Any,
                    shape,
                    confidence: Confidence::Guess,
                    fields,
                    score,
                });
            }
        }
    }
    let mut best = best.filter(|best| best.score >= ENOUGH)?;
    if best.score >= PLENTY && best.score >= second + 2 {
        best.confidence = Confidence::Likely;
    }
    Some(best)
}

/// How much a column of `field` speaks for rows of `kind`.
fn weight(kind: Kind, field: Field) -> i32 {
    match (kind, field) {
        (Kind::Deal, Field::Stage) => 5,
        (
            Kind::Deal,
            Field::CloseOn
            | Field::ExpectedOn
            | Field::WonOn
            | Field::LostOn
            | Field::LostReason
            | Field::Probability,
        ) => 4,
        (Kind::Deal, Field::Amount | Field::Pipeline | Field::ClosedOn) => 3,
        (Kind::Deal, Field::NextStep) => 2,
        (Kind::Deal, Field::Status | Field::Company | Field::Product | Field::OpenedOn | Field::Owner) => 1,
        (Kind::Contact, Field::Email | Field::FirstName | Field::LastName) => 4,
        (Kind::Contact, Field::JobTitle | Field::Mobile | Field::Salutation | Field::Birthday) => 3,
        (Kind::Contact, Field::Company | Field::Phone) => 2,
        (Kind::Contact, Field::Name | Field::City) => 1,
        (Kind::Company, Field::Domain | Field::Employees) => 5,
        (Kind::Company, Field::Industry | Field::Founded | Field::Parent) => 4,
        (Kind::Company, Field::Website) => 3,
        (Kind::Company, Field::Revenue) => 2,
        (Kind::Company, Field::Name | Field::City | Field::Phone | Field::Street) => 1,
        (Kind::Product, Field::Price | Field::Code) => 4,
        (Kind::Product, Field::Category) => 2,
        (Kind::Product, Field::Name) => 1,
        (Kind::Member, Field::Manager) => 4,
        (Kind::Member, Field::Team) => 3,
        (Kind::Member, Field::Office) => 2,
        (Kind::Member, Field::Name) => 1,
        (Kind::Activity, Field::Duration) => 3,
        (Kind::Activity, Field::Subject | Field::ActivityType) => 2,
        (Kind::Activity, Field::Body | Field::At | Field::Deal | Field::DealId | Field::Contact) => 1,
        (Kind::Task, Field::Due) => 5,
        (Kind::Task, Field::Done) => 3,
        (Kind::Task, Field::Subject) => 2,
        (Kind::Task, Field::Priority) => 1,
        _ => 0,
    }
}

/// What the file's name says.
fn named_after(file: &str, kind: Kind) -> i32 {
    let words: &[&str] = match kind {
        Kind::Deal => &["deal", "opportunit", "pipeline", "verkaufschance", "angebote"],
        Kind::Contact => &["contact", "people", "person", "kontakt"],
        Kind::Company => &["compan", "account", "organi", "client", "customer", "firmen", "kunden"],
        Kind::Product => &["product", "produkt", "artikel", "pricelist"],
        Kind::Member => &["user", "member", "salesteam", "agents", "reps"],
        Kind::Activity => &["activit", "notes", "calls", "meeting", "ticket", "aktivit", "notizen"],
        Kind::Task => &["task", "todo", "aufgaben"],
        Kind::DealContact => &[],
    };
    let name = key(file);
    if words.iter().any(|word| name.contains(word)) { 4 } else { 0 }
}

/// What the first header says: a table is most often named by its first column.
fn first_word(headers: &Headers, kind: Kind) -> i32 {
    let words: &[&str] = match kind {
        Kind::Deal => &[
            "deal",
            "dealname",
            "dealtitle",
            "dealid",
            "opportunity",
            "opportunityname",
            "opportunityid",
            "geschaeft",
            "verkaufschance",
        ],
        Kind::Contact => &["contact", "contactname", "fullname", "firstname", "person", "vorname"],
        Kind::Company => &[
            "company",
            "companyname",
            "account",
            "accountname",
            "client",
            "customer",
            "organization",
            "firma",
            "kunde",
            "unternehmen",
            "entreprise",
            "empresa",
            "azienda",
        ],
        Kind::Product => &["product", "productname", "sku", "productcode", "produkt", "artikel", "service"],
        Kind::Member => &[
            "salesagent",
            "agent",
            "salesperson",
            "salesrep",
            "rep",
            "seller",
            "user",
            "username",
            "member",
            "verkaufer",
        ],
        Kind::Activity => &["activity", "activitytype", "callid"],
        Kind::Task => &["task", "todo", "aufgabe"],
        Kind::DealContact => &[],
    };
    let first = headers.list.first().map(|header| header.key.as_str());
    if first.is_some_and(|first| words.contains(&first)) { 3 } else { 0 }
}

fn by_values(survey: &Survey, kind: Kind) -> i32 {
    let emails = survey.columns.iter().any(|column| column.email_share() > 0.8);
    let money = survey
        .columns
        .iter()
        .any(|column| column.numbers.with_currency * 2 > column.filled && column.filled > 0);
    match kind {
        Kind::Contact if emails => 3,
        Kind::Deal | Kind::Product if money => 2,
        _ => 0,
    }
}

fn mapping(table: &Table, survey: &Survey, headers: &Headers, reading: Option<Reading>) -> Mapping {
    let mut fields = vec![None; headers.list.len()];
    let (mut source, mut kind, mut confidence) = (Source::Any, None, Confidence::Guess);
    let mut times: &[(Field, u32)] = &[];
    if let Some(reading) = reading {
        (source, kind, confidence) = (reading.source, Some(reading.shape.kind), reading.confidence);
        (fields, times) = (reading.fields, reading.shape.times);
    }
    if let Some(kind) = kind {
        complete(&mut fields, kind, headers);
        drop_answers(&mut fields, survey);
        fill_by_values(&mut fields, kind, survey);
    }
    let comma_likely = table.written_in().is_some_and(|(delimiter, _)| delimiter == ';');
    let columns = table.header.iter().zip(&fields).enumerate().map(|(index, (header, assigned))| {
        let unseen = ColumnSurvey::default();
        let seen = survey.columns.get(index).unwrap_or(&unseen);
        let field = assigned.map(|assigned| assigned.field);
        Column {
            header: header.clone(),
            field,
            confidence: assigned.map_or(Confidence::Guess, |assigned| assigned.confidence),
            rank: assigned.map_or(0, |assigned| assigned.rank),
            dates: choice(
                seen.dates.order(),
                if comma_likely { DateOrder::DayFirst } else { DateOrder::MonthFirst },
                &seen.dates.example,
            ),
            mark: choice(
                seen.numbers.mark(),
                if comma_likely { DecimalMark::Comma } else { DecimalMark::Point },
                &seen.numbers.example,
            ),
            times: times.iter().find(|(timed, _)| Some(*timed) == field).map_or(1, |(_, times)| *times),
            samples: seen.samples.clone(),
            filled: seen.filled,
        }
    });
    let mut mapping = Mapping {
        file: table.file.to_string(),
        source,
        kind,
        confidence,
        columns: columns.collect(),
        stages: Vec::new(),
        currency: None,
        activity: ActivityForm::Note,
    };
    mapping.stages = stages(&mapping, survey);
    mapping.currency = currency(&mapping, survey);
    if headers.has("Ticket name") || key(&mapping.file).contains("ticket") {
        mapping.activity = ActivityForm::Service;
    }
    mapping
}

fn choice<T>(sniffed: Sniffed<T>, otherwise: T, example: &Option<String>) -> Choice<T> {
    match sniffed {
        Sniffed::Nothing => Choice::settled(otherwise),
        Sniffed::Certain(value) => Choice::settled(value),
        Sniffed::Ambiguous => Choice { value: otherwise, settled: false, example: example.clone() },
        Sniffed::Mixed(value) => Choice { value, settled: false, example: example.clone() },
    }
}

/// A column `Client` that says `New`, `Current` or `Past` answers a question; it names nobody.
fn drop_answers(fields: &mut [Option<Assigned>], survey: &Survey) {
    const ANSWERS: [&str; 22] = [
        "active", "big", "current", "existing", "former", "high", "inactive", "large", "low", "medium",
        "mid", "na", "new", "no", "none", "old", "other", "past", "prospect", "small", "unknown", "yes",
    ];
    for (slot, column) in fields.iter_mut().zip(&survey.columns) {
        let names = slot.is_some_and(|assigned| {
            assigned.confidence < Confidence::Certain
                && matches!(assigned.field, Field::Company | Field::Contact | Field::Product | Field::Owner)
        });
        let Some(distinct) = column.distinct.as_ref().filter(|distinct| names && !distinct.is_empty()) else {
            continue;
        };
        if distinct.keys().all(|name| ANSWERS.binary_search(&key(name).as_str()).is_ok()) {
            *slot = None;
        }
    }
}

/// Finds what a kind cannot do without by looking at values.
fn fill_by_values(fields: &mut [Option<Assigned>], kind: Kind, survey: &Survey) {
    let mut find = |field: Field, fits: &dyn Fn(&ColumnSurvey) -> bool| {
        if fields.iter().flatten().any(|assigned| assigned.field == field) {
            return;
        }
        let free = fields
            .iter_mut()
            .zip(&survey.columns)
            .find(|(slot, column)| slot.is_none() && column.filled > 0 && fits(column));
        if let Some((slot, _)) = free {
            *slot = Some(Assigned { field, rank: 0, confidence: Confidence::Guess });
        }
    };
    let wordy = |column: &ColumnSurvey| {
        column.dates.dates * 2 < column.filled
            && column.numbers.numbers * 2 < column.filled
            && column.email_share() < 0.5
    };
    match kind {
        Kind::Contact | Kind::Member => find(Field::Email, &|column| column.email_share() > 0.8),
        Kind::Company => find(Field::Website, &|column| column.link_share() > 0.8),
        Kind::Deal => find(Field::Amount, &|column| column.numbers.with_currency * 2 > column.filled),
        Kind::Product => find(Field::Price, &|column| column.numbers.with_currency * 2 > column.filled),
        Kind::DealContact | Kind::Activity | Kind::Task => {}
    }
    if matches!(kind, Kind::Company | Kind::Product | Kind::Member) {
        find(Field::Name, &wordy);
    }
}

fn stages(mapping: &Mapping, survey: &Survey) -> Vec<StageMeaning> {
    if mapping.kind != Some(Kind::Deal) {
        return Vec::new();
    }
    let distinct = mapping
        .stage_column()
        .and_then(|index| survey.columns.get(index))
        .and_then(|column| column.distinct.as_ref());
    let mut stages: Vec<StageMeaning> = distinct
        .into_iter()
        .flatten()
        .map(|(name, rows)| {
            let known = meaning(mapping.source, name);
            StageMeaning {
                name: name.clone(),
                rows: *rows,
                meaning: known.unwrap_or(Meaning::Hear),
                settled: known.is_some(),
            }
        })
        .collect();
    stages.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.name.cmp(&b.name)));
    stages.truncate(MAX_STAGES);
    stages
}

/// What a stage's name is known to mean: by the source, by usage, or because it says so (`Closed won - renewal`).
pub fn meaning(source: Source, name: &str) -> Option<Meaning> {
    let name = key(name);
    let own: Option<&&Dialect> = DIALECTS.iter().find(|dialect| dialect.source == source);
    let in_list = |list: &[(&str, Meaning)]| {
        list.iter().find(|(label, _)| key(label) == name).map(|(_, meaning)| *meaning)
    };
    own.and_then(|dialect| in_list(dialect.stages)).or_else(|| in_list(COMMON_STAGES)).or_else(|| {
        match (name.contains("closedwon"), name.contains("closedlost")) {
            (true, false) => Some(Meaning::Won),
            (false, true) => Some(Meaning::Lost),
            _ => None,
        }
    })
}

fn currency(mapping: &Mapping, survey: &Survey) -> Option<String> {
    if mapping.source == Source::CrmPipeline {
        return Some("USD".to_owned());
    }
    let money =
        mapping.columns.iter().zip(&survey.columns).filter(|(column, _)| shape(column) == Some(Shape::Money));
    let mut marks = money.filter_map(|(_, seen)| seen.numbers.currency);
    match marks.next() {
        Some(CurrencyMark::Clear(currency)) => Some(currency.code().to_owned()),
        _ => None,
    }
}

/// Lets what is certain in one column settle what is open in another: first in the same table, then in tables of the same known
/// source.
fn agree(mappings: &mut [Mapping], tables: &[(&Table, &Survey)]) {
    let evident: Vec<(Source, Option<DateOrder>, Option<DecimalMark>)> = mappings
        .iter()
        .zip(tables)
        .map(|(mapping, (_, survey))| {
            let used =
                mapping.columns.iter().zip(&survey.columns).filter(|(column, _)| column.field.is_some());
            let dates = only(
                used.clone()
                    .filter(|(column, _)| shape(column) == Some(Shape::Date))
                    .map(|(_, seen)| seen.dates.order()),
            );
            let numeric =
                used.filter(|(column, _)| matches!(shape(column), Some(Shape::Money | Shape::Number)));
            (mapping.source, dates, only(numeric.map(|(_, seen)| seen.numbers.mark())))
        })
        .collect();
    for (index, mapping) in mappings.iter_mut().enumerate() {
        let own = evident.get(index);
        let kin =
            || evident.iter().filter(|(source, ..)| *source == mapping.source && *source != Source::Any);
        let dates = own.and_then(|own| own.1).or_else(|| kin().find_map(|kin| kin.1));
        let mark = own.and_then(|own| own.2).or_else(|| kin().find_map(|kin| kin.2));
        for column in &mut mapping.columns {
            if let Some(order) = dates.filter(|_| !column.dates.settled) {
                column.dates = Choice::settled(order);
            }
            if let Some(mark) = mark.filter(|_| !column.mark.settled) {
                column.mark = Choice::settled(mark);
            }
        }
    }
}

fn shape(column: &Column) -> Option<Shape> {
    column.field.map(Field::shape)
}

/// The one certain answer among several columns; nothing if there is none or they differ.
fn only<T: PartialEq>(sniffed: impl Iterator<Item = Sniffed<T>>) -> Option<T> {
    let mut found = None;
    for one in sniffed {
        match one {
            Sniffed::Certain(value) if found.as_ref().is_none_or(|found| *found == value) => {
                found = Some(value)
            }
            Sniffed::Certain(_) | Sniffed::Mixed(_) => return None,
            Sniffed::Nothing | Sniffed::Ambiguous => {}
        }
    }
    found
}
