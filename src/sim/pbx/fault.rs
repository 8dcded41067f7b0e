//! The faults of a PBX that a test can switch on.

use chrono::TimeDelta;

use super::methods::Method;
use crate::sim::gate::Door;

/// Which calls a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// Every call.
    All,
    /// Calls of every entry point that writes.
    Writing,
    /// Calls of one entry point.
    Of(Method),
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The call takes effect, and the connection is closed without an answer.
    AnswerLost,
    /// The connection is closed at once, and the call takes effect so much later by the clock, as if it had been under
    /// way until then.
    Late(TimeDelta),
    /// The call takes effect, and the answer breaks off in its middle.
    Truncated,
    /// The call takes effect, and the answer is no XML.
    Garbage,
    /// The call takes effect, and the answer has status 200 and no body, as when the PBX cannot write a value.
    Empty,
    /// The call has no effect and answers an XML-RPC fault with these words.
    Words(String),
    /// The call has no effect and answers this status.
    Status(u16),
    /// The call has no effect and answers the log-in page.
    LoginPage,
    /// The connection is closed before anything is done.
    Gone,
    /// The call waits at the gate before it takes effect.
    HeldBefore(Door),
    /// The call takes effect and then waits at the gate; only then it is answered.
    HeldAfter(Door),
}

impl Calls {
    /// Returns whether a call of this method is struck; an unknown method has none.
    pub(crate) fn strike(self, method: Option<Method>) -> bool {
        match self {
            Self::All => true,
            Self::Writing => method.is_some_and(Method::writes),
            Self::Of(one) => method == Some(one),
        }
    }
}
