//! Taking down a request and how to reach the customer.
//!
//! Details are taken in any order, also several at once, also unasked; the newest correction wins. The lead is saved as
//! soon as there is a way to reach the customer and again when more comes. That something was passed on is said only
//! after the tool gave a receipt.

use serde_json::{Map, Value};

pub use super::slots::{LeadForm, LeadKind, Slot};
use super::{handoff, slots};
use crate::builtin::desk::Desk;
use crate::builtin::extract::{number, person, phone};
use crate::builtin::mind::Pending;
use crate::builtin::text;
use crate::builtin::understand::Intent;
use crate::tools;

/// What the form took from a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// It holds something for the form, so the form goes on.
    pub something: bool,
    /// The whole message was for the form.
    pub everything: bool,
}

/// Starts or goes on with a request; `intro` says a lead-in first.
pub async fn start(desk: &mut Desk<'_, '_>, kind: LeadKind, need: Option<String>, intro: bool) {
    if !desk.turn.may_use(tools::CAPTURE_LEAD) {
        if desk.turn.may_use(tools::HANDOFF) && !desk.called(tools::HANDOFF) {
            Box::pin(handoff::run(desk, need.as_deref().unwrap_or("wants to be contacted"))).await;
        } else if !desk.called(tools::HANDOFF) {
            desk.say("lead.unavailable", &[]);
            handoff::contact(desk, "lead.refused_contact");
        }
        return;
    }
    desk.mind.pending = None;
    let customer = &desk.session.customer;
    let mut form = desk.mind.lead().cloned().unwrap_or_else(|| LeadForm {
        name: customer.name.clone().filter(|name| !name.trim().is_empty()),
        email: customer.email.clone(),
        phone: customer.phone.clone(),
        ..LeadForm::default()
    });
    if form.done {
        form = LeadForm {
            done: false,
            told: false,
            refused: Vec::new(),
            asked: std::collections::BTreeMap::new(),
            ..form
        };
    }
    form.kind = kind;
    if let Some(need) = need {
        form.add_need(&need);
    }
    take_entities(desk, &mut form);
    if intro {
        let key = match kind {
            LeadKind::Contact => "lead.start.contact",
            LeadKind::Booking => "lead.start.booking",
            LeadKind::Change => "lead.start.change",
            LeadKind::Need => "lead.start.need",
        };
        // Told at once that it was passed on, a customer needs no announcement of it; honesty on times is always due.
        if !form.has_reach() || matches!(kind, LeadKind::Booking | LeadKind::Change) {
            desk.say(key, &[]);
        }
    }
    go_on(desk, form).await;
}

