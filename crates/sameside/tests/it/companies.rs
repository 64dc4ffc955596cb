//! Companies: their pages, from the first name to bringing a removed one back.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

/// Makes a company through its form; answers with the address of its page.
pub async fn made(browser: &Browser, form: &[(&str, &str)]) -> String {
    let answer = browser.post("/companies", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.leads_to().to_owned()
}

#[tokio::test]
async fn a_company_is_made_from_a_name_and_shown_with_people_first() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page =
        made(&ada, &[("name", "Aster Bakery"), ("city", "Lisbon"), ("matters", "Fresh bread at six")]).await;
    let shown = ada.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK);
    let people = shown.text.find("Their people").unwrap();
    let matters = shown.text.find("Fresh bread at six").unwrap();
    assert!(people < matters, "people come first");
    assert!(ada.get("/companies").await.text.contains("Aster Bakery"));
}

#[tokio::test]
async fn a_company_without_a_name_is_asked_for_one_and_keeps_what_was_typed() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let answer = ada.post("/companies", &[("name", " "), ("city", "Lisbon"), ("employees", "many")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"Lisbon\""));
    assert!(answer.text.contains("a whole number, not"));
    assert!(!ada.get("/companies").await.text.contains("Lisbon"));
}

#[tokio::test]
async fn two_who_change_different_fields_both_keep_theirs() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery"), ("city", "Lisbon")]).await;
    let first = ada.post(&page, &[("version", "1"), ("name", "Aster Bakeries"), ("city", "Lisbon")]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = ada.post(&page, &[("version", "1"), ("name", "Aster Bakery"), ("city", "Porto")]).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("Aster Bakeries") && shown.contains("Porto"));
}

#[tokio::test]
async fn two_who_change_the_same_field_choose_between_both() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery")]).await;
    ada.post(&page, &[("version", "1"), ("name", "Aster & Sons")]).await;
    let clash = ada.post(&page, &[("version", "1"), ("name", "Aster Lda"), ("city", "Porto")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    assert!(clash.text.contains("Aster &#38; Sons") && clash.text.contains("Aster Lda"), "{}", clash.text);
    assert!(clash.text.contains("name=\"keep_name\"") && clash.text.contains("name=\"version\" value=\"2\""));
    let chosen = [("version", "2"), ("name", "Aster Lda"), ("city", "Porto"), ("keep_name", "theirs")];
    assert_eq!(ada.post(&page, &chosen).await.status, StatusCode::SEE_OTHER);
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("Aster &#38; Sons") && shown.contains("Porto"));
}

#[tokio::test]
async fn a_removed_company_leaves_the_list_and_can_be_brought_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery")]).await;
    assert_eq!(ada.post(&format!("{page}/removal"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!ada.get("/companies").await.text.contains(&page));
    assert!(ada.get("/companies?removed=true").await.text.contains(&page));
    assert!(ada.get(&page).await.text.contains("Bring it back"));
    ada.post(&format!("{page}/restoration"), &[]).await;
    assert!(ada.get("/companies").await.text.contains(&page));
}

#[tokio::test]
async fn the_list_goes_page_by_page_and_back_without_losing_or_repeating_anyone() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                for n in 0..120 {
                    // Names that many share: the id decides among them.
                    let name = format!("Company {:02}", n / 4);
                    let company = sameside::companies::Company::named(name, sameside::base::Currency::EUR);
                    sameside::records::create(tx, &act, company).await?;
                }
                Ok::<_, sameside::error::Error>(())
            })
        })
        .await
        .unwrap();
    for sort in ["name", "-name", "changed", "-changed"] {
        let mut seen = Vec::new();
        let mut at = format!("/companies?sort={sort}");
        let mut pages = Vec::new();
        while !at.is_empty() {
            let text = ada.get(&at).await.text;
            let rows: Vec<String> = links(&text, "/companies/", 36);
            pages.push(rows.clone());
            seen.extend(rows);
            at = rel(&text, "next");
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20], "{sort}");
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 120, "{sort}");
        let last = {
            let first = ada.get(&format!("/companies?sort={sort}")).await.text;
            let second = ada.get(&rel(&first, "next")).await.text;
            ada.get(&rel(&second, "prev")).await.text
        };
        assert_eq!(links(&last, "/companies/", 36), pages[0], "{sort}: back to the first page");
    }
}

/// The ids in links of table rows that begin with a path.
fn links(text: &str, path: &str, chars: usize) -> Vec<String> {
    let start = format!("<th scope=\"row\"><a href=\"{path}");
    text.split(&start).skip(1).map(|rest| rest[..chars].to_owned()).collect()
}

