//! Lists of contacts that stay fast when there are a million.
//!
//! A filter becomes [`Term`]s (`term.rs`). Of those with an index of their own, the one with the fewest contacts leads: when
//! it has at most [`FEW`], its contacts are looked at one by one and counted exactly; of a status alone that is met in every
//! order, from [`NEAR`] on, the list is walked instead. When every term has more, the list is
//! walked in its order and each contact tested, which meets matches soon because they are many; the total is then a lower
//! bound or an estimate, and says so. How far one page walks is bounded: a page may be short and still have a next one.

use frontdesk_domain::contact::Contact;
use frontdesk_domain::contact_list::TotalKind;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ContactId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Value};
use uuid::Uuid;

pub use super::order::{Order, Place, Sort};
pub use super::term::{FieldTerm, Filter, Span};

use super::field::rows;
use super::order::{Cursor, Key};
use super::term::Term;
use super::{TABLE, read};
use crate::entity::contact::{Column, Entity};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

/// Most contacts of a term that are counted, and looked at one by one.
const FEW: u64 = 10_000;
/// Most contacts that are looked at one by one where the order's index tells what is tested: looking at so many rows in
/// all places of the table takes longer than walking to enough of them.
const NEAR: u64 = 2_500;
/// How far one page walks through a list.
const WALK: u64 = 40_000;
/// The same where the order's index tells all that is tested.
const WALK_IN_INDEX: u64 = 200_000;
/// How many contacts an estimate looks at.
const SAMPLE: u64 = 4_000;

/// A page of contacts.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The contacts.
    pub items: Vec<Contact>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many match in all.
    pub counted: Counted,
}

/// How many match, and how sure that is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub total: u64,
    /// How sure.
    pub kind: TotalKind,
}

/// What one page is asked for.
struct Ask<'a, D> {
    db: &'a D,
    scope: Scope,
    sort: Sort,
    after: Option<Cursor>,
    skip: u64,
    size: u64,
}

/// The ids of a page with what they are sorted by, one more than asked for when there are more.
type Keys = Vec<(Uuid, Key)>;

/// What was found for a page.
struct Found {
    keys: Keys,
    counted: Counted,
    /// Whether the list was walked, so that a short page need not be the last.
    walked: bool,
}

impl Found {
    const fn exact(keys: Keys, total: u64) -> Self {
        Self { keys, counted: Counted { total, kind: TotalKind::Exact }, walked: false }
    }
}

/// A page of contacts with their number in all.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    sort: impl Into<Sort>,
    place: Place<'_>,
    size: u32,
) -> Result<Listed> {
    let sort = sort.into();
    let after = place.cursor.and_then(|cursor| Cursor::parse(sort.by, cursor));
    let ask = Ask { db, scope, sort, after, skip: place.skip, size: u64::from(size) };
    let all = all(db, scope).await?;
    let terms = filter.terms(db.get_database_backend(), scope, all);
    let found = if terms.is_empty() {
        Found::exact(ask.everyone(all).await?, all)
    } else {
        ask.matching(&terms, all).await?
    };
    ask.finish(&terms, found).await
}

/// How many contacts match.
pub async fn count(db: &impl Db, scope: Scope, filter: &Filter) -> Result<Counted> {
    Ok(list(db, scope, filter, Order::Created, Place::default(), 1).await?.counted)
}

/// Contacts that match, by id: those after `after` up to `until`, so that work on all of them goes on where it stopped.
pub async fn walk(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    after: Option<ContactId>,
    until: ContactId,
    size: u32,
) -> Result<Vec<Contact>> {
    let backend = db.get_database_backend();
    let terms = filter.terms(backend, scope, all(db, scope).await?);
    let mut values: Vec<Value> = vec![scope.workspace().uuid().into()];
    let mut sql = format!(
        "SELECT c.id FROM contact c {} WHERE c.workspace_id = ? AND c.id <= ?",
        dialect::by_index(backend, Order::Created.index())
    );
    values.push(until.uuid().into());
    if let Some(after) = after {
        sql.push_str(" AND c.id > ?");
        values.push(after.uuid().into());
    }
    for term in &terms {
        sql.push_str(" AND ");
        sql.push_str(&term.test.sql);
        values.extend(term.test.values.iter().cloned());
    }
    sql.push_str(" ORDER BY c.id LIMIT ?");
    values.push(u64::from(size).cast_signed().into());
    let found = rows(db, &sql, values).await?;
    let ids = found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<Vec<Uuid>>>()?;
    load(db, scope, &ids).await
}

