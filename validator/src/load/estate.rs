//! `dr.hcl`: the roots of an estate, and what the configuration cannot say.
