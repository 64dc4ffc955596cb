//! Small files of every source, made here, read to the end; and the real pipeline where it is at hand.

use super::field::{Field, Kind, Meaning, Source};
use super::intake::{Intake, Taken};
use super::mapping::{ActivityForm, Question};
use super::record::*;
use super::table::{Refusal, Upload};
use super::values::{DateOrder, DecimalMark};
use iso_currency::Currency;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn open(files: &[(&str, &str)]) -> Intake {
    let uploads: Vec<Upload> =
        files.iter().map(|(name, text)| Upload::bytes(name, text.as_bytes())).collect();
    Intake::open(&uploads)
}

fn read(intake: &Intake) -> (Vec<Entry>, Vec<Refusal>) {
    let (mut entries, mut refusals) = (Vec::new(), Vec::new());
    let broken = intake.read(Currency::EUR, |taken| {
        match taken {
            Taken::Entry { entry, .. } => entries.push(*entry),
            Taken::Refused { refusal, .. } => refusals.push(refusal),
        }
        ControlFlow::Continue(())
    });
    refusals.extend(broken);
    (entries, refusals)
}

fn deals(entries: &[Entry]) -> Vec<&DealRecord> {
    entries
        .iter()
        .filter_map(|entry| if let Record::Deal(deal) = &entry.record { Some(deal) } else { None })
        .collect()
}

fn contacts(entries: &[Entry]) -> Vec<&ContactRecord> {
    entries
        .iter()
        .filter_map(|entry| if let Record::Contact(contact) = &entry.record { Some(contact) } else { None })
        .collect()
}

fn companies(entries: &[Entry]) -> Vec<&CompanyRecord> {
    entries
        .iter()
        .filter_map(|entry| if let Record::Company(company) = &entry.record { Some(company) } else { None })
        .collect()
}

fn activities(entries: &[Entry]) -> Vec<&ActivityRecord> {
    entries
        .iter()
        .filter_map(
            |entry| if let Record::Activity(activity) = &entry.record { Some(activity) } else { None },
        )
        .collect()
}

fn recognised(intake: &Intake) -> Vec<(Source, Option<Kind>)> {
    intake.tables.iter().map(|understood| (understood.mapping.source, understood.mapping.kind)).collect()
}

fn day(moment: Option<super::values::Moment>) -> String {
    moment.map(|moment| moment.date.to_string()).unwrap_or_default()
}

