//! A first table from a deal's own figures: its price, what is given back, over how many months. Pure.
//!
//! What an option is worth is what the balance says with that term less what it says with the deal's own: the same
//! cases played through by the engine, so nothing is invented and nothing computed twice.

use crate::accounts::Settings;
use crate::assessment::Basis;
use crate::base::{Evidence, Figure, Locale, Money, Range, Source};
use crate::deals::Deal;
use crate::error::Result;
use crate::negotiation::{Choosable, Issue, Negotiation, Sets};
use crate::records::Doc;
use engine::assess::{self, Surplus};

/// Prices around the deal's own, as shares of it.
const PRICES: [f64; 5] = [1.1, 1.05, 1.0, 0.95, 0.9];
/// Which of them is the deal's own.
const OWN: usize = 2;
/// Shares given back, beside the deal's own.
const REFUNDS: [f64; 3] = [0.0, 0.25, 0.5];
/// Months beside the deal's own.
const MONTHS: [i64; 3] = [0, 6, 12];
/// The longest a deal goes, in months.
const MONTHS_MAX: i64 = 120;

/// The table; none while there is no price to start from.
///
/// # Errors
/// `Invalid` when a figure is beyond what the engine takes.
pub fn table(deal: &Deal, basis: &Basis, settings: &Settings, locale: Locale) -> Result<Negotiation> {
    let say = |units: f64| Money::of_units(units, basis.price.currency).show(locale);
    let mut base = basis.input(deal, settings);
    base.questions = Some(Vec::new());
    let stands = assess::assess(&base)?;
    let mut it = Negotiation::empty(None, None);
    let price = basis.price.units();
    let issue = |it: &mut Negotiation,
                 name: &str,
                 sets: Sets,
                 options: Vec<(String, f64, assess::Input)>|
     -> Result<()> {
        if options.len() < 2 {
            return Ok(());
        }
        let key = it.new_key();
        let mut all = Vec::with_capacity(options.len());
        for (name, value, input) in options {
            let other = assess::assess(&input)?;
            let ours = whole(other.margin.mean - stands.margin.mean);
            all.push(Choosable {
                key: it.new_key(),
                name,
                value: Some(value),
                ours,
                ours_because: Some("from this deal's balance".into()),
                theirs: Some(theirs(sets, &stands.client, &other.client)),
            });
        }
        it.issues.0.push(Issue { key, name: name.into(), sets, options: all });
        Ok(())
    };
    let mut prices: Vec<f64> = PRICES.iter().map(|share| round(price * share)).collect();
    if let Some(first) = prices.get_mut(OWN) {
        *first = price;
    }
    prices.dedup();
    let prices = prices.into_iter().map(|price| {
        let mut input = base.clone();
        input.terms.price = price;
        (say(price), price, input)
    });
    issue(&mut it, "Price", Sets::Price, prices.collect())?;
    let mut shares = vec![deal.refund_share];
    shares.extend(REFUNDS.into_iter().filter(|share| (share - deal.refund_share).abs() > 0.01));
    let shares = shares.into_iter().map(|share| {
        let mut input = base.clone();
        input.terms.refund_share = share;
        let name =
            if share > 0.0 { format!("{}%", locale.number(share * 100.0, 0)) } else { "nothing".into() };
        (name, share, input)
    });
    issue(&mut it, "Given back if it does not work", Sets::Refund, shares.collect())?;
    let months = MONTHS.iter().map(|more| deal.horizon_months + more).filter(|months| *months <= MONTHS_MAX);
    let months = months.map(|months| {
        let mut input = base.clone();
        #[expect(clippy::cast_precision_loss, reason = "at most 120 months")]
        let value = months as f64;
        input.terms.horizon_months = value;
        (crate::base::plural(months, "month", "months"), value, input)
    });
    issue(&mut it, "For how long, at that price", Sets::Months, months.collect())?;
    it.our_least = -whole(stands.margin.mean);
    it.our_least_because = Some(least("us", stands.margin.mean, &say));
    it.their_least = -whole(stands.client.mean);
    it.their_least_because = Some(least("them", stands.client.mean, &say));
    // What the deal's terms are is on the table: of prices the one in the middle, of the others the first.
    let mut package = it.first_package();
    if let Some(issue) = it.issues.0.iter().find(|issue| issue.sets == Sets::Price)
        && let Some(own) = issue.options.iter().find(|option| option.value == Some(price))
    {
        package.0.insert(issue.key, own.key);
    }
    it.current_package = Doc(Some(package));
    Ok(it)
}

/// What a term is worth to them: a price to the cent, the rest as uncertain as their side of the deal is.
fn theirs(sets: Sets, stands: &Surplus, other: &Surplus) -> Figure {
    let likely = whole(other.mean - stands.mean);
    let mut ends = [whole(other.p10 - stands.p10), likely, whole(other.p90 - stands.p90)];
    ends.sort_by(f64::total_cmp);
    let (range, source, note) = match sets {
        Sets::Price => (Range::exactly(likely), Source::Measured, "what they do not pay"),
        _ => {
            let range = Range::new(
                ends.first().copied().unwrap_or(likely),
                likely,
                ends.last().copied().unwrap_or(likely),
            );
            let note = "from this deal's balance";
            (range.unwrap_or(Range::exactly(likely)), Source::OurEstimate, note)
        }
    };
    Figure { range, evidence: Evidence { source, by: None, on: None, note: Some(note.into()) } }
}

fn least(whom: &str, mean: f64, say: &dyn Fn(f64) -> String) -> String {
    if mean >= 0.0 {
        format!(
            "As it stands the deal leaves {whom} {} on average; a package may take that much and no more.",
            say(whole(mean))
        )
    } else {
        format!(
            "As it stands the deal costs {whom} {} on average; a package has to bring that much.",
            say(whole(-mean))
        )
    }
}

fn whole(units: f64) -> f64 {
    // Zero has no sign that people should see.
    units.round() + 0.0
}

/// To three digits, as people say prices.
fn round(units: f64) -> f64 {
    if units < 100.0 {
        return units.round();
    }
    let step = 10_f64.powf(units.log10().floor() - 2.0);
    (units / step).round() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_said_with_three_digits() {
        assert_eq!(
            [17_100.0, 16_233.0, 950.4, 1_234_567.0, 12.3].map(round),
            [17_100.0, 16_200.0, 950.0, 1_230_000.0, 12.0]
        );
    }
}
