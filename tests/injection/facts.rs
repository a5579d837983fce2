//! What is true of a catalog and its disks at an instant, found without changing anything: the
//! catalog is looked at in a copy, for whoever opens it would mend what a crash left.

use crate::kit::{Sandbox, allocated, hash, object_file, objects};
use dsb::catalog::Catalog;
use dsb::disk::Attached;
use dsb::model::Holding;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Claims of copies: the object and the disk's name.
type Claims = BTreeSet<(String, String)>;

/// What was found, all of it consistent.
pub struct Facts {
    /// What the catalog claims and holds for good.
    claims: Claims,
    /// Whole objects by their disk.
    held: BTreeMap<String, BTreeSet<String>>,
    /// What the source holds now.
    live: BTreeSet<String>,
    /// Disks with a catalog copy that can be used.
    published: BTreeSet<String>,
    /// Every object that the catalog knows.
    known: BTreeSet<String>,
}

impl Facts {
    /// Looks, and fails if the state is not sound. A home without a catalog claims nothing.
    pub fn of(sandbox: &Sandbox) -> Self {
        let probe = sandbox.catalog().exists().then(|| Probe::of(sandbox));
        let probe = probe.as_ref();
        probe.inspect(|probe| probe.is_sound());
        let disks: Vec<_> = fs::read_dir(sandbox.path("disks")).unwrap().map(|disk| disk.unwrap().path()).collect();
        let name = |disk: &PathBuf| disk.file_name().unwrap().to_string_lossy().into_owned();
        let whole = |disk: &PathBuf| {
            let all = objects(disk).into_iter();
            all.filter(|id| hash(&object_file(disk, id)) == *id).collect::<BTreeSet<_>>()
        };
        let published = disks.iter().filter(|disk| has_catalog(disk)).map(name).collect();
        probe.inspect(|probe| disks.iter().for_each(|disk| probe.knows(disk)));
        Self {
            claims: probe.map(Probe::claims).unwrap_or_default(),
            held: disks.iter().map(|disk| (name(disk), whole(disk))).collect(),
            live: sources(sandbox),
            published,
            known: probe.map(|probe| probe.column("SELECT lower(hex(hash)) FROM object")).unwrap_or_default(),
        }
    }

    /// Every claim is true, save those that were false before.
    pub fn claims_are_true(&self, before: &Self) {
        let is_there = |(id, disk): &&(String, String)| self.held[disk].contains(id);
        let untrue: Vec<_> = self.claims.iter().filter(|claim| !is_there(claim) && !before.is_false(claim)).collect();
        assert!(untrue.is_empty(), "claimed and not there: {untrue:?}");
    }

    /// Whether this is claimed and not so.
    fn is_false(&self, claim: &(String, String)) -> bool {
        self.claims.contains(claim) && !self.held[&claim.1].contains(&claim.0)
    }

    /// What is live and had a copy has one still.
    pub fn no_last_copy_went(&self, before: &Self) {
        for id in before.live.iter().filter(|id| before.copies(id) > 0) {
            assert!(self.copies(id) > 0, "the last copy of {id} went");
        }
    }

    fn copies(&self, id: &str) -> usize {
        self.held.values().filter(|held| held.contains(id)).count()
    }

    /// A disk that could restore by itself still can.
    pub fn catalogs_are_there(&self, before: &Self) {
        assert!(self.published.is_superset(&before.published), "of {:?}: {:?}", before.published, self.published);
    }

    /// How many claims there are of each object that the source holds, in order.
    pub fn counts(&self) -> Vec<usize> {
        let live = self.known.iter().filter(|id| self.live.contains(*id));
        let mut counts: Vec<_> =
            live.map(|id| self.claims.iter().filter(|(claimed, _)| claimed == id).count()).collect();
        counts.sort_unstable();
        counts
    }
}

/// Objects in their places whose bytes are not those of their names.
pub fn broken(sandbox: &Sandbox) -> Vec<PathBuf> {
    let disks = fs::read_dir(sandbox.path("disks")).unwrap().map(|disk| disk.unwrap().path());
    let files = disks.flat_map(|disk| objects(&disk).into_iter().map(move |id| (object_file(&disk, &id), id)));
    files.filter(|(file, id)| hash(file) != *id).map(|(file, _)| file).collect()
}

fn sources(sandbox: &Sandbox) -> BTreeSet<String> {
    let files = crate::kit::below(&sandbox.path("src"))
        .into_iter()
        .filter(|path| fs::symlink_metadata(path).unwrap().is_file());
    files.map(|path| hash(&path)).collect()
}

/// Whether a disk's newest usable catalog copy opens.
fn has_catalog(disk: &Path) -> bool {
    let attached = Attached::open(disk).unwrap();
    let copies = attached.catalog_copies().unwrap();
    copies.first().is_some_and(|copy| Catalog::open_copy(copy).is_ok())
}

/// A copy of the home catalog with what lies beside it.
struct Probe {
    folder: tempfile::TempDir,
}

impl Probe {
    fn of(sandbox: &Sandbox) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for end in ["", "-wal", "-shm", "-journal"] {
            let name = format!("distbackup.sqlite{end}");
            let from = sandbox.catalog().with_file_name(&name);
            if from.exists() {
                fs::copy(from, folder.path().join(name)).unwrap();
            }
        }
        Self { folder }
    }

    fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("distbackup.sqlite")).unwrap()
    }

    /// The database is whole, and its sums are what a recount gives.
    fn is_sound(&self) {
        assert_eq!(self.column("PRAGMA integrity_check"), BTreeSet::from(["ok".to_owned()]));
        assert_eq!(self.column("SELECT \"table\" FROM pragma_foreign_key_check"), BTreeSet::new());
        let catalog = Catalog::open(self.folder.path()).unwrap();
        let sums = |mut all: Vec<Holding>| {
            all.retain(|sum| sum.amount.objects > 0);
            all.sort_by_key(|sum| (sum.need, sum.disks.0));
            format!("{all:?}")
        };
        assert_eq!(sums(catalog.holdings().unwrap()), sums(catalog.count_holdings().unwrap()));
    }

    /// The disk bears the session that the catalog knows, and takes no more than it may.
    fn knows(&self, path: &Path) {
        let attached = Attached::open(path).unwrap();
        let disks = Catalog::open(self.folder.path()).unwrap().disks().unwrap();
        let disk = disks.into_iter().find(|disk| disk.uuid == attached.marker().uuid).expect("a disk of this catalog");
        let session = attached.marker().session;
        let known = [Some(disk.session), disk.pending];
        assert!(known.contains(&Some(session)), "{}: {session:?}, but {known:?} is known", disk.name);
        let used = allocated(path);
        assert!(used <= disk.budget.bytes(), "{}: {used} of {}", disk.name, disk.budget);
    }

    fn claims(&self) -> Claims {
        let connection = self.connection();
        let sql = "SELECT lower(hex(o.hash)), d.name FROM copy c JOIN object o ON o.id = c.object JOIN disk d ON d.id = c.disk
                   WHERE c.doubt = 0";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn column(&self, sql: &str) -> BTreeSet<String> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}
