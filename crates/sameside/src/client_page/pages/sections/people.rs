//! Who is who on both sides: names and what they do (P14).

use crate::accounts::Member;
use crate::base::Id;
use crate::client_page::Words;
use crate::client_page::pages::sections::{Part, Reader};
use crate::contacts::Contact;
use crate::diagnosis;
use crate::error::Result;
use crate::records;
use db::Conn;

/// The most people of one side.
const PEOPLE_MAX: usize = 12;

#[derive(askama::Template)]
#[template(path = "client_page/templates/people.html")]
struct People {
    w: Words,
    we: String,
    they: String,
    ours: Vec<Person>,
    theirs: Vec<Person>,
}

/// Somebody, as the other side knows them.
struct Person {
    initials: String,
    name: String,
    does: String,
}

impl Person {
    fn of(name: &str, does: Option<&String>) -> Self {
        Self {
            initials: crate::base::initials(name),
            name: name.to_owned(),
            does: does.cloned().unwrap_or_default(),
        }
    }
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let scope = it.scope();
    let mut ours = Vec::new();
    if let Some(owner) = it.deal.owner_id
        && let Ok(member) = records::get::<Member>(conn, &scope, owner).await
    {
        ours.push(Person::of(&member.name, None));
    }
    let voices = diagnosis::store::voices(conn, it.workspace.id, it.deal.id).await?;
    let named = it.contact.iter().map(|contact| contact.id).chain(it.deal.contact_id);
    let mut ids: Vec<Id<Contact>> = Vec::new();
    for id in named.chain(voices.iter().map(|voice| voice.contact_id)) {
        if !ids.contains(&id) && ids.len() < PEOPLE_MAX {
            ids.push(id);
        }
    }
    let mut theirs = Vec::new();
    for id in ids {
        if let Ok(contact) = records::get::<Contact>(conn, &scope, id).await {
            theirs.push(Person::of(&contact.name, contact.job_title.as_ref()));
        }
    }
    if ours.is_empty() && theirs.is_empty() {
        return Ok(None);
    }
    let they = match it.deal.company_id {
        Some(id) => {
            records::get::<crate::companies::Company>(conn, &scope, id).await.ok().map(|it| it.it.name)
        }
        None => None,
    };
    let w = it.words;
    let people = People {
        w,
        we: it.workspace.name.clone(),
        they: they.unwrap_or_else(|| w.say("your-side")),
        ours,
        theirs,
    };
    Part::new("people", &people).map(Some)
}
