//! What thinks for an agent: its models in order, the built-in brain behind them.
//!
//! A model's client and its breaker are kept between turns, so that one that failed is skipped for a while and then
//! probed again, and made anew when its connection changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_agent::brain::Brain;
use frontdesk_agent::builtin::{Builtin, BuiltinError};
use frontdesk_agent::llm::{LlmBrain, LlmLimits, ModelChoice};
use frontdesk_agent::turn::Brains as TurnBrains;
use frontdesk_domain::agent::BrainSettings;
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::time::Timestamp;
use frontdesk_llm::chat::ChatModel;
use frontdesk_llm::fallback::{FallbackModel, FallbackSettings};
use frontdesk_llm::vendor::build_chat;

use crate::{App, AppError, Result, connection};

/// The brains of this node. Cheap to clone.
#[derive(Clone)]
pub struct Brains {
    builtin: Arc<dyn Brain>,
    models: Arc<Mutex<HashMap<ConnectionId, Made>>>,
}

/// A model made from a connection as it was at that time.
#[derive(Clone)]
struct Made {
    updated_at: Timestamp,
    model: Arc<dyn ChatModel>,
}

impl std::fmt::Debug for Brains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Brains").finish_non_exhaustive()
    }
}

impl Brains {
    /// Prepares the built-in brain.
    pub fn new() -> std::result::Result<Self, BuiltinError> {
        Ok(Self { builtin: Arc::new(Builtin::new()?), models: Arc::default() })
    }

    /// The brains for one turn of a conversation that has cost `spent` micro-dollars so far. A model that cannot be
    /// used is left out and logged; beyond the cost ceiling only the built-in brain thinks.
    pub(crate) async fn for_turn(
        &self,
        app: &App,
        scope: Scope,
        settings: &BrainSettings,
        spent: u64,
    ) -> TurnBrains {
        let budget_micros = settings.cost_ceiling_micros.map(|ceiling| ceiling.saturating_sub(spent));
        let mut models: Vec<Arc<dyn Brain>> = Vec::new();
        if budget_micros != Some(0) {
            for id in &settings.models {
                match self.model(app, scope, *id).await {
                    Ok(Some(model)) => {
                        let choice = ModelChoice {
                            pricing: model.pricing(),
                            model,
                            // The connection names it.
                            model_name: String::new(),
                            temperature: settings.temperature,
                            max_tokens: settings.max_tokens,
                        };
                        let limits = LlmLimits { budget_micros, ..LlmLimits::default() };
                        models.push(Arc::new(LlmBrain::with_limits(choice, limits)));
                    }
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, connection = %id, "a model cannot be used"),
                }
            }
        }
        TurnBrains::with_models(models, Arc::clone(&self.builtin))
    }

    /// The first of these models that can be used, for work outside a conversation.
    pub(crate) async fn first_model(
        &self,
        app: &App,
        scope: Scope,
        settings: &BrainSettings,
    ) -> Option<Arc<dyn ChatModel>> {
        for id in &settings.models {
            match self.model(app, scope, *id).await {
                Ok(Some(model)) => return Some(model),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, connection = %id, "a model cannot be used"),
            }
        }
        None
    }

    /// The model of an enabled connection.
    async fn model(&self, app: &App, scope: Scope, id: ConnectionId) -> Result<Option<Arc<dyn ChatModel>>> {
        let found = frontdesk_store::connection::find(app.store.reader(), scope, id).await?;
        let usable = found.filter(|sealed| {
            sealed.connection.enabled && sealed.connection.category == ConnectionCategory::Model
        });
        let Some(sealed) = usable else { return Ok(None) };
        let updated_at = sealed.connection.updated_at;
        let known = self.models.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(made) = known.filter(|made| made.updated_at == updated_at) {
            return Ok(Some(made.model));
        }
        let usable = connection::open(app, scope, sealed)?;
        let vendor = build_chat(
            &usable.connection.vendor,
            &usable.connection.settings,
            connection::access(app, &usable),
        )
        .map_err(|error| AppError::Unavailable(error.to_string()))?;
        // A chain of one: its breaker judges by content.
        let chain = FallbackModel::new(vec![vendor], FallbackSettings::default(), Arc::clone(&app.clock));
        let model: Arc<dyn ChatModel> = Arc::new(chain);
        let made = Made { updated_at, model: Arc::clone(&model) };
        self.models.lock().unwrap_or_else(PoisonError::into_inner).insert(id, made);
        Ok(Some(model))
    }
}
