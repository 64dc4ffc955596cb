//! The story before it is told: who there is, and what happens when. Pure.

use crate::activities::Means;
use crate::base::{Date, Source, When};
use crate::concessions::Wish;
use crate::deals::{Phase, Standing};
use crate::demo::cast::{PRODUCTS, Us};
use crate::demo::{care, day_of, deals, people};
use crate::departures::actions::Parting;
use crate::diagnosis::{Answered, Bears, Parameter, Part};
use crate::outcomes::Whose;
use crate::pulse::Mood;
use crate::pursuit::Choice;
use crate::service::Next;
use engine::random::Random;

/// How far back the story goes, in days.
pub(super) const DAYS: i64 = 730;

/// A client company of the story.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) city: &'static str,
    pub(super) country: &'static str,
    pub(super) industry: &'static str,
    pub(super) trade: Trade,
    pub(super) employees: i64,
    pub(super) founded: i64,
    pub(super) matters: &'static str,
    pub(super) parent: Option<&'static str>,
    pub(super) carer: Us,
    /// The people there, the one who decides first.
    pub(super) contacts: Vec<usize>,
}

/// What a client does, and so what it talks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trade {
    Food,
    Care,
    School,
    Shop,
    Craft,
    Large,
}

/// Somebody at a client.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) client: usize,
    pub(super) job: &'static str,
    pub(super) matters: &'static str,
    pub(super) manner: &'static str,
}

/// A deal as it begins.
#[derive(Debug, Clone)]
pub(super) struct Engagement {
    pub(super) title: String,
    pub(super) client: usize,
    pub(super) contact: usize,
    pub(super) product: usize,
    pub(super) owner: Us,
    pub(super) price: Option<f64>,
    pub(super) horizon_months: i64,
    pub(super) refund_share: f64,
    pub(super) opened_on: Date,
    pub(super) expected_on: Option<Date>,
}

/// A want: in their words, by whom, and how it was answered: which way, by which need, why.
pub(super) type Wanted = (&'static str, &'static str, Option<(Answered, &'static str, &'static str)>);

/// What else they could do: what, what it brings, what it costs, how we know, from whom, in which words, and whether it is
/// the best.
pub(super) type Could = (&'static str, [f64; 3], [f64; 3], Source, &'static str, &'static str, bool);

/// A part of what the problem costs: what, how often a month, how much each, how we know, from whom.
pub(super) type Counted = (&'static str, [f64; 3], [f64; 3], Source, &'static str);

/// A step until they decide: what, our hours, how many of 10 go on, and whether it is behind us.
pub(super) type Stepped = (&'static str, [f64; 3], f64, bool);

/// A figure somebody gave.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) parameter: Parameter,
    pub(super) range: [f64; 3],
    pub(super) source: Source,
    pub(super) by: String,
    pub(super) note: Option<String>,
}

/// What somebody did with a client.
#[derive(Debug, Clone)]
pub(super) struct Talk {
    pub(super) means: Means,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) minutes: i64,
}

/// To what something belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct With {
    pub(super) deal: Option<usize>,
    pub(super) client: usize,
    pub(super) contact: Option<usize>,
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub(super) struct Happening {
    pub(super) at: When,
    pub(super) by: Us,
    pub(super) what: What,
}

/// A step of a negotiation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// The table begins with the deal's own figures; training and the start are added.
    Begin,
    /// Three equal offers.
    Offer,
    /// They choose the first.
    Choose,
    /// They ask for a lower price.
    Ask,
    /// It is granted for something in return, which the ledger says.
    Return,
    /// A version of the proposal is issued: the first, or the one that tells what changed.
    Propose {
        /// Whether it is the first.
        first: bool,
    },
}

/// What happens.
#[derive(Debug, Clone)]
pub(super) enum What {
    Client(usize),
    Person(usize),
    Deal(usize),
    Goal {
        deal: usize,
        text: String,
        by: String,
    },
    Figure {
        deal: usize,
        said: Said,
    },
    Wanted {
        deal: usize,
        wanted: Wanted,
    },
    Could {
        deal: usize,
        could: Could,
    },
    Ruled {
        deal: usize,
        sentence: &'static str,
        bears: Bears,
        by: &'static str,
        note: &'static str,
    },
    Counted {
        deal: usize,
        part: Counted,
    },
    Voiced {
        deal: usize,
        person: usize,
        part: Part,
        note: &'static str,
    },
    Stepped {
        deal: usize,
        step: Stepped,
    },
    Priced {
        deal: usize,
        price: f64,
    },
    Moved {
        deal: usize,
        phase: Phase,
    },
    Left {
        deal: usize,
        standing: Standing,
        reason: String,
        revisit_on: Option<Date>,
    },
    Talked {
        with: With,
        talk: Talk,
    },
    Task {
        number: usize,
        with: With,
        title: String,
        due_on: Date,
    },
    TaskDone(usize),
    Effort {
        deal: usize,
        title: String,
        minutes: Option<i64>,
        spent: Option<f64>,
    },
    Budget {
        deal: usize,
        hours: f64,
        reason: String,
    },
    Gave {
        deal: usize,
        wish: Wish,
    },
    Parted {
        deal: usize,
        parting: Parting,
    },
    Bargained {
        deal: usize,
        step: Step,
    },
    Decided {
        deal: usize,
        choice: Choice,
        reason: String,
    },
    /// The texts to answer with.
    Texts,
    Asked {
        number: usize,
        with: With,
        title: &'static str,
        said: &'static str,
    },
    Answered {
        number: usize,
        text: &'static str,
        next: Next,
    },
    /// A note for us alone.
    Inner {
        number: usize,
        text: &'static str,
    },
    Felt {
        with: With,
        whose: Whose,
        mood: Mood,
        word: &'static str,
    },
    /// A cadence of its own.
    Often {
        client: usize,
        days: i64,
        because: &'static str,
    },
}

