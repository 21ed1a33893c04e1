//! The slots of a question: the points of the grid among the starts that work.

use super::grid::points;
use super::interval::{Interval, find, intersect, list};
use super::prepared::Prepared;
use super::query::Question;
use super::slot::{Slot, SlotKey};
use super::zone::DAY;
use crate::id::StaffId;
use crate::time::Timestamp;

/// The most ranges of one question.
pub const MAX_RANGES: usize = 50;

/// Slots in the ranges (from, and to exclusive), by start, each once. A slot names the staff who can serve it, whose turn
/// it is first; all of them for a collective type; those of the session when it joins one.
pub fn slots(question: &Question<'_>, ranges: &[(Timestamp, Timestamp)]) -> Vec<Slot> {
    let asked = ranges.iter().take(MAX_RANGES);
    let asked = list(asked.map(|(from, to)| Interval::new(from.as_millis(), to.as_millis())).collect());
    let (Some(first), Some(last)) = (asked.first(), asked.last()) else { return Vec::new() };
    let settings = &question.kind.settings;
    if !settings.active || !settings.durations.contains(&question.minutes) || question.minutes == 0 {
        return Vec::new();
    }
    let (from, to) = (Timestamp::from_millis(first.from), Timestamp::from_millis(last.to));
    Prepared::new(question, from, to).slots(&asked)
}

/// The first slot that starts at or after `after`. The question must hold what is taken up to the horizon.
pub fn next_slot(question: &Question<'_>, after: Timestamp) -> Option<Slot> {
    let last = question.now.as_millis() + (i64::from(question.kind.settings.horizon_days) + 2) * DAY;
    let mut from = after.max(question.now).as_millis();
    let mut days = 7;
    while from < last {
        let to = (from + days * DAY).min(last);
        let found = slots(question, &[(Timestamp::from_millis(from), Timestamp::from_millis(to))]);
        if let Some(first) = found.into_iter().next() {
            return Some(first);
        }
        (from, days) = (to, days * 2);
    }
    None
}

impl Prepared<'_> {
    pub(super) fn slots(&self, asked: &[Interval]) -> Vec<Slot> {
        if !self.is_staffed() {
            return Vec::new();
        }
        let wanted = intersect(asked, &self.window);
        let mut joined = self.joinable();
        joined.retain(|start, _| find(&wanted, *start).is_some());
        let fresh = if self.question.seats > self.question.kind.settings.capacity {
            Vec::new()
        } else if self.is_together() {
            self.together(&wanted)
        } else {
            self.by_member(&wanted)
        };
        let capacity = self.question.kind.settings.capacity;
        let mut found: Vec<Slot> = fresh
            .into_iter()
            .filter(|(start, _)| !joined.contains_key(start))
            .map(|(start, staff)| self.slot(start, staff, capacity))
            .collect();
        if !joined.is_empty() {
            let joining = joined.into_iter();
            found.extend(joining.map(|(start, it)| self.slot(start, it.staff.clone(), it.seats_left)));
            found.sort_by_key(|slot| slot.start);
        }
        found
    }

    fn together(&self, wanted: &[Interval]) -> Vec<(i64, Vec<StaffId>)> {
        let allowed = intersect(&self.together_starts(), wanted);
        let staff: Vec<StaffId> = self.members.iter().map(|member| member.staff.id).collect();
        let starts = points(&self.together_grid(), &allowed, self.step());
        starts.into_iter().map(|start| (start, staff.clone())).collect()
    }

    fn by_member(&self, wanted: &[Interval]) -> Vec<(i64, Vec<StaffId>)> {
        let step = self.step();
        let runs: Vec<(StaffId, Vec<i64>)> = self
            .members
            .iter()
            .map(|member| {
                let allowed = intersect(&self.member_starts(member), wanted);
                (member.staff.id, points(&self.member_grid(member), &allowed, step))
            })
            .collect();
        let all = runs.iter().fold(Vec::new(), |all, (_, run)| union(all, run));
        // Who can serve each start, whose turn it is first: members come in that order.
        let each = runs.iter().map(|(_, run)| run.len()).sum::<usize>().div_ceil(all.len().max(1));
        let mut lists: Vec<Vec<StaffId>> = all.iter().map(|_| Vec::with_capacity(each)).collect();
        for (staff, run) in &runs {
            let mut run = run.iter().peekable();
            for (start, list) in all.iter().zip(&mut lists) {
                if run.next_if_eq(&start).is_some() {
                    list.push(*staff);
                }
            }
        }
        all.into_iter().zip(lists).collect()
    }

    fn slot(&self, start: i64, staff: Vec<StaffId>, seats: u32) -> Slot {
        let start = Timestamp::from_millis(start);
        let key = SlotKey {
            type_id: self.question.kind.id,
            start,
            minutes: self.question.minutes,
            staff_id: self.question.staff_id,
        };
        Slot {
            start,
            end: Timestamp::from_millis(start.as_millis() + self.long),
            staff,
            seats,
            slot: key.to_text(),
        }
    }
}

/// Both sorted runs as one, each value once.
fn union(all: Vec<i64>, run: &[i64]) -> Vec<i64> {
    if all == run {
        return all;
    }
    let mut merged = Vec::with_capacity(all.len() + run.len());
    let (mut all, mut run) = (all.into_iter().peekable(), run.iter().copied().peekable());
    loop {
        let next = match (all.peek(), run.peek()) {
            (Some(a), Some(b)) => *a.min(b),
            (Some(one), None) | (None, Some(one)) => *one,
            (None, None) => return merged,
        };
        all.next_if_eq(&next);
        run.next_if_eq(&next);
        merged.push(next);
    }
}
