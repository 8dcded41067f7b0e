//! What the app proves itself with: assertions that others verify, and every flaw of a certificate and a key.

mod flaws;
pub(crate) mod openssl;
mod peers;
mod tenant;
