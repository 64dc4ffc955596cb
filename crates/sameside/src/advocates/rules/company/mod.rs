//! What our own advocate looks for. To add a rule, write its file and name it here.

use crate::advocates::rules::rules;

rules! {
    mod no_next_step;
    mod nobody_decides;
    mod past_budget;
    mod promises_missed;
    mod stalled;
    mod date_beyond_capacity;
    mod concession_without_return;
    mod one_sided;
    mod cost_to_serve;
}
