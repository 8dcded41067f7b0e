//! The stable names of log fields. Whoever evaluates logs may rely on them; they are added to and never renamed.
//!
//! The names are written out where something is logged (`member.id = %account`), so that a search finds them; these
//! constants are the list, for tests and for reading.

/// The account id of the member concerned.
pub const MEMBER_ID: &str = "member.id";

/// The field concerned: `presence`, `text`, …
pub const FIELD: &str = "field";

/// What was shown before; of a status text only `empty`, `ours` or `other`.
pub const FROM: &str = "from";

/// What is shown from now on; of a status text only `empty`, `ours` or `other`.
pub const TO: &str = "to";

/// Why, in words without those of an entry.
pub const WHY: &str = "why";

/// The short hash of the entry concerned.
pub const ENTRY_ID_HASH: &str = "entry.id_hash";

/// The number of the round since the start.
pub const ROUND: &str = "round";

/// How long something took, in milliseconds.
pub const DURATION_MS: &str = "duration_ms";

/// The id under which Microsoft finds a request again.
pub const GRAPH_REQUEST_ID: &str = "graph.request_id";

/// The entry point that was called.
pub const PBX_METHOD: &str = "pbx.method";

/// Every name.
pub const ALL: [&str; 10] =
    [MEMBER_ID, FIELD, FROM, TO, WHY, ENTRY_ID_HASH, ROUND, DURATION_MS, GRAPH_REQUEST_ID, PBX_METHOD];
