//! What people type: trimmed, limited, and folded for comparison.

/// The longest single line: names, titles.
pub const LINE_CHARS_MAX: usize = 250;
/// The longest note.
pub const NOTE_CHARS_MAX: usize = 20_000;

/// One line of text: trimmed, inner white space made single, control characters gone; `None` if nothing is left.
///
/// # Errors
/// A sentence, if it is too long.
pub fn line(text: &str) -> Result<Option<String>, String> {
    let text = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    limited(text, LINE_CHARS_MAX)
}

/// Text of many lines: trimmed, without control characters but line breaks and tabs; `None` if nothing is left.
///
/// # Errors
/// A sentence, if it is too long.
pub fn note(text: &str) -> Result<Option<String>, String> {
    let text = text.replace("\r\n", "\n");
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    limited(text.trim().to_owned(), NOTE_CHARS_MAX)
}

fn limited(text: String, chars_max: usize) -> Result<Option<String>, String> {
    if text.chars().count() > chars_max {
        return Err(format!("at most {chars_max} characters"));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Folded for search, sorting and uniqueness: lower case, without the marks of Latin letters, white space single.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for c in word.chars().flat_map(char::to_lowercase) {
            match plain(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(c),
            }
        }
    }
    folded
}

/// The plain letters of a marked Latin letter in lower case.
const fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' | 'ĺ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

/// Up to two initials of a name, for its face.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// `1 deal`, `2 deals`: a count with its word.
pub fn plural(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgives_case_and_marks() {
        assert_eq!(fold("  Bäckerei   ŻÓŁTA Straße "), "backerei zolta strasse");
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" a\n\tb\u{0} c ").unwrap().as_deref(), Some("a b c"));
        assert_eq!(line(" \n ").unwrap(), None);
        assert!(line(&"x".repeat(251)).is_err());
    }

    #[test]
    fn a_face_has_two_initials_at_most() {
        assert_eq!(initials("ada maria lind"), "AL");
        assert_eq!(initials("Plato"), "P");
        assert_eq!(initials(""), "");
    }
}
