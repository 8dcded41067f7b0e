//! HTML reduced to the text that people see.
//!
//! Blocks, table cells and `<br>` end lines; markup within a line joins what stands around it, so that digits in two
//! colours are one number. Scripts, style sheets, comments and what an element hides by itself are left out. What is
//! seen and is no text, or not meant as it stands, leaves a sign that no number can hold: pictures, form fields, struck
//! out text, raised digits, text that is shown elsewhere or in another order. A quoted message is marked as mail
//! programs mark it in plain text.
//!
//! Style sheets are not applied: what only they hide is seen here. Nothing fails, and no document takes more time or
//! memory than its length allows: only its beginning is looked at, and only so many elements within each other.

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::element::{Element, Kind, Message, Place, StartTag};
use super::open::{Closing, OpenElements};
use super::page::{Manner, Page};

/// How much of a document is looked at. Outlook sets up to a hundred kilobytes of style sheets before a line of text.
pub(super) const HTML_BYTES_MAX: usize = 512 * 1024;

/// Returns the text of an HTML document, in lines that end with `\n`. What is beyond half a megabyte, or behind too many
/// elements within each other, is left out.
pub fn text_of_html(html: &str) -> String {
    let end = (0..=html.len().min(HTML_BYTES_MAX)).rfind(|&end| html.is_char_boundary(end)).unwrap_or_default();
    let mut reader = Reader::default();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| reader.take(&event));
    emitter.naively_switch_states(true);
    let is_stopped = Tokenizer::new_with_emitter(&html[..end], emitter).next().is_some();
    if is_stopped || end < html.len() {
        reader.cut_off();
    }
    reader.page.into_text()
}

/// Says that nothing behind it is read.
struct Stop;

/// Takes a document in, tag by tag.
#[derive(Default)]
struct Reader {
    page: Page,
    open: OpenElements,
    /// Whether everything from here on belongs to a message that is quoted.
    is_quoted: bool,
    /// The start tag that is being read.
    tag: Option<StartTag>,
    attribute: Attribute,
}

/// The attribute whose value comes next.
#[derive(Clone, Copy, Default)]
enum Attribute {
    /// One that does not matter, or that the tag had before.
    #[default]
    Other,
    Style,
    Class,
    Id,
    Dir,
    Hidden,
}

impl Reader {
    fn take(&mut self, event: &CallbackEvent<'_>) -> Option<Stop> {
        match *event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Some(StartTag { name: name.to_owned(), ..StartTag::default() });
            }
            CallbackEvent::AttributeName { name } => self.take_attribute(name),
            CallbackEvent::AttributeValue { value } => self.take_value(value),
            CallbackEvent::CloseStartTag { self_closing } => {
                let tag = self.tag.take()?;
                return self.start(tag, self_closing);
            }
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => self.take_text(value),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    }

    /// The first attribute of a name counts.
    fn take_attribute(&mut self, name: &[u8]) {
        let Some(tag) = &mut self.tag else { return };
        let (attribute, value) = match name {
            b"style" => (Attribute::Style, &mut tag.style),
            b"class" => (Attribute::Class, &mut tag.class),
            b"id" => (Attribute::Id, &mut tag.id),
            b"dir" => (Attribute::Dir, &mut tag.dir),
            b"hidden" => (Attribute::Hidden, &mut tag.hidden),
            _ => {
                self.attribute = Attribute::Other;
                return;
            }
        };
        self.attribute = if value.is_none() { attribute } else { Attribute::Other };
        value.get_or_insert_default();
    }

    fn take_value(&mut self, value: &[u8]) {
        let Some(tag) = &mut self.tag else { return };
        let place = match self.attribute {
            Attribute::Other => return,
            Attribute::Style => &mut tag.style,
            Attribute::Class => &mut tag.class,
            Attribute::Id => &mut tag.id,
            Attribute::Dir => &mut tag.dir,
            Attribute::Hidden => &mut tag.hidden,
        };
        *place = Some(value.to_owned());
    }

    fn start(&mut self, tag: StartTag, has_slash: bool) -> Option<Stop> {
        let made_way = self.open.make_way(&tag.name);
        self.closed(made_way);
        let element = Element::of(&tag);
        let around = self.open.state();
        if around.takes_place() && !element.style.is_hidden {
            self.begin(&element);
        }
        self.is_quoted |= element.message == Message::QuotedFromHere;
        let is_empty = matches!(element.kind, Kind::Break | Kind::Picture | Kind::Void);
        if is_empty || (has_slash && around.ends_by_itself(&tag.name)) {
            return None;
        }
        if self.open.is_full() {
            return Some(Stop);
        }
        let is_turned = element.is_turned;
        self.open.open(tag.name, element);
        if is_turned && self.open.state().is_seen() {
            self.page.turn(self.manner());
        }
        None
    }

    /// Leaves what the beginning of an element leaves in the text around it.
    fn begin(&mut self, element: &Element) {
        if element.kind == Kind::Break || element.place == Place::Lines {
            self.page.end_line();
        }
        let is_no_text = matches!(element.kind, Kind::Picture | Kind::Object | Kind::Raised);
        let is_picture = is_no_text || element.style.is_struck || element.style.is_doubtful;
        if is_picture && self.open.state().is_seen() {
            self.page.add_picture(self.manner());
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            // What stands behind them belongs to the document all the same.
            b"body" | b"html" => {}
            b"br" => self.closed(Closing::EndsLine),
            name => {
                let closing = self.open.close(name);
                // A paragraph that was not begun is an empty one.
                let is_empty = name == b"p" && closing == Closing::Nothing;
                self.closed(if is_empty { Closing::EndsLine } else { closing });
            }
        }
    }

    fn closed(&mut self, closing: Closing) {
        if closing == Closing::EndsLine && self.open.state().takes_place() {
            self.page.end_line();
        }
    }

    fn take_text(&mut self, text: &[u8]) {
        if self.open.state().is_seen() {
            self.page.add(&String::from_utf8_lossy(text), self.manner());
        }
    }

    /// Makes sure that no number is read that only the cut made short.
    fn cut_off(&mut self) {
        self.page.add_picture(self.manner());
    }

    fn manner(&self) -> Manner {
        let manner = self.open.state().manner;
        Manner { is_quoted: manner.is_quoted || self.is_quoted, ..manner }
    }
}