#[test]
fn hubspot_exports_are_recognised_by_labels() {
    let intake = open(&[
        (
            "hubspot-crm-exports-deals-2026-01-02.csv",
            "Record ID,Deal Name,Last Activity Date,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Currency,Deal probability,Create Date,Associated Company,Associated Company IDs,Associated Contact,Associated Contact IDs,Favourite colour\n\
             101,Roof for Baker,2025-12-01 10:00,Closed Won,2025-12-24 09:30,Ada Lind,\"1250.5\",Sales Pipeline,USD,1,2025-10-01 08:00,Baker Ltd,11,Bo Baker;Cy Cook,21;22,green\n\
             102,Garden,,Contract Sent,2026-03-01,Ada Lind,,Sales Pipeline,,0.9,2025-11-01 08:00,Baker Ltd;Other Inc,11;12,,,\n",
        ),
        (
            "companies.csv",
            "Record ID,Company name,Company owner,Create Date,Phone Number,City,Country/Region,Industry,Company Domain Name,Number of Employees,Annual Revenue\n\
             11,Baker Ltd,Ada Lind,2025-01-01 00:00,+44 1,London,UK,Food,baker.example,25,1000000\n",
        ),
        (
            "contacts.csv",
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Primary Associated Company ID,Lead Status,Create Date,Associated Company\n\
             21,Bo,Baker,bo@baker.example,123,Ada Lind,11,,2025-01-02 03:04,Baker Ltd\n\
             22,,,not an address,,,,,,\n",
        ),
        (
            "tickets.csv",
            "Record ID,Ticket name,Ticket status,Priority,Pipeline,Ticket owner,Ticket description,Create date,Close date,Associated Company\n\
             31,Oven is cold,Closed,High,Support,Ada Lind,<p>It <b>is</b> cold</p>,2025-02-01 08:00,2025-02-02 09:00,Baker Ltd\n",
        ),
    ]);
    let hubspot = |kind| (Source::Hubspot, Some(kind));
    assert_eq!(
        recognised(&intake),
        [hubspot(Kind::Deal), hubspot(Kind::Company), hubspot(Kind::Contact), hubspot(Kind::Activity)]
    );
    assert_eq!(intake.questions(), [Question::Currency { file: "companies.csv".into() }]);
    let (entries, refusals) = read(&intake);
    let kinds: Vec<Kind> = entries.iter().map(|entry| entry.record.kind()).collect();
    assert_eq!(kinds, [Kind::Company, Kind::Contact, Kind::Deal, Kind::Deal, Kind::Activity]);
    assert_eq!(refusals[0].line, Some(3));
    assert!(refusals[0].reason.contains("no name"), "{refusals:?}");

    let won = deals(&entries)[0];
    assert_eq!(won.name, "Roof for Baker");
    assert!(matches!(&won.standing, Standing::Won(Some(on)) if on.date.to_string() == "2025-12-24"));
    assert_eq!(won.amount.map(|money| (money.minor, money.currency)), Some((125_050, Currency::USD)));
    assert_eq!(
        (day(won.opened), won.probability_permille, won.expected),
        ("2025-10-01".to_owned(), Some(1000), None)
    );
    assert_eq!(
        won.company,
        Some(Reference { id: Some("11".into()), name: Some("Baker Ltd".into()), email: None })
    );
    assert_eq!(
        won.contacts[1],
        Reference { id: Some("22".into()), name: Some("Cy Cook".into()), email: None }
    );
    let other: Vec<(&str, &str)> =
        entries[2].other.iter().map(|(header, text)| (&**header, text.as_str())).collect();
    assert!(
        other.contains(&("Favourite colour", "green"))
            && other.contains(&("Last Activity Date", "2025-12-01 10:00"))
    );
    assert_eq!(entries[2].key, ExternalKey { source: Source::Hubspot, kind: Kind::Deal, id: "101".into() });
    assert_eq!(entries[2].owner, Some(Reference::name("Ada Lind")));

    let open_deal = deals(&entries)[1];
    assert_eq!(
        (&open_deal.standing, open_deal.meaning, day(open_deal.expected)),
        (&Standing::Open, Some(Meaning::Agree), "2026-03-01".to_owned())
    );
    assert_eq!(open_deal.company.as_ref().and_then(|company| company.id.as_deref()), Some("11"));

    let ticket = activities(&entries)[0];
    assert_eq!(
        (ticket.form, ticket.body.as_deref(), ticket.status.as_deref()),
        (ActivityForm::Service, Some("It is cold"), Some("Closed"))
    );
    assert_eq!(companies(&entries)[0].domain.as_deref(), Some("baker.example"));
}

#[test]
fn hubspot_exports_are_recognised_by_internal_names() {
    let intake = open(&[(
        "deals.csv",
        "hs_object_id,dealname,dealstage,amount,closedate,hubspot_owner_id,associatedcompanyid\n5,Roof,closedlost,10,1735689600000,77,9\n",
    )]);
    assert_eq!(recognised(&intake), [(Source::Hubspot, Some(Kind::Deal))]);
    let (entries, _) = read(&intake);
    assert!(
        matches!(&deals(&entries)[0].standing, Standing::Lost(Some(on)) if on.date.to_string() == "2025-01-01")
    );
    assert_eq!(entries[0].owner.as_ref().and_then(|owner| owner.id.as_deref()), Some("77"));
}

