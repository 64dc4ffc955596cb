//! Twenty: `Id` first, composite fields as `Label / Sub label`, links as `Label Id`. Cells that could be formulas get an invisible mark
//! in front, lists are JSON, choices are their API names.

use super::{Dialect, TableShape};
use crate::import::field::{Field, Kind, Meaning, Source};

const COMMON: [(Field, &[&str]); 3] = [
    (Field::CreatedAt, &["Creation date"]),
    (Field::UpdatedAt, &["Last update"]),
    (Field::DeletedAt, &["Deleted at"]),
];

pub(super) const DIALECT: Dialect = Dialect {
    source: Source::Twenty,
    tables: &[
        TableShape {
            kind: Kind::Contact,
            all: &["Id", "=Name / First Name"],
            any: &[],
            none: &[],
            columns: &[
                (Field::Id, &["Id"]),
                (Field::FirstName, &["Name / First Name"]),
                (Field::LastName, &["Name / Last Name"]),
                (Field::Email, &["Emails / Primary Email"]),
                (Field::OtherEmails, &["Emails / Additional Emails"]),
                (Field::LinkedIn, &["Linkedin / Link URL"]),
                (Field::JobTitle, &["Job Title"]),
                (Field::Phone, &["Phones / Primary Phone Number"]),
                (Field::OtherPhone, &["Phones / Additional Phones"]),
                (Field::CompanyId, &["Company Id", "companyId"]),
                (Field::Company, &["Company"]),
                (Field::City, &["City"]),
                COMMON[0],
                COMMON[1],
                COMMON[2],
            ],
            times: &[],
        },
        TableShape {
            kind: Kind::Company,
            all: &["Id", "Name"],
            any: &[
                "=Domain Name / Link URL",
                "=Address / City",
                "=Address / Address 1",
                "=ARR / Amount",
                "ICP",
            ],
            none: &["Stage"],
            columns: &[
                (Field::Id, &["Id"]),
                (Field::Name, &["Name"]),
                (Field::Domain, &["Domain Name / Link URL"]),
                (Field::Street, &["Address / Address 1", "Address / Address 2"]),
                (Field::City, &["Address / City"]),
                (Field::Region, &["Address / State"]),
                (Field::Country, &["Address / Country"]),
                (Field::Postcode, &["Address / Post Code"]),
                (Field::Employees, &["Employees"]),
                (Field::LinkedIn, &["Linkedin / Link URL"]),
                (Field::Revenue, &["ARR / Amount"]),
                (Field::Currency, &["ARR / Currency"]),
                (Field::OwnerId, &["Account Owner Id", "accountOwnerId"]),
                COMMON[0],
                COMMON[1],
                COMMON[2],
            ],
            times: &[],
        },
        TableShape {
            kind: Kind::Deal,
            all: &["Id", "Stage"],
            any: &["=Amount / Amount", "Point of Contact Id"],
            none: &[],
            columns: &[
                (Field::Id, &["Id"]),
                (Field::Name, &["Name"]),
                (Field::Amount, &["Amount / Amount"]),
                (Field::Currency, &["Amount / Currency"]),
                (Field::CloseOn, &["Close date"]),
                (Field::Stage, &["Stage"]),
                (Field::ContactId, &["Point of Contact Id", "pointOfContactId"]),
                (Field::CompanyId, &["Company Id", "companyId"]),
                (Field::OwnerId, &["Owner Id", "ownerId"]),
                (Field::OpenedOn, &["Creation date"]),
                COMMON[1],
                COMMON[2],
            ],
            times: &[],
        },
    ],
    stages: &[
        ("NEW", Meaning::Hear),
        ("SCREENING", Meaning::Hear),
        ("MEETING", Meaning::Diagnose),
        ("PROPOSAL", Meaning::Propose),
        ("CUSTOMER", Meaning::Won),
    ],
};
