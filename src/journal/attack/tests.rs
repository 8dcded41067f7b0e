//! Columns that this program never wrote.

use proptest::prelude::*;

use super::column;

const ENTRY: &str = r#"[{"id":"AAMk1","ical_uid":"0400","title":"Grüße","location":"","span":{"timed":{"start":"2026-03-02T06:00:00Z","end":"2026-03-02T11:00:00.500Z"}},"show_as":"out_of_office","sensitivity":"normal","response":"organizer","cancelled":false,"is_organizer":true,"categories":["x"],"tags":{"internal":null,"external":{"target":"0041712345689"}}},{"id":"AAMk2","ical_uid":"","title":"","location":"Zürich","span":{"all_day":{"first":"2026-03-29","until":"2026-03-30"}},"show_as":"busy","sensitivity":"private","response":"unanswered","cancelled":true,"is_organizer":false,"categories":[],"tags":{"internal":"unclear","external":"quoted"}}]"#;

const MEMBER: &str = r#"[{"account":1010,"login":"0001","name":"Jörg Müller","address":"j@example.test"}]"#;

const CLAIMANT: &str = r#"[{"account":1010,"login":"0001","entry":"AAMk1"}]"#;

const REDIRECT: &str = r#"{"enabled":true,"kind":"PHONENUMBER","destination":"210"}"#;

const INSTANT: &str = "2026-03-02T06:00:00.123456789Z";

const ROWS: [&str; 5] = [ENTRY, MEMBER, CLAIMANT, REDIRECT, INSTANT];

/// What any text can be read as: a presence, a status text and an indicator.
const ANY_TEXT: usize = 3;

#[test]
fn a_row_cut_after_any_byte_is_read_as_what_it_was_no_more() {
    for row in ROWS {
        assert_eq!(column(row.as_bytes()), ANY_TEXT + 1, "{row}");
        let cuts = (0..row.len()).filter(|end| row.is_char_boundary(*end));
        for end in cuts {
            let cut = &row[..end];
            // An instant may lack some of its decimals only before its Z.
            assert_eq!(column(cut.as_bytes()), ANY_TEXT, "{cut}");
        }
    }
}

#[test]
fn a_row_with_any_byte_changed_is_read_as_something_that_stays_as_it_is_or_not_at_all() {
    for row in ROWS {
        for place in 0..row.len() {
            for byte in [0, b'"', b'\\', b'0', b'9', b'-', b'+', b'}', b',', 0x80, 0xff] {
                let mut row = row.as_bytes().to_vec();
                row[place] = byte;
                column(&row);
            }
        }
    }
}

#[test]
fn an_instant_or_a_day_that_cannot_be_reckoned_with_is_unreadable() {
    #[track_caller]
    fn case(instant: &str, expected: bool) {
        let is_read = |row: &str| column(row.as_bytes()) == ANY_TEXT + 1;
        assert_eq!(is_read(instant), expected, "{instant}");
        assert_eq!(is_read(&ENTRY.replacen("2026-03-02T06:00:00Z", instant, 1)), expected, "{instant}");
        let day = instant.split_once('T').map_or(instant, |(day, _)| day);
        assert_eq!(is_read(&ENTRY.replacen("2026-03-29", day, 1)), expected, "{day}");
    }
    case("0001-01-01T00:00:00Z", true);
    case("9999-12-31T23:59:59.999999999Z", true);
    case("0000-12-31T23:59:59Z", false);
    case("-0001-01-01T00:00:00Z", false);
    case("+10000-01-01T00:00:00Z", false);
    case("+262142-12-31T23:59:59Z", false);
    case("-262143-01-01T00:00:00Z", false);
    case("2026-02-30T00:00:00Z", false);
}

#[test]
fn a_row_nested_deeper_than_any_is_unreadable() {
    for levels in [127, 128, 100_000] {
        let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(column(nested.as_bytes()), ANY_TEXT);
        let inside = ENTRY.replacen(r#""categories":["x"]"#, &format!(r#""categories":{nested}"#), 1);
        assert_eq!(column(inside.as_bytes()), ANY_TEXT);
    }
}

#[test]
fn a_member_that_is_missing_doubled_or_of_another_type_makes_the_row_unreadable() {
    #[track_caller]
    fn case(from: &str, to: &str) {
        let row = ENTRY.replacen(from, to, 1);
        assert_ne!(row, ENTRY);
        assert_eq!(column(row.as_bytes()), ANY_TEXT, "{to}");
    }
    case(r#""id":"AAMk1","#, "");
    case(r#""id":"AAMk1","#, r#""id":"AAMk1","id":"AAMk1","#);
    case(r#""id":"AAMk1""#, r#""id":1"#);
    case(r#""cancelled":false"#, r#""cancelled":"false""#);
    case(r#""show_as":"out_of_office""#, r#""show_as":"asleep""#);
    case(r#""timed":{"#, r#""sometimes":{"#);
    case(r#""target":"0041712345689""#, r#""target":"0900 ABC""#);
    case(r#""target":"0041712345689""#, r#""target":null"#);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        column(&bytes);
    }

    #[test]
    fn no_change_of_a_few_bytes_makes_a_reader_panic(
        row in prop::sample::select(&ROWS[..]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut row = row.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(row.len());
            row[place] = byte;
        }
        column(&row);
    }
}
