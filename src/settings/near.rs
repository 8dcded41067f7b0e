//! The name that somebody probably meant.

/// Longer names are not compared: nobody meant a known one, and the work grows with the square of the length.
const COMPARED_CHARS_MAX: usize = 60;

/// Returns the candidate most like `name`, the first of several, if one is like it: at most one change for every three
/// letters, whatever the case.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > COMPARED_CHARS_MAX {
        return None;
    }
    let changes_max = length.div_ceil(3);
    candidates
        .into_iter()
        // What differs more in length needs more changes; the largest file has twenty thousand unknown names.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= changes_max)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= changes_max)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Counts the letters to add, drop or replace (Levenshtein), without case.
fn distance(one: &str, two: &str) -> usize {
    let lower = |text: &str| -> Vec<char> { text.chars().flat_map(char::to_lowercase).collect() };
    let (one, two) = (lower(one), lower(two));
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (index, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in two.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(name: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(name, candidates.iter().copied()), expected);
    }

    #[test]
    fn the_nearest_name_is_found_unless_all_are_far() {
        case("tenantid", &["client_id", "tenant_id"], Some("tenant_id"));
        case("grpah", &["alarm", "graph"], Some("graph"));
        case("GRAPH", &["graph"], Some("graph"));
        case("xx", &["to", "from"], None);
        case("", &["to"], None);
        case(&"x".repeat(61), &["x"], None);
    }
}
