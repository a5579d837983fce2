//! One directory: what is in it, and how it and they look.

use super::identity::Identity;
use super::root::Root;
use super::rules::{self, LeftOut};
use crate::error::reason;
use crate::model::{Kind, Name, Problem, Stat, Xattr};
use crate::os;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::sync::Mutex;

/// A name in a directory and how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its name.
    pub name: Name,
    /// How it looks; symlinks are not followed.
    pub stat: Stat,
}

/// A directory as it was found.
#[derive(Clone, Debug)]
pub struct Listing {
    /// How the directory itself looks.
    pub stat: Stat,
    /// The file system it is on.
    pub identity: Identity,
    /// Its own extended attributes.
    pub xattrs: Vec<Xattr>,
    /// What is in it, ordered by name.
    pub children: Vec<Child>,
    /// Why it is left out; then it has no children here.
    pub left_out: Option<LeftOut>,
    /// Names in it that could not be looked at.
    pub problems: Vec<(Name, Problem)>,
}

/// Lists directories, remembering what is the same for all of them.
#[derive(Debug, Default)]
pub struct Lister {
    /// The catalog's own folder: device and inode.
    own: Option<(u64, u64)>,
    identities: Mutex<HashMap<u64, Identity>>,
}

impl Lister {
    /// A lister that leaves out the directory that looks like `own`.
    pub fn new(own: Option<&Stat>) -> Self {
        Self { own: own.map(|stat| (stat.device, stat.inode)), ..Self::default() }
    }

    /// Lists one directory below a root; `buffer` may be used again. The rules that leave out do not
    /// bind the root itself: who maps it wants it.
    pub fn list(&self, root: &Root, path: &[u8], buffer: &mut Vec<u8>) -> io::Result<Listing> {
        let directory = File::from(root.open_dir(path)?);
        let stat = os::stat(directory.as_fd())?;
        let names = os::names_by_inode(directory.as_fd(), buffer)?;
        let mut listing = Listing {
            stat,
            identity: self.identity(&directory, stat.device)?,
            xattrs: os::xattrs(&directory)?,
            children: Vec::with_capacity(names.len()),
            left_out: self.left_out(&directory, path, &stat, &names),
            problems: Vec::new(),
        };
        if listing.left_out.is_none() {
            let names = names.into_iter().filter_map(|(_, name)| Name::from_box(name));
            names.for_each(|name| match look(root, path, &directory, &name) {
                Ok(stat) => listing.children.push(Child { name, stat }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let place = root.real_path(path).join(name.as_os_str());
                    let problem = Problem::new(place.as_os_str().as_bytes(), reason(&error));
                    listing.problems.push((name, problem));
                }
            });
            listing.children.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(listing)
    }

    fn left_out(&self, directory: &File, path: &[u8], stat: &Stat, names: &[os::Numbered]) -> Option<LeftOut> {
        if self.own == Some((stat.device, stat.inode)) {
            return Some(LeftOut::Catalog);
        }
        let own_name = path.rsplit(|b| *b == b'/').next().filter(|name| !name.is_empty())?;
        rules::left_out(directory.as_fd(), own_name, names)
    }

    fn identity(&self, directory: &File, device: u64) -> io::Result<Identity> {
        if let Some(known) = self.identities.lock().ok().and_then(|map| map.get(&device).cloned()) {
            return Ok(known);
        }
        let identity = super::identity::of(directory.as_fd())?;
        if let Ok(mut known) = self.identities.lock() {
            known.insert(device, identity.clone());
        }
        Ok(identity)
    }
}

/// How a name looks; in a folder that symlinks are followed in, one that leads anywhere looks like
/// what it points to.
fn look(root: &Root, folder: &[u8], directory: &File, name: &Name) -> io::Result<Stat> {
    let stat = os::stat_at(directory.as_fd(), OsStr::from_bytes(name.as_bytes()))?;
    if stat.kind != Kind::Symlink || !root.follows(folder) {
        return Ok(stat);
    }
    let way = if folder.is_empty() { name.as_bytes().to_vec() } else { [folder, b"/", name.as_bytes()].concat() };
    root.look(&way)
}
