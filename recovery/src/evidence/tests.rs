//! Evidence of a failover with everything that can happen to one, and text that stays text.

mod journal;

use std::collections::BTreeSet;

use aws::Region;

use self::journal::{ID, Writer, at, consent, document, gate, journal};
use super::{Aftermath, Evidence, StepEvidence, TierEvidence, gather, html, markdown};
use crate::engine::Closure;
use crate::journal::{GateNote, Phase, Problem, Raw, Verification};
use crate::mode::Mode;

fn evidence(aftermath: &Aftermath, problems: Vec<Problem>) -> Evidence {
    let verification = Verification {
        problems,
        ..Verification::default()
    };
    gather(&document(), ID, &journal(), &verification, aftermath)
}

fn closed() -> Aftermath {
    Aftermath {
        closures: vec![Closure {
            execution: "01J4B000000000000000000000".to_owned(),
            mode: Mode::Reprotect,
            fence_alone: true,
            by: Some("dora".to_owned()),
            at: Some(at("15:00:00")),
            regions: BTreeSet::from([Region::new("us-east-1").unwrap()]),
        }],
        ..Aftermath::default()
    }
}

#[test]
fn everything_that_happened_stands_in_the_evidence() {
    let evidence = evidence(&Aftermath::default(), Vec::new());
    insta::assert_snapshot!("whole-markdown", markdown(&evidence));
    insta::assert_snapshot!("whole-json", evidence.json());
    insta::assert_snapshot!("whole-html", html(&evidence).replace("><", ">\n<"));
}

#[test]
fn the_sentence_at_the_top_says_what_happened() {
    let open = evidence(&Aftermath::default(), Vec::new());
    assert_eq!(
        open.summary,
        "us-west-2 became active at 12:03 UTC on 2026-08-01, 4 min 10 s after it was declared; one gate was refused and \
         consented to; the process of ada was gone after its last entry at 11:59 UTC, and ben went on at 12:02 UTC; left out by order: settle; the old writer is not fenced"
    );
    assert_eq!(open.open.len(), 1);
    let closed = evidence(&closed(), Vec::new());
    assert!(
        closed.summary.ends_with(
            "the old writer was left unfenced, and fenced later, at 15:00 UTC, by the fence \
             01J4B000000000000000000000"
        ),
        "{}",
        closed.summary
    );
    assert_eq!(closed.open, Vec::<String>::new());
    for text in [markdown(&closed), html(&closed)] {
        assert!(
            text.contains("was fenced later, by the fence 01J4B"),
            "{text}"
        );
    }
    // A region that is lost still stays open.
    let mut partly = self::closed();
    partly.open = BTreeSet::from([Region::new("eu-west-1").unwrap()]);
    let partly = evidence(&partly, Vec::new());
    assert!(
        partly.summary.ends_with(", not everywhere yet"),
        "{}",
        partly.summary
    );
    assert!(partly.open[0].contains("eu-west-1"), "{:?}", partly.open);
}

#[test]
fn the_sentence_tells_how_far_one_came_that_did_not_end_well() {
    for (entries, words) in [
        (0, "nothing is known of what was ordered"),
        (
            2,
            "us-west-2 is not proved active yet: 0 of 3 steps are done, and no end is written",
        ),
        (
            9,
            "us-west-2 was not proved active: fence was refused by a gate; one gate was refused; the process of ada was gone",
        ),
        (
            13,
            "us-west-2 became active at 12:03 UTC on 2026-08-01, 4 min 10 s after it was declared, and the failover is not \
             finished: 2 of 3 steps are done, and no end is written",
        ),
    ] {
        let journal = &journal()[..entries];
        let verification = Verification::default();
        let aftermath = Aftermath::default();
        let evidence = gather(&document(), ID, journal, &verification, &aftermath);
        assert!(
            evidence.summary.starts_with(words),
            "{entries}: {}",
            evidence.summary
        );
    }
}

#[test]
fn evidence_of_a_journal_that_does_not_hold_says_so_before_anything_else() {
    let broken = evidence(
        &Aftermath::default(),
        vec![Problem::NotLinked { number: 4 }],
    );
    assert!(!broken.intact);
    assert!(
        broken
            .summary
            .starts_with("the journal is not intact (1 problem)")
    );
    let text = markdown(&broken);
    let (mark, table) = (
        text.find("**The journal is not intact**"),
        text.find("| | |"),
    );
    assert!(mark.unwrap() < table.unwrap(), "{text}");
    assert!(text.contains("entry 4 does not follow"), "{text}");
    let page = html(&broken);
    let (mark, table) = (page.find("The journal is not intact"), page.find("<table>"));
    assert!(mark.unwrap() < table.unwrap(), "{page}");
    let whole = evidence(&Aftermath::default(), Vec::new());
    assert!(whole.intact && !html(&whole).contains("not intact"));
}

