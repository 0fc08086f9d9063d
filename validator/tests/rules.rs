//! Rules one by one: what each finds, what it does not, and what it leaves undecided.

mod rules {
    mod access;
    mod network;
    mod scene;
}
