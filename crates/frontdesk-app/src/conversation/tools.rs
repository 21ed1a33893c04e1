//! The agent's tools over the use cases, bound to one conversation.
//!
//! Workspace, conversation and contact come from here, never from arguments. In the sandbox acting tools rehearse: they
//! answer as they would and leave nothing behind. To add a tool: its spec in `frontdesk_agent::tools`, a line in
//! [`SessionTools::call`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use frontdesk_agent::port::{Knowledge, ToolOutcome, ToolSpec, Tools};
use frontdesk_agent::session::{Receipt, ReceiptKind, Session};
use frontdesk_agent::tools;
use frontdesk_domain::agent::AgentSettings;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::id::{ConversationId, SourceId};
use frontdesk_domain::knowledge::{Citation, KnowledgeAnswer, Passage};
use frontdesk_domain::locale::Language;
use serde::Deserialize;
use serde_json::{Value, json};

use super::booking_tools::BookingTools;
use super::person::{self, Details};
use super::send_tools::SendTools;
use super::{floor, is_sandbox};
use crate::{App, AppError, Result};

/// Passages a search gives a model.
const PASSAGES: usize = 5;
/// What the customer is told when they leave their details.
pub const CONSENT: &str = "The customer left their details in the chat to be contacted about their request.";

/// The tools of one conversation.
pub(super) struct SessionTools {
    app: Arc<App>,
    ctx: Context,
    conversation: ConversationId,
    sandbox: bool,
    team_is_in: bool,
    knowledge: SessionKnowledge,
    booking: BookingTools,
    sending: SendTools,
    /// The epoch the turn may speak under; a handoff moves it on.
    epoch: Arc<AtomicU64>,
}

impl SessionTools {
    pub(super) fn new(
        app: &Arc<App>,
        ctx: &Context,
        conversation: &Conversation,
        session: &Session,
        epoch: Arc<AtomicU64>,
        ways: Vec<Channel>,
    ) -> Self {
        Self {
            app: Arc::clone(app),
            ctx: ctx.clone(),
            conversation: conversation.id,
            sandbox: is_sandbox(conversation.channel),
            team_is_in: session.team_available,
            knowledge: SessionKnowledge::new(app, ctx, &session.settings),
            booking: BookingTools::new(app, ctx, session, is_sandbox(conversation.channel)),
            sending: SendTools::new(app, ctx, conversation, session, ways),
            epoch,
        }
    }

    async fn search(&self, arguments: SearchArguments) -> ToolOutcome {
        let found = self.knowledge.search(&arguments.question, None, PASSAGES).await;
        match found {
            Ok(passages) => ToolOutcome {
                ok: true,
                result: json!({
                    "found": !passages.is_empty(),
                    "passages": passages.iter().map(|passage| json!({
                        "title": passage.title, "place": passage.place, "text": passage.text,
                    })).collect::<Vec<_>>(),
                }),
                receipt: None,
                citations: passages.iter().map(citation).collect(),
            },
            Err(error) => failed(&error),
        }
    }

    async fn capture_lead(&self, arguments: LeadArguments) -> Result<ToolOutcome> {
        let details = Details {
            name: arguments.name,
            email: arguments.email,
            phone: arguments.phone,
            ..Details::default()
        };
        let id = if self.sandbox {
            let country =
                frontdesk_store::workspace::get(self.app.store.reader(), self.ctx.scope()).await?.country;
            details.checked(&country)?;
            "sandbox".to_owned()
        } else {
            let capture = crate::lead::Capture {
                conversation_id: self.conversation,
                details,
                need: arguments.need.unwrap_or_default(),
                consent_text: CONSENT.to_owned(),
            };
            crate::lead::capture(&self.app, &self.ctx, capture).await?.id.to_string()
        };
        Ok(done("the details were saved; the team will get in touch", ReceiptKind::LeadCaptured, id))
    }

    async fn update_contact(&self, arguments: ContactArguments) -> Result<ToolOutcome> {
        let details = Details {
            name: arguments.name,
            email: arguments.email,
            phone: arguments.phone,
            language: arguments.language,
            remember: arguments.remember.into_iter().map(|fact| (fact.key, fact.value)).collect(),
        };
        let id = if self.sandbox {
            "sandbox".to_owned()
        } else {
            let known = person::learn(&self.app, &self.ctx, self.conversation, details).await?;
            known.contact.id.to_string()
        };
        Ok(done("the customer's details were saved", ReceiptKind::ContactUpdated, id))
    }

    async fn hand_off(&self, arguments: HandoffArguments) -> Result<ToolOutcome> {
        if !self.sandbox {
            let reason = arguments.reason.as_str();
            floor::request_person(
                &self.app,
                &self.ctx,
                self.conversation,
                reason,
                self.team_is_in,
                |epoch| {
                    self.epoch.store(epoch, Ordering::SeqCst);
                },
            )
            .await?;
            if let Some(summary) = arguments.summary {
                floor::summarize(&self.app, &self.ctx, self.conversation, &summary).await?;
            }
        }
        let said = if self.team_is_in {
            "a person was asked to take over and will answer here"
        } else {
            "a person was asked to take over; the team is away now and will answer when it is back"
        };
        Ok(done(said, ReceiptKind::HandedOff, self.conversation.to_string()))
    }

