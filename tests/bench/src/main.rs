//! Measures the service beside a simulated tenant and a simulated PBX, and prints one table.
//!
//! `scripts/bench` builds the service and this, and runs it; it takes a quarter of an hour on an idle machine. Nothing is
//! asserted about time: a figure that misses its reach says so and the program goes on.

mod decisions;
mod footprint;
mod journal;
mod lateness;
mod machine;
mod plot;
mod probe;
mod quantiles;
mod restart;
mod simulated;
mod site;
mod table;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use table::Table;

/// What is to be measured.
#[derive(Parser)]
struct Options {
    /// The program that is measured.
    #[arg(long)]
    program: PathBuf,
    /// Which version of it this is.
    #[arg(long, default_value = "unknown")]
    commit: String,
    /// Only these.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Sites of so many members.
    #[arg(long, default_values_t = [1, 1_000, 10_000])]
    members: Vec<u32>,
    /// Where to draw how costs grow.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Leaves out what takes minutes of waiting.
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Lateness,
    Decisions,
    WrongState,
    GraphCost,
    Footprint,
    Restart,
    Journal,
    Growth,
}

fn main() -> std::process::ExitCode {
    if std::env::args().next().is_some_and(|name| name.ends_with("service")) {
        return starface_calendar::cli::main();
    }
    measure();
    std::process::ExitCode::SUCCESS
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn measure() {
    let options = Options::parse();
    let is_wanted = |part: Part| options.only.is_empty() || options.only.contains(&part);
    let mut table = Table::default();
    if is_wanted(Part::Lateness) {
        for members in &options.members {
            lateness::measure(&options, *members, &mut table).await;
        }
    }
    if is_wanted(Part::Decisions) {
        decisions::measure(&mut table);
    }
    if is_wanted(Part::WrongState) {
        tokio::task::block_in_place(|| simulated::wrong_state(&mut table));
    }
    if is_wanted(Part::GraphCost) {
        tokio::task::block_in_place(|| simulated::graph_cost(&mut table));
    }
    if is_wanted(Part::Journal) {
        journal::commit(&mut table).await;
        journal::growth(&mut table).await;
    }
    for members in options.members.iter().copied().filter(|members| *members > 1) {
        if is_wanted(Part::Footprint) {
            footprint::measure(&options, members, &mut table).await;
        }
        if is_wanted(Part::Restart) {
            restart::measure(&options, members, &mut table).await;
        }
    }
    if is_wanted(Part::Growth) && !options.quick {
        let curves = tokio::task::block_in_place(|| simulated::growth(&mut table));
        if let Some(path) = &options.plot {
            std::fs::write(path, plot::svg(&curves)).expect("the picture can be written");
        }
    }
    println!("{}\ncommit {}\n\n{table}", machine::words(), options.commit);
}