#[test]
fn salesforce_data_exports_are_linked_by_id_whatever_their_case() {
    let intake = open(&[
        (
            "Task.csv",
            "Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,IsClosed,OwnerId,Description,TaskSubtype\n00T000000000001AAA,003000000000001AAA,006000000000001AAA,Call,2024-05-06,Completed,Normal,true,005000000000001AAA,Talked,Call\n00T000000000002AAA,,006000000000001AAA,Send offer,2024-06-06,Not Started,High,false,,,Task\n",
        ),
        (
            "OpportunityContactRole.csv",
            "Id,OpportunityId,ContactId,Role,IsPrimary\n00K1,006000000000001AAA,003000000000001AAA,Decision Maker,true\n",
        ),
        (
            "Opportunity.csv",
            "ID,ISDELETED,ACCOUNTID,NAME,STAGENAME,AMOUNT,PROBABILITY,CLOSEDATE,ISCLOSED,ISWON,OWNERID,CREATEDDATE,Loss__c\n006000000000001AAA,false,001000000000001,Big one,Negotiation/Review,1000.0,90,2024-12-31,false,false,005000000000001AAA,2024-01-15T10:30:00.000Z,x\n006000000000002AAA,false,001000000000001,Gone,Closed Lost,5,0,2024-03-01,true,false,,2024-01-15T10:30:00.000Z,\n006000000000003AAA,true,,Deleted one,Prospecting,,,2024-03-01,false,false,,,\n",
        ),
        (
            "Contact.csv",
            "Id,IsDeleted,AccountId,LastName,FirstName,Email,MobilePhone,Title,MailingCity\n003000000000001AAA,0,001000000000001AAA,Lind,Ada,ada@example.com,1,Owner,Oslo\n",
        ),
        (
            "Account.csv",
            "Id,Name,BillingStreet,BillingCity,BillingPostalCode,NumberOfEmployees,AnnualRevenue,ParentId,OwnerId\n001000000000001AAA,Acme,\"1 Road\nBack yard\",Oslo,0150,12,5000000,,005000000000001AAA\n",
        ),
        (
            "User.csv",
            "Id,Username,FirstName,LastName,Name,Email,IsActive,ProfileId\n005000000000001AAA,ada@x.example,Ada,Lind,Ada Lind,ada@x.example,true,00e\n",
        ),
    ]);
    let of = |kind| (Source::Salesforce, Some(kind));
    assert_eq!(
        recognised(&intake),
        [
            of(Kind::Task),
            of(Kind::DealContact),
            of(Kind::Deal),
            of(Kind::Contact),
            of(Kind::Company),
            of(Kind::Member)
        ]
    );
    let (entries, refusals) = read(&intake);
    let kinds: Vec<Kind> = entries.iter().map(|entry| entry.record.kind()).collect();
    assert_eq!(
        kinds,
        [
            Kind::Member,
            Kind::Company,
            Kind::Contact,
            Kind::Deal,
            Kind::Deal,
            Kind::DealContact,
            Kind::Activity,
            Kind::Task
        ]
    );
    assert_eq!(refusals.len(), 1);
    assert_eq!(
        (refusals[0].file.as_str(), refusals[0].line, refusals[0].reason.as_str()),
        ("Opportunity.csv", Some(4), "it is deleted in Salesforce")
    );
    assert_eq!(entries[1].key.id, "001000000000001");
    assert_eq!(
        deals(&entries)[0].company.as_ref().and_then(|company| company.id.as_deref()),
        Some("001000000000001")
    );
    assert_eq!(
        (deals(&entries)[0].probability_permille, day(deals(&entries)[0].opened)),
        (Some(900), "2024-01-15".to_owned())
    );
    assert!(matches!(deals(&entries)[1].standing, Standing::Lost(Some(_))));
    let call = activities(&entries)[0];
    assert_eq!(
        (call.form, day(call.at), call.at.and_then(|at| at.time)),
        (ActivityForm::Call, "2024-05-06".to_owned(), None)
    );
    assert_eq!(
        call.about.related.as_ref().and_then(|related| related.id.as_deref()),
        Some("006000000000001")
    );
}

#[test]
fn a_salesforce_report_is_read_by_its_labels_and_its_footer_is_no_row() {
    let intake = open(&[(
        "report.csv",
        "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount Currency,Amount,Close Date,Created Date\n\
         Ada Lind,Acme,Big one,Closed Won,Q1-2024,USD,\"1,000.00\",1/31/2024,1/2/2024\n\
         \n\
         Grand Totals (1 record),,,,,,,,\nConfidential Information - Do Not Distribute\n",
    )]);
    assert_eq!(recognised(&intake), [(Source::Salesforce, Some(Kind::Deal))]);
    assert_eq!(intake.questions(), [], "the close date settles the order of the other column");
    let (entries, refusals) = read(&intake);
    assert_eq!(
        (day(deals(&entries)[0].opened), deals(&entries)[0].amount.map(|money| money.minor)),
        ("2024-01-02".to_owned(), Some(100_000))
    );
    assert_eq!(refusals.iter().map(|refusal| refusal.line).collect::<Vec<_>>(), [Some(4), Some(5)]);
}

