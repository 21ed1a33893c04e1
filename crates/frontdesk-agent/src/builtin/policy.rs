//! The policy: what is done about a message, in which order.
//!
//! First what cannot wait (opt-out, danger, a person asked for), then the form in progress, then what was offered last,
//! then each part of the message, and at last the form goes on. The order is [`respond`]; what each step does is under
//! [`super::forms`].

use serde_json::json;

use crate::brain::Thought;
use crate::tools;
use crate::turn::Turn;

use super::Models;
use super::desk::Desk;
use super::extract::choice;
use super::forms::answer::{self, Went};
use super::forms::lead::{self, Heard, LeadKind};
use super::forms::{booking, handoff, opt_out, send, small_talk};
use super::mind::Pending;
use super::understand::{Intent, Part, Reading};

/// From which score on an intent is acted upon at once.
const SURE: f32 = 0.5;
/// Below which nothing was understood.
const UNSURE: f32 = 0.3;

/// Answers the customer.
pub async fn respond(models: &Models, turn: &mut Turn<'_>) -> Thought {
    let mut desk = Desk::new(models, turn);
    let reading = desk.heard.primary();
    let asked_before = desk.mind.pending.clone();
    steps(&mut desk).await;
    // An offer holds for one turn.
    if desk.mind.pending == asked_before && asked_before.is_some() && !desk.heard.parts.is_empty() {
        desk.mind.pending = None;
    }
    if desk.is_silent() {
        desk.say("last.resort", &[]);
    }
    desk.finish(reading).await
}

async fn steps(desk: &mut Desk<'_, '_>) {
    if urgent(desk).await {
        return;
    }
    if send::turn(desk).await {
        return;
    }
    if booking::turn(desk).await {
        return;
    }
    let form = desk.mind.lead().cloned().filter(|_| !booking::is_open(desk));
    let heard = match form {
        Some(form) => lead::hear(desk, form).await,
        None => Heard::default(),
    };
    if heard.everything {
        return;
    }
    if !heard.something && offered(desk).await {
        return;
    }
    parts(desk, heard.something).await;
}

/// What cannot wait. `true` when it was the whole answer.
async fn urgent(desk: &mut Desk<'_, '_>) -> bool {
    let parts: Vec<Reading> = desk.heard.parts.iter().map(Part::best).collect();
    let wants = |intent: Intent, least: f32| {
        parts.iter().any(|reading| reading.intent == intent && reading.score >= least)
    };
    if wants(Intent::OptOut, SURE) {
        opt_out::run(desk).await;
        return true;
    }
    // Danger counts even when something else is likelier.
    if desk.heard.parts.iter().any(|part| part.score(Intent::Emergency) >= SURE) {
        desk.say("emergency", &[]);
        handoff::run(desk, &desk.quoted("emergency")).await;
        return true;
    }
    if wants(Intent::Human, UNSURE + 0.1) && !booking::keeps(desk, Intent::Human) {
        handoff::run(desk, &desk.quoted("asked for a person")).await;
        return true;
    }
    if wants(Intent::Complaint, SURE) {
        desk.say("sorry.upset", &[]);
        handoff::run(desk, &desk.quoted("is unhappy")).await;
        return true;
    }
    if wants(Intent::OptIn, SURE) {
        opt_out::back_in(desk);
        return true;
    }
    if wants(Intent::Language, SURE) && super::language::asked(desk.input()).is_some() {
        small_talk::switch_language(desk);
        booking::resume(desk);
        lead::resume(desk).await;
        return true;
    }
    if wants(Intent::NeverMind, SURE)
        && desk.heard.parts.len() <= 2
        && !booking::keeps(desk, Intent::NeverMind)
    {
        small_talk::never_mind(desk);
        return true;
    }
    false
}

