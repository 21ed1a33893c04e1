//! Where a step leads, also when the workflow was edited while a contact was in it.

use super::{Action, Step};

/// The step with this name.
pub fn find<'a>(steps: &'a [Step], id: &str) -> Option<&'a Step> {
    steps.iter().find(|step| step.id == id)
}

/// The step after this one.
pub fn after<'a>(steps: &'a [Step], id: &str) -> Option<&'a Step> {
    let at = steps.iter().position(|step| step.id == id)?;
    steps.get(at + 1)
}

/// The step that stands for `id` in the steps as they are now: itself, or when it was taken out the first one that came
/// after it in the steps as they were then and is still there. `None` when nothing is left to do.
pub fn resume<'a>(was: &[Step], now: &'a [Step], id: &str) -> Option<&'a Step> {
    if let Some(step) = find(now, id) {
        return Some(step);
    }
    let at = was.iter().position(|step| step.id == id)?;
    was.iter().skip(at).find_map(|step| find(now, &step.id))
}

/// The message of a step that sends one.
pub const fn message(step: &Step) -> Option<&super::OutreachMessage> {
    match &step.action {
        Action::Send { message } | Action::FollowUp { message, .. } => Some(message),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(ids: &str) -> Vec<Step> {
        ids.split(' ').map(|id| Step { id: id.to_owned(), action: Action::Wait { minutes: 1 } }).collect()
    }

    #[test]
    fn an_edit_leaves_everybody_at_their_place_or_at_the_next_that_is_left() {
        let was = steps("a b c d");
        let name = |now: &str, id: &str| resume(&was, &steps(now), id).map(|step| step.id.clone());
        assert_eq!(name("a b c d", "b").as_deref(), Some("b"));
        assert_eq!(name("d c b a", "b").as_deref(), Some("b"), "moved, not lost");
        assert_eq!(name("a c d", "b").as_deref(), Some("c"));
        assert_eq!(name("a x d", "b").as_deref(), Some("d"));
        assert_eq!(name("a x", "b"), None, "nothing of what was to come is left");
        assert_eq!(after(&was, "d"), None);
    }
}
