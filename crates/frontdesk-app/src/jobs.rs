//! The jobs of the product: what the queue runs, by name. To add one, add a line to [`registry`].

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_domain::id::ConversationId;
use frontdesk_queue::{ClaimedJob, Failure, Handler, InvalidSchedule, Registry, Schedule};
use futures_util::future::BoxFuture;

use crate::conversation::{TURN_JOB, idle, media, turn};
use crate::{
    App, AppError, account, account_mail, booking, calendar, channel_template, compliance, connection,
    contact, identity, knowledge, mailbox, message, notice, notification, workflow, workspace,
};

/// Every job and schedule.
pub fn registry(app: &Arc<App>) -> Result<Registry, InvalidSchedule> {
    let mut registry = Registry::default();
    let mut handle = |name, run: Run| {
        registry.handle(name, Arc::new(Job { app: Arc::clone(app), run }));
    };
    handle(account_mail::JOB, |app, job| Box::pin(account_mail::run(app, &job.payload)));
    handle(notification::JOB, |app, job| Box::pin(notification::run(app, job.workspace, &job.payload)));
    handle(notification::chat::JOB, |app, job| Box::pin(notification::chat::run(app, job)));
    handle(message::JOB, |app, job| Box::pin(message::run(app, job)));
    handle(compliance::QUESTION_JOB, |app, job| Box::pin(compliance::run_question(app, job)));
    handle(notice::JOB, |app, job| Box::pin(notice::run(app, job)));
    handle(notice::OFFER_JOB, |app, job| Box::pin(notice::run_offer(app, job)));
    handle(booking::offer::JOB, |app, job| Box::pin(booking::offer::run(app, job)));
    handle(identity::JOB, |app, job| Box::pin(identity::run(app, job)));
    handle(notice::STAFF_JOB, |app, job| Box::pin(notice::run_staff(app, job)));
    handle(knowledge::INGEST_JOB, |app, job| Box::pin(knowledge::ingest(app, job)));
    handle(knowledge::REEMBED_JOB, |app, job| Box::pin(knowledge::reembed(app, job)));
    handle(workspace::PURGE_JOB, |app, job| Box::pin(workspace::purge(app, &job.payload)));
    handle(contact::import::IMPORT_JOB, |app, job| Box::pin(contact::import::run(app, job)));
    handle(contact::bulk::BULK_JOB, |app, job| Box::pin(contact::bulk::run(app, job)));
    handle(contact::import::UNDO_JOB, |app, job| Box::pin(contact::import::undo_job(app, job)));
    handle(media::JOB, |app, job| Box::pin(media::run(app, job)));
    handle(message::receipt::JOB, |app, job| Box::pin(message::receipt::run(app, job)));
    handle(connection::welcome::JOB, |app, job| Box::pin(connection::welcome::run(app, job)));
    handle(message::short_link::JOB, |app, _| {
        Box::pin(async { message::short_link::forget(app).await.map_err(|error| failure(&error)) })
    });
    handle(channel_template::JOB, |app, job| Box::pin(channel_template::sync::run(app, job)));
    handle(channel_template::SYNC_ALL_JOB, |app, _| {
        Box::pin(async { channel_template::sync::plan_all(app).await.map_err(|error| failure(&error)) })
    });
    handle(TURN_JOB, |app, job| Box::pin(answer(app, job)));
    handle(idle::IDLE_JOB, |app, _| {
        Box::pin(async { idle::end_idle(app).await.map(drop).map_err(|error| failure(&error)) })
    });
    let forget: Run =
        |app, _| Box::pin(async { account::forget_lapsed(app).await.map_err(|error| failure(&error)) });
    registry.handle(account::FORGET_JOB, Arc::new(Job { app: Arc::clone(app), run: forget }));
    registry.schedule(Schedule::new(account::FORGET_JOB, "17 * * * *")?);
    registry.schedule(Schedule::new(idle::IDLE_JOB, "*/10 * * * *")?);
    registry.schedule(Schedule::new(message::short_link::JOB, "29 3 * * *")?);
    registry.schedule(Schedule::new(channel_template::SYNC_ALL_JOB, "41 */6 * * *")?);
    let sweep: Run =
        |app, _| Box::pin(async { booking::sweep(app).await.map(drop).map_err(|error| failure(&error)) });
    registry.handle(booking::SWEEP_JOB, Arc::new(Job { app: Arc::clone(app), run: sweep }));
    registry.schedule(Schedule::new(booking::SWEEP_JOB, "* * * * *")?);
    workflows(app, &mut registry)?;
    calendars(app, &mut registry)?;
    mailboxes(app, &mut registry)?;
    Ok(registry)
}

