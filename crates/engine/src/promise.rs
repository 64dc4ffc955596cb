//! What an estimate has meant so far: promises that are kept as often as they say.
//!
//! A promise is an estimate times a quantile of the ratios actual ÷ estimate in its reference class (Flyvbjerg, "From
//! Nobel prize to project management", 2006): its class and size band, else its class, else its size band, else all,
//! whichever first has [`CASES_MIN`] cases. The class and its size are always told. The same ratios, achieved ÷
//! promised, say what clients really reached ([`Outcomes`]). Serves P11 and P12.

use crate::Error;
use crate::date::{self, Date, DateOrder, DatesRead};
use crate::quick::QuickMap;
use crate::table::{Table, number};
use crate::table::{end_line, push_cell};
use serde::{Deserialize, Serialize};
use std::io::Write;

/// A reference class smaller than this is not spoken for.
pub const CASES_MIN: usize = 30;
/// The share of the cases, by date, that the check learns from.
const CHECK_SHARE: f64 = 0.6;
/// How many cases of all outcomes together weigh as much as a class of so many.
const OUTCOME_PRIOR: f64 = 10.0;
const FORMAT: &str = "sameside-promise";
const VERSION: u32 = 1;
/// The most class columns.
const CLASSES_MAX: usize = 8;

/// Which columns of a table hold what.
#[derive(Debug, Clone, Default)]
pub struct FitOptions {
    /// `--estimate`: what was estimated, above zero.
    pub estimate: String,
    /// `--actual`: what it really took.
    pub actual: String,
    /// `--class`, repeatable: what kind of work it was, the widest kind first.
    pub class: Vec<String>,
    /// `--date`: when it was estimated or done; then the model is checked on the latest 40%.
    pub date: Option<String>,
    /// How days with slashes are written.
    pub dates: DateOrder,
}

/// Quantiles of the ratio in one reference class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    /// Cells of the class columns, as many as count here.
    class: Vec<String>,
    /// The size band: estimates above √10ᵇ⁻¹ up to √10ᵇ.
    band: Option<i32>,
    n: usize,
    p10: f64,
    p50: f64,
    p80: f64,
    p90: f64,
}

/// How promises learned from the first 60% by date were kept on the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Cases learned from.
    pub n_trained: usize,
    /// Cases judged.
    pub n: usize,
    /// Share that kept the estimate itself.
    pub estimate_kept: f64,
    /// Share that kept the promise at P50.
    pub p50_kept: f64,
    /// Share that kept the promise at P80.
    pub p80_kept: f64,
    /// Share that kept the promise at P90.
    pub p90_kept: f64,
    /// Mean pinball loss of the logarithms, over P50, P80 and P90; lower is better.
    pub log_pinball: f64,
    /// The same of one factor for all, the quantile of all ratios.
    pub flat_log_pinball: f64,
}

/// Reference classes learned from finished work. Serialises to one JSON document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    format: String,
    version: u32,
    /// The column of the estimates.
    pub estimate: String,
    /// The columns of the classes.
    pub class: Vec<String>,
    /// Finished cases it was learned from.
    pub n: usize,
    references: Vec<Reference>,
    /// How such promises were kept, where dates were given.
    pub check: Option<Check>,
    /// How dates were read.
    pub dates: Vec<DatesRead>,
    /// What was decided while reading the table.
    pub notes: Vec<String>,
}

/// A promise for one estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Promise {
    /// Kept once in ten: the lower end of what it may take.
    pub p10: f64,
    /// Kept half of the time.
    pub p50: f64,
    /// Kept four times in five.
    pub p80: f64,
    /// Kept nine times in ten.
    pub p90: f64,
    /// The reference class it comes from.
    pub class: String,
    /// How many cases that has.
    pub n: usize,
}

/// What was predicted, in sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Predicted {
    /// How many rows.
    pub rows: usize,
    /// How many of them had no estimate above zero, and so no promise.
    pub without: usize,
    /// The names of the columns that were added.
    pub added: Vec<String>,
}

struct Case<'t> {
    row: usize,
    estimate: f64,
    ratio: f64,
    class: Vec<&'t str>,
}

