//! What is true, by looking at the files: no code of the program is asked.

use crate::kit::{Sandbox, allocated, hash, object_file, objects};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Names of objects.
pub type Ids = BTreeSet<String>;

/// One disk of the shelf.
pub struct Disk {
    pub name: String,
    pub budget: u64,
    /// Whether it lies in its drawer.
    pub unplugged: bool,
    /// Objects that a fault of ours took or spoiled, and nobody has noticed yet.
    pub harmed: Ids,
    /// A copy of all of it that was made once.
    pub clone: Option<PathBuf>,
}

impl Disk {
    /// Where its data directory is now.
    pub fn path(&self, sandbox: &Sandbox) -> PathBuf {
        if self.unplugged { sandbox.path(format!("drawer-{}", self.name)) } else { sandbox.disk(&self.name) }
    }

    /// Objects on it that are whole.
    pub fn good(&self, sandbox: &Sandbox) -> Ids {
        let path = self.path(sandbox);
        objects(&path).into_iter().filter(|id| hash(&object_file(&path, id)) == *id).collect()
    }

    /// Never more than its budget, whatever was done.
    pub fn is_within_budget(&self, sandbox: &Sandbox) {
        let used = allocated(&self.path(sandbox));
        assert!(used <= self.budget, "{} takes {used} of {}", self.name, self.budget);
    }
}

/// The content of every file of the source, by path.
pub fn contents(sandbox: &Sandbox) -> BTreeMap<PathBuf, String> {
    let root = sandbox.path("src");
    let files = crate::kit::below(&root).into_iter().filter(|path| path.is_file());
    files.map(|path| (path.clone(), hash(&path))).collect()
}

/// What the catalog claims beyond doubt: objects by the name of the disk.
pub fn claims(sandbox: &Sandbox) -> BTreeMap<String, Ids> {
    let catalog = rusqlite::Connection::open(sandbox.catalog()).expect("no catalog");
    let sql = "SELECT d.name, lower(hex(o.hash)) FROM copy c JOIN object o ON o.id = c.object
               JOIN disk d ON d.id = c.disk WHERE NOT c.doubt AND NOT d.unconfirmed";
    let mut statement = catalog.prepare(sql).expect(sql);
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect(sql);
    let mut claims: BTreeMap<String, Ids> = BTreeMap::new();
    for (disk, id) in rows.map(|row: rusqlite::Result<(String, String)>| row.expect("a row")) {
        claims.entry(disk).or_default().insert(id);
    }
    claims
}