/// Takes what the message holds for a form in progress.
pub async fn hear(desk: &mut Desk<'_, '_>, mut form: LeadForm) -> Heard {
    let before = form.clone();
    let message = desk.input().to_owned();
    take_entities(desk, &mut form);
    let corrects =
        desk.heard.parts.iter().any(|part| part.score(Intent::Correction) > 0.5) && !desk.just_answered();
    if let Some(ending) = number::ending(&message)
        && let Some(current) = &form.phone
        && let Some(better) = phone::with_ending(current, &ending, &desk.session.business.country)
    {
        form.phone = Some(better);
    }
    let got_details = form != before;
    let reading = desk.heard.primary();
    // A weak reading is no reason to doubt that a reply is the reply to what was asked.
    let primary = if reading.score < 0.45 { Intent::GiveDetails } else { reading.intent };
    let asked = form.asking.clone();
    let is_asking = |slot: Slot| asked.contains(&slot);
    let says = |intent: Intent| {
        desk.heard.parts.iter().any(|part| part.best().intent == intent && part.best().score >= 0.4)
    };
    let (refuses, wonders) = (says(Intent::Refuse), says(Intent::WhyAsk));
    let asks = desk
        .heard
        .parts
        .iter()
        .any(|part| part.best().intent == Intent::Question && (part.asks || part.best().score > 0.5));

    if !got_details && refuses {
        return refused(desk, form, &message).await;
    }
    if wonders && !form.done && !got_details {
        desk.say("why_ask", &[]);
        form.consent = true;
        repeat_ask(desk, form);
        return Heard { something: true, everything: true };
    }
    if !got_details && !form.done && !asks {
        let broken_phone = !desk.found.broken_phones.is_empty();
        let broken_email = desk.found.emails.is_empty() && message.contains('@');
        if (is_asking(Slot::Phone) && broken_phone) || (is_asking(Slot::Email) && broken_email) {
            desk.say(if broken_email { "lead.bad_email" } else { "lead.bad_phone" }, &[]);
            desk.mind.set_lead(form);
            return Heard { something: true, everything: true };
        }
        if corrects && form.need.is_some() && !is_asking(Slot::Need) {
            return correct_words(desk, form, &message).await;
        }
        if is_asking(Slot::Name)
            && is_for_name(primary)
            && let Some(name) = person::bare(&desk.found.blanked(&message))
        {
            form.name = Some(name.value);
        } else if is_asking(Slot::Need) && is_for_need(desk, primary) {
            form.need = None;
            form.add_need(&text::clip(&message, slots::MAX_NEED));
        } else if desk.yes_no == Some(false) && desk.heard.parts.iter().all(|part| part.words.len() <= 4) {
            return refused(desk, form, &message).await;
        }
    }
    if form == before {
        if corrects && !asks && form.has_reach() {
            return correct_words(desk, form, &message).await;
        }
        if form.done
            && desk.yes_no == Some(true)
            && desk.mind.pending.is_none()
            && desk.heard.parts.len() <= 1
            && primary == Intent::Affirm
        {
            desk.say("lead.ok", &[]);
            return Heard { something: true, everything: true };
        }
        return Heard::default();
    }
    // A name next to an address ("ana diaz, ana@x.com").
    if is_asking(Slot::Name)
        && form.name == before.name
        && !form.done
        && !asks
        && let Some(name) = person::bare(&desk.found.blanked(&message))
    {
        form.name = Some(name.value);
    }
    take_in(desk, &before, form, asks).await
}

/// Acts on what a form learned from a message; `asks`: the message holds a question, too.
async fn take_in(desk: &mut Desk<'_, '_>, before: &LeadForm, mut form: LeadForm, asks: bool) -> Heard {
    let corrected = correction(before, &form);
    if before.saved.is_some() && corrected.is_some() {
        form.asking.clear();
        if save(desk, &mut form).await {
            desk.say("lead.corrected", &[("details", corrected.as_deref().unwrap_or_default())]);
        }
        desk.took_details = true;
        if form.done {
            desk.mind.set_lead(form);
        } else {
            go_on(desk, form).await;
        }
        return Heard { something: true, everything: !asks };
    }
    desk.took_details = true;
    if form.name.is_some() && form.name != before.name && !form.wants_saving() {
        let name = first_of(form.name.as_deref());
        desk.say("lead.thanks_name", &[("name", &name)]);
    }
    if asks {
        // The question is answered first; the form goes on after it.
        desk.mind.set_lead(form);
        return Heard { something: true, everything: false };
    }
    go_on(desk, form).await;
    Heard {
        something: true,
        everything: desk.heard.parts.iter().all(|part| is_form_talk(part.best().intent))
            || desk.heard.parts.len() <= 1,
    }
}

/// Goes on without what the customer would rather not give; that one way to reach them is needed is said once.
async fn refused(desk: &mut Desk<'_, '_>, mut form: LeadForm, message: &str) -> Heard {
    let before = form.refused.clone();
    refuse(&mut form, message);
    let no_way =
        !form.has_reach() && [Slot::Email, Slot::Phone].iter().all(|slot| form.refused.contains(slot));
    if no_way && !form.pressed && !form.done {
        form.pressed = true;
        form.refused = before;
        form.asking = vec![Slot::Email, Slot::Phone];
        if form.name.is_none() && !form.refused.contains(&Slot::Name) {
            form.refused.push(Slot::Name);
        }
        desk.say("lead.one_enough", &[]);
        form.consent = true;
        desk.mind.set_lead(form);
        return Heard { something: true, everything: true };
    }
    if !no_way {
        desk.say("lead.refused_one", &[]);
    }
    go_on(desk, form).await;
    Heard { something: true, everything: true }
}

