//! Consent, refresh and revocation against the simulators' token addresses.

use frontdesk_connector::calendar::CalendarError;
use frontdesk_connector::oauth::{OAuthError, Provider, Tokens};
use frontdesk_domain::random::SeededRandom;
use frontdesk_sim::calendar::{CalendarSim, Fault};
use secrecy::{ExposeSecret, SecretString};

use crate::world::{Simulated, clock, http};
use frontdesk_domain::time::Clock;

const BACK: &str = "https://desk.example/oauth/back";

async fn connected(world: &Simulated) -> (Provider, Tokens) {
    let provider = Provider::of(world.vendor, &world.settings()).unwrap();
    let consent = provider.consent(BACK, &SeededRandom::new(3)).unwrap();
    // What the vendor sends back with the person who agreed.
    let code = format!("code:{}", consent.verifier.expose_secret());
    let tokens =
        provider.exchange(&http(), &"secret-1".into(), &code, BACK, &consent.verifier).await.unwrap();
    (provider, tokens)
}

#[tokio::test]
async fn a_code_becomes_access_and_access_is_refreshed_and_given_back() {
    for vendor in ["google_calendar", "microsoft_calendar", "zoho_calendar"] {
        let world = Simulated::new(vendor).await;
        let (provider, tokens) = connected(&world).await;
        assert_eq!(tokens.expires_at.since(clock().now()).as_secs(), 3599, "{vendor}");
        let account = world.account_with(tokens.access.expose_secret());
        assert!(account.calendars().await.is_ok(), "{vendor}");

        world.sim.expire_token();
        assert_eq!(account.calendars().await, Err(CalendarError::Unauthorized), "{vendor}");
        let refresh = tokens.refresh.clone().unwrap();
        let next = provider.refresh(&http(), &"secret-1".into(), &refresh).await.unwrap();
        // The answer named none.
        assert_eq!(next.refresh.as_ref().unwrap().expose_secret(), refresh.expose_secret(), "{vendor}");
        let account = world.account_with(next.access.expose_secret());
        assert!(account.calendars().await.is_ok(), "{vendor}");

        assert!(provider.revoke(&http(), &"secret-1".into(), &refresh).await.unwrap(), "{vendor}");
        assert_eq!(account.calendars().await, Err(CalendarError::Unauthorized), "{vendor}");
        // Given back already.
        assert!(provider.revoke(&http(), &"secret-1".into(), &refresh).await.unwrap(), "{vendor}");
    }
}

#[tokio::test]
async fn a_replaced_refresh_token_is_returned_and_the_old_one_is_withdrawn() {
    let world = Simulated::new("microsoft_calendar").await;
    world.sim.rotate_refresh_tokens();
    let provider = Provider::of(world.vendor, &world.settings()).unwrap();
    let old: SecretString = CalendarSim::REFRESH.into();
    let next = provider.refresh(&http(), &"secret-1".into(), &old).await.unwrap();
    let new = next.refresh.unwrap();
    assert_ne!(new.expose_secret(), old.expose_secret());
    let again = provider.refresh(&http(), &"secret-1".into(), &old).await.map(drop);
    assert!(matches!(again, Err(OAuthError::Withdrawn(_))), "{again:?}");
    assert!(provider.refresh(&http(), &"secret-1".into(), &new).await.is_ok());
}

#[tokio::test]
async fn withdrawn_wrong_and_absent_answers_are_told_apart() {
    let world = Simulated::new("google_calendar").await;
    let provider = Provider::of(world.vendor, &world.settings()).unwrap();
    let refresh: SecretString = CalendarSim::REFRESH.into();
    let ask = async |secret: &str| provider.refresh(&http(), &secret.into(), &refresh).await.map(drop);
    assert!(matches!(ask("wrong").await, Err(OAuthError::Rejected(_))));
    let status = |status, body: &str| Fault::Status { status, retry_after: Some(30), body: body.into() };
    world.sim.fail_next([status(503, "")]);
    assert!(matches!(ask("secret-1").await, Err(OAuthError::Unavailable { retry_after: Some(_), .. })));
    world.sim.fail_next([Fault::Garbage]);
    assert!(matches!(ask("secret-1").await, Err(OAuthError::Unavailable { .. })));
    // Zoho says so with status 200.
    world.sim.fail_next([status(200, r#"{"error":"invalid_code"}"#)]);
    assert!(matches!(ask("secret-1").await, Err(OAuthError::Withdrawn(_))));
    world.sim.fail_next([Fault::Stall]);
    assert!(matches!(ask("secret-1").await, Err(OAuthError::Unavailable { .. })));
    world.sim.withdraw();
    assert!(matches!(ask("secret-1").await, Err(OAuthError::Withdrawn(_))));
}

#[tokio::test]
async fn a_code_without_its_verifier_is_worth_nothing() {
    let world = Simulated::new("google_calendar").await;
    let provider = Provider::of(world.vendor, &world.settings()).unwrap();
    let consent = provider.consent(BACK, &SeededRandom::new(3)).unwrap();
    let code = format!("code:{}", consent.verifier.expose_secret());
    let thief: SecretString = "a".repeat(43).into();
    let outcome = provider.exchange(&http(), &"secret-1".into(), &code, BACK, &thief).await.map(drop);
    assert!(matches!(outcome, Err(OAuthError::Withdrawn(_))), "{outcome:?}");
}
