//! An execution on somebody's word, for actions: looked at, run or gone on with, and told line by line.

use aws::Region;
use recovery::document::Document;
use recovery::engine::{End, Record};
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::next_move;
use terraform_framework::{CancellationToken, Diagnostics};

use super::children::{self, Given};
use super::consents::{Bound, ConsentBlock, judge};
use super::look::{Active, under_way};
use super::run::{Accepts, refusal, run, told};
use super::standing::{Course, Moments, Standing};
use crate::client::Client;
use crate::execution;
use crate::messages::paragraphs;

/// What is asked for.
pub(crate) struct Ask<'a> {
    pub(crate) document: Document,
    pub(crate) mode: Mode,
    /// The region that becomes, or in reprotect stays, active; the active one otherwise.
    pub(crate) target: Option<Region>,
    /// Plans that the plan runs.
    pub(crate) child_plans: &'a Given,
    pub(crate) moments: Moments<'a>,
    pub(crate) consents: &'a [ConsentBlock],
    /// Where a consent is written.
    pub(crate) accepts: Accepts,
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
    let mut standing = match Box::pin(looked(client, &ask)).await {
        Ok(standing) => standing,
        Err(message) => return fail(&name, &message, diags),
    };
    let (target, resume) = match way(&ask, &standing) {
        Err(message) => return fail(&name, &message, diags),
        Ok(Way::Nothing(line)) => return tell(&line),
        Ok(Way::Go { target, resume }) => (target, resume.cloned()),
    };
    match children::join(client, &standing.around, ask.child_plans, &target).await {
        Ok(joined) => standing.around = joined,
        Err(message) => return fail(&name, &message, diags),
    }
    let going = go(
        &standing,
        &ask,
        &target,
        resume.as_ref(),
        (cancel, tell),
        diags,
    );
    Box::pin(going).await;
}

/// The plan as it stands.
async fn looked(client: &Client, ask: &Ask<'_>) -> Result<Standing, Message> {
    let standing = Standing::of(client, ask.document.clone()).await?;
    standing.around.refuse_unfit_stores().await?;
    match &standing.view {
        Ok(_) => Ok(standing),
        Err(message) => Err(message.clone()),
    }
}

fn fail(name: &str, message: &Message, diags: &mut Diagnostics) {
    diags.error(format!("{name} cannot be executed"), paragraphs(message));
}

/// What there is to do.
enum Way<'a> {
    /// The world is as asked for; what to tell.
    Nothing(String),
    /// An execution, a new one or the unfinished one.
    Go {
        target: Region,
        resume: Option<&'a Record>,
    },
}

fn way<'a>(ask: &Ask<'_>, standing: &'a Standing) -> Result<Way<'a>, Message> {
    let active = match &standing.active {
        Active::Region(region) => Some(region),
        _ => None,
    };
    let because = || {
        let view = standing.view.as_ref();
        view.map_or_else(|_| String::new(), |view| view.seen.activity.because.clone())
    };
    let Some(target) = ask.target.as_ref().or(active).cloned() else {
        return Err(Message::new(
            because(),
            "an active region",
            "write active_region = \"REGION\" into the action, with the region that customers write to, and invoke it again",
        ));
    };
    match standing.course(Some(ask.mode), target.as_str()) {
        Course::GoOn(record) => Ok(Way::Go {
            target,
            resume: Some(record),
        }),
        Course::Busy(record) => Err(Message::new(
            under_way(record),
            format!("no unfinished execution but a {} to {target}", ask.mode),
            format!(
                "{}, or {}",
                next_move::resume(&record.id),
                next_move::abort(&record.id)
            ),
        )),
        Course::Begin if ask.mode != Mode::Reprotect && active == Some(&target) => {
            Ok(Way::Nothing(format!(
                "{target} is active already ({}): nothing to do",
                because()
            )))
        }
        Course::Begin => Ok(Way::Go {
            target,
            resume: None,
        }),
    }
}

async fn go(
    standing: &Standing,
    ask: &Ask<'_>,
    target: &Region,
    resume: Option<&Record>,
    (cancel, tell): (&CancellationToken, &(dyn Fn(&str) + Send + Sync)),
    diags: &mut Diagnostics,
) {
    let around = &standing.around;
    let actor = execution::caller(around).await;
    let bound = standing.bound(target, resume);
    let (consents, inert) = judge(ask.consents, &bound, &actor);
    for line in inert {
        tell(&line);
    }
    let order = standing.order(ask.mode, target, resume, ask.moments, (actor, consents));
    match run(around, &order, cancel, tell).await {
        Err(refused) => {
            let told = refusal(&refused, &around.document.name);
            diags.error(told.summary, told.detail);
        }
        Ok(done) => {
            if let Some(told) = told(&done, ask.mode, &bound, ask.accepts) {
                return diags.error(told.summary, told.detail);
            }
            tell_done(&done, ask.mode, &bound, tell, diags);
        }
    }
}

fn tell_done(
    done: &recovery::engine::Execution,
    mode: Mode,
    bound: &Bound<'_>,
    tell: &(dyn Fn(&str) + Send + Sync),
    diags: &mut Diagnostics,
) {
    let (end, plan, target) = (done.end.name(), &bound.document.name, bound.target);
    let epoch = done.epoch;
    let epoch = epoch.map_or_else(String::new, |epoch| format!(", epoch {epoch}"));
    tell(&format!("{mode} of {plan} to {target}: {end}{epoch}"));
    if done.end == End::DoneUnfenced {
        diags.warning(execution::run::UNFENCED, execution::run::fence_it());
    }
}
