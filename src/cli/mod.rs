//! The only room that speaks: arguments in, words or JSON out, and the exit code.

mod args;
mod automate;
mod backup;
mod catalog;
mod complete;
mod completions;
mod config;
mod context;
mod coverage;
mod debug;
mod disk;
mod editor;
mod exit;
mod file;
mod find;
mod forecast;
mod info;
mod json;
mod log;
mod ls;
mod minset;
mod ncdu;
mod next;
mod paths;
mod pieces;
mod protect;
mod purge;
mod recover;
mod repair;
mod restore;
mod retention;
mod run;
mod simulate;
mod simulated;
mod sink;
mod snapshot;
mod source;
mod suspect;
mod table;
mod terminal;
mod tree;
mod update;
mod verify;
mod versions;
mod whereis;
mod words;

use crate::error::Result;
use args::{Arguments, Command, SourceCommand};
use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;
use context::Context;
use exit::Ending;
use std::process::ExitCode;

/// Runs the program with the process's own arguments.
pub fn run() -> ExitCode {
    match complete() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return exit::code_of_usage(&error, error.print().as_ref().err()),
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help goes to standard output, mistakes to standard error.
            let printed = error.print();
            return exit::code_of_usage(&error, printed.as_ref().err());
        }
    };
    let context = match Context::new(&arguments) {
        Ok(context) => context,
        Err(error) => return exit::failed(&error),
    };
    let ending = dispatch(&context, arguments.command).and_then(|ending| context.flush().map(|()| ending));
    let ending = context.ended(ending);
    context.finish(&ending);
    match ending {
        Ok(ending) => exit::code_of_ending(ending),
        Err(error) => exit::failed(&error),
    }
}

/// Tells a shell what may follow, if one asks.
fn complete() -> std::result::Result<bool, clap::Error> {
    let asked = CompleteEnv::with_factory(Arguments::command).var(completions::VARIABLE);
    asked.try_complete(std::env::args_os(), std::env::current_dir().ok().as_deref())
}

fn dispatch(context: &Context, command: Command) -> Result<Ending> {
    match command {
        Command::Protect(arguments) => protect::run(context, &arguments),
        Command::Run(arguments) => run::run(context, &arguments),
        Command::Source { command } => source::run(context, &command.unwrap_or(SourceCommand::List)),
        Command::Config(command) => config::run(context, &command),
        Command::Update(arguments) => update::run(context, &arguments),
        Command::Disk(command) => disk::run(context, &command),
        Command::Backup(arguments) => backup::run(context, &arguments),
        Command::Restore(arguments) => restore::run(context, &arguments),
        Command::Verify(arguments) => verify::run(context, &arguments),
        Command::Repair(arguments) => repair::run(context, &arguments),
        Command::Info(arguments) => info::run(context, &arguments),
        Command::Forecast(arguments) => forecast::run(context, &arguments),
        Command::Next => next::run(context),
        Command::Ls(arguments) => ls::run(context, &arguments),
        Command::Tree(arguments) => tree::tree(context, &arguments),
        Command::Du(arguments) => tree::du(context, &arguments),
        Command::Ncdu(arguments) => ncdu::run(context, &arguments),
        Command::Find(arguments) => find::run(context, &arguments),
        Command::Where { path } => whereis::run(context, &path),
        Command::Snapshot(command) => snapshot::run(context, &command),
        Command::Versions(arguments) => versions::run(context, &arguments),
        Command::Purge(arguments) => purge::run(context, &arguments),
        Command::Retention(command) => retention::run(context, &command),
        Command::Suspect(command) => suspect::run(context, &command),
        Command::Simulate(arguments) => simulate::run(context, &arguments),
        Command::Catalog(command) => catalog::run(context, &command),
        Command::Automate(arguments) => automate::run(context, &arguments),
        Command::Debug(command) => debug::run(context, &command),
        Command::Completions { shell } => completions::run(context, shell),
    }
}
