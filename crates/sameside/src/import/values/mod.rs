//! What the text of a cell means: dates, numbers, money, yes and no, e-mail addresses. Pure; what a single value cannot tell
//! (is 3/4 in March or in April?) is learnt from all values of its column.

mod dates;
mod numbers;
#[cfg(test)]
mod tests;

use super::fold::key;

pub use self::dates::{DateEvidence, DateOrder, Moment, date};
pub use self::numbers::{
    CurrencyMark, Decimal, DecimalMark, Money, Number, NumberEvidence, currency, number,
};

/// What a column's values say about how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed<T> {
    /// No value depends on it.
    Nothing,
    /// Some values can only be read this way, and none the other way.
    Certain(T),
    /// Every value that depends on it can be read both ways.
    Ambiguous,
    /// Some values can only be read one way and some only the other; this is the more frequent one.
    Mixed(T),
}

/// Reads yes or no in the words programs and people write.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "✓" | "✔" | "☑" | "1.0" => return Some(true),
        "0" | "✗" | "✘" | "☐" | "0.0" => return Some(false),
        _ => {}
    }
    match key(text).as_str() {
        "true" | "t" | "yes" | "y" | "x" | "on" | "done" | "completed" | "checked" | "ja" | "j" | "wahr"
        | "erledigt" | "oui" | "vrai" | "si" | "verdadero" | "vero" | "sim" | "verdadeiro" | "waar"
        | "tak" | "kylla" => Some(true),
        "false" | "f" | "no" | "n" | "off" | "todo" | "undone" | "open" | "unchecked" | "nein" | "falsch"
        | "offen" | "non" | "faux" | "falso" | "nao" | "nee" | "onwaar" | "nie" | "ei" => Some(false),
        _ => None,
    }
}

/// Reads one e-mail address, also from `Ada <ada@example.com>` and `mailto:`. The domain comes in lower case.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(start), Some(inner)) => inner.get(start + 1..)?,
        _ => text,
    };
    let text = text.strip_prefix("mailto:").unwrap_or(text).trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| {
                c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '@')
            })
    };
    let labels = domain.split('.').all(|label| !label.is_empty()) && domain.contains('.');
    (plain(local) && plain(domain) && labels && text.len() <= 254)
        .then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// Reads several e-mail addresses, parted by `;`, `,` or space, or written as a JSON list.
pub fn emails(text: &str) -> Vec<String> {
    let parts: Vec<String> = list(text);
    parts.iter().flat_map(|part| part.split_whitespace().filter_map(email).collect::<Vec<_>>()).collect()
}

/// Parts a cell that holds several values: a JSON list, or parted by `;`, or else by `,`.
pub fn list(text: &str) -> Vec<String> {
    if text.starts_with('[')
        && let Ok(values) = serde_json::from_str::<Vec<serde_json::Value>>(text)
    {
        let plain =
            |value: serde_json::Value| value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
        return values.into_iter().map(plain).collect();
    }
    let delimiter = if text.contains(';') { ';' } else { ',' };
    text.split(delimiter).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The host of a web address or of anything that looks like one, without `www.`, in lower case.
pub fn domain(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = text.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let whole =
        host.contains('.') && host.chars().all(allowed) && host.split('.').all(|label| !label.is_empty());
    whole.then(|| host.to_owned())
}

/// Text written in HTML (notes, e-mails) as plain text: paragraphs and breaks become lines, lists get a dash, nothing is run.
pub fn plain_text(html: &str) -> String {
    if !html.contains('<') && !html.contains('&') {
        return html.to_owned();
    }
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    let mut hidden = false;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        if !hidden {
            plain.push_str(before);
        }
        if from.starts_with('&') {
            let (text, used) = entity(from);
            if !hidden {
                plain.push_str(&text);
            }
            rest = from.get(used..).unwrap_or_default();
            continue;
        }
        let name: String =
            from.chars().skip(1).take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        let Some(end) = from.find('>').filter(|_| !name.is_empty() || from.starts_with("<!--")) else {
            if !hidden {
                plain.push('<');
            }
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "script" | "style" => hidden = true,
            "/script" | "/style" => hidden = false,
            "br" | "br/" | "/p" | "/div" | "/li" | "/tr" | "/h1" | "/h2" | "/h3" | "/h4" => plain.push('\n'),
            "li" => plain.push_str("- "),
            _ => {}
        }
        rest = from.get(end + 1..).unwrap_or_default();
    }
    if !hidden {
        plain.push_str(rest);
    }
    plain.trim().to_owned()
}

/// The character an HTML entity at the start of `text` stands for, and how many bytes it takes.
fn entity(text: &str) -> (String, usize) {
    let end = text.bytes().take(12).position(|byte| byte == b';');
    let Some((name, used)) = end.and_then(|end| Some((text.get(1..end)?, end + 1))) else {
        return ("&".to_owned(), 1);
    };
    let letter = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "euro" => Some('€'),
        "pound" => Some('£'),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        "auml" => Some('ä'),
        "ouml" => Some('ö'),
        "uuml" => Some('ü'),
        "Auml" => Some('Ä'),
        "Ouml" => Some('Ö'),
        "Uuml" => Some('Ü'),
        "szlig" => Some('ß'),
        "eacute" => Some('é'),
        "egrave" => Some('è'),
        _ => name.strip_prefix('#').and_then(|code| {
            let number = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(number).filter(|letter| *letter != '\0')
        }),
    };
    letter.map_or_else(|| ("&".to_owned(), 1), |letter| (letter.to_string(), used))
}