#[test]
fn both_dialects_of_pipedrive_say_the_same() {
    let headers = [
        "ID",
        "Title",
        "Owner",
        "Value",
        "Currency of Value",
        "Organization",
        "Contact person",
        "Pipeline",
        "Stage",
        "Status",
        "Deal created",
        "Won time",
        "Lost time",
        "Lost reason",
        "Expected close date",
        "Label",
    ];
    let rows = "1,Roof,Ada Lind,1000,EUR,Acme,Bo Baker,Sales,Negotiations Started,Won,2024-01-02 03:04:05,2024-02-03 04:05:06,,,,\"Hot, Local\"\n2,Garden,Ada Lind,50,EUR,Acme,,Sales,Contact Made,Lost,2024-01-02 03:04:05,,2024-02-04 04:05:06,Too early,,\n3,Yard,Ada Lind,50,EUR,Acme,,Sales,Handshake,Open,2024-01-02 03:04:05,,,,2024-05-05,\n";
    let older = format!("{}\n{rows}", headers.map(|header| format!("Deal - {header}")).join(","));
    let newer = format!("{}\n{rows}", headers.join(","));
    let mut read_twice = [older, newer].map(|text| {
        let intake = open(&[("deals-1.csv", &text)]);
        assert_eq!(recognised(&intake), [(Source::Pipedrive, Some(Kind::Deal))]);
        let unknown = Question::Stage {
            file: "deals-1.csv".into(),
            name: "Handshake".into(),
            rows: 1,
            suggested: Meaning::Hear,
        };
        assert_eq!(intake.questions(), std::slice::from_ref(&unknown));
        assert!(!unknown.must_be_answered());
        read(&intake).0
    });
    let [older, newer] = &mut read_twice;
    assert_eq!(older, newer);
    let deals = deals(newer);
    assert!(matches!(&deals[0].standing, Standing::Won(Some(on)) if on.date.to_string() == "2024-02-03"));
    assert!(matches!(&deals[1].standing, Standing::Lost(Some(on)) if on.date.to_string() == "2024-02-04"));
    assert_eq!(
        (deals[1].lost_reason.as_deref(), deals[0].tags.len(), day(deals[2].expected)),
        (Some("Too early"), 2, "2024-05-05".to_owned())
    );
}

#[test]
fn pipedrive_people_organizations_activities_and_notes_are_told_apart() {
    let intake = open(&[
        (
            "notes.csv",
            "ID,Content,Add time,User,Deal ID,Deal title,Organization\n1,<p>Likes tea</p>,2024-03-03 10:00:00,Ada Lind,1,Roof,Acme\n",
        ),
        (
            "activities.csv",
            "ID,Subject,Type,Done,Due date,Due time,Duration,Deal,Deal ID,Organization,Contact person,Assigned to user\n1,Talk,call,Done,2024-03-01,14:30,00:45,Roof,1,Acme,Bo Baker,Ada Lind\n2,Next,meeting,To do,2024-04-01,,,Roof,1,Acme,,Ada Lind\n",
        ),
        (
            "people.csv",
            "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Mobile,Person - Owner\n7,Bo Baker,Acme,bo@acme.example,bo@home.example,123,Ada Lind\n",
        ),
        ("organizations.csv", "ID,Name,Address,People,Open deals,Owner\n9,Acme,1 Road,1,2,Ada Lind\n"),
        ("template.csv", "Person - Name *,Person - Email (Work)\nCy Cook,cy@x.example\n"),
    ]);
    let of = |kind| (Source::Pipedrive, Some(kind));
    assert_eq!(
        recognised(&intake),
        [of(Kind::Activity), of(Kind::Activity), of(Kind::Contact), of(Kind::Company), of(Kind::Contact)]
    );
    let (entries, refusals) = read(&intake);
    assert_eq!(refusals, []);
    let people = contacts(&entries);
    assert_eq!(people[0].emails, ["bo@acme.example", "bo@home.example"]);
    assert_eq!(people[1].emails, ["cy@x.example"]);
    let happened = activities(&entries);
    assert_eq!((happened[0].form, happened[0].body.as_deref()), (ActivityForm::Note, Some("Likes tea")));
    assert_eq!((happened[1].form, happened[1].duration_minutes), (ActivityForm::Call, Some(45)));
    assert_eq!(
        happened[1].at.and_then(|at| at.time).map(|time| time.to_string()),
        Some("14:30:00".to_owned())
    );
    assert!(entries.iter().any(|entry| matches!(&entry.record, Record::Task(task) if task.subject == "Next" && day(task.due) == "2024-04-01" && task.done.is_none())));
}

