//! Models in an order: when one gives nothing useful, the next one answers.
//!
//! Each model has a breaker judged by *content*: an HTTP 200 that yields no useful token within the deadline, or an empty
//! answer, is a failure. A failed model is probed again after a cool-down, by one request at a time. The chain switches
//! models only while nothing was handed to the caller; after that, an error ends the stream and the caller finishes the
//! turn otherwise.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::time::Clock;
use frontdesk_http::{Breaker, BreakerPermit, BreakerSettings, BreakerState, Outcome};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use crate::chat::{Answer, ChatDelta, ChatError, ChatModel, ChatRequest, ChatStream, EndReason};
use crate::pricing::Pricing;

/// Deadlines and breakers of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FallbackSettings {
    /// Most time for each model until its first useful token.
    pub first_token: Duration,
    /// Most time between two signs of life after that.
    pub between_tokens: Duration,
    /// Most time for the whole answer, all models together.
    pub whole_answer: Duration,
    /// Breaker of each model.
    pub breaker: BreakerSettings,
}

impl Default for FallbackSettings {
    fn default() -> Self {
        Self {
            first_token: Duration::from_secs(8),
            between_tokens: Duration::from_secs(12),
            whole_answer: Duration::from_mins(1),
            breaker: BreakerSettings {
                failures: 3,
                cool_down: Duration::from_secs(30),
                max_cool_down: Duration::from_mins(10),
            },
        }
    }
}

struct Link {
    model: Arc<dyn ChatModel>,
    breaker: Arc<Breaker>,
}

/// A chain of models; itself a model.
pub struct FallbackModel {
    name: String,
    links: Vec<Link>,
    settings: FallbackSettings,
    clock: Arc<dyn Clock>,
}

impl FallbackModel {
    /// The models in the order they are asked. Only the first is asked for the request's `model`; the others use their
    /// configured one.
    pub fn new(models: Vec<Arc<dyn ChatModel>>, settings: FallbackSettings, clock: Arc<dyn Clock>) -> Self {
        let names: Vec<&str> = models.iter().map(|model| model.name()).collect();
        let name = names.join(">");
        let link = |model| Link { model, breaker: Arc::new(Breaker::new(settings.breaker)) };
        Self { name, links: models.into_iter().map(link).collect(), settings, clock }
    }

    /// Name and breaker of each model, in order; for status pages.
    pub fn states(&self) -> Vec<(String, BreakerState)> {
        let now = self.now_ms();
        self.links.iter().map(|link| (link.model.name().to_owned(), link.breaker.state(now))).collect()
    }

    fn now_ms(&self) -> i64 {
        self.clock.now().as_millis()
    }

    /// Asks one model and waits for its first useful token.
    async fn ask(&self, link: &Link, request: ChatRequest, whole: Instant) -> Result<Begun, ChatError> {
        let started = Instant::now();
        let mut deadline = whole.min(started + self.settings.first_token);
        let stalled = || ChatError::Stalled(started.elapsed().as_millis() as u64);
        let mut stream = timeout_at(deadline, link.model.stream(request)).await.map_err(|_| stalled())??;
        let mut read = Vec::new();
        loop {
            let next = timeout_at(deadline, stream.next()).await.map_err(|_| stalled())?;
            let delta =
                next.unwrap_or_else(|| Err(ChatError::Unavailable("the answer has no end".into())))?;
            let useful = match &delta {
                ChatDelta::Text(text) if text.is_empty() => {
                    deadline = whole.min(Instant::now() + self.settings.between_tokens);
                    continue;
                }
                ChatDelta::Text(text) => !text.trim().is_empty(),
                ChatDelta::ToolCall(_) | ChatDelta::End(EndReason::Refused) => true,
                ChatDelta::Usage(_) => false,
                ChatDelta::End(_) => return Err(ChatError::Garbage("an empty answer".into())),
            };
            read.push(delta);
            if useful {
                return Ok(Begun { read, stream });
            }
        }
    }

    /// The rest of an answer, with deadlines, telling the breaker how it ended.
    fn watched(&self, begun: Begun, permit: BreakerPermit, whole: Instant) -> ChatStream {
        let state = Watched {
            read: begun.read.into_iter(),
            stream: Some(begun.stream),
            permit: Some(permit),
            between: self.settings.between_tokens,
            whole,
            clock: Arc::clone(&self.clock),
        };
        futures_util::stream::unfold(state, |mut state| async move {
            let next = state.next().await?;
            Some((next, state))
        })
        .boxed()
    }
}

/// An answer whose beginning was read.
struct Begun {
    read: Vec<ChatDelta>,
    stream: ChatStream,
}

struct Watched {
    read: std::vec::IntoIter<ChatDelta>,
    stream: Option<ChatStream>,
    permit: Option<BreakerPermit>,
    between: Duration,
    whole: Instant,
    clock: Arc<dyn Clock>,
}

impl Watched {
    async fn next(&mut self) -> Option<Result<ChatDelta, ChatError>> {
        if let Some(delta) = self.read.next() {
            if matches!(delta, ChatDelta::End(_)) {
                self.finish(Outcome::Success);
            }
            return Some(Ok(delta));
        }
        let waited = Instant::now();
        let deadline = self.whole.min(waited + self.between);
        let next = match timeout_at(deadline, self.stream.as_mut()?.next()).await {
            Ok(Some(next)) => next,
            Ok(None) => Err(ChatError::Unavailable("the answer has no end".into())),
            Err(_) => Err(ChatError::Stalled(waited.elapsed().as_millis() as u64)),
        };
        match &next {
            Ok(ChatDelta::End(_)) => self.finish(Outcome::Success),
            Ok(_) => {}
            Err(_) => self.finish(Outcome::Failure),
        }
        Some(next)
    }

    fn finish(&mut self, outcome: Outcome) {
        self.stream = None;
        if let Some(permit) = self.permit.take() {
            permit.record(outcome, self.clock.now().as_millis());
        }
    }
}

#[async_trait]
impl ChatModel for FallbackModel {
    fn name(&self) -> &str {
        &self.name
    }

    fn pricing(&self) -> Pricing {
        self.links.first().map(|link| link.model.pricing()).unwrap_or_default()
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ChatError> {
        Ok(self.answer(request).await?.stream)
    }

    async fn answer(&self, request: ChatRequest) -> Result<Answer, ChatError> {
        let whole = Instant::now() + self.settings.whole_answer;
        let mut last =
            ChatError::Unavailable("every model is paused after failures, or none is configured".into());
        for (place, link) in self.links.iter().enumerate() {
            let Ok(permit) = link.breaker.acquire(self.now_ms()) else { continue };
            let mut request = request.clone();
            if place > 0 {
                request.model.clear();
            }
            match self.ask(link, request, whole).await {
                Ok(begun) => {
                    let stream = self.watched(begun, permit, whole);
                    return Ok(Answer {
                        model: link.model.name().to_owned(),
                        pricing: link.model.pricing(),
                        stream,
                    });
                }
                Err(error) => {
                    tracing::warn!(model = link.model.name(), %error, "model gave no useful answer");
                    permit.record(outcome_of(&error), self.now_ms());
                    last = error;
                }
            }
            if Instant::now() >= whole {
                break;
            }
        }
        Err(last)
    }
}

fn outcome_of(error: &ChatError) -> Outcome {
    match error {
        ChatError::RateLimited { retry_after_ms: Some(wait) } => Outcome::Busy(*wait),
        _ => Outcome::Failure,
    }
}
