//! Places for calls under way: so many for a tenant, so many for an origin, and the origin's shared out by turns.
//!
//! Owns waiting. It must not know what waits.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::oneshot, time::Instant};

use super::Fault;

/// Places at one origin. When all are taken, tenants take turns for the next free one: a tenant with a thousand waiting
/// calls delays another tenant's one call by one turn, not by a thousand.
pub(super) struct FairGate<K> {
    state: Mutex<State<K>>,
}

struct State<K> {
    free: usize,
    waiting: HashMap<K, VecDeque<oneshot::Sender<()>>>,
    turns: VecDeque<K>,
}

/// A taken place; free again when dropped.
pub(super) struct Place<K: Clone + Eq + Hash> {
    gate: Arc<FairGate<K>>,
}

impl<K: Clone + Eq + Hash> FairGate<K> {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { free: places.max(1), waiting: HashMap::new(), turns: VecDeque::new() }) })
    }

    /// A place, as soon as it is this key's turn.
    ///
    /// # Errors
    /// [`Fault::Busy`] when that is not before the deadline.
    pub(super) async fn enter(self: &Arc<Self>, key: &K, deadline: Instant) -> Result<Place<K>, Fault> {
        let turn = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.free > 0 {
                state.free -= 1;
                return Ok(Place { gate: Arc::clone(self) });
            }
            let (sender, receiver) = oneshot::channel();
            let queue = state.waiting.entry(key.clone()).or_default();
            // Who stopped waiting leaves a closed sender behind: a queue never holds more of those than of the living.
            if queue.len() >= 64 && queue.iter().filter(|waiter| waiter.is_closed()).count() * 2 > queue.len() {
                queue.retain(|waiter| !waiter.is_closed());
            }
            queue.push_back(sender);
            if !state.turns.contains(key) {
                state.turns.push_back(key.clone());
            }
            Turn { gate: Arc::clone(self), receiver: Some(receiver) }
        };
        turn.wait(deadline).await
    }

    /// Gives a free place to whose turn it is, or keeps it free. A waiter that is gone is passed over.
    fn release(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(key) = state.turns.pop_front() {
            let Some(queue) = state.waiting.get_mut(&key) else { continue };
            let mut handed = false;
            while let Some(waiter) = queue.pop_front() {
                if waiter.send(()).is_ok() {
                    handed = true;
                    break;
                }
            }
            if queue.is_empty() {
                state.waiting.remove(&key);
            } else {
                state.turns.push_back(key);
            }
            if handed {
                return;
            }
        }
        state.free += 1;
    }
}

/// Somebody's wait for a turn. Dropped between being handed a place and noticing it, it hands the place on.
struct Turn<K: Clone + Eq + Hash> {
    gate: Arc<FairGate<K>>,
    receiver: Option<oneshot::Receiver<()>>,
}

impl<K: Clone + Eq + Hash> Turn<K> {
    async fn wait(mut self, deadline: Instant) -> Result<Place<K>, Fault> {
        let Some(receiver) = self.receiver.as_mut() else { return Err(Fault::Busy) };
        match tokio::time::timeout_at(deadline, receiver).await {
            Ok(Ok(())) => {
                self.receiver = None;
                Ok(Place { gate: Arc::clone(&self.gate) })
            }
            _ => Err(Fault::Busy),
        }
    }
}

impl<K: Clone + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        if let Some(mut receiver) = self.receiver.take() {
            receiver.close();
            if receiver.try_recv().is_ok() {
                self.gate.release();
            }
        }
    }
}

impl<K: Clone + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        self.gate.release();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[tokio::test(start_paused = true)]
    async fn tenants_take_turns_whoever_came_first_in_numbers() {
        let gate = FairGate::new(1);
        let first = gate.enter(&"noisy", soon()).await.unwrap();
        let order = Mutex::new(Vec::new());
        let wait = async |key: &'static str| {
            let _place = gate.enter(&key, soon()).await.unwrap();
            order.lock().unwrap().push(key);
        };
        let noisy = futures::future::join_all((0..50).map(|_| wait("noisy")));
        let free = async {
            tokio::task::yield_now().await;
            drop(first);
        };
        futures::future::join3(noisy, wait("quiet"), free).await;
        let place = order.lock().unwrap().iter().position(|key| *key == "quiet").unwrap();
        assert!(place <= 1, "{place}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_ends_at_the_deadline_and_loses_no_place() {
        let gate = FairGate::new(2);
        let (one, two) = (gate.enter(&"a", soon()).await.unwrap(), gate.enter(&"a", soon()).await.unwrap());
        for _ in 0..200 {
            assert_eq!(gate.enter(&"b", Instant::now() + Duration::from_millis(5)).await.err(), Some(Fault::Busy));
        }
        drop((one, two));
        let _again = (gate.enter(&"b", soon()).await.unwrap(), gate.enter(&"c", soon()).await.unwrap());
        assert_eq!(gate.state.lock().unwrap().free, 0);
    }
}
