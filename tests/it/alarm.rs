//! Mail about problems, to mail servers that nobody here wrote.

mod mta;
pub(crate) mod peer;
mod smtp;
mod watch;
