//! Numbers agree with Go's `math/big` bit by bit: the shortest text names a number to its last bit.

use std::cmp::Ordering;

use cty::Number;

const VECTORS: &str = include_str!("vectors/numbers.tsv");

fn text(number: Option<Number>) -> String {
    number.map_or("error".to_owned(), |n| n.to_string())
}

fn row(line: &str) -> (String, String) {
    let [op, a, b, wanted] = line.split('\t').collect::<Vec<_>>()[..] else {
        panic!("four columns: {line}");
    };
    let n = |text: &str| Number::parse(text).expect("operands are numbers");
    let got = match op {
        "parse" => text(Number::parse(a).ok()),
        "add" => text(n(a).add(&n(b))),
        "sub" => text(n(a).sub(&n(b))),
        "mul" => text(n(a).mul(&n(b))),
        "div" => text(n(a).div(&n(b))),
        "rem" => text(n(a).rem(&n(b))),
        "neg" => text(Some(-n(a))),
        "floor" => text(Some(n(a).floor())),
        "ceil" => text(Some(n(a).ceil())),
        "cmp" => match n(a).cmp(&n(b)) {
            Ordering::Less => "-1".to_owned(),
            Ordering::Equal => "0".to_owned(),
            Ordering::Greater => "1".to_owned(),
        },
        "f64" => format!(
            "{:016x} {}",
            n(a).to_f64().to_bits(),
            n(a).to_f64_exact().is_some()
        ),
        "from" => {
            let bits = u64::from_str_radix(a, 16).expect("hexadecimal");
            text(Number::try_from(f64::from_bits(bits)).ok())
        }
        other => panic!("unknown operation {other}"),
    };
    (got, wanted.to_owned())
}

#[test]
fn every_vector_of_math_big_holds() {
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in VECTORS.lines().filter(|line| !line.starts_with('#')) {
        let (got, wanted) = row(line);
        rows += 1;
        if got != wanted {
            wrong.push(format!("{line}\n  got {got}"));
        }
    }
    assert!(rows > 1000, "{rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_quotient_of_counted_numbers_has_64_bits_and_one_of_read_numbers_512() {
    let read = |text: &str| Number::parse(text).expect("a number");
    let third = Number::from(1_u64)
        .div(&Number::from(3_u64))
        .expect("a quotient");
    assert_eq!(third.to_string(), "0.33333333333333333334");
    assert_eq!(read("1").counted().div(&read("3").counted()), Some(third));
    let longer = Number::from(1_u64).div(&read("3")).expect("a quotient");
    assert_eq!(longer.to_string().len(), "0.".len() + 155);
    // What is left of a division has the precision of the dividend; a product has as many bits as it needs.
    let rest = Number::from(1_u64).rem(&read("0.3")).expect("a rest");
    let part = rest.div(&Number::from(3_u64)).expect("a quotient");
    assert_eq!(part.to_string(), "0.03333333333333333334");
    assert_eq!(
        Number::from(u64::MAX)
            .mul(&Number::from(u64::MAX))
            .expect("a product")
            .to_string(),
        "340282366920938463426481119284349108225"
    );
}

#[test]
fn a_computed_float_is_written_with_the_digits_that_tell_it_from_others_and_equals_them() {
    let root = Number::from_double(2.0_f64.sqrt()).expect("a number");
    assert_eq!(root.to_string(), "1.4142135623730951");
    assert_eq!((-root.clone()).to_string(), "-1.4142135623730951");
    assert_eq!(root, Number::parse("1.4142135623730951").expect("a number"));
    assert_ne!(
        root,
        Number::parse("1.41421356237309514547").expect("a number")
    );
    let sum = root
        .add(&Number::parse("0").expect("a number"))
        .expect("a sum");
    assert_eq!(
        sum.to_string(),
        "1.4142135623730951454746218587388284504413604736328125"
    );
    assert_eq!(
        Number::from_double(1e100).expect("a number").to_string(),
        format!("1{}", "0".repeat(100))
    );
}
