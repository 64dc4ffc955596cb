//! Reads negotiation scenarios of the Genius platform: a domain and two profiles, all XML.
//!
//! A profile gives every issue a weight and every option an evaluation; the utility of a package is
//! `Σ weight × evaluation ÷ the issue's greatest evaluation`, and the reservation value is on that scale. An
//! issue whose evaluations are all 0 is worth nothing. Time discounting is ignored and reported. Only discrete
//! issues and two parties are read; anything else is refused by name.

use super::{Choosable, Input, Issue, Ledger, Output};
use crate::exact::{self, Unit, Worth};
use crate::{Error, Estimate};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::{BTreeMap, BTreeSet};

/// The largest file that is read, in bytes.
pub const BYTES_MAX: usize = 16 << 20;
/// The longest name that is read, in bytes.
pub const NAME_BYTES_MAX: usize = 10_000;

/// A file: what it is called in messages, and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes, UTF-8.
    pub bytes: &'a [u8],
}

/// A scenario that was read.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The negotiation, to which what is asked (`current`, `frontier_limit` …) can be added.
    pub input: Input,
    /// What was left out, each a sentence.
    pub notes: Vec<String>,
    read: Input,
    ledger: Option<Ledger>,
}

impl Scenario {
    /// Answers the scenario. Ties are judged on the exact fractions of the files, not on their rounded values, as
    /// long as issues and reservations are as they were read.
    ///
    /// # Errors
    /// As [`super::negotiate`].
    pub fn negotiate(&self) -> Result<Output, Error> {
        let Input { issues, company_reservation, client_reservation, .. } = &self.input;
        let as_read = (issues, company_reservation, client_reservation)
            == (&self.read.issues, &self.read.company_reservation, &self.read.client_reservation);
        let mut output = super::answer(&self.input, self.ledger.as_ref().filter(|_| as_read))?;
        output.notes.splice(0..0, self.notes.iter().cloned());
        Ok(output)
    }

    /// The utilities as exact fractions, where they have few enough digits.
    #[cfg(test)]
    pub(super) fn exact(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }
}

/// Reads a scenario: its domain, and the profiles of the company and of the client, in that order.
///
/// # Errors
/// Not two profiles, issues that are not discrete, files that do not fit together, or XML that is none; the
/// place is the file's name.
pub fn read(domain: File<'_>, profiles: &[File<'_>]) -> Result<Scenario, Error> {
    let [company, client] = profiles else {
        let names: Vec<&str> = profiles.iter().map(|file| file.name).collect();
        let message = format!(
            "a negotiation between two needs two profiles, the company's and the client's, not {} ({})",
            names.len(),
            super::listed(&names)
        );
        return Err(Error::at(domain.name, message));
    };
    let space = Document::read(domain)?;
    if space.issues.is_empty() {
        return Err(Error::at(domain.name, "no issues are in this file: a Genius domain is needed"));
    }
    let company = Profile::read(*company, &space)?;
    let client = Profile::read(*client, &space)?;
    let issues = space.issues.iter().enumerate().map(|(i, issue)| Issue {
        name: issue.name.clone(),
        options: issue
            .items
            .iter()
            .enumerate()
            .map(|(j, item)| Choosable {
                name: item.value.clone(),
                company: company.utility(i, j),
                client: Some(Estimate::exactly(client.utility(i, j))),
            })
            .collect(),
    });
    let input = Input {
        issues: issues.collect(),
        company_reservation: company.reservation,
        client_reservation: client.reservation,
        current: None,
        requested: None,
        choices: Vec::new(),
        frontier_limit: super::frontier_limit(),
        offer_count: super::offer_count(),
    };
    super::check(&input).map_err(|error| Error::at(domain.name, error.to_string()))?;
    let notes = [&company, &client].into_iter().filter_map(Profile::note).collect();
    Ok(Scenario { read: input.clone(), input, notes, ledger: exact_ledger(&company, &client) })
}

/// An issue as a file tells it.
#[derive(Debug, Default)]
struct IssueElement {
    name: String,
    index: String,
    items: Vec<ItemElement>,
}

#[derive(Debug)]
struct ItemElement {
    value: String,
    evaluation: Option<f64>,
}

/// What is read of a file.
#[derive(Debug, Default)]
struct Document {
    issues: Vec<IssueElement>,
    weights: BTreeMap<String, f64>,
    reservation: f64,
    discount: f64,
}

impl Document {
    fn read(file: File<'_>) -> Result<Self, Error> {
        let error = |message: String| Error::at(file.name, message);
        if file.bytes.len() > BYTES_MAX {
            return Err(error(format!("larger than {} MiB", BYTES_MAX >> 20)));
        }
        let text = std::str::from_utf8(file.bytes).map_err(|_| error("not UTF-8 text".into()))?;
        let text = text.trim_start_matches('\u{feff}');
        let mut document = Self { discount: 1.0, ..Self::default() };
        let mut reader = Reader::from_str(text);
        let (mut depth, mut issue_depth) = (0_usize, None);
        loop {
            match reader.read_event().map_err(|e| error(format!("not well-formed XML: {e}")))? {
                Event::Start(element) => {
                    depth += 1;
                    if document
                        .element(&element, issue_depth.is_some_and(|issue| depth == issue + 1))
                        .map_err(error)?
                    {
                        issue_depth = Some(depth);
                    }
                }
                Event::Empty(element) => {
                    document.element(&element, issue_depth == Some(depth)).map_err(error)?;
                }
                Event::End(_) => {
                    if issue_depth == Some(depth) {
                        issue_depth = None;
                    }
                    depth = depth.saturating_sub(1);
                }
                Event::Eof if depth > 0 => return Err(error("the XML ends in the middle".into())),
                Event::Eof => return Ok(document),
                _ => {}
            }
        }
    }

