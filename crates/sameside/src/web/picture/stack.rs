//! Wholes made of parts: each row a bar of its parts in one order, with a key that names them.

use askama::Template;

use super::{Scale, short};

/// The most rows a picture shows.
const ROWS_MAX: usize = 40;

/// How a part is coloured: a hue, full or faint, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// The client's hue.
    Client,
    /// The client's hue, faint.
    ClientFaint,
    /// Ours.
    Company,
    /// Ours, faint.
    CompanyFaint,
    /// What both share.
    Mutual,
    /// The same, faint.
    MutualFaint,
    /// Ink.
    Ink,
    /// Hardly anything.
    Track,
}

impl Shade {
    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Client => "p-client",
            Self::ClientFaint => "p-client-faint",
            Self::Company => "p-company",
            Self::CompanyFaint => "p-company-faint",
            Self::Mutual => "p-mutual",
            Self::MutualFaint => "p-mutual-faint",
            Self::Ink => "p-mark",
            Self::Track => "p-rest",
        }
    }
}

/// One row: what it is, how much each part is, what is written at its end.
#[derive(Debug, Clone)]
pub struct StackRow {
    /// What it is.
    pub label: String,
    /// Its parts, in the order of the key.
    pub parts: Vec<f64>,
    /// What is written at its end.
    pub text: String,
}

/// The picture; write it into a template as `{{ stack }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/stack.html")]
pub struct Stack {
    rows: Vec<Row>,
    keys: Vec<(&'static str, String)>,
}

impl askama::filters::HtmlSafe for Stack {}

#[derive(Debug)]
struct Row {
    label: String,
    parts: Vec<(&'static str, String, String)>,
    text: String,
}

/// Draws rows of parts; with `are_wholes` each fills the width, else the greatest does and the others compare to it.
pub fn stack(keys: &[(Shade, &str)], rows: &[StackRow], are_wholes: bool) -> Stack {
    let sum = |row: &StackRow| row.parts.iter().filter(|part| part.is_finite()).sum::<f64>();
    let most = rows.iter().map(sum).fold(0.0, f64::max);
    let drawn = rows.iter().take(ROWS_MAX).map(|row| {
        let whole = if are_wholes { sum(row) } else { most };
        let scale = Scale::new(0.0, if whole > 0.0 { whole } else { 1.0 });
        let mut at = 0.0;
        let parts = row.parts.iter().zip(keys).filter(|(part, _)| part.is_finite() && **part > 0.0);
        let parts = parts.map(|(part, (shade, _))| {
            let (start, end) = (scale.at(at), scale.at(at + part));
            at += part;
            (shade.class(), short(start), short(end - start))
        });
        Row { label: row.label.clone(), parts: parts.collect(), text: row.text.clone() }
    });
    Stack {
        rows: drawn.collect(),
        keys: keys.iter().map(|(shade, name)| (shade.class(), (*name).to_owned())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_and_fill_the_whole() {
        let keys = [(Shade::Mutual, "Agreed"), (Shade::Track, "Left")];
        let row = |parts: [f64; 2]| StackRow { label: "Ada".into(), parts: parts.into(), text: "4 h".into() };
        let picture = stack(&keys, &[row([3.0, 1.0]), row([0.0, 2.0])], true);
        assert_eq!(picture.rows[0].parts[1], ("p-rest", "75".to_owned(), "25".to_owned()));
        assert_eq!(picture.rows[1].parts, [("p-rest", "0".to_owned(), "100".to_owned())]);
        let picture = stack(&keys, &[row([3.0, 1.0]), row([0.0, 2.0])], false);
        assert_eq!(picture.rows[1].parts, [("p-rest", "0".to_owned(), "50".to_owned())]);
    }
}
