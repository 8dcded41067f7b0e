//! The elements that are open at a place in an HTML document.
//!
//! HTML need not be well-formed, and browsers agree on what they make of it. Of that this knows as much as decides which
//! text is seen and which is quoted: which start tags end an element, which end tags do, and that a formatting element
//! goes on behind the block that it began in. The elements are a list, so no nesting is too deep for the stack, and the
//! list is bounded.

use super::element::{Element, Kind, Message, Place, kind};
use super::page::Manner;
use super::style::{Lines, Size, Visibility};

/// The most elements within each other. Outlook's own texts have some twenty.
pub(super) const DEPTH_MAX: usize = 256;

/// What holds of text at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// Nothing is seen, whatever is said within.
    is_gone: bool,
    /// Nothing is seen.
    is_invisible: bool,
    /// Nothing can be seen, as it is too small.
    is_tiny: bool,
    /// It is a picture or a formula, whose markup is not that of HTML.
    is_foreign: bool,
    pub(super) manner: Manner,
}

impl State {
    /// Returns whether text is seen.
    pub(super) fn is_seen(self) -> bool {
        !(self.is_gone || self.is_invisible || self.is_tiny)
    }

    /// Returns whether an element takes a place, seen or not.
    pub(super) fn takes_place(self) -> bool {
        !self.is_gone
    }

    /// Returns whether `/>` ends an element of this name, which it does in no HTML.
    pub(super) fn ends_by_itself(self, name: &[u8]) -> bool {
        self.is_foreign || is_foreign(name)
    }

    /// Returns the state within an element.
    fn within(mut self, name: &[u8], element: &Element) -> Self {
        let style = &element.style;
        self.is_foreign |= is_foreign(name);
        self.is_gone |= style.is_hidden || style.is_struck || matches!(element.kind, Kind::Unseen | Kind::Object);
        self.is_invisible = style.visibility.map_or(self.is_invisible, |visibility| visibility == Visibility::Hidden);
        self.is_tiny = style.size.map_or(self.is_tiny, |size| size == Size::Nothing);
        self.manner.is_quoted |= element.message == Message::Quoted;
        self.manner.is_turned |= element.is_turned;
        self.manner.keeps_lines |= element.keeps_lines;
        self.manner.keeps_lines = style.lines.map_or(self.manner.keeps_lines, |lines| lines == Lines::Kept);
        self
    }
}

/// An open element.
#[derive(Debug)]
struct Open {
    name: Vec<u8>,
    element: Element,
    /// Whether no end tag within it reaches beyond.
    is_scope: bool,
    /// What holds within it.
    state: State,
}

/// The open elements, the innermost last.
#[derive(Debug, Default)]
pub(super) struct OpenElements(Vec<Open>);

/// What closing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closing {
    /// There was nothing to close.
    Nothing,
    /// The line goes on.
    Silent,
    /// It ends.
    EndsLine,
}

impl OpenElements {
    /// Returns what holds here.
    pub(super) fn state(&self) -> State {
        self.0.last().map_or_else(State::default, |open| open.state)
    }

