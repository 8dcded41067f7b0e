//! The language of a browser.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use crate::web::page::Language;

/// The most languages that are looked at.
const LANGUAGES_MAX: usize = 20;

/// Returns German if the browser prefers it over English, else English.
pub(super) fn of(headers: &HeaderMap) -> Language {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (mut german, mut english) = (0.0, 0.0);
    // Of two that are wanted alike the first counts a little more.
    for (place, one) in (0_u8..).zip(wanted.split(',').take(LANGUAGES_MAX)) {
        let weight = weight(one) - f32::from(place) * 1e-6;
        match primary(one).as_str() {
            "de" => german = weight.max(german),
            "en" => english = weight.max(english),
            _ => {}
        }
    }
    if german > english { Language::German } else { Language::English }
}

fn primary(one: &str) -> String {
    let tag = one.split(';').next().unwrap_or_default().trim();
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

fn weight(one: &str) -> f32 {
    let quality = one.split(';').skip(1).find_map(|part| part.trim().strip_prefix("q="));
    quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0_f32).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(wanted: &'static str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, axum::http::HeaderValue::from_static(wanted));
        assert_eq!(of(&headers), expected, "{wanted:?}");
    }

    #[test]
    fn german_is_for_those_who_prefer_it_over_english() {
        case("de", Language::German);
        case("de-CH, de;q=0.9, en;q=0.8", Language::German);
        case("fr, DE;q=0.5, en;q=0.4", Language::German);
        case("de, en", Language::German);
        case("en, de", Language::English);
        case("en-US, en;q=0.9, de;q=0.8", Language::English);
        case("de;q=0.3, en;q=0.7", Language::English);
        case("de;q=0", Language::English);
        case("de;q=NaN", Language::English);
        case("fr", Language::English);
        case("", Language::English);
        assert_eq!(of(&HeaderMap::new()), Language::English);
    }
}
