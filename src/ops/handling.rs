//! Which settings hold where.
//!
//! Rules and filters reach down the tree, the nearest folder is asked first. They do not reach
//! into a map that stands inside another one: that is a tree of its own. What is set above all
//! maps holds for those below it, locks and hiding too.

use crate::error::{Error, Kind, Result};
use crate::model::{Filters, Handling, Name, Rule, VPath, class_of};
use crate::source::LeftOut;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that is set for updates, as a tree of names.
#[derive(Debug, Default)]
struct Node {
    own: Handling,
    below: BTreeMap<Name, Arc<Node>>,
}

/// Rules of one folder, and those behind them.
#[derive(Debug)]
struct Chain {
    rules: Vec<Rule>,
    filters: Option<Filters>,
    /// Bytes of the folder's own place, which filters do not see.
    base: usize,
    above: Option<Arc<Chain>>,
}

/// What holds in one directory; cheap to hand down.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    node: Option<Arc<Node>>,
    chain: Option<Arc<Chain>>,
}

/// All settings, and the maps that they stop at.
#[derive(Debug)]
pub struct Handlings {
    root: Arc<Node>,
    maps: Vec<VPath>,
    followed: Vec<VPath>,
}

impl Handlings {
    /// The settings of a catalog.
    pub fn new(set: &BTreeMap<VPath, Handling>, maps: Vec<VPath>) -> Self {
        let all: Vec<_> = set.iter().map(|(path, handling)| (path.names(), handling)).collect();
        let followed = set.iter().filter(|(_, handling)| handling.follow).map(|(path, _)| path.clone());
        Self { root: Arc::new(tree(&all)), maps, followed: followed.collect() }
    }

    /// The folders below a map, by path, in which symlinks are followed.
    pub fn followed(&self, map: &VPath) -> Vec<Vec<u8>> {
        followed(&self.followed, map)
    }

    /// What holds in a map's own directory, and why it is left out, if it is.
    pub fn of_map(&self, path: &VPath) -> Result<(Scope, Option<LeftOut>)> {
        let reached = reach(&self.maps, path);
        let (mut scope, mut base) = (Scope { node: Some(Arc::clone(&self.root)), chain: None }, 0);
        let mut left_out = None;
        for depth in 0..=path.names().len() {
            if let Some(name) = depth.checked_sub(1).and_then(|above| path.names().get(above)) {
                base += name.as_bytes().len() + 1;
                scope.node = scope.node.as_ref().and_then(|node| node.below.get(name)).cloned();
            }
            if let Some(node) = scope.node.as_ref().filter(|_| depth >= reached) {
                left_out = left_out.or(left_out_itself(&node.own));
                scope.chain = link(&node.own, scope.chain.take(), base)?;
            }
        }
        Ok((scope, left_out))
    }
}

/// The folders below a map, by path, in which symlinks are followed.
pub fn followed<'p>(paths: impl IntoIterator<Item = &'p VPath>, map: &VPath) -> Vec<Vec<u8>> {
    let below = paths.into_iter().filter_map(|path| path.below(map));
    below.map(|names| names.iter().map(Name::as_bytes).collect::<Vec<_>>().join(&b'/')).collect()
}

/// How many names of a path stand above the first setting that holds for it.
pub fn reach(maps: &[VPath], path: &VPath) -> usize {
    let mut around: Vec<_> = maps.iter().filter(|map| path.starts_with(map)).map(|map| map.names().len()).collect();
    around.sort_unstable();
    around.pop().filter(|_| !around.is_empty()).unwrap_or(0)
}

impl Scope {
    /// Whether nothing is set here or below.
    pub fn is_plain(&self) -> bool {
        self.chain.is_none() && self.node.as_ref().is_none_or(|node| node.below.is_empty())
    }

    /// What holds in a directory of that name; `place`: this directory's, as `a/b/`.
    pub fn child(&self, name: &Name, place: impl FnOnce() -> Vec<u8>) -> Result<Self> {
        let Some(node) = self.node.as_ref().and_then(|node| node.below.get(name)).cloned() else {
            return Ok(Self { node: None, chain: self.chain.clone() });
        };
        let base = place().len() + name.as_bytes().len() + 1;
        Ok(Self { chain: link(&node.own, self.chain.clone(), base)?, node: Some(node) })
    }

    /// The priority that a rule gives a name in this directory: as many as it has `!`.
    pub fn priority_of(&self, name: &[u8]) -> Option<u8> {
        let class = self.chain().find_map(|chain| class_of(&chain.rules, name)).filter(|class| *class > 0)?;
        Some(u8::try_from(class).unwrap_or(u8::MAX))
    }

    /// The rules that hold here, the nearest first.
    fn chain(&self) -> impl Iterator<Item = &Chain> {
        std::iter::successors(self.chain.as_deref(), |chain| chain.above.as_deref())
    }

    /// Why a name in this directory is left out, if it is. `place`: the directory's, as `a/b/`.
    pub fn left_out(&self, place: &[u8], name: &Name, is_directory: bool) -> Option<LeftOut> {
        let node = self.node.as_ref().and_then(|node| node.below.get(name));
        if let Some(why) = node.and_then(|node| left_out_itself(&node.own)) {
            return Some(why);
        }
        if self.chain().find_map(|chain| class_of(&chain.rules, name.as_bytes())) == Some(0) {
            return Some(LeftOut::Ignored);
        }
        let path = [place, name.as_bytes()].concat();
        let filtered = self.chain().find_map(|chain| {
            let below = path.get(chain.base..)?;
            chain.filters.as_ref()?.leaves_out(below, is_directory)
        });
        (filtered == Some(true)).then_some(LeftOut::Excluded)
    }
}

