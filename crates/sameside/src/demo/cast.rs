//! Fieldwork Software: its members, teams and products with their profiles.

use crate::accounts::{Role, Sees};
use crate::base::Source;
use crate::diagnosis::Parameter;

/// One of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Us {
    Ada,
    Ben,
    Carla,
    Davit,
    Ewa,
    Farid,
    Greta,
    Hugo,
    Ines,
}

/// A member as they join.
#[derive(Debug)]
pub(super) struct Joining {
    pub(super) who: Us,
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) sees: Sees,
    /// The place of the team among [`TEAMS`].
    pub(super) team: Option<usize>,
    /// Left so many days ago.
    pub(super) left_days_ago: Option<i64>,
}

/// Our teams.
pub(super) const TEAMS: &[&str] = &["Shops and kitchens", "Schools and care"];

const fn joining(who: Us, name: &'static str, role: Role, sees: Sees, team: Option<usize>) -> Joining {
    Joining { who, name, role, sees, team, left_days_ago: None }
}

/// Ada first: she owns the workspace.
pub(super) const MEMBERS: &[Joining] = &[
    joining(Us::Ada, "Ada Lind", Role::Owner, Sees::All, None),
    joining(Us::Ben, "Ben Okafor", Role::Admin, Sees::All, None),
    joining(Us::Carla, "Carla Moreau", Role::Manager, Sees::All, Some(0)),
    joining(Us::Davit, "Davit Ruiz", Role::Seller, Sees::All, Some(0)),
    joining(Us::Ewa, "Ewa Brandt", Role::Manager, Sees::All, Some(1)),
    joining(Us::Farid, "Farid Haddad", Role::Seller, Sees::Team, Some(1)),
    joining(Us::Greta, "Greta Solheim", Role::Seller, Sees::Own, Some(1)),
    joining(Us::Hugo, "Hugo Tan", Role::Viewer, Sees::All, None),
    Joining { left_days_ago: Some(310), ..joining(Us::Ines, "Ines Vogel", Role::Seller, Sees::All, Some(0)) },
];

impl Us {
    /// Their full name.
    pub(super) fn name(self) -> &'static str {
        MEMBERS.iter().find(|member| member.who == self).map_or("", |member| member.name)
    }
}

/// A figure of a profile: what, how much, how we know, and how it was found.
pub(super) type Profile = (Parameter, [f64; 3], Source, &'static str, &'static str);

/// What we offer.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) name: &'static str,
    pub(super) family: &'static str,
    pub(super) price: f64,
    pub(super) note: &'static str,
    /// When it does not help.
    pub(super) limits: &'static [&'static str],
    pub(super) profile: &'static [Profile],
}

use Parameter::{Adoption, Benefit, Delay, Delivery, Hours, Price, Service, Success};
use Source::{ClientSaid, Measured, OurEstimate};

