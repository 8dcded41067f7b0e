//! The packages and the script for partners, in a throw-away copy of this machine: installed, upgraded, removed, purged.
//!
//! Needs root, as only root installs; `systemd-nspawn` gives every test a root of its own over this machine's files, with
//! a systemd of its own where one should run. The service in it reaches the simulated tenant and PBX over loopback; they live
//! on another thread than the test, which waits for commands.

mod deb;
mod install;
mod made;
mod root;
mod rpm;
mod scripts;
mod site;
mod unit;