fn left_out_itself(own: &Handling) -> Option<LeftOut> {
    match (own.locked, own.hidden) {
        (true, _) => Some(LeftOut::Locked),
        (false, true) => Some(LeftOut::Hidden),
        (false, false) => None,
    }
}

fn tree(all: &[(&[Name], &Handling)]) -> Node {
    let mut node = Node::default();
    let mut below: BTreeMap<&Name, Vec<(&[Name], &Handling)>> = BTreeMap::new();
    for (names, handling) in all {
        match names.split_first() {
            None => node.own = (*handling).clone(),
            Some((first, rest)) => below.entry(first).or_default().push((rest, handling)),
        }
    }
    node.below = below.into_iter().map(|(name, all)| (name.clone(), Arc::new(tree(&all)))).collect();
    node
}

fn link(own: &Handling, above: Option<Arc<Chain>>, base: usize) -> Result<Option<Arc<Chain>>> {
    let above = above.filter(|_| own.inherits);
    if own.rules.is_empty() && own.filters.is_empty() {
        return Ok(above);
    }
    let filters = Filters::new(&own.filters).map_err(|error| Error::new(Kind::Failed, error))?;
    let filters = (!own.filters.is_empty()).then_some(filters);
    Ok(Some(Arc::new(Chain { rules: own.rules.clone(), filters, base, above })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Filter;

    fn path(text: &str) -> VPath {
        text.parse().unwrap()
    }

    fn rules(texts: &[&str]) -> Handling {
        let rules = texts.iter().map(|text| Rule::new(text.as_bytes()).unwrap()).collect();
        Handling { rules, ..Handling::NONE }
    }

    fn left_out(set: &[(&str, Handling)], maps: &[&str], map: &str, below: &str) -> Option<LeftOut> {
        let set = set.iter().map(|(at, handling)| (path(at), handling.clone())).collect();
        let handlings = Handlings::new(&set, maps.iter().map(|map| path(map)).collect());
        let (mut scope, whole) = handlings.of_map(&path(map)).unwrap();
        let mut place = path(map).to_bytes().split_off(1);
        place.extend_from_slice(if place.is_empty() { b"" } else { b"/" });
        let below = path(below);
        let names = below.names();
        names.iter().enumerate().fold(whole, |why, (at, name)| {
            let why = why.or_else(|| scope.left_out(&place, name, at + 1 < names.len()));
            scope = scope.child(name, || place.clone()).unwrap();
            place.extend([name.as_bytes(), b"/"].concat());
            why
        })
    }

    #[test]
    fn the_nearest_rule_counts() {
        let set = [("/s", rules(&["*.o", "x"])), ("/s/a", rules(&["!*.o"])), ("/s/b", rules(&["*.c"]))];
        let set = set.map(|(at, handling)| (at, Handling { inherits: at != "/s/b", ..handling }));
        let table = [("/k.o", true), ("/a/k.o", false), ("/a/d/x", true), ("/b/k.o", false), ("/b/k.c", true)];
        for (below, expected) in table {
            let expected = expected.then_some(LeftOut::Ignored);
            assert_eq!(left_out(&set, &["/s"], "/s", below), expected, "{below}");
        }
    }

    #[test]
    fn filters_see_the_path_below_their_own_folder() {
        let filters = ["/a/b", "*.o"].map(|text| Filter::new(text, false).unwrap()).to_vec();
        let deep = Handling { filters: vec![Filter::new("keep.o", true).unwrap()], ..Handling::NONE };
        let set = [("/s", Handling { filters, ..Handling::NONE }), ("/s/c", deep)];
        let table = [("/a/b", true), ("/c/a/b", false), ("/a/b/c", true), ("/c/keep.o", false), ("/c/x.o", true)];
        for (below, expected) in table {
            let expected = expected.then_some(LeftOut::Excluded);
            assert_eq!(left_out(&set, &["/s"], "/s", below), expected, "{below}");
        }
    }

    #[test]
    fn a_map_inside_another_is_a_tree_of_its_own() {
        let set = [("/", rules(&["x"])), ("/s", rules(&["y"])), ("/s/in", rules(&["z"]))];
        let maps = ["/s", "/s/in"];
        let is_out = |map, name| left_out(&set, &maps, map, name).is_some();
        assert_eq!(["/x", "/y", "/z"].map(|name| is_out("/s", name)), [true, true, false]);
        assert_eq!(["/x", "/y", "/z"].map(|name| is_out("/s/in", name)), [false, false, true]);
    }

    #[test]
    fn what_is_set_above_all_maps_holds_for_them() {
        let hidden = Handling { hidden: true, ..Handling::NONE };
        assert_eq!(left_out(&[("/a", hidden.clone())], &["/a/b"], "/a/b", "/"), Some(LeftOut::Hidden));
        assert_eq!(left_out(&[("/a", hidden)], &["/a", "/a/b"], "/a/b", "/"), None);
    }
}
