//! What thinks for an agent: its models in order, the built-in brain behind them.
//!
//! Model clients and their breakers are kept between turns and made anew when their connection changes.

use std::sync::Arc;

use frontdesk_agent::brain::Brain;
use frontdesk_agent::builtin::{Builtin, BuiltinError};
use frontdesk_agent::turn::Brains as TurnBrains;

/// The brains of this node. Cheap to clone.
#[derive(Clone)]
pub struct Brains {
    builtin: Arc<dyn Brain>,
}

impl std::fmt::Debug for Brains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Brains").finish_non_exhaustive()
    }
}

impl Brains {
    /// Prepares the built-in brain.
    pub fn new() -> Result<Self, BuiltinError> {
        Ok(Self { builtin: Arc::new(Builtin::new()?) })
    }

    /// The brains for one turn.
    pub(crate) async fn for_turn(&self) -> TurnBrains {
        TurnBrains::builtin(Arc::clone(&self.builtin))
    }
}
