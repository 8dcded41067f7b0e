//! Tests of [`super`].

use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::*;
use crate::rules::{Tag, Tags};

mod attacks;
mod documents;
mod properties;

/// An HTML document is reduced to this text.
#[track_caller]
fn text(html: &str, expected: &str) {
    assert_eq!(text_of_html(html).trim_end(), expected, "{html}");
}

/// Returns the number of an HTML document's external tag; in words where there is none.
fn external(html: &str) -> String {
    match Tags::find(&text_of_html(html)).external {
        None => "none".to_owned(),
        Some(Tag::Target(number)) => number.as_str().to_owned(),
        Some(Tag::Unclear) => "unclear".to_owned(),
        Some(Tag::Quoted) => "quoted".to_owned(),
    }
}

/// The external tag of an HTML document is this.
#[track_caller]
fn case(html: &str, expected: &str) {
    let beginning: String = html.chars().take(300).collect();
    assert_eq!(external(html), expected, "{beginning}");
}

#[test]
fn blocks_cells_and_breaks_end_lines_and_markup_within_a_line_joins() {
    text("a<br>b<BR/>c</br>d", "a\nb\nc\nd");
    text("<p>a</p><p>b</p>c<div>d</div>e<hr>f", "a\nb\nc\nd\ne\nf");
    text("<p>a<p>b<ul><li>c<li>d</ul>e", "a\nb\nc\nd\ne");
    text("<table><tr><td>a</td><td>b<tr><th>c</table>d", "a\nb\nc\nd");
    text("<h1>a</h1>b</p>c", "a\nb\nc");
    text("a<b>b</b><span>c</span><o:p></o:p><a href=x>d</a><wbr>e<!-- x -->f<![if !x]>g<![endif]>", "abcdefg");
    text("<dl><dt>a<dd>b</dl>c", "a\nb\nc");
    text("<span style='display:block'>a</span>b<div style='display:inline'>c</div>d", "a\nbcd");
}

#[test]
fn blanks_of_the_source_are_one_blank_and_line_ends_too_unless_they_are_kept() {
    text(" \n a \t\r\n b \n<p> c </p>", "a b\nc");
    text("a <b> b</b>", "a b");
    text("a&nbsp;b\u{a0}c", "a\u{a0}b\u{a0}c");
    text("<pre>a\n b\r\nc</pre>", "a\nb\nc");
    text(
        "<div style='white-space:pre-line'>a\nb<span style='white-space:normal'>c\nd</span>\ne</div>f\ng",
        "a\nbc d\ne\nf g",
    );
}

#[test]
fn entities_are_signs() {
    text("&lt;&amp;&gt;&quot;&auml;&#228;&#xE4;&#64;&shy;", "<&>\"äää@\u{ad}");
    text("&#0;&#xD800;&bogus;", "\u{fffd}\u{fffd}&bogus;");
}

#[test]
fn what_is_not_for_people_is_left_out() {
    text(
        "<html><head><title>x</title><style>p{x}</style><script>x</script><meta name=x></head><body>a\
         <script>if (a<b) '<p>x'</script><style>x</style><template><p>x</p></template><!-- x --><xml><o:x>x</o:x></xml>\
         <noframes>x</noframes>b</body></html>c",
        "abc",
    );
}

#[test]
fn what_is_hidden_is_left_out_and_takes_no_place() {
    for hidden in [
        "style='display:none'",
        "style=\"mso-hide:all\"",
        "style=visibility:hidden",
        "style='font-size:0'",
        "style='font-size:0px;line-height:0'",
        "style=opacity:0",
        "hidden",
        "hidden=''",
        "HIDDEN=hidden",
    ] {
        text(&format!("a<span {hidden}>x<b>x</b></span>b"), "ab");
        text(&format!("a<font {hidden}>x</font>b"), "ab");
    }
    text("a<p style='display:none'>x</p>b<div hidden><br>x<hr></div>c<br hidden>d", "abcd");
    text("a<div style='visibility:hidden'>x</div>b", "a\nb");
    text("<div style='display:none'><p style='display:block;visibility:visible;font-size:12px'>x</p></div>a", "a");
    text("<div style='visibility:hidden'>x<p style='visibility:visible'>a</p>x</div>b", "a\nb");
    text("<div style='font-size:0'>x<p style='font-size:1em'>x</p><p style='font-size:12px'>a</p></div>", "a");
    text("<span style='color:red' style='display:none'>a</span>", "a");
}

#[test]
fn what_is_seen_and_is_no_text_leaves_a_sign() {
    text("a<img src=x>b<input value=x>c", "a\u{fffc}b\u{fffc}c");
    text("a<svg><text>x</text><path/></svg>b<svg/>c<math><mi>x</mi></math>d", "a\u{fffc}b\u{fffc}c\u{fffc}d");
    text("a<s>x</s>b<del>x</del>c<span style='text-decoration:line-through'>x</span>d", "a\u{fffc}b\u{fffc}c\u{fffc}d");
    text("a<sup>1</sup>b<sub>2</sub>", "a\u{fffc}1b\u{fffc}2");
    text("a<span style='float:right'>b</span>c", "a\u{fffc}bc");
    text("a<textarea><b>x</textarea>b<button><p>x</button>c<iframe>x</iframe>d", "a\u{fffc}b\u{fffc}c\u{fffc}d");
    text("a<select><option>x<option>y</select>b<del><div></del>x</div></del>c", "a\u{fffc}b\u{fffc}c");
}

