//! The order in which chosen copies are read: that of their places on the medium.

use super::Catalog;
use crate::error::Result;
use crate::model::ObjectKey;

impl Catalog {
    /// Begins to note where objects lie, for this connection alone.
    pub fn begin_places(&self) -> Result<()> {
        let sql = "CREATE TEMP TABLE IF NOT EXISTS place (object INTEGER PRIMARY KEY, position INTEGER NOT NULL);
                   DELETE FROM temp.place;";
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Notes where one lies.
    pub fn add_place(&self, key: ObjectKey, position: u64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO temp.place VALUES (?1, ?2)";
        self.connection.prepare_cached(sql)?.execute((key, position as i64))?;
        Ok(())
    }

    /// Puts the copies chosen by [`Catalog::choose_copies`] into the order of these places; those without
    /// one come first.
    pub fn arrange_chosen(&self) -> Result<()> {
        let sql = "CREATE TEMP TABLE arranged (object INTEGER NOT NULL);
                   INSERT INTO temp.arranged SELECT c.object FROM temp.chosen c
                     LEFT JOIN temp.place p ON p.object = c.object ORDER BY p.position, c.position;
                   DELETE FROM temp.chosen;
                   INSERT INTO temp.chosen (object) SELECT object FROM temp.arranged ORDER BY rowid;
                   DROP TABLE temp.arranged;
                   DELETE FROM temp.place;";
        Ok(self.connection.execute_batch(sql)?)
    }
}