#[test]
fn twenty_exports_lose_their_invisible_marks() {
    let intake = open(&[
        (
            "opportunities.csv",
            "Id,Name,Amount / Amount,Amount / Currency,Close date,Stage,Point of Contact Id,Company Id,Owner Id,Creation date,Deleted at\no1,\u{200D}=Roof,1200.5,CHF,2026-01-01T00:00:00.000Z,CUSTOMER,p1,c1,m1,2025-01-01T00:00:00.000Z,\no2,Shed,,,,SCREENING,,,,,2025-05-05T00:00:00.000Z\n",
        ),
        (
            "people.csv",
            "Id,Name / First Name,Name / Last Name,Emails / Primary Email,Emails / Additional Emails,Phones / Primary Phone Number,Company Id,Job Title\np1,Ada,Lind,ada@x.example,\"[\"\"ada@home.example\"\"]\",\u{200D}+47 1,c1,Owner\n",
        ),
        (
            "companies.csv",
            "Id,Name,Domain Name / Link URL,Address / City,Employees,ARR / Amount,ARR / Currency,ICP,Account Owner Id\nc1,Acme,https://www.acme.example,Oslo,12,1000,EUR,TRUE,m1\n",
        ),
    ]);
    let of = |kind| (Source::Twenty, Some(kind));
    assert_eq!(recognised(&intake), [of(Kind::Deal), of(Kind::Contact), of(Kind::Company)]);
    let (entries, refusals) = read(&intake);
    assert_eq!(deals(&entries)[0].name, "=Roof");
    assert!(matches!(deals(&entries)[0].standing, Standing::Won(Some(_))));
    assert_eq!(
        deals(&entries)[0].amount.map(|money| (money.minor, money.currency)),
        Some((120_050, Currency::CHF))
    );
    assert_eq!(contacts(&entries)[0].emails, ["ada@x.example", "ada@home.example"]);
    assert_eq!(contacts(&entries)[0].phones, ["+47 1"]);
    assert_eq!(
        (companies(&entries)[0].domain.as_deref(), companies(&entries)[0].revenue.map(|money| money.minor)),
        (Some("acme.example"), Some(100_000))
    );
    assert_eq!(refusals[0].reason, "it is deleted in Twenty");
}

#[test]
fn a_spreadsheet_of_ones_own_is_understood_in_several_languages() {
    let intake = open(&[
        (
            "Verkaufschancen.csv",
            "Projekt;Kunde;Phase;Betrag;Abschlussdatum;Betreuer\nDach;Bäckerei Grün;Angebot;1.250,50 €;31.12.2025;Ada\nGarten;Bäckerei Grün;Gewonnen;500,- €;01.02.2025;Ada\n",
        ),
        (
            "kontakte.csv",
            "Vorname;Nachname;Firma;E-Mail;Telefon\nBo;Grün;Bäckerei Grün;bo@gruen.example;030 1\n",
        ),
        ("preise.csv", "Artikel;Preis\nDachziegel;1,50 €\nPflanze;12,00 €\n"),
        (
            "clients.csv",
            "Entreprise;Secteur;Effectif;Ville;Site web\nBoulangerie;Alimentation;12;Lyon;https://boulangerie.example\n",
        ),
        ("todo.csv", "Task,Due date,Done\nCall Bo,2026-01-01,no\n"),
    ]);
    let of = |kind| (Source::Any, Some(kind));
    assert_eq!(
        recognised(&intake),
        [of(Kind::Deal), of(Kind::Contact), of(Kind::Product), of(Kind::Company), of(Kind::Task)]
    );
    assert_eq!(intake.questions(), []);
    let (entries, refusals) = read(&intake);
    assert_eq!(refusals, []);
    let open_deal = deals(&entries)[0];
    assert_eq!(
        (open_deal.amount.map(|money| money.minor), day(open_deal.expected), open_deal.meaning),
        (Some(125_050), "2025-12-31".to_owned(), Some(Meaning::Propose))
    );
    assert!(
        matches!(&deals(&entries)[1].standing, Standing::Won(Some(on)) if on.date.to_string() == "2025-02-01")
    );
    assert_eq!(companies(&entries)[0].employees, Some(12));
}

