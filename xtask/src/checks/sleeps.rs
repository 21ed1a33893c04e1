//! Tests wait for events or move a clock; a test that sleeps is slow on a fast machine and wrong on a slow one.

use super::Finding;
use crate::repository::{Repository, SourceFile};
use crate::rust_source::RustSource;

/// Calls that let real time pass.
const RUST: &[&str] = &["thread::sleep(", "time::sleep("];
/// Signs that the file's timers run on a clock the test moves.
const MOVED_CLOCK: &[&str] = &["start_paused", "time::pause()"];

/// Finds sleeping Rust tests and browser tests that wait for a number of milliseconds.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        let lines = if file.is_one_of(&["rs"]) && file.path.starts_with("crates/") {
            sleeping_lines(file)
        } else if file.is_one_of(&["ts", "tsx"]) {
            numbered(&file.text, |line| line.contains("waitForTimeout("))
        } else {
            Vec::new()
        };
        let text = "a test sleeps; wait for the event, or run on a paused clock";
        findings.extend(lines.into_iter().map(|line| Finding::at(&file.path, line, text)));
    }
    findings
}

/// Lines of test code that sleep: all that sleep, less those of the product.
fn sleeping_lines(file: &SourceFile) -> Vec<usize> {
    if MOVED_CLOCK.iter().any(|sign| file.text.contains(sign)) {
        return Vec::new();
    }
    let source = RustSource::new(&file.text);
    let product: Vec<usize> = RUST.iter().flat_map(|call| source.lines_with(call)).collect();
    numbered(&file.text, |line| {
        !line.trim_start().starts_with("//") && RUST.iter().any(|call| line.contains(call))
    })
    .into_iter()
    .filter(|line| file.is_test() || !product.contains(line))
    .collect()
}

fn numbered(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    text.lines().enumerate().filter(|(_, line)| wanted(line)).map(|(index, _)| index + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        check(&Repository::of(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_sleeping_test_is_found() {
        let text = "fn a() { tokio::time::sleep(d); }\n#[cfg(test)]\nmod tests {\n  fn b() { tokio::time::sleep(d); }\n}";
        assert_eq!(found("crates/a/src/lib.rs", text), [4]);
        assert_eq!(found("crates/a/tests/it.rs", "fn c() { std::thread::sleep(d); }"), [1]);
        assert_eq!(found("web/e2e/tests/a.spec.ts", "await page.waitForTimeout(500);"), [1]);
    }

    #[test]
    fn a_paused_clock_may_be_slept_on() {
        let text = "#[tokio::test(start_paused = true)]\nasync fn a() { tokio::time::sleep(d).await; }";
        assert!(found("crates/a/tests/it.rs", text).is_empty());
    }
}