/// Everything we offer, with what it did so far.
pub(super) const PRODUCTS: &[Offer] = &[
    Offer {
        name: "Online ordering",
        family: "Selling",
        price: 9_500.0,
        note: "Takes orders for shops, kitchens and stalls. Not for more than 40 shops at once, and not for home delivery by night.",
        limits: &["They have more than 40 shops.", "They deliver to homes by night."],
        profile: &[
            (Price, [6_500.0, 9_500.0, 14_000.0], Measured, "our invoices", "54 agreements"),
            (Delivery, [3_100.0, 3_900.0, 5_200.0], Measured, "our time sheets", "last 31 deliveries"),
            (Service, [20.0, 35.0, 70.0], Measured, "our time sheets", "a year of questions"),
            (Hours, [7.0, 12.0, 24.0], Measured, "our time sheets", "until they decided"),
            (Benefit, [900.0, 1_900.0, 3_100.0], ClientSaid, "22 clients", "asked a year after"),
            (Success, [0.72, 0.82, 0.9], Measured, "our outcomes", "41 of 50 reached what they wanted"),
            (Delay, [1.0, 1.5, 3.0], Measured, "our outcomes", "from go-live to the first good month"),
            (
                Adoption,
                [200.0, 500.0, 1_200.0],
                ClientSaid,
                "22 clients",
                "their hours for pictures and prices",
            ),
        ],
    },
    Offer {
        name: "Bookings",
        family: "Selling",
        price: 7_800.0,
        note: "Appointments by page and phone, with reminders. Not for hospitals.",
        limits: &["It is a hospital."],
        profile: &[
            (Price, [4_800.0, 7_800.0, 12_500.0], Measured, "our invoices", "61 agreements"),
            (Delivery, [2_300.0, 3_000.0, 4_100.0], Measured, "our time sheets", "last 40 deliveries"),
            (Service, [15.0, 30.0, 60.0], Measured, "our time sheets", "a year of questions"),
            (Hours, [6.0, 10.0, 19.0], Measured, "our time sheets", "until they decided"),
            (
                Benefit,
                [800.0, 1_600.0, 2_600.0],
                ClientSaid,
                "26 clients",
                "missed appointments, before and after",
            ),
            (Success, [0.78, 0.86, 0.92], Measured, "our outcomes", "49 of 57 reached what they wanted"),
            (Delay, [0.5, 1.0, 2.0], Measured, "our outcomes", "from go-live to the first good month"),
            (Adoption, [150.0, 400.0, 900.0], ClientSaid, "26 clients", "their hours for calendars"),
        ],
    },
    Offer {
        name: "Shared inbox",
        family: "Answering",
        price: 3_600.0,
        note: "Letters and messages of a small team in one place, so that nobody is forgotten. Not a call centre.",
        limits: &["It is a call centre."],
        profile: &[
            (Price, [2_400.0, 3_600.0, 6_000.0], Measured, "our invoices", "33 agreements"),
            (Delivery, [900.0, 1_300.0, 2_000.0], Measured, "our time sheets", "last 20 deliveries"),
            (Service, [8.0, 15.0, 35.0], Measured, "our time sheets", "a year of questions"),
            (Hours, [3.0, 5.0, 10.0], Measured, "our time sheets", "until they decided"),
            (Benefit, [350.0, 700.0, 1_300.0], ClientSaid, "14 clients", "hours of answering saved"),
            (Success, [0.8, 0.88, 0.94], Measured, "our outcomes", "25 of 28 reached what they wanted"),
            (Delay, [0.3, 0.8, 1.5], Measured, "our outcomes", "from go-live to the first good month"),
            (Adoption, [50.0, 200.0, 500.0], OurEstimate, "Carla Moreau", "a morning of learning each"),
        ],
    },
    Offer {
        name: "Pupil records",
        family: "Records",
        price: 26_000.0,
        note: "One record a child, from enrolment to leaving. Not for universities.",
        limits: &["It is a university.", "The old records may not leave the building."],
        profile: &[
            (Price, [16_000.0, 26_000.0, 44_000.0], Measured, "our invoices", "19 agreements"),
            (Delivery, [9_500.0, 12_500.0, 17_500.0], Measured, "our time sheets", "last 15 deliveries"),
            (Service, [60.0, 110.0, 200.0], Measured, "our time sheets", "a year of questions"),
            (Hours, [16.0, 28.0, 55.0], Measured, "our time sheets", "until they decided"),
            (
                Benefit,
                [2_400.0, 4_600.0, 7_600.0],
                ClientSaid,
                "9 schools",
                "office hours, and letters not sent twice",
            ),
            (Success, [0.68, 0.8, 0.9], Measured, "our outcomes", "13 of 16 reached what they wanted"),
            (Delay, [2.0, 3.0, 5.0], Measured, "our outcomes", "a term"),
            (Adoption, [1_000.0, 2_500.0, 5_000.0], ClientSaid, "9 schools", "moving the old records"),
        ],
    },
    Offer {
        name: "Stock and labels",
        family: "Records",
        price: 6_400.0,
        note: "What is on the shelf, and what is printed on it. Not for medicines.",
        limits: &["They store medicines.", "Fewer than three people share the shelf."],
        profile: &[
            (Price, [4_000.0, 6_400.0, 11_000.0], Measured, "our invoices", "38 agreements"),
            (Delivery, [2_000.0, 2_700.0, 3_700.0], Measured, "our time sheets", "last 25 deliveries"),
            (Service, [15.0, 28.0, 55.0], Measured, "our time sheets", "a year of questions"),
            (Hours, [5.0, 9.0, 17.0], Measured, "our time sheets", "until they decided"),
            (Benefit, [500.0, 1_150.0, 2_100.0], ClientSaid, "17 clients", "counted at two stocktakes"),
            (Success, [0.7, 0.8, 0.88], Measured, "our outcomes", "28 of 35 reached what they wanted"),
            (Delay, [1.0, 2.0, 3.0], Measured, "our outcomes", "the first stocktake"),
            (Adoption, [200.0, 600.0, 1_400.0], ClientSaid, "17 clients", "counting everything once"),
        ],
    },
    Offer {
        name: "Day routes",
        family: "Moving",
        price: 14_000.0,
        note: "Rounds of vans and bicycles between 6 and 20 o'clock. Does not do night routes.",
        limits: &["The rounds are driven by night.", "The drivers have no telephone."],
        profile: &[
            (Price, [9_000.0, 14_000.0, 24_000.0], Measured, "our invoices", "11 agreements"),
            (Delivery, [5_200.0, 7_000.0, 9_800.0], Measured, "our time sheets", "all 11 deliveries"),
            (Service, [40.0, 80.0, 150.0], Measured, "our time sheets", "a year of questions"),
            (Hours, [10.0, 18.0, 34.0], Measured, "our time sheets", "until they decided"),
            (
                Benefit,
                [900.0, 2_300.0, 4_300.0],
                OurEstimate,
                "Ben Okafor",
                "fuel and an hour a driver a day",
            ),
            (Success, [0.55, 0.7, 0.83], Measured, "our outcomes", "7 of 10 reached what they wanted"),
            (Delay, [1.0, 2.0, 4.0], Measured, "our outcomes", "until the drivers trust it"),
            (Adoption, [400.0, 1_000.0, 2_500.0], OurEstimate, "Ben Okafor", "telephones and training"),
        ],
    },
];
