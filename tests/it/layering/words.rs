//! Rust source as words: identifiers, `::` and single signs, without comments, literals and lifetimes.

/// One word of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word(String);

impl Word {
    /// Returns whether it is this one.
    pub(super) fn is(&self, text: &str) -> bool {
        self.0 == text
    }

    fn is_name(&self) -> bool {
        self.0.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The name under which the library's own path starts in `main` and in tests.
const LIBRARY: &str = "starface_calendar";

/// Returns the words of a source.
pub(super) fn words(source: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest).unwrap_or_else(|| {
            let length = word_length(rest, first);
            if !first.is_whitespace() {
                words.push(Word(rest[..length].to_owned()));
            }
            length
        });
        rest = &rest[length..];
    }
    words
}

/// Returns every path that the words spell, a group being one path for each of its parts. `super`, said so often that
/// it leads out of the rooms, is the crate, and so is the library's own name.
pub(super) fn paths(words: &[Word], depth: usize) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if words[at].is_name() {
            at = path(words, at, &[], &mut paths);
        } else {
            at += 1;
        }
    }
    paths.into_iter().map(|path| rooted(path, depth)).collect()
}

/// Reads the path that begins here, adds it, and returns where it ends.
fn path(words: &[Word], mut at: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    while let Some(name) = words.get(at).filter(|word| word.is_name()) {
        path.push(name.0.clone());
        at += 1;
        if !words.get(at).is_some_and(|word| word.is("::")) {
            break;
        }
        at += 1;
    }
    let after_colons = at > 0 && words[at - 1].is("::");
    if after_colons && words.get(at).is_some_and(|word| word.is("{")) {
        return group(words, at + 1, &path, paths);
    }
    paths.push(path);
    at
}

/// Reads the parts of a group up to its closing brace, and returns where it ends.
fn group(words: &[Word], mut at: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    while let Some(word) = words.get(at) {
        if word.is("}") {
            return at + 1;
        }
        if word.is_name() {
            at = path(words, at, before, paths);
        } else {
            at += 1;
        }
    }
    at
}

fn rooted(path: Vec<String>, depth: usize) -> Vec<String> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let rest = match path.first().map(String::as_str) {
        Some("super") if ups >= depth => &path[ups..],
        Some(LIBRARY) => &path[1..],
        _ => return path,
    };
    let root = std::iter::once("crate".to_owned());
    root.chain(rest.iter().cloned()).collect()
}

/// Returns the length of what stands here and is no word, if something does.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    raw_string(rest).or_else(|| string(rest)).or_else(|| character(rest))
}

fn block_comment(rest: &str) -> usize {
    let mut open = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let step = match here {
            [b'/', b'*', ..] => {
                open += 1;
                2
            }
            [b'*', b'/', ..] => {
                open -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if open == 0 {
            break;
        }
    }
    at
}

fn raw_string(rest: &str) -> Option<usize> {
    let start = ["r", "br", "cr"].into_iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let hashes = start.chars().take_while(|c| *c == '#').count();
    let body = start[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end)? + end.len();
    Some(rest.len() - body.len() + length)
}

fn string(rest: &str) -> Option<usize> {
    let body = ["\"", "b\"", "c\""].into_iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let length = quoted(body, '"')?;
    Some(rest.len() - body.len() + length)
}

/// A character, or the first sign of a lifetime, which is then followed by a name that means nothing here.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let mut signs = body.chars();
    match (signs.next()?, signs.next()) {
        ('\\', _) => Some(1 + quoted(body, '\'')?),
        (sign, Some('\'')) => Some(1 + sign.len_utf8() + 1),
        _ => Some(1 + name_length(body)),
    }
}

/// Returns where a literal ends, its closing sign included.
fn quoted(body: &str, close: char) -> Option<usize> {
    let mut escaped = false;
    for (at, sign) in body.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            sign if sign == close => return Some(at + close.len_utf8()),
            _ => {}
        }
    }
    None
}

fn word_length(rest: &str, first: char) -> usize {
    if rest.starts_with("::") {
        return 2;
    }
    name_length(rest).max(first.len_utf8())
}

fn name_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}
