//! What is asked: the document, its limits, and the parameters somebody may be unsure of.

use crate::{Error, Estimate, Rate};
use serde::{Deserialize, Serialize};

/// The fewest samples that say anything.
pub const SAMPLES_MIN: u32 = 16;
/// The most samples that are taken.
pub const SAMPLES_MAX: u32 = 1_048_576;
/// The most steps a path may have.
pub const STEPS_MAX: usize = 100;
/// The most questions that are weighed at once.
pub const QUESTIONS_MAX: usize = 1_000;
/// The most contraindications.
pub const CONTRAINDICATIONS_MAX: usize = 100;
/// The longest text of a name, a question or a contraindication, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// The largest figure, either side of zero: far beyond any sum of money, far within what stays finite.
pub const FIGURE_MAX: f64 = 1e15;
/// The longest horizon, in months.
pub const HORIZON_MONTHS_MAX: f64 = 1_200.0;
/// The most trials a rate may have counted.
pub const TRIALS_MAX: f64 = 1_000_000.0;
/// The heaviest weight of harm done to a client.
pub const CLIENT_WEIGHT_MAX: f64 = 1_000.0;

/// The question: what a deal would do for both sides, as far as it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What it would do for them.
    pub client: Client,
    /// What it would cost and bring us.
    pub company: Company,
    /// What would be agreed.
    pub terms: Terms,
    /// Why we cannot help, if so: any of them ends the matter.
    #[serde(default)]
    pub contraindications: Vec<String>,
    /// What could be asked; absent: one hour for each uncertain field, steps of the path apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<Question>>,
    /// What counts as good enough.
    #[serde(default)]
    pub policy: Policy,
    /// How many samples are taken, [`SAMPLES_MIN`] to [`SAMPLES_MAX`]; powers of two are spread most evenly.
    #[serde(default = "usual_samples")]
    pub samples: u32,
    /// Which samples are taken.
    #[serde(default = "usual_seed")]
    pub seed: u64,
}

impl Input {
    /// The question with nothing known but the benefit and the price.
    pub fn new(benefit_per_month: Estimate, price: f64) -> Self {
        Self {
            client: Client {
                benefit_per_month,
                months_to_benefit: Estimate::ZERO,
                success: Rate::UNKNOWN,
                adoption_cost: Estimate::ZERO,
                alternative_value: Estimate::ZERO,
            },
            company: Company::default(),
            terms: Terms { price, horizon_months: usual_horizon(), refund_share: 0.0 },
            contraindications: Vec::new(),
            questions: None,
            policy: Policy::default(),
            samples: usual_samples(),
            seed: usual_seed(),
        }
    }
}

/// What a deal would do for the client. All but `alternative_value` cannot be negative and are clamped at 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// What the outcome is worth to them a month, in money.
    pub benefit_per_month: Estimate,
    /// Months until the benefit begins.
    #[serde(default)]
    pub months_to_benefit: Estimate,
    /// The chance that the outcome is reached.
    #[serde(default)]
    pub success: Rate,
    /// What it costs them to adopt it, beside the price.
    #[serde(default)]
    pub adoption_cost: Estimate,
    /// The net value of their best alternative (BATNA); 0: do nothing.
    #[serde(default)]
    pub alternative_value: Estimate,
}

/// What a deal would cost and bring us. All but `strategic_value` cannot be negative and are clamped at 0.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// What delivering costs, once.
    #[serde(default)]
    pub delivery_cost: Estimate,
    /// What serving costs, each month of the horizon.
    #[serde(default)]
    pub service_cost_per_month: Estimate,
    /// What it is worth beside the price: a reference, learning, a market; may be negative.
    #[serde(default)]
    pub strategic_value: Estimate,
    /// What one of our hours is worth elsewhere.
    #[serde(default)]
    pub hour_value: f64,
    /// Money still to be spent until it is agreed, hours apart.
    #[serde(default)]
    pub spend_to_close: Estimate,
    /// The steps still ahead; or `hours_to_close` and `win`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<Step>>,
    /// Hours still ahead of us; absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_to_close: Option<Estimate>,
    /// The chance that it is agreed; absent: unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win: Option<Rate>,
}

