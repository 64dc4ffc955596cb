//! A deal negotiated: from a name to an agreement through three offers; and a discount that was asked for, traded and
//! approved. Each at a desk and on a phone.

use crate::browser::{Browser, Width};
use crate::site::{PASSWORD, Site};

/// Who sells and may not give everything.
const BEN: &str = "ben@fieldwork.example";

/// Presses what has these words, in the middle of the window: on a phone the menu lies over what is at its foot.
pub(super) async fn press(browser: &Browser, words: &str) {
    let there = format!(
        "const all = [...document.querySelectorAll('button, a, summary')].filter(it => it.offsetParent);
         all.find(it => (it.getAttribute('aria-label') ?? it.textContent.trim()) === {words:?})?.scrollIntoView({{block: 'center'}})"
    );
    browser.run::<()>(&there).await;
    browser.press(words).await;
}

/// A deal with a price and what the problem costs them; answers with its page.
async fn deal(browser: &Browser, width: Width) -> String {
    browser.go("/deals/new").await;
    browser.show(width, false).await;
    browser.fill("What is it about?", "Online ordering for three shops").await;
    browser.fill("With whom?", "Aster Bakery").await;
    press(browser, "Save").await;
    browser.says("Nothing to weigh yet").await;
    browser.answer("goal", "Sell bread online before Easter").await;
    browser.answer("price", "12000").await;
    for (name, value) in [
        ("benefit_per_month_low", "1500"),
        ("benefit_per_month_likely", "2500"),
        ("benefit_per_month_high", "4000"),
        ("success_low", "7"),
        ("success_likely", "8"),
        ("success_high", "9"),
    ] {
        browser.answer(name, value).await;
    }
    browser.path().await
}

#[tokio::test]
async fn a_deal_goes_from_a_name_to_an_agreement_through_three_offers() {
    for width in [Width::Wide, Width::Narrow] {
        let site = Site::with_owner();
        let browser = Browser::signed_in(&site).await;
        let page = deal(&browser, width).await;
        browser.go(&format!("{page}/negotiation")).await;
        if width == Width::Wide {
            browser.looks_right("negotiation-empty").await;
        }
        press(&browser, "Begin with this deal's own figures").await;
        browser.says("Every package, for both").await;
        // Every package that can be pressed is reached by keyboard and says what it is.
        let named: bool = browser
            .run("const all = [...document.querySelectorAll('.packages a')]; return all.length > 2 && all.every(it => it.getAttribute('aria-label').includes('Price:'))")
            .await;
        assert!(named, "points have words");
        browser.run::<()>("document.querySelectorAll('.packages a')[1].focus()").await;
        browser.keys("\u{E007}").await;
        browser.says("The package you look at").await;
        browser.go(&format!("{page}/negotiation/issues/new")).await;
        browser.type_into("name", "Training").await;
        browser.type_into("o0_name", "none").await;
        browser.type_into("o1_name", "two days").await;
        browser.type_into("o1_ours", "-300").await;
        if width == Width::Wide {
            browser.looks_right("negotiation-issue").await;
        }
        press(&browser, "Put it on the table").await;
        browser.says("The table says so now.").await;
        press(&browser, "Make three equal offers").await;
        browser.says("Waits for their choice").await;
        if width == Width::Wide {
            browser.looks_right("negotiation-offers").await;
        }
        press(&browser, "They chose this: offer 1").await;
        browser.says("What they chose once counts in it.").await;
        browser.go(&format!("{page}/proposal")).await;
        browser.type_into("we", "We start on 1 December").await;
        press(&browser, "Save the draft").await;
        browser.says("The draft says so now.").await;
        press(&browser, "Issue it").await;
        browser.says("Version 1 is issued").await;
        if width == Width::Wide {
            browser.looks_right("proposal").await;
            press(&browser, "The page alone, to print").await;
            browser.says("What you want to do").await;
            browser.looks_right("proposal-sheet").await;
        }
        browser.go(&format!("{page}/negotiation")).await;
        browser.show(width, false).await;
        press(&browser, "Both agree on it").await;
        browser.says("The deal's terms are what it says.").await;
        press(&browser, "Move the deal on: Deliver").await;
        browser.go(&page).await;
        browser.says("Agreed").await;
        let wider: bool = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
        assert!(!wider, "it must be pushed sideways to be read");
    }
}

#[tokio::test]
async fn a_discount_is_asked_for_traded_and_approved() {
    for width in [Width::Wide, Width::Narrow] {
        let site = Site::with_owner();
        site.add_seller("Ben Okafor", BEN);
        let (ben, ada) = (Browser::at(&site).await, Browser::signed_in(&site).await);
        ben.sign_in_as(BEN, PASSWORD).await;
        let page = deal(&ben, width).await;
        ben.go(&format!("{page}/negotiation")).await;
        press(&ben, "Begin with this deal's own figures").await;
        ben.says("Every package, for both").await;
        ben.go(&format!("{page}/negotiation/issues/new")).await;
        for (name, value) in [
            ("name", "Telling others"),
            ("o0_name", "nobody"),
            ("o1_name", "two bakeries may visit"),
            ("o1_ours", "2500"),
            ("o1_theirs_likely", "-300"),
        ] {
            ben.type_into(name, value).await;
        }
        press(&ben, "Put it on the table").await;
        ben.says("The table says so now.").await;
        // A price lower by a tenth and more is beyond what a seller gives by himself.
        let lower = "const it = document.querySelector('[name=issue_1]'); it.value = [...it.options].at(-1).value; it.closest('form').requestSubmit()";
        ben.run::<()>(lower).await;
        ben.says("What would keep us whole").await;
        if width == Width::Wide {
            ben.looks_right("negotiation-wish").await;
        }
        press(&ben, "Note it in the ledger").await;
        ben.says("What comes back?").await;
        ben.says("two bakeries may visit").await;
        ben.type_into("cost_likely", "1400").await;
        press(&ben, "Write it down").await;
        ben.says("it waits for a yes").await;
        ada.show(width, false).await;
        ada.go("/concessions").await;
        press(&ada, "Answer").await;
        press(&ada, "Yes").await;
        ada.says("You said yes.").await;
        ben.go(&format!("{page}/negotiation")).await;
        let returned = "[...document.querySelectorAll('[aria-labelledby=wish-title] button')].find(it => it.textContent == 'Make it the offer').click()";
        ben.run::<()>(returned).await;
        ben.says("It is on the table now.").await;
        press(&ben, "Both agree on it").await;
        ben.says("The deal's terms are what it says.").await;
        ben.go(&page).await;
        ben.says("10,800 over 12 months").await;
    }
}
