//! A gate in a simulated server: a call is held there until the test says what becomes of it.
//!
//! Held calls wait for the test, never for time. This is how the real program is killed exactly between two of its
//! steps.

use std::sync::Arc;

use tokio::sync::watch;

/// The test's side. Releasing lets the held calls go on; dropping the gate ends them without an answer.
#[derive(Debug)]
pub struct Gate {
    released: watch::Sender<bool>,
    arrivals: Arc<watch::Sender<usize>>,
}

/// The server's side.
#[derive(Clone, Debug)]
pub struct Door {
    released: watch::Receiver<bool>,
    arrivals: Arc<watch::Sender<usize>>,
}

/// What becomes of a call that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// It goes on.
    Released,
    /// It ends here: the connection is closed.
    Dropped,
}

/// Returns the two sides of one gate.
pub fn gate() -> (Gate, Door) {
    let (sender, receiver) = watch::channel(false);
    let arrivals = Arc::new(watch::Sender::new(0));
    let gate = Gate { released: sender, arrivals: Arc::clone(&arrivals) };
    let door = Door { released: receiver, arrivals };
    (gate, door)
}

impl Gate {
    /// Lets every held call go on, and those to come.
    pub fn release(self) {
        self.released.send_replace(true);
    }

    /// Waits until a call is held here.
    pub async fn reached(&self) {
        self.reached_by(1).await;
    }

    /// Waits until so many calls have come here.
    pub async fn reached_by(&self, calls: usize) {
        self.arrivals
            .subscribe()
            .wait_for(|arrived| *arrived >= calls)
            .await
            .expect("the gate itself keeps the other end");
    }
}

impl Door {
    /// Waits for the test's word.
    pub(crate) async fn pass(mut self) -> Passage {
        self.arrivals.send_modify(|arrived| *arrived += 1);
        match self.released.wait_for(|released| *released).await {
            Ok(_) => Passage::Released,
            Err(_) => Passage::Dropped,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::join;

    use super::*;

    #[tokio::test]
    async fn a_released_gate_lets_the_held_call_go_on() {
        let (gate, door) = gate();
        let (passage, ()) = join!(door.pass(), async {
            gate.reached().await;
            gate.release();
        });
        assert_eq!(passage, Passage::Released);
    }

    #[tokio::test]
    async fn a_dropped_gate_ends_the_held_call() {
        let (gate, door) = gate();
        let (passage, ()) = join!(door.pass(), async {
            gate.reached().await;
            drop(gate);
        });
        assert_eq!(passage, Passage::Dropped);
    }
}