/// Words that correct what was said, without a new address or number.
async fn correct_words(desk: &mut Desk<'_, '_>, mut form: LeadForm, message: &str) -> Heard {
    let words = text::words(message);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let ask = if says(&["name", "spelled", "nombre", "n's", "letters", "surname"])
        || words
            .windows(2)
            .any(|w| matches!(w, [a, b] if a == "with" && (b == "two" || b == "one" || b.len() <= 2)))
    {
        Some((Slot::Name, "lead.spell"))
    } else if says(&["email", "mail", "correo", "address"]) {
        Some((Slot::Email, "lead.ask.email"))
    } else if says(&["number", "phone", "telefono", "numero", "cell", "mobile"]) {
        Some((Slot::Phone, "lead.ask.phone"))
    } else if words.len() <= 3 && !says(&["meant", "mean", "decir"]) {
        Some((Slot::Need, "lead.which"))
    } else {
        None
    };
    if let Some((slot, key)) = ask {
        desk.say(key, &[]);
        form.asking = vec![slot];
        form.done = false;
        desk.mind.set_lead(form);
        return Heard { something: true, everything: true };
    }
    form.add_need(message);
    if form.saved.is_some() {
        if save(desk, &mut form).await {
            desk.say("lead.updated", &[]);
        }
        desk.mind.set_lead(form);
    } else {
        desk.say("ack", &[]);
        go_on(desk, form).await;
    }
    Heard { something: true, everything: true }
}

/// Goes on with a form after a side question.
pub async fn resume(desk: &mut Desk<'_, '_>) {
    let Some(form) = desk.mind.lead().filter(|form| !form.done).cloned() else { return };
    if form.wants_saving() {
        go_on(desk, form).await;
        return;
    }
    if !form.asking.is_empty() {
        desk.say("lead.resume", &[]);
    }
    repeat_ask(desk, form);
}

/// Asks again for what is missing, without counting it as another try.
fn repeat_ask(desk: &mut Desk<'_, '_>, mut form: LeadForm) {
    let fields = desk.session.settings.lead_fields.clone();
    let slots = if form.asking.is_empty() { form.next(&fields) } else { form.asking.clone() };
    if !slots.is_empty() {
        ask(desk, &mut form, &slots);
    }
    desk.mind.set_lead(form);
}

/// Saves what can be saved, then asks for what is missing, or closes the form.
async fn go_on(desk: &mut Desk<'_, '_>, mut form: LeadForm) {
    let fields = desk.session.settings.lead_fields.clone();
    form.asking.clear();
    if form.wants_saving() {
        let first = !form.told;
        if !save(desk, &mut form).await {
            return;
        }
        let name = first_of(form.name.as_deref());
        if first {
            desk.say("lead.saved", &[("name", &name)]);
            form.told = true;
        } else {
            desk.say("lead.updated", &[("name", &name)]);
        }
    }
    let next = form.next(&fields);
    if next.is_empty() {
        close(desk, form);
        return;
    }
    if !form.has_reach()
        && next == [Slot::Name]
        && [Slot::Email, Slot::Phone].iter().all(|slot| form.refused.contains(slot))
    {
        close(desk, form);
        return;
    }
    form.note_asked(&next);
    ask(desk, &mut form, &next);
    desk.mind.set_lead(form);
}

/// The first word of a name, to call somebody by.
fn first_of(name: Option<&str>) -> String {
    name.and_then(|name| name.split(' ').next()).unwrap_or_default().to_owned()
}

