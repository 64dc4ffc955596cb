//! What to ask next, why, and how (P1, P2, P5, P6). Pure.
//!
//! The order is that of what an answer is worth: first the questions of the kept assessment whose answer is worth more than
//! asking costs, the best first; then what a first assessment needs; then what else belongs to a diagnosis; then the
//! questions of the workspace's own. No points.

use crate::base::Id;
use crate::diagnosis::Parameter;
use crate::questions::Question;

/// A question of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// What they want to do.
    Goal,
    /// A figure.
    Figure(Parameter),
    /// Who decides.
    Decider,
    /// What they want besides, and how it is answered.
    Wants,
    /// Whether a limit of the product is so.
    Limits,
    /// A question of the workspace's own.
    Own(Id<Question>),
}

impl Ask {
    /// Its name in addresses.
    pub fn code(self) -> String {
        let code = match self {
            Self::Goal => "goal",
            Self::Figure(parameter) => parameter.code(),
            Self::Decider => "decider",
            Self::Wants => "wants",
            Self::Limits => "limits",
            Self::Own(id) => return id.to_string(),
        };
        code.to_owned()
    }

    /// The one with this name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Goal, Self::Decider, Self::Wants, Self::Limits]
            .into_iter()
            .find(|ask| ask.code() == code)
            .or_else(|| Parameter::parse(code).map(Self::Figure))
            .or_else(|| code.parse().ok().map(Self::Own))
    }

    /// The question, as one says it; one of the workspace's own has its own words.
    pub fn question(self) -> &'static str {
        match self {
            Self::Goal => "What do you want to be able to do?",
            Self::Figure(parameter) => parameter.question(),
            Self::Decider => "Who besides you decides about this, and how?",
            Self::Wants => "What else did you hope for?",
            Self::Limits => "Is there a reason why we cannot help?",
            Self::Own(_) => "",
        }
    }

    /// Why we ask.
    pub fn why(self) -> &'static str {
        match self {
            Self::Goal => {
                "What people ask for is often not what would help them. What they want to do shows what they need, and later whether it worked."
            }
            Self::Figure(Parameter::Benefit) => {
                "If the problem costs little, no price is right and it is kinder to say so now. If it costs much, everything else follows from it."
            }
            Self::Figure(Parameter::Success) => {
                "A thing that works for half of its clients is worth half to each. Say what you know of those like them."
            }
            Self::Figure(Parameter::Delay) => {
                "Each month until they feel it is a month they pay without getting."
            }
            Self::Figure(Parameter::Adoption) => {
                "Time, training and moving are part of what they pay, even if nobody sends a bill for them."
            }
            Self::Figure(Parameter::Alternative) => {
                "Our help counts from what they could do without us, doing nothing included."
            }
            Self::Figure(Parameter::Willing) => {
                "It shows whether the problem is big enough for them, too. It changes nothing in the fair price."
            }
            Self::Figure(Parameter::Delivery | Parameter::Service) => {
                "A price that does not pay for the work makes the work bad."
            }
            Self::Figure(Parameter::Strategic) => {
                "What it brings besides the price is real, and easily told too big."
            }
            Self::Figure(Parameter::Hours | Parameter::Spend | Parameter::Win) => {
                "Our hours go where they return; those already spent do not count."
            }
            Self::Figure(Parameter::Price) => "The price stands beside the result it buys.",
            Self::Decider => {
                "A path nobody knows has no end. Somebody we never met may say no for a good reason."
            }
            Self::Wants => {
                "A want that is heard and answered, even with no, is worth more than one that is forgotten."
            }
            Self::Limits => "If one of these is so, the honest answer is no, and it is best said first.",
            Self::Own(_) => {
                "It is one of our own questions. What deals that ended had answered tells what becomes of this one, if it tells anything."
            }
        }
    }

    /// How to ask it.
    pub fn how(self) -> &'static str {
        match self {
            Self::Goal => {
                "Ask what they want to do, not what they want to buy: “Say it works. What is different on a Tuesday?” Then write down their words, not yours."
            }
            Self::Figure(Parameter::Benefit) => {
                "Ask in parts: how often does it happen in a month, and what does it cost each time? “When did it last happen? Tell me about that day.” Three numbers are enough: a low, a likely, a high one."
            }
            Self::Figure(Parameter::Success) => {
                "Ask what would have to be true for it to work, and who tried it before. Then count: of ten like them, how many got there?"
            }
            Self::Figure(Parameter::Delay) => {
                "“If you began on Monday, when would you notice?” Add the weeks in which everybody is away."
            }
            Self::Figure(Parameter::Adoption) => {
                "“Who would have to learn it, and what would they leave undone meanwhile?”"
            }
            Self::Figure(Parameter::Alternative) => {
                "“If we did not exist, what would you do? And if you did nothing?” Do not argue with the answer."
            }
            Self::Figure(Parameter::Willing) => {
                "Late, and plainly: “If it does what you want, at which price would you be glad, and at which would you begin to think?”"
            }
            Self::Figure(Parameter::Delivery | Parameter::Service) => {
                "Ask who will do the work, not who sells it. Ask for the last three like it."
            }
            Self::Figure(Parameter::Strategic) => {
                "Ask what would be lost if they paid and nobody ever heard of it."
            }
            Self::Figure(Parameter::Hours | Parameter::Spend | Parameter::Win) => {
                "Count the steps until they decide, and what each took the last times."
            }
            Self::Figure(Parameter::Price) => "Say it beside what it buys, and wait.",
            Self::Decider => {
                "“How did you decide the last time you bought something like this? Who was in the room, and who could have stopped it?”"
            }
            Self::Wants => "“What else?” Ask it twice, and let it be quiet in between.",
            Self::Limits => {
                "Read the sentences out. “Is any of these true for you?” They are glad to be asked."
            }
            Self::Own(_) => "As it stands there, and then let them talk.",
        }
    }
}

