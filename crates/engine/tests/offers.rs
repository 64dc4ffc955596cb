//! Offers made without knowing the client's values give it most of what it could have, and learn from its picks.

#[path = "../examples/bargain/share.rs"]
mod share;

use engine::random::Random;

#[test]
fn three_offers_give_the_client_more_than_published_ways_and_every_pick_raises_it() {
    let mut random = Random::seeded(3);
    let domains = 30;
    let all: Vec<Vec<f64>> =
        (0..domains).map(|_| share::shares(&share::domain(&mut random), 3, 4).unwrap()).collect();
    let mean = |round: usize| all.iter().map(|shares| shares[round]).sum::<f64>() / f64::from(domains);
    let shares: Vec<f64> = (0..4).map(mean).collect();
    println!("shares after no pick, one, two, three: {shares:?}");
    // k random offers of the band give 78.5%, the three most different 79.6%.
    assert!(shares[0] > 0.796, "{shares:?}");
    assert!(shares.is_sorted_by(|a, b| a < b), "{shares:?}");
}
