//! What one run may spend: elements, bytes and depth, counted over all of its evaluations.

use std::cell::Cell;

use cty::Value;

use super::{Failure, Limits};
use crate::source::Place;

/// What is left of the [`Limits`]. One for a run: evaluations that start others share it.
#[derive(Debug)]
pub struct Budget {
    elements: Cell<u64>,
    bytes: Cell<u64>,
    depth: Cell<u32>,
    deepest: u32,
    /// A bound was reached in the evaluation that is under way: nothing may catch that.
    reached: Cell<bool>,
}

impl Budget {
    /// All of it.
    pub fn new(limits: &Limits) -> Self {
        Budget {
            elements: Cell::new(limits.elements),
            bytes: Cell::new(limits.bytes),
            depth: Cell::new(0),
            deepest: limits.depth,
            reached: Cell::new(false),
        }
    }

    /// One level deeper, until the answer is dropped.
    pub(super) fn enter(&self, place: Place) -> Result<Level<'_>, Box<Failure>> {
        if self.depth.get() >= self.deepest {
            self.reached.set(true);
            return Err(Failure::new(
                place,
                "Expression nested too deeply",
                format!(
                    "Evaluation reached {} levels here, counted through the values it refers to. Split the expression, or \
                     look for values that are built from one another in a long chain.",
                    self.deepest
                ),
            ));
        }
        self.depth.set(self.depth.get() + 1);
        Ok(Level(self))
    }

    /// Whether a bound was reached by what is being evaluated.
    pub(super) fn is_reached(&self) -> bool {
        self.reached.get()
    }

    /// Pays for elements.
    pub(super) fn elements(&self, count: usize, place: Place) -> Result<(), Box<Failure>> {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.spend(&self.elements, count, place, "elements")
    }

    /// Pays for text.
    pub(super) fn bytes(&self, count: usize, place: Place) -> Result<(), Box<Failure>> {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.spend(&self.bytes, count, place, "bytes of text")
    }

    /// Pays for a value that was put together: its text, its parts, and a little for all that lies inside of them. Values
    /// share their parts, so that few lines can make one whose parts are beyond counting, or that is nested without end:
    /// both are refused before anything has to walk through them.
    pub(super) fn made(&self, value: &Value, place: Place) -> Result<(), Box<Failure>> {
        let text = |value: &Value| value.as_str().map_or(0, str::len);
        if let Some(elements) = value.elements() {
            self.elements(elements.len(), place)?;
            self.bytes(elements.iter().map(text).sum(), place)?;
        } else if let Some(entries) = value.entries() {
            self.elements(entries.len(), place)?;
            self.bytes(entries.values().map(text).sum(), place)?;
        }
        self.bytes(text(value), place)?;
        self.weigh(value, place)
    }

    /// Pays for walks through a value.
    pub(super) fn weigh(&self, value: &Value, place: Place) -> Result<(), Box<Failure>> {
        let most = self.elements.get().saturating_mul(SHARE);
        let mut left = most;
        if !fits(value, DEEPEST_VALUE, &mut left) {
            self.reached.set(true);
            return Err(Failure::new(
                place,
                "Evaluation grew too large",
                format!(
                    "This value has too many parts, or is nested deeper than {DEEPEST_VALUE} levels. Look for values that \
                     hold one another several times."
                ),
            ));
        }
        self.elements
            .set(self.elements.get().saturating_sub((most - left) / SHARE));
        Ok(())
    }

    fn spend(
        &self,
        left: &Cell<u64>,
        count: u64,
        place: Place,
        what: &str,
    ) -> Result<(), Box<Failure>> {
        if let Some(rest) = left.get().checked_sub(count) {
            left.set(rest);
            return Ok(());
        }
        self.reached.set(true);
        Err(Failure::new(
            place,
            "Evaluation grew too large",
            format!(
                "This makes more {what} than one run may make. Look for loops over loops and for text that doubles."
            ),
        ))
    }
}

/// Parts inside of a value that cost as much as one element.
const SHARE: u64 = 16;

/// Bytes of text that weigh as much as one part.
const TEXT_SHARE: usize = 32;

/// Parts that a number weighs which no float can hold: thousands of digits, which take their time to be written.
const LONG_NUMBER: u64 = 16_000;

/// Deepest nesting of a value.
const DEEPEST_VALUE: u32 = 600;

/// Whether a value has no more parts than are left, and is nested no deeper.
fn fits(value: &Value, depth: u32, left: &mut u64) -> bool {
    // Whoever walks through the value reads its text, too.
    let text = value.as_str().map_or(0, |text| text.len() / TEXT_SHARE);
    let text = u64::try_from(text).unwrap_or(u64::MAX / 2);
    let digits = value.as_number().map_or(0, |number| match number.to_f64() {
        float if float.is_finite() && (float != 0.0 || number.is_zero()) => 0,
        _ => LONG_NUMBER,
    });
    let Some(rest) = left.checked_sub(1 + text + digits) else {
        return false;
    };
    *left = rest;
    if depth == 0 {
        return false;
    }
    let elements = value.elements().unwrap_or_default().iter();
    let entries = value.entries().into_iter().flat_map(|e| e.values());
    elements
        .chain(entries)
        .all(|part| fits(part, depth - 1, left))
}

/// One level of depth, given back when dropped.
pub(super) struct Level<'a>(&'a Budget);

impl Drop for Level<'_> {
    fn drop(&mut self) {
        let depth = self.0.depth.get() - 1;
        self.0.depth.set(depth);
        if depth == 0 {
            self.0.reached.set(false);
        }
    }
}
