//! The arguments of `dsb source`.

use crate::cli::complete;
use crate::model::{Filter, VPath};
use crate::ops::PathConfig;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// `source`
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Show a real folder at a place of the virtual tree; maps nest, the inner one counts
    Map {
        /// The place in the virtual tree
        #[arg(add = complete::vpaths())]
        vpath: VPath,
        /// The real folder
        path: PathBuf,
    },
    /// Take a map away; the next update takes its files out of the set
    #[command(alias = "del")]
    Unmap {
        /// The place in the virtual tree
        #[arg(add = complete::vpaths())]
        vpath: VPath,
    },
    /// List the maps, and what is set for paths
    List,
    /// Keep paths as they were last seen, unscanned; without any: list what is locked
    Lock {
        /// Paths of the virtual tree
        #[arg(add = complete::vpaths())]
        vpaths: Vec<VPath>,
    },
    /// Scan paths again
    Unlock {
        /// Paths of the virtual tree
        #[arg(required = true, value_name = "VPATH", add = complete::vpaths())]
        vpaths: Vec<VPath>,
    },
    /// Set how paths are protected and what is left out; without options: show what holds
    Set(SourceSetArguments),
    /// Take away all that is set for paths
    Reset {
        /// Paths of the virtual tree
        #[arg(required = true, value_name = "VPATH", add = complete::vpaths())]
        vpaths: Vec<VPath>,
    },
}

impl SourceCommand {
    /// Whether it changes the catalog; `set` without options only shows.
    pub fn changes(&self) -> bool {
        match self {
            Self::List => false,
            Self::Lock { vpaths } => !vpaths.is_empty(),
            Self::Set(arguments) => arguments.sets(),
            Self::Map { .. } | Self::Unmap { .. } | Self::Unlock { .. } | Self::Reset { .. } => true,
        }
    }
}

/// `source set`
#[derive(Debug, Args)]
pub struct SourceSetArguments {
    /// Paths of the virtual tree; `/` for all of it
    #[arg(required = true, value_name = "VPATH", add = complete::vpaths())]
    pub vpaths: Vec<VPath>,
    /// Copies wanted, on disks that fail apart; more only fill free room; 0: as above it
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=64))]
    pub copies: Option<u8>,
    /// Served before what has a lower one, among what has as few copies; 0: as above it
    #[arg(short, long, value_name = "N")]
    pub priority: Option<u8>,
    /// Never more copies than so many; 0: as above it
    #[arg(short, long, value_name = "N")]
    pub maxcopies: Option<u8>,
    /// The same as JSON, with the keys of `dsb config`; what other options say counts more
    #[arg(short = 'j', long = "settings", value_name = "JSON", value_parser = path_config)]
    pub set: Option<PathConfig>,
    /// Keep it as it was last seen, do not scan it
    #[arg(short, long, conflicts_with = "unlock")]
    pub lock: bool,
    /// Scan it again
    #[arg(short, long)]
    pub unlock: bool,
    /// Leave out names that match, here and below; repeatable, the first that matches counts; with
    /// ! before it: keep them; a name, a shell pattern, or /REGEX; '' alone: no rules
    #[arg(short, long, value_name = "PATTERN")]
    pub ignore: Vec<OsString>,
    /// With --ignore: behind the rules that are set, not in their place
    #[arg(short, long)]
    pub append: bool,
    /// Rules and filters of folders above do not hold here
    #[arg(long, conflicts_with = "inherit")]
    pub no_inherit: bool,
    /// They do (as at first)
    #[arg(long)]
    pub inherit: bool,
    /// Lines as `.gitignore` has them
    #[command(flatten)]
    pub filters: FilterArguments,
    /// Take all of --exclude and --include away, before those given here
    #[arg(long)]
    pub no_filters: bool,
    /// Leave it out, with all below it
    #[arg(long, conflicts_with = "unhide")]
    pub hide: bool,
    /// Do not leave it out
    #[arg(long)]
    pub unhide: bool,
    /// Take symlinks in this very folder for what they point to
    #[arg(long, conflicts_with = "nofollow")]
    pub follow: bool,
    /// Keep symlinks as symlinks (as at first)
    #[arg(long)]
    pub nofollow: bool,
}

fn path_config(text: &str) -> Result<PathConfig, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

impl SourceSetArguments {
    /// Whether anything is set, not only shown.
    pub fn sets(&self) -> bool {
        let flags = [self.lock, self.unlock, self.no_inherit, self.inherit, self.no_filters];
        let more = [self.hide, self.unhide, self.follow, self.nofollow];
        [self.copies, self.priority, self.maxcopies].iter().any(Option::is_some)
            || self.set.is_some()
            || !self.ignore.is_empty()
            || !self.filters.filters.is_empty()
            || flags.iter().chain(&more).any(|flag| *flag)
    }
}

/// `--exclude` and `--include`, in the order in which they stand on the command line.
#[derive(Clone, Debug, Default)]
pub struct FilterArguments {
    /// Of those that match a path the last counts.
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