/// Learns reference classes from a table of finished work.
///
/// # Errors
/// A table that cannot be read, a column that is not there, a cell that is no number, or no finished case.
pub fn fit(table: &[u8], options: &FitOptions) -> Result<Model, Error> {
    let table = Table::read(table)?;
    let estimate_at = table.find(&options.estimate, "--estimate")?;
    let actual_at = table.find(&options.actual, "--actual")?;
    if options.class.len() > CLASSES_MAX {
        return Err(Error::at("--class", format!("at most {CLASSES_MAX} columns make a class")));
    }
    let class_at =
        options.class.iter().map(|name| table.find(name, "--class")).collect::<Result<Vec<_>, _>>()?;
    let mut notes = Vec::new();
    let (mut unfinished, mut unusable) = (0, 0);
    let mut cases = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        let (Some(estimate), Some(actual)) =
            (figure(&table, row, estimate_at)?, figure(&table, row, actual_at)?)
        else {
            unfinished += 1;
            continue;
        };
        if estimate <= 0.0 || actual <= 0.0 || !(actual / estimate).is_finite() {
            unusable += 1;
            continue;
        }
        let class = class_at.iter().map(|&at| table.cell(row, at)).collect();
        cases.push(Case { row, estimate, ratio: actual / estimate, class });
    }
    if unfinished > 0 {
        notes
            .push(format!("{unfinished} rows without an estimate or without an actual figure were left out"));
    }
    if unusable > 0 {
        notes
            .push(format!("{unusable} rows whose estimate or actual figure is not above zero were left out"));
    }
    if cases.is_empty() {
        return Err(Error::at(
            "--actual",
            "no row has an estimate and an actual figure above zero: there is nothing to learn from",
        ));
    }
    if cases.len() < CASES_MIN {
        notes.push(format!(
            "{} finished cases are few: promises at P80 and P90 rest on the worst of them",
            cases.len()
        ));
    }
    let (mut check, mut dates) = (None, Vec::new());
    if let Some(name) = &options.date {
        let at = table.find(name, "--date")?;
        let (mut days, told) = date::read_columns(&[(name.as_str(), table.lined(at))], options.dates)?;
        let days = days.pop().unwrap_or_default();
        dates = told;
        let day = |case: &Case<'_>| -> Option<Date> { days.get(case.row).copied().flatten() };
        let (mut dated, undated): (Vec<Case<'_>>, Vec<Case<'_>>) =
            cases.into_iter().partition(|case| day(case).is_some());
        dated.sort_by_cached_key(|case| day(case));
        if !undated.is_empty() {
            notes.push(format!("{} rows without a date are learned from but not judged", undated.len()));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let cut = (dated.len() as f64 * CHECK_SHARE) as usize;
        let (early, late) = dated.split_at(cut);
        if early.len() >= CASES_MIN && late.len() >= CASES_MIN {
            check = Some(judge(&references(early), early, late));
        } else {
            notes
                .push(format!("{} dated cases are too few to check how such promises are kept", dated.len()));
        }
        cases = dated;
        cases.extend(undated);
    }
    let header = |at: usize| table.headers().get(at).cloned().unwrap_or_default();
    Ok(Model {
        format: FORMAT.into(),
        version: VERSION,
        estimate: header(estimate_at),
        class: class_at.iter().map(|&at| header(at)).collect(),
        n: cases.len(),
        references: references(&cases),
        check,
        dates,
        notes,
    })
}

fn figure(table: &Table, row: usize, at: usize) -> Result<Option<f64>, Error> {
    let cell = table.cell(row, at);
    if date::is_missing(cell) {
        return Ok(None);
    }
    let column = table.headers().get(at).map_or("", String::as_str);
    let place = || format!("line {}, column `{column}`", table.line(row));
    let value = number(cell).ok_or_else(|| Error::at(place(), format!("`{cell}` is not a number")))?;
    if value < 0.0 { Err(Error::at(place(), format!("{value} is below zero"))) } else { Ok(Some(value)) }
}

/// The size band of an estimate: half a decade wide, so that it means the same in hours, days and money.
#[expect(
    clippy::cast_possible_truncation,
    reason = "twice the logarithm of a finite number above zero is small"
)]
fn band_of(estimate: f64) -> i32 {
    // A hair is taken off so that 10 itself, and not its neighbour, ends its band.
    libm::ceil(2.0 * libm::log10(estimate) - 1e-9) as i32
}

/// From the narrowest reference class to the widest: `(how many class columns, whether the band)`.
fn chain(columns: usize) -> impl Iterator<Item = (usize, bool)> {
    (0..=columns).rev().flat_map(|kept| [(kept, true), (kept, false)])
}

