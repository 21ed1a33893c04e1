//! [`HttpClient`]: two connection pools, the breakers, the clock.

use std::sync::Arc;

use frontdesk_domain::random::Random;
use frontdesk_domain::time::Clock;
use reqwest::Method;

use crate::address::PublicResolver;
use crate::{Breakers, Call, HttpError, HttpSettings, PublicAccess, Target, tls_config};

/// The outbound HTTP client. Clones share everything.
#[derive(Clone)]
pub struct HttpClient(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub settings: HttpSettings,
    pub access: PublicAccess,
    pub trusted: reqwest::Client,
    pub public: reqwest::Client,
    pub breakers: Breakers,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
}

impl HttpClient {
    /// Builds the client; reads no file and opens no connection. Fails on unusable extra root certificates.
    pub fn new(
        settings: HttpSettings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, HttpError> {
        let access = PublicAccess::new(&settings.allow_private_hosts);
        let mut tls = tls_config(&settings.extra_roots_pem)?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let trusted = build(base(&settings, tls.clone()))?;
        let public = build(base(&settings, tls).dns_resolver(PublicResolver(access.clone())))?;
        let breakers = Breakers::new(settings.breaker);
        Ok(Self(Arc::new(Shared { settings, access, trusted, public, breakers, clock, random })))
    }

    /// A GET.
    pub fn get(&self, target: Target, url: impl AsRef<str>) -> Call {
        self.call(Method::GET, target, url)
    }

    /// A POST; repeated only when marked [`Call::idempotent`].
    pub fn post(&self, target: Target, url: impl AsRef<str>) -> Call {
        self.call(Method::POST, target, url)
    }

    /// Any method.
    pub fn call(&self, method: Method, target: Target, url: impl AsRef<str>) -> Call {
        Call::new(self.clone(), method, target, url.as_ref())
    }

    /// The breakers; content-judging callers record their own outcomes here.
    pub fn breakers(&self) -> &Breakers {
        &self.0.breakers
    }

    /// The clock requests are timed by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Refuses a user-supplied URL that [`Target::Public`] would refuse before sending; for forms that store URLs.
    /// A name that resolves to a private address is only refused when it is asked.
    pub fn check_public(&self, url: &str) -> Result<(), HttpError> {
        let url =
            reqwest::Url::parse(url).map_err(|error| HttpError::Invalid(format!("address: {error}")))?;
        self.0.access.check(&url)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.0.clock.now().as_millis()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that builds HTTP clients")]
fn base(settings: &HttpSettings, tls: rustls::ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(settings.user_agent.clone())
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(std::time::Duration::from_mins(1))
        .pool_max_idle_per_host(16)
        // Redirects are followed by `Call`, which checks each hop.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, HttpError> {
    builder.build().map_err(|error| HttpError::Setup(error.to_string()))
}