/// Where the next or previous page is, empty if there is none.
pub fn rel(text: &str, rel: &str) -> String {
    let Some((_, rest)) = text.split_once(&format!("rel=\"{rel}\" href=\"")) else { return String::new() };
    rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn who_sees_only_their_own_sees_theirs_and_nobodys_and_no_others() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let ben_id = ben.id.to_string();
    let ada_id = world.ada.id.to_string();
    let mine = made(&ada, &[("name", "Ben's Client"), ("owner_id", &ben_id)]).await;
    let nobodys = made(&ada, &[("name", "Nobody's Client"), ("owner_id", "")]).await;
    let hers = made(&ada, &[("name", "Ada's Client"), ("owner_id", &ada_id)]).await;
    let ben = world.browser(&ben).await;
    for list in
        ["/companies", "/companies?sort=-changed", "/companies?q=b", "/companies?q=n", "/companies?q=a"]
    {
        let text = ben.get(list).await.text;
        assert!(!text.contains(&hers), "{list}");
    }
    let all = ben.get("/companies").await.text;
    assert!(all.contains(&mine) && all.contains(&nobodys));
    assert!(!ben.get(&format!("/companies?owner={ada_id}")).await.text.contains(&hers));
    assert_eq!(ben.get(&hers).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ben.post(&hers, &[("version", "1"), ("name", "Mine now")]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_list_is_narrowed_by_the_beginning_of_the_name_and_by_who_cares() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let aster = made(&ada, &[("name", "Äster Bakery"), ("owner_id", &world.ada.id.to_string())]).await;
    let birch = made(&ada, &[("name", "Birch & Co"), ("owner_id", "")]).await;
    let by_name = ada.get("/companies?q=ast").await.text;
    assert!(by_name.contains(&aster) && !by_name.contains(&birch));
    let mine = ada.get("/companies?owner=me").await.text;
    assert!(mine.contains(&aster) && !mine.contains(&birch));
    let nobodys = ada.get("/companies?owner=none").await.text;
    assert!(!nobodys.contains(&aster) && nobodys.contains(&birch));
}

#[tokio::test]
async fn the_company_it_belongs_to_is_chosen_by_name_or_made() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery"), ("parent_id", "Aster Group")]).await;
    assert!(ada.get(&page).await.text.contains("Aster Group"));
    assert!(ada.get("/companies?q=aster+group").await.text.contains("Aster Group"));
    let again = made(&ada, &[("name", "Aster Cafés"), ("parent_id", "aster GROUP")]).await;
    assert!(ada.get(&again).await.text.contains("Aster Group"));
    assert_eq!(
        ada.get("/companies?q=aster+group").await.text.matches("Aster Group").count(),
        1,
        "one, not two"
    );
}

#[tokio::test]
async fn when_several_have_a_name_the_form_asks_which() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let first = made(&ada, &[("name", "Aster")]).await;
    made(&ada, &[("name", "Aster")]).await;
    let asked = ada.post("/companies", &[("name", "Shop"), ("parent_id", "Aster")]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    let tail = &first[first.len() - 8..];
    let marked = format!("Aster [{tail}]");
    assert!(asked.text.contains(&marked), "{}", asked.text);
    let page = made(&ada, &[("name", "Shop"), ("parent_id", &marked)]).await;
    assert!(ada.get(&page).await.text.contains(&first));
    let form = ada.get(&format!("{page}/edit")).await.text;
    assert!(form.contains(&marked), "the form tells them apart too");
}

#[tokio::test]
async fn what_an_import_brought_besides_is_shown() {
    let world = World::new().await;
    let act = world.act().await;
    let mut company = sameside::companies::Company::named("Aster Bakery", sameside::base::Currency::EUR);
    company.other.0.insert("Loyalty tier".into(), "Golden crust".into());
    let kept = world
        .app
        .write(move |tx| Box::pin(async move { sameside::records::create(tx, &act, company).await }))
        .await
        .unwrap();
    let ada = world.browser(&world.ada).await;
    let page = ada.get(&format!("/companies/{}", kept.id)).await.text;
    assert!(page.contains("What else the import brought") && page.contains("Golden crust"));
    let saved = ada.post(&format!("/companies/{}", kept.id), &[("version", "1"), ("name", "Aster")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(ada.get(&format!("/companies/{}", kept.id)).await.text.contains("Golden crust"), "and stays");
}