    /// Takes in one element, and says whether it is an issue. `in_issue`: whether it stands directly in one; the
    /// items of a similarity function deeper down are no options.
    fn element(&mut self, element: &BytesStart<'_>, in_issue: bool) -> Result<bool, String> {
        let name = element.name();
        let attributes = Attributes::of(element)?;
        let tag: &[u8] = name.as_ref().as_ref();
        match tag {
            b"issue" => {
                let name = attributes.text("name").ok_or("an issue has no name")?;
                if let Some(kind) = ["type", "etype", "vtype"].iter().find_map(|key| attributes.text(key))
                    && kind != "discrete"
                {
                    return Err(format!("the issue \"{name}\" is {kind}: only discrete issues can be read"));
                }
                if self.issues.len() == super::ISSUES_MAX {
                    return Err(format!("more than {} issues", super::ISSUES_MAX));
                }
                let index =
                    attributes.text("index").ok_or_else(|| format!("the issue \"{name}\" has no index"))?;
                self.issues.push(IssueElement { name, index, items: Vec::new() });
                return Ok(true);
            }
            b"item" if in_issue => {
                let Some(issue) = self.issues.last_mut() else { return Ok(false) };
                if issue.items.len() == super::OPTIONS_MAX {
                    return Err(format!(
                        "the issue \"{}\" has more than {} options",
                        issue.name,
                        super::OPTIONS_MAX
                    ));
                }
                let value = attributes
                    .text("value")
                    .ok_or_else(|| format!("an item of \"{}\" has no value", issue.name))?;
                let evaluation = attributes.number("evaluation")?;
                issue.items.push(ItemElement { value, evaluation });
            }
            b"weight" => {
                let index = attributes.text("index").ok_or("a weight has no index")?;
                let weight = attributes.number("value")?.ok_or("a weight has no value")?;
                if self.weights.insert(index.clone(), weight).is_some() {
                    return Err(format!("there are two weights of the issue with index {index}"));
                }
            }
            b"reservation" => self.reservation = attributes.number("value")?.unwrap_or(0.0),
            b"discount_factor" => self.discount = attributes.number("value")?.unwrap_or(1.0),
            _ => {}
        }
        Ok(false)
    }
}

/// The attributes of an element, by name.
struct Attributes(BTreeMap<String, String>);

impl Attributes {
    fn of(element: &BytesStart<'_>) -> Result<Self, String> {
        let pair = |attribute: Result<Attribute<'_>, _>| {
            let attribute = attribute.map_err(|e| format!("not well-formed XML: {e}"))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|e| format!("not well-formed XML: {e}"))?;
            if value.len() > NAME_BYTES_MAX {
                return Err(format!("a name or value is longer than {NAME_BYTES_MAX} bytes"));
            }
            let key: &[u8] = attribute.key.as_ref().as_ref();
            Ok((String::from_utf8_lossy(key).into_owned(), value.into_owned()))
        };
        element.attributes().map(pair).collect::<Result<_, String>>().map(Self)
    }

    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn number(&self, key: &str) -> Result<Option<f64>, String> {
        let Some(text) = self.0.get(key) else { return Ok(None) };
        let number = text.trim().parse::<f64>().ok().filter(|number| number.abs() <= 1e100);
        number.map(Some).ok_or_else(|| format!("{key} must be a number, not \"{text}\""))
    }
}

/// What the options are worth to one side.
struct Profile {
    name: String,
    weights: Vec<f64>,
    /// By issue of the domain, by option of the domain.
    evaluations: Vec<Vec<f64>>,
    reservation: f64,
    discount: f64,
}

