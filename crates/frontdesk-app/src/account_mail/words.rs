//! The words of account mails, by language. English and Spanish are written; the others read English.

use frontdesk_domain::access::Role;
use frontdesk_domain::locale::Language;

/// The frame of every mail.
pub const LAYOUT: &str = include_str!("templates/layout.html");

/// A mail's templates and the words on its button.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    en: &'static str,
    es: &'static str,
    button_en: &'static str,
    button_es: &'static str,
}

/// The link to choose a new password.
pub const PASSWORD_RESET: Template = Template {
    en: include_str!("templates/password_reset.en.txt"),
    es: include_str!("templates/password_reset.es.txt"),
    button_en: "Choose a new password",
    button_es: "Elegir contraseña",
};

/// The link to join a team.
pub const INVITATION: Template = Template {
    en: include_str!("templates/invitation.en.txt"),
    es: include_str!("templates/invitation.es.txt"),
    button_en: "Accept the invitation",
    button_es: "Aceptar la invitación",
};

/// The language a mail is written in for a reader of this one.
pub const fn language(wanted: Language) -> Language {
    match wanted {
        Language::Es => Language::Es,
        Language::En | Language::De | Language::Fr => Language::En,
    }
}

impl Template {
    /// Subject, an empty line, text.
    pub const fn text(self, wanted: Language) -> &'static str {
        match language(wanted) {
            Language::Es => self.es,
            _ => self.en,
        }
    }

    /// The words on the button.
    pub const fn button(self, wanted: Language) -> &'static str {
        match language(wanted) {
            Language::Es => self.button_es,
            _ => self.button_en,
        }
    }
}

/// A role in words.
pub const fn role(role: Role, wanted: Language) -> &'static str {
    match (language(wanted), role) {
        (Language::Es, Role::Owner) => "propietario",
        (Language::Es, Role::Admin) => "administrador",
        (Language::Es, Role::Manager) => "responsable",
        (Language::Es, Role::Agent) => "agente",
        (Language::Es, Role::Viewer) => "observador",
        (_, Role::Owner) => "owner",
        (_, Role::Admin) => "admin",
        (_, Role::Manager) => "manager",
        (_, Role::Agent) => "agent",
        (_, Role::Viewer) => "viewer",
    }
}
