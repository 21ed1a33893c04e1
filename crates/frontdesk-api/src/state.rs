//! What handlers share.

use std::sync::Arc;

use frontdesk_app::App;
use frontdesk_app::limit::Limiter;

use crate::limit::LimitSettings;
use crate::metrics::Metrics;

/// What the operator configured about the front door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiSettings {
    /// How often each kind of route may be called.
    pub limits: LimitSettings,
    /// How many proxies of ours stand in front and add to `X-Forwarded-For`; 0 when callers connect directly.
    pub trusted_proxies: u8,
    /// People reach this installation over https: cookies are `Secure` and HSTS is sent.
    pub is_https: bool,
    /// The demo business's web page is served at `/demo`.
    pub demo: bool,
}

impl ApiSettings {
    /// The defaults for an installation under this address.
    pub fn for_url(public_url: &str) -> Self {
        Self {
            limits: LimitSettings::default(),
            trusted_proxies: 0,
            is_https: public_url.starts_with("https://"),
            demo: false,
        }
    }
}

/// What handlers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ApiState {
    /// The use cases.
    pub app: Arc<App>,
    /// What the operator configured.
    pub settings: ApiSettings,
    /// Counts callers.
    pub limiter: Arc<Limiter>,
    /// What the process has counted; nothing is shown when absent.
    pub metrics: Option<Metrics>,
}

impl ApiState {
    /// The front door of these use cases.
    pub fn new(app: Arc<App>, settings: ApiSettings) -> Self {
        Self { app, settings, limiter: Arc::default(), metrics: None }
    }

    /// The same, showing what the process counts at `/metrics`.
    pub fn with_metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }
}
