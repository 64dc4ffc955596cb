//! What people say in the story, by product.

/// What is said about one product.
pub(super) struct Words {
    /// What deals about it are called.
    pub(super) titles: &'static [&'static str],
    /// What clients want to do, each with what was reached when it was measured.
    pub(super) goals: &'static [(&'static str, &'static str)],
}

/// In the order of the products.
pub(super) const WORDS: &[Words] = &[
    Words {
        titles: &[
            "Online ordering for the shop",
            "Lunch orders for offices",
            "Standing orders for cafés",
            "Christmas orders online",
            "Ordering page for the stall",
            "Orders by the evening before",
            "Gift vouchers online",
            "Ordering for the second shop",
        ],
        goals: &[
            (
                "I want to bake what is sold, not throw away what is not.",
                "Thrown away on an average day: 31 loaves before, 12 after. She wanted 10.",
            ),
            (
                "Take the orders while we serve, without one of us on the phone.",
                "Phone orders a day: 46 before, 17 after. They wanted 15.",
            ),
            (
                "Know by six in the evening what tomorrow needs.",
                "Orders known the evening before: 4 of 10 before, 8 of 10 after. They wanted 9.",
            ),
            (
                "Have the regulars order by themselves, and keep talking to them.",
                "Orders without a call: 0 before, 61 of 100 after. They wanted 60.",
            ),
        ],
    },
    Words {
        titles: &[
            "Bookings by page and phone",
            "Reminders before appointments",
            "A waiting list that fills gaps",
            "Bookings for the new room",
            "Course bookings",
            "Group bookings",
            "Bookings for the second house",
            "Online calendar for the team",
        ],
        goals: &[
            (
                "Nobody should sit in an empty room because somebody forgot.",
                "Missed appointments a week: 14 before, 5 after. They wanted 6.",
            ),
            (
                "I want reception to look up when somebody comes in.",
                "Calls at reception a day: 62 before, 29 after. They wanted 30.",
            ),
            (
                "Fill what is cancelled by noon the same day.",
                "Gaps filled: 2 of 10 before, 6 of 10 after. They wanted 7.",
            ),
            (
                "People should finish what they began.",
                "Courses finished: 58 of 100 before, 79 after. They wanted 75.",
            ),
        ],
    },
    Words {
        titles: &[
            "Shared inbox for three desks",
            "Letters answered in a week",
            "One address for parents",
            "Shared inbox for the shop",
            "Messages from four places",
            "Inbox for the holiday season",
            "Questions after closing time",
        ],
        goals: &[
            (
                "Everybody who writes to us gets an answer, and only one.",
                "Letters answered within a week: 30 of 100 before, 92 after. They wanted 100.",
            ),
            (
                "I want to know who waits, and since when.",
                "Longest wait: 23 days before, 4 after. They wanted 3.",
            ),
            (
                "Not answer the same question forty times.",
                "Hours of answering a week: 19 before, 8 after. They wanted 10.",
            ),
        ],
    },
    Words {
        titles: &[
            "Pupil records in one place",
            "Records for the new classes",
            "Enrolment without paper",
            "Absences known by nine",
            "Records for the after-school club",
            "Allergies and pick-up lists",
        ],
        goals: &[
            (
                "One record a child, from the first day to the last.",
                "Records kept twice: 410 before, 35 after. They wanted none.",
            ),
            (
                "Know by nine who is missing, and have called by half past.",
                "Absences known by nine: 5 of 10 days before, all after. They wanted all.",
            ),
            (
                "When a teacher leaves, what she knew should stay.",
                "Days to hand a class over: 9 before, 2 after. They wanted 2.",
            ),
        ],
    },
    Words {
        titles: &[
            "Stock and labels for the shop",
            "Labels without retyping",
            "Counting in half the time",
            "Stock across the stalls",
            "Stock for the workshop",
            "Best-before dates on one list",
            "Parts that are there",
        ],
        goals: &[
            (
                "Know what is on the shelf without going there.",
                "Lookups that ended at the shelf: 35 a day before, 9 after. They wanted 10.",
            ),
            (
                "Labels that say the truth, typed once.",
                "Labels printed twice a week: 120 before, 14 after. They wanted 20.",
            ),
            (
                "Count everything in one evening, not in three.",
                "Evenings for a stocktake: 3 before, 1 after. They wanted 1.",
            ),
            ("Reorder before it is gone.", "Articles sold out a month: 28 before, 11 after. They wanted 8."),
        ],
    },
    Words {
        titles: &[
            "Day routes for the vans",
            "Rounds without calls from the road",
            "Routes for the bicycles",
            "Two rounds instead of three",
            "Delivery windows that hold",
        ],
        goals: &[
            (
                "Come when we said we would.",
                "Arrivals within the hour: 61 of 100 before, 84 after. They wanted 90.",
            ),
            (
                "An hour less on the road for each driver.",
                "Hours on the road a day: 8.4 before, 7.5 after. They wanted 7.4.",
            ),
        ],
    },
];

