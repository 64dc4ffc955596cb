//! What the client's advocate looks for. To add a rule, write its file and name it here.

use crate::advocates::rules::rules;

rules! {
    mod proposing_before_diagnosis;
    mod want_without_answer;
    mod contraindication;
    mod chance_below_floor;
    mod promise_above_reach;
    mod not_spoken_to;
    mod waiting_longer;
    mod pulse_falling;
    mod result_not_verified;
    mod price_grumble;
    mod gladness_falling;
}
