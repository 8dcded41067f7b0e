//! Kinds of HTML elements, by what they mean for the text; and what a start tag says of its element.

use super::style::{Display, Style, Turn};

/// What an element is for the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ends a line and has no content.
    Break,
    /// Stands in the text as a picture, and has no content.
    Picture,
    /// Has no content, and nothing of it is seen.
    Void,
    /// Its content is not for people.
    Unseen,
    /// It is seen, but its content is no text, or is not meant as it stands there.
    Object,
    /// Its content stands in lines of its own.
    Block,
    /// Its content stands in the line, a little higher or lower: no digit of what it follows.
    Raised,
    /// Its content stands in the line.
    Inline,
}

/// Returns the kind of an element by its name in small letters.
pub(super) fn kind(name: &[u8]) -> Kind {
    match name {
        b"br" | b"hr" => Kind::Break,
        b"img" | b"image" | b"input" | b"embed" => Kind::Picture,
        b"area" | b"base" | b"basefont" | b"bgsound" | b"col" | b"frame" | b"keygen" | b"link" | b"meta" | b"param"
        | b"source" | b"track" | b"wbr" => Kind::Void,
        b"script" | b"style" | b"title" | b"template" | b"xml" | b"datalist" | b"noframes" | b"noembed" => Kind::Unseen,
        b"applet" | b"audio" | b"button" | b"canvas" | b"del" | b"dialog" | b"iframe" | b"math" | b"meter"
        | b"noscript" | b"object" | b"progress" | b"rp" | b"rt" | b"s" | b"select" | b"strike" | b"svg"
        | b"textarea" | b"video" => Kind::Object,
        b"address" | b"article" | b"aside" | b"blockquote" | b"body" | b"caption" | b"center" | b"dd" | b"details"
        | b"dir" | b"div" | b"dl" | b"dt" | b"fieldset" | b"figcaption" | b"figure" | b"footer" | b"form" | b"h1"
        | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"head" | b"header" | b"hgroup" | b"html" | b"legend" | b"li"
        | b"listing" | b"main" | b"marquee" | b"menu" | b"nav" | b"ol" | b"p" | b"plaintext" | b"pre" | b"search"
        | b"section" | b"summary" | b"table" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"tr" | b"ul"
        | b"xmp" => Kind::Block,
        b"sub" | b"sup" => Kind::Raised,
        _ => Kind::Inline,
    }
}

/// Returns whether line ends in the source of an element are line ends of the text.
fn keeps_lines(name: &[u8]) -> bool {
    matches!(name, b"pre" | b"listing" | b"xmp" | b"plaintext")
}

/// A start tag, as far as it matters.
#[derive(Debug, Default)]
pub(super) struct StartTag {
    pub(super) name: Vec<u8>,
    pub(super) style: Option<Vec<u8>>,
    pub(super) class: Option<Vec<u8>>,
    pub(super) id: Option<Vec<u8>>,
    pub(super) dir: Option<Vec<u8>>,
    pub(super) hidden: Option<Vec<u8>>,
}

/// Where the text of an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In lines of its own.
    Lines,
    /// In the line around it.
    Line,
}

/// Which message the text of an element belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// The one around it.
    Same,
    /// One that it quotes.
    Quoted,
    /// From here on everything belongs to one that is quoted.
    QuotedFromHere,
}

/// What a start tag says of its element.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) kind: Kind,
    pub(super) place: Place,
    pub(super) message: Message,
    pub(super) style: Style,
    /// Whether its signs may be shown in another order.
    pub(super) is_turned: bool,
    pub(super) keeps_lines: bool,
}

impl Element {
    /// Reads a start tag.
    pub(super) fn of(tag: &StartTag) -> Self {
        let mut style = tag.style.as_deref().map(Style::read).unwrap_or_default();
        style.is_hidden |= tag.hidden.is_some();
        let kind = kind(&tag.name);
        let message = message(tag, &style);
        let inline = match style.display {
            Some(Display::Line) => true,
            Some(Display::Lines) => false,
            None => kind != Kind::Block,
        };
        let place = if inline && message == Message::Same { Place::Line } else { Place::Lines };
        let has_other_way = style.turn == Some(Turn::Way) || value_is(tag.dir.as_deref(), b"rtl");
        let is_turned =
            tag.name == b"bdo" || style.turn == Some(Turn::Signs) || (has_other_way && place == Place::Line);
        Self { kind, place, message, is_turned, keeps_lines: keeps_lines(&tag.name), style }
    }
}

fn value_is(value: Option<&[u8]>, expected: &[u8]) -> bool {
    value.is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(expected))
}

/// Ids of elements behind which Outlook quotes a message.
const REPLY_IDS: [&[u8]; 2] = [b"divRplyFwdMsg", b"appendonsend"];

/// Ids and classes of elements in which mail programs quote one.
const QUOTE_NAMES: [&[u8]; 8] = [
    b"gmail_quote",
    b"gmail_quote_container",
    b"yahoo_quoted",
    b"protonmail_quote",
    b"moz-cite-prefix",
    b"moz-forward-container",
    b"ms-outlook-mobile-reference-message",
    b"mail-editor-reference-message-container",
];

fn message(tag: &StartTag, style: &Style) -> Message {
    let names = |value: &Option<Vec<u8>>, names: &[&[u8]]| {
        let mut given = value.iter().flat_map(|value| value.split(u8::is_ascii_whitespace));
        given.any(|given| names.iter().any(|name| plain(given).eq_ignore_ascii_case(name)))
    };
    if style.heads_reply || names(&tag.id, &REPLY_IDS) {
        return Message::QuotedFromHere;
    }
    let is_quote = tag.name == b"blockquote" || names(&tag.class, &QUOTE_NAMES) || names(&tag.id, &QUOTE_NAMES);
    if is_quote { Message::Quoted } else { Message::Same }
}

/// Returns a name without the `x_` that Outlook sets before those of a message in a message.
fn plain(mut name: &[u8]) -> &[u8] {
    while let Some(rest) = name.strip_prefix(b"x_") {
        name = rest;
    }
    name
}
