//! Pairs of a real estate: the same from every source, and found by place where names say nothing.

mod mirror {
    mod pairs;
    mod read;
}