/// Takes up what was offered last. `true` when that was the whole answer.
async fn offered(desk: &mut Desk<'_, '_>) -> bool {
    let Some(pending) = desk.mind.pending.clone() else { return false };
    let short = desk.heard.parts.iter().map(|part| part.words.len()).sum::<usize>() <= 6;
    if let Pending::InfoOrLead { about } = &pending {
        let place = choice::find(desk.input(), 2).or_else(|| {
            let words: Vec<&String> = desk.heard.parts.iter().flat_map(|part| &part.words).collect();
            let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
            if says(&["info", "information", "know", "informacion", "saber", "details"]) {
                Some(0)
            } else if says(&["contact", "call", "touch", "contacten", "contacte", "llamen", "both", "team"]) {
                Some(1)
            } else {
                None
            }
        });
        match place {
            Some(0) => {
                let about = about.clone();
                desk.mind.pending = None;
                desk.mind.topic = Some(about.clone());
                if let Some(part) = desk.read(&about) {
                    answer::unknown(desk, &part).await;
                }
                return true;
            }
            Some(_) => {
                lead::start(desk, LeadKind::Contact, Some(about.clone()), true).await;
                return true;
            }
            None => return false,
        }
    }
    let details = desk.found.email().is_some() || desk.found.phone().is_some();
    match (desk.yes_no, pending) {
        (Some(true), Pending::Handoff { reason }) => handoff::run(desk, &reason).await,
        (Some(true), Pending::Lead { need }) => {
            let need = need.or_else(|| desk.request_of_all());
            lead::start(desk, LeadKind::Contact, need, true).await;
        }
        (None, Pending::Lead { need }) if details => {
            desk.find_bare_name();
            lead::start(desk, LeadKind::Contact, need, false).await;
        }
        (None, Pending::Lead { need: None }) if desk.heard.primary().intent != Intent::Question => {
            match desk.request_of_all() {
                Some(need) => lead::start(desk, LeadKind::Contact, Some(need), true).await,
                None => return false,
            }
        }
        (Some(true), Pending::Retry) => lead::retry(desk).await,
        (Some(true), Pending::More) if short => desk.say("affirm.nothing", &[]),
        (Some(false), Pending::More) if short => {
            let name = desk.first_name();
            desk.say("goodbye", &[("name", name.as_deref().unwrap_or_default())]);
        }
        (Some(false), _) if short => desk.say("deny", &[]),
        _ => return false,
    }
    desk.mind.pending = if desk.mind.pending.is_some() && short { desk.mind.pending.clone() } else { None };
    true
}

/// What going through the parts has brought.
#[derive(Default)]
struct Tally {
    /// Something was done or said that answers the customer.
    did: bool,
    /// They said goodbye.
    goodbye: bool,
    /// Parts that no document and no fact answers.
    silent: Vec<Part>,
    /// Problems that a document speaks to.
    problems: Vec<String>,
    /// A request, with what it is about.
    request: Option<(LeadKind, Vec<String>)>,
}

/// Goes through the parts of the message. `form_spoke`: the form took something already.
async fn parts(desk: &mut Desk<'_, '_>, form_spoke: bool) {
    let all = desk.heard.parts.clone();
    let alone = all.len() <= 1;
    let out_of_scope =
        all.iter().any(|part| part.best().intent == Intent::OutOfScope && part.best().score >= SURE);
    let mut tally = Tally { did: form_spoke, ..Tally::default() };
    for part in &all {
        if talk(desk, part, all.len(), &mut tally) {
            continue;
        }
        // A problem may have its answer in the documents; help is offered after it.
        if is_problem(part) && answer::answer(desk, part).await == Went::Answered {
            if tally.problems.is_empty() {
                desk.say_first("sorry.need");
            }
            tally.did = true;
            tally.problems.extend(desk.request_of(part));
            continue;
        }
        if !form_spoke && !booking::is_open(desk) && wish(desk, part, &mut tally) {
            continue;
        }
        if is_aside(desk, part, alone) {
            continue;
        }
        match answer::answer(desk, part).await {
            Went::Answered => tally.did = true,
            Went::Silent if out_of_scope => {}
            Went::Silent => tally.silent.push(part.clone()),
        }
    }
    if let Some((kind, needs)) = tally.request.take() {
        take_request(desk, kind, needs, &tally.silent).await;
        tally.did = true;
    } else if !tally.silent.is_empty() {
        not_answered(desk, &tally.silent, tally.did).await;
        tally.did = true;
    } else if !tally.problems.is_empty() && desk.mind.lead().is_none() {
        desk.offer_lead(Some(tally.problems.join("; ")));
    }
    if desk.has_details()
        && !form_spoke
        && desk.mind.lead().is_none()
        && !booking::is_open(desk)
        && !desk.called(tools::UPDATE_CONTACT)
    {
        lead::keep_details(desk).await;
        tally.did = true;
    }
    if tally.goodbye {
        say_goodbye(desk, alone).await;
    } else if booking::is_open(desk) {
        booking::resume(desk);
        tally.did = true;
    } else if desk.mind.lead().is_some_and(|form| !form.done)
        && !desk.called(tools::CAPTURE_LEAD)
        && (form_spoke || !desk.form_spoke())
    {
        lead::resume(desk).await;
        tally.did = true;
    }
    if !tally.did && desk.is_silent() {
        desk.say("clarify", &[]);
    }
}

