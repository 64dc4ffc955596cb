//! Telling the story: each happening through the verb for it, by who did it, at its moment.

use crate::accounts::actions::{SetUp, add_member, change_member, change_workspace, set_up};
use crate::accounts::{self, Act, Member, Scope, Settings, Team, Via, Workspace};
use crate::activities::Activity;
use crate::base::{Currency, Date, Email, Evidence, Id, Locale, Money, Range, Source, When};
use crate::care;
use crate::companies::Company;
use crate::concessions;
use crate::contacts::Contact;
use crate::deals::{self, Deal, Phase, Stage, Standing};
use crate::demo::cast::{MEMBERS, PRODUCTS, TEAMS, Us};
use crate::demo::plan::{Could, Engagement, Happening, Said, Step, Story, Talk, Wanted, What, With};
use crate::demo::{ZONE, asked, counted, day_of, shared};
use crate::departures;
use crate::diagnosis::said::{self, By, Heard, Ruling};
use crate::diagnosis::{self, Alternative, CostPart, Parameter, Step as PathStep};
use crate::error::{Error, Result};
use crate::jobs;
use crate::negotiation::{self, Bargain, Package, Sets};
use crate::products::Product;
use crate::proposals;
use crate::pulse::{self, Saying};
use crate::pursuit::{self, Budget, Effort};
use crate::records::{self, Kept};
use crate::service::actions::Wish as Asking;
use crate::service::{self, Channel, Request};
use crate::tasks::Task;
use db::Tx;
use std::collections::HashMap;

/// What they answer with, again and again.
const TEXTS: &[(&str, &str)] = &[
    (
        "We look at it",
        "Dear {first_name}, thank you for telling us. We look at “{request}” now and write again today. {me}",
    ),
    ("One question first", "Dear {first_name}, gladly. One question first: … {me}"),
];

/// What an hour of Fieldwork Software is worth, in euros.
const HOUR_VALUE: f64 = 96.0;

/// The deal, the client and the person something is about.
type About = (Option<Id<Deal>>, Option<Id<Company>>, Option<Id<Contact>>);

/// What there is so far: the ids of what the story numbers.
struct Teller<'a> {
    story: &'a Story,
    workspace: Id<Workspace>,
    members: HashMap<Us, (Id<Member>, Member)>,
    products: Vec<Id<Product>>,
    stages: HashMap<Phase, Kept<Stage>>,
    clients: HashMap<usize, Id<Company>>,
    people: HashMap<usize, Id<Contact>>,
    deals: HashMap<usize, Id<Deal>>,
    figures: HashMap<(usize, Parameter), Id<diagnosis::Figure>>,
    tasks: HashMap<usize, Id<Task>>,
    requests: HashMap<usize, Id<Request>>,
}

/// Tells the whole story in one transaction, and asks for every deal to be weighed.
///
/// # Errors
/// What a verb refuses: then the story is at fault.
pub(super) async fn tell(tx: &mut Tx, story: &Story, now: When) -> Result<()> {
    let beginning = Story::beginning(now);
    let workspace = begin(tx, beginning).await?;
    let mut teller = Teller {
        story,
        workspace,
        members: HashMap::new(),
        products: Vec::new(),
        stages: HashMap::new(),
        clients: HashMap::new(),
        people: HashMap::new(),
        deals: HashMap::new(),
        figures: HashMap::new(),
        tasks: HashMap::new(),
        requests: HashMap::new(),
    };
    teller.join(tx, beginning).await?;
    teller.offer(tx, beginning.plus_days(2)).await?;
    for stage in deals::store::stages(tx, workspace).await? {
        teller.stages.insert(stage.phase, stage);
    }
    for happening in &story.happenings {
        teller.go_on(tx, happening).await?;
    }
    for member in MEMBERS {
        let Some(days) = member.left_days_ago else { continue };
        let (act, left) = (teller.act(Us::Ada, now.plus_days(-days))?, now.plus_days(-days));
        let (id, _) = teller.member(member.who)?;
        change_member(tx, &act, id, None, |member: &mut Member| {
            member.disabled_at = Some(left);
            Ok(())
        })
        .await?;
    }
    teller.allowed(tx, now).await?;
    teller.plans(tx, now).await?;
    teller.parted(tx, now).await?;
    let act = Act::new(Scope::of_workspace(workspace), now, Via::Demo);
    jobs::every_day(tx, &act, day_of(now)).await.map(drop)
}

