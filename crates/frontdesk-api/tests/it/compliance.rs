//! The gate in front of everything that reaches a customer.

use frontdesk_app::compliance::{Refusal, Sending, permit, permit_reply};
use frontdesk_domain::compliance::{Purpose, SendFacts, Verdict};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{MessageId, WorkspaceId};
use frontdesk_domain::permit::PermitError;
use frontdesk_store::compliance_decision;

use crate::support::Desk;

const ADDRESS: &str = "+15550100";

fn sending(desk: &Desk, purpose: Purpose) -> Sending {
    let message = MessageId::new(desk.app.clock.now(), desk.app.random.as_ref());
    Sending { message, contact: None, channel: "sms", address: ADDRESS.to_owned(), purpose }
}

#[tokio::test]
async fn a_permit_is_minted_for_what_was_judged_and_the_decision_is_kept() {
    let desk = Desk::open().await;
    let workspace: WorkspaceId = desk.signed_up("Ana").await.workspace_id().await.parse().unwrap();
    let ctx = desk.app.system(workspace, "test");
    let facts = SendFacts { opted_out: false, customer_initiated: false, ..SendFacts::default() };
    let sending = sending(&desk, Purpose::Transactional);
    let message = sending.message;
    let tx = desk.app.store.begin(&ctx).await.unwrap();
    let allowed = permit(&tx, sending, facts).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let decision = allowed.redeem("sms", ADDRESS, message, ctx.now()).unwrap();

    let scope = Scope::system(workspace);
    let kept = compliance_decision::list_newest(desk.app.store.reader(), scope, 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].id, kept[0].message_id, &kept[0].verdict),
        (decision, Some(message), &Verdict::Allow)
    );
    let elsewhere = Scope::system(WorkspaceId::INSTALLATION);
    assert!(
        compliance_decision::list_newest(desk.app.store.reader(), elsewhere, 10).await.unwrap().is_empty()
    );
}

#[tokio::test]
async fn a_late_opt_out_wins_and_why_is_kept() {
    let desk = Desk::open().await;
    let workspace: WorkspaceId = desk.signed_up("Ana").await.workspace_id().await.parse().unwrap();
    let ctx = desk.app.system(workspace, "test");
    let facts = SendFacts {
        channel: Some(Channel::Sms),
        now: Some(ctx.now()),
        opted_out: true,
        ..SendFacts::default()
    };
    let tx = desk.app.store.begin(&ctx).await.unwrap();
    let refused = permit(&tx, sending(&desk, Purpose::Marketing), facts).await.unwrap().unwrap_err();
    tx.commit().await.unwrap();
    assert!(matches!(refused, Refusal::Never { .. }));
    let scope = Scope::system(workspace);
    let kept = compliance_decision::list_newest(desk.app.store.reader(), scope, 10).await.unwrap();
    assert!(matches!(&kept[0].verdict, Verdict::Deny { rule, .. } if rule == "opt-out/1"));
}

#[tokio::test]
async fn an_answer_in_an_open_conversation_is_permitted_for_that_message_alone() {
    let desk = Desk::open().await;
    let now = desk.app.clock.now();
    let facts = SendFacts { opted_out: true, customer_initiated: true, ..SendFacts::default() };
    let message = MessageId::new(now, desk.app.random.as_ref());
    let other = MessageId::new(now, desk.app.random.as_ref());
    let mint = || permit_reply("web", "conv", message, facts.clone(), now).unwrap();
    assert!(mint().redeem("web", "conv", message, now).is_ok());
    assert_eq!(mint().redeem("web", "conv", other, now), Err(PermitError::Message));
}
