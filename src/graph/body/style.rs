//! The part of an element's `style` that decides whether and how its text is seen.
//!
//! Only what stands in the element itself is read; style sheets are not.

/// What is read of a style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) display: Option<Display>,
    pub(super) visibility: Option<Visibility>,
    pub(super) size: Option<Size>,
    pub(super) lines: Option<Lines>,
    pub(super) turn: Option<Turn>,
    /// Neither the element nor anything in it is seen, and it takes no place.
    pub(super) is_hidden: bool,
    /// Its text is struck out.
    pub(super) is_struck: bool,
    /// Nobody can say where its text is seen.
    pub(super) is_doubtful: bool,
    /// It is the block with which Outlook heads a message that is quoted.
    pub(super) heads_reply: bool,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Display {
    /// In lines of its own.
    Lines,
    /// In the line around it.
    Line,
}

/// Whether text is seen; what is within may say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visibility {
    Visible,
    Hidden,
}

/// How large text is; what is within may say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Readable,
    /// Too small to be seen.
    Nothing,
}

/// What line ends in the source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Line ends of the text.
    Kept,
    /// Blanks.
    Joined,
}

/// What is turned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The way in which words follow each other.
    Way,
    /// The order of single signs.
    Signs,
}

impl Style {
    /// Reads the value of a `style` attribute.
    pub(super) fn read(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text).to_ascii_lowercase();
        let text = without_comments(&text);
        let mut style = Self { is_doubtful: text.contains('\\'), ..Self::default() };
        let declarations = declarations(&text);
        let (important, plain): (Vec<_>, Vec<_>) = declarations.into_iter().partition(|one| one.is_important);
        for declaration in plain.iter().chain(&important) {
            style.take(declaration.name, declaration.value);
        }
        let value = |name| plain.iter().chain(&important).rfind(|one| one.name == name).map_or("", |one| one.value);
        style.heads_reply = value("border").starts_with("none")
            && value("border-top").contains("solid")
            && ["3.0pt 0", "3pt 0"].iter().any(|start| value("padding").starts_with(start));
        style
    }

    fn take(&mut self, name: &str, value: &str) {
        let first = value.split_ascii_whitespace().next().unwrap_or_default();
        match name {
            "display" => self.take_display(first),
            "visibility" => {
                self.visibility = match first {
                    "visible" | "initial" => Some(Visibility::Visible),
                    "hidden" | "collapse" => Some(Visibility::Hidden),
                    _ => self.visibility,
                }
            }
            "mso-hide" => self.is_hidden |= first == "all",
            "opacity" => self.is_hidden |= first.trim_end_matches('%').parse() == Ok(0.0_f32),
            "font-size" => self.size = size(first).or(self.size),
            "font" => self.size = value.split_ascii_whitespace().find_map(size_in_shorthand).or(self.size),
            "white-space" | "white-space-collapse" => {
                self.lines = match first {
                    "pre" | "pre-wrap" | "pre-line" | "break-spaces" | "preserve" | "preserve-breaks" => {
                        Some(Lines::Kept)
                    }
                    "normal" | "nowrap" | "collapse" | "initial" => Some(Lines::Joined),
                    _ => self.lines,
                }
            }
            "direction" if first == "rtl" => self.turn = self.turn.or(Some(Turn::Way)),
            "unicode-bidi" if matches!(first, "bidi-override" | "isolate-override") => {
                self.turn = Some(Turn::Signs);
            }
            "text-decoration" | "text-decoration-line" => self.is_struck = value.contains("line-through"),
            "float" => self.is_doubtful |= !matches!(first, "none" | "initial"),
            "position" => self.is_doubtful |= matches!(first, "absolute" | "fixed"),
            _ => {}
        }
    }

    fn take_display(&mut self, value: &str) {
        self.is_hidden |= value == "none";
        self.display = match value {
            "block" | "flex" | "grid" | "flow-root" | "list-item" | "-webkit-box" => Some(Display::Lines),
            value if value.starts_with("table") => Some(Display::Lines),
            "contents" | "ruby" | "initial" => Some(Display::Line),
            value if value.starts_with("inline") => Some(Display::Line),
            _ => self.display,
        };
    }
}

struct Declaration<'a> {
    name: &'a str,
    value: &'a str,
    is_important: bool,
}

fn declarations(text: &str) -> Vec<Declaration<'_>> {
    let declaration = |part| {
        let (name, value) = str::split_once(part, ':')?;
        let value = value.trim();
        let (value, is_important) = match value.strip_suffix("important") {
            Some(rest) if rest.trim_end().ends_with('!') => (rest.trim_end().trim_end_matches('!').trim_end(), true),
            _ => (value, false),
        };
        Some(Declaration { name: name.trim(), value, is_important })
    };
    parts(text).into_iter().filter_map(declaration).collect()
}

/// Splits at each `;` that stands in no quotes or brackets; at every one where those have no end.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_u32, None);
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (Some(open), sign) if open == sign => quote = None,
            (None, '"' | '\'') => quote = Some(sign),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ';') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if quote.is_some() || depth > 0 {
        return text.split(';').collect();
    }
    parts.push(&text[start..]);
    parts
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
    }
    kept.push_str(rest);
    kept
}

/// Units that are measured by the text around.
const RELATIVE_UNITS: [&str; 4] = ["em", "ex", "ch", "%"];

/// Returns how large a size makes text; nothing where that depends on the text around.
fn size(value: &str) -> Option<Size> {
    let digits_end = value.find(|sign: char| !matches!(sign, '0'..='9' | '.' | '+' | '-')).unwrap_or(value.len());
    let (number, unit) = value.split_at(digits_end);
    let Ok(number) = number.parse::<f32>() else {
        let is_relative = matches!(value, "larger" | "smaller" | "inherit" | "unset" | "");
        return (!is_relative).then_some(Size::Readable);
    };
    // Less than a point or a pixel is nothing that can be read.
    if number <= 0.0 || (number < 1.0 && matches!(unit, "px" | "pt")) {
        return Some(Size::Nothing);
    }
    (!RELATIVE_UNITS.contains(&unit)).then_some(Size::Readable)
}

/// The same for a word of the `font` shorthand, in which a size has a unit or is zero, and perhaps a line height behind
/// it.
fn size_in_shorthand(word: &str) -> Option<Size> {
    let word = word.split('/').next().unwrap_or_default();
    let is_length = word.starts_with(|sign: char| sign.is_ascii_digit() || sign == '.');
    let has_unit = word.ends_with(|sign: char| sign.is_ascii_alphabetic() || sign == '%');
    let is_zero = word.parse() == Ok(0.0_f32);
    (is_length && (has_unit || is_zero)).then(|| size(word)).flatten()
}

#[cfg(test)]
mod tests;
