//! Patterns of file names: `*`, `?`, `[a-z]`, `{a,b}` within the parts of a path, and `**` for any directories.
//!
//! What is wrong in a pattern shows only where a name gets that far, as in Terraform.

/// Steps that one pattern may take for one name; more is hostile.
const MOST_STEPS: usize = 1_000_000;

/// A pattern, part by part.
pub(super) struct Pattern<'a> {
    parts: Vec<&'a str>,
}

/// What is wrong in a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong(&'static str);

impl Wrong {
    pub(super) fn message(&self) -> &'static str {
        self.0
    }
}

/// Whether a part of a pattern is more than a name.
pub(super) fn is_pattern(part: &str) -> bool {
    part.contains(['*', '?', '[', '{', '\\'])
}

impl<'a> Pattern<'a> {
    pub(super) fn new(parts: &[&'a str]) -> Self {
        Pattern {
            parts: parts.to_vec(),
        }
    }

    /// Whether the path of a file fits.
    pub(super) fn matches(&self, path: &str) -> Result<bool, Wrong> {
        let names: Vec<&str> = path.split('/').collect();
        let mut walk = Walk {
            parts: &self.parts,
            names: &names,
            known: vec![None; self.parts.len().saturating_mul(names.len())],
            steps: 0,
        };
        walk.from(0, 0)
    }
}

struct Walk<'a> {
    parts: &'a [&'a str],
    names: &'a [&'a str],
    /// Whether the parts from here on fit the names from there on, where that was asked before.
    known: Vec<Option<bool>>,
    steps: usize,
}

impl Walk<'_> {
    /// Each step takes a name, so there are not more of them than names.
    fn from(&mut self, part: usize, name: usize) -> Result<bool, Wrong> {
        if part >= self.parts.len() || name >= self.names.len() {
            return Ok(false);
        }
        let at = part * self.names.len() + name;
        if let Some(Some(known)) = self.known.get(at) {
            return Ok(*known);
        }
        let found = self.step(part, name)?;
        if let Some(known) = self.known.get_mut(at) {
            *known = Some(found);
        }
        Ok(found)
    }

    fn step(&mut self, part: usize, name: usize) -> Result<bool, Wrong> {
        let is_file = name + 1 == self.names.len();
        if self.parts[part] != "**" {
            return self.ordinary(part, name);
        }
        if !is_file && self.from(part, name + 1)? {
            return Ok(true);
        }
        if part + 1 == self.parts.len() {
            return Ok(is_file);
        }
        // No directory at all: the next part stands for this name, and is no more than a star if it is another `**`.
        self.ordinary(part + 1, name)
    }

    fn ordinary(&mut self, part: usize, name: usize) -> Result<bool, Wrong> {
        let is_file = name + 1 == self.names.len();
        let is_last = part + 1 == self.parts.len();
        if !fits(self.parts[part], self.names[name], &mut self.steps)? {
            return Ok(false);
        }
        if is_last {
            return Ok(is_file);
        }
        self.from(part + 1, name + 1)
    }
}

const BRACKET: Wrong = Wrong("a bracket that is not closed");
const BRACE: Wrong = Wrong("a brace that is not closed");
const CLASS: Wrong =
    Wrong("a class that is empty, or has a dash without a character on both sides");
const COSTLY: Wrong = Wrong("it takes too many steps");

/// Whether a pattern fits a name. What is in work waits here, so that nothing is called deeper with each character.
// Arms stand in the order in which they are tried.
#[allow(clippy::match_same_arms)]
fn fits(pattern: &str, name: &str, steps: &mut usize) -> Result<bool, Wrong> {
    // Each attempt is a pattern, a name, and whether a star was before it, behind which a wrong pattern fits nothing.
    let mut waiting: Vec<(Vec<char>, Vec<char>, bool)> =
        vec![(pattern.chars().collect(), name.chars().collect(), false)];
    while let Some((pattern, name, starred)) = waiting.pop() {
        match attempt(&pattern, &name, steps) {
            Ok(Attempt::Fits) => return Ok(true),
            Ok(Attempt::Not) => {}
            Ok(Attempt::Star(rest, taken)) => {
                // The pattern behind a star may begin at every character that is left.
                let starts = (taken..name.len()).rev();
                waiting.extend(starts.map(|start| (rest.clone(), name[start..].to_vec(), true)));
            }
            Ok(Attempt::Options(options, taken)) => {
                let options = options.into_iter().rev();
                waiting.extend(options.map(|option| (option, name[taken..].to_vec(), starred)));
            }
            Err(wrong) if !starred || wrong == COSTLY => return Err(wrong),
            Err(_) => {}
        }
        *steps += name.len() + pattern.len() + 1;
        if *steps > MOST_STEPS || waiting.len() > MOST_STEPS / 100 {
            return Err(COSTLY);
        }
    }
    Ok(false)
}

