//! What a request for help is, and how it is answered. Pure.

use crate::accounts::Member;
use crate::base::{Calendar, Fields, Id, When, codes};
use crate::commitments::Commitment;
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::records::{About, Kind, Reference, record};
use crate::tasks::Task;

/// The longest promise for one request, in working hours.
pub const PROMISED_HOURS_MAX: f64 = 2_000.0;

codes! {
    /// How a request came.
    pub enum Channel {
        /// Somebody of us wrote it down.
        Hand = "hand", "Written down by us";
        /// They wrote it on their page.
        Page = "client_page", "On their page";
        /// By e-mail.
        Mail = "mail", "By e-mail";
    }
}

codes! {
    /// Whose turn it is.
    pub enum Turn {
        /// Ours: their time runs against our promise.
        Us = "us", "Waits for us";
        /// Theirs: we asked them, and our promise stands still.
        Them = "them", "Waits for them";
    }
}

codes! {
    /// What follows an answer.
    pub enum Next {
        /// There is more for us to do.
        Us = "us", "There is more for us to do";
        /// They are to say something first.
        Them = "them", "It is their turn";
        /// Nothing: it is resolved.
        Nothing = "resolved", "It is resolved";
    }
}

record! {
    /// Something a client asks us to help with.
    pub struct Request in "request", Kind::Request => {
        /// What it is about, in a few words.
        pub title: String,
        /// What they said.
        pub said: Option<String>,
        /// Of which company.
        pub company_id: Option<Id<Company>>,
        /// Who asks.
        pub contact_id: Option<Id<Contact>>,
        /// In which deal.
        pub deal_id: Option<Id<Deal>>,
        /// What of the list does it.
        pub task_id: Option<Id<Task>>,
        /// Which promise of the deal's plan answers it.
        pub commitment_id: Option<Id<Commitment>>,
        /// Who of us answers.
        pub owner_id: Option<Id<Member>>,
        /// How it came.
        pub channel: Channel,
        /// When they asked.
        pub opened_at: When,
        /// Within how many working hours a first answer is promised.
        pub answer_hours: f64,
        /// Within how many it is promised to be resolved.
        pub resolve_hours: f64,
        /// When a first answer is promised.
        pub answer_by: When,
        /// When it is promised to be resolved; the time they had to answer in is not counted.
        pub resolve_by: When,
        /// When we first answered.
        pub first_answered_at: Option<When>,
        /// After how many working minutes.
        pub answer_minutes: Option<f64>,
        /// When either side last said something the other sees.
        pub last_word_at: When,
        /// Whose turn it is.
        pub turn: Turn,
        /// Since when it is theirs.
        pub theirs_since: Option<When>,
        /// How many working minutes it was theirs so far.
        pub theirs_minutes: f64,
        /// When it was resolved.
        pub resolved_at: Option<When>,
        /// How.
        pub resolved_how: Option<String>,
        /// After how many working minutes, without those in which it was their turn.
        pub resolve_minutes: Option<f64>,
        /// How often it was opened again.
        pub reopened: i64,
    }
    derived { due_at = |request| request.due_at() }
}

impl Request {
    /// When what is promised next is due; nothing while it is their turn, or once it is resolved.
    pub fn due_at(&self) -> Option<When> {
        if self.resolved_at.is_some() || self.turn == Turn::Them {
            return None;
        }
        Some(if self.first_answered_at.is_none() { self.answer_by } else { self.resolve_by })
    }

    /// Whether it waits for us.
    pub fn waits_for_us(&self) -> bool {
        self.due_at().is_some()
    }

    /// The working minutes it has waited for us, without those in which it was their turn.
    pub fn waited_minutes(&self, calendar: &Calendar, now: When) -> f64 {
        let end = self.resolved_at.unwrap_or(now);
        let theirs = self.theirs_since.map_or(0.0, |since| calendar.minutes_between(since, end));
        (calendar.minutes_between(self.opened_at, end) - self.theirs_minutes - theirs).max(0.0)
    }

