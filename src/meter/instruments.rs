//! The instruments of one meter, entered in a registry of its own.

use prometheus::core::Collector;
use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry};

/// What every name begins with.
const PREFIX: &str = "starface_calendar";

/// The fields of a member that can be held.
pub(super) const FIELDS: [&str; 5] = ["presence", "text", "indicator", "dnd", "redirect"];

/// What can become of a step.
const STEP_OUTCOMES: [&str; 6] = ["done", "changed", "stale", "refused", "unanswered", "not_sent"];

/// What Microsoft is asked for: a token, a batch, and what is in the batches.
const GRAPH_KINDS: [&str; 5] = ["token", "batch", "calendars", "categories", "users"];

/// The module's entry points.
const PBX_METHODS: [&str; 8] =
    ["info", "getConfig", "getMembers", "getStates", "applyStates", "getRedirects", "applyRedirects", "drainEvents"];

/// Which switch of the settings concerns a problem that is told by mail.
const ALARM_KINDS: [&str; 2] = ["connector", "redirect"];

/// From what nobody notices to what everybody does.
const SECONDS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// Everything that one meter counts and times.
#[derive(Debug)]
pub(super) struct Instruments {
    pub(super) registry: Registry,
    pub(super) steps: IntCounterVec,
    pub(super) lateness: Histogram,
    pub(super) rounds: Histogram,
    pub(super) graph_requests: IntCounterVec,
    pub(super) graph_throttled: IntCounter,
    pub(super) pbx_calls: IntCounterVec,
    pub(super) journal_commits: IntCounter,
    pub(super) alarms: IntCounterVec,
}

impl Default for Instruments {
    fn default() -> Self {
        let registry = registry();
        let instruments = Self {
            steps: counters(
                &registry,
                "steps_total",
                "Steps sent to the PBX, by field and by what became of them.",
                ["field", "outcome"],
            ),
            lateness: histogram(
                &registry,
                "transition_lateness_seconds",
                "Seconds from the begin or end of an appointment until the PBX confirmed the step for it.",
            ),
            rounds: histogram(&registry, "round_duration_seconds", "Seconds that a round of the engine took."),
            graph_requests: counters(
                &registry,
                "graph_requests_total",
                "Requests to Microsoft and their parts per mailbox, by what was asked for and by HTTP status.",
                ["kind", "status"],
            ),
            graph_throttled: counter(
                &registry,
                "graph_throttled_total",
                "Requests to Microsoft and parts of them that were refused with status 429, as there were too many.",
            ),
            pbx_calls: counters(
                &registry,
                "pbx_calls_total",
                "Calls to the module on the PBX, by entry point and by how they ended.",
                ["method", "outcome"],
            ),
            journal_commits: counter(&registry, "journal_commits_total", "Transactions that were made durable."),
            alarms: counters(&registry, "alarms_total", "Mails about problems, by kind of problem.", ["kind"]),
            registry,
        };
        instruments.begin();
        instruments
    }
}

impl Instruments {
    /// Has everything that is to be expected stand at 0.
    fn begin(&self) {
        let version = ["version"];
        let opts = Opts::new("build_info", "The version that runs; always 1.");
        let build = enter(&self.registry, IntGaugeVec::new(opts, &version));
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        for field in FIELDS {
            for outcome in STEP_OUTCOMES {
                self.steps.with_label_values(&[field, outcome]);
            }
        }
        for kind in GRAPH_KINDS {
            self.graph_requests.with_label_values(&[kind, "200"]);
        }
        for method in PBX_METHODS {
            self.pbx_calls.with_label_values(&[method, "ok"]);
        }
        for kind in ALARM_KINDS {
            self.alarms.with_label_values(&[kind]);
        }
    }
}

/// Returns an empty registry, whose instruments bear the program's name in front of theirs.
pub(super) fn registry() -> Registry {
    Registry::new_custom(Some(PREFIX.to_owned()), None).expect("the prefix is not empty")
}

fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    enter(registry, IntCounter::new(name, help))
}

fn counters<const N: usize>(registry: &Registry, name: &str, help: &str, labels: [&str; N]) -> IntCounterVec {
    enter(registry, IntCounterVec::new(Opts::new(name, help), &labels))
}

fn histogram(registry: &Registry, name: &str, help: &str) -> Histogram {
    enter(registry, Histogram::with_opts(HistogramOpts::new(name, help).buckets(SECONDS.to_vec())))
}

/// Enters an instrument in the registry.
pub(super) fn enter<C: Collector + Clone + 'static>(registry: &Registry, instrument: prometheus::Result<C>) -> C {
    let instrument = instrument.expect("names and labels are written down here and are valid");
    registry.register(Box::new(instrument.clone())).expect("each name is entered once");
    instrument
}