/// The contacts with these ids, in their order; those that are gone are left out.
pub async fn load(db: &impl Db, scope: Scope, ids: &[Uuid]) -> Result<Vec<Contact>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    let mut places: std::collections::HashMap<Uuid, usize> =
        ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    let mut found: Vec<(usize, Contact)> = found
        .into_iter()
        .filter_map(|row| places.remove(&row.id).map(|place| Ok((place, read(row)?))))
        .collect::<Result<_>>()?;
    found.sort_unstable_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, contact)| contact).collect())
}

/// How many contacts the workspace has.
pub async fn all(db: &impl Db, scope: Scope) -> Result<u64> {
    let sql = "SELECT contacts FROM contact_count WHERE workspace_id = ?";
    let found = rows(db, sql, vec![scope.workspace().uuid().into()]).await?;
    let kept = found.first().map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    Ok(kept.unwrap_or_default().max(0).unsigned_abs())
}

async fn number(db: &impl Db, sql: &str, values: Vec<Value>) -> Result<u64> {
    let found = rows(db, sql, values).await?;
    let row = found.first().ok_or(StoreError::NotFound(TABLE))?;
    Ok(row.try_get_by_index::<i64>(0)?.max(0).unsigned_abs())
}

impl<D: Db> Ask<'_, D> {
    /// Goes through everybody, from the nearer end.
    async fn everyone(&self, all: u64) -> Result<Keys> {
        let from_end = self.after.is_none() && self.skip > all / 2;
        let (sort, skip, limit) = if from_end {
            let wanted = all.saturating_sub(self.skip).min(self.size + 1);
            (self.sort.reversed(), all.saturating_sub(self.skip + self.size + 1), wanted)
        } else {
            (self.sort, self.skip, self.size + 1)
        };
        let backend = self.db.get_database_backend();
        let mut values = vec![self.scope.workspace().uuid().into()];
        let sql = format!(
            "SELECT id, {} FROM contact {} WHERE workspace_id = ?{} {} LIMIT ? OFFSET ?",
            sort.by.column(),
            dialect::by_index(backend, sort.by.index()),
            self.beyond(sort, sort.by.column(), &mut values),
            sort.order_by(sort.by.column())
        );
        values.extend([limit.cast_signed().into(), skip.cast_signed().into()]);
        let mut keys = self.keys(&sql, values).await?;
        if from_end {
            keys.reverse();
        }
        Ok(keys)
    }

    /// What a page after another one must be beyond.
    fn beyond(&self, sort: Sort, column: &str, values: &mut Vec<Value>) -> String {
        let Some(after) = &self.after else { return String::new() };
        let way = if sort.descending { '<' } else { '>' };
        if sort.by == Order::Created {
            values.push(after.id.into());
            return format!(" AND id {way} ?");
        }
        values.push(after.key.value());
        values.push(after.id.into());
        format!(" AND ({column}, id) {way} (?, ?)")
    }

    async fn keys(&self, sql: &str, values: Vec<Value>) -> Result<Keys> {
        let found = rows(self.db, sql, values).await?;
        found.iter().map(|row| Ok((row.try_get_by_index(0)?, Key::read(self.sort.by, row)?))).collect()
    }

    async fn matching(&self, terms: &[Term], all: u64) -> Result<Found> {
        let sizes = self.sizes(terms).await?;
        let leader = terms
            .iter()
            .zip(&sizes)
            .filter_map(|(term, size)| Some((term, (*size)?)))
            .min_by_key(|(_, size)| *size);
        if let Some((leader, size)) = leader.filter(|(_, size)| *size <= FEW) {
            if let ([only], true) = (terms, size > NEAR)
                && self.is_in_order(only)
            {
                let counted = Counted { total: size, kind: TotalKind::Exact };
                return Ok(Found { keys: self.walked(terms).await?, counted, walked: true });
            }
            let others: Vec<&Term> = terms.iter().filter(|term| !std::ptr::eq(*term, leader)).collect();
            return self.of_few(leader, &others, size).await;
        }
        if all <= FEW {
            return self.of_small(terms).await;
        }
        let (keys, walked) = match terms {
            [only] if only.ordered && self.sort.by == Order::Created => {
                (self.of_few(only, &[], 0).await?.keys, false)
            }
            _ => (self.walked(terms).await?, true),
        };
        let counted = match terms {
            [only] if only.ids.is_some() => Counted { total: FEW, kind: TotalKind::AtLeast },
            _ => self.estimate(terms, all, keys.len() as u64).await?,
        };
        Ok(Found { keys, counted, walked })
    }

    /// How many contacts each term with an index has, as far as [`FEW`] and one more, in one round trip.
    async fn sizes(&self, terms: &[Term]) -> Result<Vec<Option<u64>>> {
        let mut parts = Vec::new();
        let mut values = Vec::new();
        for ids in terms.iter().filter_map(|term| term.ids.as_ref()) {
            parts.push(format!(
                "(SELECT count(*) FROM (SELECT id FROM ({}) i LIMIT {}) n)",
                ids.sql,
                FEW + 1
            ));
            values.extend(ids.values.iter().cloned());
        }
        if parts.is_empty() {
            return Ok(vec![None; terms.len()]);
        }
        let found = rows(self.db, &format!("SELECT {}", parts.join(", ")), values).await?;
        let row = found.first().ok_or(StoreError::NotFound(TABLE))?;
        let mut next = 0;
        let mut sizes = Vec::with_capacity(terms.len());
        for term in terms {
            sizes.push(if term.ids.is_some() {
                next += 1;
                Some(row.try_get_by_index::<i64>(next - 1)?.unsigned_abs())
            } else {
                None
            });
        }
        Ok(sizes)
    }

    /// Looks at the contacts of one term one by one.
    async fn of_few(&self, leader: &Term, others: &[&Term], size: u64) -> Result<Found> {
        let Some(ids) = &leader.ids else { return Ok(Found::exact(Vec::new(), 0)) };
        let mut values = ids.values.clone();
        if others.is_empty() && self.sort.by == Order::Created {
            let sql = format!(
                "SELECT id, id FROM ({}) i WHERE 1 = 1{} {} LIMIT ? OFFSET ?",
                ids.sql,
                self.beyond(self.sort, "id", &mut values),
                self.sort.order_by("id")
            );
            values.extend([(self.size + 1).cast_signed().into(), self.skip.cast_signed().into()]);
            return Ok(Found::exact(self.keys(&sql, values).await?, size));
        }
        // The ids are of the workspace already. Asked again, SQLite would look for each of them in all of the workspace.
        let mut inner = format!(
            "SELECT c.id AS id, c.{} AS k, count(*) OVER () AS n FROM ({}) i CROSS JOIN contact c \
             WHERE c.id = i.id",
            self.sort.by.column(),
            ids.sql
        );
        for term in others {
            inner.push_str(" AND ");
            inner.push_str(&term.test.sql);
            values.extend(term.test.values.iter().cloned());
        }
        let counting = (inner.clone(), values.clone());
        let sql = format!(
            "SELECT id, k, n FROM ({inner}) x WHERE 1 = 1{} {} LIMIT ? OFFSET ?",
            self.beyond(self.sort, "k", &mut values),
            self.sort.order_by("k")
        );
        values.extend([(self.size + 1).cast_signed().into(), self.skip.cast_signed().into()]);
        let found = rows(self.db, &sql, values).await?;
        let total = match found.first() {
            Some(row) => row.try_get_by_index::<i64>(2)?.unsigned_abs(),
            None if self.after.is_none() && self.skip == 0 => 0,
            None => number(self.db, &format!("SELECT count(*) FROM ({}) x", counting.0), counting.1).await?,
        };
        let keys = found
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, Key::read(self.sort.by, row)?)))
            .collect::<Result<_>>()?;
        Ok(Found::exact(keys, total))
    }

    /// Looks at everybody of a small workspace.
    async fn of_small(&self, terms: &[Term]) -> Result<Found> {
        let (tests, tested_with) = tested(terms);
        let workspace: Value = self.scope.workspace().uuid().into();
        let mut values = vec![workspace.clone()];
        values.extend(tested_with.iter().cloned());
        let sql = format!("SELECT count(*) FROM contact c WHERE c.workspace_id = ?{tests}");
        let total = number(self.db, &sql, values).await?;
        let mut values = vec![workspace];
        values.extend(tested_with);
        let sql = format!(
            "SELECT id, {0} FROM contact c {1} WHERE c.workspace_id = ?{tests}{2} {3} LIMIT ? OFFSET ?",
            self.sort.by.column(),
            dialect::by_index(self.db.get_database_backend(), self.sort.by.index()),
            self.beyond(self.sort, self.sort.by.column(), &mut values),
            self.sort.order_by(self.sort.by.column())
        );
        values.extend([(self.size + 1).cast_signed().into(), self.skip.cast_signed().into()]);
        Ok(Found::exact(self.keys(&sql, values).await?, total))
    }

    /// Whether the order's index has all that is tested.
    fn is_in_order(&self, term: &Term) -> bool {
        self.sort.by != Order::Status
            && !term.columns.is_empty()
            && term.columns.iter().all(|column| *column == "status" || *column == self.sort.by.column())
    }

    /// How far one page walks.
    fn reach(&self, terms: &[Term]) -> u64 {
        if terms.iter().all(|term| self.is_in_order(term)) { WALK_IN_INDEX } else { WALK }
    }

    /// The part of the list that one page may walk, in its order, with the columns that the terms test.
    fn stretch(&self, terms: &[Term], sort: Sort, limit: u64, values: &mut Vec<Value>) -> String {
        let mut columns = vec!["id", sort.by.column()];
        columns.extend(terms.iter().flat_map(|term| term.columns.iter().copied()));
        columns.sort_unstable();
        columns.dedup();
        values.push(self.scope.workspace().uuid().into());
        format!(
            "SELECT {} FROM contact {} WHERE workspace_id = ?{} {} LIMIT {limit}",
            columns.join(", "),
            dialect::by_index(self.db.get_database_backend(), sort.by.index()),
            self.beyond(sort, sort.by.column(), values),
            sort.order_by(sort.by.column())
        )
    }

    async fn walked(&self, terms: &[Term]) -> Result<Keys> {
        let mut values = Vec::new();
        let stretch = self.stretch(terms, self.sort, self.reach(terms), &mut values);
        let (tests, tested_with) = tested(terms);
        values.extend(tested_with);
        // The stretch is in order already; sorting it again would mean walking all of it.
        let sql = format!(
            "SELECT c.id, c.{} FROM ({stretch}) c WHERE 1 = 1{tests} LIMIT ? OFFSET ?",
            self.sort.by.column()
        );
        values.extend([(self.size + 1).cast_signed().into(), self.skip.cast_signed().into()]);
        self.keys(&sql, values).await
    }

    /// How many match, judged by the newest.
    async fn estimate(&self, terms: &[Term], all: u64, seen: u64) -> Result<Counted> {
        let newest = Ask {
            db: self.db,
            scope: self.scope,
            sort: Order::Created.into(),
            after: None,
            skip: 0,
            size: 0,
        };
        let mut values = Vec::new();
        let stretch = newest.stretch(terms, newest.sort, SAMPLE, &mut values);
        let (tests, tested_with) = tested(terms);
        values.extend(tested_with);
        let hits = number(self.db, &format!("SELECT count(*) FROM ({stretch}) c WHERE 1 = 1{tests}"), values)
            .await?;
        let about = rounded(all.saturating_mul(hits) / SAMPLE);
        Ok(if about > seen {
            Counted { total: about, kind: TotalKind::Estimate }
        } else {
            Counted { total: seen, kind: TotalKind::AtLeast }
        })
    }

    /// Where a walk that found too little for a page ended, if it did not come to the end of the list.
    async fn end_of_walk(&self, terms: &[Term]) -> Result<Option<String>> {
        let mut values = Vec::new();
        let reach = self.reach(terms);
        let stretch = self.stretch(terms, self.sort, reach, &mut values);
        let column = self.sort.by.column();
        let sql = format!("SELECT id, {column} FROM ({stretch}) c LIMIT 1 OFFSET {}", reach - 1);
        let keys = self.keys(&sql, values).await?;
        Ok(keys.first().map(|(id, key)| Cursor { id: *id, key: key.clone() }.text(self.sort.by)))
    }

    async fn finish(&self, terms: &[Term], found: Found) -> Result<Listed> {
        let Found { mut keys, counted, walked } = found;
        let more = keys.len() as u64 > self.size;
        keys.truncate(self.size as usize);
        let next = if more {
            keys.last().map(|(id, key)| Cursor { id: *id, key: key.clone() }.text(self.sort.by))
        } else if walked {
            self.end_of_walk(terms).await?
        } else {
            None
        };
        let ids: Vec<Uuid> = keys.iter().map(|(id, _)| *id).collect();
        Ok(Listed { items: load(self.db, self.scope, &ids).await?, next, counted })
    }
}

fn tested(terms: &[Term]) -> (String, Vec<Value>) {
    let mut sql = String::new();
    for term in terms {
        sql.push_str(" AND ");
        sql.push_str(&term.test.sql);
    }
    (sql, terms.iter().flat_map(|term| term.test.values.iter().cloned()).collect())
}

/// Two digits of it: an estimate that shows more pretends to know.
fn rounded(number: u64) -> u64 {
    let mut step = 1;
    while number / step >= 100 {
        step *= 10;
    }
    number / step * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_shows_two_digits() {
        assert_eq!([7, 99, 101, 12_345, 987_654].map(rounded), [7, 99, 100, 12_000, 980_000]);
    }
}