#[test]
fn the_page_is_well_formed_asks_for_nothing_and_runs_nothing() {
    let page = html(&evidence(&closed(), vec![Problem::Missing { number: 4 }]));
    for word in [
        "<script", "http:", "https:", "src=", "href=", "@import", "url(",
    ] {
        assert!(!page.contains(word), "{word} in {page}");
    }
    let mut open: Vec<&str> = Vec::new();
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        match tag.chars().next().unwrap() {
            '!' => {}
            '/' => assert_eq!(open.pop(), Some(name), "{page}"),
            _ if tag.ends_with('/') || name == "meta" => {}
            _ => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

fn tier(rto: Option<u64>, rpo: Option<u64>) -> TierEvidence {
    TierEvidence {
        tier: "critical".to_owned(),
        rto_objective_seconds: 3600,
        rto_measured_seconds: rto,
        rpo_objective_seconds: 300,
        rpo_measured_seconds: rpo,
    }
}

#[test]
fn a_promise_is_kept_only_when_all_of_it_was_measured() {
    for (rto, rpo, kept) in [
        (Some(60), Some(300), Some(true)),
        (Some(60), None, None),
        (None, Some(10), None),
        (None, Some(301), Some(false)),
        (Some(3601), None, Some(false)),
    ] {
        assert_eq!(tier(rto, rpo).kept(), kept, "{rto:?} {rpo:?}");
    }
}

const EVIL: &str = "\"><img src=x onerror=alert(1)>\n<script>|";

#[test]
fn what_steps_and_people_say_stays_text_in_every_form() {
    let mut journal = Writer::default();
    let mut words = consent();
    words.reason = EVIL.to_owned();
    words.by = EVIL.to_owned();
    journal.begins("12:00:00", Phase::Declared, EVIL, vec![words]);
    journal.step("12:00:01", "fence", Phase::Gated, |note| {
        note.gates = vec![GateNote {
            seen: EVIL.to_owned(),
            expected: EVIL.to_owned(),
            next: Some(EVIL.to_owned()),
            ..gate("refused")
        }];
        note.operation = Some(EVIL.to_owned());
        note.outcome = Some("refused".to_owned());
    });
    let verification = Verification {
        problems: vec![Problem::Unreadable {
            number: 3,
            why: EVIL.to_owned(),
        }],
        ..Verification::default()
    };
    let mut aftermath = closed();
    aftermath.closures[0].by = Some(EVIL.to_owned());
    let mut evidence = gather(&document(), ID, &journal.entries, &verification, &aftermath);
    evidence.plan = EVIL.to_owned();
    evidence.steps.push(StepEvidence {
        step: format!("promote|it{EVIL}"),
        standing: "failed".to_owned(),
        message: Some(EVIL.to_owned()),
        began_seconds: Some(1),
        ..StepEvidence::default()
    });
    let page = html(&evidence);
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;"));
    let text = markdown(&evidence);
    // A backslash makes the letter after it text (CommonMark, "Backslash escapes").
    assert!(text.contains("promote\\|it"), "{text}");
    assert!(!text.replace("\\<", "").contains("<img"), "{text}");
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells = line.replace("\\|", "").matches('|').count();
        assert!([3, 7].contains(&cells), "{line}");
    }
}

#[test]
fn an_act_that_no_gate_had_refused_is_told_when_a_consent_opened_it() {
    let mut journal = Writer::default();
    journal.begins("12:00:00", Phase::Declared, "ada", vec![consent()]);
    journal.step("12:00:05", "fence", Phase::Performing, |note| {
        note.gates = vec![gate("consented")];
    });
    let (verification, aftermath) = (Verification::default(), Aftermath::default());
    let evidence = gather(&document(), ID, &journal.entries, &verification, &aftermath);
    assert_eq!(evidence.refusals, []);
    let event = evidence.events.last().unwrap();
    assert_eq!(
        (
            event.event.as_str(),
            event.by.as_deref(),
            event.step.as_deref()
        ),
        ("went_on_by_consent", Some("ben"), Some("fence"))
    );
    assert!(event.words.contains("customers wait"), "{}", event.words);
    assert!(
        evidence
            .summary
            .contains("a consent opened the gates of fence")
    );
}

#[test]
fn a_journal_that_was_written_before_next_moves_were_kept_holds_and_is_told() {
    let text = r#"{"execution":"01J4A000000000000000000000","gates":[{"expected":"a proof","gate":"fenced","seen":"nothing","verdict":"refused"}],"number":1,"outcome":"refused","phase":"gated","run":"r","schema":1,"step":"fence","time":"2026-08-01T12:00:00Z"}"#;
    let old = Raw {
        number: 1,
        bytes: text.as_bytes().to_vec(),
    };
    let verification = crate::journal::verify(ID, std::slice::from_ref(&old), &[], &[]);
    assert_eq!(verification.problems, []);
    let evidence = gather(
        &document(),
        ID,
        &[old],
        &verification,
        &Aftermath::default(),
    );
    assert_eq!(evidence.refusals[0].next, None);
    assert!(markdown(&evidence).contains("seen nothing; expected a proof (it stands)"));
}
