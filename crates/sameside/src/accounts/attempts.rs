//! How often somebody may try to come in: by the address they type, and by the network they come from; and how often the
//! page of a client may be asked for, by its link and by the network.
//!
//! Every attempt counts, before the password is looked at, so that an answer tells nothing about it.

use crate::app::Clock;
use governor::clock::{self, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::ops::Add;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Attempts for one address in a row; then one comes back every [`ADDRESS_SECONDS`].
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// How long one more attempt for an address takes to come back, in seconds.
const ADDRESS_SECONDS: u64 = 60;
/// Attempts from one network in a row: an office can share one. Then one comes back every [`NETWORK_SECONDS`].
const NETWORK_BURST: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// How long one more attempt from a network takes to come back, in seconds.
const NETWORK_SECONDS: u64 = 10;
/// Requests with one link in a row; then one comes back every [`LINK_SECONDS`].
const LINK_BURST: NonZeroU32 = NonZeroU32::new(240).unwrap();
/// How long one more request with a link takes to come back, in seconds.
const LINK_SECONDS: u64 = 1;
/// Requests with links that open nothing from one network in a row; then one comes back every [`WRONG_SECONDS`].
const WRONG_BURST: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// How long one more such request takes to come back, in seconds.
const WRONG_SECONDS: u64 = 10;
/// Addresses and networks remembered; beyond it those that may try freely again are forgotten.
const REMEMBERED_MAX: usize = 20_000;
/// The longest part of what was typed as an address that is remembered, in characters.
const ADDRESS_CHARS_MAX: usize = 254;

type Limiter = RateLimiter<String, HashMapStateStore<String>, Ticks, NoOpMiddleware<Tick>>;

/// The attempts to come in of late.
#[derive(Debug)]
pub struct Attempts {
    addresses: Limiter,
    networks: Limiter,
    links: Limiter,
    wrong: Limiter,
    ticks: Ticks,
}

impl Attempts {
    /// None yet; `clock` tells the time.
    pub fn new(clock: Clock) -> Self {
        let ticks = Ticks { clock, start: Instant::now() };
        let limiter = |burst, seconds| {
            let quota = Quota::with_period(Duration::from_secs(seconds))
                .unwrap_or_else(|| Quota::per_minute(burst))
                .allow_burst(burst);
            RateLimiter::new(quota, HashMapStateStore::default(), ticks.clone())
        };
        Self {
            addresses: limiter(ADDRESS_BURST, ADDRESS_SECONDS),
            networks: limiter(NETWORK_BURST, NETWORK_SECONDS),
            links: limiter(LINK_BURST, LINK_SECONDS),
            wrong: limiter(WRONG_BURST, WRONG_SECONDS),
            ticks,
        }
    }

    /// Counts one attempt for an address from a network.
    ///
    /// # Errors
    /// There were too many: in how many seconds to try again.
    pub fn note(&self, address: &str, network: &str) -> Result<(), i64> {
        self.one(&self.networks, network_of(network))?;
        self.one(&self.addresses, address.trim().to_lowercase().chars().take(ADDRESS_CHARS_MAX).collect())
    }

    /// Counts one request with a link that opens a page, from a network.
    ///
    /// # Errors
    /// There were too many: in how many seconds to try again.
    pub fn note_page(&self, link: &str, network: &str) -> Result<(), i64> {
        self.one(&self.links, format!("{link} {}", network_of(network)))?;
        self.one(&self.links, link.to_owned())
    }

    /// Counts one request with a link that opens nothing.
    ///
    /// # Errors
    /// There were too many: in how many seconds to try again.
    pub fn note_wrong(&self, network: &str) -> Result<(), i64> {
        self.one(&self.wrong, network_of(network))
    }

    fn one(&self, limiter: &Limiter, key: String) -> Result<(), i64> {
        if limiter.len() > REMEMBERED_MAX {
            limiter.retain_recent();
        }
        limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(clock::Clock::now(&self.ticks)).as_secs_f64().ceil();
            #[expect(clippy::cast_possible_truncation, reason = "some minutes at most")]
            let seconds = wait as i64;
            seconds.max(1)
        })
    }
}

/// What is taken as one network: an IPv4 address, the first half of an IPv6 one, which one customer has whole.
fn network_of(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => format!("{:x}", u128::from(address) >> 64),
        Ok(address) => address.to_string(),
        Err(_) => address.chars().take(ADDRESS_CHARS_MAX).collect(),
    }
}

/// The program's clock as the limiter wants it: the machine's monotonic one, or the one that stands still.
#[derive(Debug, Clone)]
struct Ticks {
    clock: Clock,
    start: Instant,
}

impl clock::Clock for Ticks {
    type Instant = Tick;

    fn now(&self) -> Tick {
        let nanos = match &self.clock {
            Clock::Machine => u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Clock::Still(moment) => {
                let moment = moment.lock().unwrap_or_else(PoisonError::into_inner);
                moment.micros().max(0).unsigned_abs().saturating_mul(1_000)
            }
        };
        Tick(nanos)
    }
}

/// Nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tick(u64);

impl Add<Nanos> for Tick {
    type Output = Self;
    fn add(self, more: Nanos) -> Self {
        Self(self.0.saturating_add(more.as_u64()))
    }
}

impl Reference for Tick {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.checked_sub(duration.as_u64()).unwrap_or(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::When;
    use std::sync::{Arc, Mutex};

    #[test]
    fn who_tries_often_is_asked_to_wait_and_may_try_again_then() {
        let moment = Arc::new(Mutex::new(When::from_micros(1_000_000_000_000)));
        let attempts = Attempts::new(Clock::Still(Arc::clone(&moment)));
        for n in 0..ADDRESS_BURST.get() {
            assert_eq!(attempts.note("ada@fieldwork.example", &format!("10.0.0.{n}")), Ok(()));
        }
        let seconds = attempts.note(" ADA@fieldwork.example", "10.0.1.1").unwrap_err();
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert_eq!(attempts.note("ben@fieldwork.example", "10.0.1.1"), Ok(()), "others are not held up");
        let later = moment.lock().unwrap().plus_seconds(seconds);
        *moment.lock().unwrap() = later;
        assert_eq!(attempts.note("ada@fieldwork.example", "10.0.1.1"), Ok(()));
    }

    #[test]
    fn a_network_that_tries_many_addresses_is_asked_to_wait() {
        let moment = Arc::new(Mutex::new(When::from_micros(1_000_000_000_000)));
        let attempts = Attempts::new(Clock::Still(moment));
        for n in 0..NETWORK_BURST.get() {
            let from = format!("2001:db8:0:1::{n:x}");
            assert_eq!(attempts.note(&format!("{n}@fieldwork.example"), &from), Ok(()));
        }
        assert!(attempts.note("ada@fieldwork.example", "2001:db8:0:1:ffff::1").is_err());
        assert_eq!(attempts.note("ada@fieldwork.example", "2001:db8:0:2::1"), Ok(()));
    }
}
