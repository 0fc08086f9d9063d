//! An execution on somebody's word, for actions: looked at, run or gone on with, and told line by line.

use aws::Region;
use recovery::document::Document;
use recovery::engine::{End, Order, Record, Surroundings};
use recovery::message::Message;
use recovery::mode::Mode;
use terraform_framework::{CancellationToken, Diagnostics, Value};

use super::consents::{Bound, ConsentBlock, judge};
use super::look::{Active, View, look};
use super::run::{refusal, run, told};
use crate::client::Client;
use crate::execution;
use crate::messages::paragraphs;

/// What is asked for.
pub(crate) struct Ask<'a> {
    pub(crate) document: Document,
    pub(crate) mode: Mode,
    /// The region that becomes, or in reprotect stays, active; the active one otherwise.
    pub(crate) target: Option<Region>,
    pub(crate) lost_at: &'a Value<String>,
    pub(crate) declared_at: &'a Value<String>,
    pub(crate) consents: &'a [ConsentBlock],
}

/// Does it. Safe to ask for twice: what is active already is not made active again, and what was begun is gone on with.
pub(crate) async fn act(
    client: &Client,
    cancel: &CancellationToken,
    ask: Ask<'_>,
    tell: &(dyn Fn(&str) + Send + Sync),
    diags: &mut Diagnostics,
) {
    if let Some(part) = client.not_yet {
        diags.error(
            "The provider is not configured yet",
            format!("`{part}` of the provider block is not known."),
        );
        return;
    }
    let name = ask.document.name.clone();
    let opened = match execution::admit(client, &ask.document).await {
        Ok(()) => execution::open(client, ask.document.clone()),
        Err(message) => Err(message),
    };
    let around = match opened {
        Ok(around) => around,
        Err(message) => return fail(&name, &message, diags),
    };
    if let Err(message) = around.refuse_unfit_stores().await {
        return fail(&name, &message, diags);
    }
    let view = match Box::pin(look(&around)).await {
        Ok(view) => view,
        Err(message) => return fail(&name, &message, diags),
    };
    match target(&ask, &around, &view) {
        Err(message) => fail(&name, &message, diags),
        Ok(Way::Nothing(line)) => tell(&line),
        Ok(Way::Go { target, resume }) => {
            let going = go(&around, &view, &ask, &target, resume, (cancel, tell), diags);
            Box::pin(going).await;
        }
    }
}

fn fail(name: &str, message: &Message, diags: &mut Diagnostics) {
    diags.error(format!("{name} cannot be executed"), paragraphs(message));
}

/// What there is to do.
enum Way {
    /// The world is as asked for; what to tell.
    Nothing(String),
    /// An execution, a new one or the unfinished one.
    Go {
        target: Region,
        resume: Option<String>,
    },
}

fn target(ask: &Ask<'_>, around: &Surroundings, view: &View) -> Result<Way, Message> {
    let active = match view.active(&around.document.authority) {
        Active::Region(region) => Some(region),
        _ => None,
    };
    let target = ask.target.clone().or_else(|| active.clone());
    let Some(target) = target else {
        return Err(Message::new(
            view.activity.because.clone(),
            "an active region",
            "name it with target_region",
        ));
    };
    let unfinished = if ask.mode == Mode::Reprotect {
        // One of a few steps, as drctl fence runs them, is another thing than a whole reprotect.
        let whole = |it: &&Record| {
            it.state
                .declared
                .as_ref()
                .is_some_and(|it| it.only.is_empty())
        };
        view.past
            .newest
            .as_ref()
            .filter(|it| !it.is_over())
            .filter(whole)
    } else {
        view.unfinished(&around.digest)
    };
    let declared = unfinished.and_then(|it| Some((it, it.state.declared.as_ref()?)));
    let same = declared
        .filter(|(_, it)| it.mode == ask.mode && it.target == target && it.digest == around.digest);
    if let Some((record, _)) = same {
        return Ok(Way::Go {
            target,
            resume: Some(record.id.clone()),
        });
    }
    if ask.mode != Mode::Reprotect
        && let Some(record) = view.unfinished(&around.digest)
    {
        return Err(Message::new(
            format!(
                "execution {} is {} and leads elsewhere",
                record.id,
                record.status()
            ),
            format!("no unfinished execution but a {} to {target}", ask.mode),
            format!("drctl resume {0}, or drctl abort {0}", record.id),
        ));
    }
    if ask.mode != Mode::Reprotect && active.as_ref() == Some(&target) {
        let because = &view.activity.because;
        return Ok(Way::Nothing(format!(
            "{target} is active already ({because}): nothing to do"
        )));
    }
    Ok(Way::Go {
        target,
        resume: None,
    })
}

async fn go(
    around: &Surroundings,
    view: &View,
    ask: &Ask<'_>,
    target: &Region,
    resume: Option<String>,
    (cancel, tell): (&CancellationToken, &(dyn Fn(&str) + Send + Sync)),
    diags: &mut Diagnostics,
) {
    let actor = around.caller().await;
    let actor = actor.unwrap_or_else(|| "terraform (AWS did not say who)".to_owned());
    let begun = [&view.past.newest, &view.past.moved].into_iter().flatten();
    let begun = begun.into_iter().find(|it| Some(&it.id) == resume.as_ref());
    let begun = begun.and_then(|it| it.state.declared.as_ref());
    let bound = Bound {
        document: &around.document,
        digest: &around.digest,
        epoch: begun.map_or_else(|| view.epochs.next(), |begun| begun.epoch),
        target,
        now: around.means.clock.now(),
    };
    let (consents, inert) = judge(ask.consents, &bound, &actor);
    for line in inert {
        tell(&line);
    }
    let moment = |value: &Value<String>| value.text().and_then(|text| text.parse().ok());
    let order = Order {
        mode: ask.mode,
        target: target.clone(),
        lost: around.stores.lost().into_iter().collect(),
        lost_at: moment(ask.lost_at),
        declared_at: moment(ask.declared_at),
        actor,
        consents,
        resume,
    };
    match run(around, &order, cancel, tell).await {
        Err(refused) => {
            let told = refusal(&refused, &around.document.name);
            diags.error(told.summary, told.detail);
        }
        Ok(done) => {
            if let Some(told) = told(&done, ask.mode, &bound) {
                return diags.error(told.summary, told.detail);
            }
            let end = done.end.name();
            let epoch = done.epoch;
            let epoch = epoch.map_or_else(String::new, |epoch| format!(", epoch {epoch}"));
            let plan = &around.document.name;
            tell(&format!("{} of {plan} to {target}: {end}{epoch}", ask.mode));
            if done.end == End::DoneUnfenced {
                diags.warning(
                    "Done, and the old writer is not proved to be fenced",
                    "Next: when its region answers again, invoke dr_reprotect, or drctl run --mode reprotect.",
                );
            }
        }
    }
}
