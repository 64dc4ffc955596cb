//! Every kind of page of the demo, as a newcomer walks through it.

use crate::browser::Browser;
use crate::site::Site;

#[tokio::test]
async fn a_newcomer_finds_every_page_of_the_demo_in_order() {
    let (site, link) = Site::demo();
    let browser = Browser::at(&site).await;
    browser.go(&link).await;
    browser.arrives_at("/").await;
    browser.looks_right("demo-today").await;
    for list in ["deals", "companies", "contacts", "products", "activities", "tasks", "service"] {
        browser.go(&format!("/{list}")).await;
        browser.looks_right(&format!("demo-{list}")).await;
        let first = format!(
            "const link = [...document.querySelectorAll('main a[href^=\"/{list}/\"]')].map(it => it.getAttribute('href')).find(it => /[0-9a-f-]{{36}}$/.test(it)); return link || ''"
        );
        let page: String = browser.run(&first).await;
        if !page.is_empty() {
            browser.go(&page).await;
            browser.looks_right(&format!("demo-{list}-one")).await;
            browser.go(&format!("{page}/edit")).await;
            browser.looks_right(&format!("demo-{list}-edit")).await;
        }
        if list == "deals" {
            for part in [
                "diagnosis",
                "diagnosis/next",
                "evidence",
                "pursuit",
                "promise",
                "plan",
                "plan/backwards",
                "findings",
                "departure",
                "concessions/new",
                "files",
                "client-page",
                "negotiation",
                "proposal",
                "outcome",
            ] {
                browser.go(&format!("{page}/{part}")).await;
                browser.looks_right(&format!("demo-deals-{}", part.replace('/', "-"))).await;
            }
        }
    }
    for path in [
        "/deals/board",
        "/deals/forecast",
        "/insights",
        "/insights/value",
        "/insights/value/records",
        "/insights/outcomes",
        "/insights/impact",
        "/insights/mis-sales",
        "/insights/walk-aways",
        "/insights/concessions",
        "/insights/gladness",
        "/insights/promises",
        "/insights/promises/records",
        "/insights/fairness",
        "/insights/calibration",
        "/insights/hours",
        "/insights/pipeline",
        "/insights/learnt",
        "/insights/books",
        "/digest",
        "/review",
        "/concessions",
        "/history",
        "/search?q=a",
        "/help",
        "/import",
        "/account",
        "/settings",
        "/settings/members",
        "/settings/members/new",
        "/settings/teams",
        "/settings/pipelines",
        "/settings/questions",
        "/settings/service",
        "/service?show=theirs",
        "/service?show=resolved",
        "/care",
    ] {
        browser.go(path).await;
        let name = path.split('?').next().unwrap().replace('/', "-");
        browser.looks_right(&format!("demo{name}")).await;
    }

    // From a sentence to its figures as a file, and to the records behind.
    browser.go("/insights").await;
    browser.press("Mutual value").await;
    browser.arrives_at("/insights/value").await;
    browser.says("clients gained").await;
    let file: String = browser
        .run("const ask = new XMLHttpRequest(); ask.open('GET', [...document.querySelectorAll('main a')].find(it => it.textContent.includes('as CSV')).href, false); ask.send(); return ask.responseText")
        .await;
    assert!(file.starts_with("Measured,Currency,Results,They gained"), "{file}");
    assert!(file.lines().count() > 3, "{file}");
    browser.press("The records behind").await;
    browser.arrives_at("/insights/value/records").await;
    let first: String =
        browser.run("return document.querySelector('main .items a').getAttribute('href')").await;
    assert!(first.starts_with("/deals/") && first.ends_with("/outcome"), "{first}");
    browser.go(&first).await;
    browser.says("They gained").await;

    // The picture of the README.
    browser.go("/deals").await;
    browser.press("Online ordering for three shops").await;
    browser.says("For them").await;
    browser.window("picture", 1280, 980).await;
}
