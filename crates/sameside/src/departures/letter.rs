//! The honest message to them, drafted in plain words from what is known. Pure. It says what they may expect and
//! nothing of our books; a person reads it, changes it and sends it.

use crate::departures::{Short, Watch, Way};

/// What a message is drafted from.
#[derive(Debug, Clone)]
pub struct Letter<'l> {
    /// To whom.
    pub to: Option<&'l str>,
    /// From whom.
    pub from: &'l str,
    /// Of which company of ours.
    pub ours: &'l str,
    /// About what; of a client, its name.
    pub about: &'l str,
    /// Whether they are a client of ours, whom we serve no longer.
    pub is_client: bool,
    /// What they want to do, in their words.
    pub goal: Option<&'l str>,
    /// Who left.
    pub way: Way,
    /// Which side would not gain.
    pub side: Option<Short>,
    /// Of 100 cases, in how many it would leave them better off, if we know more than assumptions.
    pub chance: Option<u32>,
    /// Why, as it was written down.
    pub reason: Option<&'l str>,
    /// Who may serve them better.
    pub referral: Option<&'l str>,
    /// What would bring us back, the day in words.
    pub watch: &'l Watch,
    /// The day of the watch, in words.
    pub day: Option<String>,
}

/// Of 100 cases, fewer than this are hardly any.
const HARDLY_ANY: u32 = 5;

impl Letter<'_> {
    /// The draft.
    pub fn draft(&self) -> String {
        let mut parts = vec![match self.to {
            Some(to) => format!("Dear {to},"),
            None => "Good day,".to_owned(),
        }];
        match self.way {
            Way::WalkedAway => self.walk_away(&mut parts),
            Way::Declined => self.declined(&mut parts),
        }
        parts.push(format!("With good wishes,\n{}\n{}", self.from, self.ours));
        parts.join("\n\n")
    }

    fn walk_away(&self, parts: &mut Vec<String>) {
        parts.push(match self.goal {
            _ if self.is_client => "thank you for the trust of working with us.".to_owned(),
            Some(goal) => {
                format!("thank you for your time, and for telling us what you want to do: “{}”", ended(goal))
            }
            None => format!("thank you for your time, and for speaking with us about “{}”.", self.about),
        });
        let together = if self.is_client {
            "we should not go on together"
        } else {
            "we should not do this together now"
        };
        let mut why = vec![format!(
            "We have looked at it honestly, and {together}. You should hear that from us early rather than late."
        )];
        if matches!(self.side, Some(Short::Client | Short::Both) | None) {
            why.push(match self.chance {
                Some(chance) if chance < HARDLY_ANY => {
                    "As far as we can see, it would hardly ever leave you better off, after the price and your own effort.".into()
                }
                Some(chance) => format!(
                    "As far as we can see, it would leave you better off in about {chance} of 100 cases, after the price and your own effort. That is not enough for you to pay for it."
                ),
                None if self.is_client => {
                    "As far as we can see, it does not leave you better off any longer, after the price and your own effort.".into()
                }
                None => "As far as we can see, it would not leave you better off, after the price and your own effort.".into(),
            });
        }
        if matches!(self.side, Some(Short::Company | Short::Both)) {
            why.push("We could not do the work well at a price that would be right for you.".into());
        }
        if let Some(reason) = self.reason {
            why.push(format!("What it comes down to: {}", ended(reason)));
        }
        parts.push(why.join(" "));
        if self.is_client {
            parts.push("What we have promised you, we will do.".into());
        }
        if let Some(referral) = self.referral {
            parts.push(format!("Somebody who may serve you better: {}", ended(referral)));
        }
        parts.extend(self.back());
        parts.push("If we have understood something wrongly, please say so; we would rather be put right than be polite.".into());
    }

    fn declined(&self, parts: &mut Vec<String>) {
        let thanks = if self.is_client {
            "for the trust of working with us".to_owned()
        } else {
            format!("for the time you gave to “{}”", self.about)
        };
        parts.push(format!(
            "thank you for telling us plainly, and {thanks}. We wish you well with the way you chose."
        ));
        parts.push("If there is one thing we could have done better, we would be glad to hear it; we will not argue.".into());
        if let Some(referral) = self.referral {
            parts.push(format!("Should you still look for somebody: {}", ended(referral)));
        }
        parts.extend(self.back());
    }

    /// Under what condition they hear from us again; a figure of our books is never named.
    fn back(&self) -> Option<String> {
        let day = self.day.as_deref().filter(|_| self.watch.on.is_some());
        let theirs = self.watch.figure.filter(|(parameter, ..)| parameter.is_clients());
        match (day, theirs, &self.watch.product) {
            (Some(day), ..) => Some(format!("If I may, I will ask again around {day} how you are.")),
            (None, Some((parameter, ..)), _) => Some(format!(
                "Should this change, it is worth another look together: {}.",
                first_low(parameter.label())
            )),
            (None, None, Some(product)) => {
                Some(format!("Should {} come to fit you better, I will tell you.", product.name))
            }
            (None, None, None) => None,
        }
    }
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

fn first_low(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Parameter;

    fn letter(watch: &Watch) -> Letter<'_> {
        Letter {
            to: Some("Petra Kolb"),
            from: "Ada Lind",
            ours: "Fieldwork Software",
            about: "Routes for the night drivers",
            is_client: false,
            goal: Some("The night round should come home by five"),
            way: Way::WalkedAway,
            side: Some(Short::Both),
            chance: Some(9),
            reason: Some("Our product does not do night routes"),
            referral: Some("Nachtweg in Linz, and Lantern Logistics"),
            watch,
            day: None,
        }
    }

    #[test]
    fn the_message_says_why_who_may_help_and_nothing_of_our_books() {
        let watch = Watch { figure: Some((Parameter::Delivery, 9_000.0, false)), ..Watch::default() };
        let text = letter(&watch).draft();
        for said in [
            "Dear Petra Kolb,",
            "“The night round should come home by five.”",
            "better off in about 9 of 100 cases",
            "Our product does not do night routes.",
            "Nachtweg in Linz, and Lantern Logistics.",
            "Ada Lind\nFieldwork Software",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("9,000") && !text.to_lowercase().contains("deliver"), "{text}");
    }

    #[test]
    fn what_only_we_would_miss_is_not_put_on_them() {
        let watch = Watch::default();
        let text = Letter { side: Some(Short::Company), ..letter(&watch) }.draft();
        assert!(!text.contains("of 100 cases") && text.contains("at a price that would be right for you"));
    }

    #[test]
    fn a_client_we_leave_hears_that_what_is_promised_will_be_done() {
        let watch = Watch::default();
        let text = Letter { is_client: true, goal: None, chance: None, ..letter(&watch) }.draft();
        for said in [
            "thank you for the trust",
            "we should not go on together",
            "What we have promised you, we will do.",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }

    #[test]
    fn who_declined_is_thanked_and_not_argued_with() {
        let watch = Watch { on: Some("2027-03-01".parse().unwrap()), ..Watch::default() };
        let text = Letter { way: Way::Declined, day: Some("1 Mar 2027".into()), ..letter(&watch) }.draft();
        assert!(text.contains("thank you for telling us plainly") && text.contains("around 1 Mar 2027"));
        assert!(!text.contains("What it comes down to"), "what they said is theirs");
    }
}
