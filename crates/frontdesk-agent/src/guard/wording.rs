//! The honest words the turn itself says, in every language.

use frontdesk_domain::locale::Language;

use super::claim::Deed;

/// What to say in place of an unproven claim. `handed_off`: a person was asked in this conversation already, so no
/// other is offered.
pub fn honest(deed: Deed, language: Language, handed_off: bool) -> &'static str {
    use Language::{De, En, Es, Fr};
    if handed_off {
        return match language {
            En => "I can't confirm that myself; the team can, in this conversation.",
            Es => "Yo no puedo confirmarlo; el equipo sí puede, en esta conversación.",
            De => "Das kann ich selbst nicht bestätigen; das Team kann es, hier im Gespräch.",
            Fr => "Je ne peux pas le confirmer moi-même ; l'équipe le peut, dans cette conversation.",
        };
    }
    match (deed, language) {
        (Deed::HandOff | Deed::PassOn | Deed::Contact, En) => {
            "I haven't passed this on yet. Shall I ask a colleague to take over?"
        }
        (Deed::HandOff | Deed::PassOn | Deed::Contact, Es) => {
            "Todavía no lo he pasado al equipo. ¿Quiere que avise a una persona?"
        }
        (Deed::HandOff | Deed::PassOn | Deed::Contact, De) => {
            "Ich habe das noch nicht weitergegeben. Soll ich jemanden aus dem Team dazuholen?"
        }
        (Deed::HandOff | Deed::PassOn | Deed::Contact, Fr) => {
            "Je ne l'ai pas encore transmis. Voulez-vous que je demande à un collègue ?"
        }
        (Deed::Save, En) => {
            "I haven't saved that yet. What name and e-mail address or phone number should I save?"
        }
        (Deed::Save, Es) => "Todavía no lo he guardado. ¿Qué nombre y qué correo o teléfono debo guardar?",
        (Deed::Save, De) => {
            "Ich habe das noch nicht gespeichert. Welchen Namen und welche E-Mail-Adresse oder Telefonnummer soll ich speichern?"
        }
        (Deed::Save, Fr) => {
            "Je ne l'ai pas encore enregistré. Quel nom et quelle adresse e-mail ou quel numéro dois-je enregistrer ?"
        }
        (Deed::Slot, En) => {
            "I can't see the calendar, so I can't offer a time myself. Shall I ask a colleague to find one?"
        }
        (Deed::Slot, Es) => {
            "No veo la agenda, así que no puedo ofrecer una hora. ¿Quiere que un compañero busque una?"
        }
        (Deed::Slot, De) => {
            "Ich sehe den Kalender nicht und kann daher keine Zeit anbieten. Soll ein Kollege eine für Sie suchen?"
        }
        (Deed::Slot, Fr) => {
            "Je ne vois pas l'agenda et ne peux donc pas proposer d'heure. Voulez-vous qu'un collègue en cherche une ?"
        }
        (_, En) => "I can't confirm that myself yet. Shall I ask a colleague to do it?",
        (_, Es) => "Yo todavía no puedo confirmarlo. ¿Quiere que se lo pida a un compañero?",
        (_, De) => "Das kann ich selbst noch nicht bestätigen. Soll ich einen Kollegen darum bitten?",
        (_, Fr) => "Je ne peux pas encore le confirmer moi-même. Voulez-vous que je demande à un collègue ?",
    }
}

/// What to say in place of a wrong time: the right ones, as `right` names them.
pub fn times(offered: bool, right: &[String], language: Language) -> String {
    use Language::{De, En, Es, Fr};
    let list = right.join("; ");
    match (offered, right.is_empty(), language) {
        (true, true, En) => "I have no free time to offer there. Would another day suit you?".to_owned(),
        (true, true, Es) => "Ahí no tengo ninguna hora libre. ¿Le vendría bien otro día?".to_owned(),
        (true, true, De) => "Da habe ich keine freie Zeit. Würde Ihnen ein anderer Tag passen?".to_owned(),
        (true, true, Fr) => {
            "Je n'ai pas de créneau libre à ce moment. Un autre jour vous irait-il ?".to_owned()
        }
        (true, false, En) => format!("To be exact, these are the free times I have: {list}."),
        (true, false, Es) => format!("Para ser exactos, las horas libres que tengo son: {list}."),
        (true, false, De) => format!("Um genau zu sein, diese Zeiten sind frei: {list}."),
        (true, false, Fr) => format!("Pour être précis, voici les créneaux libres que j'ai : {list}."),
        (false, _, En) => format!("To be exact, this is what I have for you: {list}."),
        (false, _, Es) => format!("Para ser exactos, esto es lo que tiene reservado: {list}."),
        (false, _, De) => format!("Um genau zu sein, das ist für Sie eingetragen: {list}."),
        (false, _, Fr) => format!("Pour être précis, voici ce qui est noté pour vous : {list}."),
    }
}

/// What to say when a model broke off in the middle of an answer.
pub const fn interrupted(language: Language) -> &'static str {
    match language {
        Language::En => {
            "Sorry, I lost my thread there. Is there anything you would like me to go over again?"
        }
        Language::Es => "Perdón, he perdido el hilo. ¿Quiere que repita o aclare algo?",
        Language::De => "Entschuldigung, ich habe den Faden verloren. Soll ich etwas noch einmal erklären?",
        Language::Fr => "Pardon, j'ai perdu le fil. Voulez-vous que je reprenne un point ?",
    }
}

/// What to say when no brain had anything to say.
pub const fn speechless(language: Language) -> &'static str {
    match language {
        Language::En => "Sorry, I can't answer that right now. Please try again, or ask for a person.",
        Language::Es => {
            "Lo siento, ahora mismo no puedo responder. Inténtelo de nuevo o pida hablar con una persona."
        }
        Language::De => {
            "Das kann ich gerade leider nicht beantworten. Bitte versuchen Sie es noch einmal oder fragen Sie nach einer Person."
        }
        Language::Fr => {
            "Désolé, je ne peux pas répondre pour le moment. Réessayez ou demandez à parler à une personne."
        }
    }
}
