//! Documents that would have calls sent to a number that nobody asked for, or that a person reads as another.

use super::{case, text_of_html};

#[test]
fn a_tag_in_a_quoted_reply_does_not_count() {
    case("<p>Passt.</p><blockquote>@@Extern: 0900123456</blockquote>", "quoted");
    case("<p>Passt.</p><div id=\"divRplyFwdMsg\">Von</div><p>@@Extern: 0900123456</p>", "quoted");
    case("<p>Passt.</p><div id=\"appendonsend\"></div><p>@@Extern: 0900123456</p>", "quoted");
    case("<div class=\"gmail_quote\"><div>@@Extern: 0900123456</div></div>", "quoted");
    case(
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>De: X</p></div><p>@@Extern: 0900123456",
        "quoted",
    );
    case("<p><b>Von:</b> Max<br><b>Gesendet:</b> Montag<br></p><p>@@Extern: 0900123456", "quoted");
    case("<p>Am 23.11.2026 schrieb Max &lt;<a href=x>m@example.com</a>&gt;:</p><p>@@Extern: 0900123456", "quoted");
    case("<p>&gt; @@Extern: 0900123456</p>", "quoted");
    case("<blockquote>@@Extern: 0900123456</blockquote><p>@@Extern: 210</p>", "210");
}

#[test]
fn digits_of_other_scripts_are_no_digits() {
    case("@@Extern: 071&#1634;345", "unclear");
    case("@@Extern: 071&#xFF12;345", "unclear");
}

#[test]
fn a_number_split_by_markup_is_one_number() {
    case("<p>@@Extern: 07<b>12</b>3<span style='color:red'>45</span><i>689</i></p>", "0712345689");
    case("<p>@<span>@Ext</span>ern<b>:</b> 0712345689</p>", "0712345689");
    case("@@Extern: 0712<!-- x -->345<script>9</script>689<o:p></o:p><wbr>", "0712345689");
    case("@@Extern: <a href=\"tel:0900123456\">0712345689</a>", "0712345689");
}

#[test]
fn a_number_hidden_by_signs_without_width_is_unclear() {
    case("@@Extern: 071&#8203;2345689", "unclear");
    case("@@Extern: 071&zwnj;2345689", "unclear");
    case("@@Extern: 071&shy;2345689", "unclear");
    case("@@Extern: 071&#xFEFF;2345689", "unclear");
}

#[test]
fn digits_hidden_by_css_are_not_part_of_the_number() {
    case("@@Extern: 0712<span style='display:none'>999</span>345689", "0712345689");
    case("@@Extern: 0712<font style='font-size:0'>999</font>345689", "0712345689");
    case("@@Extern: 0712<p style='display:none'>999</p>345689", "0712345689");
    case("<p hidden>@@Extern: 0900123456</p>", "none");
    case("<div style='mso-hide:all'><p>@@Extern: 0900123456</p></div>@@Extern: 210", "210");
}

#[test]
fn a_number_whose_digits_are_shown_elsewhere_or_struck_out_is_unclear() {
    case("@@Extern: 0712<span style='float:right'>999</span>345689", "unclear");
    case("@@Extern: 0712<s>999</s>345689", "unclear");
    case("@@Extern: 0712345689<sup>1</sup>", "unclear");
    case("@@Extern: 0712<img alt=9>345689", "unclear");
    case("@@Extern: 0712<input value=9>345689", "unclear");
    case("<s>@@Extern: 0900123456</s>", "none");
}

#[test]
fn a_tag_in_a_comment_a_script_or_an_attribute_is_none() {
    for html in [
        "<!-- @@Extern: 0900123456 -->",
        "<!--[if mso]>\n@@Extern: 0900123456\n<![endif]-->",
        "<script>\n@@Extern: 0900123456\n</script>",
        "<script><!--<script>\n@@Extern: 0900123456\n</script>--></script>",
        "<style>\n@@Extern: 0900123456\n</style>",
        "<head><title>@@Extern: 0900123456</title></head>",
        "<template><p>@@Extern: 0900123456</p></template>",
        "<img alt='\n@@Extern: 0900123456\n'>",
        "<p title=\"\n@@Extern: 0900123456\n\">x</p>",
        "<a href=\"x\n@@Extern: 0900123456\n\">x</a>",
        "<textarea>\n@@Extern: 0900123456\n</textarea>",
        "<!doctype\n@@Extern: 0900123456\n>",
    ] {
        case(html, "none");
    }
}

#[test]
fn a_number_that_is_shown_backwards_is_unclear() {
    case("@@Extern: <bdo dir=rtl>9865432170</bdo>", "unclear");
    case("<bdo dir=rtl>@@Extern: 9865432170</bdo>", "unclear");
    case("<p style='unicode-bidi:bidi-override;direction:rtl'>@@Extern: 9865432170</p>", "unclear");
    case("@@Extern: &#x202e;9865432170", "unclear");
    case("@@Extern: 071 <span dir=rtl>234 56</span>", "unclear");
}

#[test]
fn a_huge_document_is_looked_at_only_at_its_beginning() {
    let huge = "<p>Text</p>".repeat(100_000);
    case(&format!("<p>@@Extern: 210</p>{huge}"), "210");
    case(&format!("{huge}<p>@@Extern: 210</p>"), "none");
    assert!(text_of_html(&huge).len() < huge.len() / 4);
}

#[test]
fn deep_nesting_neither_overflows_nor_takes_time() {
    let deep = |html: &str| html.repeat(200_000 / html.len());
    for html in ["<div>", "<b>", "<span>", "<table><tr><td>", "<font style=color:red>", "<blockquote>", "<svg>"] {
        case(&format!("@@Extern: 210<br>{}", deep(html)), "210");
        case(&format!("{}@@Extern: 210", deep(html)), "none");
    }
    for html in ["</div>", "</b>", "<p></b>", "<b></p>", "<p><b><i>", "<a><div></a>", "<!--", "&amp", "<x y=", "<br>"] {
        case(&format!("@@Extern: 210<br>{}", deep(html)), "210");
    }
}

#[test]
fn no_part_of_an_address_or_a_link_is_a_tag() {
    case("<a href='mailto:max@extern:0900123456'>max@extern:0900123456</a>", "none");
    case("https://example.com/<b>@@Extern:0900123456</b>", "none");
    case("foo<span>@@Extern: 0900123456</span>", "none");
}

#[test]
fn the_first_of_two_tags_in_one_line_counts() {
    case("<p>@@Extern: 210 <b>@@Extern: 0900123456</b></p>", "210");
    case("<p>@@Extern: 210@@Intern: 211</p>", "210");
}

#[test]
fn a_break_within_a_number_ends_it() {
    case("@@Extern: 0900<br>123", "0900");
    case("@@Extern: 0900<p>123</p>", "0900");
    case("<table><tr><td>@@Extern: 0900</td><td>123</td></tr></table>", "0900");
    case("<table><tr><td>@@Extern:</td><td>0900</td></tr></table>", "unclear");
    case("<pre>@@Extern: 0900\n123</pre>", "0900");
    // A line end of the source alone is a blank.
    case("@@Extern: 0900\n123", "0900123");
}

#[test]
fn digits_written_as_entities_are_digits() {
    case("@@Extern: &#48;&#x37;&#49;2345689", "0712345689");
    case("&#64;&commat;Extern&colon; 0712345689", "0712345689");
    case("@@Extern:&nbsp;071&nbsp;234&nbsp;56&nbsp;89", "0712345689");
    case("@@Extern: &plus;41 71 234 56 89", "0041712345689");
}
