//! Where all of it happens, and the data, each part made when it is first wanted.

use super::command::{Dsb, shell};
use super::generate::home::Spec;
use super::generate::random::Random;
use super::generate::tree;
use super::options::Options;
use std::cell::{Cell, OnceCell};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

pub struct Ground {
    pub options: Options,
    folder: TempDir,
    tree: OnceCell<PathBuf>,
    large: OnceCell<PathBuf>,
    updated: OnceCell<Dsb>,
    names: Cell<u32>,
}

const MEGABYTE: u64 = 1 << 20;

impl Ground {
    pub fn new(options: Options) -> Self {
        fs::create_dir_all(&options.data).expect("the folder for data can be made");
        let folder = tempfile::Builder::new().prefix("floors-").tempdir_in(&options.data);
        let folder = folder.expect("the folder for data can be written to");
        let (tree, large, updated) = Default::default();
        Self { options, folder, tree, large, updated, names: Cell::new(0) }
    }

    /// A path that nothing has yet.
    pub fn path(&self, what: &str) -> PathBuf {
        self.names.set(self.names.get() + 1);
        self.folder.path().join(format!("{what}-{}", self.names.get()))
    }

    /// Many small files, in the cache of the system as far as they fit.
    pub fn tree(&self) -> &Path {
        self.tree.get_or_init(|| {
            let tree = self.options.source.clone().unwrap_or_else(|| {
                let tree = self.path("tree");
                let files = self.options.size(80_000, 4000);
                tree::write(&Spec::new(1, files, Some(16_400)), &tree).expect("room for the tree");
                tree
            });
            settle(self.folder.path());
            shell("find \"$1\" -type f -print0 | xargs -0 cat > /dev/null", &[&tree]);
            tree
        })
    }

    /// How many files are in it, and their bytes.
    pub fn amount(&self) -> (u64, u64) {
        super::jobs::files_below(self.tree()).iter().fold((0, 0), |(files, bytes), path| {
            (files + 1, bytes + fs::symlink_metadata(path).map_or(0, |found| found.len()))
        })
    }

    /// A few large files.
    pub fn large(&self) -> &Path {
        self.large.get_or_init(|| {
            let folder = self.path("large");
            fs::create_dir(&folder).expect("a folder");
            let (files, size) = (self.options.size(16, 4), self.options.size(256, 32) * MEGABYTE);
            (0..files).for_each(|number| write_large(&folder.join(format!("{number:02}.bin")), number, size));
            settle(self.folder.path());
            folder
        })
    }

    /// A catalog that knows the tree.
    pub fn updated(&self) -> &Dsb {
        self.updated.get_or_init(|| self.update_of(self.tree()))
    }

    /// A new catalog that knows a folder.
    pub fn update_of(&self, folder: &Path) -> Dsb {
        let dsb = self.mapped(folder);
        dsb.run(&["update"]);
        dsb
    }

    /// A new catalog to which a folder is mapped.
    pub fn mapped(&self, folder: &Path) -> Dsb {
        let dsb = Dsb { catalog: self.path("catalog") };
        dsb.run(&["source", "map", "/s", &text(folder)]);
        dsb
    }

    /// An empty disk, known to a catalog.
    pub fn disk(&self, dsb: &Dsb) -> PathBuf {
        let disk = self.path("disk");
        fs::create_dir(&disk).expect("a folder");
        dsb.run(&["disk", "add", "d", &text(&disk), "--same-device"]);
        disk
    }

    /// Away with a folder of a round before, and everything on the medium: nothing of it is left to
    /// do while the next one is measured.
    pub fn clear(&self, folder: &Path) {
        if folder.exists() {
            fs::remove_dir_all(folder).expect("a folder of our own");
        }
        shell("sync -f \"$1\"", &[self.folder.path()]);
    }
}

pub fn text(path: &Path) -> String {
    path.to_str().expect("the folder for data has a plain name").to_owned()
}

/// Everything on the medium, and times old enough for an update to believe them.
fn settle(folder: &Path) {
    shell("sync -f \"$1\"", &[folder]);
    thread::sleep(Duration::from_secs(3));
}

fn write_large(path: &Path, seed: u64, size: u64) {
    let mut random = Random::new(seed);
    let mut file = BufWriter::new(File::create(path).expect("a new file"));
    (0..size / 8).for_each(|_| file.write_all(&random.next().to_le_bytes()).expect("room for the file"));
    file.flush().expect("room for the file");
}
