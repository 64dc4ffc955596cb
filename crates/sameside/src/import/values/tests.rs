use super::*;
use iso_currency::Currency;
use proptest::prelude::*;

fn read(text: &str, order: DateOrder) -> Option<String> {
    let moment = date(text, order)?;
    let mut shown = moment.date.to_string();
    if let Some(time) = moment.time {
        shown.push_str(&format!(" {time}"));
    }
    if let Some(offset) = moment.offset {
        shown.push_str(&format!(" {offset}"));
    }
    Some(shown)
}

#[test]
fn dates_are_read_in_the_ways_people_write_them() {
    for (text, meant) in [
        ("2024-01-15", "2024-01-15"),
        ("2024/1/5", "2024-01-05"),
        ("20240115", "2024-01-15"),
        ("2024-01-15T10:30:00.000Z", "2024-01-15 10:30:00 +00"),
        ("2024-01-15T10:30:00.000+0000", "2024-01-15 10:30:00 +00"),
        ("2024-01-15 10:30", "2024-01-15 10:30:00"),
        ("2024-01-15 10:30:05.25-05:00", "2024-01-15 10:30:05.25 -05"),
        ("15.1.2024", "2024-01-15"),
        ("05.06.2024 08:05", "2024-06-05 08:05:00"),
        ("05.06.24", "2024-06-05"),
        ("15 Jan 2024", "2024-01-15"),
        ("15-Jan-24", "2024-01-15"),
        ("Jan 15, 2024", "2024-01-15"),
        ("January 15th, 2024 at 3:04 PM", "2024-01-15 15:04:00"),
        ("Mon, 15 Jan 2024 12:00:00 GMT", "2024-01-15 12:00:00 +00"),
        ("15. März 2024", "2024-03-15"),
        ("1er août 2023", "2023-08-01"),
        ("15 de marzo de 2024", "2024-03-15"),
        ("2024 Mar 5", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("12/31/2024 12:05 a.m.", "2024-12-31 00:05:00"),
        ("12/31/2024, 12:05 PM", "2024-12-31 12:05:00"),
        ("45306", "2024-01-15"),
        ("45306.4375", "2024-01-15 10:30:00"),
        ("1705314600", "2024-01-15 10:30:00 +00"),
        ("1705314600000", "2024-01-15 10:30:00 +00"),
    ] {
        assert_eq!(read(text, DateOrder::MonthFirst).as_deref(), Some(meant), "{text}");
    }
    assert_eq!(read("3/4/2024", DateOrder::MonthFirst).unwrap(), "2024-03-04");
    assert_eq!(read("3/4/2024", DateOrder::DayFirst).unwrap(), "2024-04-03");
    assert_eq!(read("3-4-98", DateOrder::DayFirst).unwrap(), "1998-04-03");
}

#[test]
fn what_is_no_date_is_not_made_one() {
    for text in [
        "",
        "-",
        "soon",
        "2024",
        "13/13/2024",
        "2024-02-30",
        "0204-05-06",
        "Jan 2024",
        "Q1 2024",
        "1.234,50",
        "12:30",
        "March madness 5 2024",
        "5/6/7/2024",
        "99999999999",
    ] {
        assert_eq!(read(text, DateOrder::DayFirst), None, "{text}");
        assert_eq!(read(text, DateOrder::MonthFirst), None, "{text}");
    }
}

fn order_of(texts: &[&str]) -> Sniffed<DateOrder> {
    let mut evidence = DateEvidence::default();
    texts.iter().for_each(|text| evidence.see(text));
    evidence.order()
}

#[test]
fn the_order_of_a_column_is_certain_ambiguous_mixed_or_not_needed() {
    assert_eq!(order_of(&["3/4/2024", "10/20/2016"]), Sniffed::Certain(DateOrder::MonthFirst));
    assert_eq!(order_of(&["3/4/2024", "20/10/2016"]), Sniffed::Certain(DateOrder::DayFirst));
    assert_eq!(order_of(&["3/4/2024", "5/6/2024", ""]), Sniffed::Ambiguous);
    assert_eq!(order_of(&["13/4/2024", "14/4/2024", "4/13/2024"]), Sniffed::Mixed(DateOrder::DayFirst));
    assert_eq!(order_of(&["2024-03-04", "5.6.2024", "4/4/2024", "15 Jan 2024"]), Sniffed::Nothing);
}

fn shown(text: &str, mark: DecimalMark) -> Option<(i64, &'static str)> {
    let number = number(text, mark)?;
    let currency = number.currency.map_or(Currency::EUR, |mark| mark.resolve(Currency::CAD));
    let money = number.decimal.money(currency)?;
    Some((money.minor, currency.code()))
}

#[test]
fn money_is_read_exactly_with_signs_codes_groups_and_negatives() {
    for (text, meant) in [
        ("1234.5", (123_450, "EUR")),
        ("$1,234.56", (123_456, "CAD")),
        ("US$ 1,234.56", (123_456, "USD")),
        ("1,234,567.899", (123_456_790, "EUR")),
        ("(1,234.50)", (-123_450, "EUR")),
        ("($5)", (-500, "CAD")),
        ("-£5.05", (-505, "GBP")),
        ("£-5.05", (-505, "GBP")),
        ("5.05-", (-505, "EUR")),
        ("−7", (-700, "EUR")),
        ("12 345.00 USD", (1_234_500, "USD")),
        ("CHF 1'234.50", (123_450, "CHF")),
        ("Fr. 20", (2_000, "CHF")),
        ("1,23,456.00 INR", (12_345_600, "INR")),
        ("¥ 1,500", (1_500, "JPY")),
        (".5", (50, "EUR")),
        ("1.2M", (120_000_000, "EUR")),
        ("€3k", (300_000, "EUR")),
        ("90071992547409.93", (9_007_199_254_740_993, "EUR")),
    ] {
        assert_eq!(shown(text, DecimalMark::Point), Some(meant), "{text}");
    }
    for (text, meant) in [
        ("1.234,56 €", (123_456, "EUR")),
        ("1\u{a0}234,5", (123_450, "EUR")),
        ("12\u{202f}000 €", (1_200_000, "EUR")),
        ("1.234.567", (123_456_700, "EUR")),
        ("500,- €", (50_000, "EUR")),
        ("1,2 Mio. €", (120_000_000, "EUR")),
        ("250 kr", (25_000, "SEK")),
    ] {
        assert_eq!(shown(text, DecimalMark::Comma), Some(meant), "{text}");
    }
}

#[test]
fn what_is_no_number_is_not_made_one() {
    for text in [
        "",
        "-",
        "n/a",
        "1,2,3",
        "12,34.5",
        "1.2.3",
        "five",
        "5 apples",
        "+49 30 1234567",
        "1-2",
        "--5",
        "1e5",
        "51-200",
        "€",
    ] {
        assert_eq!(number(text, DecimalMark::Point), None, "{text}");
    }
    assert_eq!(number("1,5", DecimalMark::Point), None);
    assert_eq!(number("9".repeat(31).as_str(), DecimalMark::Point), None);
    assert!(Decimal::whole(i64::MAX).times(1_000_000).unwrap().money(Currency::EUR).is_none());
}

fn mark_of(texts: &[&str]) -> Sniffed<DecimalMark> {
    let mut evidence = NumberEvidence::default();
    texts.iter().for_each(|text| evidence.see(text));
    evidence.mark()
}

#[test]
fn the_decimal_mark_of_a_column_is_certain_ambiguous_mixed_or_not_needed() {
    assert_eq!(mark_of(&["1,234", "5.5"]), Sniffed::Certain(DecimalMark::Point));
    assert_eq!(mark_of(&["1.234", "5,5", "7"]), Sniffed::Certain(DecimalMark::Comma));
    assert_eq!(mark_of(&["1.234.567"]), Sniffed::Certain(DecimalMark::Comma));
    assert_eq!(mark_of(&["0,125", "3"]), Sniffed::Certain(DecimalMark::Comma));
    assert_eq!(mark_of(&["1234.567"]), Sniffed::Certain(DecimalMark::Point));
    assert_eq!(mark_of(&["1,234", "5,678"]), Sniffed::Ambiguous);
    assert_eq!(mark_of(&["1,5", "1.5", "2.5"]), Sniffed::Mixed(DecimalMark::Point));
    assert_eq!(mark_of(&["12", "1 000", "Acme"]), Sniffed::Nothing);
}

#[test]
fn yes_and_no_come_in_many_words() {
    for yes in ["TRUE", "true", "Yes", "y", "1", "x", "Ja", "Done", "✓", "Sí"] {
        assert_eq!(flag(yes), Some(true), "{yes}");
    }
    for no in ["FALSE", "no", "0", "To do", "Undone", "Nein"] {
        assert_eq!(flag(no), Some(false), "{no}");
    }
    assert_eq!(flag("perhaps"), None);
}

#[test]
fn addresses_are_taken_from_what_stands_around_them() {
    assert_eq!(email(" Ada@Example.COM ").unwrap(), "Ada@example.com");
    assert_eq!(email("Ada Lovelace <ada@example.com>").unwrap(), "ada@example.com");
    for bad in
        ["ada", "ada@", "@example.com", "a b@example.com", "ada@example", "a@b@c.de", "ada@example..com"]
    {
        assert_eq!(email(bad), None, "{bad}");
    }
    assert_eq!(emails("[\"a@b.co\",\"c@d.co\"]"), ["a@b.co", "c@d.co"]);
    assert_eq!(emails("a@b.co; c@d.co"), ["a@b.co", "c@d.co"]);
    assert_eq!(domain("https://www.Example.com/path?x").unwrap(), "example.com");
    assert_eq!(domain("Acme Inc."), None);
}

#[test]
fn notes_written_in_html_become_plain_text() {
    assert_eq!(
        plain_text("<p>Called &amp; left a note</p><ul><li>one</li><li>two</li></ul>"),
        "Called & left a note\n- one\n- two"
    );
    assert_eq!(plain_text("a &lt; b <script>alert(1)</script>c<br/>d"), "a < b c\nd");
    assert_eq!(plain_text("5 < 6 & 7 > 2 &#228;&#x20AC;"), "5 < 6 & 7 > 2 ä€");
}

proptest! {
    #[test]
    fn no_text_makes_the_readers_panic(text in "\\PC{0,40}|[0-9.,:/ $€()%a-zT+-]{0,30}") {
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
            let _ = date(&text, order);
        }
        for mark in [DecimalMark::Point, DecimalMark::Comma] {
            let _ = number(&text, mark);
        }
        let (mut dates, mut numbers) = (DateEvidence::default(), NumberEvidence::default());
        dates.see(&text);
        numbers.see(&text);
        let _ = (flag(&text), emails(&text), domain(&text), plain_text(&text), currency(&text));
    }

    #[test]
    fn every_day_is_read_back_in_every_order(days in 0_i64..90_000) {
        let day = jiff::civil::date(1950, 1, 1).checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap();
        let (y, m, d) = (day.year(), day.month(), day.day());
        prop_assert_eq!(date(&format!("{m}/{d}/{y}"), DateOrder::MonthFirst).unwrap().date, day);
        prop_assert_eq!(date(&format!("{d:02}-{m:02}-{y}"), DateOrder::DayFirst).unwrap().date, day);
        prop_assert_eq!(date(&format!("{y}-{m:02}-{d:02}"), DateOrder::DayFirst).unwrap().date, day);
    }

    #[test]
    fn every_amount_is_read_back_in_both_spellings(minor in -1_000_000_000_000_i64..1_000_000_000_000) {
        let (whole, cents) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
        let digits = whole.to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if minor < 0 { "-" } else { "" };
        let english = format!("{sign}{grouped}.{cents:02}");
        let german = english.replace(',', "x").replace('.', ",").replace('x', ".");
        for (text, mark) in [(english, DecimalMark::Point), (german, DecimalMark::Comma)] {
            let money = number(&text, mark).unwrap().decimal.money(Currency::EUR).unwrap();
            prop_assert_eq!(money.minor, minor);
        }
    }
}
