//! A deal as pages show it among others.

use crate::base::{Locale, Money, initials};
use crate::deals::Standing;
use crate::desk::store::Row;
use crate::web::Visit;

/// One deal of a list, a board or Today, in the member's words.
#[derive(Debug)]
pub struct Card {
    /// Its page.
    pub href: String,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// With whom; empty for nobody.
    pub company: String,
    /// Their page; empty for nobody.
    pub company_href: String,
    /// About what; empty for nothing.
    pub product: String,
    /// Whose it is; empty for nobody's.
    pub owner: String,
    /// Their face.
    pub owner_initials: String,
    /// Its price; empty if there is none.
    pub price: String,
    /// The name of its stage.
    pub stage: String,
    /// The id of its stage.
    pub stage_id: String,
    /// How it stands.
    pub standing: Standing,
    /// When they will likely decide; empty if nobody knows.
    pub expected: String,
    /// When it was last changed.
    pub changed: String,
    /// The code of the verdict; empty if there is none.
    pub verdict: String,
    /// The first reason.
    pub reason: String,
    /// Of 100 cases, how many leave them better off.
    pub client: u32,
    /// Of 100 cases, how many pay for the work.
    pub ours: u32,
    /// What going on is worth; empty if nobody can say.
    pub worth: String,
    /// The hours we expect to spend until they decide.
    pub hours: String,
    /// The same, as a number.
    pub hours_ahead: f64,
    /// How many figures are only assumed.
    pub assumed: i64,
}

impl Card {
    /// A row as a member reads it.
    pub fn of(row: Row, visit: &Visit) -> Self {
        let (locale, zone, today) = (visit.locale(), visit.zone(), visit.today());
        let summary = row.summary.as_ref();
        let owner = row.owner_name.unwrap_or_default();
        let currency = row.price.map_or(visit.currency(), |price| price.currency);
        Self {
            href: format!("/deals/{}", row.id),
            id: row.id.to_string(),
            version: row.version,
            title: row.title,
            company_href: row.company.map_or_else(String::new, |id| format!("/companies/{id}")),
            company: row.company_name.unwrap_or_default(),
            product: row.product_name.unwrap_or_default(),
            owner_initials: initials(&owner),
            owner,
            price: row.price.map_or_else(String::new, |price| price.show(locale)),
            stage: row.stage_name,
            stage_id: row.stage.to_string(),
            standing: row.standing,
            expected: row.expected_on.map_or_else(String::new, |day| day.show_near(today, locale)),
            changed: row.changed_at.day(&zone).show_near(today, locale),
            verdict: summary.map_or_else(String::new, |summary| summary.verdict.clone()),
            reason: summary.map_or_else(String::new, |summary| summary.reason.clone()),
            client: summary.map_or(0, |summary| of_100(summary.client_chance)),
            ours: summary.map_or(0, |summary| of_100(summary.company_chance)),
            worth: summary.map_or_else(String::new, |summary| {
                Money::of_units(summary.decision_value.round(), currency).show(locale)
            }),
            hours: summary.map_or_else(String::new, |summary| hours(summary.hours_ahead, locale)),
            hours_ahead: summary.map_or(0.0, |summary| summary.hours_ahead),
            assumed: summary.map_or(0, |summary| summary.assumed),
        }
    }

    /// Whether the engine could say something.
    pub fn has_answer(&self) -> bool {
        !self.verdict.is_empty()
    }

    /// Why it could not.
    pub fn unanswered(&self) -> &'static str {
        match self.standing {
            Standing::Open | Standing::Paused if self.price.is_empty() => "no price yet",
            Standing::Open | Standing::Paused => "being looked at",
            ended => ended.label(),
        }
    }
}

/// Of 100 cases, as a whole number; 0 and 100 only when there are no exceptions.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..100")]
pub fn of_100(share: f64) -> u32 {
    let (least, most) = (if share > 0.0 { 1.0 } else { 0.0 }, if share < 1.0 { 99.0 } else { 100.0 });
    (share * 100.0).round().clamp(least, most) as u32
}

/// Hours as people say them: `¼ h`, `½ h`, `3 h`.
pub fn hours(hours: f64, locale: Locale) -> String {
    match hours {
        hours if hours < 0.05 => String::new(),
        hours if hours < 0.375 => "¼ h".into(),
        hours if hours < 0.75 => "½ h".into(),
        hours => format!("{} h", locale.number(hours.round().max(1.0), 0)),
    }
}
