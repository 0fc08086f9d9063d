//! AWS behind small traits, one per capability: the SDK, a fake with virtual time, and faults.