fn ask(desk: &mut Desk<'_, '_>, form: &mut LeadForm, slots: &[Slot]) {
    let has = |slot: Slot| slots.contains(&slot);
    let key = match (has(Slot::Need), has(Slot::Name), has(Slot::Email), has(Slot::Phone)) {
        (true, ..) => "lead.ask.need",
        (_, true, false, false) => "lead.ask.name",
        (_, true, true, true) => "lead.ask.name_reach",
        (_, true, true, false) => "lead.ask.name_email",
        (_, true, false, true) => "lead.ask.name_phone",
        (_, false, true, true) => "lead.ask.reach",
        (_, false, true, false) => {
            if form.has_reach() {
                "lead.ask.more_email"
            } else {
                "lead.ask.email"
            }
        }
        (_, false, false, _) => {
            if form.has_reach() {
                "lead.ask.more_phone"
            } else {
                "lead.ask.phone"
            }
        }
    };
    desk.say(key, &[]);
    if (has(Slot::Email) || has(Slot::Phone)) && !form.consent {
        desk.say("lead.consent", &[]);
        form.consent = true;
    }
}

/// Ends a form: reads back what was saved, or accepts that there is nothing to save.
fn close(desk: &mut Desk<'_, '_>, mut form: LeadForm) {
    form.done = true;
    form.asking.clear();
    if form.has_reach() && form.saved.is_some() {
        let details = form.details();
        desk.say("lead.readback", &[("details", &details)]);
        desk.mind.set_lead(form);
    } else {
        desk.say("lead.refused_all", &[]);
        handoff::contact(desk, "lead.refused_contact");
        desk.mind.drop_lead();
    }
}

/// Saves the form; `false` when it could not be, which is then said.
async fn save(desk: &mut Desk<'_, '_>, form: &mut LeadForm) -> bool {
    let arguments = form.arguments();
    let outcome = desk.call(tools::CAPTURE_LEAD, arguments.clone()).await;
    if outcome.ok && outcome.receipt.is_some() {
        form.saved = Some(arguments);
        return true;
    }
    desk.say("lead.failed", &[]);
    handoff::contact(desk, "lead.refused_contact");
    desk.mind.set_lead(form.clone());
    desk.mind.pending = Some(Pending::Retry);
    false
}

/// Tries again to save.
pub async fn retry(desk: &mut Desk<'_, '_>) {
    if let Some(form) = desk.mind.lead().cloned() {
        go_on(desk, form).await;
    }
}

/// Drops a form the customer does not want any more. What was saved stays saved.
pub fn give_up(desk: &mut Desk<'_, '_>) {
    match desk.mind.lead().cloned() {
        Some(form) if form.saved.is_some() => {
            desk.mind.set_lead(LeadForm { done: true, asking: Vec::new(), ..form });
        }
        _ => desk.mind.drop_lead(),
    }
}

/// Details left without a request: kept with the contact.
pub async fn keep_details(desk: &mut Desk<'_, '_>) {
    let (email, phone) = (desk.found.email().map(str::to_owned), desk.found.phone().map(str::to_owned));
    let beside = || {
        person::bare(&desk.found.blanked(desk.input()))
            .map(|found| found.value)
            .filter(|_| email.is_some() || phone.is_some())
    };
    let name = desk.found.name().map(str::to_owned).or_else(beside);
    let mut arguments = Map::new();
    for (key, value) in [("name", &name), ("email", &email), ("phone", &phone)] {
        if let Some(value) = value {
            arguments.insert(key.to_owned(), Value::String(value.clone()));
        }
    }
    let outcome = desk.call(tools::UPDATE_CONTACT, Value::Object(arguments)).await;
    let first = name.as_deref().and_then(|name| name.split(' ').next()).unwrap_or_default().to_owned();
    let reach = email.is_some() || phone.is_some();
    if !(outcome.ok && outcome.receipt.is_some()) {
        desk.say("contact.failed", &[]);
    } else if reach {
        desk.say("contact.updated", &[("name", &first)]);
        desk.say("contact.offer", &[]);
        desk.mind.pending = Some(Pending::Lead { need: None });
    } else {
        desk.say("contact.updated_name", &[("name", &first)]);
    }
    desk.new_name = name;
}