#[test]
fn what_is_ambiguous_is_asked_and_the_answer_is_taken() {
    let text = "Deal;Amount;Close date;Stage\nRoof;1,500;03/04/2025;Blue\nShed;2,500;05/06/2025;Won\n";
    let mut intake = open(&[("deals.csv", text)]);
    let questions = intake.questions();
    assert_eq!(questions.iter().filter(|question| question.must_be_answered()).count(), 2);
    assert!(matches!(&questions[0], Question::DateOrder { example, .. } if example == "03/04/2025"));
    assert!(
        matches!(&questions[1], Question::DecimalMark { example, suggested: DecimalMark::Comma, .. } if example == "1,500")
    );
    assert!(
        questions.iter().any(|question| matches!(question, Question::Stage { name, .. } if name == "Blue"))
    );
    let mapping = &mut intake.tables[0].mapping;
    mapping.say_dates(Some("Close date"), DateOrder::MonthFirst);
    mapping.say_mark(None, DecimalMark::Point);
    mapping.say_stage("blue", Meaning::Lost);
    mapping.currency = Some("USD".into());
    assert_eq!(intake.questions(), []);
    let (entries, _) = read(&intake);
    let deals = deals(&entries);
    assert!(matches!(&deals[0].standing, Standing::Lost(Some(on)) if on.date.to_string() == "2025-03-04"));
    assert_eq!(deals[0].amount.map(|money| (money.minor, money.currency)), Some((150_000, Currency::USD)));
}

#[test]
fn a_person_can_correct_the_mapping_and_store_it() {
    let mut intake = open(&[("list.csv", "Who,Thing\nAda,Roof\n")]);
    assert_eq!(intake.questions(), [Question::Kind { file: "list.csv".into() }]);
    assert_eq!(read(&intake).0, []);
    let mapping = &mut intake.tables[0].mapping;
    mapping.kind = Some(Kind::Deal);
    assert!(mapping.say_field("Thing", Some(Field::Name)));
    assert!(!mapping.say_field("Who", Some(Field::FirstName)), "a deal has no first name");
    assert!(mapping.say_field("Who", Some(Field::Contact)));
    let stored = serde_json::to_string(mapping).unwrap();
    intake.tables[0].mapping = serde_json::from_str(&stored).unwrap();
    let (entries, _) = read(&intake);
    assert_eq!(deals(&entries)[0].contacts, [Reference::name("Ada")]);
}

#[test]
fn money_and_dates_that_cannot_be_read_refuse_the_row_and_nothing_else_does() {
    let intake = open(&[(
        "deals.csv",
        "Deal,Amount,Close date,Stage,Probability\nA,twelve,2025-01-01,Won,10\nB,12,32/01/2025,Won,10\nC,12,2025-01-01,Won,often\nD,n/a,-,Open,\n",
    )]);
    let (entries, refusals) = read(&intake);
    let reasons: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "“Amount” is “twelve”, but it should be an amount such as 1234.50",
            "“Close date” is “32/01/2025”, but it should be a date such as 2024-12-31"
        ]
    );
    assert_eq!(
        entries[0].notes,
        ["“Probability” is “often”, but it should be a percentage between 0 and 100"]
    );
    assert_eq!(entries[0].other, [("Probability".into(), "often".to_owned())]);
    assert_eq!(deals(&entries)[1].amount, None);
}

