//! What handlers share.

use std::sync::Arc;

use frontdesk_app::App;

/// What handlers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ApiState {
    /// The use cases.
    pub app: Arc<App>,
}
