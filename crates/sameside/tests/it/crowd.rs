//! Many at once: no page waits for a second connection while it holds a first, or a crowd would wait for itself.

use crate::companies::made;
use crate::world::World;
use futures_util::future::join_all;

/// More than there are connections to read with.
const CROWD: usize = 24;

#[tokio::test]
async fn as_many_as_come_at_once_are_all_answered() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let company = made(&ada, &[("name", "Aster Bakery")]).await;
    let deal = [("title", "Online ordering"), ("price", "18000"), ("horizon_months", "12")];
    let deal = ada.post("/deals", &deal).await.leads_to().to_owned();
    let edit = format!("{deal}/edit");
    let pages = [
        "/",
        "/deals",
        "/deals/board",
        "/deals/new",
        &deal,
        &edit,
        "/companies",
        &company,
        "/contacts",
        "/products",
        "/tasks",
        "/activities",
        "/history",
        "/search?q=aster",
        "/import",
        "/account",
        "/settings",
        "/settings/members",
        "/settings/teams",
        "/settings/pipelines",
    ];
    for page in pages {
        let answers = join_all((0..CROWD).map(|_| ada.get(page))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{page}");
    }
}
