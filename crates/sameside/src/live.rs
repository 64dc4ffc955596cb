//! Who listens for what: pages that are open and want to know at once when something happened.
//!
//! Knows no sales and no database: a topic is a deal or a member, and what is said of it is the place up to which
//! something is new. The feed (`web/live.rs`) reads what was committed and tells the topics; a page's stream listens.
//! What a listener has not heard yet is one small value, however much happened, so none can fall behind.
//!
//! Invariant: nobody holds a connection to the database while listening.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Streams that may be open at once, of everybody.
pub const STREAMS_MAX: usize = 5_000;
/// Streams that may be open at once for one member or one link.
pub const STREAMS_OF_ONE_MAX: usize = 24;
/// Topics remembered before those that nobody listens to are forgotten.
const IDLE_TOPICS_MAX: usize = 1_000;

/// What a page may listen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// What happens to a deal.
    Deal(uuid::Uuid),
    /// What a member is told.
    Member(uuid::Uuid),
}

/// What is new of a topic.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// The last thing that happened, by anybody: its place in the history, or among the notices.
    pub last: i64,
    /// The last thing that a client did.
    pub by_client: i64,
    /// How often everybody was asked to look again, because nobody had watched for a while.
    pub rounds: u64,
}

/// Who listens for what. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    topics: Mutex<HashMap<Topic, watch::Sender<Told>>>,
    seats: Mutex<HashMap<uuid::Uuid, usize>>,
    stirred: watch::Sender<u64>,
    closing: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self(Arc::new(Inner {
            topics: Mutex::default(),
            seats: Mutex::default(),
            stirred: watch::Sender::new(0),
            closing: watch::Sender::new(false),
        }))
    }
}

/// A place among the streams of one member or link; given back when it is dropped.
#[derive(Debug)]
pub struct Seated {
    live: Live,
    who: uuid::Uuid,
}

impl Drop for Seated {
    fn drop(&mut self) {
        let mut seats = self.live.seats();
        if let Some(count) = seats.get_mut(&self.who) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                seats.remove(&self.who);
            }
        }
    }
}

impl Live {
    /// Something was written.
    pub fn stir(&self) {
        self.0.stirred.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Tells each time something was written by this process.
    pub fn stirred(&self) -> watch::Receiver<u64> {
        self.0.stirred.subscribe()
    }

    /// Whether nobody listens.
    pub fn is_idle(&self) -> bool {
        self.topics().values().all(|topic| topic.receiver_count() == 0)
    }

    /// Listens for a topic.
    pub fn listen(&self, topic: Topic) -> watch::Receiver<Told> {
        let mut topics = self.topics();
        if topics.len() > IDLE_TOPICS_MAX {
            topics.retain(|_, topic| topic.receiver_count() > 0);
        }
        topics.entry(topic).or_insert_with(|| watch::Sender::new(Told::default())).subscribe()
    }

    /// Tells who listens for a topic that something is new up to `seq`.
    pub fn tell(&self, topic: Topic, seq: i64, by_client: bool) {
        if let Some(sender) = self.topics().get(&topic) {
            sender.send_modify(|told| {
                told.last = seq.max(told.last);
                if by_client {
                    told.by_client = seq.max(told.by_client);
                }
            });
        }
    }

    /// Asks everybody who listens to look again.
    pub fn tell_all(&self) {
        for sender in self.topics().values() {
            sender.send_modify(|told| told.rounds += 1);
        }
    }

    /// A place for one more stream of `who`; none, if they or all together have too many.
    pub fn seat(&self, who: uuid::Uuid) -> Option<Seated> {
        let mut seats = self.seats();
        let all: usize = seats.values().sum();
        let own = seats.get(&who).copied().unwrap_or(0);
        if all >= STREAMS_MAX || own >= STREAMS_OF_ONE_MAX {
            return None;
        }
        seats.insert(who, own + 1);
        drop(seats);
        Some(Seated { live: self.clone(), who })
    }

    /// Ends every stream: the program stops.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Tells when the program stops.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<Topic, watch::Sender<Told>>> {
        self.0.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<uuid::Uuid, usize>> {
        self.0.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_listens_hears_the_newest_and_who_does_not_is_forgotten() {
        let live = Live::default();
        let deal = Topic::Deal(uuid::Uuid::from_u128(1));
        live.tell(deal, 4, false);
        assert!(live.is_idle());
        let mut listener = live.listen(deal);
        assert!(!live.is_idle());
        for (seq, by_client) in [(5, false), (9, false), (7, true)] {
            live.tell(deal, seq, by_client);
        }
        listener.changed().await.unwrap();
        let told = *listener.borrow_and_update();
        assert_eq!((told.last, told.by_client), (9, 7), "however much happened, one value is left to hear");
        assert!(!listener.has_changed().unwrap());
        live.tell_all();
        assert!(listener.has_changed().unwrap());
        drop(listener);
        assert!(live.is_idle());
    }

    #[test]
    fn one_has_so_many_streams_and_gives_them_back() {
        let (live, who) = (Live::default(), uuid::Uuid::from_u128(1));
        let seats: Vec<_> = (0..STREAMS_OF_ONE_MAX).map(|_| live.seat(who).unwrap()).collect();
        assert!(live.seat(who).is_none());
        assert!(live.seat(uuid::Uuid::from_u128(2)).is_some(), "others are not held up");
        drop(seats);
        assert!(live.seat(who).is_some());
    }
}
