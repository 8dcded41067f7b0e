//! `[rules]` with its tables: what appointments do. Its first part becomes the rules' own [`Policy`].

use chrono::Duration;

use crate::rules::policy::{Indicated, RedirectPolicy, Service, TextPolicy, Unanswered};
use crate::rules::text::{FormatError, Language, Template, TimeFormat};
use crate::rules::{AccountId, Policy, Presence, ShowAs, Telephony};

use super::categories::{self, CategoryRules};
use super::drift::DriftRules;
use super::error::bounded;
use super::form::zone::{SYSTEM, zone};
use super::form::{Form, Refusal, choice, is_too_long, number};
use super::reader::Reader;
use super::redirect::{self, RedirectRules, TagRules};
use super::words::both;

/// Where the rules are decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesSource {
    /// `page`: on the module's page, for every field that is filled in there, else in the settings.
    Page,
    /// `file`: in the settings alone; the module's page is not read.
    File,
}

/// The function-key colour of an active entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indicator {
    /// `red`
    Red,
    /// `blue`
    Blue,
}

impl Indicator {
    /// Returns the telephony state that gives function keys this colour.
    pub fn telephony(self) -> Telephony {
        match self {
            Self::Red => Telephony::Active,
            Self::Blue => Telephony::QueuePause,
        }
    }
}

/// Everything in `[rules]` and below.
pub(crate) struct Rules {
    pub(crate) policy: Policy,
    pub(crate) language: Language,
    pub(crate) group: Option<AccountId>,
    pub(crate) internal_number_length: u32,
    pub(crate) function_key_indicator: Option<Indicator>,
    pub(crate) categories: CategoryRules,
    pub(crate) tags: TagRules,
    pub(crate) redirect: RedirectRules,
    pub(crate) drift: DriftRules,
}

/// The longest status text that may be asked for.
const STATUS_TEXT_CHARS_MAX: u32 = 1000;

/// Nobody has a longer internal number.
const INTERNAL_NUMBER_DIGITS_MAX: u32 = 10;

/// The longest entry that may be asked to count: a year.
const ENTRY_DAYS_MAX: u32 = 366;

impl Rules {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let group = reader.required("rules.group", &group());
        let length = number(1..=INTERNAL_NUMBER_DIGITS_MAX);
        let internal_number_length = reader.or("rules.internal_number_length", &length, 3);
        let indicator = [("red", Some(Indicator::Red)), ("blue", Some(Indicator::Blue)), ("none", None)];
        let default = Some(Indicator::Red);
        let function_key_indicator = reader.or("rules.function_key_indicator", &choice(indicator), default);
        let drift = DriftRules::read(reader);
        let languages = choice(Language::ALL.map(|language| (language.code(), language)));
        let language = reader.or("rules.language", &languages, Language::German);
        let categories = CategoryRules::read(reader);
        let (tags, redirect) = (TagRules::read(reader), RedirectRules::read(reader));
        let policy = read_policy(reader, &drift, language).map(|policy| Policy {
            indicator: function_key_indicator.map(Indicator::telephony),
            indicated: if categories.function_keys_always { Indicated::All } else { Indicated::ByCategory },
            redirects: redirect::policy(internal_number_length, &categories, &tags, &redirect),
            ..policy
        });
        Some(Self {
            policy: policy?,
            language,
            group: group.map(AccountId),
            internal_number_length,
            function_key_indicator,
            categories,
            tags,
            redirect,
            drift,
        })
    }
}

/// Reads where the rules are decided; the page cannot say it of itself.
pub(crate) fn read_source(reader: &mut Reader<'_>) -> RulesSource {
    let sources = choice([("page", RulesSource::Page), ("file", RulesSource::File)]);
    reader.or("rules.source", &sources, RulesSource::Page)
}

fn group() -> Form<u32> {
    number(1..=u32::MAX).described(both("the account id of the STARFACE group, 1 or more", "eine Gruppe aus der Liste"))
}

