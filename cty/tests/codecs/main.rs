//! Both codecs under random values and hostile bytes: what goes out comes back, and nothing read from outside can do harm.

mod hostile;
mod round_trips;
mod strategies;
