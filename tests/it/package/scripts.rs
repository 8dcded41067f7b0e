//! The check of symbols, which keeps the program fit for old machines.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::made::repository;

/// Compiles a library that calls one function, and checks it.
fn check(call: &str) -> Output {
    let folder = TempDir::new().unwrap();
    let (source, library) = (folder.path().join("call.c"), folder.path().join("call.so"));
    fs::write(&source, format!("void call(void) {{ {call} }}\n")).unwrap();
    let flags = ["-w", "-shared", "-fPIC", "-fno-builtin", "-std=gnu89", "-o"];
    let made = Command::new("cc").args(flags).args([&library, &source]).status().unwrap();
    assert!(made.success());
    Command::new(repository().join("scripts/symbols")).arg(&library).output().unwrap()
}

#[test]
fn a_symbol_of_a_glibc_after_2_17_is_found_and_named() {
    let output = check("getrandom(0, 0, 0);");
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("needs more than GLIBC_2.17:\nGLIBC_2.25") && words.contains("getrandom"), "{words}");
}

#[test]
fn symbols_of_2_17_and_before_are_well() {
    // 2.4 is older than 2.17, although it is the greater number.
    for call in ["clock_gettime(0, 0);", "puts(\"\"); openat(0, 0, 0);"] {
        let output = check(call);
        assert_eq!(output.status.code(), Some(0), "{call} {}", String::from_utf8_lossy(&output.stderr));
    }
}
