//! Content by its hash.

use super::Catalog;
use crate::error::Result;
use crate::model::{ObjectId, ObjectKey, Size};
use rusqlite::OptionalExtension;

impl Catalog {
    /// The key of an object, given at its first sight. `data`: bytes that are not holes.
    pub fn object_key(&self, id: ObjectId, size: Size, data: Size) -> Result<ObjectKey> {
        if let Some(key) = self.find_object(id)? {
            return Ok(key);
        }
        self.new_object(id, size, (data < size).then_some(data))
    }

    /// The key of an object that the catalog does not know. `data`: as above, none if there are no
    /// holes.
    pub(super) fn new_object(&self, id: ObjectId, size: Size, data: Option<Size>) -> Result<ObjectKey> {
        // Not RETURNING, which makes a table of its own each time: that took as long as all the rest.
        let sql = "INSERT INTO object (hash, size, data) VALUES (?1, ?2, ?3)";
        Ok(ObjectKey(self.connection.prepare_cached(sql)?.insert((id, size, data))?))
    }

    /// The last object, or a key that none has.
    pub(super) fn newest_object(&self) -> Result<ObjectKey> {
        Ok(self.connection.query_row("SELECT coalesce(max(id), 0) FROM object", [], |row| row.get(0))?)
    }

    /// The key of an object that the catalog knows.
    pub fn find_object(&self, id: ObjectId) -> Result<Option<ObjectKey>> {
        let sql = "SELECT id FROM object WHERE substr(hash, 1, 4) = substr(?1, 1, 4) AND hash = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Has the files that should hold an object read by the next update, whatever they look like then.
    /// A change of content that nothing else tells of makes them suspect.
    pub fn read_again(&self, key: ObjectKey) -> Result<()> {
        self.connection.execute("UPDATE entry SET ctime = 0 WHERE object = ?1 AND last IS NULL", [key])?;
        Ok(())
    }

    /// An object's hash and size.
    pub fn object(&self, key: ObjectKey) -> Result<(ObjectId, Size)> {
        let mut statement = self.connection.prepare_cached("SELECT hash, size FROM object WHERE id = ?1")?;
        Ok(statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }
}