/// What a first talk was like.
pub(super) const FIRST_TALKS: &[(&str, &str)] = &[
    (
        "Heard what they want to do",
        "Asked what they want to do, not what they want to buy (it took three tries). They told about a usual week from morning to evening.",
    ),
    (
        "A walk through their day",
        "Stood beside them for two hours and said little. What costs them most is not what they wrote to us about.",
    ),
    (
        "First call",
        "They came through another client. We agreed to ask for half an hour before anybody talks about software.",
    ),
    (
        "Met on site",
        "They showed the lists on the wall. Everything they need is there; nobody has time to look.",
    ),
];

/// What was found out then.
pub(super) const DIAGNOSES: &[(&str, &str)] = &[
    (
        "What the problem costs them",
        "They counted for a week. It is less than they had felt and more than we had guessed; written down with their names to it.",
    ),
    (
        "Wants and needs",
        "They asked for an app. What they need is that the phone rings less; we said so, and they laughed and agreed.",
    ),
    (
        "Who decides",
        "Two people have to agree. The second has a fair objection: last time a supplier left them alone after a month.",
    ),
    (
        "What else they could do",
        "Without us they would hire somebody for ten hours a week. That is a good alternative, and we said when it would be the better one.",
    ),
    (
        "What others like them reached",
        "Showed what such clients reached: usually two thirds of the goal, seldom all of it. They were glad to hear a figure that is not a promise.",
    ),
];

/// What was offered.
pub(super) const PROPOSALS: &[(&str, &str)] = &[
    (
        "Two offers of equal worth",
        "One cheaper with less support, one with the first month beside them. Either is good for us; they may choose.",
    ),
    (
        "Offer with the outcome beside the price",
        "The price stands beside what it should change, and what we give back if it does not.",
    ),
    (
        "A trade",
        "They asked for 10% off. We gave 5% for deciding by month's end and a visit by two other clients; that is worth it to us.",
    ),
    (
        "Dates we can keep",
        "They wanted it in four weeks. Six is what we keep in nine cases of ten; for four we would leave the import out. They took six.",
    ),
];

/// What it was like after that.
pub(super) const DELIVERIES: &[(&str, &str)] = &[
    ("Went live", "One morning beside them. Two questions, both ours to mend; done the same day."),
    (
        "A month after",
        "Asked how it feels: \u{201c}heard\u{201d}. They would pay gladly again, they say; the second person says fairly.",
    ),
    (
        "Something was late",
        "We had promised the labels for Tuesday; they came on Thursday. Called before they had to.",
    ),
    (
        "No sale, just asked",
        "Called because nobody had for a while. A holiday was missing in the calendar; added while talking.",
    ),
];

/// Why they declined, as they said it.
pub(super) const DECLINED: &[&str] = &[
    "They hire somebody for the counter instead; for their size that is the better choice, and we said so.",
    "Too much change in one year. They liked the talk. Learnt: ask about other changes in the first hour.",
    "The price was fair for what it does, but the problem is not big enough for them.",
    "They stay with what they have until the contract ends in two years.",
    "The second person did not want it; we had never spoken to her. Learnt: ask who else has to agree.",
    "They took a cheaper one. It does three of the four things they need, and they know it.",
    "A relative writes it for them. We offered to read the plan.",
    "They went with a larger supplier, for the trust in the name.",
];

/// Why we walked away.
pub(super) const WALKED: &[&str] = &[
    "They need it by night and on Sundays; we would have let them down. Named two others who can.",
    "The problem costs them less a year than we would charge. Showed them a list on paper that does it.",
    "They wanted guarantees nobody like them has reached. Said so kindly; they thanked us for it.",
    "Eleven hours in, and still nobody who decides. Wrote that we are there when they are ready.",
    "It would have needed a person at the door every day, which is not what we are good at.",
    "They are about to sell the business. Come back when the new owner is there.",
    "At the price that would help them we lose money, and no other terms changed that.",
];

/// How it ended when it was agreed and nobody measured.
pub(super) const AGREED: &[&str] = &[
    "Runs. They did not want to count; fairly paid.",
    "Runs. The person who counted has left; asked twice.",
    "In use every day. Paid gladly; they say it is quieter.",
    "Done. Grudgingly paid: the second invoice surprised them, which was our fault. Learnt: one invoice.",
    "Done. It left them worse off for two months and we gave a third back: a sale we should not have made.",
];

/// Gladness beside a measured result.
pub(super) const GLAD: &[&str] = &[
    "Gladly paid.",
    "Gladly paid; would do it again.",
    "Fairly paid.",
    "Gladly paid, and told a neighbour.",
    "Fairly paid; asked for the next thing.",
];

/// What is to be done for a deal.
pub(super) const TASKS: &[&str] = &[
    "Write down what we heard and send it for correction",
    "Ask who else has to agree",
    "Send two offers of equal worth",
    "Ask for last month's figures",
    "Call a client like them for a reference visit",
    "Agree the next step and its date",
    "Check whether we can keep the date",
    "Say thank you for the morning",
];
