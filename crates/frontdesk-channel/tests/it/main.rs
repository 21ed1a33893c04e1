//! Mailers against the simulated mail server and a folder: one suite of what a mailer does, and what each does alone.
#![expect(clippy::unwrap_used, reason = "tests")]

mod contract;
mod discord;
mod ear;
mod letter;
mod mail_in;
mod telegram;
mod twilio;
mod twilio_faults;
mod twilio_signature;
mod twilio_templates;
mod whatsapp;
mod whatsapp_account;
mod whatsapp_hook;

use frontdesk_channel::{FileMailer, Mail, MailError, Mailer, SmtpMailer, SmtpSecurity, SmtpSettings};
use frontdesk_domain::time::Timestamp;
use frontdesk_sim::mail::{MailFaults, MailSim, RunningMail, spawn};
use secrecy::SecretString;

fn mail(to: &str) -> Mail {
    Mail {
        id: "0123456789abcdef".to_owned(),
        date: Timestamp::from_millis(1_774_000_000_000),
        to: to.to_owned(),
        subject: "Elige una contraseña nueva".to_owned(),
        text: "Hola, Ana:\n.\nhttps://desk.example/reset-password/fd_pr_1\n".to_owned(),
        html: "<p>Hola, Ana</p>".to_owned(),
    }
}

fn smtp(running: &RunningMail, username: Option<&str>) -> SmtpMailer {
    let settings = SmtpSettings {
        host: running.smtp.address.ip().to_string(),
        port: Some(running.smtp.address.port()),
        security: SmtpSecurity::None,
        username: username.map(str::to_owned),
        from: "Front desk <desk@example.com>".to_owned(),
    };
    SmtpMailer::new(&settings, Some(&SecretString::from("hunter2"))).unwrap()
}

/// What every mailer does.
async fn behaves(mailer: &dyn Mailer) {
    assert!(!mailer.destination().contains("hunter2"));
    mailer.check().await.unwrap();
    mailer.send(&mail("ana@example.com")).await.unwrap();
    mailer.send(&mail("ana@example.com")).await.unwrap();
    assert!(matches!(mailer.send(&mail("not an address")).await, Err(MailError::Refused(_))));
}

#[tokio::test]
async fn each_mailer_behaves() {
    let folder = tempfile::tempdir().unwrap();
    behaves(&FileMailer::new(folder.path().to_owned(), "desk@example.com").unwrap()).await;
    let running = spawn(MailSim::default()).await.unwrap();
    behaves(&smtp(&running, None)).await;
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let sim = MailSim::default();
    let running = spawn(sim.clone()).await.unwrap();
    smtp(&running, Some("desk")).send(&mail("ana@example.com")).await.unwrap();
    let arrived = sim.wait_for("ana@example.com").await;
    assert_eq!(arrived.subject, "Elige una contraseña nueva");
    assert_eq!(arrived.text.replace("\r\n", "\n").trim_end(), mail("").text.trim_end());
    assert_eq!(arrived.html.trim(), "<p>Hola, Ana</p>");
    assert_eq!(arrived.links(), ["https://desk.example/reset-password/fd_pr_1"]);
    assert_eq!(arrived.user.as_deref(), Some("desk"));
    let header = |name: &str| arrived.headers.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(header("message-id"), "<0123456789abcdef@example.com>");
    assert_eq!(header("date"), "Fri, 20 Mar 2026 09:46:40 +0000");
}

#[tokio::test]
async fn what_may_pass_is_told_from_what_will_not() {
    let sim = MailSim::default();
    let running = spawn(sim.clone()).await.unwrap();
    let mailer = smtp(&running, Some("desk"));
    let reject = vec!["gone@example.com".to_owned()];
    let defer = vec!["full@example.com".to_owned()];
    sim.set_faults(MailFaults { reject, defer, ..MailFaults::default() });
    assert!(matches!(mailer.send(&mail("gone@example.com")).await, Err(MailError::Refused(_))));
    assert!(matches!(mailer.send(&mail("full@example.com")).await, Err(MailError::Unavailable(_))));
    sim.set_faults(MailFaults { refuse_login: true, ..MailFaults::default() });
    let fresh = smtp(&running, Some("desk"));
    let refused = fresh.send(&mail("ana@example.com")).await.unwrap_err();
    assert!(matches!(refused, MailError::Refused(_)), "{refused}");
    assert!(!refused.to_string().contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_away_may_come_back() {
    let running = spawn(MailSim::default()).await.unwrap();
    let mailer = smtp(&running, None);
    drop(running);
    // The listener goes with the task that holds it.
    tokio::task::yield_now().await;
    assert!(matches!(mailer.send(&mail("ana@example.com")).await, Err(MailError::Unavailable(_))));
}
