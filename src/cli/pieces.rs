//! A list of very many, told in pieces as they come.

use super::context::Context;
use crate::error::Result;

/// Such a list: lines for a person, for a program the members of an array.
pub struct Pieces<'c> {
    context: &'c Context,
    is_empty: bool,
}

/// What stands before each member.
pub const BEFORE: &str = ",\n";

impl<'c> Pieces<'c> {
    /// Begins one; a program reads this first, which ends within its object and array.
    pub fn begin(context: &'c Context, head: &str) -> Result<Self> {
        if context.is_json() {
            context.print(head)?;
        }
        Ok(Self { context, is_empty: true })
    }

    /// Tells whole lines, or whole members with [`BEFORE`] before each; fails once nobody reads.
    pub fn tell(&mut self, text: &str) -> Result<()> {
        let is_first = std::mem::replace(&mut self.is_empty, false);
        let text = if is_first && self.context.is_json() { text.trim_start_matches(',') } else { text };
        self.context.list(text)
    }

    /// Ends it; false: there was nothing.
    pub fn end(self) -> Result<bool> {
        if self.context.is_json() {
            self.context.print("\n]}\n")?;
        }
        Ok(!self.is_empty)
    }
}
