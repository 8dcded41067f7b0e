//! Tests of [`super`].

use super::*;

fn read(text: &str) -> Style {
    Style::read(text.as_bytes())
}

#[test]
fn what_hides_an_element_is_found_however_it_is_written() {
    #[track_caller]
    fn case(text: &str, is_hidden: bool) {
        assert_eq!(read(text).is_hidden, is_hidden, "{text}");
    }
    case("display:none", true);
    case(" DISPLAY : NONE ; color: red", true);
    case("color:red;display:none!important", true);
    case("display: none ! important;", true);
    case("mso-hide:all", true);
    case("opacity:0", true);
    case("opacity: 0.0", true);
    case("opacity:0%", true);
    case("/* display:block */display:/**/none", true);
    case("background:url(\"a;b\");display:none", true);
    case("background:url(a;display:none", true);
    case("font-family:\"Calibri;display:none", true);
    case("", false);
    case("display", false);
    case("display:block", false);
    case("mso-hide:none", false);
    case("opacity:0.5", false);
    case("content:\"display:none\"", false);
    case("background:url(x;display:none)", false);
    case("/*display:none", false);
    case("x-display:none", false);
}

#[test]
fn what_an_element_within_can_undo_is_told_apart() {
    assert_eq!(read("visibility:hidden").visibility, Some(Visibility::Hidden));
    assert_eq!(read("visibility:collapse").visibility, Some(Visibility::Hidden));
    assert_eq!(read("visibility:visible").visibility, Some(Visibility::Visible));
    assert_eq!(read("visibility:hidden;visibility:visible").visibility, Some(Visibility::Visible));
    assert_eq!(read("visibility:hidden!important;visibility:visible").visibility, Some(Visibility::Hidden));
    assert_eq!(read("visibility:inherit").visibility, None);
}

#[test]
fn a_size_of_nothing_is_found() {
    #[track_caller]
    fn case(text: &str, size: Option<Size>) {
        assert_eq!(read(text).size, size, "{text}");
    }
    let nothing = Some(Size::Nothing);
    case("font-size:0", nothing);
    case("font-size:0px", nothing);
    case("font-size: 0.0PT", nothing);
    case("font-size:0em", nothing);
    case("font-size:.5px", nothing);
    case("font:0/0 a", nothing);
    case("font: italic 0px Arial", nothing);
    let readable = Some(Size::Readable);
    case("font-size:11.0pt", readable);
    case("font-size:1px", readable);
    case("font-size:0;font-size:12px", readable);
    case("font-size:medium", readable);
    case("font-size:1rem", readable);
    case("font:bold 400 11.0pt/1.2 Calibri", readable);
    case("font-size:90%", None);
    case("font-size:1.2em", None);
    case("font-size:smaller", None);
    case("font:inherit", None);
    case("font-size:", None);
    case("color:red", None);
}

#[test]
fn a_place_of_its_own_or_in_the_line_is_found() {
    #[track_caller]
    fn case(text: &str, display: Option<Display>) {
        assert_eq!(read(text).display, display, "{text}");
    }
    for word in ["block", "flex", "grid", "list-item", "table", "table-cell"] {
        case(&format!("display:{word}"), Some(Display::Lines));
    }
    for word in ["inline", "inline-block", "contents"] {
        case(&format!("display:{word}"), Some(Display::Line));
    }
    case("display:wobbly", None);
}

#[test]
fn what_keeps_lines_turns_strikes_or_moves_is_found() {
    assert_eq!(read("white-space:pre-wrap").lines, Some(Lines::Kept));
    assert_eq!(read("white-space:nowrap").lines, Some(Lines::Joined));
    assert_eq!(read("direction:rtl").turn, Some(Turn::Way));
    assert_eq!(read("unicode-bidi:bidi-override;direction:rtl").turn, Some(Turn::Signs));
    assert!(read("text-decoration:underline line-through").is_struck);
    assert!(!read("text-decoration:underline").is_struck);
    assert!(read("float:right").is_doubtful);
    assert!(!read("float:none").is_doubtful);
    assert!(read("position:absolute;left:-9999px").is_doubtful);
    assert!(!read("position:relative").is_doubtful);
    assert!(read("dis\\70lay:none").is_doubtful);
}

#[test]
fn the_block_that_heads_a_reply_in_outlook_is_found() {
    #[track_caller]
    fn case(text: &str, heads_reply: bool) {
        assert_eq!(read(text).heads_reply, heads_reply, "{text}");
    }
    case("border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm", true);
    case("border:none; border-top:solid #B5C4DF 1.0pt; padding:3.0pt 0in 0in 0in", true);
    case("border:none;border-bottom:solid windowtext 1.0pt;padding:0cm 0cm 1.0pt 0cm", false);
    case("border-top:solid #E1E1E1 1.0pt", false);
    case("border:none;padding:3.0pt 0cm 0cm 0cm", false);
}