/// The workspace and its owner.
async fn begin(tx: &mut Tx, at: When) -> Result<Id<Workspace>> {
    let it = SetUp {
        workspace: "Fieldwork Software".into(),
        name: Us::Ada.name().into(),
        email: address(Us::Ada.name())?,
        password_hash: None,
        currency: Currency::EUR,
        time_zone: ZONE.into(),
        locale: Locale::EnGb,
    };
    let (workspace, _) = set_up(tx, it, at, Via::Demo).await?;
    let settings = Settings { hour_value: HOUR_VALUE, ..Settings::default() };
    let act = Act::new(Scope::of_workspace(workspace.id), at, Via::Demo);
    change_workspace(tx, &act, None, |workspace| workspace.settings = settings).await?;
    Ok(workspace.id)
}

/// `Ada Lind` is at `ada@fieldwork.example`.
fn address(name: &str) -> Result<Email> {
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    parse(&format!("{first}@fieldwork.example"))
}

fn parse(email: &str) -> Result<Email> {
    Email::parse(email).map_err(|right| Error::field("email", right))
}

fn missing(what: &str) -> Error {
    Error::Internal(format!("the story speaks of a {what} before it is there"))
}

impl Teller<'_> {
    async fn join(&mut self, tx: &mut Tx, at: When) -> Result<()> {
        let act = Act::new(Scope::of_workspace(self.workspace), at, Via::Demo);
        let mut teams = Vec::new();
        for name in TEAMS {
            teams.push(records::create(tx, &act, Team { name: (*name).into() }).await?.id);
        }
        for joining in MEMBERS {
            let member = Member {
                name: joining.name.into(),
                email: Some(address(joining.name)?),
                role: joining.role,
                sees: joining.sees,
                team_id: joining.team.and_then(|team| teams.get(team)).copied(),
                time_zone: None,
                locale: None,
                week_hours: week_hours(joining.who),
                disabled_at: None,
            };
            let id = if joining.who == Us::Ada {
                let (_, ada) = super::store::owner(tx).await?.ok_or_else(|| missing("owner"))?;
                ada
            } else {
                add_member(tx, &act, member.clone()).await?.id
            };
            self.members.insert(joining.who, (id, member));
        }
        Ok(())
    }

    async fn offer(&mut self, tx: &mut Tx, at: When) -> Result<()> {
        let act = self.act(Us::Ada, at)?;
        for offer in PRODUCTS {
            let product = Product {
                family: Some(offer.family.into()),
                price_minor: Some(Money::of_units(offer.price, Currency::EUR).minor),
                note: Some(offer.note.into()),
                ..Product::named(offer.name, Currency::EUR)
            };
            let id = records::create(tx, &act, product).await?.id;
            for sentence in offer.limits {
                said::not_for(tx, &act, id, (*sentence).into()).await?;
            }
            for (parameter, [low, likely, high], source, by, note) in offer.profile {
                let figure = diagnosis::Figure {
                    deal_id: None,
                    product_id: Some(id),
                    parameter: *parameter,
                    low: *low,
                    likely: *likely,
                    high: *high,
                    source: *source,
                    said_by: Some((*by).into()),
                    said_on: Some(day_of(at)),
                    note: Some((*note).into()),
                };
                records::create(tx, &act, figure).await?;
            }
            self.products.push(id);
        }
        Ok(())
    }

    fn member(&self, who: Us) -> Result<(Id<Member>, &Member)> {
        self.members.get(&who).map(|(id, member)| (*id, member)).ok_or_else(|| missing("member"))
    }

    /// One of us, acting at a moment. What a member with a narrower view sees is theirs from the start, so the
    /// story need not ask.
    fn act(&self, who: Us, at: When) -> Result<Act> {
        let (id, member) = self.member(who)?;
        let team = self.members.values().filter(|(_, other)| other.team_id == member.team_id);
        let team = team.map(|(id, _)| *id).collect();
        Ok(Act::new(Scope::of_member(self.workspace, id, member, team), at, Via::Demo))
    }

    fn deal(&self, number: usize) -> Result<Id<Deal>> {
        self.deals.get(&number).copied().ok_or_else(|| missing("deal"))
    }

    async fn go_on(&mut self, tx: &mut Tx, happening: &Happening) -> Result<()> {
        let Happening { at, by, what } = happening;
        let (act, today) = (self.act(*by, *at)?, day_of(*at));
        match what {
            What::Client(number) => self.client(tx, &act, *number).await,
            What::Person(number) => self.person(tx, &act, *number).await,
            What::Deal(number) => self.begin_deal(tx, &act, *number).await,
            What::Goal { deal, text, by } => {
                let edit = |deal: &mut Deal| {
                    deal.goal = Some(text.clone());
                    deal.goal_source = Some(Source::ClientSaid);
                    deal.goal_by = Some(by.clone());
                    deal.goal_on = Some(today);
                    Ok(())
                };
                records::change(tx, &act, self.deal(*deal)?, None, edit).await.map(drop)
            }
            What::Figure { deal, said } => self.figure(tx, &act, *deal, said).await,
            What::Counted { deal, part } => {
                let (title, times, each, source, by) = *part;
                let it = CostPart {
                    deal_id: self.deal(*deal)?,
                    title: title.into(),
                    times_low: times[0],
                    times_likely: times[1],
                    times_high: times[2],
                    each_low: each[0],
                    each_likely: each[1],
                    each_high: each[2],
                    source,
                    said_by: Some(by.into()),
                    said_on: Some(today),
                    note: None,
                };
                said::count(tx, &act, it).await.map(drop)
            }
            What::Voiced { deal, person, part, note } => {
                let who = self.people.get(person).copied().ok_or_else(|| missing("person"))?;
                let note = Some((*note).to_owned()).filter(|note| !note.is_empty());
                said::voice(tx, &act, self.deal(*deal)?, who, *part, note).await.map(drop)
            }
            What::Stepped { deal, step } => {
                let (title, hours, went_on, is_passed) = *step;
                let it = PathStep {
                    deal_id: self.deal(*deal)?,
                    title: title.into(),
                    position: 0,
                    hours_low: Some(hours[0]),
                    hours_likely: Some(hours[1]),
                    hours_high: Some(hours[2]),
                    went_on: Some(went_on),
                    source: Source::OurEstimate,
                    said_by: Some(by.name().into()),
                    said_on: Some(today),
                    note: None,
                    passed_at: None,
                };
                let kept = said::step(tx, &act, it).await?;
                if is_passed {
                    said::pass(tx, &act, kept.id).await?;
                }
                Ok(())
            }
            What::Wanted { deal, wanted } => self.wanted(tx, &act, *deal, *wanted).await,
            What::Could { deal, could } => self.could(tx, &act, *deal, *could).await,
            What::Ruled { deal, sentence, bears, by, note } => {
                let id = self.deal(*deal)?;
                let product =
                    records::get(tx, &act.scope, id).await?.product_id.ok_or_else(|| missing("product"))?;
                let all = diagnosis::store::contraindications(tx, self.workspace, product).await?;
                let of = all.iter().find(|it| it.title == *sentence).ok_or_else(|| missing("sentence"))?.id;
                let ruling = Ruling {
                    of,
                    bears: *bears,
                    source: Source::ClientSaid,
                    said_by: Some((*by).into()),
                    said_on: Some(today),
                    note: Some((*note).into()).filter(|note: &String| !note.is_empty()),
                };
                said::rule(tx, &act, id, ruling).await.map(drop)
            }
            What::Priced { deal, price } => {
                let edit = |deal: &mut Deal| {
                    deal.price_minor = Some(Money::of_units(*price, deal.currency).minor);
                    Ok(())
                };
                records::change(tx, &act, self.deal(*deal)?, None, edit).await.map(drop)
            }
            What::Moved { deal, phase } => {
                let stage = self.stages.get(phase).ok_or_else(|| missing("stage"))?;
                let edit = |deal: &mut Deal| deal.move_to(stage, act.now, today);
                records::change(tx, &act, self.deal(*deal)?, None, edit).await.map(drop)
            }
            What::Left { deal, standing, reason, revisit_on } => {
                if *standing == Standing::Verified {
                    counted::give(tx, &act, self.deal(*deal)?, *deal, today).await?;
                }
                let edit = |deal: &mut Deal| deal.leave(*standing, Some(reason.clone()), *revisit_on, today);
                let kept = records::change(tx, &act, self.deal(*deal)?, None, edit).await?;
                if *standing == Standing::WalkedAway {
                    counted::part(tx, &act, kept.id, *deal, reason).await?;
                }
                if let Some(it) = self.story.deals.get(*deal).filter(|_| *standing == Standing::Verified) {
                    let decider = kept.goal_by.clone().unwrap_or_default();
                    counted::write_down(tx, &act, (kept.id, it, *deal), (reason, &decider), today).await?;
                }
                Ok(())
            }
            What::Texts => {
                for (name, text) in TEXTS {
                    let text = service::Template { name: (*name).into(), text: (*text).into() };
                    records::create(tx, &act, text).await?;
                }
                Ok(())
            }
            What::Asked { number, with, title, said } => {
                let (deal_id, company_id, contact_id) = self.with(*with);
                let said = Some((*said).to_owned()).filter(|said| !said.is_empty());
                let wish = Asking {
                    said,
                    deal_id,
                    company_id,
                    contact_id,
                    ..Asking::of(*title, Channel::Hand, *at)
                };
                let kept = service::actions::open(tx, &act, wish).await?;
                self.requests.insert(*number, kept.id);
                Ok(())
            }
            What::Answered { number, text, next } => {
                let id = self.requests.get(number).copied().ok_or_else(|| missing("request"))?;
                service::actions::answer(tx, &act, id, Some((*text).to_owned()), *next).await.map(drop)
            }
            What::Inner { number, text } => {
                let id = self.requests.get(number).copied().ok_or_else(|| missing("request"))?;
                service::actions::note(tx, &act, id, (*text).to_owned()).await.map(drop)
            }
            What::Felt { with, whose, mood, word } => {
                let (deal_id, company_id, contact_id) = self.with(*with);
                let word = Some((*word).to_owned()).filter(|word| !word.is_empty());
                let saying = Saying { deal_id, company_id, contact_id, word, ..Saying::of(*whose, *mood) };
                pulse::actions::say(tx, &act, saying).await.map(drop)
            }
            What::Often { client, days, because } => {
                let id = self.clients.get(client).copied().ok_or_else(|| missing("client"))?;
                let client = care::Client::Company(id);
                care::actions::set(tx, &act, client, *days, (*because).to_owned()).await.map(drop)
            }
            What::Talked { with, talk } => self.talk(tx, &act, *with, talk).await,
            What::Task { number, with, title, due_on } => {
                let (deal_id, company_id, contact_id) = self.with(*with);
                let task = Task {
                    title: title.clone(),
                    note: None,
                    deal_id,
                    company_id,
                    contact_id,
                    owner_id: act.scope.member(),
                    due_on: Some(*due_on),
                    done_at: None,
                    hours_low: None,
                    hours_likely: None,
                    hours_high: None,
                    hours_taken: None,
                };
                let mut task = task;
                task.set_estimate(Some(Range::exactly(hours_said(*number))));
                let kept = records::create(tx, &act, task).await?;
                self.tasks.insert(*number, kept.id);
                Ok(())
            }
            What::Effort { deal, title, minutes, spent } => {
                let effort = Effort {
                    deal_id: self.deal(*deal)?,
                    owner_id: act.scope.member(),
                    title: title.clone(),
                    worked_on: today,
                    minutes: *minutes,
                    spent_minor: spent.map(|units| Money::of_units(units, Currency::EUR).minor),
                    currency: Currency::EUR,
                };
                records::create(tx, &act, effort).await.map(drop)
            }
            What::Budget { deal, hours, reason } => {
                let budget = Budget { deal_id: self.deal(*deal)?, hours: *hours, reason: reason.clone() };
                records::create(tx, &act, budget).await.map(drop)
            }
            What::Gave { deal, wish } => {
                let deal = self.deal(*deal)?;
                concessions::actions::give(tx, &act, deal, wish.clone(), today).await.map(drop)
            }
            What::Parted { deal, parting } => {
                let kept = records::get(tx, &act.scope, self.deal(*deal)?).await?;
                let (standing, reason) = (parting.way.standing(), parting.reason.clone());
                departures::actions::part(tx, &act, &kept, parting.clone()).await?;
                let edit = |deal: &mut Deal| deal.leave(standing, Some(reason), None, today);
                records::change(tx, &act, kept.id, None, edit).await.map(drop)
            }
            What::Bargained { deal, step } => self.bargain(tx, &act, *deal, *step, today).await,
            What::Decided { deal, choice, reason } => {
                let answer = pursuit::actions::Answer {
                    choice: *choice,
                    reason: Some(reason.clone()),
                    hours_more: None,
                };
                pursuit::actions::decide(tx, &act, self.deal(*deal)?, answer).await.map(drop)
            }
            What::TaskDone(number) => {
                let id = self.tasks.get(number).copied().ok_or_else(|| missing("task"))?;
                let edit = |task: &mut Task| {
                    task.done_at = Some(act.now);
                    task.hours_taken = Some(hours_taken(*number));
                    Ok(())
                };
                records::change(tx, &act, id, None, edit).await.map(drop)
            }
        }
    }

    fn with(&self, with: With) -> About {
        (
            with.deal.and_then(|deal| self.deals.get(&deal)).copied(),
            self.clients.get(&with.client).copied(),
            with.contact.and_then(|person| self.people.get(&person)).copied(),
        )
    }

    async fn client(&mut self, tx: &mut Tx, act: &Act, number: usize) -> Result<()> {
        let it = self.story.clients.get(number).ok_or_else(|| missing("client"))?;
        let parent =
            it.parent.and_then(|parent| self.story.clients.iter().position(|one| one.name == parent));
        let company = Company {
            owner_id: Some(self.member(it.carer)?.0),
            parent_id: parent.and_then(|parent| self.clients.get(&parent)).copied(),
            domain: Some(domain(it.name)),
            city: Some(it.city.into()),
            country: Some(it.country.into()),
            industry: Some(it.industry.into()),
            employees: Some(it.employees),
            revenue_minor: Some(it.employees * 7_400_000),
            founded_year: Some(it.founded),
            matters: Some(it.matters.into()),
            ..Company::named(it.name, Currency::EUR)
        };
        let kept = records::create(tx, act, company).await?;
        self.clients.insert(number, kept.id);
        Ok(())
    }

    async fn person(&mut self, tx: &mut Tx, act: &Act, number: usize) -> Result<()> {
        let it = self.story.people.get(number).ok_or_else(|| missing("person"))?;
        let client = self.story.clients.get(it.client).ok_or_else(|| missing("client"))?;
        let first = crate::base::fold(it.name.trim_start_matches("Dr ")).replace(' ', ".");
        let contact = Contact {
            company_id: self.clients.get(&it.client).copied(),
            owner_id: Some(self.member(client.carer)?.0),
            email: Some(parse(&format!("{first}@{}", domain(client.name)))?),
            job_title: Some(it.job.into()),
            matters: Some(it.matters.into()),
            manner: Some(it.manner.into()),
            ..Contact::named(it.name.clone())
        };
        let kept = records::create(tx, act, contact).await?;
        self.people.insert(number, kept.id);
        Ok(())
    }

    async fn begin_deal(&mut self, tx: &mut Tx, act: &Act, number: usize) -> Result<()> {
        let it: &Engagement = self.story.deals.get(number).ok_or_else(|| missing("deal"))?;
        let first = self.stages.get(&Phase::Hear).ok_or_else(|| missing("stage"))?;
        let mut deal = Deal::named(it.title.clone(), first, Currency::EUR, act.now, it.opened_on);
        (_, deal.company_id, deal.contact_id) =
            self.with(With { deal: None, client: it.client, contact: Some(it.contact) });
        deal.product_id = self.products.get(it.product).copied();
        deal.owner_id = Some(self.member(it.owner)?.0);
        deal.price_minor = it.price.map(|price| Money::of_units(price, Currency::EUR).minor);
        deal.horizon_months = it.horizon_months;
        deal.refund_share = it.refund_share;
        deal.expected_on = it.expected_on;
        let kept = records::create(tx, act, deal).await?;
        self.deals.insert(number, kept.id);
        Ok(())
    }

    /// A figure is written down, or replaces what was said before.
    async fn figure(&mut self, tx: &mut Tx, act: &Act, deal: usize, said: &Said) -> Result<()> {
        let [low, likely, high] = said.range;
        let range =
            Range::new(low, likely, high).map_err(|right| Error::field(said.parameter.code(), right))?;
        let figure = diagnosis::Figure {
            deal_id: Some(self.deal(deal)?),
            product_id: None,
            parameter: said.parameter,
            low: range.low(),
            likely: range.likely(),
            high: range.high(),
            source: said.source,
            said_by: Some(said.by.clone()),
            said_on: Some(day_of(act.now)),
            note: said.note.clone(),
        };
        let known = self.figures.get(&(deal, said.parameter)).copied();
        match known {
            Some(id) => {
                let edit = |before: &mut diagnosis::Figure| {
                    *before = figure;
                    Ok(())
                };
                records::change(tx, act, id, None, edit).await?;
            }
            None => {
                let kept = records::create(tx, act, figure).await?;
                self.figures.insert((deal, said.parameter), kept.id);
            }
        }
        Ok(())
    }

    /// A want is heard, and answered where it was.
    async fn wanted(&mut self, tx: &mut Tx, act: &Act, deal: usize, wanted: Wanted) -> Result<()> {
        let id = self.deal(deal)?;
        let (title, by, answer) = wanted;
        let needs = diagnosis::store::needs(tx, self.workspace, id).await?;
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let need = answer.and_then(|(_, need, _)| some(need)).map(|need| {
            let known = needs.iter().find(|known| known.title == need);
            known.map_or(By::New(need), |known| By::Need(known.id))
        });
        let heard = Heard {
            title: title.into(),
            said_by: some(by),
            said_on: Some(day_of(act.now)),
            answered: answer.map(|(answered, ..)| answered),
            by: need,
            because: answer.and_then(|(.., because)| some(because)),
        };
        said::hear(tx, act, id, heard).await.map(drop)
    }

    /// Something else they could do; the best of it becomes the figure.
    async fn could(&mut self, tx: &mut Tx, act: &Act, deal: usize, could: Could) -> Result<()> {
        let (title, worth, cost, source, by, note, is_best) = could;
        let it = Alternative {
            deal_id: self.deal(deal)?,
            title: title.into(),
            worth_low: worth[0],
            worth_likely: worth[1],
            worth_high: worth[2],
            cost_low: cost[0],
            cost_likely: cost[1],
            cost_high: cost[2],
            source,
            said_by: Some(by.into()),
            said_on: Some(day_of(act.now)),
            note: Some(note.into()),
            best_at: None,
        };
        let kept = said::weigh(tx, act, it).await?;
        if is_best {
            said::best(tx, act, kept.id).await?;
        }
        Ok(())
    }

    /// What two clients allowed us to tell of what they reached.
    async fn allowed(&self, tx: &mut Tx, now: When) -> Result<()> {
        for (product, told, days) in [
            (
                "Bookings",
                "“In the second month the chairs were full without hurry.” A practice with two dentists.",
                20,
            ),
            (
                "Online ordering",
                "“We sell a third more on Saturdays and nobody runs to the phone.” A bakery with one shop.",
                35,
            ),
        ] {
            let product = self.products.get(super::plan::product(product)).copied();
            let mut numbers: Vec<_> = self.deals.iter().collect();
            numbers.sort();
            let act = self.act(Us::Ada, now.plus_days(-days))?;
            for (_, id) in numbers {
                let Ok(deal) = records::get(tx, &act.scope, *id).await else { continue };
                if deal.standing == deals::Standing::Verified && deal.product_id == product {
                    proposals::actions::tell(tx, &act, *id, Some(told.to_owned())).await?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// The plans that deals share with their clients.
    async fn plans(&self, tx: &mut Tx, now: When) -> Result<()> {
        let today = day_of(now);
        let begun = self.act(Us::Ada, now.plus_days(-90))?;
        asked::questions(tx, &begun).await?;
        if let Some(product) = self.products.get(super::plan::product("Online ordering")).copied() {
            shared::steps(tx, &begun, product).await?;
        }
        let mut numbers: Vec<_> = self.deals.iter().collect();
        numbers.sort();
        let ada = self.act(Us::Ada, now)?;
        let mut shared = Vec::new();
        for (_, id) in numbers.iter().copied() {
            let deal = records::get_any(tx, &ada.scope, *id).await?;
            if deal.removed_at.is_some() {
                continue;
            }
            let act =
                |days: i64| Act::new(ada.scope.clone().by(deal.owner_id), now.plus_days(days), Via::Demo);
            asked::answers(tx, act, (&deal.title, *id)).await?;
            if !shared::names().any(|name| name == deal.title) {
                continue;
            }
            shared::plan(tx, act, (&deal.title, *id), today).await?;
            shared.push(deal);
        }
        let mut begun = 0;
        for (_, id) in numbers.iter().copied() {
            let deal = records::get_any(tx, &ada.scope, *id).await?;
            let is_delivered = deal.standing == Standing::Open && deal.agreed_on.is_some();
            if deal.removed_at.is_none() && is_delivered {
                let act = Act::new(ada.scope.clone().by(deal.owner_id), now.plus_days(-2), Via::Demo);
                if !shared::measured(tx, &act, *id, begun, today).await? {
                    break;
                }
                begun += 1;
            }
        }
        shared::deeds(tx, &ada, &shared).await
    }

    /// The client that was parted with, by whoever cares for it.
    async fn parted(&self, tx: &mut Tx, now: When) -> Result<()> {
        let number = self.story.clients.iter().position(|it| it.name == asked::PARTED);
        let company = number.and_then(|number| self.clients.get(&number)).copied();
        let company = company.ok_or_else(|| missing("client to part with"))?;
        let ada = self.act(Us::Ada, now.plus_days(-16))?;
        let owner = records::get(tx, &ada.scope, company).await?.owner_id;
        let act = Act::new(ada.scope.by(owner), ada.now, Via::Demo);
        asked::part(tx, &act, company).await
    }

    /// A step of a negotiation, through the verbs its page uses.
    async fn bargain(&mut self, tx: &mut Tx, act: &Act, deal: usize, step: Step, today: Date) -> Result<()> {
        let id = self.deal(deal)?;
        let workspace = act.scope.workspace();
        if matches!(step, Step::Begin) {
            negotiation::actions::begin(tx, act, id, negotiation::actions::From::Figures).await?;
            for issue in issues(today) {
                negotiation::actions::put_issue(tx, act, id, None, issue).await?;
            }
            return Ok(());
        }
        if let Step::Propose { first } = step {
            let workspace =
                accounts::store::workspace(tx, workspace).await?.ok_or_else(|| missing("workspace"))?;
            let words = proposals::actions::Words { lines: lines(first, today), promised: Some(3_700.0) };
            proposals::actions::write(tx, act, id, None, words).await?;
            let because = "You chose the first of the three; the new calendar needs a week more.";
            let because = (!first).then(|| because.to_owned());
            let reader = proposals::actions::Reader { workspace, locale: Locale::EnGb, today };
            return proposals::actions::issue(tx, act, id, None, because, reader).await.map(drop);
        }
        let (_, table) = negotiation::actions::of(tx, act, id).await?;
        let table = table.ok_or_else(|| missing("table"))?;
        let offerings = negotiation::store::offerings(tx, workspace, id).await?;
        let bargain = Bargain::of(&table, &negotiation::actions::choices(&offerings))?;
        match step {
            Step::Begin | Step::Propose { .. } => Ok(()),
            Step::Offer => {
                negotiation::actions::offer(tx, act, id, table.version, bargain.offers).await.map(drop)
            }
            Step::Choose => {
                let offering = offerings.first().ok_or_else(|| missing("offering"))?;
                let said = Some("That one. The teams will thank you for it.".to_owned());
                let heard =
                    negotiation::actions::Heard { state: negotiation::State::Chosen, picked: Some(0), said };
                negotiation::actions::hear(tx, act, offering.id, None, heard).await.map(drop)
            }
            Step::Ask => {
                let current = table.current_package.0.clone().unwrap_or_default();
                let price = table.issues.0.iter().find(|issue| issue.sets == Sets::Price);
                let lower = price.and_then(|issue| {
                    let now =
                        issue.options.iter().position(|it| current.0.get(&issue.key) == Some(&it.key))?;
                    let next = issue.options.get(now + 1)?;
                    Some(Package([(issue.key, next.key)].into()))
                });
                negotiation::actions::request(tx, act, id, None, lower.unwrap_or_default()).await.map(drop)
            }
            Step::Return => {
                let Some((back, _)) = bargain.returns.first() else { return Ok(()) };
                let current = table.current_package.0.clone().unwrap_or_default();
                let wish = table.requested_package.0.clone().unwrap_or_default();
                let (before, granted) = (bargain.worth(&current), bargain.worth(&current.with(&wish)));
                let words = |package: &Package, asked: bool| {
                    let changed = package.0.iter().filter(|(issue, option)| {
                        current.0.get(issue) != Some(option) && wish.0.contains_key(issue) == asked
                    });
                    let part = Package(changed.map(|(issue, option)| (*issue, *option)).collect());
                    let words =
                        table.words(&part).into_iter().map(|(issue, option)| format!("{issue}: {option}"));
                    words.collect::<Vec<_>>().join("; ")
                };
                let given = concessions::Wish {
                    title: words(&wish, true),
                    cost: Range::exactly((before.ours - granted.ours).max(0.0)),
                    cost_source: Source::OurEstimate,
                    worth: Some((
                        Range::exactly((granted.theirs - before.theirs).max(0.0)),
                        Source::OurEstimate,
                    )),
                    came_back: Some(words(&back.package, false)).filter(|back| !back.is_empty()),
                    nothing_because: Some("Nothing had to change for it.".into()),
                };
                concessions::actions::give(tx, act, id, given, today).await?;
                negotiation::actions::put(tx, act, id, None, back.package.clone()).await.map(drop)
            }
        }
    }

    async fn talk(&mut self, tx: &mut Tx, act: &Act, with: With, talk: &Talk) -> Result<()> {
        let (deal_id, company_id, contact_id) = self.with(with);
        let activity = Activity {
            kind: talk.means,
            title: talk.title.clone(),
            note: Some(talk.note.clone()),
            deal_id,
            company_id,
            contact_id,
            owner_id: act.scope.member(),
            happened_at: act.now,
            minutes: Some(talk.minutes),
        };
        records::create(tx, act, activity).await.map(drop)
    }
}

/// What is written on the proposal of the practices.
fn lines(first: bool, today: Date) -> proposals::Lines {
    let all = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let day = today.plus_days(if first { 20 } else { 27 }).show(Locale::EnGb);
    let start = if first {
        format!("{day}: the first practice starts")
    } else {
        format!("{day}: the first practice starts, when the new calendar is there")
    };
    proposals::Lines {
        measure: all(&[
            "Missed appointments: from 31 a week in four practices to 12, within four months",
            "Counted by Paul's own list, which stays his",
        ]),
        plan: all(&[
            &start,
            "Four weeks later: all four book in one place",
            "After four months: we count together",
        ]),
        tasks: Vec::new(),
        we: all(&[
            "Ben is there for the first morning of each team",
            "A person answers within two working hours",
            "Your list stays yours and can be taken along",
        ]),
        they: all(&[
            "Each practice names one person who decides",
            "The old calendars are read-only from the first day on",
        ]),
        will_not: all(&[
            "We do not send reminders to anybody who said no",
            "We do not move the paper calendars of the two houses that want to keep them",
        ]),
        until: Some(today.plus_days(30)),
    }
}

/// What is on the table of the practices beside its price: training, of which Paul said what it is worth, and the
/// start, of which nobody did.
fn issues(today: Date) -> Vec<negotiation::Issue> {
    let said = |[low, likely, high]: [f64; 3]| crate::base::Figure {
        range: Range::new(low, likely, high).unwrap_or(Range::exactly(likely)),
        evidence: Evidence {
            source: Source::ClientSaid,
            by: Some("Paul Amaral".into()),
            on: Some(today),
            note: Some("a morning lost for each team that has to be shown twice".into()),
        },
    };
    let option = |name: &str, ours: f64, because: &str, theirs: Option<[f64; 3]>| negotiation::Choosable {
        key: 0,
        name: name.into(),
        value: None,
        ours,
        ours_because: Some(because.into()),
        theirs: theirs.map(said),
    };
    let issue = |name: &str, options: Vec<negotiation::Choosable>| negotiation::Issue {
        key: 0,
        name: name.into(),
        sets: Sets::Nothing,
        options,
    };
    vec![
        issue(
            "Training",
            vec![
                option("one morning for all", 0.0, "in the price", Some([0.0, 0.0, 0.0])),
                option(
                    "a morning for each team",
                    -960.0,
                    "two more days of Ben",
                    Some([1_200.0, 2_400.0, 3_600.0]),
                ),
                option(
                    "and again after a month",
                    -1_440.0,
                    "three more days of Ben",
                    Some([1_800.0, 3_000.0, 4_400.0]),
                ),
            ],
        ),
        issue(
            "Start",
            vec![
                option("all four at once", 0.0, "in the price", None),
                option("one practice after the other", -380.0, "four visits instead of one", None),
                option("when they are closed in August", -200.0, "two evenings", None),
            ],
        ),
        issue(
            "Telling others",
            vec![
                option("they are our secret", 0.0, "nothing", Some([0.0, 0.0, 0.0])),
                option(
                    "two practices may visit them",
                    1_900.0,
                    "one in eight such visits became a client",
                    Some([-700.0, -300.0, -100.0]),
                ),
            ],
        ),
    ]
}

/// The hours a week that some of us have, if not as many as everybody: Greta studies.
const fn week_hours(who: Us) -> Option<f64> {
    match who {
        Us::Greta => Some(12.0),
        Us::Davit | Us::Farid => Some(28.0),
        _ => None,
    }
}

/// What we said a task takes, in hours.
fn hours_said(number: usize) -> f64 {
    [0.25, 0.5, 0.5, 1.0, 1.5, 2.0, 3.0].get(number * 5 % 7).copied().unwrap_or(1.0)
}

/// What it took: mostly some more, now and then twice as much, in quarters of an hour.
fn hours_taken(number: usize) -> f64 {
    let times =
        [0.8, 0.9, 1.0, 1.0, 1.1, 1.2, 1.2, 1.35, 1.5, 1.8, 2.3].get(number * 7 % 11).copied().unwrap_or(1.0);
    (hours_said(number) * times * 4.0).round() / 4.0
}

/// `Aster Bakery` is at `aster-bakery.example`.
fn domain(name: &str) -> String {
    let folded = crate::base::fold(name);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!("{}.example", words.join("-"))
}
