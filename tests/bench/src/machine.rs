//! What the machine is on which figures were measured.

use std::fs;

/// Returns the processor, how many there are, the memory and the kernel, in one line.
pub(crate) fn words() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let names: Vec<&str> = cpus
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name))
        .collect();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: Option<u64> =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{} × {}, {} GiB, Linux {}",
        names.len(),
        names.first().unwrap_or(&"unknown processor"),
        kilobytes.unwrap_or_default() >> 20,
        kernel.trim()
    )
}
