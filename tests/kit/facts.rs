//! Plain facts about directories, found without any code of the program.

use openssl::sha::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The names of the objects on a disk.
pub fn objects(disk: &Path) -> BTreeSet<String> {
    let files = below(&disk.join("distbackup-objects"));
    let files = files.into_iter().filter(|path| path.is_file());
    files.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
}

/// Where a disk has an object, or would have it as distbackup does.
pub fn object_file(disk: &Path, id: &str) -> PathBuf {
    let place = |folder: &Path| disk.join("distbackup-objects").join(folder).join(id);
    let usual = place(Path::new(&id[..3]));
    let pairs = |count| place(&(0..count).map(|at| &id[2 * at..2 * at + 2]).collect::<PathBuf>());
    if usual.exists() { usual } else { (0..=4).map(pairs).find(|place| place.exists()).unwrap_or(usual) }
}

/// The SHA-256 of a file, as its object is called.
pub fn hash(file: &Path) -> String {
    let bytes = sha256(&fs::read(file).expect("readable"));
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Every object on a disk has the bytes that its name says.
#[track_caller]
pub fn assert_objects_are_whole(disk: &Path) {
    for id in objects(disk) {
        assert_eq!(hash(&object_file(disk, &id)), id);
    }
}

/// Bytes allocated for a directory and all that is in it.
pub fn allocated(directory: &Path) -> u64 {
    let own = fs::symlink_metadata(directory).expect("no directory").blocks() * 512;
    let mut seen = BTreeSet::new();
    let stats = below(directory).into_iter().map(|path| fs::symlink_metadata(path).expect("it is there"));
    own + stats.filter(|stat| seen.insert(stat.ino())).map(|stat| stat.blocks() * 512).sum::<u64>()
}

/// Files of a disk that are still being written.
pub fn temporary_files(disk: &Path) -> Vec<PathBuf> {
    let is_temporary = |path: &PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.contains(".part") || name.contains(".tmp")
    };
    below(disk).into_iter().filter(is_temporary).collect()
}

/// Every path below a directory with all that tells one state from another.
pub fn dump(directory: &Path) -> BTreeMap<PathBuf, String> {
    let entry = |path: PathBuf| {
        let stat = fs::symlink_metadata(&path).expect("it is there");
        let content = if stat.is_file() { sha256(&fs::read(&path).expect("readable")).to_vec() } else { Vec::new() };
        let times = (stat.mtime(), stat.mtime_nsec(), stat.ctime(), stat.ctime_nsec());
        let text = format!("{:o} {} {} {} {times:?} {content:02x?}", stat.mode(), stat.uid(), stat.ino(), stat.size());
        (path, text)
    };
    below(directory).into_iter().map(entry).collect()
}

/// All paths below a directory; symlinks are not followed.
pub fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let entry = entry.expect("it can be listed");
            if entry.file_type().expect("a type").is_dir() {
                open.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found
}
