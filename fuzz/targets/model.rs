//! The words that people and catalogs write.

use super::last_line;
use dsb::model::{
    DiskName, Filter, Filters, Name, ObjectId, Pattern, Portion, Rule, Search, Size, VPath, class_of, escape, unescape,
};

/// Rules a line each, then a name.
pub fn rules(input: &[u8]) {
    let (name, lines) = last_line(input);
    let rules: Vec<Rule> = lines.filter_map(|line| Rule::new(line).ok()).take(100).collect();
    for rule in &rules {
        let again = Rule::new(rule.text()).expect("its own text is a rule");
        assert_eq!((again.text(), again.class()), (rule.text(), rule.class()));
        assert_eq!(again.matches(name), rule.matches(name));
    }
    let first = rules.iter().find(|rule| rule.matches(name));
    assert_eq!(class_of(&rules, name), first.map(Rule::class));
}

/// Lines of `.gitignore`, then a path.
pub fn filters(input: &[u8]) {
    let (path, lines) = last_line(input);
    let texts = lines.filter_map(|line| std::str::from_utf8(line).ok());
    let lines: Vec<Filter> = texts.filter_map(|text| Filter::new(text, false).ok()).take(20).collect();
    let path = VPath::from_bytes(path).unwrap_or_default().to_bytes();
    for line in &lines {
        let again = Filter::new(line.pattern(), line.includes()).expect("its own pattern is one");
        assert_eq!(&again, line, "what is stored is what was said");
        let says = |line: &Filter| {
            let filters = Filters::new(std::slice::from_ref(line)).expect("it was one alone");
            [false, true].map(|is_directory| filters.leaves_out(&path[1..], is_directory))
        };
        assert_eq!(says(&again), says(line));
        assert!(says(line).into_iter().flatten().all(|out| out != line.includes()));
    }
    let filters = Filters::new(&lines).expect("each line was one");
    let spoken = filters.leaves_out(&path[1..], false);
    assert!(spoken.is_none_or(|out| lines.iter().any(|line| line.includes() != out)));
}

/// A pattern, then a path.
pub fn patterns(input: &[u8]) {
    let (path, mut lines) = last_line(input);
    let (Some(Ok(text)), Ok(path)) = (lines.next().map(std::str::from_utf8), VPath::from_bytes(path)) else { return };
    let (pattern, search) = (Pattern::new(text), Search::new(text));
    if let Ok(pattern) = pattern {
        let child = path.join(&Name::new(b"child").expect("a name"));
        assert!(!pattern.matches(&path) || pattern.matches(&child), "what matches brings all below it");
    }
    if let Ok(search) = search {
        let _ = search.matches(&path);
    }
}

/// A size, or a part of a whole.
pub fn sizes(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(size) = text.parse::<Size>() {
        assert_eq!(size.bytes().to_string().parse(), Ok(size), "{text}");
        let shown: Size = size.to_string().parse().expect("what is shown can be typed");
        let apart = shown.bytes().abs_diff(size.bytes());
        assert!(apart <= size.bytes() / 150, "{text}: {size} is {apart} bytes off");
    }
    if let Ok(Portion::Percent(part)) = text.parse::<Portion>() {
        let portion = Portion::Percent(part);
        assert!(portion.of(Size::MAX) <= Size::MAX && portion.of(Size(1)) <= Size(1) && part <= 100);
    }
}

/// Bytes as a path, a name, a disk's name, a hash, and as they are shown.
pub fn paths(input: &[u8]) {
    let shown = escape(input);
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    assert_eq!(unescape(&shown).as_deref(), Some(input));
    if let Ok(path) = VPath::from_bytes(input) {
        assert_eq!(VPath::from_bytes(&path.to_bytes()).as_ref(), Ok(&path));
        assert_eq!(unescape(&path.to_string()), Some(path.to_bytes()));
        assert!(path.names().iter().all(|name| !matches!(name.as_bytes(), b"" | b"." | b"..")));
    }
    if let Some(name) = Name::new(input) {
        assert!(!name.as_bytes().iter().any(|byte| matches!(byte, 0 | b'/')));
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(name) = text.parse::<DiskName>() {
        assert_eq!(name.to_string().parse(), Ok(name));
    }
    if let Ok(id) = text.parse::<ObjectId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Some(bytes) = unescape(text) {
        assert_eq!(unescape(&escape(&bytes)), Some(bytes));
    }
}
