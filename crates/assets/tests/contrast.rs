//! Every ink can be read on every ground it may stand on, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a token that cannot be read fails the test"
)]

use std::collections::BTreeMap;

const GROUNDS: [&str; 8] =
    ["canvas", "surface", "raised", "sunken", "client-wash", "company-wash", "mutual-wash", "broken-wash"];
const INKS: [&str; 6] = ["ink", "ink-2", "client", "company", "mutual", "broken"];
const SCHEMES: [&str; 2] = ["light", "dark"];

/// Lightness, chroma, hue in degrees; one for each scheme.
type Token = [[f64; 3]; 2];

fn tokens() -> BTreeMap<String, Token> {
    let sheet = include_str!("../../sameside/src/web/css/tokens.css");
    let mut tokens = BTreeMap::new();
    for line in sheet.lines() {
        let Some((name, value)) =
            line.trim().strip_prefix("--").and_then(|line| line.split_once(": light-dark(oklch("))
        else {
            continue;
        };
        if value.contains(" / ") || value.contains("px") {
            continue; // Shadows and veils carry no text.
        }
        let mut both = value.trim_end_matches(");").split("), oklch(").map(|colour| {
            let parts: Vec<f64> = colour
                .trim_end_matches(')')
                .split(' ')
                .map(|part| part.trim_end_matches('%').parse().unwrap())
                .collect();
            [parts[0] / 100.0, parts[1], parts[2]]
        });
        tokens.insert(name.to_owned(), [both.next().unwrap(), both.next().unwrap()]);
    }
    tokens
}

/// Linear sRGB of an OKLCH colour, by the matrices of the CSS Color 4 specification.
fn linear([lightness, chroma, hue]: [f64; 3]) -> [f64; 3] {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ]
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = linear(colour).map(|part| part.clamp(0.0, 1.0));
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[track_caller]
fn check(ink: &str, ground: &str, least: f64) {
    let tokens = tokens();
    for (scheme, name) in SCHEMES.iter().enumerate() {
        let found = contrast(tokens[ink][scheme], tokens[ground][scheme]);
        assert!(found >= least, "{ink} on {ground}, {name}: {found:.2} is below {least}");
    }
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((contrast([1.0, 0.0, 0.0], [0.0, 0.0, 0.0]) - 21.0).abs() < 0.01);
}

#[test]
fn every_ink_is_readable_on_every_ground() {
    for ink in INKS {
        for ground in GROUNDS {
            check(ink, ground, 4.5);
        }
    }
    check("on-mutual", "mutual", 4.5);
    check("on-broken", "broken", 4.5);
    for faint in ["client-faint", "company-faint", "mutual-faint"] {
        check("ink", faint, 4.5);
    }
}

#[test]
fn the_edge_of_a_control_and_the_areas_of_a_picture_are_seen() {
    for ground in ["canvas", "surface", "raised", "sunken"] {
        check("edge", ground, 3.0);
    }
    for area in ["client-area", "company-area", "mutual-area"] {
        check(area, "surface", 3.0);
        check(area, "canvas", 3.0);
    }
}

#[test]
fn every_colour_can_be_shown_on_any_screen() {
    for (name, both) in tokens() {
        for colour in both {
            let inside = linear(colour).iter().all(|part| (-0.002..=1.002).contains(part));
            assert!(inside, "{name} lies outside sRGB and would be shown as another colour");
        }
    }
}
