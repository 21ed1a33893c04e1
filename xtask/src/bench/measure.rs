//! One measured figure, its goal, and the table of them.

use serde::{Deserialize, Serialize};

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
}

/// A figure as it stands in `results.json`, and as `frontdesk bench` prints it (there without `met`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Dotted by area, such as `chat.message.p99`.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// What it counts, such as `ms`, `MB`, `1/s`.
    pub unit: String,
    /// What it should be; none for figures that are only reported.
    #[serde(default)]
    pub goal: Option<f64>,
    /// Which direction is good.
    pub better: Better,
    /// Whether the goal is reached; none without a goal.
    #[serde(default)]
    pub met: Option<bool>,
    /// How it was measured.
    #[serde(default)]
    pub note: String,
}

impl Measure {
    /// A figure without a goal.
    pub fn new(name: &str, value: f64, unit: &str, better: Better) -> Self {
        Self {
            name: name.to_owned(),
            value,
            unit: unit.to_owned(),
            goal: None,
            better,
            met: None,
            note: String::new(),
        }
    }

    /// Sets the goal and says whether it is reached.
    pub fn goal(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self.judge();
        self
    }

    /// Says how it was measured.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Decides anew whether the goal is reached.
    pub fn judge(&mut self) {
        self.met = self.goal.map(|goal| match self.better {
            Better::Lower => self.value <= goal,
            Better::Higher => self.value >= goal,
        });
    }
}

/// The value at `share` (0 to 1) of the sorted values, by the nearest rank; 0 for none.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The figures as aligned text.
pub fn table(measures: &[Measure]) -> String {
    let mut rows = vec![["name", "value", "unit", "goal", "met", "note"].map(str::to_owned)];
    rows.extend(measures.iter().map(|measure| {
        let sign = match measure.better {
            Better::Lower => "<=",
            Better::Higher => ">=",
        };
        [
            measure.name.clone(),
            figure(measure.value),
            measure.unit.clone(),
            measure.goal.map_or_else(|| "-".to_owned(), |goal| format!("{sign} {}", figure(goal))),
            measure.met.map_or("-", |met| if met { "yes" } else { "NO" }).to_owned(),
            measure.note.clone(),
        ]
    }));
    let widths: Vec<usize> = (0..6)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 1 { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A number with as many places as it deserves.
fn figure(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_judged_in_its_direction() {
        assert_eq!(Measure::new("a", 5.0, "ms", Better::Lower).goal(5.0).met, Some(true));
        assert_eq!(Measure::new("a", 5.1, "ms", Better::Lower).goal(5.0).met, Some(false));
        assert_eq!(Measure::new("a", 5.1, "1/s", Better::Higher).goal(5.0).met, Some(true));
        assert_eq!(Measure::new("a", 5.1, "1/s", Better::Higher).met, None);
    }

    #[test]
    fn percentiles_are_nearest_rank() {
        let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert!((percentile(&mut values, 0.99) - 99.0).abs() < f64::EPSILON);
        assert!((percentile(&mut values, 0.5) - 50.0).abs() < f64::EPSILON);
        assert!(percentile(&mut [], 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn the_table_shows_what_is_missed() {
        let text = table(&[Measure::new("chat.message.p99", 12.345, "ms", Better::Lower)
            .goal(10.0)
            .note("2 cores")]);
        assert_eq!(
            text,
            "name              value  unit  goal   met  note\nchat.message.p99  12.35  ms    <= 10  NO   2 cores"
        );
    }
}
