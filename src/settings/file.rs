//! The settings file: TOML with a line for every value.
//!
//! A file that cannot be used is told with its path and place, never with its words, as they may be a secret's.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use config::{Value, ValueKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::environment::FILE_VARIABLE;
use super::error::{Origin, Problem, bounded};
use super::keys::{Keys, LIST, join};
use super::layer::Layer;

/// What stands for the file's own key in problems that concern the whole of it.
pub(crate) const FILE_KEY: &str = "settings file";

/// The largest settings file: many times what all keys with their comments need.
const FILE_BYTES_MAX: usize = 256 * 1024;

/// Who can read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readable {
    /// Its owner and perhaps its group.
    ByItsOwn,
    /// Every user of the machine.
    ByEverybody,
}

/// A file's bytes and who else can read them.
pub(crate) struct Content {
    /// The bytes, wiped after use.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Who can read them.
    pub(crate) readable: Readable,
}

/// Reads a file of at most `bytes_max` bytes.
pub(crate) fn read(path: &Path, bytes_max: usize) -> io::Result<Content> {
    let file = File::open(path)?;
    let others = file.metadata()?.permissions().mode() & 0o004;
    let mut bytes = Zeroizing::new(Vec::new());
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > bytes_max {
        let reason = format!("it is longer than {bytes_max} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
    }
    let readable = match others {
        0 => Readable::ByItsOwn,
        _ => Readable::ByEverybody,
    };
    Ok(Content { bytes, readable })
}

/// What a settings file says.
pub(crate) struct FileLayer {
    /// The values of known keys.
    pub(crate) layer: Layer,
    /// What is wrong with the others.
    pub(crate) problems: Vec<Problem>,
    /// Who can read the file.
    pub(crate) readable: Readable,
}

/// Reads the settings file.
pub(crate) fn layer(path: &Path, keys: &Keys) -> Result<FileLayer, Problem> {
    let content = read(path, FILE_BYTES_MAX).map_err(|error| Problem {
        key: FILE_KEY.to_owned(),
        source: origin(path, None),
        wrong: format!("cannot be read: {error}"),
        allowed: format!("name another with --config or {FILE_VARIABLE}, or make this one readable"),
    })?;
    let text = text(path, &content.bytes)?;
    let lines = Lines::of(text.as_bytes());
    let document = DeTable::parse(text).map_err(|error| not_toml(path, &lines, &error))?;
    let mut walk = Walk { path, keys, lines: &lines, layer: Layer::default(), problems: Vec::new() };
    walk.table("", document.get_ref());
    Ok(FileLayer { layer: walk.layer, problems: walk.problems, readable: content.readable })
}

fn text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = Lines::of(bytes).place(error.valid_up_to());
        Problem {
            key: FILE_KEY.to_owned(),
            source: origin(path, Some(line)),
            wrong: format!("is not UTF-8 at column {column}"),
            allowed: "save it as UTF-8".to_owned(),
        }
    })
}

/// The parser's message names what it expected, never what it found; its `Display` form would show the whole line.
fn not_toml(path: &Path, lines: &Lines, error: &toml::de::Error) -> Problem {
    let place = error.span().map(|span| lines.place(span.start));
    let column = place.map_or_else(String::new, |(_, column)| format!(" at column {column}"));
    Problem {
        key: FILE_KEY.to_owned(),
        source: origin(path, place.map(|(line, _)| line)),
        wrong: format!("is not TOML{column}: {}", error.message()),
        allowed: "texts stand in quotes, one key = value a line".to_owned(),
    }
}

fn origin(path: &Path, line: Option<usize>) -> Origin {
    Origin::File { path: path.to_owned(), line }
}