fn references(cases: &[Case<'_>]) -> Vec<Reference> {
    let columns = cases.first().map_or(0, |case| case.class.len());
    // Sorted once by ratio, and then dealt out: every reference class is sorted as well.
    let mut order: Vec<(f64, u32)> = cases.iter().map(|case| case.ratio).zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let bands: Vec<i32> = cases.iter().map(|case| band_of(case.estimate)).collect();
    // The class of each case by so many columns, numbered column by column.
    let mut prefixes: Vec<Vec<u32>> = vec![vec![0; cases.len()]];
    for column in 0..columns {
        let mut numbers: QuickMap<(u32, &str), u32> = QuickMap::default();
        let wider = prefixes.last().map_or(&[][..], Vec::as_slice);
        let narrower = cases.iter().zip(wider).map(|(case, wider)| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry((*wider, case.class.get(column).copied().unwrap_or(""))).or_insert(next)
        });
        let narrower = narrower.collect();
        prefixes.push(narrower);
    }
    let mut references = Vec::new();
    for (kept, banded) in chain(columns) {
        let prefix = prefixes.get(kept).map_or(&[][..], Vec::as_slice);
        let mut numbers: QuickMap<(u32, Option<i32>), u32> = QuickMap::default();
        let mut classes: Vec<(&[&str], Option<i32>, Vec<f64>)> = Vec::new();
        let numbered: Vec<u32> = cases
            .iter()
            .zip(&bands)
            .zip(prefix)
            .map(|((case, band), class)| {
                let band = banded.then_some(*band);
                *numbers.entry((*class, band)).or_insert_with(|| {
                    classes.push((case.class.get(..kept).unwrap_or(&[]), band, Vec::new()));
                    u32::try_from(classes.len() - 1).unwrap_or(u32::MAX)
                })
            })
            .collect();
        for &(ratio, case) in &order {
            let class = numbered.get(case as usize).and_then(|number| classes.get_mut(*number as usize));
            if let Some((.., ratios)) = class {
                ratios.push(ratio);
            }
        }
        let all = kept == 0 && !banded;
        classes.retain(|(.., ratios)| all || ratios.len() >= CASES_MIN);
        classes.sort_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
        references.extend(classes.into_iter().map(|(class, band, ratios)| Reference {
            class: class.iter().map(|cell| (*cell).to_owned()).collect(),
            band,
            n: ratios.len(),
            p10: quantile(&ratios, 0.1),
            p50: quantile(&ratios, 0.5),
            p80: quantile(&ratios, 0.8),
            p90: quantile(&ratios, 0.9),
        }));
    }
    references
}

/// The quantile of sorted values at position `(n + 1)·u` (Weibull; type 6 of Hyndman and Fan, 1996): a new value of
/// the same kind lies below it with chance `u`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in a list")]
fn quantile(sorted: &[f64], u: f64) -> f64 {
    let position = ((sorted.len() + 1) as f64 * u).clamp(1.0, sorted.len() as f64);
    let below = sorted.get(position as usize - 1).copied().unwrap_or(f64::NAN);
    let above = sorted.get(position as usize).copied().unwrap_or(below);
    below + (position - libm::floor(position)) * (above - below)
}

type Known<'r> = QuickMap<(usize, Option<i32>, &'r str), Vec<&'r Reference>>;

/// References by their last class cell and band; the few that share these are told apart by all cells.
fn known(references: &[Reference]) -> Known<'_> {
    let mut known = Known::default();
    for reference in references {
        let last = reference.class.last().map_or("", String::as_str);
        known.entry((reference.class.len(), reference.band, last)).or_default().push(reference);
    }
    known
}

fn reference_for<'r>(known: &Known<'r>, estimate: f64, class: &[&str]) -> Option<&'r Reference> {
    // A map's keys may be asked for by shorter-lived ones.
    let known: &Known<'_> = known;
    let band = band_of(estimate);
    chain(class.len()).find_map(|(kept, banded)| {
        let cells = class.get(..kept)?;
        let same = known.get(&(kept, banded.then_some(band), cells.last().copied().unwrap_or("")))?;
        same.iter()
            .copied()
            .find(|reference| reference.class.iter().map(String::as_str).eq(cells.iter().copied()))
    })
}

