//! Which fault strikes next: a short list of switched-on faults, each with whom it strikes and how often.

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The next so many times.
    Next(u32),
    /// Until the faults are cleared.
    Always,
}

/// The faults that are switched on, in the order in which they were.
#[derive(Debug)]
pub(crate) struct Faults<Whom, Fault> {
    list: Vec<(Whom, Fault, Times)>,
}

impl<Whom, Fault> Default for Faults<Whom, Fault> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

impl<Whom, Fault: Clone> Faults<Whom, Fault> {
    /// Switches a fault on.
    pub(crate) fn add(&mut self, whom: Whom, fault: Fault, times: Times) {
        self.list.push((whom, fault, times));
    }

    /// Switches every fault off.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Returns the first fault that strikes, and counts it.
    pub(crate) fn strike(&mut self, strikes: impl Fn(&Whom, &Fault) -> bool) -> Option<Fault> {
        let index =
            self.list.iter().position(|(whom, fault, times)| *times != Times::Next(0) && strikes(whom, fault))?;
        let (_, fault, times) = &mut self.list[index];
        let fault = fault.clone();
        if let Times::Next(left) = times {
            *left -= 1;
        }
        self.list.retain(|(_, _, times)| *times != Times::Next(0));
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_asked_and_only_whom_it_should() {
        let mut faults = Faults::default();
        faults.add("one", "slow", Times::Next(2));
        faults.add("two", "gone", Times::Always);
        let mut struck = |name: &str| faults.strike(|whom, _| *whom == name);
        assert_eq!(struck("three"), None);
        assert_eq!(struck("one"), Some("slow"));
        assert_eq!(struck("one"), Some("slow"));
        assert_eq!(struck("one"), None);
        assert_eq!(struck("two"), Some("gone"));
        assert_eq!(struck("two"), Some("gone"));
    }

    #[test]
    fn cleared_faults_strike_no_more() {
        let mut faults = Faults::default();
        faults.add((), "gone", Times::Always);
        faults.clear();
        assert_eq!(faults.strike(|(), _| true), None);
    }
}
