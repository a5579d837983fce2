//! `--exclude` and `--include`, in the order in which they stand on the command line.

use crate::model::Filter;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

/// Lines as `.gitignore` has them.
#[derive(Clone, Debug, Default)]
pub struct FilterArguments {
    /// In order: of those that match a path the last counts.
    pub filters: Vec<Filter>,
}

impl Args for FilterArguments {
    fn augment_args(command: Command) -> Command {
        let option = |name: &'static str, help: &'static str| {
            Arg::new(name).long(name).value_name("PATTERN").help(help).action(ArgAction::Append)
        };
        command
            .arg(option("exclude", "Leave out what matches, in the syntax of .gitignore over the path below VPATH"))
            .arg(option("include", "Take in again what an earlier --exclude leaves out; the last that matches counts"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FilterArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut found = Vec::new();
        for (name, includes) in [("exclude", false), ("include", true)] {
            let places = matches.indices_of(name).into_iter().flatten();
            for (place, pattern) in places.zip(matches.get_many::<String>(name).into_iter().flatten()) {
                let refused = |error| Error::raw(ErrorKind::ValueValidation, format_args!("--{name}: {error}\n"));
                found.push((place, Filter::new(pattern, includes).map_err(refused)?));
            }
        }
        found.sort_by_key(|(place, _)| *place);
        Ok(Self { filters: found.into_iter().map(|(_, filter)| filter).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
