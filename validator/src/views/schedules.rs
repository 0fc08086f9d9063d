//! Schedules of AWS, `cron(…)` and `rate(…)`: the longest time between two runs.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

/// Hours between two runs at most; `None` where the schedule is not understood.
pub(crate) fn longest_gap(schedule: &str) -> Option<f64> {
    let (kind, rest) = schedule.trim().split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    match kind {
        "rate" => rate(inner),
        "cron" => cron(inner),
        _ => None,
    }
}

fn rate(text: &str) -> Option<f64> {
    let mut words = text.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    Some(match words.next()?.trim_end_matches('s') {
        "minute" => number / 60.0,
        "hour" => number,
        "day" => number * 24.0,
        _ => return None,
    })
}

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

fn cron(text: &str) -> Option<f64> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, week, year] = fields[..] else {
        return None;
    };
    if year != "*" {
        return None;
    }
    let minutes = numbers(minute, 0, 59, &[])?;
    let hours = numbers(hour, 0, 23, &[])?;
    let times: Vec<i32> = hours
        .iter()
        .flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute))
        .collect();
    let (first, last) = (*times.first()?, *times.last()?);
    let within = times.windows(2).map(|pair| pair[1] - pair[0]).max();
    let runs = days(day, month, week)?;
    let between = runs
        .windows(2)
        .map(|pair| (pair[1] - pair[0]) * 1440 + first - last)
        .max()?;
    Some(f64::from(between.max(within.unwrap_or(0))) / 60.0)
}

/// Days on which a schedule runs, by number, within four years: leap days and all months are among them.
fn days(day: &str, month: &str, week: &str) -> Option<Vec<i32>> {
    let months = numbers(month, 1, 12, &MONTHS)?;
    let last = day == "L";
    let dates = if last {
        BTreeSet::new()
    } else {
        numbers(day, 1, 31, &[])?
    };
    let weekdays = numbers(week, 1, 7, &DAYS)?;
    let runs = |at: &Date| {
        months.contains(&i32::from(at.month()))
            && weekdays.contains(&(i32::from(at.weekday().to_sunday_one_offset())))
            && (last && at.day() == at.days_in_month() || dates.contains(&i32::from(at.day())))
    };
    let found: Vec<i32> = date(2025, 1, 1)
        .series(jiff::Span::new().days(1))
        .take(1461)
        .enumerate()
        .filter(|(_, at)| runs(at))
        .filter_map(|(number, _)| i32::try_from(number).ok())
        .collect();
    Some(found)
}

/// The numbers that a field means.
fn numbers(field: &str, from: i32, to: i32, names: &[&str]) -> Option<BTreeSet<i32>> {
    let number = |word: &str| -> Option<i32> {
        let named = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(word))
            .and_then(|at| i32::try_from(at + 1).ok());
        named
            .or_else(|| word.parse().ok())
            .filter(|number| (from..=to).contains(number))
    };
    let mut found = BTreeSet::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (start, end) = match range.split_once('-') {
            _ if matches!(range, "*" | "?") => (from, to),
            Some((start, end)) => (number(start)?, number(end)?),
            None if part.contains('/') => (number(range)?, to),
            None => (number(range)?, number(range)?),
        };
        let step: usize = step;
        found.extend((start..=end).step_by(step));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_gap_counts() {
        for (schedule, hours) in [
            ("rate(30 minutes)", 0.5),
            ("rate(1 day)", 24.0),
            ("cron(0 5 * * ? *)", 24.0),
            ("cron(0/15 * * * ? *)", 0.25),
            ("cron(0 */6 * * ? *)", 6.0),
            ("cron(0 8,20 * * ? *)", 12.0),
            ("cron(0 8,10 * * ? *)", 22.0),
            ("cron(0 5 ? * MON-FRI *)", 72.0),
            ("cron(0 5 ? * 1 *)", 168.0),
            ("cron(0 5 1 * ? *)", 31.0 * 24.0),
            ("cron(0 5 L * ? *)", 31.0 * 24.0),
            ("cron(0 5 1 JAN,JUL ? *)", 184.0 * 24.0),
        ] {
            assert_eq!(longest_gap(schedule), Some(hours), "{schedule}");
        }
        for schedule in [
            "cron(0 5 ? * 6#1 *)",
            "cron(0 5 * * ?)",
            "daily",
            "rate(x days)",
        ] {
            assert_eq!(longest_gap(schedule), None, "{schedule}");
        }
    }
}