fn judge(references: &[Reference], early: &[Case<'_>], late: &[Case<'_>]) -> Check {
    const LEVELS: [f64; 3] = [0.5, 0.8, 0.9];
    let mut ratios: Vec<f64> = early.iter().map(|case| case.ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let flat = LEVELS.map(|u| quantile(&ratios, u));
    let pinball = |u: f64, ratio: f64, promised: f64| {
        let over = libm::log(ratio / promised);
        if over > 0.0 { u * over } else { (u - 1.0) * over }
    };
    let known = known(references);
    let (mut kept, mut loss, mut flat_loss, mut estimate_kept) = ([0.0; 3], 0.0, 0.0, 0.0);
    for case in late {
        // The reference of all cases always exists.
        let Some(reference) = reference_for(&known, case.estimate, &case.class) else { continue };
        estimate_kept += f64::from(u8::from(case.ratio <= 1.0));
        let promised = [reference.p50, reference.p80, reference.p90];
        for (((u, promised), flat), kept) in LEVELS.iter().zip(promised).zip(flat).zip(&mut kept) {
            *kept += f64::from(u8::from(case.ratio <= promised * (1.0 + 1e-12)));
            loss += pinball(*u, case.ratio, promised);
            flat_loss += pinball(*u, case.ratio, flat);
        }
    }
    let n = late.len() as f64;
    let [p50_kept, p80_kept, p90_kept] = kept.map(|kept| kept / n);
    Check {
        n_trained: early.len(),
        n: late.len(),
        estimate_kept: estimate_kept / n,
        p50_kept,
        p80_kept,
        p90_kept,
        log_pinball: loss / (3.0 * n),
        flat_log_pinball: flat_loss / (3.0 * n),
    }
}

impl Model {
    /// Reads a model document.
    ///
    /// # Errors
    /// A document that is no model, one of another version, or one whose numbers cannot be.
    pub fn read(document: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Kind {
            format: String,
            version: u32,
        }
        let kind: Kind = crate::read(document)
            .map_err(|_| Error::at("", "this is not a promise model: make one with `promise fit`"))?;
        if kind.format != FORMAT {
            return Err(Error::at("format", format!("this is a `{}`, not a promise model", kind.format)));
        }
        if kind.version != VERSION {
            return Err(Error::at(
                "version",
                format!("this model has version {}, only {VERSION} can be read: fit it again", kind.version),
            ));
        }
        let model: Self = crate::read(document)?;
        let sound = |r: &Reference| {
            r.class.len() <= model.class.len()
                && 0.0 < r.p10
                && r.p10 <= r.p50
                && r.p50 <= r.p80
                && r.p80 <= r.p90
                && r.p90.is_finite()
        };
        if !model.references.iter().all(sound)
            || !model.references.iter().any(|r| r.class.is_empty() && r.band.is_none())
        {
            return Err(Error::at("references", "the numbers do not fit together: the model is damaged"));
        }
        Ok(model)
    }

    /// The model as a JSON document, ending in a newline.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).map(|json| json + "\n").unwrap_or_default()
    }

    /// The promise for one estimate above zero, with the cells of the class columns; none for another estimate.
    pub fn promise(&self, estimate: f64, class: &[&str]) -> Option<Promise> {
        if !estimate.is_finite() || estimate <= 0.0 {
            return None;
        }
        let reference = reference_for(&known(&self.references), estimate, class)?;
        Some(self.promise_by(reference, estimate))
    }

    fn promise_by(&self, reference: &Reference, estimate: f64) -> Promise {
        Promise {
            p10: tidy(estimate * reference.p10),
            p50: tidy(estimate * reference.p50),
            p80: tidy(estimate * reference.p80),
            p90: tidy(estimate * reference.p90),
            class: self.name(reference),
            n: reference.n,
        }
    }

    fn name(&self, reference: &Reference) -> String {
        let mut words: Vec<String> = self
            .class
            .iter()
            .zip(&reference.class)
            .map(|(column, cell)| format!("{column} = {cell}"))
            .collect();
        if let Some(band) = reference.band {
            let end = |band: i32| tidy_to(libm::pow(10.0, f64::from(band) / 2.0), 2);
            words.push(format!("{} above {} up to {}", self.estimate, end(band - 1), end(band)));
        }
        if words.is_empty() { "all".into() } else { words.join(", ") }
    }

    /// Promises for a table: writes every row in order with `p50`, `p80`, `p90`, `reference_class` and `reference_n`
    /// added (with `promise_` before a name that the table has already). A row without an estimate above zero gets none.
    ///
    /// # Errors
    /// A table that cannot be read, a column of the model that is not there, an estimate that is no number, or a failure
    /// of the writer.
    pub fn table(&self, table: &[u8], out: &mut impl Write) -> Result<Predicted, Error> {
        let table = Table::read(table)?;
        let missing = |name: &str| {
            Error::at("line 1", format!("the table has no column `{name}`, which the model needs"))
        };
        let estimate_at = table.find(&self.estimate, "").map_err(|_| missing(&self.estimate))?;
        let class_at = self
            .class
            .iter()
            .map(|name| table.find(name, "").map_err(|_| missing(name)))
            .collect::<Result<Vec<_>, _>>()?;
        let known = known(&self.references);
        let names: Vec<String> = self.references.iter().map(|reference| self.name(reference)).collect();
        let added: Vec<String> = ["p50", "p80", "p90", "reference_class", "reference_n"]
            .iter()
            .map(|name| {
                if table.headers().iter().any(|h| h == name) {
                    format!("promise_{name}")
                } else {
                    (*name).to_owned()
                }
            })
            .collect();
        let failed = |error: std::io::Error| Error::at("", format!("the result cannot be written: {error}"));
        let delimiter = table.delimiter();
        let mut line: Vec<u8> = Vec::with_capacity(4096);
        for name in table.headers().iter().chain(&added) {
            push_cell(&mut line, name, delimiter);
        }
        end_line(&mut line);
        let mut without = 0;
        let mut class = Vec::with_capacity(class_at.len());
        for row in 0..table.rows() {
            for column in 0..table.headers().len() {
                push_cell(&mut line, table.cell(row, column), delimiter);
            }
            class.clear();
            class.extend(class_at.iter().map(|&at| table.cell(row, at)));
            let estimate = figure(&table, row, estimate_at)?.filter(|estimate| *estimate > 0.0);
            let found = estimate
                .and_then(|estimate| reference_for(&known, estimate, &class).map(|at| (estimate, at)));
            if let Some((estimate, reference)) = found {
                for ratio in [reference.p50, reference.p80, reference.p90] {
                    push_cell(&mut line, &tidy(estimate * ratio).to_string(), delimiter);
                }
                let at = self.references.iter().position(|other| std::ptr::eq(other, reference));
                push_cell(&mut line, at.and_then(|at| names.get(at)).map_or("", String::as_str), delimiter);
                push_cell(&mut line, &reference.n.to_string(), delimiter);
            } else {
                without += 1;
                line.extend(std::iter::repeat_n(delimiter, added.len()));
            }
            end_line(&mut line);
            if line.len() > 1 << 16 {
                out.write_all(&line).map_err(failed)?;
                line.clear();
            }
        }
        out.write_all(&line).map_err(failed)?;
        Ok(Predicted { rows: table.rows(), without, added })
    }

    /// The model in a few lines a seller understands.
    pub fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = format!(
            "Learned from {} finished cases, in {} reference classes of at least {CASES_MIN}.\n",
            self.n,
            self.references.len().saturating_sub(1)
        );
        if let Some(all) = self.references.iter().find(|r| r.class.is_empty() && r.band.is_none()) {
            let _ = writeln!(
                text,
                "All together: half took up to {:.2} times the estimate, four in five up to {:.2}, nine in ten up to {:.2}.",
                all.p50, all.p80, all.p90
            );
        }
        if let Some(check) = &self.check {
            let _ = writeln!(
                text,
                "Checked on the {} latest cases, learned from the {} before: the estimate itself was kept in {:.1}%, P80 in {:.1}%, P90 in {:.1}%.",
                check.n,
                check.n_trained,
                check.estimate_kept * 100.0,
                check.p80_kept * 100.0,
                check.p90_kept * 100.0
            );
            let _ = writeln!(
                text,
                "Log-pinball loss {:.4}, of one factor for all {:.4}.",
                check.log_pinball, check.flat_log_pinball
            );
        }
        let mut widest: Vec<&Reference> =
            self.references.iter().filter(|r| !r.class.is_empty() || r.band.is_some()).collect();
        widest.sort_by_key(|reference| std::cmp::Reverse(reference.n));
        for reference in widest.into_iter().take(12) {
            let _ = writeln!(
                text,
                "  {}: P80 = {:.2} times the estimate, P90 = {:.2} (n = {})",
                self.name(reference),
                reference.p80,
                reference.p90,
                reference.n
            );
        }
        for read in &self.dates {
            let doubt = if read.certain { "" } else { ", though the dates would allow the other order too" };
            let _ = writeln!(text, "Dates in `{}` were read as {}{doubt}.", read.column, read.read_as);
        }
        for note in &self.notes {
            let _ = writeln!(text, "Note: {note}.");
        }
        text
    }
}

