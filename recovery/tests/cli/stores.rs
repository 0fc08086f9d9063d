//! Stores that cannot be used, and journals that were changed.

use serde_json::json;

use crate::bench::{Bench, in_buckets, plan};

#[test]
fn a_store_without_versioning_or_under_replication_is_refused() {
    for (what, words) in [
        (
            "versioning",
            "versioning of the bucket dr-west is not enabled",
        ),
        (
            "replication",
            "the replication rule \"all\" of the bucket dr-west",
        ),
    ] {
        let bench = Bench::new(&in_buckets(plan()));
        {
            let mut world = bench.aws.world();
            let bucket = world.objects.buckets.get_mut("dr-west").unwrap();
            match what {
                "versioning" => bucket.unversioned = true,
                _ => bucket.replicated = Some(String::new()),
            }
        }
        for command in [
            &["plan", "publish"] as &[&str],
            &["run", "--to", "us-west-2"],
        ] {
            bench
                .drctl(command)
                .expect(2, &[words, "s3://dr-west/failover/"]);
            let error = bench.drctl(&[command, &["--json"]].concat()).error();
            assert!(error["seen"].as_str().unwrap().contains(words), "{error}");
        }
        bench.drctl(&["doctor"]).expect(1, &[words]);
        let world = bench.aws.world();
        assert!(world.objects.buckets["dr-west"].objects.is_empty());
        assert!(!world.asked.iter().any(|it| it.contains("PutObject")));
    }
}

#[test]
fn a_bucket_that_is_not_there_is_refused_and_nothing_is_published_anywhere() {
    let bench = Bench::new(&in_buckets(plan()));
    bench.aws.world().objects.buckets.remove("dr-west");
    bench
        .drctl(&["plan", "publish"])
        .expect(2, &["s3://dr-west/failover/", "NoSuchBucket", "create it"]);
    let world = bench.aws.world();
    assert!(world.objects.buckets["dr-east"].objects.is_empty());
}

#[test]
fn a_prefix_that_no_rule_covers_may_stand_in_a_replicated_bucket() {
    let bench = Bench::new(&in_buckets(plan()));
    let mut world = bench.aws.world();
    world.objects.buckets.get_mut("dr-west").unwrap().replicated = Some("images/".to_owned());
    drop(world);
    bench
        .drctl(&["plan", "publish"])
        .expect(0, &["published shop"]);
    bench
        .run(&[])
        .expect(0, &["done: 1 of 1 steps done", "epoch 1"]);
    assert!(bench.switched());
}

#[test]
fn a_store_that_cannot_be_reached_is_named_and_nothing_is_done() {
    // A file stands where the directory should.
    let bench = Bench::published(&plan());
    std::fs::remove_dir_all(bench.path("stores/us-west-2")).unwrap();
    bench.write("stores/us-west-2", "not a directory");
    bench.run(&[]).expect(2, &["stores/us-west-2"]);
    assert!(!bench.switched());
    // A bucket that may not be read.
    let bench = Bench::published(&in_buckets(plan()));
    bench
        .aws
        .world()
        .denied
        .insert("us-west-2 GetObject dr-west".to_owned());
    let ended = bench.run(&["--json"]);
    assert!(matches!(ended.code, 1 | 2), "{}", ended.said());
    let error = ended.error();
    assert!(
        error["seen"].as_str().unwrap().contains("AccessDenied"),
        "{error}"
    );
    assert!(!bench.switched());
    // The lock was given back: with access restored it runs.
    bench.aws.world().denied.clear();
    bench.run(&[]).expect(0, &["done: 1 of 1 steps done"]);
}

#[test]
fn another_digest_than_the_published_one_is_refused() {
    let bench = Bench::published(&plan());
    let mut edited = plan();
    edited["description"] = json!("edited after review");
    bench.write("plan.json", &edited.to_string());
    let words = ["the published document is", "drctl plan publish"];
    bench.run(&[]).expect(2, &words);
    let error = bench.run(&["--json"]).error();
    assert!(
        error["next"]
            .as_str()
            .unwrap()
            .contains("drctl plan publish")
    );
    assert!(!bench.switched());
    bench
        .drctl(&["doctor"])
        .expect(1, &["the published plan is"]);
}

