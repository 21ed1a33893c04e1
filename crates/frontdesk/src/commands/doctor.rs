//! `frontdesk doctor`: looks at everything a start needs and explains what is wrong and what to do.

use std::process::ExitCode;

use super::print;
use crate::compose;
use crate::config::{Config, ConfigArgs};

/// What was found about one thing.
enum Finding {
    Fine(String),
    /// It works, but the operator should know.
    Note(String),
    /// It does not work; the second text says what to do.
    Wrong(String, &'static str),
}

pub async fn run(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let config = match Config::read(args) {
        Ok(config) => config,
        Err(error) => {
            show("configuration", &Finding::Wrong(format!("{error:#}"), "correct the setting it names"));
            return Ok(ExitCode::FAILURE);
        }
    };
    let findings = [
        ("configuration", Finding::Fine(format!("served at {}", config.address()))),
        ("data directory", data_dir(&config)),
        ("database", database(&config).await),
        ("key ring", key_ring(&config)),
        ("mail", mail(&config)),
        ("embeddings", embeddings(&config)),
        ("public address", public_address(&config)),
    ];
    for (what, finding) in &findings {
        show(what, finding);
    }
    let wrong = findings.iter().any(|(_, finding)| matches!(finding, Finding::Wrong(..)));
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn show(what: &str, finding: &Finding) {
    match finding {
        Finding::Fine(said) => print(&format!("ok     {what:<16}{said}")),
        Finding::Note(said) => print(&format!("note   {what:<16}{said}")),
        Finding::Wrong(said, remedy) => {
            print(&format!("wrong  {what:<16}{said}\n                       → {remedy}"));
        }
    }
}

fn data_dir(config: &Config) -> Finding {
    let dir = &config.data_dir;
    let probe = dir.join(".frontdesk-doctor");
    let written = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(&probe, b"ok"));
    let _ = std::fs::remove_file(&probe);
    match written {
        Ok(()) => Finding::Fine(format!("{} can be written", dir.display())),
        Err(error) => Finding::Wrong(
            format!("{} cannot be written: {error}", dir.display()),
            "give the user Frontdesk runs as the right to write there, or choose another with --data-dir",
        ),
    }
}

async fn database(config: &Config) -> Finding {
    let unusable = |error: String| {
        Finding::Wrong(
            format!("{}: {error}", compose::shown(config)),
            "check that the database runs, and the address, user and password in database_url",
        )
    };
    let store = match compose::store(config).await {
        Ok(store) => store,
        Err(error) => return unusable(format!("{error:#}")),
    };
    let pending = store.pending_migrations().await;
    store.close().await;
    match pending {
        Ok(pending) if pending.is_empty() => {
            Finding::Fine(format!("{} is up to date", compose::shown(config)))
        }
        Ok(pending) => Finding::Note(format!(
            "{} migrations have not run; `serve` and `migrate` run them",
            pending.len()
        )),
        Err(error) => unusable(error.to_string()),
    }
}

fn key_ring(config: &Config) -> Finding {
    use frontdesk_app::secret::Vault;
    let opened = match &config.key_ring {
        Some(text) => Vault::from_text(text),
        None if !config.file("keys").exists() => {
            return Finding::Note("it will be made at the first start; include it in backups".to_owned());
        }
        None => Vault::open(&config.file("keys"), &frontdesk_domain::random::SecureRandom),
    };
    match opened {
        Ok(_) => Finding::Fine("it can be read".to_owned()),
        Err(error) => Finding::Wrong(
            error.to_string(),
            "restore the key ring from a backup; without it stored secrets cannot be read",
        ),
    }
}

fn mail(config: &Config) -> Finding {
    match &config.smtp {
        Some(smtp) => Finding::Fine(format!("sent through {}", smtp.settings.host)),
        None => Finding::Note(format!(
            "no server is configured: password resets and invitations are written to {}",
            config.file("outbox").display()
        )),
    }
}

fn embeddings(config: &Config) -> Finding {
    let Some(dir) = &config.embeddings_dir else {
        return Finding::Note("none: documents are searched by their words".to_owned());
    };
    match frontdesk_llm::local::LocalEmbedder::load(dir) {
        Ok(_) => Finding::Fine(format!("model in {}", dir.display())),
        Err(error) => Finding::Wrong(
            error.to_string(),
            "embeddings_dir must hold config.json, tokenizer.json and model.safetensors",
        ),
    }
}

fn public_address(config: &Config) -> Finding {
    let address = config.address();
    let is_public = !config.listen.ip().is_loopback();
    if is_public && !address.starts_with("https://") {
        return Finding::Note(format!(
            "{address} is not https: put a proxy with TLS in front and set public_url before real customers come"
        ));
    }
    Finding::Fine(address)
}
