//! Calls that we make to other systems, signed so that they can be told from anybody else's: the scheme of the Standard
//! Webhooks specification (standardwebhooks.com), with one secret for each workspace, made when it is needed first.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::Call;
use frontdesk_store::workspace_key::KeyKind;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::json;
use sha2::Sha256;
use utoipa::ToSchema;

use crate::{App, AppError, Result, workspace_key};

/// What stands before a secret, by the specification.
const PREFIX: &str = "whsec_";

/// What the workspace's calls to other systems are signed with.
#[derive(Clone, Serialize, ToSchema)]
pub struct WebhookSecret {
    /// `whsec_`, and the key in base64.
    pub secret: String,
}

/// Shows the workspace's secret to who sets the other system up.
pub async fn show(app: &App, ctx: &Context) -> Result<WebhookSecret> {
    ctx.require(Permission::WorkflowsWrite)?;
    let key = WebhookKey::of(app, ctx.workspace).await?;
    let tx = app.store.begin(ctx).await?;
    tx.audit("webhook_secret.show", None, json!({}));
    tx.commit().await?;
    Ok(key.shown())
}

/// Makes a new secret. The old one signs nothing from now on.
pub async fn renew(app: &App, ctx: &Context) -> Result<WebhookSecret> {
    ctx.require(Permission::WorkflowsWrite)?;
    let (secret, sealed) = workspace_key::fresh(app, ctx.workspace, KeyKind::Webhook)?;
    let tx = app.store.begin(ctx).await?;
    frontdesk_store::workspace_key::put(&tx, tx.scope(), KeyKind::Webhook, &sealed).await?;
    tx.audit("webhook_secret.renew", None, json!({}));
    tx.commit().await?;
    Ok(WebhookKey(secret).shown())
}

/// A workspace's key, in base64.
pub(crate) struct WebhookKey(SecretString);

impl WebhookKey {
    /// The workspace's key; made when there is none yet.
    pub(crate) async fn of(app: &App, workspace: WorkspaceId) -> Result<Self> {
        Ok(Self(workspace_key::of(app, workspace, KeyKind::Webhook).await?))
    }

    fn shown(&self) -> WebhookSecret {
        WebhookSecret { secret: format!("{PREFIX}{}", self.0.expose_secret()) }
    }

    /// The signature of a call: of its id, its time in seconds and its body, with dots between them.
    fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> Result<String> {
        let broken = |why: &str| AppError::Internal(format!("the key of webhooks is broken: {why}"));
        let key = STANDARD.decode(self.0.expose_secret()).map_err(|error| broken(&error.to_string()))?;
        let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| broken(&error.to_string()))?;
        let mac = mac.chain_update(format!("{id}.{seconds}.")).chain_update(body);
        Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }

    /// Gives a call its body and the headers that prove it is ours. The same id is said with every try of a call.
    pub(crate) fn sign(&self, call: Call, id: &str, body: Vec<u8>, now: Timestamp) -> Result<Call> {
        let seconds = now.as_millis().div_euclid(1_000);
        let signature = self.signature(id, seconds, &body)?;
        Ok(call
            .header("webhook-id", id)
            .header("webhook-timestamp", &seconds.to_string())
            .header("webhook-signature", &signature)
            .body("application/json", body))
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_channel::mail::hook::{HookSignature, verify};

    use super::*;

    const ID: &str = "enr_1-s1";
    const NOW: Timestamp = Timestamp::from_millis(1_774_000_000_500);

    #[test]
    fn a_reader_of_the_specification_believes_the_signature_and_no_other() {
        let key = WebhookKey(SecretString::from(STANDARD.encode([7_u8; workspace_key::LENGTH])));
        let secret = SecretString::from(key.shown().secret);
        let seconds = 1_774_000_000;
        let signature = key.signature(ID, seconds, b"{\"a\":1}").unwrap();
        let timestamp = seconds.to_string();
        let signed = HookSignature { id: ID, timestamp: &timestamp, signatures: &signature };
        assert_eq!(verify(&secret, signed, b"{\"a\":1}", NOW), Ok(()));
        assert!(verify(&secret, signed, b"{\"a\":2}", NOW).is_err());
        assert!(verify(&secret, HookSignature { id: "enr_1-s2", ..signed }, b"{\"a\":1}", NOW).is_err());
        let other = SecretString::from(format!("{PREFIX}{}", STANDARD.encode([8_u8; workspace_key::LENGTH])));
        assert!(verify(&other, signed, b"{\"a\":1}", NOW).is_err());
    }

    #[test]
    fn the_specification_s_own_example_comes_out() {
        let key = WebhookKey(SecretString::from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        let body = br#"{"test": 2432232314}"#;
        let signature = key.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
