//! Defects that were put into a real estate: each is found under its name and at its place, from every source that can know;
//! look-alikes are not.

mod seeded {
    mod base;
    mod defects;
    mod run;
}