impl Company {
    /// The steps ahead: those of the path, or the one that `hours_to_close` and `win` make.
    pub(super) fn steps(&self) -> Vec<(Estimate, Rate)> {
        match &self.path {
            Some(path) => path.iter().map(|step| (step.hours, step.pass)).collect(),
            None => vec![(self.hours_to_close.unwrap_or_default(), self.win.unwrap_or_default())],
        }
    }
}

/// One step on the way to an agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is called.
    pub name: String,
    /// Our hours for it, if it is reached.
    pub hours: Estimate,
    /// The chance that it leads to the next.
    pub pass: Rate,
}

/// What would be agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The whole price over the horizon.
    pub price: f64,
    /// How many months count.
    #[serde(default = "usual_horizon")]
    pub horizon_months: f64,
    /// The part of the price given back when the outcome is not reached, 0 to 1.
    #[serde(default)]
    pub refund_share: f64,
}

/// Something that could be asked, and what asking takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The parameter it would settle, such as `client.benefit_per_month` or `company.path[0].pass`.
    pub parameter: String,
    /// The question in words; absent: the usual one for the parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// Our hours to find out.
    #[serde(default = "usual_question_hours")]
    pub hours: f64,
}

/// What counts as good enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The chance of being better off that a client must have.
    pub client_floor: f64,
    /// The chance of a margin above zero that we must have.
    pub company_floor: f64,
    /// How much one unit of harm to a client costs us.
    pub client_weight: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { client_floor: 0.7, company_floor: 0.7, client_weight: 1.0 }
    }
}

fn usual_samples() -> u32 {
    16_384
}

fn usual_seed() -> u64 {
    1
}

fn usual_horizon() -> f64 {
    12.0
}

fn usual_question_hours() -> f64 {
    1.0
}

/// Something the answer depends on that somebody may be unsure of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// `client.benefit_per_month`
    Benefit,
    /// `client.months_to_benefit`
    Delay,
    /// `client.success`
    Success,
    /// `client.adoption_cost`
    Adoption,
    /// `client.alternative_value`
    Alternative,
    /// `company.delivery_cost`
    Delivery,
    /// `company.service_cost_per_month`
    Service,
    /// `company.strategic_value`
    Strategic,
    /// `company.spend_to_close`
    Spend,
    /// `company.hours_to_close`
    Hours,
    /// `company.win`
    Win,
    /// `company.path[i].hours`
    StepHours(usize),
    /// `company.path[i].pass`
    StepPass(usize),
}

/// What is known of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// A quantity.
    Estimate(Estimate),
    /// A rate.
    Rate(Rate),
}

impl Known {
    /// Whether there is anything left to learn about it.
    pub fn is_uncertain(self) -> bool {
        match self {
            Self::Estimate(estimate) => estimate.is_uncertain(),
            Self::Rate(rate) => rate.is_uncertain(),
        }
    }
}

impl Parameter {
    /// Its name in documents.
    pub fn name(self) -> String {
        match self {
            Self::Benefit => "client.benefit_per_month".into(),
            Self::Delay => "client.months_to_benefit".into(),
            Self::Success => "client.success".into(),
            Self::Adoption => "client.adoption_cost".into(),
            Self::Alternative => "client.alternative_value".into(),
            Self::Delivery => "company.delivery_cost".into(),
            Self::Service => "company.service_cost_per_month".into(),
            Self::Strategic => "company.strategic_value".into(),
            Self::Spend => "company.spend_to_close".into(),
            Self::Hours => "company.hours_to_close".into(),
            Self::Win => "company.win".into(),
            Self::StepHours(i) => format!("company.path[{i}].hours"),
            Self::StepPass(i) => format!("company.path[{i}].pass"),
        }
    }

