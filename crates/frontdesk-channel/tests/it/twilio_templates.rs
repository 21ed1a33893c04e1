//! WhatsApp's templates in Twilio's hands, with its own Python package as a second client of the same account.

use std::path::Path;
use std::process::Command;

use frontdesk_channel::whatsapp::{NewTemplate, TemplateButton};
use frontdesk_channel::{Channel, ChannelError, Outbound};
use frontdesk_domain::outbox::{ApprovedTemplate, Content};
use frontdesk_sim::twilio::{Fault, TwilioAccount};
use serde_json::Value;

use super::contract::{NOW, outbound, permit};
use super::twilio::bench;

const ANA: &str = "+15557770101";

fn visit() -> NewTemplate {
    NewTemplate {
        name: "visit".to_owned(),
        language: "en_US".to_owned(),
        category: "UTILITY".to_owned(),
        header: Some("Your visit".to_owned()),
        body: "Hi {{1}}, we see you {{2}}.".to_owned(),
        examples: vec!["Ana".to_owned(), "on Friday".to_owned()],
        footer: None,
        buttons: vec![TemplateButton::QuickReply { text: "Fine".to_owned() }],
    }
}

#[tokio::test]
async fn a_template_is_made_handed_in_judged_sent_and_deleted() {
    let bench = bench().await;
    let templates = bench.templates();
    let made = templates.create(&visit()).await.unwrap();
    assert_eq!((made.status.as_str(), made.category.as_str()), ("PENDING", "UTILITY"));
    assert_eq!(templates.list().await.unwrap(), vec![made.clone()]);

    assert!(bench.sim.review("visit", "rejected", "INVALID_FORMAT"));
    let seen = templates.list().await.unwrap().remove(0);
    assert_eq!((seen.status.as_str(), seen.rejected_reason.as_deref()), ("REJECTED", Some("INVALID_FORMAT")));
    bench.sim.review("visit", "approved", "");
    assert!(templates.list().await.unwrap().remove(0).is_usable());

    let template = ApprovedTemplate {
        name: "visit".to_owned(),
        language: "en_US".to_owned(),
        variables: vec!["Ana".to_owned(), "on Friday".to_owned()],
    };
    let content = Content { template: Some(template), ..Content::default() };
    let outside = Outbound { template_id: Some(made.id.clone()), ..outbound(1, ANA, content) };
    let channel = bench.whatsapp();
    channel.send(permit(&channel, &outside, NOW), &outside, NOW).await.unwrap();
    bench.sim.settled().await;
    assert_eq!(bench.sim.received(ANA)[0].text, "Your visit\nHi Ana, we see you on Friday.");

    templates.delete(&made.id).await.unwrap();
    assert!(templates.list().await.unwrap().is_empty());
    // What is gone there already may go here.
    templates.delete(&made.id).await.unwrap();
}

#[tokio::test]
async fn what_whatsapp_is_not_asked_about_leaves_nothing_behind() {
    let bench = bench().await;
    let templates = bench.templates();
    templates.create(&visit()).await.unwrap();
    let error = templates.create(&visit()).await.unwrap_err();
    assert!(error.to_string().contains("already content in this language"), "{error}");
    assert!(bench.sim.requests().last().unwrap().starts_with("DELETE /v1/Content/HX"));
    assert_eq!(templates.list().await.unwrap().len(), 1);
    // Nobody knows whether it was made: it is said so, and nothing is made twice by itself.
    let other = NewTemplate { name: "other".to_owned(), ..visit() };
    bench.sim.fail_next([Fault::Lost]);
    let error = templates.create(&other).await.unwrap_err();
    assert!(matches!(error, ChannelError::Uncertain { .. }), "{error}");
    let made = bench.sim.requests().iter().filter(|line| *line == "POST /v1/Content").count();
    assert_eq!(made, 3);
}

#[tokio::test]
async fn the_vendor_s_own_package_makes_and_reads_the_same_templates() {
    let bench = bench().await;
    let ours = bench.templates().create(&visit()).await.unwrap();
    for number in 1..4 {
        bench.sim.add_template(&format!("HX{number:032x}"), "See you {{1}}!");
    }
    let account = TwilioAccount::default().sid;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(here.join("../../.venv/bin/python"));
    python.arg(here.join("tests/it/twilio_templates_by_package.py"));
    python.args([bench.url(), &account, super::twilio::TOKEN]);
    // Another thread, for the simulator answers on this one.
    let output = tokio::task::spawn_blocking(move || python.output()).await.unwrap();
    let output = output
        .unwrap_or_else(|error| panic!("the Python tools cannot be run ({error}); run scripts/bootstrap"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["status"], "received");
    let listed = said["listed"].as_array().unwrap();
    let card = listed.iter().find(|one| one["sid"] == ours.id.as_str()).unwrap();
    assert_eq!(card["types"]["whatsapp/card"]["header_text"], "Your visit");
    assert_eq!(card["approval"]["name"], "visit");

    let mut read = bench.templates().list().await.unwrap();
    read.sort_by(|a, b| a.id.cmp(&b.id));
    let mut theirs: Vec<&str> = listed.iter().map(|one| one["sid"].as_str().unwrap()).collect();
    theirs.sort_unstable();
    assert_eq!(read.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), theirs);
    let made = read.iter().find(|one| one.name == "by_package").unwrap();
    assert_eq!((made.body.as_str(), made.status.as_str()), ("Hello {{1}}!", "PENDING"));
}