    /// What of the promise that is due next is used up: 1 is all of it. Nothing else orders the queue; what a client
    /// pays is not known here (P19).
    pub fn share_used(&self, calendar: &Calendar, now: When) -> Option<f64> {
        self.due_at()?;
        let hours = if self.first_answered_at.is_none() { self.answer_hours } else { self.resolve_hours };
        Some(self.waited_minutes(calendar, now) / (hours * 60.0).max(1.0))
    }

    /// Says anew by when it is to be answered and resolved.
    pub fn promise(&mut self, calendar: &Calendar) {
        self.answer_by = calendar.after(self.opened_at, self.answer_hours * 60.0);
        self.resolve_by =
            calendar.after(self.opened_at, self.resolve_hours.mul_add(60.0, self.theirs_minutes));
    }

    /// We answered, and this is what follows.
    ///
    /// # Errors
    /// `Refused` once it is resolved.
    pub fn answered(&mut self, next: Next, calendar: &Calendar, now: When) -> Result<()> {
        if self.resolved_at.is_some() {
            return Err(Error::Refused("This is resolved. Open it again to answer once more.".into()));
        }
        self.ours(calendar, now);
        if self.first_answered_at.is_none() {
            self.answer_minutes = Some(self.waited_minutes(calendar, now));
            self.first_answered_at = Some(now);
        }
        self.last_word_at = self.last_word_at.max(now);
        match next {
            Next::Us => {}
            Next::Them => {
                self.turn = Turn::Them;
                self.theirs_since = Some(now);
            }
            Next::Nothing => {
                self.resolve_minutes = Some(self.waited_minutes(calendar, now));
                self.resolved_at = Some(now);
            }
        }
        Ok(())
    }

    /// They said something: it is our turn again, and open again if it was resolved.
    pub fn heard(&mut self, calendar: &Calendar, now: When) {
        if self.resolved_at.is_some() {
            self.open_again(calendar, now);
        }
        self.ours(calendar, now);
        self.last_word_at = self.last_word_at.max(now);
    }

    /// It is not resolved after all. The time it counted as resolved is not counted against anybody.
    pub fn open_again(&mut self, calendar: &Calendar, now: When) {
        let Some(resolved) = self.resolved_at.take() else { return };
        self.resolved_how = None;
        self.resolve_minutes = None;
        self.reopened += 1;
        self.theirs_minutes += calendar.minutes_between(resolved, now);
        self.turn = Turn::Us;
        self.promise(calendar);
    }

    /// It is our turn; the time that was theirs moves what is promised.
    fn ours(&mut self, calendar: &Calendar, now: When) {
        self.turn = Turn::Us;
        if let Some(since) = self.theirs_since.take() {
            self.theirs_minutes += calendar.minutes_between(since, now);
            self.promise(calendar);
        }
    }
}

