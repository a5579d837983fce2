//! The document, and how it is made of what a catalog holds.

use super::RetentionConfig;
use super::text::{self, FilterText, RuleText, Text, Unique};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Disk, DiskName, Fanout, Handling, Settings, Size, VPath};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use uuid::Uuid;

/// All that a person set. A part that is missing is not spoken of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Real folders, by their place in the virtual tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_map: Option<Unique<Text<VPath>, Text<PathBuf>>>,
    /// `path_config` speaks only of paths at and below this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<Text<VPath>>,
    /// What is set for paths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_config: Option<Unique<Text<VPath>, PathConfig>>,
    /// What can be set of disks, by uuid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disks: Option<Unique<Text<Uuid>, DiskConfig>>,
    /// Which older states are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<RetentionConfig>,
}

/// What is set for one path. What is missing is as it is, or as at first; null takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PathConfig {
    /// Kept as last seen.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub lock: Option<Option<bool>>,
    /// Left out.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub hide: Option<Option<bool>>,
    /// Symlinks in it are followed.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub follow_symlinks: Option<Option<bool>>,
    /// Rules of folders above do not hold.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub noinherit: Option<Option<bool>>,
    /// Copies wanted.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub copies: Option<Option<u8>>,
    /// Served first; 0: left out, as in distbackup.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub priority: Option<Option<u8>>,
    /// Never more copies.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub maxcopies: Option<Option<u8>>,
    /// Over names.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub rules: Option<Option<Vec<RuleText>>>,
    /// Over paths.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub filters: Option<Option<Vec<FilterText>>>,
    /// Of distbackup, where it does nothing either.
    #[serde(deserialize_with = "text::said", skip_serializing)]
    pub include: Option<Option<Vec<String>>>,
    /// Of distbackup, where it does nothing either.
    #[serde(deserialize_with = "text::said", skip_serializing)]
    pub exclude: Option<Option<Vec<String>>>,
}

/// What can be set of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiskConfig {
    /// What it is called.
    pub name: Option<Text<DiskName>>,
    /// Bytes dsb may use on it.
    pub size_bytes: Option<Text<Size>>,
    /// Its folder, below the mount point.
    pub relative_path: Option<String>,
    /// Told, not set: what it was at the last visit.
    pub fstype: Option<String>,
    /// Told, not set: what it was at the last visit.
    pub fsuuid: Option<String>,
    /// Disks that may be lost together.
    #[serde(deserialize_with = "text::said", skip_serializing_if = "Option::is_none")]
    pub group: Option<Option<Text<DiskName>>>,
    /// May share a file system with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_device: Option<bool>,
    /// Shows snapshots as browsable trees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<bool>,
    /// In which folders its objects are to lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fanout: Option<Text<Fanout>>,
}

/// What is set for paths at and below one.
pub(super) fn paths(catalog: &Catalog, below: Option<&VPath>) -> Result<Unique<Text<VPath>, PathConfig>> {
    let mut all = std::collections::BTreeMap::new();
    if let Some(below) = below {
        // What is asked for is there to be edited, whatever is set for it.
        all.insert(Text(below.clone()), PathConfig::default());
    }
    let wanted = |path: &VPath| below.is_none_or(|below| path.starts_with(below));
    for (path, settings) in catalog.path_settings()?.into_iter().filter(|(path, _)| wanted(path)) {
        all.insert(Text(path), PathConfig::of(settings, &Handling::NONE));
    }
    for (path, handling) in catalog.handlings()?.into_iter().filter(|(path, _)| wanted(path)) {
        let config = all.entry(Text(path)).or_default();
        *config = PathConfig {
            copies: config.copies,
            priority: config.priority,
            maxcopies: config.maxcopies,
            ..PathConfig::of(Settings::NONE, &handling)
        };
    }
    Ok(Unique(all))
}

impl PathConfig {
    /// All that is set for a path.
    pub fn of(settings: Settings, handling: &Handling) -> Self {
        let flag = |set: bool| set.then_some(Some(true));
        let rules: Vec<_> = handling.rules.iter().cloned().map(RuleText).collect();
        let filters: Vec<_> = handling.filters.iter().map(FilterText::of).collect();
        Self {
            lock: flag(handling.locked),
            hide: flag(handling.hidden),
            follow_symlinks: flag(handling.follow),
            noinherit: flag(!handling.inherits),
            copies: settings.copies.map(Some),
            priority: settings.priority.map(Some),
            maxcopies: settings.maxcopies.map(Some),
            rules: (!rules.is_empty()).then_some(Some(rules)),
            filters: (!filters.is_empty()).then_some(Some(filters)),
            include: None,
            exclude: None,
        }
    }
}

impl DiskConfig {
    /// All that can be set of a disk, and what is told beside it.
    pub fn of(disk: &Disk) -> Self {
        let path = crate::model::escape(std::os::unix::ffi::OsStrExt::as_bytes(disk.path.as_os_str())).into_owned();
        let known = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            name: Some(Text(disk.name.clone())),
            size_bytes: Some(Text(disk.budget)),
            relative_path: Some(path.trim_start_matches('/').to_owned()),
            fstype: known(&disk.medium.fs_type),
            fsuuid: known(&disk.medium.fs_uuid),
            group: Some(disk.group.clone().map(Text)),
            same_device: Some(disk.same_device),
            tree: Some(disk.tree),
            fanout: Some(Text(disk.fanout)),
        }
    }
}
