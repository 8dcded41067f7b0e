//! The words of a status text in each language.

use chrono::Weekday;

use crate::rules::ShowAs;

/// The language of the words in a status text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// `de`
    German,
    /// `en`
    English,
    /// `fr`
    French,
    /// `it`
    Italian,
}

struct Words {
    out_of_office: &'static str,
    busy: &'static str,
    tentative: &'static str,
    working_elsewhere: &'static str,
    free: &'static str,
    private: &'static str,
    all_day: &'static str,
    months: [&'static str; 12],
    months_short: [&'static str; 12],
    /// From Monday.
    weekdays: [&'static str; 7],
    weekdays_short: [&'static str; 7],
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::German, Self::English, Self::French, Self::Italian];

    /// Returns the language's code in the settings.
    pub fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::French => "fr",
            Self::Italian => "it",
        }
    }

    /// Returns the word for a show-as.
    pub fn show_as(self, show_as: ShowAs) -> &'static str {
        let words = self.words();
        match show_as {
            ShowAs::OutOfOffice => words.out_of_office,
            ShowAs::Busy => words.busy,
            ShowAs::Tentative => words.tentative,
            ShowAs::WorkingElsewhere => words.working_elsewhere,
            ShowAs::Free => words.free,
        }
    }

    /// Returns the word that stands for the title of a private entry.
    pub fn private(self) -> &'static str {
        self.words().private
    }

    /// Returns the word that stands for the time of an entry over one whole day.
    pub fn all_day(self) -> &'static str {
        self.words().all_day
    }

    /// Returns a month's name; January is 0.
    pub(super) fn month(self, month0: u32) -> &'static str {
        self.words().months[month0 as usize]
    }

    /// Returns a month's short name; January is 0.
    pub(super) fn month_short(self, month0: u32) -> &'static str {
        self.words().months_short[month0 as usize]
    }

    /// Returns a weekday's name.
    pub(super) fn weekday(self, weekday: Weekday) -> &'static str {
        self.words().weekdays[weekday.num_days_from_monday() as usize]
    }

    /// Returns a weekday's short name.
    pub(super) fn weekday_short(self, weekday: Weekday) -> &'static str {
        self.words().weekdays_short[weekday.num_days_from_monday() as usize]
    }

    fn words(self) -> &'static Words {
        match self {
            Self::German => &GERMAN,
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
            Self::Italian => &ITALIAN,
        }
    }
}

#[rustfmt::skip] // One line per list reads as a table.
static GERMAN: Words = Words {
    out_of_office: "Ausser Haus",
    busy: "Gebucht",
    tentative: "Mit Vorbehalt",
    working_elsewhere: "An anderem Ort tätig",
    free: "Frei",
    private: "Privat",
    all_day: "ganztägig",
    months: [
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ],
    months_short: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni",
        "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
    ],
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    weekdays_short: ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."],
};

#[rustfmt::skip]
static ENGLISH: Words = Words {
    out_of_office: "Out of office",
    busy: "Busy",
    tentative: "Tentative",
    working_elsewhere: "Working elsewhere",
    free: "Free",
    private: "Private",
    all_day: "all day",
    months: [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
    months_short: [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
};

#[rustfmt::skip]
static FRENCH: Words = Words {
    out_of_office: "Absent du bureau",
    busy: "Occupé",
    tentative: "Provisoire",
    working_elsewhere: "Travaille ailleurs",
    free: "Disponible",
    private: "Privé",
    all_day: "toute la journée",
    months: [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ],
    months_short: [
        "janv.", "févr.", "mars", "avr.", "mai", "juin",
        "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ],
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    weekdays_short: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
};

#[rustfmt::skip]
static ITALIAN: Words = Words {
    out_of_office: "Fuori sede",
    busy: "Occupato",
    tentative: "Provvisorio",
    working_elsewhere: "Al lavoro altrove",
    free: "Disponibile",
    private: "Privato",
    all_day: "tutto il giorno",
    months: [
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
        "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    ],
    months_short: [
        "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic",
    ],
    weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    weekdays_short: ["lun", "mar", "mer", "gio", "ven", "sab", "dom"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(language: Language, expected: [&str; 7]) {
        let words = [
            language.show_as(ShowAs::OutOfOffice),
            language.show_as(ShowAs::Busy),
            language.show_as(ShowAs::Tentative),
            language.show_as(ShowAs::WorkingElsewhere),
            language.show_as(ShowAs::Free),
            language.private(),
            language.all_day(),
        ];
        assert_eq!(words, expected);
    }

    #[test]
    #[rustfmt::skip]
    fn the_words_are_those_of_the_language() {
        case(Language::German, [
            "Ausser Haus", "Gebucht", "Mit Vorbehalt", "An anderem Ort tätig", "Frei", "Privat", "ganztägig",
        ]);
        case(Language::English, [
            "Out of office", "Busy", "Tentative", "Working elsewhere", "Free", "Private", "all day",
        ]);
        case(Language::French, [
            "Absent du bureau", "Occupé", "Provisoire", "Travaille ailleurs", "Disponible", "Privé", "toute la journée",
        ]);
        case(Language::Italian, [
            "Fuori sede", "Occupato", "Provvisorio", "Al lavoro altrove", "Disponibile", "Privato", "tutto il giorno",
        ]);
    }

    #[test]
    fn every_language_has_its_code() {
        assert_eq!(Language::ALL.map(Language::code), ["de", "en", "fr", "it"]);
    }

    #[test]
    fn weeks_begin_on_monday_and_years_in_january() {
        assert_eq!(Language::English.weekday(Weekday::Mon), "Monday");
        assert_eq!(Language::English.weekday_short(Weekday::Sun), "Sun");
        assert_eq!(Language::English.month(0), "January");
        assert_eq!(Language::English.month_short(11), "Dec");
    }
}
