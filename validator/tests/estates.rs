//! Real estates through the program: one inventory, whichever source it is read from.

mod estates {
    mod damage;
    mod difference;
    mod documentation;
    mod instances;
    mod joined;
    mod modelled;
    mod one_world;
    mod policy_documents;
    mod program;
    mod saved;
    mod secrets;
    mod unknowns;
    mod wrong_documents;
}
