//! What is said of a value, in both languages: English where it stands in the file or the environment, German where it
//! stands on the module's page, as its admin reads everything else there.

use super::error::{Origin, bounded, shown};

/// Words in both languages. What the page does not have is said in English alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    english: String,
    german: Option<String>,
}

/// Says the same in both languages.
pub(crate) fn both(english: impl Into<String>, german: impl Into<String>) -> Words {
    Words { english: english.into(), german: Some(german.into()) }
}

impl<T: Into<String>> From<T> for Words {
    fn from(english: T) -> Self {
        Self { english: english.into(), german: None }
    }
}

impl Words {
    /// Puts other words before these.
    pub(crate) fn after(self, english: &str, german: &str) -> Self {
        let before = |words: &str, these: &str| format!("{words}{these}");
        Self { english: before(english, &self.english), german: self.german.map(|these| before(german, &these)) }
    }

    /// Puts further English words, which concern no page, behind these.
    pub(crate) fn before(self, english: &str) -> Self {
        Self { english: self.english + english, ..self }
    }

    /// Puts a value before these words, in quotes.
    pub(crate) fn of_value(self, value: &str) -> Self {
        self.after(&format!("{} ", shown(value)), &format!("„{}“ ", bounded(value)))
    }

    /// Returns the words in the language of the source.
    pub(crate) fn told_of(&self, source: &Origin) -> String {
        match source {
            Origin::Page(_) => self.german.as_ref().unwrap_or(&self.english).clone(),
            Origin::NotGiven | Origin::File { .. } | Origin::Variable(_) | Origin::Credential(_) => {
                self.english.clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_in_the_language_of_the_source() {
        let words = both("is too small", "ist zu klein").of_value("a\n\"b\"");
        assert_eq!(words.told_of(&Origin::NotGiven), "\"a\\n\"b\"\" is too small");
        assert_eq!(words.told_of(&Origin::Page("Dienst")), "„a\\n\"b\"“ ist zu klein");
    }

    #[test]
    fn what_the_page_does_not_have_is_told_in_english_alone() {
        let words = Words::from("is not a URL").after("allowed: ", "erlaubt: ");
        assert_eq!(words.told_of(&Origin::Page("Dienst")), "allowed: is not a URL");
    }
}
