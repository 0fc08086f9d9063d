//! Rules of access.
