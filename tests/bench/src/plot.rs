//! Curves as a picture: what is measured over what it is measured by, each curve in its own panel.

use std::fmt::Write;

/// What was measured by how much of something there is.
pub(crate) struct Curve {
    /// What there is more and more of.
    pub(crate) words: &'static str,
    /// How much of it, and the seconds.
    pub(crate) points: Vec<(f64, f64)>,
}

/// The width and height of a panel, and the margin around what is drawn in it.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 220.0;
const MARGIN: f64 = 40.0;

/// Draws panels side by side. The dashed line is what would be in proportion to the last point.
pub(crate) fn svg(curves: &[Curve]) -> String {
    let width = WIDTH * curves.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"11\"><rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"white\"/>\n"
    );
    for (index, curve) in curves.iter().enumerate() {
        panel(&mut svg, index as f64 * WIDTH, curve);
    }
    svg + "</svg>\n"
}

fn panel(svg: &mut String, left: f64, Curve { words, points }: &Curve) {
    let largest = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::MIN_POSITIVE, f64::max);
    let (x_max, y_max) = (largest(|point| point.0), largest(|point| point.1));
    let place = |(x, y): (f64, f64)| {
        let (across, up) = (WIDTH - 2.0 * MARGIN, HEIGHT - 2.0 * MARGIN);
        (left + MARGIN + x / x_max * across, HEIGHT - MARGIN - y / y_max * up)
    };
    let line = |points: &[(f64, f64)]| -> String {
        points.iter().map(|point| place(*point)).map(|(x, y)| format!("{x:.1},{y:.1} ")).collect()
    };
    let frame = line(&[(0.0, y_max), (0.0, 0.0), (x_max, 0.0)]);
    let (proportion, curve) = (line(&[(0.0, 0.0), (x_max, points.last().map_or(0.0, |last| last.1))]), line(points));
    let (x, y) = place((0.0, 0.0));
    // A text takes whatever is written into it.
    let _ = writeln!(
        svg,
        "<polyline points=\"{frame}\" fill=\"none\" stroke=\"#333\"/>\
         <polyline points=\"{proportion}\" fill=\"none\" stroke=\"#999\" stroke-dasharray=\"4 3\"/>\
         <polyline points=\"{curve}\" fill=\"none\" stroke=\"#0a6\" stroke-width=\"2\"/>\
         <text x=\"{x}\" y=\"{}\">{words}, up to {x_max:.0}</text><text x=\"{x}\" y=\"{}\">{y_max:.2} s</text>",
        y + 18.0,
        MARGIN - 8.0,
    );
    for (x, y) in points.iter().map(|point| place(*point)) {
        let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#0a6\"/>");
    }
}
