//! Words, and words that are nearly the same. Pure.

use crate::base::fold;

/// The most words of one record that are kept.
const WORDS_MAX: usize = 16;
/// The longest word that is kept, in characters.
const CHARS_MAX: usize = 40;

/// The words of a text, folded, each once, in their order.
pub fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(CHARS_MAX).collect();
        if !found.contains(&word) {
            found.push(word);
        }
        if found.len() == WORDS_MAX {
            break;
        }
    }
    found
}

/// How many typing errors a word may have: none below four letters, one below eight, two from there.
pub fn errors_allowed(word: &str) -> usize {
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// How many letters were left out, put in, exchanged or swapped with their neighbour between two words; more than
/// `most` is said as `most + 1`. (Optimal string alignment distance.)
pub fn errors_between(one: &str, other: &str, most: usize) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return most + 1;
    }
    let width = other.len() + 1;
    let mut before_last: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = Vec::with_capacity(width);
        row.push(i + 1);
        for (j, b) in other.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let exchanged = at(&last, j) + usize::from(a != b);
            let mut least = exchanged.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped {
                least = least.min(at(&before_last, j - 1) + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0).min(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_kept_once() {
        assert_eq!(
            words("Bäckerei Aster & Aster, maria@aster.example"),
            ["backerei", "aster", "maria", "example"]
        );
        assert_eq!(words(" — "), Vec::<String>::new());
    }

    #[test]
    fn typing_errors_are_counted() {
        for (one, other, errors) in [
            ("oliveira", "oliveira", 0),
            ("olivera", "oliveira", 1),
            ("oilveira", "oliveira", 1),
            ("olibeira", "oliveira", 1),
            ("oliveiras", "oliveira", 1),
            ("olibera", "oliveira", 2),
            ("aster", "birch", 3),
            ("", "ab", 2),
        ] {
            assert_eq!(errors_between(one, other, 2), errors, "{one} {other}");
        }
    }

    #[test]
    fn short_words_are_taken_as_they_are() {
        assert_eq!([errors_allowed("kim"), errors_allowed("maria"), errors_allowed("oliveira")], [0, 1, 2]);
    }
}