enum Attempt {
    Fits,
    Not,
    /// The pattern behind a star, and how many characters stood before it.
    Star(Vec<char>, usize),
    /// The pattern with each alternative written out, and the same.
    Options(Vec<Vec<char>>, usize),
}

fn attempt(pattern: &[char], name: &[char], steps: &mut usize) -> Result<Attempt, Wrong> {
    let (mut p, mut n) = (0, 0);
    while p < pattern.len() && n < name.len() {
        *steps += 1;
        match pattern[p] {
            '*' if p + 1 == pattern.len() => return Ok(Attempt::Fits),
            '*' => return Ok(Attempt::Star(pattern[p + 1..].to_vec(), n)),
            '{' => {
                let end = position(&pattern[p + 1..], '}').ok_or(BRACE)?;
                let (inner, rest) = (&pattern[p + 1..p + 1 + end], &pattern[p + 2 + end..]);
                let options = options(inner).into_iter();
                return Ok(Attempt::Options(
                    options.map(|option| [option, rest].concat()).collect(),
                    n,
                ));
            }
            '[' => {
                let end = position(&pattern[p + 1..], ']').ok_or(BRACKET)?;
                if !in_class(&pattern[p + 1..p + 1 + end], name[n])? {
                    return Ok(Attempt::Not);
                }
                p += end + 1;
            }
            '\\' => {
                p += 1;
                if pattern.get(p) != Some(&name[n]) {
                    return Ok(Attempt::Not);
                }
            }
            '?' => {}
            plain if plain == name[n] => {}
            _ => return Ok(Attempt::Not),
        }
        p += 1;
        n += 1;
    }
    let rest = &pattern[p.min(pattern.len())..];
    let stars = matches!(rest, ['*'] | ['*', '*']);
    Ok(if n == name.len() && (rest.is_empty() || stars) {
        Attempt::Fits
    } else {
        Attempt::Not
    })
}

/// Where a character first stands without a backslash before it.
fn position(text: &[char], wanted: char) -> Option<usize> {
    let mut at = 0;
    while let Some(c) = text.get(at) {
        match *c {
            '\\' => at += 1,
            c if c == wanted => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn options(inner: &[char]) -> Vec<&[char]> {
    let (mut found, mut rest) = (Vec::new(), inner);
    while let Some(end) = position(rest, ',') {
        found.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    found.push(rest);
    found
}

fn in_class(class: &[char], c: char) -> Result<bool, Wrong> {
    let (negated, mut rest) = match class {
        [] => return Err(CLASS),
        ['^', rest @ ..] => (true, rest),
        all => (false, all),
    };
    let mut found = false;
    while !rest.is_empty() {
        let low = member(&mut rest)?;
        let mut high = low;
        if let ['-', behind @ ..] = rest {
            rest = behind;
            high = member(&mut rest)?;
        }
        found |= (low..=high).contains(&c);
    }
    Ok(found != negated)
}

/// One end of a range: a dash only behind a backslash.
fn member(class: &mut &[char]) -> Result<char, Wrong> {
    let (found, rest) = match *class {
        [] | ['-', ..] | ['\\'] => return Err(CLASS),
        ['\\', escaped, rest @ ..] => (*escaped, rest),
        [plain, rest @ ..] => (*plain, rest),
    };
    *class = rest;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> Result<bool, Wrong> {
        Pattern::new(&pattern.split('/').collect::<Vec<_>>()).matches(path)
    }

    #[test]
    fn two_stars_stand_for_directories_and_a_second_pair_for_one_name() {
        for path in ["a.txt", "b/a.txt", "b/c/a.txt"] {
            assert_eq!(matches("**/*.txt", path), Ok(true), "{path}");
        }
        assert_eq!(matches("**/**/*.txt", "a.txt"), Ok(false));
        assert_eq!(matches("**/**/*.txt", "b/a.txt"), Ok(true));
        assert_eq!(matches("a.txt/**", "a.txt"), Ok(false));
    }

    #[test]
    fn what_is_wrong_shows_where_a_name_gets_that_far() {
        assert_eq!(matches("z[", "plain"), Ok(false));
        assert_eq!(matches("p[", "plain"), Err(BRACKET));
        assert_eq!(matches("*[", "plain"), Ok(false));
        assert_eq!(matches("[a-]*", "plain"), Err(CLASS));
        assert_eq!(matches("{a", "plain"), Err(BRACE));
    }

    #[test]
    fn stars_and_braces_without_end_are_given_up() {
        let stars = "*a".repeat(40);
        assert_eq!(matches(&stars, &"a".repeat(39)), Err(COSTLY));
        let braces = "{a,a}".repeat(60) + "b";
        assert_eq!(matches(&braces, &"a".repeat(60)), Err(COSTLY));
        let many = "**/".repeat(300) + "x";
        assert_eq!(matches(&many, &("a/".repeat(300) + "y")), Ok(false));
    }
}
