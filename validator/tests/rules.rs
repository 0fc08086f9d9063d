//! Rules one by one: what each finds, what it does not, and what it leaves undecided.

mod rules {
    mod access;
    mod backends;
    mod copies;
    mod effects;
    mod estate;
    mod network;
    mod plans;
    mod scene;
    mod stale;
    mod stalls;
    mod stores;
    mod switched;
    mod table;
    mod unknowns;
    mod values;
    mod written;
}
