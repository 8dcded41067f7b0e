//! The task beside the engine.