/// How the team can reach the customer, in words, if known.
pub fn known_reach(desk: &Desk<'_, '_>) -> Option<String> {
    let customer = &desk.session.customer;
    desk.mind
        .lead()
        .and_then(LeadForm::reach)
        .or_else(|| customer.phone.as_deref().map(frontdesk_domain::phone::to_international))
        .or_else(|| customer.email.clone())
}

/// The newest addresses, numbers and names of the message.
fn take_entities(desk: &Desk<'_, '_>, form: &mut LeadForm) {
    if let Some(email) = desk.found.email() {
        form.email = Some(email.to_owned());
        form.refused.retain(|slot| *slot != Slot::Email);
    }
    if let Some(phone) = desk.found.phone() {
        form.phone = Some(phone.to_owned());
        form.refused.retain(|slot| *slot != Slot::Phone);
    }
    if let Some(name) = desk.found.name() {
        form.name = Some(name.to_owned());
    }
}

/// Notes what the customer would rather not give.
fn refuse(form: &mut LeadForm, message: &str) {
    let words = text::words(message);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let only = says(&["only", "just", "solo"]);
    let mut refused = Vec::new();
    if says(&["phone", "number", "call", "called", "telefono", "numero", "celular", "mobile", "cell"]) {
        refused.push(if only { Slot::Email } else { Slot::Phone });
    }
    if says(&["email", "mail", "correo"]) {
        refused.push(if only { Slot::Phone } else { Slot::Email });
    }
    if says(&["name", "nombre", "anonymous", "anonimo"]) {
        refused.push(Slot::Name);
    }
    if refused.is_empty() {
        refused.clone_from(&form.asking);
    }
    for slot in refused {
        if !form.refused.contains(&slot) {
            form.refused.push(slot);
        }
    }
}

/// What changed that was known before, in words.
fn correction(before: &LeadForm, after: &LeadForm) -> Option<String> {
    let changed = |old: &Option<String>, new: &Option<String>| {
        (old.is_some() && old != new).then(|| new.clone()).flatten()
    };
    let phone =
        changed(&before.phone, &after.phone).map(|phone| frontdesk_domain::phone::to_international(&phone));
    let all: Vec<String> = [changed(&before.name, &after.name), changed(&before.email, &after.email), phone]
        .into_iter()
        .flatten()
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn is_for_name(primary: Intent) -> bool {
    !matches!(
        primary,
        Intent::Lead
            | Intent::Booking
            | Intent::Human
            | Intent::Complaint
            | Intent::NeverMind
            | Intent::Refuse
            | Intent::WhyAsk
            | Intent::Repeat
            | Intent::Help
            | Intent::Thanks
            | Intent::Goodbye
            | Intent::Abuse
            | Intent::Deny
    )
}

/// Whether a reply to "what is it about?" says what it is about.
fn is_for_need(desk: &Desk<'_, '_>, primary: Intent) -> bool {
    let short = desk.heard.parts.iter().map(|part| part.words.len()).sum::<usize>() <= 3;
    match primary {
        Intent::Affirm
        | Intent::Deny
        | Intent::Thanks
        | Intent::Greeting
        | Intent::Goodbye
        | Intent::Repeat
        | Intent::Help
        | Intent::Gibberish
        | Intent::Abuse
        | Intent::OutOfScope
        | Intent::Refuse
        | Intent::WhyAsk
        | Intent::Language
        | Intent::AreYouBot
        | Intent::WhoAreYou
        | Intent::HowAreYou => false,
        Intent::Question => !desk.heard.parts.iter().any(|part| part.asks) || short,
        _ => true,
    }
}

/// Talk that belongs to filling in a form.
fn is_form_talk(intent: Intent) -> bool {
    matches!(
        intent,
        Intent::GiveDetails
            | Intent::Correction
            | Intent::Affirm
            | Intent::Deny
            | Intent::Greeting
            | Intent::Thanks
            | Intent::Lead
            | Intent::Booking
            | Intent::Need
            | Intent::Gibberish
    )
}