    /// Returns whether no further element can be opened.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= DEPTH_MAX
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: Vec<u8>, element: Element) {
        let state = self.state().within(&name, &element);
        self.0.push(Open { is_scope: is_scope(&name), name, element, state });
    }

    /// Closes what a start tag of this name ends.
    pub(super) fn make_way(&mut self, name: &[u8]) -> Closing {
        let (ended, within): (&[&[u8]], &[&[u8]]) = match name {
            b"li" => (&[b"li"], &[b"ul", b"ol", b"menu", b"dir"]),
            b"dd" | b"dt" => (&[b"dd", b"dt"], &[b"dl"]),
            b"td" | b"th" => (&[b"td", b"th", b"caption"], &[b"tr", b"table"]),
            b"tr" => (&[b"tr", b"caption"], &[b"table"]),
            b"tbody" | b"thead" | b"tfoot" => (&[b"tbody", b"thead", b"tfoot", b"caption"], &[b"table"]),
            _ => (&[], &[]),
        };
        let mut closing = Closing::Nothing;
        if !ended.is_empty() {
            let bounds =
                |open: &Open| within.contains(&open.name.as_slice()) || (!is_table_part(name) && open.is_scope);
            closing = self.close_one_of(ended, bounds);
        }
        if kind(name) == Kind::Block || name == b"hr" {
            closing = closing.max(self.close_one_of(&[b"p"], |open| open.is_scope));
        }
        closing
    }

    /// Closes what an end tag of this name ends.
    pub(super) fn close(&mut self, name: &[u8]) -> Closing {
        if is_formatting(name) {
            return self.close_alone(name);
        }
        let reaches_over_blocks =
            kind(name) == Kind::Block || matches!(name, b"applet" | b"button" | b"dialog" | b"object" | b"select");
        if is_table_part(name) {
            self.close_one_of(&[name], |open| open.name == b"table")
        } else if reaches_over_blocks {
            self.close_one_of(&[name], |open| open.is_scope)
        } else {
            self.close_one_of(&[name], |open| open.is_scope || open.element.kind == Kind::Block)
        }
    }

    /// Closes the innermost element of one of these names that no bound stands before, and all within it. Formatting
    /// that shows, and is not closed itself, goes on.
    fn close_one_of(&mut self, names: &[&[u8]], is_bound: impl Fn(&Open) -> bool) -> Closing {
        let is_named = |open: &Open| names.contains(&open.name.as_slice());
        let stop = self.0.iter().rposition(|open| is_named(open) || is_bound(open));
        let Some(at) = stop.filter(|&at| is_named(&self.0[at])) else { return Closing::Nothing };
        let closed = self.0.split_off(at);
        let closing = closing(&closed);
        if !closed.iter().any(|open| open.is_scope) {
            let goes_on = closed.into_iter().skip(1).filter(|open| is_formatting(&open.name) && shows(open));
            for open in goes_on {
                self.open(open.name, open.element);
            }
        }
        closing
    }

    /// Closes a formatting element, and nothing that began within it.
    fn close_alone(&mut self, name: &[u8]) -> Closing {
        let bound = self.0.iter().rposition(|open| open.is_scope).map_or(0, |at| at + 1);
        let Some(at) = self.0[bound..].iter().rposition(|open| open.name == name) else { return Closing::Nothing };
        let mut behind = self.0.split_off(bound + at);
        let closed = behind.remove(0);
        for open in behind {
            self.open(open.name, open.element);
        }
        closing(&[closed])
    }
}

/// Returns whether closing these ends a line: one of them takes a place and stands in lines of its own.
fn closing(closed: &[Open]) -> Closing {
    let ends_line = |open: &Open| open.element.place == Place::Lines && open.state.takes_place();
    if closed.iter().any(ends_line) { Closing::EndsLine } else { Closing::Silent }
}

/// Elements that an end tag outside of them does not reach beyond.
fn is_scope(name: &[u8]) -> bool {
    matches!(
        name,
        b"applet" | b"button" | b"caption" | b"html" | b"marquee" | b"object" | b"table" | b"td" | b"template" | b"th"
    )
}

fn is_foreign(name: &[u8]) -> bool {
    matches!(name, b"svg" | b"math")
}

fn is_table_part(name: &[u8]) -> bool {
    matches!(name, b"table" | b"tbody" | b"thead" | b"tfoot" | b"tr" | b"td" | b"th" | b"caption")
}

fn is_formatting(name: &[u8]) -> bool {
    matches!(
        name,
        b"a" | b"b"
            | b"big"
            | b"code"
            | b"em"
            | b"font"
            | b"i"
            | b"nobr"
            | b"s"
            | b"small"
            | b"strike"
            | b"strong"
            | b"tt"
            | b"u"
    )
}

/// Returns whether an element makes a difference to the text within.
fn shows(open: &Open) -> bool {
    let plain = State::default();
    plain.within(&open.name, &open.element) != plain
}
