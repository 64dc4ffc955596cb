//! Records: made, changed, removed, restored, undone; never lost, never seen by others.

use crate::world::World;
use sameside::accounts::{Role, Sees};
use sameside::base::Currency;
use sameside::companies::Company;
use sameside::error::Error;
use sameside::history::{self, Verb};
use sameside::records::{self, Kept};

async fn aster(world: &World) -> Kept<Company> {
    let act = world.act().await;
    let company = Company { city: Some("Lisbon".into()), ..Company::named("Aster Bakery", Currency::EUR) };
    world
        .app
        .write(move |tx| Box::pin(async move { records::create(tx, &act, company).await }))
        .await
        .unwrap()
}

async fn rename(world: &World, company: &Kept<Company>, name: &str) -> Result<Kept<Company>, Error> {
    let (act, id, version, name) = (world.act().await, company.id, company.version, name.to_owned());
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                records::change(tx, &act, id, Some(version), |company: &mut Company| {
                    company.name = name;
                    Ok(())
                })
                .await
            })
        })
        .await
}

async fn undo(world: &World, seq: i64) -> Result<(), Error> {
    let act = world.act().await;
    world.app.write(move |tx| Box::pin(async move { records::undo(tx, &act, seq).await.map(drop) })).await
}

async fn events(world: &World, company: &Kept<Company>) -> Vec<history::Event> {
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    history::of(&mut conn, &act.scope, company.id.uuid(), None).await.unwrap()
}

async fn current(world: &World, company: &Kept<Company>) -> Result<Kept<Company>, Error> {
    let act = world.act().await;
    records::get(&mut world.app.read().await.unwrap(), &act.scope, company.id).await
}

#[tokio::test]
async fn every_change_is_in_the_history_with_before_and_after() {
    let world = World::new().await;
    let company = aster(&world).await;
    rename(&world, &company, "Aster Bakeries").await.unwrap();
    let events = events(&world, &company).await;
    assert_eq!(events.iter().map(|event| event.verb).collect::<Vec<_>>(), [Verb::Changed, Verb::Created]);
    assert_eq!(events[0].actor, Some(world.ada.id));
    let changes: Vec<_> = events[0].changes.iter().collect();
    assert_eq!(changes, [("name", &"Aster Bakery".into(), &"Aster Bakeries".into())]);
}

#[tokio::test]
async fn any_change_can_be_undone_and_the_undo_too() {
    let world = World::new().await;
    let company = aster(&world).await;
    rename(&world, &company, "Aster Bakeries").await.unwrap();
    let seq = events(&world, &company).await[0].seq;
    undo(&world, seq).await.unwrap();
    assert_eq!(current(&world, &company).await.unwrap().name, "Aster Bakery");
    let again = events(&world, &company).await[0].clone();
    assert_eq!(again.undoes, Some(seq));
    undo(&world, again.seq).await.unwrap();
    assert_eq!(current(&world, &company).await.unwrap().name, "Aster Bakeries");
    let created = events(&world, &company).await.last().unwrap().seq;
    undo(&world, created).await.unwrap();
    assert!(matches!(current(&world, &company).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_change_that_was_changed_again_since_is_not_undone() {
    let world = World::new().await;
    let company = aster(&world).await;
    let second = rename(&world, &company, "Aster Bakeries").await.unwrap();
    let seq = events(&world, &company).await[0].seq;
    rename(&world, &second, "Aster").await.unwrap();
    let Err(Error::Refused(why)) = undo(&world, seq).await else { panic!("it must be refused") };
    assert!(why.contains("name was changed again"), "{why}");
    assert_eq!(current(&world, &company).await.unwrap().name, "Aster");
}

#[tokio::test]
async fn two_people_changing_the_same_thing_do_not_lose_each_others_words() {
    let world = World::new().await;
    let company = aster(&world).await;
    rename(&world, &company, "First").await.unwrap();
    let second = rename(&world, &company, "Second").await;
    assert!(matches!(second, Err(Error::Conflict { version: 2 })), "{second:?}");
    assert_eq!(current(&world, &company).await.unwrap().name, "First");
}

#[tokio::test]
async fn what_one_may_not_see_is_not_found() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let stranger = world.stranger().await;
    let company = aster(&world).await;
    let act = world.act().await;
    let (id, ada) = (company.id, world.ada.id);
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                records::change(tx, &act, id, None, |company: &mut Company| {
                    company.owner_id = Some(ada);
                    Ok(())
                })
                .await
            })
        })
        .await
        .unwrap();
    for other in [&ben, &stranger] {
        let act = world.act_as(other).await;
        let seen = records::get(&mut world.app.read().await.unwrap(), &act.scope, company.id).await;
        assert!(matches!(seen, Err(Error::NotFound)), "{} sees it", other.name);
        let events =
            history::of(&mut world.app.read().await.unwrap(), &act.scope, company.id.uuid(), None).await;
        assert!(
            events.is_ok_and(|events| other.name == ben.name || events.is_empty()),
            "nothing of another workspace"
        );
        let removed =
            world.app.write(move |tx| Box::pin(async move { records::remove(tx, &act, id).await })).await;
        assert!(matches!(removed, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn who_only_looks_changes_nothing() {
    let world = World::new().await;
    let vera = world.member("Vera Sousa", Role::Viewer, Sees::All).await;
    let company = aster(&world).await;
    let (act, id) = (world.act_as(&vera).await, company.id);
    let removed =
        world.app.write(move |tx| Box::pin(async move { records::remove(tx, &act, id).await })).await;
    assert!(matches!(removed, Err(Error::Forbidden(_))));
    assert!(current(&world, &company).await.is_ok());
}

#[tokio::test]
async fn a_reference_into_another_workspace_is_refused_by_name() {
    let world = World::new().await;
    let stranger = world.stranger().await;
    let act = world.act().await;
    let company = Company { owner_id: Some(stranger.id), ..Company::named("Aster Bakery", Currency::EUR) };
    let made =
        world.app.write(move |tx| Box::pin(async move { records::create(tx, &act, company).await })).await;
    let Err(Error::Invalid(fields)) = made else { panic!("it must be refused") };
    assert!(fields.at("owner_id").is_some());
}