    /// The usual question that would settle it.
    pub fn ask(self, input: &Input) -> String {
        let step =
            |i: usize| input.company.path.iter().flatten().nth(i).map_or("", |step| step.name.as_str());
        match self {
            Self::Benefit => "What does the problem cost you in a month?".into(),
            Self::Delay => "How many months would pass before you feel the benefit?".into(),
            Self::Success => {
                "What would have to be true for this to work for you, and how likely is that?".into()
            }
            Self::Adoption => "What would it take you to adopt this, in time, training and money?".into(),
            Self::Alternative => {
                "What will you do if we do not work together, and what is that worth to you?".into()
            }
            Self::Delivery => "What will it cost us to deliver exactly this?".into(),
            Self::Service => "What will it cost us each month to look after this well?".into(),
            Self::Strategic => "What is this worth to us beside the price?".into(),
            Self::Spend => "What do we still have to spend until this is agreed?".into(),
            Self::Hours => "How many of our hours are still needed until this is agreed?".into(),
            Self::Win => "Who decides, how, and what could still keep you from agreeing?".into(),
            Self::StepHours(i) => {
                format!("How many of our hours does the step \u{201c}{}\u{201d} need?", step(i))
            }
            Self::StepPass(i) => {
                format!("What does it take to get past the step \u{201c}{}\u{201d}?", step(i))
            }
        }
    }

    /// What it is, in words that follow "if" or "unless".
    pub fn label(self, input: &Input) -> String {
        let step =
            |i: usize| input.company.path.iter().flatten().nth(i).map_or("", |step| step.name.as_str());
        match self {
            Self::Benefit => "what it is worth to them a month".into(),
            Self::Delay => "the months until they feel the benefit".into(),
            Self::Success => "the chance that it works for them".into(),
            Self::Adoption => "what it costs them to adopt it".into(),
            Self::Alternative => "what their best alternative is worth".into(),
            Self::Delivery => "what it costs us to deliver".into(),
            Self::Service => "what it costs us each month to serve".into(),
            Self::Strategic => "what it is worth to us beside the price".into(),
            Self::Spend => "what we still have to spend until it is agreed".into(),
            Self::Hours => "the hours we still have to give until it is agreed".into(),
            Self::Win => "the chance that it is agreed".into(),
            Self::StepHours(i) => format!("the hours of the step \u{201c}{}\u{201d}", step(i)),
            Self::StepPass(i) => format!("the chance of getting past the step \u{201c}{}\u{201d}", step(i)),
        }
    }

    /// Whether a value of it is a share between 0 and 1.
    pub fn is_rate(self) -> bool {
        matches!(self, Self::Success | Self::Win | Self::StepPass(_))
    }

    /// Whether it can lie below zero.
    pub fn can_be_negative(self) -> bool {
        matches!(self, Self::Alternative | Self::Strategic)
    }
}

impl Input {
    /// Everything the answer depends on, with what is known of it, in the order of the document.
    pub fn parameters(&self) -> Vec<(Parameter, Known)> {
        use Known::{Estimate as E, Rate as R};
        let Self { client, company, .. } = self;
        let mut all = vec![
            (Parameter::Benefit, E(client.benefit_per_month)),
            (Parameter::Delay, E(client.months_to_benefit)),
            (Parameter::Success, R(client.success)),
            (Parameter::Adoption, E(client.adoption_cost)),
            (Parameter::Alternative, E(client.alternative_value)),
            (Parameter::Delivery, E(company.delivery_cost)),
            (Parameter::Service, E(company.service_cost_per_month)),
            (Parameter::Strategic, E(company.strategic_value)),
            (Parameter::Spend, E(company.spend_to_close)),
        ];
        match &company.path {
            Some(path) => {
                for (i, step) in path.iter().enumerate() {
                    all.push((Parameter::StepHours(i), E(step.hours)));
                    all.push((Parameter::StepPass(i), R(step.pass)));
                }
            }
            None => {
                all.push((Parameter::Hours, E(company.hours_to_close.unwrap_or_default())));
                all.push((Parameter::Win, R(company.win.unwrap_or_default())));
            }
        }
        all
    }

