//! A row that came again, changed: what the file changed is taken over, what people changed here meanwhile stays.

use crate::error::{Error, Result};
use crate::records::Record;
use serde_json::{Map, Value as Json};

/// Fields that are computed anew each time and say nothing by themselves.
const COMPUTED: [&str; 1] = ["moved_at"];

/// What `current` becomes when a file says `said`. `before` is what files said so far, field by field, as the history has it. A field
/// changes if the file says something else than before, or if it is empty here and the file fills it. A record that files never
/// spoke of (`before` is empty) is only filled up.
///
/// # Errors
/// The record cannot be written or read as JSON.
pub fn merged<T: Record>(current: &T, said: &T, before: &Map<String, Json>) -> Result<T> {
    let (mut result, said) = (document(current)?, document(said)?);
    let stage_moves = before.get("stage_id").is_some_and(|stage| said.get("stage_id") != Some(stage));
    for (field, value) in &said {
        if COMPUTED.contains(&field.as_str()) && !stage_moves {
            continue;
        }
        let here = result.get(field).unwrap_or(&Json::Null);
        let takes = match before.get(field) {
            Some(before) => before != value,
            // The history leaves out what was empty from the beginning.
            None if here.is_null() => !value.is_null(),
            None => false,
        };
        if field == "other" {
            let together = united(here, value, before.get(field));
            result.insert(field.clone(), together);
        } else if takes {
            result.insert(field.clone(), value.clone());
        }
    }
    serde_json::from_value(Json::Object(result)).map_err(|error| Error::Internal(format!("merging: {error}")))
}

/// What columns without a field said: each by its own name.
fn united(here: &Json, said: &Json, before: Option<&Json>) -> Json {
    let mut together = here.as_object().cloned().unwrap_or_default();
    let before = before.and_then(Json::as_object);
    for (name, value) in said.as_object().into_iter().flatten() {
        if before.and_then(|before| before.get(name)) != Some(value) || !together.contains_key(name) {
            together.insert(name.clone(), value.clone());
        }
    }
    for (name, old) in before.into_iter().flatten() {
        if said.get(name).is_none() && together.get(name) == Some(old) {
            together.remove(name);
        }
    }
    Json::Object(together)
}

fn document<T: Record>(record: &T) -> Result<Map<String, Json>> {
    match serde_json::to_value(record) {
        Ok(Json::Object(document)) => Ok(document),
        Ok(other) => Err(Error::Internal(format!("a record is an object, not {other}"))),
        Err(error) => Err(Error::Internal(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Currency;
    use crate::companies::Company;
    use crate::records::Other;

    fn company(city: Option<&str>, phone: Option<&str>) -> Company {
        Company {
            city: city.map(str::to_owned),
            phone: phone.map(str::to_owned),
            ..Company::named("Acme", Currency::EUR)
        }
    }

    fn before(of: &Company) -> Map<String, Json> {
        document(of).unwrap().into_iter().filter(|(_, value)| !value.is_null()).collect()
    }

    #[test]
    fn what_the_file_changed_is_taken_and_what_people_changed_stays() {
        let first = company(Some("Oslo"), Some("1"));
        let here = company(Some("Bergen"), Some("1"));
        let again = company(Some("Oslo"), Some("2"));
        let result = merged(&here, &again, &before(&first)).unwrap();
        assert_eq!((result.city.as_deref(), result.phone.as_deref()), (Some("Bergen"), Some("2")));
        let emptied = merged(&first, &company(Some("Oslo"), None), &before(&first)).unwrap();
        assert_eq!((emptied.city.as_deref(), emptied.phone), (Some("Oslo"), None));
    }

    #[test]
    fn a_record_of_ours_is_only_filled_up() {
        let here = company(Some("Bergen"), None);
        let result = merged(&here, &company(Some("Oslo"), Some("2")), &Map::new()).unwrap();
        assert_eq!((result.city.as_deref(), result.phone.as_deref()), (Some("Bergen"), Some("2")));
    }

    #[test]
    fn columns_without_a_field_are_merged_by_name() {
        let with = |pairs: &[(&str, &str)]| Company {
            other: Other(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()),
            ..Company::named("Acme", Currency::EUR)
        };
        let first = with(&[("Colour", "red"), ("Size", "5"), ("Gone", "x")]);
        let here = with(&[("Colour", "red"), ("Size", "6"), ("Gone", "x"), ("Ours", "y")]);
        let result = merged(&here, &with(&[("Colour", "blue"), ("Size", "5")]), &before(&first)).unwrap();
        assert_eq!(result.other, with(&[("Colour", "blue"), ("Size", "6"), ("Ours", "y")]).other);
    }
}
