//! Rules one by one: what each finds, what it does not, and what it leaves undecided.

mod rules {
    mod access;
    mod copies;
    mod effects;
    mod estate;
    mod network;
    mod scene;
    mod stores;
    mod table;
    mod unknowns;
    mod values;
    mod written;
}