/// Talk that needs no document. `true` when the part is done with.
fn talk(desk: &mut Desk<'_, '_>, part: &Part, count: usize, tally: &mut Tally) -> bool {
    let alone = count <= 1;
    let best = part.best();
    if let Some(topic) = answer::off_topic(desk, &part.words).filter(|_| !best.intent.is_courtesy()) {
        desk.say("off_topic", &[("topic", &topic)]);
        tally.did = true;
        return true;
    }
    match best.intent {
        Intent::Greeting => {
            small_talk::greet(desk, alone);
            tally.did |= alone;
        }
        Intent::Goodbye if best.score >= SURE => {
            tally.goodbye = true;
            tally.did = true;
        }
        intent @ (Intent::Thanks
        | Intent::HowAreYou
        | Intent::WhoAreYou
        | Intent::AreYouBot
        | Intent::Help
        | Intent::Repeat
        | Intent::Abuse
        | Intent::OutOfScope)
            if best.score >= UNSURE =>
        {
            let needless = matches!(intent, Intent::Thanks | Intent::HowAreYou) && count > 2;
            if !needless && (intent != Intent::Repeat || alone) {
                small_talk::run(desk, intent, alone);
                tally.did = true;
            }
        }
        // A yes to a form that waits for details: it asks for them again, and that is all there is to say.
        Intent::Affirm | Intent::Deny if alone && best.score >= UNSURE && booking::is_open(desk) => {}
        Intent::Affirm
            if alone && best.score >= UNSURE && desk.mind.lead().is_some_and(|form| !form.done) => {}
        Intent::Affirm if alone && best.score >= UNSURE => {
            desk.say("affirm.nothing", &[]);
            tally.did = true;
        }
        Intent::Deny | Intent::Refuse if alone && best.score >= UNSURE => {
            desk.say("deny", &[]);
            tally.did = true;
        }
        Intent::WhyAsk if best.score >= SURE && !part.asks => {
            desk.say("why_ask", &[]);
            tally.did = true;
        }
        Intent::Gibberish if alone => {
            desk.say("gibberish", &[]);
            tally.did = true;
        }
        _ => return false,
    }
    true
}

/// Something that is wrong, told without asking for anything.
fn is_problem(part: &Part) -> bool {
    let best = part.best();
    best.intent == Intent::Need && best.score >= UNSURE && !Desk::wants_contact(part)
}

/// A wish for an offer, an appointment or help. `true` when the part is one.
fn wish(desk: &Desk<'_, '_>, part: &Part, tally: &mut Tally) -> bool {
    let best = part.best();
    // "Call me at ... about a crown" leaves a number and wants something.
    let calls = best.intent == Intent::GiveDetails
        && part.score(Intent::Lead) >= 0.45
        && part.words.len() > 3
        && Desk::wants_contact(part);
    let kind = match best.intent {
        _ if calls => LeadKind::Contact,
        _ if best.score < UNSURE => return false,
        Intent::Lead => LeadKind::Contact,
        Intent::Booking => LeadKind::Booking,
        Intent::BookingChange => LeadKind::Change,
        Intent::Need => LeadKind::Need,
        _ => return false,
    };
    let (chosen, needs) = tally.request.get_or_insert((kind, Vec::new()));
    if matches!(chosen, LeadKind::Contact | LeadKind::Need) {
        *chosen = kind;
    }
    needs.extend(desk.request_of(part));
    true
}

