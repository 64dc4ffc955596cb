//! Workspaces, teams, members.

use crate::accounts::Right;
use crate::base::{Calendar, Currency, Date, Email, Fields, Id, Locale, Week, When, codes, fold};
use crate::records::{About, Kind, Reference, record};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

codes! {
    /// What a member may do; each may do what those after it may.
    pub enum Role {
        /// Everything, and giving the workspace to somebody else.
        Owner = "owner", "Owner";
        /// Members, settings, imports.
        Admin = "admin", "Admin";
        /// Products, pipelines, and everybody's deals of what they see.
        Manager = "manager", "Manager";
        /// Clients, deals, activities and tasks.
        Seller = "seller", "Seller";
        /// Looks, changes nothing.
        Viewer = "viewer", "Viewer";
    }
}

codes! {
    /// Whose deals and clients a member sees. What has no owner is everybody's.
    pub enum Sees {
        /// Everybody's.
        All = "all", "Everybody's";
        /// Those of their team.
        Team = "team", "Their team's";
        /// Their own.
        Own = "own", "Their own";
    }
}

codes! {
    /// What a one-time link is for.
    pub enum Purpose {
        /// To join: choose a password and come in.
        Invitation = "invitation", "invitation";
        /// To choose a new password.
        Reset = "reset", "password reset";
        /// To come in once: printed by the command line.
        SignIn = "sign_in", "sign-in";
    }
}

/// A company's own Sameside. Nothing of one workspace is ever seen in another.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Its id.
    pub id: Id<Self>,
    /// What it is called.
    pub name: String,
    /// What sums are in where nothing else is said.
    pub currency: Currency,
    /// Where its days begin, unless a member says otherwise.
    pub time_zone: String,
    /// How dates and numbers are written, unless a member says otherwise.
    pub locale: Locale,
    /// What the engine needs to know of it.
    pub settings: Settings,
    /// How often it was saved.
    pub version: i64,
}

/// What a workspace says of itself, as the history keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Words {
    name: String,
    currency: Currency,
    time_zone: String,
    locale: Locale,
    #[serde(flatten)]
    settings: Settings,
}

impl Workspace {
    /// What it says of itself.
    pub(super) fn words(&self) -> Words {
        Words {
            name: self.name.clone(),
            currency: self.currency,
            time_zone: self.time_zone.clone(),
            locale: self.locale,
            settings: self.settings.clone(),
        }
    }

    /// The same workspace, saying something else.
    pub(super) fn saying(&self, words: Words) -> Self {
        let Words { name, currency, time_zone, locale, settings } = words;
        Self { id: self.id, name, currency, time_zone, locale, settings, version: self.version }
    }

    /// What must always be true of it.
    ///
    /// # Errors
    /// What would be right, field by field.
    pub fn check(&self) -> Result<(), Fields> {
        let mut fields = self.settings.check().err().unwrap_or_default();
        if self.name.is_empty() {
            fields.add("name", "what your company is called");
        }
        if TimeZone::get(&self.time_zone).is_err() {
            fields.add("time_zone", "a time zone such as Europe/Lisbon");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }

    /// Its working time.
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.zone(), self.settings.open_hours.clone(), self.settings.days_off.iter().copied())
    }

    /// Its time zone; UTC if the name is not known here.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// What the engine needs to know of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What an hour of a member is worth, in whole units of the workspace's currency.
    pub hour_value: f64,
    /// The least share of cases in which the client must be better off.
    pub client_floor: f64,
    /// The least share of cases in which the deal must pay for the work.
    pub company_floor: f64,
    /// How much harm to a client counts as a cost to us: 1 is one for one.
    pub client_weight: f64,
    /// The share of what a deal is worth that may go into getting it, as hours.
    pub pursuit_share: f64,
    /// The hours a week of a member.
    pub week_hours: f64,
    /// The share of them that is there for deals and clients.
    pub deal_share: f64,
    /// After how many days without a word a client is spoken to again (P18, P19).
    pub care_days: i64,
    /// After how many days a figure that is only ours asks to be looked at again (P5).
    pub shelf_days: i64,
    /// The share of a price that a seller may give beyond the offer.
    pub seller_may_give: f64,
    /// The share that a manager may give or say yes to.
    pub manager_may_give: f64,
    /// The share that an admin may; above it is the owner's.
    pub admin_may_give: f64,
    /// When somebody is there to answer, each weekday (P18).
    pub open_hours: Week,
    /// The days on which nobody is there.
    pub days_off: Vec<Date>,
    /// Within how many working hours a request is answered first; the same for everybody, whatever they pay (P19).
    pub answer_hours: f64,
    /// Within how many working hours it is resolved.
    pub resolve_hours: f64,
}

/// The most an hour can be worth, in whole units of a currency: some count in thousands.
const HOUR_VALUE_MAX: f64 = 1_000_000.0;
/// The most that harm to a client can weigh.
const CLIENT_WEIGHT_MAX: f64 = 10.0;
/// The hours of a week.
const WEEK_HOURS_MAX: f64 = 168.0;
/// The longest time without a word, in days.
const CARE_DAYS_MAX: i64 = 3_650;
/// The longest promise of a workspace, in working hours.
const PROMISED_HOURS_MAX: f64 = 2_000.0;
/// The most days off that are kept.
const DAYS_OFF_MAX: usize = 500;

