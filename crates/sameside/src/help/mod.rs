//! Help: the method in plain words, beside the screens that live by it.

use crate::accounts::Right;
use crate::web::layout::{Place, Shell};
use crate::web::{PageError, Routes, Visit, page};
use askama::Template;
use axum::response::Response;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/help", Right::Look, help)
}

/// One principle of the method, and where it lives today.
struct Principle {
    code: &'static str,
    title: &'static str,
    text: &'static str,
}

const PRINCIPLES: &[Principle] = &[
    Principle {
        code: "P1",
        title: "Diagnose before you prescribe",
        text: "A deal's page asks first: what they want to do, what the problem costs them, whether it would work. “One question at a time” leads through what is worth knowing next, each question with why we ask and how; that they do not know is an answer, too. Proposing before it is asked needs a written reason, which the client's advocate tells.",
    },
    Principle {
        code: "P2",
        title: "Ask what they want to do",
        text: "The goal stands in the client's own words, with who said it.",
    },
    Principle {
        code: "P3",
        title: "Hear the wants, tell the needs",
        text: "On a deal's sheet each want stands in their words, and has one of three answers: it is what they need, something else serves them better and why, or it is left out and why. One without an answer may wait until we propose; then their advocate asks for it.",
    },
    Principle {
        code: "P4",
        title: "Our time goes where it returns",
        text: "Hours and money are noted with a deal, by hand, by a timer, or with a call. What may go in follows from what the deal is worth, or is set with a reason. When it is used up, a stage takes longer than such deals take, a promise is late or the figures turn, the deal's page asks whether going on is right. What is spent is shown and never argued with.",
    },
    Principle {
        code: "P5",
        title: "Is the problem big enough?",
        text: "What the problem costs a month is a range with its evidence, or the sum of parts: how often, times how much each. Every figure leads to where it comes from: all that was ever said of it, who contradicts whom, and which figures of ours have grown old. “Where it turns” says at which figure the answer changes. What they could do without us, doing nothing too, stands on the sheet with what it brings and costs them; the best of it is what our help is measured against.",
    },
    Principle {
        code: "P6",
        title: "A clear path",
        text: "The sheet says who decides, signs, is listened to, will use it or could stop it, and the steps until they decide: our hours for each, and of ten that came so far how many went on. It shows what going on is worth at each step, and at which it stops being worth it. “Questions” in the settings hold what you ask of every deal in your own words, with its answers; the forecast learns from your own ended deals which of them tell something, and no answer has points.",
    },
    Principle {
        code: "P7",
        title: "Walk away honestly and kindly",
        text: "A product has a list of sentences that say when it does not help; where one is so, the answer is no. “Walk away kindly” on a deal's page asks which side would not gain and why, who may serve them better, and what would change it: a day, a figure that passes its break-even, or a change of what you offer. Sameside watches that and brings the deal back to Today. It drafts an honest message for you to change and send; it sends nothing, and nothing of your books is in it. Clients can be parted with in the same way, at the foot of their page: open deals are left with it, what was promised stays and is kept, nobody is asked to speak with them in their cadence any more, and on a day you choose Today asks whether it is still right.",
    },
    Principle {
        code: "P8",
        title: "Both sides have an advocate",
        text: "On a deal's page each side has somebody who speaks for it, with evidence: a proposal before a diagnosis, a promise nobody reached, no next step. Answer: it is mended, it is so because …, it is not so because …. An answer holds until the facts change. Every card and page shows two chances: theirs to be better off, ours that the work pays. Harm to a client counts as a cost to us.",
    },
    Principle {
        code: "P9",
        title: "Equal exchange",
        text: "When they ask for something, a deal's page writes down what it costs you, what it is worth to them, and what comes back, or why nothing does. A large share of the price waits for somebody who may give it; while one is away, somebody else says yes. “What could be in it” on a deal's page is the table of all that can be agreed: it draws every package, marks the fair ones, says what to ask in return for a wish, and makes three offers that are equal for you; what they choose tells what they value.",
    },
    Principle {
        code: "P10",
        title: "Relationships are built on precedent",
        text: "Beside the form stands what this client and others with the same product were given before, what came back, and how those deals turned out.",
    },
    Principle {
        code: "P11",
        title: "Realistic expectations",
        text: "Ranges are shown as ranges, and what is only assumed says so. “Before we promise” on a deal's page says what clients with the same product reached, in 8 of 10 cases, and what some of them allowed you to tell. A result that a proposal promises is kept with the chance that it is reached. “What changes for them” says what is counted, where it stands and where they want it, beside what such clients really reached; a wish beyond what nine of ten reached is said so by their advocate.",
    },
    Principle {
        code: "P12",
        title: "Timelines we can meet",
        text: "“When can we promise it?” weighs the hours of whoever does it, what is promised already, and what such work really took. “The plan both share” holds the promises of both sides with their days: planned backwards from the day of the result, with the chance of keeping each of ours. A day that moves moves what comes after it and says whom it concerns. Whether a promise was kept is counted on both sides by the day it was promised for, and told with who kept it under Insights; months there are those of the workspace’s time zone. Who repeatedly misses theirs is asked what stands in the way.",
    },
    Principle {
        code: "P13",
        title: "They pay for results",
        text: "The price stands between the one below which we lose and the one above which they do. Part of it can be given back when it does not work. The proposal is one page made from the record: what they want to do, the price beside what it brings, what both promise, what you will not do. Each version that is issued stays as it was, and says what changed and why. Nothing of your books is on it.",
    },
    Principle {
        code: "P14",
        title: "The client is not a number",
        text: "People come first: who they are, what matters to them, how they like to be spoken to. “Client page” on a deal’s page gives them a page of their own, without an account, in their language: the goal, your answers to their wishes, the offers, the proposal, who is who. There they choose, ask for a change, say no and why, answer what you ask on purpose, say how glad they are, and report what became of it. “Documents” on a deal's page keeps what belongs to it; each is yours alone until you share it with the client, and again when you stop, and they save it from their page. You see what was done with each link and take it back whenever you want; nothing of your books can be on it. “Notices” tell you at once, and not in your quiet hours; also once when a promise of either side comes near or has passed.",
    },
    Principle {
        code: "P15",
        title: "The right sale, not any sale",
        text: "A deal is closed well when its result is measured. “What changes for them” puts the result beside what was thought: what they have now, what it cost both sides, and what both gained. One that left them worse off is a mis-sale, whatever its revenue; “Mis-sales” under Insights tells each with what was known then.",
    },
    Principle {
        code: "P17",
        title: "Impact, not size",
        text: "A result says what changed relative to where they stood: half the hours at the phone count as much in a small shop as in a large one. “Impact” under Insights puts all results in that order, and the weekly review those of the week: what changed most for a client comes first, whatever it pays.",
    },
    Principle {
        code: "P16",
        title: "How did the client feel?",
        text: "After any contact the client can say so in one tap: on their page, or by a link you send them, in which opening says nothing and a tap does. Your own reading is chosen with the line you write after a call, and stands beside theirs, never mixed with it; where the two differ, the deal, the company and the person say so. A share is told with its range from five words on; a score is made of none. When it felt worse than before, the client's advocate says it.",
    },
    Principle {
        code: "P18",
        title: "No sale, still interest",
        text: "Every contact counts alike, sold or not. “Service” holds what clients ask us to help with: written down in a few seconds from a deal, a company or a person, answered from the queue. What is promised is counted in working hours, which the settings know with the days off; while it is their turn, our promise stands still. What takes longer becomes a promise of the deal’s plan with one click, and both show the other. A note for us alone never reaches them; what they do on their page counts as contact, too.",
    },
    Principle {
        code: "P19",
        title: "The same care for the small",
        text: "No list of clients is ordered by what they are worth to us. In the queue of requests comes first who waits longest against what was promised, and the promise is the same for everybody. Who has had no word for longer than the workspace allows is named on the deal's page, whatever their size. “Not heard from” lists everybody nobody has spoken to in their cadence, the longest silence first; a client may have a cadence of its own, with a reason. “Fairness” under Insights counts every day whether small clients wait longer for a first answer than large ones, with how many requests and how sure that is; and who waits longer than larger clients did is said on their deal.",
    },
    Principle {
        code: "P20",
        title: "Glad to pay",
        text: "Once it is agreed, and again when the result is measured, “What changes for them” asks how gladly they pay: gladly, fairly, grudgingly, would not again. Your own reading is kept apart from theirs. It is never guessed from the sum; a grumble is found and answered. “Gladness” under Insights tells how many answers a share rests on, and makes no net figure of fewer than thirty.",
    },
    Principle {
        code: "P21",
        title: "Promised and real",
        text: "What was thought stays with the result. When five results tell, estimates and profiles are weighed as such ones turned out, and every figure that is corrected says so; what the client said is never corrected. A product's page shows what it really was. A client's page has the books of both sides, deal by deal; Insights tell what both gained over time, how good your estimates were, and what you learnt.",
    },
];

#[derive(Template)]
#[template(path = "help/help.html")]
struct HelpPage {
    shell: Shell,
}

impl HelpPage {
    fn principles(&self) -> &'static [Principle] {
        PRINCIPLES
    }
}

async fn help(visit: Visit) -> Result<Response, PageError> {
    page(&HelpPage { shell: visit.shell(Place::Elsewhere) })
}
