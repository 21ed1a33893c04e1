//! Whose turn it is: a fair, weighted and repeatable choice among staff.
//!
//! The one comes first who, with this session, would have had least for their share (D'Hondt's rule); then by name, then
//! by id. Over time sessions are spread in proportion to the weights, and the same question always has the same answer.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::query::Question;
use crate::id::StaffId;
use crate::schedule::Staff;

/// The staff's turn by what they have had and their weights.
#[derive(Debug)]
pub struct Turns {
    /// What each would have had with one more, and their weight.
    shares: BTreeMap<StaffId, (u64, u64)>,
}

impl Turns {
    /// The turns of the question's pool.
    pub fn of(question: &Question<'_>) -> Self {
        let mut shares: BTreeMap<StaffId, (u64, u64)> = BTreeMap::new();
        for member in &question.kind.settings.staff.members {
            shares.entry(member.staff_id).or_insert((1, u64::from(member.weight.max(1))));
        }
        for (staff, had) in question.had {
            if let Some((count, _)) = shares.get_mut(staff) {
                *count += u64::from(*had);
            }
        }
        Self { shares }
    }

    /// Who comes first.
    pub fn compare(&self, a: &Staff, b: &Staff) -> Ordering {
        let share = |staff: &Staff| self.shares.get(&staff.id).copied().unwrap_or((1, 1));
        let ((a_count, a_weight), (b_count, b_weight)) = (share(a), share(b));
        (a_count * b_weight)
            .cmp(&(b_count * a_weight))
            .then_with(|| a.settings.name.cmp(&b.settings.name))
            .then_with(|| a.id.cmp(&b.id))
    }
}

/// The fairest choice among those who are free; `None` when nobody of the question's staff is among them.
pub fn choose_staff(question: &Question<'_>, free: &[StaffId]) -> Option<StaffId> {
    let turns = Turns::of(question);
    let known = question.staff.iter().filter(|staff| free.contains(&staff.id));
    known.min_by(|a, b| turns.compare(a, b)).map(|staff| staff.id)
}
