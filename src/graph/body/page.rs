//! The text that comes of an HTML document: lines, with the marks by which a reader of plain text knows a quote.

/// Stands for something that is seen and is no text; no number can hold it.
const PICTURE: char = '\u{fffc}';

/// Says that what follows in the line may be shown in another order: the right-to-left override.
const TURNED: char = '\u{202e}';

/// How mail programs mark a line of another message.
const QUOTE: &str = "> ";

/// How text is taken in: what holds of all elements around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Manner {
    pub(super) is_quoted: bool,
    pub(super) is_turned: bool,
    pub(super) keeps_lines: bool,
}

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    /// Where the last line begins.
    line: usize,
    /// Whether a blank stands between what is there and what comes next in the line.
    blank: bool,
}

impl Page {
    /// Adds text. Blanks and line ends of the source are one blank, unless the manner keeps lines.
    pub(super) fn add(&mut self, text: &str, manner: Manner) {
        for sign in text.chars() {
            match sign {
                '\n' | '\r' if manner.keeps_lines => self.end_line(),
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => self.blank = true,
                sign => self.add_sign(sign, manner),
            }
        }
    }

    /// Adds a picture, or anything else that is no text.
    pub(super) fn add_picture(&mut self, manner: Manner) {
        self.add_sign(PICTURE, manner);
    }

    /// Marks that the order of signs changes from here on.
    pub(super) fn turn(&mut self, manner: Manner) {
        if !self.is_at_line_start() {
            self.add_sign(TURNED, manner);
        }
    }

    /// Ends the line, if there is anything in it.
    pub(super) fn end_line(&mut self) {
        self.blank = false;
        if !self.is_at_line_start() {
            self.text.push('\n');
            self.line = self.text.len();
        }
    }

    /// Ends with the text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn add_sign(&mut self, sign: char, manner: Manner) {
        if self.is_at_line_start() {
            if manner.is_quoted {
                self.text.push_str(QUOTE);
            }
            if manner.is_turned {
                self.text.push(TURNED);
            }
        } else if self.blank {
            self.text.push(' ');
        }
        self.blank = false;
        self.text.push(sign);
    }

    fn is_at_line_start(&self) -> bool {
        self.text.len() == self.line
    }
}
