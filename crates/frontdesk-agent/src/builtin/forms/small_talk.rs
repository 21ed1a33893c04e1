//! Greetings, thanks, who is answering, insults: what is not about the business but belongs to talking.

use crate::builtin::desk::Desk;
use crate::builtin::forms::{booking, lead};
use crate::builtin::language;
use crate::builtin::mind::Pending;
use crate::builtin::understand::Intent;

/// Says hello: in full when that is all the customer said, else in a word.
pub fn greet(desk: &mut Desk<'_, '_>, alone: bool) {
    let name = desk.first_name();
    let name = name.as_deref().unwrap_or_default();
    if !alone {
        desk.say("greeting.short", &[("name", name)]);
        return;
    }
    let first = desk.is_first();
    let greeting = desk.session.settings.greeting.trim().to_owned();
    let known = !name.is_empty() && desk.session.memory.conversations > 0;
    if first && known {
        desk.say("greeting.back", &[("name", name)]);
    } else if first && !greeting.is_empty() && desk.language == desk.session.settings.language {
        desk.tell(&greeting);
    } else {
        desk.say(if first { "greeting.first" } else { "greeting.again" }, &[]);
    }
}

/// Answers one kind of talk; `alone` when the message holds nothing else.
pub fn run(desk: &mut Desk<'_, '_>, intent: Intent, alone: bool) {
    match intent {
        Intent::Thanks => {
            let name = desk.first_name();
            desk.say("thanks", &[("name", name.as_deref().unwrap_or_default())]);
            if alone
                && desk.mind.lead().is_none_or(|form| form.done)
                && !booking::is_open(desk)
                && desk.mind.pending.is_none()
            {
                desk.say("anything_else", &[]);
                desk.mind.pending = Some(Pending::More);
            }
        }
        Intent::HowAreYou => desk.say("how_are_you", &[]),
        Intent::WhoAreYou => desk.say("who_are_you", &[]),
        Intent::AreYouBot => {
            desk.say("bot", &[]);
            desk.mind.pending =
                Some(Pending::Handoff { reason: "asked whether a person is there".to_owned() });
        }
        Intent::Help => desk.say("help", &[]),
        Intent::Abuse => {
            desk.say("abuse", &[]);
            desk.mind.pending = Some(Pending::Handoff { reason: "upset".to_owned() });
        }
        Intent::OutOfScope => desk.say("out_of_scope", &[]),
        Intent::Repeat => repeat(desk),
        _ => desk.say("last.resort", &[]),
    }
}

/// Says the last reply again.
fn repeat(desk: &mut Desk<'_, '_>) {
    let last =
        desk.session.history.iter().rev().find(|line| line.author == frontdesk_domain::message::Author::Ai);
    match last {
        Some(line) => {
            let text = line.text.clone();
            desk.say("repeat", &[]);
            desk.tell(&text);
        }
        None => desk.say("repeat.none", &[]),
    }
}

/// Goes on in the language asked for.
pub fn switch_language(desk: &mut Desk<'_, '_>) {
    if let Some(Ok(language)) = language::asked(desk.input()) {
        desk.set_language(language);
        desk.say("language.switched", &[]);
    } else {
        desk.say("language.unknown", &[]);
        desk.mind.pending = Some(Pending::Handoff { reason: "speaks another language".to_owned() });
    }
}

/// Drops what was going on.
pub fn never_mind(desk: &mut Desk<'_, '_>) {
    if desk.mind.lead().is_some_and(|form| !form.done) {
        lead::give_up(desk);
    }
    booking::give_up(desk);
    desk.mind.pending = None;
    desk.say("never_mind", &[]);
}
