//! A deal left kindly, brought back by what it waited for, and done: with its measure, its result, and how glad they are. At a
//! desk and on a phone.

use crate::browser::{Browser, Width};
use crate::journeys::bargain::press;
use crate::site::Site;

/// Chooses what a list of choices calls so.
async fn choose(browser: &Browser, name: &str, words: &str) {
    let chosen: bool = browser
        .run(&format!(
            "const list = document.querySelector('select[name={name}]');
             const it = [...list.options].find(it => it.textContent.trim().startsWith({words:?}));
             if (it) list.value = it.value; return !!it"
        ))
        .await;
    assert!(chosen, "{name} can be {words}");
}

#[tokio::test]
async fn a_deal_that_was_left_comes_back_by_its_condition_and_its_result_is_written_down() {
    for width in [Width::Wide, Width::Narrow] {
        let site = Site::with_owner();
        let browser = Browser::signed_in(&site).await;
        browser.go("/products/new").await;
        browser.show(width, false).await;
        browser.type_into("name", "Bookings").await;
        browser.type_into("price", "9000").await;
        press(&browser, "Save").await;
        browser.says("For the client, usually").await;
        let product = browser.path().await;

        browser.go("/deals/new").await;
        browser.fill("What is it about?", "Bookings for two practices").await;
        browser.fill("With whom?", "Linden Physio").await;
        choose(&browser, "product", "Bookings").await;
        press(&browser, "Save").await;
        browser.says("For them").await;
        let deal = browser.path().await;

        press(&browser, "Walk away kindly").await;
        browser.says("Why is it right to stop?").await;
        let nothing = "The software costs more than the calls it saves.";
        browser.type_into("reason", nothing).await;
        browser.type_into("referral", "The appointment book of the chamber").await;
        browser.run::<()>("document.querySelector('[name=watch_product]').click()").await;
        press(&browser, "Draft it anew from the above").await;
        browser.says("Nothing of our books is in it").await;
        assert!(browser.value_of("message").await.contains(nothing), "the draft says why");
        if width == Width::Wide {
            browser.looks_right("departure").await;
        }
        press(&browser, "Walk away").await;
        browser.says("You walked away, and said why").await;
        browser.go("/").await;
        assert!(!browser.words().await.contains("What you waited for has come"), "nothing has changed yet");

        // What they waited for: it became cheaper.
        browser.go(&format!("{product}/edit")).await;
        browser.type_into("price", "4500").await;
        press(&browser, "Save").await;
        browser
            .until("Today brings it back", async |browser| {
                browser.go("/").await;
                browser.words().await.contains("What you waited for has come")
            })
            .await;
        if width == Width::Wide {
            browser.looks_right("come-back").await;
        }
        press(&browser, "Bookings for two practices").await;
        browser.says("What you waited for has come").await;
        press(&browser, "Open it again").await;
        browser.says("The deal is open again.").await;

        // This time it is done, and the result looked at.
        browser.go(&format!("{deal}/edit")).await;
        choose(&browser, "stage", "Deliver").await;
        press(&browser, "Save").await;
        browser.says("What changes for them").await;
        press(&browser, "Write the result down").await;
        browser.says("How will they know that it worked?").await;
        browser.type_into("measured", "Missed appointments").await;
        browser.type_into("unit", "a week").await;
        browser.type_into("baseline", "14").await;
        browser.type_into("wished", "6").await;
        press(&browser, "Save the measure").await;
        browser.says("Missed appointments: 14 to 6 a week").await;
        browser.run::<()>("document.querySelector('[name=reached][value=fully]').click()").await;
        browser.type_into("achieved", "5").await;
        browser.type_into("delivery_cost", "1800").await;
        press(&browser, "Write it down").await;
        browser.says("5 a week, 64% better than before").await;
        browser.run::<()>("document.querySelector('[name=felt][value=gladly]').click()").await;
        browser
            .run::<()>("document.querySelector('form[action$=gladness] .form-actions button').click()")
            .await;
        browser.says("Gladly, ").await;
        if width == Width::Wide {
            browser.looks_right("outcome").await;
        }
        browser.go(&deal).await;
        browser.says("Verified").await;
    }
}
