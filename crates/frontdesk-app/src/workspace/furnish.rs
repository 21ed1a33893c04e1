//! What a new workspace starts with, so that a chat works from the first minute: an agent that answers, a key for
//! the widget, and something to book.

use frontdesk_domain::agent::AgentSettings;
use frontdesk_domain::apikey::WidgetKey;
use frontdesk_domain::id::WidgetKeyId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::{Tx, widget_key};

use crate::{Result, agent, token};

/// Makes the first agent, published, and the first widget key, which works on our own pages until origins are added.
pub(super) async fn furnish(tx: &Tx, made: &Workspace) -> Result<()> {
    let (name, greeting) = words(made.language, &made.name);
    let settings = AgentSettings { greeting, language: made.language, ..AgentSettings::default() };
    let first = agent::insert(tx, name.to_owned(), settings.clone()).await?;
    agent::publish_in(tx, first, settings, String::new(), None).await?;
    let key = WidgetKey {
        id: WidgetKeyId::new(tx.now(), tx.random()),
        name: made.name.clone(),
        key: token::generate_short(token::WIDGET_KEY, tx.random()),
        origins: Vec::new(),
        agent_id: None,
        created_at: tx.now(),
        revoked_at: None,
    };
    widget_key::insert(tx, tx.scope(), &key).await?;
    crate::schedule::furnish(tx).await
}

fn words(language: Language, business: &str) -> (&'static str, String) {
    match language {
        Language::En => {
            ("Front desk", format!("Hello! This is the front desk of {business}. How can I help you?"))
        }
        Language::Es => {
            ("Recepción", format!("¡Hola! Es la recepción de {business}. ¿En qué puedo ayudarle?"))
        }
        Language::De => {
            ("Empfang", format!("Guten Tag! Hier ist der Empfang von {business}. Wie kann ich helfen?"))
        }
        Language::Fr => {
            ("Accueil", format!("Bonjour ! Ici l'accueil de {business}. Comment puis-je vous aider ?"))
        }
    }
}
