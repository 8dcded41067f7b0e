//! The words of the page in each language. `{}` stands for what is told, in order.

use super::Language;

mod english;
mod german;

/// The words of one language.
#[derive(Debug)]
pub(super) struct Words {
    /// The language's code, as pages carry it.
    pub(super) code: &'static str,
    pub(super) product: &'static str,
    /// What a shadow run says of itself.
    pub(super) shadow: &'static str,
    pub(super) skip: &'static str,
    pub(super) log_in: &'static str,
    pub(super) log_out: &'static str,
    pub(super) version: &'static str,
    pub(super) broken: &'static str,
    pub(super) overview: &'static str,
    pub(super) problems: &'static str,
    pub(super) problem: &'static str,
    pub(super) title_problems: Counted,
    pub(super) problem_since: &'static str,
    pub(super) members: Counted,
    pub(super) active_now: Counted,
    pub(super) fields_held: Counted,
    pub(super) problems_known: Counted,
    pub(super) mails_unsent: Counted,
    pub(super) search: &'static str,
    pub(super) search_hint: &'static str,
    pub(super) find: &'static str,
    pub(super) show: &'static str,
    pub(super) show_all: &'static str,
    pub(super) show_problems: &'static str,
    pub(super) show_active: &'static str,
    pub(super) refresh: &'static str,
    pub(super) refresh_says: &'static str,
    pub(super) table_shows: &'static str,
    pub(super) nobody: &'static str,
    pub(super) no_members: &'static str,
    pub(super) pages: &'static str,
    pub(super) page_of: &'static str,
    pub(super) page_previous: &'static str,
    pub(super) page_next: &'static str,
    pub(super) member: &'static str,
    pub(super) now: &'static str,
    pub(super) held: &'static str,
    pub(super) next_change: &'static str,
    pub(super) calendar: &'static str,
    pub(super) week: &'static str,
    pub(super) until: &'static str,
    pub(super) no_entry: &'static str,
    pub(super) calendar_unknown: &'static str,
    pub(super) nothing_held: &'static str,
    pub(super) holds_none: &'static str,
    pub(super) before: &'static str,
    pub(super) no_change: &'static str,
    pub(super) read_never: &'static str,
    pub(super) read_now: &'static str,
    pub(super) read_minutes: &'static str,
    pub(super) read_hours: &'static str,
    pub(super) read_days: &'static str,
    pub(super) read_too_old: &'static str,
    pub(super) login: &'static str,
    pub(super) account: &'static str,
    pub(super) mailbox: &'static str,
    pub(super) mailbox_none: &'static str,
    pub(super) state_entry: &'static str,
    pub(super) state_none: &'static str,
    pub(super) state_unknown: &'static str,
    pub(super) end: &'static str,
    pub(super) end_says: &'static str,
    pub(super) restore: &'static str,
    pub(super) restore_says: &'static str,
    pub(super) actions: &'static str,
    pub(super) actions_need_login: &'static str,
    pub(super) week_from: &'static str,
    pub(super) week_counts: Counted,
    pub(super) week_not: Counted,
    pub(super) day_none: &'static str,
    pub(super) not_counting: &'static str,
    pub(super) legend: &'static str,
    pub(super) entries: &'static str,
    pub(super) entries_none: &'static str,
    pub(super) titles_need_login: &'static str,
    pub(super) start: &'static str,
    pub(super) end_at: &'static str,
    pub(super) shown_as: &'static str,
    pub(super) title: &'static str,
    pub(super) counts: &'static str,
    pub(super) counts_yes: &'static str,
    pub(super) counts_no: &'static str,
    pub(super) governs: &'static str,
    pub(super) private: &'static str,
    pub(super) hidden: &'static str,
    pub(super) untitled: &'static str,
    pub(super) all_day: &'static str,
    pub(super) wanted: &'static str,
    pub(super) wanted_nothing: &'static str,
    pub(super) wanted_unknown: &'static str,
    pub(super) field: &'static str,
    pub(super) number: &'static str,
    pub(super) since: &'static str,
    pub(super) put: &'static str,
    pub(super) under: &'static str,
    pub(super) state: &'static str,
    pub(super) history: &'static str,
    pub(super) history_none: &'static str,
    pub(super) history_shown: &'static str,
    pub(super) at: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) why: &'static str,
    pub(super) outcome: &'static str,
    pub(super) redirect_of: &'static str,
    pub(super) a_text: &'static str,
    pub(super) empty: &'static str,
    pub(super) quoted: &'static str,
    pub(super) ended: Counted,
    pub(super) ended_none: &'static str,
    pub(super) restored: Counted,
    pub(super) restored_none: &'static str,
    pub(super) unrestored: Counted,
    pub(super) refreshing: &'static str,
    pub(super) refused: &'static str,
    pub(super) login_says: &'static str,
    pub(super) login_impossible: &'static str,
    pub(super) token: &'static str,
    pub(super) token_wrong: &'static str,
    pub(super) too_many_tries: &'static str,
    pub(super) back: &'static str,
    /// Heading and sentence for an HTTP status.
    pub(super) failure: fn(u16) -> (&'static str, &'static str),
    /// Words for the service's own English ones, each with its other language; nothing where they stay as they are.
    pub(super) known: &'static [(&'static str, &'static str)],
}

/// Words for so many of something.
#[derive(Debug)]
pub(super) struct Counted {
    one: &'static str,
    several: &'static str,
}

impl Counted {
    const fn new(one: &'static str, several: &'static str) -> Self {
        Self { one, several }
    }

    /// Tells how many there are.
    pub(super) fn of(&self, number: usize) -> String {
        fill(if number == 1 { self.one } else { self.several }, &[&number.to_string()])
    }
}

impl Words {
    /// Returns words of the service in this language; unknown ones as they are.
    pub(super) fn known<'a>(&self, english: &'a str) -> &'a str {
        self.known.iter().find(|(known, _)| *known == english).map_or(english, |(_, told)| told)
    }

    /// Returns whether words of the service are told in this language.
    pub(super) fn knows(&self, english: &str) -> bool {
        self.code == "en" || self.known.iter().any(|(known, _)| *known == english)
    }
}

/// Returns the words of a language.
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::German => &german::WORDS,
        Language::English => &english::WORDS,
    }
}

/// Puts values into words, one for each `{}`. What a value holds is never looked at again.
pub(super) fn fill(words: &str, values: &[&str]) -> String {
    let mut pieces = words.split("{}");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.zip(values).fold(first, |told, (piece, value)| told + value + piece)
}