/// Goes through the tables of a file and sorts known keys from unknown ones.
struct Walk<'a> {
    path: &'a Path,
    keys: &'a Keys,
    lines: &'a Lines,
    layer: Layer,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn table(&mut self, key: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let line = self.lines.place(name.span().start).0;
            self.value(&join(key, name.get_ref()), name.get_ref(), line, value);
        }
    }

    fn value(&mut self, key: &str, name: &str, line: usize, value: &Spanned<DeValue<'_>>) {
        // A quoted name with a point or a bracket in it must not pass for a path.
        if name.contains(['.', '[', ']']) {
            return self.problem(key, line, "unknown key", "keys stand without quotes");
        }
        let known = without_index(key);
        match value.get_ref() {
            DeValue::Array(items) if key == LIST => self.list(key, line, items),
            _ if key == LIST => {
                self.problem(key, line, "is no list of tables", "write it as [[member]]");
            }
            value if self.keys.knows(&known) => {
                self.layer.set_line(key.to_owned(), line, kind(value));
            }
            DeValue::Table(table) if self.keys.is_table(&known) => self.table(key, table),
            _ if self.keys.is_table(&known) => {
                let allowed = format!("write it as [{known}] with its keys below");
                self.problem(key, line, "is no table", &allowed);
            }
            _ => self.unknown(key, line),
        }
    }

    fn list(&mut self, key: &str, line: usize, items: &[Spanned<DeValue<'_>>]) {
        for (index, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => self.table(&format!("{key}[{index}]"), table),
                _ => self.problem(key, line, "holds something else than tables", "write it as [[member]]"),
            }
        }
    }

    fn unknown(&mut self, key: &str, line: usize) {
        let hint = self.keys.hint(&without_index(key), str::to_owned);
        self.problem(key, line, "unknown key", &hint);
    }

    fn problem(&mut self, key: &str, line: usize, wrong: &str, allowed: &str) {
        self.problems.push(Problem {
            key: bounded(key),
            source: origin(self.path, Some(line)),
            wrong: wrong.to_owned(),
            allowed: allowed.to_owned(),
        });
    }
}

/// Returns `member.login` for `member[3].login`: the tables of the list have the same keys.
fn without_index(key: &str) -> String {
    match (key.find('['), key.find(']')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &key[..open], &key[close + 1..])
        }
        _ => key.to_owned(),
    }
}

/// Returns a value as the reader takes it. A table stands where no key expects one, so its content does not matter; a
/// date is taken as its text.
fn kind(value: &DeValue<'_>) -> ValueKind {
    match value {
        DeValue::String(text) => ValueKind::String(text.clone().into_owned()),
        DeValue::Integer(number) => {
            ValueKind::I128(i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(i128::MAX))
        }
        DeValue::Float(number) => ValueKind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => ValueKind::Boolean(*flag),
        DeValue::Datetime(date) => ValueKind::String(date.to_string()),
        DeValue::Array(items) => {
            ValueKind::Array(items.iter().map(|item| Value::new(None, kind(item.get_ref()))).collect())
        }
        DeValue::Table(_) => ValueKind::Nil,
    }
}

/// Where the lines of a text begin.
struct Lines {
    starts: Vec<usize>,
    /// The places of bytes that continue a character, which count for no column.
    continued: Vec<usize>,
}

impl Lines {
    fn of(bytes: &[u8]) -> Self {
        let places = |wanted: fn(u8) -> bool| {
            let numbered = bytes.iter().enumerate();
            numbered.filter(move |(_, byte)| wanted(**byte)).map(|(place, _)| place)
        };
        let starts = places(|byte| byte == b'\n').map(|end| end + 1);
        Self {
            starts: std::iter::once(0).chain(starts).collect(),
            continued: places(|byte| byte & 0b1100_0000 == 0b1000_0000).collect(),
        }
    }

    /// Returns the line and column of a place, both counted from 1.
    fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let continued = self.continued.partition_point(|place| *place < offset)
            - self.continued.partition_point(|place| *place < start);
        (line, offset - start - continued + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters_from_one() {
        let lines = Lines::of("a\nüb\n".as_bytes());
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(1), (1, 2));
        assert_eq!(lines.place(2), (2, 1));
        assert_eq!(lines.place(4), (2, 2));
        assert_eq!(lines.place(6), (3, 1));
    }

    #[test]
    fn the_index_of_a_list_is_dropped_from_a_key() {
        assert_eq!(without_index("member[12].login"), "member.login");
        assert_eq!(without_index("a]b[c"), "a]b[c");
        assert_eq!(without_index("graph"), "graph");
    }
}
