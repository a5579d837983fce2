//! What a catalog says, asked of the file itself.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::path::Path;

/// A disk by name and an object by its hash.
pub type Claim = (String, String);

/// One catalog.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub claims: BTreeSet<Claim>,
    /// Those that count for nothing until they were looked at again.
    pub doubted: BTreeSet<Claim>,
    /// What the newest state needs.
    pub live: BTreeSet<String>,
    /// Its newest entries and its snapshots, each as a text.
    pub lasting: BTreeSet<String>,
    pub generation: i64,
    /// Of the catalog copy on the disk with power cuts.
    pub published: i64,
    /// The sessions that disk may bear in its marker: number and nonce.
    pub sessions: Vec<(i64, i64)>,
    /// The newest session that claims something on that disk.
    pub claimed_in: i64,
}

const CLAIMS: &str = "SELECT d.name, lower(hex(o.hash)) FROM copy c JOIN object o ON o.id = c.object
     JOIN disk d ON d.id = c.disk";
const DOUBTED: &str = "SELECT d.name, lower(hex(o.hash)) FROM copy c JOIN object o ON o.id = c.object
     JOIN disk d ON d.id = c.disk WHERE c.doubt OR d.unconfirmed";
const LIVE: &str = "SELECT lower(hex(hash)) FROM object WHERE id IN (SELECT object FROM entry WHERE last IS NULL AND object IS NOT NULL)
     OR id IN (SELECT old_object FROM suspect)";
const LASTING: &str =
    "SELECT parent || ' ' || hex(name) || ' ' || kind || ' ' || mtime || ' ' || coalesce(hex(o.hash), '-')
     FROM entry e LEFT JOIN object o ON o.id = e.object WHERE e.last IS NULL
     UNION SELECT 'snapshot ' || id FROM snapshot";
const SESSIONS: &str = "SELECT session, nonce FROM disk WHERE name = 'a'
     UNION SELECT pending_session, pending_nonce FROM disk WHERE name = 'a' AND pending_session IS NOT NULL";
const CLAIMED_IN: &str =
    "SELECT coalesce(max(session), 0) FROM copy WHERE disk = (SELECT id FROM disk WHERE name = 'a')";
const RECOUNT: &str = "SELECT o.id IN (SELECT object FROM entry WHERE last IS NULL AND object IS NOT NULL)
       OR o.id IN (SELECT old_object FROM suspect) AS live,
     coalesce((SELECT sum(1 << disk) FROM copy WHERE object = o.id), 0) AS disks, count(*), sum(size)
     FROM object o GROUP BY live, disks ORDER BY live, disks";
const HOLDINGS: &str =
    "SELECT live = 1, disks, sum(objects), sum(bytes) FROM holding WHERE objects > 0 GROUP BY 1, 2 ORDER BY 1, 2";

impl Facts {
    /// Reads a home catalog; an error is damage.
    pub fn of(catalog: &Path) -> Result<Self, String> {
        Self::read(catalog).map_err(|error| format!("the home catalog cannot be read: {error}"))
    }

    fn read(catalog: &Path) -> rusqlite::Result<Self> {
        let db = Connection::open_with_flags(catalog, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let generation = "SELECT coalesce(max(generation), 0) FROM disk WHERE name = 'a'";
        Ok(Self {
            claims: pairs(&db, CLAIMS)?.into_iter().collect(),
            doubted: pairs(&db, DOUBTED)?.into_iter().collect(),
            live: column(&db, LIVE)?.into_iter().collect(),
            lasting: column(&db, LASTING)?.into_iter().collect(),
            generation: db.query_row("SELECT generation FROM catalog", [], |row| row.get(0))?,
            published: db.query_row(generation, [], |row| row.get(0))?,
            sessions: pairs(&db, SESSIONS)?,
            claimed_in: db.query_row(CLAIMED_IN, [], |row| row.get(0))?,
        })
    }

    /// On how many disks the catalog claims an object.
    pub fn copies(&self, object: &str) -> usize {
        self.claims.iter().filter(|(_, claimed)| claimed == object).count()
    }
}

/// What is wrong with a home catalog in itself.
pub fn unsound(catalog: &Path) -> Vec<String> {
    check(catalog).unwrap_or_else(|error| vec![format!("the home catalog cannot be checked: {error}")])
}

fn check(catalog: &Path) -> rusqlite::Result<Vec<String>> {
    let db = Connection::open_with_flags(catalog, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut wrong = Vec::new();
    let integrity: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if integrity != "ok" {
        wrong.push(format!("the home catalog is not whole: {integrity}"));
    }
    if !column::<String>(&db, "SELECT \"table\" FROM pragma_foreign_key_check")?.is_empty() {
        wrong.push("the home catalog has rows that refer to nothing".to_owned());
    }
    let is_summed_up: bool = db.query_row("SELECT holdings_true = 1 FROM catalog", [], |row| row.get(0))?;
    let (sums, counted) = (sums(&db, HOLDINGS)?, sums(&db, RECOUNT)?);
    if is_summed_up && sums != counted {
        wrong.push(format!("the sums are {sums:?}, and a recount gives {counted:?}"));
    }
    Ok(wrong)
}

fn sums(db: &Connection, sql: &str) -> rusqlite::Result<Vec<[i64; 4]>> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    rows.collect()
}

fn column<T: FromSql>(db: &Connection, sql: &str) -> rusqlite::Result<Vec<T>> {
    let mut statement = db.prepare(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn pairs<A: FromSql, B: FromSql>(db: &Connection, sql: &str) -> rusqlite::Result<Vec<(A, B)>> {
    let mut statement = db.prepare(sql)?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
