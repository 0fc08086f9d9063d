//! Plugin protocol 6: messages and services, nothing above the wire.
