//! The table of figures, each with its reach where it has one.

use std::fmt;

/// Rows in the order in which they were measured.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

struct Row {
    what: String,
    figure: String,
    reach: String,
}

/// What a figure should be.
pub(crate) enum Reach {
    /// It is told for itself.
    None,
    /// At most so many of the unit.
    AtMost(f64, &'static str),
    /// At least so many of the unit.
    AtLeast(f64, &'static str),
}

impl Table {
    /// Adds a row: what was measured, the figure in words, and the number by which it is judged. Also prints it at once,
    /// as the whole takes a while.
    pub(crate) fn add(&mut self, what: String, figure: String, number: f64, reach: &Reach) {
        let judged = |is_met: bool, words: String| format!("{words} {}", if is_met { "met" } else { "MISSED" });
        let reach = match reach {
            Reach::None => String::new(),
            Reach::AtMost(most, unit) => judged(number <= *most, format!("≤ {most} {unit}")),
            Reach::AtLeast(least, unit) => judged(number >= *least, format!("≥ {least} {unit}")),
        };
        eprintln!("{what}: {figure} {reach}");
        self.0.push(Row { what, figure, reach });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "| what | figure | reach |\n| --- | --- | --- |")?;
        for Row { what, figure, reach } in &self.0 {
            writeln!(formatter, "| {what} | {figure} | {reach} |")?;
        }
        Ok(())
    }
}