fn read_policy(reader: &mut Reader<'_>, drift: &DriftRules, language: Language) -> Option<Policy> {
    let service = [("start", Service::Started), ("stop", Service::Stopped)];
    let service = reader.or("rules.service", &choice(service), Service::Started);
    let ignore = reader.words("rules.ignore", SHOW_AS, [ShowAs::Free]);
    let presence = [
        ("away", Some(Presence::Away)),
        ("dnd", Some(Presence::DoNotDisturb)),
        ("offline", Some(Presence::Unavailable)),
        ("none", None),
    ];
    let presence = reader.or("rules.chat_indicator", &choice(presence), Some(Presence::Away));
    let unanswered = [("status", Unanswered::Status), ("ignore", Unanswered::Ignore), ("full", Unanswered::Full)];
    let unanswered = reader.or("rules.unanswered", &choice(unanswered), Unanswered::Status);
    let zone = read_zone(reader);
    let text = read_text(reader, language);
    let entry_days_max = reader.or("rules.max_entry_days", &number(1..=ENTRY_DAYS_MAX), 31);
    let categories = categories::read_policy(reader);
    Some(Policy {
        service,
        zone: zone?,
        ignore,
        entry_days_max,
        unanswered,
        presence,
        text: text?,
        categories,
        indicator: None,
        indicated: Indicated::ByCategory,
        redirects: RedirectPolicy::default(),
        respected: drift.respected(),
        reassert_interval: Duration::from_std(drift.reassert_interval).ok()?,
    })
}

const SHOW_AS: [(&str, ShowAs); 5] = [
    ("free", ShowAs::Free),
    ("tentative", ShowAs::Tentative),
    ("busy", ShowAs::Busy),
    ("out_of_office", ShowAs::OutOfOffice),
    ("working_elsewhere", ShowAs::WorkingElsewhere),
];

fn read_zone(reader: &mut Reader<'_>) -> Option<chrono_tz::Tz> {
    const KEY: &str = "rules.time_zone";
    let form = zone(reader.sources.machine_zone.clone());
    if reader.is_given(KEY) {
        return reader.optional(KEY, &form);
    }
    reader.optional(KEY, &form);
    let machine = form.read(SYSTEM);
    let source = reader.origin(KEY);
    reader.noted(KEY, source, machine)
}

/// The inner `None` is a wish: no status text.
fn read_text(reader: &mut Reader<'_>, language: Language) -> Option<Option<TextPolicy>> {
    const VARIABLES: &str = "!time! !start! !end! !title! !type! !location!";
    let allowed = both(
        format!("a text with {VARIABLES}, or \"\" for none"),
        format!("ein Text mit {VARIABLES}, oder „-“ für keinen"),
    );
    let template = Form::new(allowed, |text| match text {
        "" => Ok(None),
        text => Template::parse(text).map(Some).map_err(|error| refused(&error)),
    });
    let template = read_or_parse(reader, "rules.status_text", &template, "[!time!] [!type!] !title!");
    let time_format = read_or_parse(reader, "rules.time_format", &clock_format(), "HH:mm");
    let date_format = read_or_parse(reader, "rules.date_format", &clock_format(), "dd.MM.");
    let chars = number(1..=STATUS_TEXT_CHARS_MAX);
    let chars_max = reader.or("rules.status_text_max", &chars, 140);
    let (time_format, date_format) = (time_format?, date_format?);
    Some(template?.map(|template| TextPolicy {
        template,
        time_format,
        date_format,
        language,
        chars_max: usize::try_from(chars_max).unwrap_or(usize::MAX),
    }))
}

fn clock_format() -> Form<TimeFormat> {
    const LETTERS: &str = "y M d H h k K m s a E";
    let allowed =
        both(format!("the letters {LETTERS} and text in '…'"), format!("die Buchstaben {LETTERS} und Text in '…'"));
    Form::new(allowed, |text| TimeFormat::parse(text).map_err(|error| refused(&error)))
}

fn refused(error: &FormatError) -> Refusal {
    match error {
        FormatError::UnknownVariable(variable) => {
            let variable = bounded(variable);
            both(format!("has the unknown variable {variable}"), format!("hat die unbekannte Variable {variable}"))
        }
        FormatError::UnknownLetter(letter) => {
            let letter = letter.escape_debug();
            both(format!("has the unknown letter {letter}"), format!("hat den unbekannten Buchstaben {letter}"))
        }
        FormatError::TooLong => is_too_long(),
        FormatError::OpenQuote => {
            both("opens a quote that is not closed", "öffnet ein Anführungszeichen, das nicht geschlossen wird")
        }
    }
    .into()
}

/// Reads a value whose default is easiest told as a text.
fn read_or_parse<T>(reader: &mut Reader<'_>, key: &str, form: &Form<T>, default: &str) -> Option<T> {
    let value = reader.optional(key, form);
    if reader.is_given(key) {
        return value;
    }
    form.read(default).ok()
}
