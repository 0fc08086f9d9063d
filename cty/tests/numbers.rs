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