    /// Whether every figure lies within its limits.
    ///
    /// # Errors
    /// The first figure that does not, by its place.
    pub fn check(&self) -> Result<(), Error> {
        let Self { company, terms, contraindications, questions, policy, samples, .. } = self;
        if company.path.is_some() && (company.hours_to_close.is_some() || company.win.is_some()) {
            let other = if company.win.is_some() { "win" } else { "hours_to_close" };
            return Err(Error::at(
                format!("company.{other}"),
                "give either path, or hours_to_close and win, not both: the path already says the hours and the chance",
            ));
        }
        if let Some(path) = &company.path {
            at_most("company.path", path.len(), STEPS_MAX, "steps")?;
            for (i, step) in path.iter().enumerate() {
                short(&format!("company.path[{i}].name"), &step.name)?;
            }
        }
        for (parameter, known) in self.parameters() {
            match known {
                Known::Estimate(estimate) => {
                    for value in [estimate.low(), estimate.likely(), estimate.high()] {
                        within(&parameter.name(), value, -FIGURE_MAX, FIGURE_MAX)?;
                    }
                }
                Known::Rate(Rate::Known(share)) => within(&parameter.name(), share, 0.0, 1.0)?,
                Known::Rate(Rate::Counted { successes, trials }) => {
                    within(&format!("{}.trials", parameter.name()), trials, 0.0, TRIALS_MAX)?;
                    within(&format!("{}.successes", parameter.name()), successes, 0.0, trials)?;
                }
            }
        }
        within("company.hour_value", company.hour_value, 0.0, FIGURE_MAX)?;
        within("terms.price", terms.price, 0.0, FIGURE_MAX)?;
        within("terms.horizon_months", terms.horizon_months, 0.0, HORIZON_MONTHS_MAX)?;
        within("terms.refund_share", terms.refund_share, 0.0, 1.0)?;
        at_most("contraindications", contraindications.len(), CONTRAINDICATIONS_MAX, "contraindications")?;
        for (i, text) in contraindications.iter().enumerate() {
            short(&format!("contraindications[{i}]"), text)?;
        }
        let questions = questions.as_deref().unwrap_or_default();
        at_most("questions", questions.len(), QUESTIONS_MAX, "questions")?;
        for (i, question) in questions.iter().enumerate() {
            short(&format!("questions[{i}].parameter"), &question.parameter)?;
            short(&format!("questions[{i}].ask"), question.ask.as_deref().unwrap_or_default())?;
            within(&format!("questions[{i}].hours"), question.hours, 0.0, FIGURE_MAX)?;
        }
        within("policy.client_floor", policy.client_floor, 0.0, 1.0)?;
        within("policy.company_floor", policy.company_floor, 0.0, 1.0)?;
        within("policy.client_weight", policy.client_weight, 0.0, CLIENT_WEIGHT_MAX)?;
        if !(SAMPLES_MIN..=SAMPLES_MAX).contains(samples) {
            let message = format!("must lie between {SAMPLES_MIN} and {SAMPLES_MAX}, not {samples}");
            return Err(Error::at("samples", message));
        }
        Ok(())
    }
}

fn within(place: &str, value: f64, least: f64, most: f64) -> Result<(), Error> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let shown = |x: f64| if x.abs() >= 1e9 { format!("{x:e}") } else { format!("{x}") };
    let message = format!("must lie between {} and {}, not {}", shown(least), shown(most), shown(value));
    Err(Error::at(place, message))
}

fn at_most(place: &str, count: usize, most: usize, what: &str) -> Result<(), Error> {
    if count <= most {
        return Ok(());
    }
    Err(Error::at(place, format!("at most {most} {what} are weighed at once, not {count}")))
}

fn short(place: &str, text: &str) -> Result<(), Error> {
    let chars = text.chars().count();
    if chars <= TEXT_CHARS_MAX {
        return Ok(());
    }
    Err(Error::at(place, format!("must have at most {TEXT_CHARS_MAX} characters, not {chars}")))
}
