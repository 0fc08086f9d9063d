//! The lag metric.

use jiff::Timestamp;

use super::super::Lag;
use super::{Estate, REPLICA, at, promotion, west};
use crate::Aws;

impl Estate {
    /// Seconds by the minute, newest first.
    fn lag(&self, from: Timestamp, to: Timestamp, period: u32) -> Vec<(Timestamp, f64)> {
        let metric = self.aws.replica_lag(&west()).unwrap();
        let points = metric.datapoints(REPLICA, from, to, period);
        let points = self.clock.drive(points).unwrap().unwrap();
        points
            .iter()
            .map(|point| (point.at, point.seconds))
            .collect()
    }
}

#[test]
fn a_minute_is_published_when_it_is_over_newest_first() {
    let estate = Estate::new();
    estate
        .aws
        .set_lag_of_the_past(&west(), REPLICA, Lag::Steady(2.0));
    estate.pass(59);
    let seen = estate.lag(at("11:58:00"), at("12:05:00"), 60);
    assert_eq!(seen, [(at("11:59:00"), 2.0), (at("11:58:00"), 2.0)]);
    estate.pass(1);
    let seen = estate.lag(at("11:58:00"), at("12:05:00"), 60);
    assert_eq!(seen[0], (at("12:00:00"), 2.0));
    assert!(
        estate.lag(at("12:10:00"), at("12:20:00"), 60).is_empty(),
        "the future has no datapoints"
    );
}

#[test]
fn lag_behind_a_dead_source_grows_for_ever_on_postgres() {
    let estate = Estate::new();
    estate
        .aws
        .set_lag_of_the_past(&west(), REPLICA, Lag::Steady(1.0));
    estate.aws.set_lag(&west(), REPLICA, Lag::Growing(1.0));
    estate.pass(600);
    let seen = estate.lag(at("11:58:00"), at("12:30:00"), 60);
    let expected = (0..10).rev().map(|minute| 1.0 + 60.0 * f64::from(minute));
    let before = [1.0, 1.0];
    assert_eq!(
        seen.iter().map(|point| point.1).collect::<Vec<_>>(),
        expected.chain(before).collect::<Vec<_>>()
    );
}

#[test]
fn datapoints_stop_where_the_metric_does() {
    let estate = Estate::new();
    estate
        .aws
        .set_lag_of_the_past(&west(), REPLICA, Lag::Steady(3.0));
    estate.aws.set_lag(&west(), REPLICA, Lag::Missing);
    estate.pass(600);
    let seen = estate.lag(at("11:50:00"), at("12:30:00"), 60);
    assert_eq!((seen.len(), seen[0].0), (10, at("11:59:00")));
}

#[test]
fn standing_still_is_minus_one_and_spoils_the_whole_period() {
    let estate = Estate::new();
    estate
        .aws
        .set_lag_of_the_past(&west(), REPLICA, Lag::Steady(3.0));
    estate.aws.set_lag(&west(), REPLICA, Lag::NotReplicating);
    estate.pass(300);
    let seen = estate.lag(at("11:00:00"), at("12:30:00"), 3600);
    assert_eq!(seen, [(at("12:00:00"), -1.0), (at("11:00:00"), 3.0)]);
}

#[test]
fn an_idle_postgres_seems_to_fall_behind_and_to_catch_up() {
    let estate = Estate::new();
    estate.aws.set_lag(&west(), REPLICA, Lag::IdlePostgres);
    estate.pass(720);
    let seen = estate.lag(at("12:00:00"), at("12:30:00"), 60);
    let oldest_first: Vec<f64> = seen.iter().rev().map(|point| point.1).take(7).collect();
    assert_eq!(oldest_first, [0.0, 60.0, 120.0, 180.0, 240.0, 0.0, 60.0]);
}

#[test]
fn a_writer_has_no_lag() {
    let estate = Estate::new();
    estate
        .aws
        .set_lag_of_the_past(&west(), REPLICA, Lag::Steady(0.0));
    estate.promote(&promotion()).unwrap();
    estate.pass(3600);
    let seen = estate.lag(at("12:00:00"), at("13:00:00"), 60);
    assert!(
        !seen.is_empty() && seen[0].0 < at("12:10:00"),
        "it ends with the promotion"
    );
}

#[test]
fn the_first_moment_is_rounded_down_and_too_many_datapoints_are_refused() {
    let estate = Estate::new();
    estate
        .aws
        .set_lag_of_the_past(&west(), REPLICA, Lag::Steady(2.0));
    let seen = estate.lag(at("11:57:30"), at("12:00:00"), 60);
    assert_eq!(seen.last(), Some(&(at("11:57:00"), 2.0)));
    let metric = estate.aws.replica_lag(&west()).unwrap();
    let ages_ago = Timestamp::MIN;
    let asked = metric.datapoints(REPLICA, ages_ago, at("12:00:00"), 60);
    let error = estate.clock.drive(asked).unwrap().unwrap_err();
    assert_eq!(error.service, "cloudwatch");
    assert_eq!(error.code.as_deref(), Some("InvalidParameterCombination"));
}
