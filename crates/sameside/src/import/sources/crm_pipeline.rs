//! The sample of a fictional seller's pipeline in four files: accounts (revenue in millions of dollars), products, sales teams and
//! opportunities. Closed deals carry what was really paid, lost ones 0; about one deal in six names no account.

use super::{Dialect, TableShape};
use crate::import::field::{Field, Kind, Meaning, Source};

pub(super) const DIALECT: Dialect = Dialect {
    source: Source::CrmPipeline,
    tables: &[
        TableShape {
            kind: Kind::Deal,
            all: &["opportunity_id", "deal_stage", "close_value"],
            any: &["engage_date", "sales_agent"],
            none: &[],
            columns: &[
                (Field::Id, &["opportunity_id"]),
                (Field::Owner, &["sales_agent"]),
                (Field::Product, &["product"]),
                (Field::Company, &["account"]),
                (Field::Stage, &["deal_stage"]),
                (Field::OpenedOn, &["engage_date"]),
                (Field::CloseOn, &["close_date"]),
                (Field::Amount, &["close_value"]),
            ],
            times: &[],
        },
        TableShape {
            kind: Kind::Company,
            all: &["account", "sector"],
            any: &["year_established", "office_location", "subsidiary_of"],
            none: &["opportunity_id"],
            columns: &[
                (Field::Name, &["account"]),
                (Field::Industry, &["sector"]),
                (Field::Founded, &["year_established"]),
                (Field::Revenue, &["revenue"]),
                (Field::Employees, &["employees"]),
                (Field::Country, &["office_location"]),
                (Field::Parent, &["subsidiary_of"]),
            ],
            times: &[(Field::Revenue, 1_000_000)],
        },
        TableShape {
            kind: Kind::Product,
            all: &["product", "sales_price"],
            any: &["series"],
            none: &["opportunity_id"],
            columns: &[
                (Field::Name, &["product"]),
                (Field::Category, &["series"]),
                (Field::Price, &["sales_price"]),
            ],
            times: &[],
        },
        TableShape {
            kind: Kind::Member,
            all: &["sales_agent", "manager"],
            any: &["regional_office"],
            none: &["opportunity_id"],
            columns: &[
                (Field::Name, &["sales_agent"]),
                (Field::Manager, &["manager"]),
                (Field::Office, &["regional_office"]),
            ],
            times: &[],
        },
    ],
    stages: &[
        ("Prospecting", Meaning::Hear),
        ("Engaging", Meaning::Diagnose),
        ("Won", Meaning::Won),
        ("Lost", Meaning::Lost),
    ],
};
