//! One verb of a format.

use cty::conversion::convert;
use cty::{Type, Value};

use super::number;
use crate::functions::FunctionError;
use crate::functions::json;

/// A verb with its flags.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Verb<'a> {
    pub(super) letter: char,
    /// As it is written.
    pub(super) shown: &'a str,
    /// Position of its argument.
    pub(super) argument: usize,
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// Widths and precisions beyond are hostile.
const WIDEST: usize = 1_000_000;

impl<'a> Verb<'a> {
    /// Reads the verb at the start of a text; `next` is the argument that it takes when it names none.
    pub(super) fn read(text: &'a str, next: usize) -> Result<(Self, &'a str), FunctionError> {
        let mut verb = Verb {
            argument: next,
            ..Verb::default()
        };
        let mut at = 1;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'#' => verb.sharp = true,
                b'0' => verb.zero = true,
                b'-' => verb.minus = true,
                b'+' => verb.plus = true,
                b' ' => verb.space = true,
                _ => break,
            }
            at += 1;
        }
        verb.width = digits(text, &mut at)?;
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            verb.precision = Some(digits(text, &mut at)?.unwrap_or(0));
        }
        if bytes.get(at) == Some(&b'[') {
            at += 1;
            let index = digits(text, &mut at)?.filter(|index| *index > 0);
            let closed = bytes.get(at) == Some(&b']');
            match index {
                Some(index) if closed => verb.argument = index - 1,
                _ => return Err(unrecognised(text, at)),
            }
            at += 1;
        }
        let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return Err(FunctionError::argument(0, "the format ends within a verb"));
        };
        if !letter.is_ascii_alphabetic() && letter != '%' {
            return Err(unrecognised(text, at));
        }
        at += letter.len_utf8();
        verb.letter = letter;
        verb.shown = &text[..at];
        Ok((verb, &text[at..]))
    }

    /// Writes an argument.
    pub(super) fn write(
        &self,
        argument: &Value,
        position: usize,
        out: &mut String,
    ) -> Result<(), FunctionError> {
        let refuse = |why: String| {
            FunctionError::argument(
                position,
                format!("unsupported value for {:?}: {why}", self.shown),
            )
        };
        if argument.is_null() && !matches!(self.letter, 'v') {
            return Err(refuse("a null value cannot be formatted".into()));
        }
        let text = match self.letter {
            'v' => return self.any(argument, out).map_err(refuse),
            't' => {
                let value = convert(argument, &Type::Bool).map_err(|e| refuse(e.to_string()))?;
                out.push_str(if value.as_bool() == Some(true) {
                    "true"
                } else {
                    "false"
                });
                return Ok(());
            }
            'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
                let value = convert(argument, &Type::Number).map_err(|e| refuse(e.to_string()))?;
                let number = value.as_number().cloned().unwrap_or_else(cty::Number::zero);
                let whole = matches!(self.letter, 'b' | 'd' | 'o' | 'x' | 'X');
                if whole && number.is_zero() && self.precision == Some(0) {
                    // No digit is asked for, and zero needs none: not even blanks are written.
                    return Ok(());
                }
                let text = number::write(&number, self).map_err(refuse)?;
                return self.padded_number(&text, whole, out);
            }
            's' | 'q' => {
                let value = convert(argument, &Type::String).map_err(|e| refuse(e.to_string()))?;
                self.string(value.as_str().unwrap_or_default())
            }
            letter => {
                return Err(FunctionError::argument(
                    0,
                    format!("unsupported verb {letter:?} in {:?}", self.shown),
                ));
            }
        };
        self.padded(&text, out)
    }

    /// `%v`: each type in its own way; collections as JSON. Of the flags only those for width and zeros count.
    fn any(&self, argument: &Value, out: &mut String) -> Result<(), String> {
        let mut text = String::new();
        let plain = (!self.sharp).then(|| (argument.as_str(), argument.as_number()));
        match plain {
            Some((Some(string), _)) => text.push_str(string),
            Some((_, Some(number))) => {
                let verb = Verb {
                    letter: 'g',
                    ..Verb::default()
                };
                text = number::write(number, &verb)?;
            }
            _ => json::write(&argument.unmark_deep().0, &mut text),
        }
        self.padded(&text, out).map_err(|error| error.message)
    }

    /// A string, cut to the precision.
    fn string(&self, text: &str) -> String {
        use unicode_segmentation::UnicodeSegmentation as _;
        let cut: String = match self.precision {
            Some(precision) => text.graphemes(true).take(precision).collect(),
            None => text.to_owned(),
        };
        if self.letter == 'q' {
            let mut quoted = String::new();
            json::write(&Value::string(cut), &mut quoted);
            return quoted;
        }
        cut
    }

    fn padded(&self, text: &str, out: &mut String) -> Result<(), FunctionError> {
        use unicode_segmentation::UnicodeSegmentation as _;
        let width = self.bounded_width()?;
        let missing = width.saturating_sub(text.graphemes(true).count());
        // Zeros fill on either side.
        let fill = std::iter::repeat_n(if self.zero { '0' } else { ' ' }, missing);
        if self.minus {
            out.push_str(text);
            out.extend(fill);
        } else {
            out.extend(fill);
            out.push_str(text);
        }
        Ok(())
    }

    /// Zeros stand behind the sign. Whole numbers have none on the right and beside a precision; fractions have them always.
    fn padded_number(
        &self,
        text: &str,
        whole: bool,
        out: &mut String,
    ) -> Result<(), FunctionError> {
        let width = self.bounded_width()?;
        let missing = width.saturating_sub(text.chars().count());
        let zeros = self.zero && !(whole && (self.minus || self.precision.is_some()));
        if zeros {
            let sign = usize::from(text.starts_with(['-', '+', ' ']));
            out.push_str(&text[..sign]);
            out.extend(std::iter::repeat_n('0', missing));
            out.push_str(&text[sign..]);
        } else if self.minus {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', missing));
        } else {
            out.extend(std::iter::repeat_n(' ', missing));
            out.push_str(text);
        }
        Ok(())
    }

    fn bounded_width(&self) -> Result<usize, FunctionError> {
        let width = self.width.unwrap_or(0);
        if width > WIDEST || self.precision.is_some_and(|precision| precision > WIDEST) {
            return Err(FunctionError::argument(
                0,
                format!("{:?} is wider than {WIDEST}", self.shown),
            ));
        }
        Ok(width)
    }
}

fn unrecognised(text: &str, at: usize) -> FunctionError {
    let shown: String = text.chars().take(16).collect();
    FunctionError::argument(
        0,
        format!("unrecognised character at {at} of the verb {shown:?}"),
    )
}

fn digits(text: &str, at: &mut usize) -> Result<Option<usize>, FunctionError> {
    let rest = text.get(*at..).unwrap_or_default();
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return Ok(None);
    }
    let number = rest[..length]
        .parse()
        .map_err(|_| unrecognised(text, *at))?;
    *at += length;
    Ok(Some(number))
}