#[test]
fn what_is_turned_round_leaves_a_sign_before_it() {
    text("a<bdo dir=rtl>b</bdo>c", "a\u{202e}bc");
    text("<bdo dir=rtl>b<br>c</bdo>", "\u{202e}b\n\u{202e}c");
    text("a<span dir=RTL>b</span>c", "a\u{202e}bc");
    text("a<span style='unicode-bidi:bidi-override;direction:rtl'>b</span>c", "a\u{202e}bc");
    text("<p dir=rtl>a</p><div style='direction:rtl'>b</div>", "a\nb");
    text("<p style='unicode-bidi:bidi-override'>a</p>b", "\u{202e}a\nb");
}

#[test]
fn quoted_messages_are_marked() {
    text("a<blockquote>x<p>y</p></blockquote>b", "a\n> x\n> y\nb");
    text("a<blockquote><blockquote>x</blockquote>y</blockquote>b", "a\n> x\n> y\nb");
    text("a<div class='gmail_quote x'>x<br>y</div>b", "a\n> x\n> y\nb");
    text("a<span class=x_x_gmail_quote>x</span>b", "a\n> x\nb");
    text("a<div id=mail-editor-reference-message-container>x</div>b", "a\n> x\nb");
    text("a<div id=divRplyFwdMsg>x</div>y<p>z", "a\n> x\n> y\n> z");
    text("a<div id=x_divRplyFwdMsg>x</div>y", "a\n> x\n> y");
    text("a<div id=\"appendonsend\"></div>x", "a\n> x");
    text("a<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>x</div>y", "a\n> x\n> y");
    text("a<div id=appendonsend hidden></div>b<br>x", "ab\n> x");
    text("a<blockquote>x", "a\n> x");
}

#[test]
fn tags_that_do_not_match_are_read_as_browsers_read_them() {
    // An end tag that nothing began, or that a block stands before, ends nothing.
    text("<div hidden></span></b>x</div>a", "a");
    text("<span hidden><div></span>x</div></span>a", "a");
    text("<div hidden><table><tr><td></div>x</table></div>a", "a");
    // A block ends with the one around it, a paragraph before the next block.
    text("<div><p hidden>x<div>a</div></div>b", "a\nb");
    text("<blockquote><div>x</blockquote>a", "> x\na");
    text("<ul><li hidden>x<li>a<ul><li hidden>x</ul>b</ul>", "a\nb");
    text("<table><tr><td hidden>x<td>a<tr><td>b</table>", "a\nb");
    // Formatting goes on behind the block that it began in, and ends alone.
    text("<p><font style='display:none'>x</p><p>x</p></font>a", "a");
    text("<font style='display:none'>x<div>x</font>a</div>b", "a\nb");
    text("<table><tr><td><font style='display:none'>x</td><td>a</table>", "a");
    text("<body><div>a</body></html><p>b", "a\nb");
}

#[test]
fn a_document_is_looked_at_to_its_limit_and_nothing_is_read_over_the_cut() {
    let filled = |length: usize, html: &str| format!("<!--{}-->{html}", "x".repeat(length - 7));
    let tag = "@@Extern: 210";
    case(&filled(html::HTML_BYTES_MAX, tag), "none");
    case(&filled(html::HTML_BYTES_MAX - tag.len(), tag), "210");
    case(&filled(html::HTML_BYTES_MAX - tag.len(), &format!("{tag}5")), "unclear");
    case(&filled(html::HTML_BYTES_MAX - tag.len() - 1, &format!("{tag}<b>5")), "unclear");
    case(&filled(html::HTML_BYTES_MAX - tag.len() - 2, &format!("{tag}&#53;")), "unclear");
    case(&filled(html::HTML_BYTES_MAX - tag.len() - 1, &format!("{tag}ä")), "unclear");
}

#[test]
fn a_text_is_read_as_its_type_says_and_is_unknown_where_there_is_none() {
    #[track_caller]
    fn case(event: &Value, expected: Option<&Tags>) {
        let body = event.get("body").map(|body| to_raw_value(body).unwrap());
        assert_eq!(tags(body.as_deref()).as_ref(), expected, "{event}");
    }
    let (found, none) = (Tags::find("@@Extern: 210"), Tags::default());
    let (found, none) = (Some(&found), Some(&none));
    case(&json!({"body": {"contentType": "text", "content": "@@Extern: 210"}}), found);
    case(&json!({"body": {"contentType": "Text", "content": "<p>@@Extern: 210</p>"}}), none);
    case(&json!({"body": {"contentType": "html", "content": "<p>@@Extern: 210</p>"}}), found);
    case(&json!({"body": {"contentType": "HTML", "content": "<p>@@Extern: 21<b>0</b></p>"}}), found);
    case(&json!({"body": {"contentType": "text", "content": ""}}), none);
    case(&json!({}), None);
    case(&json!({"body": null}), None);
    case(&json!({"body": "@@Extern: 210"}), None);
    case(&json!({"body": {"content": "@@Extern: 210"}}), None);
    case(&json!({"body": {"contentType": "text", "content": null}}), None);
    case(&json!({"body": {"contentType": "text"}}), None);
    case(&json!({"body": {"contentType": "rtf", "content": "@@Extern: 210"}}), None);
    case(&json!({"body": {"contentType": 7, "content": "@@Extern: 210"}}), None);
}
