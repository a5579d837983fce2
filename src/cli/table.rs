//! Columns that line up, whatever the script.

use unicode_width::UnicodeWidthStr;

/// A table: a head and rows of the same length.
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// A table with these columns; a name that begins with `>` stands to the right.
    pub fn new(head: &[&str]) -> Self {
        let right = head.iter().map(|name| name.starts_with('>')).collect();
        let head = head.iter().map(|name| name.trim_start_matches('>').to_owned()).collect();
        Self { rows: vec![head], right }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The lines, two spaces between columns, none at the end of a line.
    pub fn lines(&self) -> String {
        let widths: Vec<usize> = (0..self.right.len()).map(|column| self.width(column)).collect();
        let mut out = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).zip(&self.right).map(|((cell, width), right)| {
                let gap = " ".repeat(width.saturating_sub(cell.width()));
                if *right { gap + cell } else { cell.clone() + &gap }
            });
            out += cells.collect::<Vec<_>>().join("  ").trim_end();
            out.push('\n');
        }
        out
    }

    fn width(&self, column: usize) -> usize {
        self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["disk", ">free"]);
        table.row(["Größe".to_owned(), "1.00 GB".to_owned()]);
        table.row(["日本".to_owned(), "5 B".to_owned()]);
        assert_eq!(table.lines(), "disk      free\nGröße  1.00 GB\n日本       5 B\n");
    }
}
