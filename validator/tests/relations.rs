//! The relations table: what stands in it, what it says of real estates, and that unknowns never decide.

mod relations {
    mod estates;
    mod table;
    mod unknowns;
}
