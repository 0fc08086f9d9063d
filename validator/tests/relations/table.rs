//! Every row names an attribute that exists, and a reason; every special one a rule.

use drcheck::relations::{Must, TypeRows, special_without_rule, table};
use drcheck::schema::{self, Block};

/// Whether blocks and an attribute of that name exist.
fn exists(block: &Block, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return true;
    };
    if let Some(nested) = block.blocks.get(*first) {
        return exists(&nested.block, rest);
    }
    match (block.attributes.get(*first), rest) {
        (Some(_), []) => true,
        (Some(attribute), rest) => attribute
            .as_block()
            .is_some_and(|nested| exists(&nested.block, rest)),
        (None, _) => false,
    }
}

fn is_path(ty: &str, path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    schema::resource(ty).is_some_and(|block| exists(&block, &names))
}

#[test]
fn every_type_and_path_exists_in_the_schema() {
    let wrong: Vec<String> = table()
        .iter()
        .flat_map(|rows| rows.rows.iter().map(move |row| (rows, row)))
        .filter(|(rows, row)| !is_path(rows.ty, &row.path))
        .map(|(rows, row)| format!("{}.{}", rows.ty, row.path))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let owners: Vec<&TypeRows> = table()
        .iter()
        .filter(|rows| rows.owner.is_some_and(|owner| !is_path(rows.ty, owner)))
        .collect();
    assert!(owners.is_empty(), "{owners:#?}");
}

#[test]
fn the_table_holds_each_type_and_path_once() {
    assert_eq!(table().len(), 218);
    let rows: usize = table().iter().map(|rows| rows.rows.len()).sum();
    assert_eq!(rows, 1_116);
    for rows in table() {
        let mut seen = std::collections::BTreeSet::new();
        for row in &rows.rows {
            assert!(
                seen.insert((&row.path, row.inside)),
                "{}.{} stands twice",
                rows.ty,
                row.path
            );
        }
    }
}

#[test]
fn a_copy_is_compared_with_an_attribute_of_its_source() {
    let sources = [
        ("aws_dynamodb_table", "aws_dynamodb_table"),
        ("aws_secretsmanager_secret", "aws_secretsmanager_secret"),
        ("aws_efs_replication_configuration", "aws_efs_file_system"),
        ("aws_kms_replica_key", "aws_kms_key"),
    ];
    for rows in table() {
        for row in &rows.rows {
            let Some(of) = row.of else { continue };
            let source = sources.iter().find(|(ty, _)| *ty == rows.ty);
            let source = source.unwrap_or_else(|| panic!("{} has no source", rows.ty));
            assert!(is_path(source.1, of), "{} {of}", rows.ty);
        }
    }
}

#[test]
fn reasons_are_sentences_and_scales_have_steps() {
    for rows in table() {
        for row in &rows.rows {
            let at = format!("{}.{}", rows.ty, row.path);
            assert!(
                row.why.ends_with('.') && row.why.len() < 110,
                "{at}: {}",
                row.why
            );
            assert!(!row.why.contains(['|', '\u{2014}']), "{at}: {}", row.why);
            assert_ne!(row.scale.len(), 1, "{at}");
            let ordered = matches!(row.must, Must::NotWeaker);
            assert!(
                ordered || row.scale.is_empty(),
                "{at} has a scale and no order"
            );
        }
    }
}

/// A rule about keys speaks of keys: a row of another attribute would tell a reader of an instance type that a key is missing.
#[test]
fn rules_about_keys_stand_on_attributes_of_keys_only() {
    let about_keys = |rule: &str| rule.starts_with("key-") || rule.ends_with("-key-missing");
    let is_key = |path: &str| {
        let last = path.rsplit('.').next().unwrap_or(path);
        let word = |word: &str| last.split('_').any(|part| part == word);
        word("kms") || word("key") || word("cmk") || word("keys")
    };
    let policies = ["aws_kms_key", "aws_kms_replica_key", "aws_kms_key_policy"];
    let mut asked = 0;
    for rows in table() {
        for row in &rows.rows {
            if !row.rules.iter().any(|rule| about_keys(rule)) {
                continue;
            }
            asked += 1;
            let of_a_key = rows.ty.starts_with("aws_kms_") || policies.contains(&rows.ty);
            assert!(
                of_a_key || is_key(&row.path),
                "{}.{} stands under {:?}",
                rows.ty,
                row.path,
                row.rules
            );
        }
    }
    assert!(asked > 30, "{asked} rows name a rule about keys");
}

/// Rules that rows name and that other parts of the house bring.
#[test]
fn special_rows_without_a_rule_are_few_and_named() {
    let left = special_without_rule();
    println!("special relations without a rule: {}", left.len());
    for (ty, path) in &left {
        println!("  {ty}.{path}");
    }
    assert!(left.len() <= MOST_LEFT, "{left:#?}");
}

/// How many may be left; it only goes down.
const MOST_LEFT: usize = 60;