impl Settings {
    /// What must always be true of them.
    ///
    /// # Errors
    /// What would be right, field by field.
    pub fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if !(0.0..=HOUR_VALUE_MAX).contains(&self.hour_value) {
            fields.add("hour_value", format!("an amount from 0 to {HOUR_VALUE_MAX}"));
        }
        let shares = [
            ("client_floor", self.client_floor),
            ("company_floor", self.company_floor),
            ("pursuit_share", self.pursuit_share),
            ("seller_may_give", self.seller_may_give),
            ("manager_may_give", self.manager_may_give),
            ("admin_may_give", self.admin_may_give),
            ("deal_share", self.deal_share),
        ];
        for (field, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                fields.add(field, "a share from 0 to 100%");
            }
        }
        if !(0.0..=CLIENT_WEIGHT_MAX).contains(&self.client_weight) {
            fields.add("client_weight", format!("a weight from 0 to {CLIENT_WEIGHT_MAX}"));
        }
        if !(0.0..=WEEK_HOURS_MAX).contains(&self.week_hours) {
            fields.add("week_hours", format!("hours from 0 to {WEEK_HOURS_MAX}"));
        }
        if !(1..=CARE_DAYS_MAX).contains(&self.care_days) {
            fields.add("care_days", format!("days from 1 to {CARE_DAYS_MAX}"));
        }
        if !(1..=CARE_DAYS_MAX).contains(&self.shelf_days) {
            fields.add("shelf_days", format!("days from 1 to {CARE_DAYS_MAX}"));
        }
        for (field, hours) in [("answer_hours", self.answer_hours), ("resolve_hours", self.resolve_hours)] {
            if !(hours > 0.0 && hours <= PROMISED_HOURS_MAX) {
                fields.add(field, format!("working hours above 0, {PROMISED_HOURS_MAX} at most"));
            }
        }
        if self.resolve_hours < self.answer_hours {
            fields.add("resolve_hours", "at least as many hours as until the first answer");
        }
        if self.open_hours.is_empty() {
            fields.add("open_0", "hours on one day at least");
        }
        if self.days_off.len() > DAYS_OFF_MAX {
            fields.add("days_off", format!("at most {DAYS_OFF_MAX} days"));
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

impl Settings {
    /// The same as far as verdicts rest on them: when somebody answers weighs no deal.
    pub(super) fn weighed(&self) -> Self {
        let Self { open_hours, days_off, answer_hours, resolve_hours, .. } = Self::default();
        Self { open_hours, days_off, answer_hours, resolve_hours, ..self.clone() }
    }

    /// The hours a week that a member has for deals and clients.
    pub fn hours_of(&self, member: &Member) -> f64 {
        member.week_hours.unwrap_or(self.week_hours * self.deal_share)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hour_value: 60.0,
            client_floor: 0.7,
            company_floor: 0.7,
            client_weight: 1.0,
            pursuit_share: 0.5,
            week_hours: 40.0,
            deal_share: 0.5,
            care_days: 60,
            shelf_days: 90,
            seller_may_give: 0.1,
            manager_may_give: 0.2,
            admin_may_give: 0.3,
            open_hours: Week::default(),
            days_off: Vec::new(),
            answer_hours: 4.0,
            resolve_hours: 24.0,
        }
    }
}

record! {
    /// Members who share what they see.
    pub struct Team in "team", Kind::Team => {
        /// What it is called.
        pub name: String,
    }
    derived {}
}

impl About for Team {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn right() -> Right {
        Right::Administer
    }

    fn check(&self) -> Result<(), Fields> {
        if self.name.is_empty() { Err(Fields::one("name", "a name")) } else { Ok(()) }
    }
}

record! {
    /// Somebody of ours. Without an e-mail address it is somebody who cannot sign in: a colleague of before,
    /// the owner of imported deals.
    pub struct Member in "member", Kind::Member => {
        /// What they are called.
        pub name: String,
        /// What they sign in with.
        pub email: Option<Email>,
        /// What they may do.
        pub role: Role,
        /// What they see.
        pub sees: Sees,
        /// With whom they share it.
        pub team_id: Option<Id<Team>>,
        /// Where their days begin, if not where the workspace's do.
        pub time_zone: Option<String>,
        /// How dates and numbers are written for them, if not as for the workspace.
        pub locale: Option<Locale>,
        /// Since when they may not come in any more.
        pub disabled_at: Option<When>,
        /// Hours a week they have for deals and clients, if not as many as everybody.
        pub week_hours: Option<f64>,
    }
    derived { name_folded = |member| fold(&member.name) }
}

impl About for Member {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn right() -> Right {
        Right::Administer
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("team_id", Kind::Team, self.team_id).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.name.is_empty() {
            fields.add("name", "a name");
        }
        if self.time_zone.as_ref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
            fields.add("time_zone", "a time zone such as Europe/Lisbon");
        }
        if self.week_hours.is_some_and(|hours| !(0.0..=WEEK_HOURS_MAX).contains(&hours)) {
            fields.add("week_hours", format!("hours from 0 to {WEEK_HOURS_MAX}"));
        }
        if self.sees == Sees::Team && self.team_id.is_none() {
            fields.add("team_id", "a team, to see what its members see");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

/// A way in that is open: one browser of one member.
#[derive(Debug, Clone)]
pub struct Session {
    /// The hash of its token: how it is named when it is ended.
    pub token_hash: Vec<u8>,
    /// When they came in.
    pub created_at: When,
    /// When it was last used, to the minute.
    pub seen_at: When,
    /// What the browser called itself.
    pub agent: String,
    /// From which network address.
    pub address: String,
}
