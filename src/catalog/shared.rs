//! What entries share: owners, and sets of extended attributes.

use super::TreeWriter;
use crate::digest::Digest;
use crate::error::Result;
use crate::model::{ObjectId, Owner, Xattr};
use rusqlite::OptionalExtension;

impl TreeWriter<'_> {
    pub(super) fn owner(&self, owner: &Owner) -> Result<i64> {
        if let Some(id) = self.owners.borrow().get(owner) {
            return Ok(*id);
        }
        let columns = (owner.mode, owner.uid, owner.gid, &owner.user, &owner.group);
        let insert = "INSERT OR IGNORE INTO owner (mode, uid, gid, user_name, group_name) VALUES (?1,?2,?3,?4,?5)";
        self.catalog.connection.prepare_cached(insert)?.execute(columns)?;
        let select =
            "SELECT id FROM owner WHERE mode = ?1 AND uid = ?2 AND gid = ?3 AND user_name = ?4 AND group_name = ?5";
        let id = self.catalog.connection.prepare_cached(select)?.query_row(columns, |row| row.get(0))?;
        self.owners.borrow_mut().insert(owner.clone(), id);
        Ok(id)
    }

    pub(super) fn xattr_set(&self, xattrs: &[Xattr]) -> Result<Option<i64>> {
        if xattrs.is_empty() {
            return Ok(None);
        }
        let digest = xattr_digest(xattrs);
        if let Some(id) = self.xattr_sets.borrow().get(digest.as_bytes()) {
            return Ok(Some(*id));
        }
        let select = "SELECT id FROM xattr_set WHERE digest = ?1";
        let known = self.catalog.connection.query_row(select, [digest], |row| row.get(0)).optional()?;
        let id = known.map_or_else(|| self.insert_xattrs(digest, xattrs), Ok)?;
        self.xattr_sets.borrow_mut().insert(*digest.as_bytes(), id);
        Ok(Some(id))
    }

    fn insert_xattrs(&self, digest: ObjectId, xattrs: &[Xattr]) -> Result<i64> {
        let connection = &self.catalog.connection;
        let sql = "INSERT INTO xattr_set (digest) VALUES (?1) RETURNING id";
        let id = connection.query_row(sql, [digest], |row| row.get(0))?;
        for xattr in xattrs {
            let sql = "INSERT INTO xattr VALUES (?1, ?2, ?3)";
            connection.prepare_cached(sql)?.execute((id, &xattr.name, &xattr.value))?;
        }
        Ok(id)
    }
}

fn xattr_digest(xattrs: &[Xattr]) -> ObjectId {
    let mut digest = Digest::default();
    for part in xattrs.iter().flat_map(|xattr| [&xattr.name, &xattr.value]) {
        digest.update(&(part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finish()
}
