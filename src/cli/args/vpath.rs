//! Virtual paths on the command line: any bytes that a file system has.

use crate::model::{NotAVPath, VPath};
use clap::builder::{MapValueParser, OsStringValueParser, TryMapValueParser, TypedValueParser, ValueParserFactory};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

type Bytes = MapValueParser<OsStringValueParser, fn(OsString) -> Vec<u8>>;

impl ValueParserFactory for VPath {
    type Parser = TryMapValueParser<Bytes, fn(Vec<u8>) -> Result<Self, NotAVPath>>;

    fn value_parser() -> Self::Parser {
        let read: fn(Vec<u8>) -> Result<Self, NotAVPath> = |bytes| Self::from_bytes(&bytes);
        OsStringValueParser::new().map(OsStringExt::into_vec as fn(OsString) -> Vec<u8>).try_map(read)
    }
}