#[test]
fn a_document_whose_bytes_were_changed_does_not_count() {
    let bench = Bench::published(&plan());
    for region in ["us-east-1", "us-west-2"] {
        let documents = bench.path(&format!("stores/{region}/documents"));
        let file = std::fs::read_dir(documents)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let changed = std::fs::read_to_string(&file)
            .unwrap()
            .replace("shop-switch", "evil-switch");
        std::fs::write(&file, changed).unwrap();
    }
    bench.run(&[]).expect(2, &["it was changed"]);
    assert!(!bench.switched());
}

#[test]
fn stores_that_disagree_refuse_until_one_region_is_declared_lost() {
    let bench = Bench::published(&plan());
    let mut newer = plan();
    newer["description"] = json!("the newer one");
    bench.write("plan.json", &newer.to_string());
    bench
        .drctl(&["plan", "publish", "--lost", "us-east-1"])
        .expect(0, &["not in us-east-1"]);
    bench
        .run(&[])
        .expect(2, &["us-east-1 points to document", "--lost us-east-1"]);
    assert!(!bench.switched());
    bench.run(&["--lost", "us-east-1"]).expect(0, &["done"]);
    assert!(bench.switched());
}

#[test]
fn verify_finds_edits_and_gaps_of_the_journal() {
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &[]);
    bench.drctl(&["verify"]).expect(0, &["ok"]);
    let files = bench.journal("us-west-2");
    let second = std::fs::read_to_string(&files[1]).unwrap();
    // An edit, in all copies.
    for region in ["us-east-1", "us-west-2"] {
        let file = &bench.journal(region)[1];
        std::fs::write(
            file,
            second.replace("\"step\":\"switch\"", "\"step\":\"swatch\""),
        )
        .unwrap();
    }
    bench.drctl(&["verify"]).expect(1, &["broken", "entry 3"]);
    let value = &bench.drctl(&["verify", "--json"]).values()[0];
    assert!(!value["problems"].as_array().unwrap().is_empty(), "{value}");
    bench.drctl(&["report"]).expect(1, &["entry 3"]);
    // A gap.
    for region in ["us-east-1", "us-west-2"] {
        std::fs::remove_file(&bench.journal(region)[1]).unwrap();
    }
    bench.drctl(&["verify"]).expect(1, &["broken"]);
    // An edit of one copy alone: the others tell.
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &[]);
    let file = &bench.journal("us-east-1")[1];
    std::fs::write(
        file,
        second.replace("\"step\":\"switch\"", "\"step\":\"swatch\""),
    )
    .unwrap();
    bench.drctl(&["verify"]).expect(1, &["us-east-1"]);
}

#[test]
fn a_journal_that_was_changed_is_not_gone_on_with() {
    let bench = Bench::published(&plan());
    let denied = "us-west-2 PutObject shop-switch".to_owned();
    bench.aws.world().denied.insert(denied);
    bench.run(&[]).expect(1, &["switch: failed"]);
    bench.aws.world().denied.clear();
    for region in ["us-east-1", "us-west-2"] {
        let file = &bench.journal(region)[1];
        let entry = std::fs::read_to_string(file).unwrap();
        let changed = entry.replace("\"step\":\"switch\"", "\"step\":\"swatch\"");
        assert_ne!(changed, entry);
        std::fs::write(file, changed).unwrap();
    }
    let before = bench.journal("us-west-2").len();
    let resume = &["resume", "--poll", "0.05", "--heartbeat", "1"];
    bench.drctl(resume).expect(1, &["entry 3", "drctl verify"]);
    let error = bench.drctl(&[&resume[..], &["--json"]].concat()).error();
    assert!(
        error["seen"].as_str().unwrap().contains("entry 3"),
        "{error}"
    );
    assert!(!bench.switched());
    assert_eq!(bench.journal("us-west-2").len(), before);
}

#[test]
fn a_clock_that_is_minutes_off_is_told() {
    let bench = Bench::published(&in_buckets(plan()));
    bench.aws.world().skew = jiff::SignedDuration::from_mins(7);
    bench
        .drctl(&["doctor"])
        .expect(1, &["this clock is 4", " s off"]);
    // Nothing that counts goes by this clock.
    bench.run(&[]).expect(0, &["done: 1 of 1 steps done"]);
    bench.drctl(&["verify"]).expect(0, &[]);
}
