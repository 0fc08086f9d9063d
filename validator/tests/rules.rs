//! Rules, each asked of estates of a few lines: what breaks it, what keeps it, and what leaves it open.

mod rules {
    mod access;
    mod network;
    mod scene;
}