/// What reads mailboxes.
fn mailboxes(app: &Arc<App>, registry: &mut Registry) -> Result<(), InvalidSchedule> {
    let mut handle = |name, run: Run| {
        registry.handle(name, Arc::new(Job { app: Arc::clone(app), run }));
    };
    handle(mailbox::LOOK_JOB, |app, job| Box::pin(mailbox::look(app, job)));
    handle(mailbox::ARRIVE_JOB, |app, job| Box::pin(mailbox::arrive(app, job)));
    handle(mailbox::POLL_JOB, |app, _| {
        Box::pin(async { mailbox::poll(app).await.map(drop).map_err(|error| failure(&error)) })
    });
    registry.schedule(Schedule::new(mailbox::POLL_JOB, "* * * * *")?);
    Ok(())
}

/// What moves contacts through workflows.
fn workflows(app: &Arc<App>, registry: &mut Registry) -> Result<(), InvalidSchedule> {
    let mut handle = |name, run: Run| {
        registry.handle(name, Arc::new(Job { app: Arc::clone(app), run }));
    };
    handle(workflow::ENTER_JOB, |app, job| Box::pin(workflow::enter::run(app, job)));
    handle(workflow::ADVANCE_JOB, |app, job| Box::pin(workflow::advance::run(app, job)));
    handle(workflow::QUALIFY_JOB, |app, job| Box::pin(workflow::qualify::run(app, job)));
    handle(workflow::HOOK_JOB, |app, job| Box::pin(workflow::hook::run(app, job)));
    handle(workflow::TICK_JOB, |app, _| {
        Box::pin(async { workflow::tick(app).await.map(drop).map_err(|error| failure(&error)) })
    });
    registry.schedule(Schedule::new(workflow::TICK_JOB, "* * * * *")?);
    Ok(())
}

/// What keeps connected calendars in step.
fn calendars(app: &Arc<App>, registry: &mut Registry) -> Result<(), InvalidSchedule> {
    let mut handle = |name, run: Run| {
        registry.handle(name, Arc::new(Job { app: Arc::clone(app), run }));
    };
    handle(calendar::SYNC_JOB, |app, job| Box::pin(calendar::sync(app, job)));
    handle(calendar::WRITE_JOB, |app, job| Box::pin(calendar::write(app, job)));
    handle(calendar::PLACE_JOB, |app, job| Box::pin(calendar::place(app, job)));
    handle(calendar::CHANNEL_JOB, |app, job| Box::pin(calendar::renew(app, job)));
    handle(calendar::POLL_JOB, |app, _| {
        Box::pin(async { calendar::poll(app).await.map(drop).map_err(|error| failure(&error)) })
    });
    handle(calendar::CHANNELS_JOB, |app, _| {
        Box::pin(async { calendar::plan_channels(app).await.map(drop).map_err(|error| failure(&error)) })
    });
    registry.schedule(Schedule::new(calendar::POLL_JOB, "* * * * *")?);
    registry.schedule(Schedule::new(calendar::CHANNELS_JOB, "23 * * * *")?);
    Ok(())
}

/// A failed use case as a failed job: what is wrong with the input stays wrong, anything else may pass.
pub(crate) fn failure(error: &AppError) -> Failure {
    match error {
        AppError::Invalid(_)
        | AppError::NotFound(_)
        | AppError::Forbidden(_)
        | AppError::Refused(_)
        | AppError::TooLarge(_) => Failure::Permanent(error.to_string()),
        _ => Failure::Retry(error.to_string()),
    }
}

/// Answers a conversation on a channel that waits for no stream, or whose process died before it could.
async fn answer(app: &Arc<App>, job: &ClaimedJob) -> Result<(), Failure> {
    let id = job.payload.get("conversation").and_then(|id| id.as_str()).unwrap_or_default();
    let id: ConversationId = id.parse().map_err(|error| Failure::Permanent(format!("{error}")))?;
    while !turn::answer_late(app, job.workspace, id).await.map_err(|error| failure(&error))? {}
    Ok(())
}

type Run = for<'a> fn(&'a Arc<App>, &'a ClaimedJob) -> BoxFuture<'a, Result<(), Failure>>;

struct Job {
    app: Arc<App>,
    run: Run,
}

#[async_trait]
impl Handler for Job {
    async fn run(&self, job: &ClaimedJob) -> Result<(), Failure> {
        (self.run)(&self.app, job).await
    }
}