    async fn end(&self) -> Result<ToolOutcome> {
        if !self.sandbox {
            floor::end(&self.app, &self.ctx, self.conversation).await?;
        }
        Ok(done("the conversation was ended", ReceiptKind::ConversationEnded, self.conversation.to_string()))
    }

    async fn opt_out(&self) -> Result<ToolOutcome> {
        let id = if self.sandbox {
            "sandbox".to_owned()
        } else {
            person::opt_out(&self.app, &self.ctx, self.conversation).await?.to_string()
        };
        Ok(done("the customer will not be contacted any more", ReceiptKind::OptedOut, id))
    }
}

#[derive(Deserialize)]
struct SearchArguments {
    question: String,
}

#[derive(Deserialize)]
struct LeadArguments {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    need: Option<String>,
}

#[derive(Deserialize)]
struct ContactArguments {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    #[serde(default)]
    remember: Vec<FactArguments>,
}

#[derive(Deserialize)]
struct FactArguments {
    key: String,
    value: String,
}

#[derive(Deserialize)]
struct HandoffArguments {
    reason: String,
    summary: Option<String>,
}

fn done(said: &str, kind: ReceiptKind, id: String) -> ToolOutcome {
    ToolOutcome {
        ok: true,
        result: json!({ "done": said }),
        receipt: Some(Receipt { kind, id }),
        citations: Vec::new(),
    }
}

/// A failure in words a model can act on; our own faults are logged and not described.
fn failed(error: &AppError) -> ToolOutcome {
    let said = if let AppError::Internal(cause) = error {
        tracing::error!(cause, "a tool failed");
        "it did not work; tell the customer that it could not be done and offer a person".to_owned()
    } else {
        error.to_string()
    };
    ToolOutcome { ok: false, result: json!({ "error": said }), receipt: None, citations: Vec::new() }
}

fn citation(passage: &Passage) -> Citation {
    Citation {
        chunk_id: passage.chunk_id,
        source_id: passage.source_id,
        title: passage.title.clone(),
        place: passage.place.clone(),
        quote: passage.text.chars().take(300).collect(),
        url: passage.url.clone(),
    }
}

#[async_trait]
impl Tools for SessionTools {
    fn specs(&self) -> Vec<ToolSpec> {
        let mut specs = tools::specs();
        specs.retain(|spec| {
            (!tools::is_booking(spec.name) || self.booking.offers(spec.name))
                && (!tools::is_send(spec.name) || self.sending.offers(spec.name))
        });
        specs
    }

    async fn call(&self, name: &str, arguments: Value) -> ToolOutcome {
        if tools::is_booking(name) {
            return self.booking.call(name, arguments).await;
        }
        if tools::is_send(name) {
            return self.sending.call(name, arguments).await;
        }
        let outcome = match name {
            tools::SEARCH_KNOWLEDGE => match read(arguments) {
                Ok(arguments) => return self.search(arguments).await,
                Err(error) => Err(error),
            },
            tools::CAPTURE_LEAD => match read(arguments) {
                Ok(arguments) => self.capture_lead(arguments).await,
                Err(error) => Err(error),
            },
            tools::UPDATE_CONTACT => match read(arguments) {
                Ok(arguments) => self.update_contact(arguments).await,
                Err(error) => Err(error),
            },
            tools::HANDOFF => match read(arguments) {
                Ok(arguments) => self.hand_off(arguments).await,
                Err(error) => Err(error),
            },
            tools::END_CONVERSATION => self.end().await,
            tools::OPT_OUT => self.opt_out().await,
            _ => Err(AppError::NotFound("tool")),
        };
        outcome.unwrap_or_else(|error| failed(&error))
    }
}

fn read<T: serde::de::DeserializeOwned>(arguments: Value) -> Result<T> {
    serde_json::from_value(arguments).map_err(|error| AppError::invalid("", error.to_string()))
}

/// The documents an agent answers from.
#[derive(Clone)]
pub(super) struct SessionKnowledge {
    app: Arc<App>,
    ctx: Context,
    sources: Option<Vec<SourceId>>,
}

impl SessionKnowledge {
    pub(super) fn new(app: &Arc<App>, ctx: &Context, settings: &AgentSettings) -> Self {
        Self { app: Arc::clone(app), ctx: ctx.clone(), sources: settings.sources.clone() }
    }

    async fn search(&self, question: &str, language: Option<Language>, limit: usize) -> Result<Vec<Passage>> {
        let sources = self.sources.as_deref();
        self.app.library.passages(&self.app.store, self.ctx.scope(), question, language, sources, limit).await
    }
}

#[async_trait]
impl Knowledge for SessionKnowledge {
    async fn passages(&self, question: &str, language: Language, limit: usize) -> Vec<Passage> {
        self.search(question, Some(language), limit).await.unwrap_or_else(|error| {
            tracing::error!(%error, "searching the documents");
            Vec::new()
        })
    }

    async fn answer(&self, question: &str, language: Language) -> KnowledgeAnswer {
        let sources = self.sources.as_deref();
        let found = self
            .app
            .library
            .answer(&self.app.store, self.ctx.scope(), question, Some(language), sources)
            .await;
        found.unwrap_or_else(|error| {
            tracing::error!(%error, "searching the documents");
            KnowledgeAnswer { answered: false, text: String::new(), citations: Vec::new(), confidence: 0.0 }
        })
    }
}
