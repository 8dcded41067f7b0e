//! `completions`: what a shell needs to complete the command line, made of the definitions that parse it.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::printing::say;
use super::{Arguments, Ending};

/// Arguments of `completions`.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Completions {
    /// For which shell
    shell: Shell,
}

/// Prints the script for the shell.
pub(super) fn completions(arguments: Completions) -> anyhow::Result<Ending> {
    say(&script(arguments.shell))?;
    Ok(Ending::Well)
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_learns_every_command_and_option() {
        let command = Arguments::command();
        for shell in Shell::value_variants() {
            let script = script(*shell);
            for command in command.get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
                for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                    assert!(script.contains(option), "{shell}: {} --{option}", command.get_name());
                }
            }
        }
    }
}
