//! Both sides' chances as two bars with their sentences; the glyph of a table cell is the macro `ui::chance`.

use askama::Template;

use super::of_100;

/// The picture; write it into a template as `{{ chances }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/chances.html")]
pub struct Chances {
    client: u32,
    company: u32,
}

impl askama::filters::HtmlSafe for Chances {}

/// Draws the share of cases (0 to 1) that leave the client better off, and that pay for our work.
pub fn chances(client: f64, company: f64) -> Chances {
    Chances { client: of_100(client), company: of_100(company) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_are_as_long_as_they_say() {
        let html = chances(0.78, 0.924).render().unwrap();
        assert!(html.contains("78 of 100") && html.contains("width=\"78%\""));
        assert!(html.contains("92 of 100") && html.contains("width=\"92%\""));
    }
}