/// A figure without the dust of its multiplication: nine significant digits, so that a promise of exactly 1.4 is not
/// broken by 1.4.
fn tidy(value: f64) -> f64 {
    tidy_to(value, 9)
}

fn tidy_to(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

/// The chance that a result of `promised` is reached: that it works at all, times that it then brings at least so much. Both are
/// the figures of the balance, which takes them as independent of each other (P11).
pub fn reach(promised: f64, benefit: crate::Estimate, success: f64) -> f64 {
    success.clamp(0.0, 1.0) * benefit.at_least(promised)
}

/// One verified outcome: what kind of work it was, what was promised and what was reached, in the measure's own unit.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeCase<'a> {
    /// Its class, such as the product.
    pub class: &'a str,
    /// The change that was promised, not zero.
    pub promised: f64,
    /// The change that was measured; of the other sign where things got worse.
    pub achieved: f64,
}

/// What clients really reached of what was promised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// Verified outcomes.
    pub n: usize,
    p10: f64,
    p50: f64,
    p90: f64,
    classes: Vec<OutcomeClass>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeClass {
    class: String,
    n: usize,
    p10: f64,
    p50: f64,
    p90: f64,
}

/// What to tell a client before it signs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// Nine in ten reached at least this.
    pub p10: f64,
    /// Half reached at least this.
    pub p50: f64,
    /// One in ten reached more: a promise above it is not realistic.
    pub p90: f64,
    /// Verified outcomes of the class.
    pub n_class: usize,
    /// Verified outcomes in all.
    pub n: usize,
}

