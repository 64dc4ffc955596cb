//! What Ada works on, written by hand: the deals of the pictures and of the help.

use crate::activities::Means;
use crate::base::{Range, Source};
use crate::concessions::Wish;
use crate::deals::{Phase, Standing};
use crate::demo::cast::Us;
use crate::demo::deals::{Known, begin};
use crate::demo::plan::{
    Could, Counted, Engagement, Pen, Said, Step, Stepped, Talk, Wanted, What, With, product,
};
use crate::departures::actions::Parting;
use crate::departures::{Short, Way};
use crate::diagnosis::{Answered, Bears, Parameter, Part};
use crate::pursuit::Choice;

/// A deal of Ada's.
struct Hand {
    client: &'static str,
    title: &'static str,
    product: &'static str,
    phase: Phase,
    price: f64,
    months: i64,
    refund: f64,
    began: i64,
    expects: i64,
    goal: &'static str,
    known: Option<Known>,
    figures: &'static [Figure],
    talks: &'static [Told],
    tasks: &'static [(&'static str, i64)],
    efforts: &'static [Put],
    budget: Option<(i64, f64, &'static str)>,
    decided: Option<(i64, Choice, &'static str)>,
    paused: Option<(&'static str, i64, i64)>,
    left: Option<Left>,
    gave: &'static [Gave],
    wants: &'static [(i64, Wanted)],
    could: &'static [(i64, Could)],
    ruled: &'static [(i64, Ruled)],
    /// Whether more than the price is on the table.
    bargains: bool,
    counted: &'static [(i64, Counted)],
    voiced: &'static [(i64, Voiced)],
    steps: &'static [(i64, Stepped)],
}

/// Somebody's voice: who, what they have to say, what matters to them in it.
type Voiced = (&'static str, Part, &'static str);

/// Whether a limit of the product bears on the deal: which, whether, who said so, in which words.
type Ruled = (&'static str, Bears, &'static str, &'static str);

/// What was given: so many days ago, by whom, what, what it costs us, what came back, or why nothing did.
type Gave = (i64, Us, &'static str, [f64; 3], &'static str, &'static str);

/// How a deal of hers was left.
struct Left {
    days: i64,
    way: Way,
    side: Option<Short>,
    reason: &'static str,
    learnt: &'static str,
    referral: &'static str,
    message: &'static str,
    /// Looked at again, in so many days from now.
    back: Option<i64>,
    product: bool,
}

/// How a deal is negotiated: so many days ago, at which hour, what.
const BARGAIN: [(i64, i64, Step); 7] = [
    (14, 15, Step::Begin),
    (13, 10, Step::Ask),
    (12, 14, Step::Return),
    (11, 9, Step::Offer),
    (11, 11, Step::Propose { first: true }),
    (8, 15, Step::Choose),
    (4, 11, Step::Propose { first: false }),
];

/// A figure: so many days ago, what, how much, how we know, by whom, in which words.
type Figure = (i64, Parameter, [f64; 3], Source, &'static str, &'static str);
/// What went in: so many days ago, for what, minutes and euros; 0 for none.
type Put = (i64, &'static str, i64, f64);
/// A talk: so many days ago, at which hour, by what means, about what, what was said, minutes.
type Told = (i64, i64, Means, &'static str, &'static str, i64);

const PLAIN: Hand = Hand {
    client: "",
    title: "",
    product: "",
    phase: Phase::Hear,
    price: 0.0,
    months: 12,
    refund: 0.0,
    began: 20,
    expects: 30,
    goal: "",
    known: None,
    figures: &[],
    talks: &[],
    tasks: &[],
    efforts: &[],
    budget: None,
    decided: None,
    paused: None,
    left: None,
    gave: &[],
    wants: &[],
    could: &[],
    ruled: &[],
    bargains: false,
    counted: &[],
    voiced: &[],
    steps: &[],
};

use Means::{Call, Email, Meeting, Note};
use Parameter::{Adoption, Alternative, Benefit, Delay, Delivery, Hours, Service, Success};
use Phase::{Agree, Deliver, Diagnose, Hear, Propose, Verify};
use Source::{Assumed, ClientSaid, Measured, OurEstimate};

const DEALS: &[Hand] = &[
    Hand {
        client: "Aster Bakery",
        title: "Online ordering for three shops",
        product: "Online ordering",
        phase: Diagnose,
        price: 18_000.0,
        months: 18,
        began: 24,
        expects: 26,
        goal: "Stop losing the Saturday orders because nobody can pick up the phone.",
        figures: &[
            (
                10,
                Benefit,
                [800.0, 2_600.0, 5_000.0],
                Assumed,
                "Ada Lind",
                "missed calls were never counted; Maria writes them down for a week",
            ),
            (
                10,
                Success,
                [0.8, 0.9, 0.96],
                Measured,
                "our outcomes",
                "bakeries like this reached 60 to 85% of their goal; nobody reached 100%",
            ),
            (10, Delay, [1.0, 2.0, 3.0], OurEstimate, "Ben Okafor", "one shop after the other"),
            (
                10,
                Adoption,
                [600.0, 1_200.0, 2_400.0],
                ClientSaid,
                "Maria Oliveira",
                "Rui would have to learn it too",
            ),
            (
                9,
                Alternative,
                [0.0, 0.0, 2_000.0],
                ClientSaid,
                "Maria Oliveira",
                "a niece for the phone on Saturdays",
            ),
            (
                9,
                Delivery,
                [7_400.0, 8_800.0, 11_400.0],
                OurEstimate,
                "Ben Okafor",
                "three shops, one till each",
            ),
            (9, Service, [40.0, 70.0, 120.0], Measured, "our time sheets", "shops like these"),
            (9, Hours, [8.0, 14.0, 24.0], OurEstimate, "Ada Lind", "8 of 22 hours are spent"),
        ],
        talks: &[
            (
                23,
                14,
                Call,
                "What do you want to do?",
                "Not: what do you want to buy. Saturdays between seven and ten the phone rings and nobody can pick it up. She hears it ring in her sleep.",
                35,
            ),
            (
                17,
                15,
                Meeting,
                "Two hours behind the counter in Rua do Sol",
                "120 orders taken on a good Saturday; she would like 200. She asked for an app. Nobody installs an app for bread: a page that takes orders is what she needs. Told her; she agreed.",
                120,
            ),
            (
                12,
                16,
                Email,
                "Delivery tracking is not needed now",
                "9 in 10 orders are picked up, their till says. Dropped, with the reason, so that she can object.",
                15,
            ),
            (
                10,
                14,
                Call,
                "Rui owns a third",
                "Her brother has to agree. He fears that regulars stay away. Fair; he gets to speak to another baker first.",
                25,
            ),
            (
                3,
                15,
                Note,
                "No next step is agreed with Maria",
                "We promised a plan by Friday. It has to go out, even if it says that we wait for her figures.",
                5,
            ),
        ],
        tasks: &[
            ("Ask Maria what missed calls cost a month", 0),
            ("Send Maria the plan promised for Friday", -2),
        ],
        efforts: &[
            (16, "Sketch of a page that takes orders", 210, 0.0),
            (9, "Figures for three tills", 75, 0.0),
        ],
        wants: &[
            (
                17,
                (
                    "An app for our regulars",
                    "Maria Oliveira",
                    Some((
                        Answered::Replaced,
                        "A page that takes orders, on any telephone",
                        "Nobody installs an app for bread; a page does the same on the first Saturday.",
                    )),
                ),
            ),
            (
                17,
                (
                    "Somebody who picks up on Saturdays",
                    "Maria Oliveira",
                    Some((Answered::IsNeed, "Orders taken while all hands are at the counter", "")),
                ),
            ),
            (
                12,
                (
                    "To see where a delivery is",
                    "Maria Oliveira",
                    Some((Answered::Dropped, "", "9 in 10 orders are picked up, your till says.")),
                ),
            ),
            (10, ("That regulars still come in and talk", "Rui Oliveira", None)),
        ],
        could: &[
            (
                9,
                (
                    "A niece for the phone on Saturdays",
                    [0.0, 0.0, 2_000.0],
                    [0.0, 0.0, 0.0],
                    ClientSaid,
                    "Maria Oliveira",
                    "she studies, and comes when she can",
                    true,
                ),
            ),
            (
                9,
                (
                    "Do nothing",
                    [0.0, 0.0, 0.0],
                    [0.0, 0.0, 0.0],
                    ClientSaid,
                    "Maria Oliveira",
                    "the phone rings, and they live with it",
                    false,
                ),
            ),
        ],
        ruled: &[(10, ("They have more than 40 shops.", Bears::Not, "Maria Oliveira", "three, and no more"))],
        voiced: &[(10, ("Rui Oliveira", Part::Blocks, "fears that regulars stay away"))],
        budget: Some((18, 22.0, "Three shops, and a second owner to convince: a day more than usual.")),
        ..PLAIN
    },
    Hand {
        client: "Northlight Dental",
        title: "Bookings for four practices",
        product: "Bookings",
        phase: Propose,
        price: 29_500.0,
        months: 24,
        began: 61,
        expects: 12,
        goal: "No chair empty because somebody forgot, in none of the four houses.",
        figures: &[
            (
                30,
                Benefit,
                [3_300.0, 3_700.0, 4_200.0],
                ClientSaid,
                "Paul Amaral",
                "missed appointments of last quarter, four practices",
            ),
            (
                30,
                Success,
                [0.88, 0.92, 0.95],
                Measured,
                "our outcomes",
                "practices with a manager of their own",
            ),
            (
                29,
                Delivery,
                [28_200.0, 29_200.0, 30_400.0],
                OurEstimate,
                "Ben Okafor",
                "four calendars, two of them old",
            ),
            (29, Service, [40.0, 55.0, 70.0], Measured, "our time sheets", "practices like these"),
            (29, Adoption, [2_000.0, 2_800.0, 3_600.0], ClientSaid, "Paul Amaral", "a morning for each team"),
            (29, Hours, [8.0, 12.0, 18.0], OurEstimate, "Ada Lind", "three equal offers and a visit"),
        ],
        talks: &[
            (
                40,
                10,
                Meeting,
                "Four houses, four ways to book",
                "Lena wants full chairs without hurry; Paul wants figures. Both are right. Two houses keep paper calendars for good reasons.",
                90,
            ),
            (
                14,
                12,
                Email,
                "They stand at 29,500",
                "At that price we lose money in most cases. Said so with our figures open, and what we could leave out to come nearer.",
                20,
            ),
            (
                6,
                13,
                Call,
                "What came back for the discount of spring",
                "Last year we gave 8% and got two reference visits; both clients came. A precedent they know and we keep to.",
                20,
            ),
        ],
        tasks: &[("Put three equal offers to Northlight", 1)],
        bargains: true,
        gave: &[
            (
                13,
                Us::Ada,
                "A morning of training in the fourth house",
                [300.0, 420.0, 600.0],
                "Two visits for other practices",
                "",
            ),
            (
                5,
                Us::Ben,
                "The two old calendars brought over by us",
                [5_200.0, 6_400.0, 8_200.0],
                "A term of three years instead of two",
                "",
            ),
        ],
        ..PLAIN
    },
    Hand {
        client: "Quarry Road School",
        title: "Pupil records for 640 children",
        product: "Pupil records",
        phase: Agree,
        price: 31_000.0,
        months: 36,
        refund: 0.2,
        began: 88,
        expects: 9,
        goal: "When a mother calls, I want to say yes, I have it here.",
        figures: &[
            (
                40,
                Benefit,
                [2_300.0, 2_700.0, 3_200.0],
                ClientSaid,
                "Hamid Rahimi",
                "office hours counted for a month by Dilys",
            ),
            (
                40,
                Success,
                [0.84, 0.89, 0.94],
                Measured,
                "our outcomes",
                "schools that move their records in the holidays",
            ),
            (
                39,
                Delivery,
                [11_500.0, 13_500.0, 16_000.0],
                OurEstimate,
                "Ben Okafor",
                "the old records are in good order",
            ),
            (
                39,
                Adoption,
                [2_500.0, 4_000.0, 6_000.0],
                ClientSaid,
                "Hamid Rahimi",
                "two weeks of the office in August",
            ),
            (38, Hours, [3.0, 5.0, 8.0], OurEstimate, "Ada Lind", "dates, then signatures"),
        ],
        talks: &[
            (
                60,
                10,
                Meeting,
                "A morning in the office",
                "41 calls before noon; 17 times somebody went to the cellar. Hamid never complained once.",
                150,
            ),
            (
                20,
                11,
                Call,
                "June or August?",
                "He would like June. We keep June in 4 of 10 cases and August in 9; told him so. He chose August and a dinner for the office.",
                30,
            ),
            (
                5,
                11,
                Email,
                "If it does not do what they want, a fifth comes back",
                "Written down: absences known by nine within a term, or a fifth of the price back. He said nobody had ever offered that.",
                15,
            ),
        ],
        tasks: &[("Walk through the go-live dates with Hamid", 0)],
        steps: &[
            (60, ("The office sees it with its own records", [4.0, 6.0, 8.0], 8.0, true)),
            (20, ("Hamid settles the dates with us", [1.0, 2.0, 3.0], 9.0, false)),
            (20, ("The council of the school says yes", [1.0, 1.5, 3.0], 9.0, false)),
            (20, ("Signatures", [0.5, 1.0, 2.0], 10.0, false)),
        ],
        gave: &[(
            18,
            Us::Ada,
            "A dinner for the office in August",
            [180.0, 240.0, 320.0],
            "",
            "They give two weeks of their August; it would be wrong to ask for more.",
        )],
        ..PLAIN
    },
    Hand {
        client: "Brisk Couriers",
        title: "Routes for the night drivers",
        product: "Day routes",
        phase: Diagnose,
        price: 21_000.0,
        began: 33,
        expects: 20,
        goal: "The night round should come home by five, with nothing left in the vans.",
        figures: &[
            (
                12,
                Benefit,
                [400.0, 600.0, 800.0],
                ClientSaid,
                "Petra Kolb",
                "what our day routes would save; the loss is at night",
            ),
            (
                12,
                Success,
                [0.08, 0.12, 0.18],
                Measured,
                "our outcomes",
                "nobody has used it at night and kept it",
            ),
            (
                12,
                Delivery,
                [12_500.0, 14_000.0, 16_000.0],
                OurEstimate,
                "Ben Okafor",
                "night depots are not in it",
            ),
            (12, Hours, [9.0, 14.0, 22.0], OurEstimate, "Ada Lind", "Jonas would have to be convinced"),
        ],
        talks: &[
            (
                26,
                17,
                Meeting,
                "A night at the depot",
                "Jonas showed the board. It is good. What hurts is the motorway at two, and our product does not do night routes.",
                180,
            ),
            (
                4,
                16,
                Note,
                "Say goodbye kindly",
                "Petra would rather hear no today. There are two who do night routes well; name both. Come back if they begin a day round.",
                10,
            ),
        ],
        tasks: &[("Say goodbye kindly to Brisk Couriers, and name two who can", 1)],
        efforts: &[
            (30, "Read how couriers plan their nights", 240, 0.0),
            (25, "Night train to the depot and back", 0, 84.0),
            (20, "Tried our day routes on their night rounds", 330, 0.0),
            (11, "What it would take to build night routes", 270, 0.0),
        ],
        ruled: &[(
            12,
            (
                "The rounds are driven by night.",
                Bears::Applies,
                "Petra Kolb",
                "from eleven to five, every night",
            ),
        )],
        budget: Some((28, 16.0, "A night at the depot belongs to it: we do not know nights.")),
        ..PLAIN
    },
    Hand {
        client: "Ferry Lane Books",
        title: "Labels without retyping",
        product: "Stock and labels",
        phase: Propose,
        price: 3_900.0,
        began: 41,
        expects: 15,
        goal: "Wanda should write letters, not labels.",
        known: Some(Known::Good),
        talks: &[(
            41,
            10,
            Call,
            "No sale, just asked how they are",
            "Three times as many letters answered since spring; it was our smallest sale. Teo reads one to me. They would pay gladly again.",
            25,
        )],
        tasks: &[("Call Teo: nobody has spoken to them for 41 days", 0)],
        ..PLAIN
    },
    Hand {
        client: "Meridian Group",
        title: "One booking desk for eleven hotels",
        product: "Bookings",
        phase: Hear,
        price: 148_000.0,
        months: 36,
        began: 16,
        expects: 120,
        goal: "A guest should not have to know which of our houses she is speaking to.",
        known: Some(Known::Open),
        talks: &[(
            9,
            10,
            Meeting,
            "Sofia, Kofi and five others",
            "Seven people, three of whom decide. Nobody could say what a lost call costs a house. Kofi asked for 15% before anything else; answered that we would first like to know whether it helps.",
            75,
        )],
        tasks: &[("Ask Sofia what a lost call costs a house", 2)],
        decided: Some((
            8,
            Choice::Continue,
            "Eleven houses are worth three more calls; if nobody can say what a lost call costs by then, we stop.",
        )),
        ..PLAIN
    },
    Hand {
        client: "Linden Physio",
        title: "Bookings by phone and web",
        product: "Bookings",
        phase: Propose,
        price: 8_400.0,
        began: 37,
        expects: 8,
        goal: "People should finish the course they began.",
        known: Some(Known::Priced),
        ..PLAIN
    },
    Hand {
        client: "Linden Physio",
        title: "Reminders by text message",
        product: "Shared inbox",
        phase: Deliver,
        price: 2_900.0,
        began: 70,
        expects: 0,
        goal: "A word the evening before, in their language.",
        known: Some(Known::Good),
        ..PLAIN
    },
    Hand {
        client: "Copper Kettle Café",
        title: "Lunch orders for the street",
        product: "Online ordering",
        phase: Diagnose,
        price: 4_800.0,
        began: 19,
        expects: 24,
        goal: "Twelve minutes from the order to the table, on a Friday too.",
        known: Some(Known::Good),
        counted: &[
            (
                7,
                (
                    "A lunch that walks away because it takes too long",
                    [60.0, 85.0, 120.0],
                    [9.0, 11.0, 14.0],
                    Measured,
                    "till of two weeks",
                ),
            ),
            (
                7,
                (
                    "A second pair of hands on Fridays",
                    [4.0, 4.3, 5.0],
                    [60.0, 75.0, 90.0],
                    ClientSaid,
                    "the owner",
                ),
            ),
        ],
        ..PLAIN
    },
    Hand {
        client: "Harbour Lane Market",
        title: "Stock that agrees across nine stalls",
        product: "Stock and labels",
        phase: Diagnose,
        price: 13_500.0,
        began: 28,
        expects: 45,
        goal: "If Zé has no lemons, he should know that Olga has.",
        known: Some(Known::Open),
        ..PLAIN
    },
    Hand {
        client: "Tidemark Vets",
        title: "Reminders that bring animals back in time",
        product: "Bookings",
        phase: Hear,
        price: 7_800.0,
        began: 6,
        expects: 40,
        goal: "I do not want to see a dog for the first time when it is too late.",
        known: Some(Known::Open),
        ..PLAIN
    },
    Hand {
        client: "Juniper Toys",
        title: "Christmas orders by the evening before",
        product: "Online ordering",
        phase: Propose,
        price: 6_900.0,
        began: 30,
        expects: 6,
        goal: "Go home at seven in December.",
        known: Some(Known::Priced),
        tasks: &[("Show Klara the smaller offer", 3)],
        ..PLAIN
    },
    Hand {
        client: "Alder Town Library",
        title: "Shared inbox for the reading rooms",
        product: "Shared inbox",
        phase: Agree,
        price: 5_200.0,
        began: 52,
        expects: 10,
        goal: "Anybody who asks us something gets an answer within a week.",
        known: Some(Known::Priced),
        ..PLAIN
    },
    Hand {
        client: "Stonegate Printworks",
        title: "Stock for a press that is being sold",
        product: "Stock and labels",
        phase: Hear,
        price: 9_800.0,
        began: 14,
        expects: 30,
        goal: "Paper there when the press is free, until we hand over.",
        known: Some(Known::Poor),
        ..PLAIN
    },
    Hand {
        client: "Hollow Oak Nursery",
        title: "Pick-up lists that parents see",
        product: "Shared inbox",
        phase: Verify,
        price: 2_400.0,
        began: 118,
        expects: 0,
        goal: "Parents should know how the day was before they ask.",
        known: Some(Known::Good),
        tasks: &[("Ask Ruth for the count of the fourth week", -1)],
        ..PLAIN
    },
    Hand {
        client: "Aster Bakery",
        title: "Birthday cakes from the web page",
        product: "Online ordering",
        phase: Hear,
        price: 3_200.0,
        began: 75,
        expects: 60,
        goal: "Cakes that are ordered in time to be beautiful.",
        known: Some(Known::Good),
        paused: Some(("Waits until the Saturday orders are settled; Maria's wish.", 50, -1)),
        ..PLAIN
    },
    Hand {
        client: "Quarry Road School",
        title: "Bookings for the sports hall",
        product: "Bookings",
        phase: Diagnose,
        price: 5_600.0,
        began: 96,
        expects: 90,
        goal: "The clubs should see by themselves when the hall is free.",
        known: Some(Known::Good),
        paused: Some(("The council decides about the hall; Hamid writes when it has.", 44, -3)),
        ..PLAIN
    },
    Hand {
        client: "Meridian Hotels South",
        title: "Winter guests by letter",
        product: "Shared inbox",
        phase: Hear,
        price: 11_500.0,
        began: 58,
        expects: 100,
        goal: "A guest of summer should hear from us in November, from a person.",
        known: Some(Known::Open),
        paused: Some((
            "They hire somebody for letters first. Come back when she has been there a month.",
            21,
            38,
        )),
        ..PLAIN
    },
    Hand {
        client: "Tidemark Vets",
        title: "Medicines counted on the shelf",
        product: "Stock and labels",
        phase: Propose,
        price: 6_400.0,
        began: 140,
        expects: 0,
        goal: "Never again stand before a dog without the right vial.",
        known: Some(Known::Poor),
        left: Some(Left {
            days: 40,
            way: Way::WalkedAway,
            side: Some(Short::Client),
            reason: "Two people count one cupboard. Our software would take them longer than counting.",
            learnt: "Ask how many shelves there are before anything else.",
            referral: "The order list of their wholesaler, which costs them nothing",
            message: "Dear Ines,\n\nthank you for showing us the cupboard. It is one, and you are two. What we make would take you longer than counting does, and you would pay for it. Your wholesaler's order list does what you need and costs nothing.\n\nYou said a second practice may open in autumn. If I may, I will ask then how you are.\n\nAda",
            back: Some(-1),
            product: false,
        }),
        ..PLAIN
    },
    Hand {
        client: "Linden Physio",
        title: "A waiting list that calls by itself",
        product: "Bookings",
        phase: Propose,
        price: 3_600.0,
        began: 120,
        expects: 0,
        goal: "Nobody should wait three weeks while Tuesday is empty.",
        known: Some(Known::Good),
        left: Some(Left {
            days: 33,
            way: Way::Declined,
            side: None,
            reason: "They would rather call people themselves: half of the talk is how somebody is.",
            learnt: "The call was the care. We offered to take away what they do best.",
            referral: "",
            message: "",
            back: None,
            product: true,
        }),
        ..PLAIN
    },
];

/// Writes all of them.
pub(super) fn write(pen: &mut Pen) {
    for hand in DEALS {
        let client = pen.client(hand.client);
        let contact = pen.decides(client);
        let engagement = Engagement {
            title: hand.title.into(),
            client,
            contact,
            product: product(hand.product),
            owner: Us::Ada,
            price: Some(hand.price),
            horizon_months: hand.months,
            refund_share: hand.refund,
            opened_on: pen.workday(hand.began),
            expected_on: (hand.phase <= Phase::Agree).then(|| pen.coming(hand.expects)),
        };
        let deal = begin(pen, engagement, hand.phase, hand.began, hand.known, Some(hand.goal));
        let with = With { deal: Some(deal), client, contact: Some(contact) };
        for (n, (days, parameter, range, source, by, note)) in (0..).zip(hand.figures) {
            let said = Said {
                parameter: *parameter,
                range: *range,
                source: *source,
                by: (*by).into(),
                note: Some((*note).into()),
            };
            let at = pen.ago(*days, 16).plus_seconds(n * 60);
            pen.add(at, Us::Ada, What::Figure { deal, said });
        }
        for (days, hour, means, title, note, minutes) in hand.talks {
            let talk =
                Talk { means: *means, title: (*title).into(), note: (*note).into(), minutes: *minutes };
            let at = pen.ago(*days, *hour);
            pen.add(at, Us::Ada, What::Talked { with, talk });
        }
        for (title, due) in hand.tasks {
            let (at, due) = (pen.ago(4.min(hand.began), 17), pen.today.plus_days(*due));
            pen.task(at, Us::Ada, with, (*title).into(), due, None);
        }
        for (days, title, minutes, spent) in hand.efforts {
            let what = What::Effort {
                deal,
                title: (*title).into(),
                minutes: Some(*minutes).filter(|minutes| *minutes > 0),
                spent: Some(*spent).filter(|spent| *spent > 0.0),
            };
            let at = pen.ago(*days, 17);
            pen.add(at, Us::Ada, what);
        }
        if let Some((days, hours, reason)) = hand.budget {
            let at = pen.ago(days, 18);
            pen.add(at, Us::Ada, What::Budget { deal, hours, reason: reason.into() });
        }
        if let Some((days, choice, reason)) = hand.decided {
            let at = pen.ago(days, 18);
            pen.add(at, Us::Ada, What::Decided { deal, choice, reason: reason.into() });
        }
        for (days, by, title, [low, likely, high], back, nothing) in hand.gave {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let wish = Wish {
                title: (*title).into(),
                cost: Range::new(*low, *likely, *high).unwrap_or(Range::exactly(*likely)),
                cost_source: OurEstimate,
                worth: None,
                came_back: some(back),
                nothing_because: some(nothing),
            };
            let at = pen.ago(*days, 12);
            pen.add(at, *by, What::Gave { deal, wish });
        }
        if hand.client == "Northlight Dental" {
            // What was counted before Paul said otherwise: both are kept, and the deal tells that they disagree.
            let said = Said {
                parameter: Benefit,
                range: [1_500.0, 1_900.0, 2_300.0],
                source: Measured,
                by: "two of their four calendars".into(),
                note: Some("counted for a week".into()),
            };
            pen.add(pen.now.plus_days(-44), Us::Ada, What::Figure { deal, said });
        }
        for (n, (days, part)) in (0..).zip(hand.counted) {
            let at = pen.ago(*days, 15).plus_seconds(n * 60);
            pen.add(at, Us::Ada, What::Counted { deal, part: *part });
        }
        for (days, (name, part, note)) in hand.voiced {
            let at = pen.ago(*days, 17);
            if let Some(person) = pen.person(name) {
                pen.add(at, Us::Ada, What::Voiced { deal, person, part: *part, note });
            }
        }
        for (n, (days, step)) in (0..).zip(hand.steps) {
            let at = pen.ago(*days, 19).plus_seconds(n * 60);
            pen.add(at, Us::Ada, What::Stepped { deal, step: *step });
        }
        for (n, (days, wanted)) in (0..).zip(hand.wants) {
            let at = pen.ago(*days, 17).plus_seconds(n * 60);
            pen.add(at, Us::Ada, What::Wanted { deal, wanted: *wanted });
        }
        for (n, (days, could)) in (0..).zip(hand.could) {
            let at = pen.ago(*days, 18).plus_seconds(n * 60);
            pen.add(at, Us::Ada, What::Could { deal, could: *could });
        }
        for (days, (sentence, bears, by, note)) in hand.ruled {
            let at = pen.ago(*days, 18);
            pen.add(at, Us::Ada, What::Ruled { deal, sentence, bears: *bears, by, note });
        }
        if hand.bargains {
            for (days, hour, step) in BARGAIN {
                let at = pen.ago(days, hour);
                pen.add(at, Us::Ada, What::Bargained { deal, step });
            }
        }
        if let Some(left) = &hand.left {
            let (at, parting) = (pen.ago(left.days, 16), parting(pen, left));
            pen.add(at, Us::Ada, What::Parted { deal, parting });
        }
        if let Some((reason, days, back)) = hand.paused {
            let (at, back) = (pen.ago(days, 17), pen.today.plus_days(back));
            let standing = Standing::Paused;
            pen.add(
                at,
                Us::Ada,
                What::Left { deal, standing, reason: reason.into(), revisit_on: Some(back) },
            );
        }
    }
    greatest(pen);
}

/// What is said when a deal of hers is left.
fn parting(pen: &Pen, left: &Left) -> Parting {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Parting {
        side: left.side,
        learnt: some(left.learnt),
        message: some(left.message),
        referral: some(left.referral),
        watch_on: left.back.map(|days| pen.today.plus_days(days)),
        watch_product: left.product,
        ..Parting::plain(left.way, left.reason.into())
    }
}

/// The greatest impact of all, and our smallest sale: Ferry Lane Books, in spring.
fn greatest(pen: &mut Pen) {
    let client = pen.client("Ferry Lane Books");
    let contact = pen.person("Teo Marsh").unwrap_or_default();
    let engagement = Engagement {
        title: "Letters answered within a week".into(),
        client,
        contact,
        product: product("Shared inbox"),
        owner: Us::Ada,
        price: Some(1_450.0),
        horizon_months: 12,
        refund_share: 0.0,
        opened_on: pen.workday(260),
        expected_on: None,
    };
    let goal = "I want to answer every letter, and still read.";
    let deal = begin(pen, engagement, Verify, 260, Some(Known::Good), Some(goal));
    let reason = "Letters answered a month: 40 before, 121 after. Teo wanted 130. Gladly paid; our smallest sale of the year.";
    let at = pen.ago(60, 15).max(pen.ago(1, 15).plus_days(-60));
    pen.add(
        at.plus_days(59),
        Us::Ada,
        What::Left { deal, standing: Standing::Verified, reason: reason.into(), revisit_on: None },
    );
}
