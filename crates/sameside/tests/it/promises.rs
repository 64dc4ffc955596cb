//! Which day can be promised: from hours, promises already made, and what such work really took.

use crate::world::World;
use sameside::base::When;
use sameside::records;
use sameside::tasks::Task;
use sameside::work;

async fn deal(world: &World) -> String {
    let owner = world.ada.id.to_string();
    let form =
        [("title", "Ordering page"), ("price", "18000"), ("horizon_months", "12"), ("owner", owner.as_str())];
    let made = world.browser(&world.ada).await.post("/deals", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.leads_to().split('?').next().unwrap().to_owned()
}

fn task(world: &World, title: &str, said: f64) -> Task {
    let mut task = Task {
        title: title.into(),
        note: None,
        deal_id: None,
        company_id: None,
        contact_id: None,
        owner_id: Some(world.ada.id),
        due_on: None,
        done_at: None,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        hours_taken: None,
    };
    task.set_estimate(Some(sameside::base::Range::exactly(said)));
    task
}

async fn keep(world: &World, all: Vec<Task>) {
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                for task in all {
                    records::create(tx, &act, task).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_day_is_offered_that_keeps_what_is_promised_already() {
    let world = World::new().await;
    let address = deal(&world).await;
    let browser = world.browser(&world.ada).await;
    // 20 hours a week from Monday 23 November on, a fifth of them a day.
    let free = browser.get(&format!("{address}/promise?hours=10")).await;
    assert_eq!(free.status, 200);
    assert!(free.text.contains("25 Nov 2026"), "ten hours are there on the third day: {}", free.text);
    let mut promised = task(&world, "Move the archive", 20.0);
    promised.due_on = "2026-11-27".parse().ok();
    keep(&world, vec![promised]).await;
    let page = browser.get(&format!("{address}/promise?hours=10&wished=2026-11-25")).await.text;
    assert!(page.contains("There is no room before: Move the archive"), "{page}");
    assert!(page.contains("By 25 Nov 2026 it is done in"), "{page}");
    assert!(page.contains("What it would do to other promises"), "{page}");
    // 20 hours and 10, each perhaps half as much again: behind the archive come the first days of December.
    assert!(page.contains("Promise it for 4 Dec 2026"), "{page}");
}

#[tokio::test]
async fn hours_mean_what_such_work_really_took() {
    let world = World::new().await;
    let address = deal(&world).await;
    let browser = world.browser(&world.ada).await;
    let page = browser.get(&format!("{address}/promise?hours=4")).await.text;
    assert!(page.contains("thirty are needed"), "{page}");
    let now: When = world.app.now();
    let done = |n: usize| {
        let mut it = task(&world, "Done", 4.0);
        (it.done_at, it.hours_taken) = (Some(now), Some(8.0 + f64::from(u32::try_from(n % 3).unwrap())));
        it
    };
    keep(&world, (0..36).map(done).collect()).await;
    assert_eq!(work::look_at_the_day(&world.app).await.unwrap(), 1);
    work::drain(&world.app).await.unwrap();
    let page = browser.get(&format!("{address}/promise?hours=4")).await.text;
    assert!(page.contains("comes from 36 tasks: "), "{page}");
    assert!(page.contains("Likely 9.0 h"), "{page}");
}

#[tokio::test]
async fn what_is_asked_badly_is_answered_at_its_field() {
    let world = World::new().await;
    let address = deal(&world).await;
    let browser = world.browser(&world.ada).await;
    for (query, words) in [
        ("hours=soon", "hours, such as 3, or a range"),
        ("hours=0", "hours, more than 0"),
        ("hours=3&wished=2020-01-01", "a day from today on"),
        ("hours=3&wished=whenever", "a day from today on"),
    ] {
        let page = browser.get(&format!("{address}/promise?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        assert!(page.text.contains(words), "{query}: {}", page.text);
    }
    assert_eq!(browser.get(&format!("{address}/promise")).await.status, 200);
}

#[tokio::test]
async fn a_task_says_what_it_takes_and_when_it_is_done_what_it_took() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let made = browser.post("/tasks", &[("title", "Send the plan"), ("hours", "1 to 4")]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let list = browser.get("/tasks").await.text;
    assert!(list.contains("1 to 4 h"), "{list}");
    let id = list
        .split("/tasks/")
        .find_map(|part| part.get(..36).filter(|id| id.matches('-').count() == 4))
        .unwrap()
        .to_owned();
    let refused = browser.post("/tasks", &[("title", "Another"), ("hours", "much")]).await;
    assert_eq!(refused.status, 422);
    let done = browser.post(&format!("/tasks/{id}/completion"), &[("hours_taken", "3.5")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let page = browser.get(&format!("/tasks/{id}")).await.text;
    assert!(page.contains("1 to 4 h said, 3.5 h taken"), "{page}");
    let history = browser.get(&format!("/history?of=task.{id}")).await.text;
    assert!(history.contains("Hours it took"), "{history}");
}
