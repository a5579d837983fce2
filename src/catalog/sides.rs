//! How files are to be protected, as files beside them say.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Name, Settings};
use std::collections::{BTreeMap, HashMap};

/// What is said of the files of one directory, by name.
pub type SideSettings = BTreeMap<Name, Settings>;

impl Catalog {
    /// What is said of files, by the directory that they stand in; all of it was said by hand.
    pub fn side_settings(&self) -> Result<HashMap<DirectoryId, SideSettings>> {
        let mut statement = self.connection.prepare("SELECT parent, name, priority, maxcopies FROM side_setting")?;
        let found = statement.query_map([], |row| {
            let name = rows::name_of(row.get_ref(1)?.as_blob()?)?;
            Ok((row.get(0)?, name, Settings { copies: None, priority: row.get(2)?, maxcopies: row.get(3)? }))
        })?;
        let mut settings: HashMap<DirectoryId, SideSettings> = HashMap::new();
        for (parent, name, said) in rows::collect(found)? {
            settings.entry(parent).or_default().insert(name, said);
        }
        Ok(settings)
    }

    /// Notes what is said of the files of a directory, in place of all that was said before.
    pub fn put_side_settings(&self, parent: DirectoryId, settings: &SideSettings) -> Result<()> {
        self.begin()?;
        self.connection.execute("DELETE FROM side_setting WHERE parent = ?1", [parent])?;
        let mut insert = self.connection.prepare_cached("INSERT INTO side_setting VALUES (?1, ?2, ?3, ?4)")?;
        for (name, said) in settings {
            insert.execute((parent, name.as_bytes(), said.priority, said.maxcopies))?;
        }
        Ok(())
    }

    /// Forgets what was said of files that are not in the newest state.
    pub fn forget_side_settings(&self) -> Result<()> {
        self.connection.execute(
            "DELETE FROM side_setting WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.parent = side_setting.parent
               AND e.name = side_setting.name AND e.last IS NULL)",
            [],
        )?;
        Ok(())
    }
}