/// What a first assessment needs, in the order in which people can answer.
const FIRST: [Ask; 5] = [
    Ask::Goal,
    Ask::Figure(Parameter::Benefit),
    Ask::Figure(Parameter::Success),
    Ask::Limits,
    Ask::Figure(Parameter::Alternative),
];
/// What else belongs to a diagnosis.
const THEN: [Ask; 5] = [
    Ask::Decider,
    Ask::Wants,
    Ask::Figure(Parameter::Adoption),
    Ask::Figure(Parameter::Delay),
    Ask::Figure(Parameter::Willing),
];

/// The questions in their order: `worth` are the parameters of the kept assessment whose answers are worth asking for, the
/// best first; `own` are the questions of the workspace's own, in the order in which they are to be asked; `is_open` says
/// whether nobody has answered one yet. What they did not know comes last.
pub fn order(
    worth: &[Parameter],
    own: &[Id<Question>],
    is_open: impl Fn(Ask) -> bool,
    not_known: impl Fn(Ask) -> bool,
) -> Vec<Ask> {
    let mut all: Vec<Ask> = Vec::new();
    let first = worth.iter().map(|parameter| Ask::Figure(*parameter));
    let own = own.iter().map(|id| Ask::Own(*id));
    for ask in first.chain(FIRST.into_iter().chain(THEN).chain(own).filter(|ask| is_open(*ask))) {
        if !all.contains(&ask) {
            all.push(ask);
        }
    }
    // Stable: each half keeps its order.
    all.sort_by_key(|ask| not_known(*ask));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worth_most_is_asked_first_and_what_they_did_not_know_last() {
        let worth = [Parameter::Alternative, Parameter::Benefit];
        let all = order(&worth, &[], |ask| ask != Ask::Goal, |ask| ask == Ask::Figure(Parameter::Benefit));
        assert_eq!(all[..2], [Ask::Figure(Parameter::Alternative), Ask::Figure(Parameter::Success)]);
        assert_eq!(all.last(), Some(&Ask::Figure(Parameter::Benefit)));
        assert!(!all.contains(&Ask::Goal), "what is answered is not asked again");
        assert_eq!(
            order(&[], &[], |_| true, |_| false)[0],
            Ask::Goal,
            "without an assessment one begins with them"
        );
    }

    #[test]
    fn our_own_questions_follow_those_of_the_diagnosis_in_the_order_that_is_given() {
        let [one, other, known] = [1, 2, 3].map(|n| Id::<Question>::of(uuid::Uuid::from_u128(n)));
        let is_open = |ask: Ask| ask != Ask::Own(known);
        let all = order(&[], &[other, known, one], is_open, |ask| ask == Ask::Wants);
        let end: Vec<_> = all.iter().rev().take(3).rev().copied().collect();
        assert_eq!(end, [Ask::Own(other), Ask::Own(one), Ask::Wants]);
        assert_eq!(Ask::parse(&Ask::Own(one).code()), Some(Ask::Own(one)));
    }

    #[test]
    fn every_question_has_a_name_a_reason_and_a_way_to_ask() {
        for ask in FIRST.into_iter().chain(THEN).chain(Parameter::ALL.iter().map(|one| Ask::Figure(*one))) {
            assert_eq!(Ask::parse(&ask.code()), Some(ask));
            assert!(ask.why().len() > 30 && ask.how().len() > 20 && ask.question().ends_with('?'), "{ask:?}");
        }
    }
}
