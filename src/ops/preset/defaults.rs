//! What hardly anybody wants to have backed up, to be chosen by a word.

/// Sets of patterns by the word that `exclude_defaults` knows them by. A folder of the system is left
/// in the tree, empty: something is mounted on it. What begins with `/` is meant from the root of a
/// system on.
pub const SETS: [(&str, &[&str]); 3] = [
    (
        "system",
        &[
            "/proc/*",
            "/sys/*",
            "/dev/*",
            "/run/*",
            "/var/run/*",
            "/var/lock/*",
            "/tmp/*",
            "/var/tmp/*",
            "/mnt/*",
            "/media/*",
            "/cdrom/*",
            "/swapfile",
            "/swap.img",
            "lost+found/",
        ],
    ),
    (
        "caches",
        &[
            "/var/cache/*",
            ".cache/",
            ".gvfs/",
            ".thumbnails/",
            "__pycache__/",
            "Cache/",
            "CacheStorage/",
            "Code Cache/",
            "GPUCache/",
        ],
    ),
    ("trash", &[".Trash/", ".Trash-*/", "**/.local/share/Trash/", "$RECYCLE.BIN/", "System Volume Information/"]),
];