impl Profile {
    fn read(file: File<'_>, domain: &Document) -> Result<Self, Error> {
        let document = Document::read(file)?;
        let error = |message: String| Error::at(file.name, message);
        let mut weights = Vec::new();
        let mut evaluations = Vec::new();
        for wanted in &domain.issues {
            let name = &wanted.name;
            let issue = document.issues.iter().find(|issue| issue.name == *name);
            let issue =
                issue.ok_or_else(|| error(format!("the issue \"{name}\" of the domain is missing")))?;
            let weight = document.weights.get(&issue.index);
            weights.push(*weight.ok_or_else(|| error(format!("the issue \"{name}\" has no weight")))?);
            let options: BTreeSet<&str> = wanted.items.iter().map(|item| item.value.as_str()).collect();
            if let Some(item) = issue.items.iter().find(|item| !options.contains(item.value.as_str())) {
                return Err(error(format!("the domain has no option \"{}\" of \"{name}\"", item.value)));
            }
            let known: BTreeMap<&str, Option<f64>> =
                issue.items.iter().map(|item| (item.value.as_str(), item.evaluation)).collect();
            let evaluation = |item: &ItemElement| {
                let evaluation = known.get(item.value.as_str()).copied().flatten();
                evaluation.ok_or_else(|| {
                    error(format!("the option \"{}\" of \"{name}\" has no evaluation", item.value))
                })
            };
            evaluations.push(wanted.items.iter().map(evaluation).collect::<Result<Vec<f64>, Error>>()?);
        }
        if let Some(extra) =
            document.issues.iter().find(|issue| !domain.issues.iter().any(|d| d.name == issue.name))
        {
            return Err(error(format!("the domain has no issue \"{}\"", extra.name)));
        }
        let Document { reservation, discount, .. } = document;
        Ok(Self { name: file.name.into(), weights, evaluations, reservation, discount })
    }

    fn greatest(&self, issue: usize) -> f64 {
        self.evaluations.get(issue).map_or(0.0, |all| all.iter().copied().fold(0.0, f64::max))
    }

    fn utility(&self, issue: usize, option: usize) -> f64 {
        let evaluation = self.evaluations.get(issue).and_then(|all| all.get(option)).copied().unwrap_or(0.0);
        let weight = self.weights.get(issue).copied().unwrap_or(0.0);
        let greatest = self.greatest(issue);
        if greatest > 0.0 { weight * evaluation / greatest } else { 0.0 }
    }

    fn note(&self) -> Option<String> {
        let Self { name, discount, .. } = self;
        (*discount != 1.0).then(|| {
            format!(
                "{name}: the discount factor {discount} is ignored; utilities are those of an agreement now."
            )
        })
    }

    /// Each utility as `numerator ÷ denominator × 10^exponent`, reduced by issue: `None` where it needs more
    /// digits than there are.
    fn fractions(&self) -> Option<Vec<Fractions>> {
        let issue = |(issue, evaluations): (usize, &Vec<f64>)| {
            let greatest = self.greatest(issue);
            if greatest <= 0.0 {
                return Some(Fractions {
                    numerators: vec![0; evaluations.len()],
                    denominator: 1,
                    exponent: 0,
                });
            }
            let unit = Unit::of(evaluations.iter().copied(), 1);
            let counts: Vec<i128> = evaluations.iter().map(|&e| unit.count(e)).collect::<Option<_>>()?;
            let greatest = counts.iter().copied().max()?;
            let common = counts.iter().fold(greatest, |common, &count| exact::common_divisor(common, count));
            let (weight, exponent) = exact::decimal(*self.weights.get(issue)?);
            let numerators =
                counts.iter().map(|count| weight.checked_mul(count / common)).collect::<Option<_>>()?;
            Some(Fractions { numerators, denominator: greatest / common, exponent })
        };
        self.evaluations.iter().enumerate().map(issue).collect()
    }
}

/// The utilities of an issue: `numerator ÷ denominator × 10^exponent`.
struct Fractions {
    numerators: Vec<i128>,
    denominator: i128,
    exponent: i32,
}

/// All utilities as whole multiples of one unit; `None` where that needs more digits than there are, and the
/// rounded values have to do.
fn exact_ledger(company: &Profile, client: &Profile) -> Option<Ledger> {
    let sides = [company.fractions()?, client.fractions()?];
    let reservations = [company.reservation, client.reservation].map(exact::decimal);
    let finest =
        sides.iter().flatten().map(|issue| issue.exponent).chain(reservations.iter().map(|r| r.1)).min()?;
    let divisor = sides.iter().flatten().try_fold(1_i128, |common, issue| {
        common.checked_mul(issue.denominator / exact::common_divisor(common, issue.denominator))
    })?;
    let scaled = |numerator: i128, denominator: i128, exponent: i32| {
        let tens = 10_i128.checked_pow(u32::try_from(exponent - finest).ok()?)?;
        let count = numerator.checked_mul(divisor / denominator)?.checked_mul(tens)?;
        // Room for the sum of all issues.
        exact::fits(count.checked_mul(super::ISSUES_MAX as i128 * 2)?).then_some(count)
    };
    let [company, client] = &sides;
    let option = |(a, b): (&Fractions, &Fractions), (m, n): (&i128, &i128)| {
        Some(Worth {
            company: scaled(*m, a.denominator, a.exponent)?,
            client: scaled(*n, b.denominator, b.exponent)?,
        })
    };
    let issue = |(a, b): (&Fractions, &Fractions)| {
        a.numerators.iter().zip(&b.numerators).map(|pair| option((a, b), pair)).collect::<Option<Vec<_>>>()
    };
    let [(m, d), (n, e)] = reservations;
    Some(Ledger {
        issues: company.iter().zip(client).map(issue).collect::<Option<_>>()?,
        reservation: Worth { company: scaled(m, 1, d)?, client: scaled(n, 1, e)? },
        unit: Unit::rational(finest, divisor),
    })
}