#[test]
fn rows_without_an_id_keep_their_key_and_equal_rows_stay_two() {
    let text = "Deal,Client,Created,Amount\nRoof,Acme,2025-01-01,5\nRoof,Acme,2025-01-01,5\nRoof,Acme,2025-02-01,5\n";
    let keys = |text: &str| {
        read(&open(&[("deals.csv", text)])).0.into_iter().map(|entry| entry.key.id).collect::<Vec<_>>()
    };
    let first = keys(text);
    assert_eq!(first[1], format!("{}~2", first[0]));
    assert_ne!(first[0], first[2]);
    assert_eq!(keys(&text.replace(",5\n", ",7\n")), first, "a changed amount is a change, not another deal");
}

#[test]
fn a_wide_row_a_formula_and_an_unknown_column_lose_nothing() {
    let intake = open(&[(
        "contacts.csv",
        "Full name,Email,Shoe size,Shoe size,Email\n=cmd|x,a@b.example,44,45,c@d.example\n",
    )]);
    let (entries, _) = read(&intake);
    assert_eq!(contacts(&entries)[0].name, "=cmd|x");
    let other: BTreeMap<&str, &str> =
        entries[0].other.iter().map(|(header, text)| (&**header, text.as_str())).collect();
    assert_eq!(other, BTreeMap::from([("Shoe size", "44"), ("Shoe size (2)", "45")]));
}

#[test]
fn near_names_are_read_as_what_is_meant() {
    let intake = open(&[
        ("products.csv", "Product,Price\nGTX Pro,4821\nMG Special,55\n"),
        (
            "deals.csv",
            "Deal,Product,Stage,Amount\nA,GTXPro,Won,1\nB,MG Specail,Won,1\nC,Something else,Won,1\n",
        ),
    ]);
    let near: Vec<(&str, &str, bool)> = intake
        .near_names
        .iter()
        .map(|near| (near.said.as_str(), near.meant.as_str(), near.applied))
        .collect();
    assert_eq!(near, [("GTXPro", "GTX Pro", true), ("MG Specail", "MG Special", true)]);
    let (entries, _) = read(&intake);
    let products: Vec<Option<&str>> = deals(&entries)
        .iter()
        .map(|deal| deal.product.as_ref().and_then(|product| product.name.as_deref()))
        .collect();
    assert_eq!(products, [Some("GTX Pro"), Some("MG Special"), Some("Something else")]);
}

#[test]
fn mixed_date_orders_are_asked_about() {
    let intake = open(&[(
        "deals.csv",
        "Deal,Stage,Close date\nA,Won,13/01/2025\nB,Won,14/01/2025\nC,Won,01/15/2025\n",
    )]);
    assert!(matches!(&intake.questions()[0], Question::DateOrder { suggested: DateOrder::DayFirst, .. }));
    let (entries, refusals) = read(&intake);
    assert_eq!((entries.len(), refusals.len()), (2, 1));
}

/// The folder of data that is beside a checkout of the repository on some machines.
fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    root.ancestors().skip(1).map(|above| above.join("shared/data")).find(|folder| folder.is_dir())
}

fn pipeline() -> Option<[PathBuf; 4]> {
    let folder = shared()?.join("crm-pipeline");
    let files = ["sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv"]
        .map(|name| folder.join(name));
    files.iter().all(|file| file.exists()).then_some(files)
}