impl Outcomes {
    /// Learns from verified outcomes; none from none. The quantiles of a class of `n` are drawn towards those of all
    /// with weight `10 / (n + 10)`.
    pub fn of(cases: &[OutcomeCase<'_>]) -> Option<Self> {
        let mut ratios: Vec<(&str, f64)> = cases
            .iter()
            .filter(|case| case.promised != 0.0 && (case.achieved / case.promised).is_finite())
            .map(|case| (case.class, case.achieved / case.promised))
            .collect();
        let mut all: Vec<f64> = ratios.iter().map(|(_, ratio)| *ratio).collect();
        if all.is_empty() {
            return None;
        }
        all.sort_by(f64::total_cmp);
        let [p10, p50, p90] = [0.1, 0.5, 0.9].map(|u| quantile(&all, u));
        ratios.sort_by(|a, b| a.0.cmp(b.0).then(a.1.total_cmp(&b.1)));
        let classes = ratios
            .chunk_by(|a, b| a.0 == b.0)
            .map(|same| {
                let own: Vec<f64> = same.iter().map(|(_, ratio)| *ratio).collect();
                let weight = own.len() as f64 / (own.len() as f64 + OUTCOME_PRIOR);
                let drawn = |u: f64, towards: f64| weight * quantile(&own, u) + (1.0 - weight) * towards;
                OutcomeClass {
                    class: same.first().map_or("", |(class, _)| class).to_owned(),
                    n: own.len(),
                    p10: drawn(0.1, p10),
                    p50: drawn(0.5, p50),
                    p90: drawn(0.9, p90),
                }
            })
            .collect();
        Some(Self { n: all.len(), p10, p50, p90, classes })
    }

    /// Learns from a table, as [`Outcomes::of`]; rows without both figures, or with nothing promised, are skipped.
    ///
    /// # Errors
    /// A table that cannot be read, a column that is not there, a cell that is no number, or no verified outcome.
    pub fn read_table(
        table: &[u8],
        promised: &str,
        achieved: &str,
        class: Option<&str>,
    ) -> Result<Self, Error> {
        let table = Table::read(table)?;
        let (promised_at, achieved_at) =
            (table.find(promised, "--promised")?, table.find(achieved, "--achieved")?);
        let class_at = class.map(|name| table.find(name, "--class")).transpose()?;
        let mut cases = Vec::new();
        for row in 0..table.rows() {
            let read = |at: usize, name: &str| {
                let cell = table.cell(row, at);
                if date::is_missing(cell) {
                    return Ok(None);
                }
                number(cell).map(Some).ok_or_else(|| {
                    Error::at(
                        format!("line {}, column `{name}`", table.line(row)),
                        format!("`{cell}` is not a number"),
                    )
                })
            };
            if let (Some(promised), Some(achieved)) =
                (read(promised_at, promised)?, read(achieved_at, achieved)?)
            {
                cases.push(OutcomeCase {
                    class: class_at.map_or("", |at| table.cell(row, at)),
                    promised,
                    achieved,
                });
            }
        }
        Self::of(&cases)
            .ok_or_else(|| Error::at("--achieved", "no row has something promised and something achieved"))
    }

    /// What clients of that class reached of such a promise.
    pub fn expect(&self, class: &str, promised: f64) -> Expected {
        let own = self.classes.iter().find(|other| other.class == class);
        let [low, middle, high] =
            own.map_or([self.p10, self.p50, self.p90], |own| [own.p10, own.p50, own.p90]);
        let n_class = own.map_or(0, |own| own.n);
        Expected { p10: low * promised, p50: middle * promised, p90: high * promised, n_class, n: self.n }
    }
}

impl Expected {
    /// The same as a range, for the assessment of a deal.
    pub fn estimate(&self) -> Option<crate::Estimate> {
        let (low, high) = (self.p10.min(self.p90), self.p10.max(self.p90));
        crate::Estimate::range(low, self.p50.clamp(low, high), high).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal;
    use crate::random::Random;
    use std::fmt::Write as _;

    fn options(class: &[&str], date: Option<&str>) -> FitOptions {
        FitOptions {
            estimate: "estimate".into(),
            actual: "actual".into(),
            class: class.iter().map(|c| (*c).to_owned()).collect(),
            date: date.map(Into::into),
            ..FitOptions::default()
        }
    }

    /// 9 cases with ratios 1 to 9, all of one band.
    #[test]
    fn a_promise_is_the_estimate_times_a_quantile_of_the_ratios() {
        let mut csv = String::from("estimate,actual\n");
        (1..=9).for_each(|ratio| writeln!(csv, "2,{}", 2 * ratio).unwrap());
        let model = fit(csv.as_bytes(), &options(&[], None)).unwrap();
        // Positions 10·0.5 = 5, 10·0.8 = 8, 10·0.9 = 9 of the ratios 1 to 9, times an estimate of 3.
        let promise = model.promise(3.0, &[]).unwrap();
        assert_eq!((promise.p50, promise.p80, promise.p90), (15.0, 24.0, 27.0));
        assert_eq!((promise.class.as_str(), promise.n), ("all", 9));
        assert_eq!(model.promise(0.0, &[]), None);
    }

    #[test]
    fn a_class_too_small_backs_off_to_a_wider_one() {
        let mut csv = String::from("kind,estimate,actual\n");
        for i in 0..40 {
            let _ = writeln!(csv, "bug,2,{}", 2 + i % 5);
            let _ = writeln!(csv, "release,20,{}", 20 + i);
        }
        for _ in 0..29 {
            csv += "rare,2,8\n";
        }
        let model = fit(csv.as_bytes(), &options(&["kind"], None)).unwrap();
        let told = |estimate: f64, kind: &str| {
            let promise = model.promise(estimate, &[kind]).unwrap();
            (promise.class, promise.n)
        };
        assert_eq!(told(2.0, "bug"), ("kind = bug, estimate above 1 up to 3.2".into(), 40));
        assert_eq!(told(50.0, "bug"), ("kind = bug".into(), 40));
        assert_eq!(told(2.0, "rare"), ("estimate above 1 up to 3.2".into(), 69));
        assert_eq!(told(500.0, "new"), ("all".into(), 109));
        let mut out = Vec::new();
        let new = b"estimate,kind,p80\n2,rare,x\n,bug,\n500,new,\n";
        let sum = model.table(new, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "estimate,kind,p80,p50,promise_p80,p90,reference_class,reference_n");
        assert!(lines[1].ends_with(",estimate above 1 up to 3.2,69"), "{}", lines[1]);
        assert_eq!((lines[2], sum.without), (",bug,,,,,,", 1));
        assert!(lines[3].ends_with(",all,109"));
        let again = Model::read(model.to_json().as_bytes()).unwrap();
        assert_eq!(again.promise(2.0, &["bug"]), model.promise(2.0, &["bug"]));
    }

    #[test]
    fn promises_are_kept_as_often_as_they_say() {
        let mut random = Random::seeded(5);
        let mut csv = String::from("day,kind,estimate,actual\n");
        for i in 0..4_000 {
            let kind = ["a", "b", "c"][random.below(3)];
            let spread = if kind == "a" { 0.2 } else { 0.8 };
            let estimate = 1 + random.below(40);
            let ratio = libm::exp(spread * normal::quantile(random.uniform()));
            let _ = writeln!(
                csv,
                "2025-{:02}-{:02},{kind},{estimate},{}",
                1 + i / 340,
                1 + i % 28,
                estimate as f64 * ratio
            );
        }
        let model = fit(csv.as_bytes(), &options(&["kind"], Some("day"))).unwrap();
        let check = model.check.unwrap();
        assert!(
            (0.77..0.83).contains(&check.p80_kept) && (0.87..0.93).contains(&check.p90_kept),
            "{check:?}"
        );
        assert!(check.log_pinball < 0.97 * check.flat_log_pinball, "{check:?}");
    }

    #[test]
    fn real_promises_are_kept_as_often_as_they_say() {
        let Some(csv) = crate::shared_data("promises/tasks.csv") else { return };
        for date in ["estimated_on", "completed_on"] {
            for class in [
                &[][..],
                &["category"],
                &["subcategory"],
                &["category", "subcategory"],
                &["category", "subcategory", "project"],
            ] {
                let mut options = options(class, Some(date));
                options.estimate = "estimate_hours".into();
                options.actual = "actual_hours".into();
                let model = fit(&csv, &options).unwrap();
                println!("{class:?}\n{}", model.report());
                let check = model.check.unwrap();
                assert!(
                    (0.77..=0.85).contains(&check.p80_kept) && (0.87..=0.93).contains(&check.p90_kept),
                    "{check:?}"
                );
                assert!(check.log_pinball < check.flat_log_pinball, "{class:?} {check:?}");
            }
        }
    }

    #[test]
    fn outcomes_of_few_cases_are_drawn_to_those_of_all() {
        let case = |class, achieved| OutcomeCase { class, promised: 10.0, achieved };
        let mut cases: Vec<_> = (0..99).map(|i| case("usual", f64::from(i) / 10.0)).collect();
        cases.push(case("new", 20.0));
        let outcomes = Outcomes::of(&cases).unwrap();
        let (usual, new, other) =
            (outcomes.expect("usual", 1.0), outcomes.expect("new", 1.0), outcomes.expect("?", 1.0));
        assert_eq!((usual.n_class, new.n_class, other.n_class, other.n), (99, 1, 0, 100));
        // One case of ratio 2 has a weight of 1/11.
        assert!((new.p50 - (2.0 + 10.0 * other.p50) / 11.0).abs() < 1e-12);
        assert!((usual.p50 - other.p50).abs() < 0.01 && new.p50 > usual.p50);
        assert!(Outcomes::of(&[OutcomeCase { class: "", promised: 0.0, achieved: 1.0 }]).is_none());
    }

    #[test]
    fn bad_figures_are_named_with_their_place() {
        let error = |csv: &str| fit(csv.as_bytes(), &options(&[], None)).unwrap_err().to_string();
        assert_eq!(error("estimate,actual\n1,x\n"), "line 2, column `actual`: `x` is not a number");
        assert_eq!(error("estimate,actual\n1,-2\n"), "line 2, column `actual`: -2 is below zero");
        assert!(error("estimate,actual\n1,\n0,3\n").contains("nothing to learn from"));
        assert!(error("estimate\n1\n").starts_with("--actual: the table has no column `actual`"));
        assert!(Model::read(b"{\"format\":\"sameside-forecast\",\"version\":1}").is_err());
    }

    #[test]
    fn a_promise_of_the_likely_figure_is_reached_every_other_time_that_it_works() {
        let benefit = crate::Estimate::range(800.0, 1_600.0, 2_600.0).unwrap();
        assert!((reach(1_600.0, benefit, 0.8) - 0.4).abs() < 1e-6);
        assert!((reach(2_600.0, benefit, 1.0) - 0.1).abs() < 1e-6);
        assert!((reach(800.0, benefit, 1.0) - 0.9).abs() < 1e-6);
        assert!(reach(1e9, benefit, 1.0) < 1e-9 && reach(-1e9, benefit, 1.0) > 1.0 - 1e-9);
        for u in [0.01, 0.2, 0.5, 0.77, 0.99] {
            assert!((benefit.at_least(benefit.quantile(u)) - (1.0 - u)).abs() < 1e-6, "{u}");
        }
    }

    #[test]
    fn a_figure_that_is_known_is_reached_or_not() {
        let known = crate::Estimate::exactly(500.0);
        assert!((reach(500.0, known, 0.7) - 0.7).abs() < 1e-12);
        assert!(reach(501.0, known, 0.7).abs() < 1e-12);
        let no_more = crate::Estimate::range(100.0, 500.0, 500.0).unwrap();
        assert!(no_more.at_least(500.5).abs() < 1e-12 && no_more.at_least(100.0) > 0.89);
    }
}