/// The whole story.
#[derive(Debug, Clone)]
pub(super) struct Story {
    pub(super) clients: Vec<Client>,
    pub(super) people: Vec<Person>,
    pub(super) deals: Vec<Engagement>,
    /// In the order of time.
    pub(super) happenings: Vec<Happening>,
}

impl Story {
    /// The story of a seed, told at a moment.
    pub(super) fn of(seed: u64, now: When) -> Self {
        let mut pen = Pen {
            dice: Random::seeded(seed),
            now,
            today: day_of(now),
            tasks: 0,
            story: Self { clients: vec![], people: vec![], deals: vec![], happenings: vec![] },
        };
        people::meet(&mut pen);
        deals::write(&mut pen);
        care::write(&mut pen, seed);
        pen.introduce();
        let mut story = pen.story;
        // Stable: what happens at one moment stays in the order it was written in.
        story.happenings.sort_by_key(|happening| happening.at);
        story
    }

    /// The first moment of it.
    pub(super) fn beginning(now: When) -> When {
        now.plus_days(-DAYS - 30)
    }
}

/// What the story is written with.
#[derive(Debug)]
pub(super) struct Pen {
    pub(super) dice: Random,
    pub(super) now: When,
    pub(super) today: Date,
    pub(super) story: Story,
    tasks: usize,
}

impl Pen {
    /// So many days ago at an hour of the day; a working day, if it is not today; never after now.
    pub(super) fn ago(&mut self, days: i64, hour: i64) -> When {
        let day = self.workday(days);
        let minutes = i64::try_from(self.dice.below(12)).unwrap_or(0) * 5;
        let at = day.start(&jiff::tz::TimeZone::UTC).plus_seconds(hour * 3_600 + minutes * 60);
        at.min(self.now.plus_seconds(-600))
    }

    /// The day so many days ago, or the Friday before it.
    pub(super) fn workday(&self, days: i64) -> Date {
        use jiff::civil::Weekday;
        let day = self.today.plus_days(-days);
        match day.civil().weekday() {
            Weekday::Saturday if days > 0 => day.plus_days(-1),
            Weekday::Sunday if days > 0 => day.plus_days(-2),
            _ => day,
        }
    }

    /// A day from now on, or the Monday after it.
    pub(super) fn coming(&self, days: i64) -> Date {
        use jiff::civil::Weekday;
        let day = self.today.plus_days(days);
        match day.civil().weekday() {
            Weekday::Saturday => day.plus_days(2),
            Weekday::Sunday => day.plus_days(1),
            _ => day,
        }
    }

    /// One of some texts.
    pub(super) fn one(&mut self, of: &[&'static str]) -> &'static str {
        of.get(self.dice.below(of.len())).copied().unwrap_or_default()
    }

    /// A number between two.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.dice.below(usize::try_from(high - low + 1).unwrap_or(1))).unwrap_or(0)
    }

    /// Whether something with this chance happens.
    pub(super) fn happens(&mut self, chance: f64) -> bool {
        self.dice.uniform() < chance
    }

    /// Adds what happens.
    pub(super) fn add(&mut self, at: When, by: Us, what: What) {
        self.story.happenings.push(Happening { at, by, what });
    }

    /// Adds a task; done, if it was.
    pub(super) fn task(
        &mut self,
        at: When,
        by: Us,
        with: With,
        title: String,
        due_on: Date,
        done: Option<When>,
    ) {
        let number = self.tasks;
        self.tasks += 1;
        self.add(at, by, What::Task { number, with, title, due_on });
        if let Some(done) = done {
            self.add(done.max(at), by, What::TaskDone(number));
        }
    }

    /// The client of this name; the first, if there is none.
    pub(super) fn client(&self, name: &str) -> usize {
        self.story.clients.iter().position(|client| client.name == name).unwrap_or(0)
    }

    /// The person of this name.
    pub(super) fn person(&self, name: &str) -> Option<usize> {
        self.story.people.iter().position(|person| person.name == name)
    }

    /// Who decides at a client.
    pub(super) fn decides(&self, client: usize) -> usize {
        self.story.clients.get(client).and_then(|client| client.contacts.first()).copied().unwrap_or(0)
    }

    /// What somebody at a client is called.
    pub(super) fn name_of(&self, person: usize) -> String {
        self.story.people.get(person).map(|person| person.name.clone()).unwrap_or_default()
    }

    /// Lets clients and people appear just before they are first spoken of.
    fn introduce(&mut self) {
        for client in 0..self.story.clients.len() {
            let first =
                self.story.deals.iter().filter(|deal| deal.client == client).map(|deal| deal.opened_on).min();
            let first = first.unwrap_or(self.today.plus_days(-60));
            let days = self.today.days_since(first) + 3;
            let Some(it) = self.story.clients.get(client).cloned() else { continue };
            // A parent comes before its own.
            let days = if it.employees > 1_000 { days.max(DAYS + 20) } else { days };
            let at = self.ago(days, 8);
            self.add(at, it.carer, What::Client(client));
            for person in it.contacts {
                self.add(at.plus_seconds(120), it.carer, What::Person(person));
            }
        }
    }
}

/// The place of a product among ours.
pub(super) fn product(name: &str) -> usize {
    PRODUCTS.iter().position(|product| product.name == name).unwrap_or(0)
}
