//! A text that must never be shown.

use std::fmt;

use zeroize::Zeroizing;

/// A secret: wiped when dropped, hidden in `Debug`, without `Display`. [`Secret::expose`] marks every place that uses
/// its words.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the words, for the one call that needs them.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("geheim")), "Secret(…)");
    }
}
