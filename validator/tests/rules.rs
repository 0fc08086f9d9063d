//! Rules on small estates: for each a case that is found, one that is silent and one that stays open.

mod rules {
    mod scene;
    mod table;
}