/// Parts that only go along with others, or whose content was taken already.
fn is_aside(desk: &Desk<'_, '_>, part: &Part, alone: bool) -> bool {
    match part.best().intent {
        Intent::GiveDetails | Intent::Correction if desk.has_details() => true,
        Intent::Affirm
        | Intent::Deny
        | Intent::Gibberish
        | Intent::Refuse
        | Intent::WhyAsk
        | Intent::GiveDetails => !alone,
        _ => false,
    }
}

/// Starts the request, with what was asked on the way as part of what it is about.
async fn take_request(desk: &mut Desk<'_, '_>, kind: LeadKind, needs: Vec<String>, silent: &[Part]) {
    let mut need: Vec<String> = needs;
    for part in silent {
        let question = desk.question_of(part);
        desk.mind.note_question(&question, false);
        desk.unanswered.get_or_insert_with(|| question.clone());
        need.push(question);
    }
    if !silent.is_empty() {
        desk.say("unknown", &[]);
    }
    if need.is_empty() && matches!(kind, LeadKind::Contact) {
        // "Call me about it": what was talked about last.
        need.extend(desk.mind.topic.clone());
    }
    if kind == LeadKind::Need && desk.is_silent() {
        desk.say("sorry.need", &[]);
    }
    if kind == LeadKind::Booking && booking::begin(desk).await {
        return;
    }
    let need = (!need.is_empty()).then(|| need.join("; "));
    lead::start(desk, kind, need, true).await;
}

/// Parts that no document and no fact answers.
async fn not_answered(desk: &mut Desk<'_, '_>, silent: &[Part], did: bool) {
    let Some(first) = silent.first() else { return };
    let best = first.best();
    let second = first.readings.get(1).copied();
    let question = first.asks || (best.intent == Intent::Question && best.score >= UNSURE);
    let wants_something =
        |reading: Reading| matches!(reading.intent, Intent::Lead | Intent::Booking | Intent::Need);
    let close = second
        .is_some_and(|second| first.margin() < 0.12 && (wants_something(second) || wants_something(best)));
    if !question
        && close
        && first.words.len() <= 4
        && desk.mind.lead().is_none()
        && desk.turn.may_use(tools::CAPTURE_LEAD)
    {
        desk.say("clarify.choice", &[]);
        desk.mind.pending = Some(Pending::InfoOrLead { about: desk.question_of(first) });
    } else if question || (first.words.len() >= 3 && best.score >= UNSURE) {
        answer::unknown(desk, first).await;
    } else if !did {
        clarify(desk);
    }
}

/// Asks what was meant. Not being understood twice counts like two open questions.
fn clarify(desk: &mut Desk<'_, '_>) {
    desk.mind.misses = desk.mind.misses.saturating_add(1);
    desk.say("clarify", &[]);
    if desk.mind.misses >= desk.session.settings.handoff.after_misses.max(1)
        && desk.turn.may_use(tools::HANDOFF)
    {
        desk.say("unknown.offer_person", &[]);
        desk.mind.pending = Some(Pending::Handoff { reason: "was not understood".to_owned() });
    }
}

async fn say_goodbye(desk: &mut Desk<'_, '_>, alone: bool) {
    if alone && !desk.is_first() && desk.turn.may_use(tools::END_CONVERSATION) {
        desk.call(tools::END_CONVERSATION, json!({ "reason": "said goodbye" })).await;
    }
    let name = desk.first_name();
    desk.say("goodbye", &[("name", name.as_deref().unwrap_or_default())]);
}
