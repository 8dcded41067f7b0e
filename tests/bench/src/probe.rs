//! What the kernel says of a process.

use std::fs;

use tokio::process::Child;

/// How large a process is, and what it has cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Probe {
    /// Its resident set now and at its largest, in bytes.
    pub(crate) resident: u64,
    pub(crate) resident_max: u64,
    pub(crate) threads: u64,
    /// The seconds of processor time of all its threads.
    pub(crate) cpu_seconds: f64,
}

/// How many ticks the kernel counts in a second, on every Linux that this runs on.
const TICKS: f64 = 100.0;

impl Probe {
    pub(crate) fn of(child: &Child) -> Self {
        let id = child.id().expect("the service runs");
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("the service runs");
        let number = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("every kernel says this");
            line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("it is a number")
        };
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("the service runs");
        let (_, fields) = stat.rsplit_once(')').expect("the name stands in brackets");
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |index: usize| fields[index].parse::<f64>().expect("it is a number");
        Self {
            resident: number("VmRSS:") << 10,
            resident_max: number("VmHWM:") << 10,
            threads: number("Threads:"),
            cpu_seconds: (ticks(11) + ticks(12)) / TICKS,
        }
    }
}