impl About for Request {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn owner(&self) -> Option<Id<Member>> {
        self.owner_id
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.deal_id.map(Id::uuid).or(self.company_id.map(Id::uuid)).or(self.contact_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("company_id", Kind::Company, self.company_id),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("deal_id", Kind::Deal, self.deal_id),
            Reference::to("task_id", Kind::Task, self.task_id),
            Reference::to("commitment_id", Kind::Commitment, self.commitment_id),
            Reference::to("owner_id", Kind::Member, self.owner_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what they need, in a few words");
        }
        for (field, hours) in [("answer_hours", self.answer_hours), ("resolve_hours", self.resolve_hours)] {
            if !(hours > 0.0 && hours <= PROMISED_HOURS_MAX) {
                fields.add(field, format!("working hours above 0, {PROMISED_HOURS_MAX} at most"));
            }
        }
        if self.resolve_hours < self.answer_hours {
            fields.add("resolve_hours", "at least as many hours as until the first answer");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
pub(super) mod examples {
    use super::*;
    use crate::base::Week;

    pub fn at(text: &str) -> When {
        When::of(text.parse().unwrap())
    }

    pub fn office() -> Calendar {
        Calendar::new(jiff::tz::TimeZone::UTC, Week::default(), [])
    }

    /// Asked on Monday at nine, a first answer promised within four working hours, resolved within 16.
    pub fn request() -> Request {
        let opened_at = at("2026-11-23T09:00Z");
        let mut it = Request {
            title: "The labels print twice".into(),
            said: None,
            company_id: None,
            contact_id: None,
            deal_id: None,
            task_id: None,
            commitment_id: None,
            owner_id: None,
            channel: Channel::Hand,
            opened_at,
            answer_hours: 4.0,
            resolve_hours: 16.0,
            answer_by: opened_at,
            resolve_by: opened_at,
            first_answered_at: None,
            answer_minutes: None,
            last_word_at: opened_at,
            turn: Turn::Us,
            theirs_since: None,
            theirs_minutes: 0.0,
            resolved_at: None,
            resolved_how: None,
            resolve_minutes: None,
            reopened: 0,
        };
        it.promise(&office());
        it
    }
}

#[cfg(test)]
mod tests {
    use super::examples::{at, office, request};
    use super::*;

    #[test]
    fn what_is_promised_is_counted_in_working_hours() {
        let it = request();
        assert_eq!((it.answer_by, it.resolve_by), (at("2026-11-23T13:00Z"), at("2026-11-24T17:00Z")));
        assert_eq!(it.due_at(), Some(it.answer_by));
        assert_eq!(it.share_used(&office(), at("2026-11-23T10:00Z")), Some(0.25));
        assert_eq!(it.share_used(&office(), at("2026-11-24T03:00Z")), Some(2.0), "a night adds nothing");
    }

    #[test]
    fn an_answer_is_followed_by_the_promise_to_resolve_it() {
        let mut it = request();
        it.answered(Next::Us, &office(), at("2026-11-23T11:00Z")).unwrap();
        assert_eq!((it.answer_minutes, it.due_at()), (Some(120.0), Some(it.resolve_by)));
        it.answered(Next::Nothing, &office(), at("2026-11-24T10:00Z")).unwrap();
        assert_eq!((it.answer_minutes, it.resolve_minutes), (Some(120.0), Some(9.0 * 60.0)));
        assert_eq!((it.due_at(), it.waits_for_us()), (None, false));
        assert!(it.answered(Next::Us, &office(), at("2026-11-24T11:00Z")).is_err());
    }

    #[test]
    fn while_it_is_their_turn_our_promise_stands_still() {
        let mut it = request();
        it.answered(Next::Them, &office(), at("2026-11-23T11:00Z")).unwrap();
        assert_eq!((it.due_at(), it.share_used(&office(), at("2026-11-23T16:00Z"))), (None, None));
        let was = it.resolve_by;
        // They say it a working day later: what we promised moves by as much.
        it.heard(&office(), at("2026-11-24T11:00Z"));
        assert_eq!(it.resolve_by, office().after(was, 480.0));
        assert_eq!(it.waited_minutes(&office(), at("2026-11-24T12:00Z")), 180.0);
    }

    #[test]
    fn what_is_opened_again_goes_on_where_it_stopped() {
        let mut it = request();
        it.answered(Next::Nothing, &office(), at("2026-11-23T11:00Z")).unwrap();
        it.heard(&office(), at("2026-11-25T10:00Z"));
        assert_eq!((it.reopened, it.resolved_at, it.resolve_minutes), (1, None, None));
        assert_eq!(it.waited_minutes(&office(), at("2026-11-25T11:00Z")), 180.0);
        assert_eq!(it.answer_minutes, Some(120.0), "the first answer stays the first");
        let mut never = request();
        never.open_again(&office(), at("2026-11-25T10:00Z"));
        assert_eq!(never, request());
    }
}
