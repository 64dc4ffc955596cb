//! What is said inside a request, and the texts to answer with. Pure.

use crate::accounts::{Member, Right};
use crate::base::{Fields, Id, When, codes, fold};
use crate::contacts::Contact;
use crate::records::{About, Kind, Reference, record};
use crate::service::Request;

codes! {
    /// Who says something.
    pub enum Side {
        /// They do.
        Client = "client", "They";
        /// We do.
        Company = "company", "We";
    }
}

codes! {
    /// Who sees it.
    pub enum Shown {
        /// Both sides.
        Both = "both", "They see it";
        /// Only we: it never leaves the house.
        Inner = "inner", "Only we see it";
    }
}

record! {
    /// Something said inside a request.
    pub struct Message in "message", Kind::Message => {
        /// In which request.
        pub request_id: Id<Request>,
        /// Who says it.
        pub side: Side,
        /// Who sees it.
        pub shown: Shown,
        /// Who of us said it or wrote it down.
        pub owner_id: Option<Id<Member>>,
        /// Who of them said it.
        pub contact_id: Option<Id<Contact>>,
        /// What was said.
        pub text: String,
        /// When.
        pub said_at: When,
    }
    derived {}
}

/// How much of what was said names it.
const TITLE_CHARS: usize = 60;

impl About for Message {
    fn title(&self) -> String {
        let mut short: String = self.text.chars().take(TITLE_CHARS).collect();
        if short.len() < self.text.len() {
            short.push('…');
        }
        short.replace('\n', " ")
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.request_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("request_id", Kind::Request, Some(self.request_id)),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.text.is_empty() { Err(Fields::one("text", "what you want to say")) } else { Ok(()) }
    }
}

record! {
    /// A text to answer with, kept for everybody.
    pub struct Template in "template", Kind::Template => {
        /// What it is called.
        pub name: String,
        /// What it says; `{name}` and its like are filled in.
        pub text: String,
    }
    derived { name_folded = |template| fold(&template.name) }
}

impl About for Template {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.name.is_empty() {
            fields.add("name", "what it is called");
        }
        if self.text.is_empty() {
            fields.add("text", "what it says");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

/// What can be filled in, and what stands for it.
#[derive(Debug, Clone, Default)]
pub struct Blanks {
    /// `{name}`: whom we answer.
    pub name: String,
    /// `{first_name}`: the first of their names.
    pub first_name: String,
    /// `{company}`: where they are.
    pub company: String,
    /// `{request}`: what it is about.
    pub request: String,
    /// `{me}`: who of us answers.
    pub me: String,
}

impl Template {
    /// The text with everything filled in that is known; what is not known is left for a person to see and mend.
    pub fn filled(&self, blanks: &Blanks) -> String {
        let pairs = [
            ("{name}", &blanks.name),
            ("{first_name}", &blanks.first_name),
            ("{company}", &blanks.company),
            ("{request}", &blanks.request),
            ("{me}", &blanks.me),
        ];
        // In one pass, so that a name with braces in it is not filled in again.
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        'next: while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            for (blank, value) in pairs {
                if let Some(after) = from.strip_prefix(blank).filter(|_| !value.is_empty()) {
                    out.push_str(value);
                    rest = after;
                    continue 'next;
                }
            }
            out.push('{');
            rest = from.strip_prefix('{').unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_in_once_and_what_is_not_known_stays_to_be_seen() {
        let template = Template {
            name: "Thanks".into(),
            text: "Dear {first_name}, about “{request}” at {company}: {soon} {me} {".into(),
        };
        let blanks = Blanks {
            first_name: "Jo {me}".into(),
            request: "Labels".into(),
            me: "Ada".into(),
            ..Blanks::default()
        };
        assert_eq!(template.filled(&blanks), "Dear Jo {me}, about “Labels” at {company}: {soon} Ada {");
    }
}