#[test]
fn the_real_pipeline_of_four_files_is_understood_whole() {
    let Some(files) = pipeline() else {
        eprintln!("skipped: the pipeline data is not on this machine");
        return;
    };
    let uploads: Vec<Upload> = files.iter().map(|file| Upload::path(file)).collect();
    let intake = Intake::open(&uploads);
    let of = |kind| (Source::CrmPipeline, Some(kind));
    assert_eq!(recognised(&intake), [of(Kind::Deal), of(Kind::Company), of(Kind::Product), of(Kind::Member)]);
    assert_eq!(intake.questions(), []);
    assert_eq!(
        intake
            .near_names
            .iter()
            .map(|near| (near.said.as_str(), near.meant.as_str(), near.rows))
            .collect::<Vec<_>>(),
        [("GTXPro", "GTX Pro", 1480)]
    );
    let rows = intake.rows();
    assert_eq!(
        (rows[&Kind::Deal], rows[&Kind::Company], rows[&Kind::Product], rows[&Kind::Member]),
        (8_800, 85, 7, 35)
    );

    let (entries, refusals) = read(&intake);
    assert_eq!((entries.len(), refusals.len()), (8_927, 0));
    assert_eq!(entries[0].record.kind(), Kind::Member);
    let deals = deals(&entries);
    let mut standings: BTreeMap<&str, usize> = BTreeMap::new();
    for deal in &deals {
        *standings.entry(deal.stage.as_deref().unwrap_or("none")).or_default() += 1;
        match &deal.standing {
            Standing::Won(on) => assert!(on.is_some() && deal.amount.is_some() && deal.opened.is_some()),
            Standing::Lost(on) => assert!(on.is_some() && deal.amount.is_none() && deal.opened.is_some()),
            Standing::Open => assert_eq!(deal.opened.is_some(), deal.stage.as_deref() == Some("Engaging")),
        }
    }
    assert_eq!(
        standings,
        BTreeMap::from([("Engaging", 1_589), ("Lost", 2_473), ("Prospecting", 500), ("Won", 4_238)])
    );
    assert_eq!(deals.iter().filter(|deal| deal.company.is_none()).count(), 1_425);
    let first = deals[0];
    assert_eq!(
        (first.name.as_str(), day(first.opened)),
        ("GTX Plus Basic for Cancity", "2016-10-20".to_owned())
    );
    let acme = companies(&entries)[0];
    assert_eq!(
        acme.revenue.map(|money| (money.minor, money.currency)),
        Some((110_004_000_000, Currency::USD))
    );
    assert_eq!(
        (acme.founded, acme.employees, acme.address.country.as_deref()),
        (Some(1996), Some(2822), Some("United States"))
    );
    assert_eq!(companies(&entries).iter().filter(|company| company.parent.is_some()).count(), 15);
    assert!(entries.iter().any(|entry| matches!(&entry.record, Record::Member(member) if member.name == "Anna Snelling" && member.manager.as_deref() == Some("Dustin Brinkmann") && member.office.as_deref() == Some("Central"))));

    let mut turned = uploads;
    turned.reverse();
    assert_eq!(read(&Intake::open(&turned)).0, entries, "the order of the files does not matter");
}

#[test]
fn the_qualification_table_reads_without_a_refusal() {
    let Some(file) =
        shared().map(|folder| folder.join("qualification/b2b-deals.csv")).filter(|file| file.exists())
    else {
        eprintln!("skipped: the qualification data is not on this machine");
        return;
    };
    let intake = Intake::open(&[Upload::path(&file)]);
    assert!(intake.refusals.is_empty() && intake.tables[0].survey.rows > 200);
    assert_eq!(intake.tables[0].survey.unreadable, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_row_of_any_table_is_taken_or_refused(
        headers in proptest::sample::subsequence(vec!["Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Email", "Company", "Product", "Currency", "Due date", "Subject", "Done", "Name", "Probability"], 1..8),
        rows in proptest::collection::vec(proptest::collection::vec("[ -~]{0,10}|[0-9/.,-]{0,10}|Won|2025-01-01|\\PC{0,6}", 8), 0..20),
    ) {
        let mut text = headers.join(",");
        text.push('\n');
        for row in &rows {
            let cells: Vec<String> = row.iter().take(headers.len()).map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        let mut intake = open(&[("deals.csv", &text)]);
        if let Some(understood) = intake.tables.first_mut() {
            for kind in Kind::ALL {
                understood.mapping.kind = Some(kind);
                let rows = understood.survey.rows;
                let pretend = Intake { tables: vec![super::intake::Understood { table: understood.table.clone(), survey: understood.survey.clone(), mapping: understood.mapping.clone() }], refusals: vec![], left_aside: vec![], near_names: vec![] };
                let (entries, refusals) = read(&pretend);
                prop_assert_eq!((entries.len() + refusals.len()) as u64, rows);
            }
        }
    }
}
