//! The vectors of one segment: scanned as 8-bit integers, rescored at nearly full precision.
//!
//! A unit vector is stored twice over in 8 bits per dimension: the rounded vector, and the rounded remainder. The scan
//! reads only the first; the best candidates are rescored with both, which is exact to about one part in 30,000, at
//! half the memory of 32-bit floats.

use simsimd::SpatialSimilarity;

/// Vectors of a fixed length, one slot per chunk; a slot may be empty.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    dimensions: usize,
    coarse: Vec<i8>,
    fine: Vec<i8>,
    scales: Vec<f32>,
}

/// A query vector, ready to scan with.
#[derive(Debug, Clone)]
pub(super) struct QueryVector {
    exact: Vec<f32>,
    coarse: Vec<i8>,
    scale: f32,
}

/// How much smaller a step of the remainder is than a step of the rounded vector.
const FINER: f32 = 254.0;

impl QueryVector {
    /// `None` when the vector has no direction or the wrong length.
    pub(super) fn new(vector: &[f32], dimensions: usize) -> Option<Self> {
        let exact = unit(vector, dimensions)?;
        let scale = scale_of(&exact);
        let coarse = exact.iter().map(|value| round(value / scale)).collect();
        Some(Self { exact, coarse, scale })
    }
}

/// `vector` at length 1.
fn unit(vector: &[f32], dimensions: usize) -> Option<Vec<f32>> {
    if vector.len() != dimensions || dimensions == 0 {
        return None;
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    (length.is_finite() && length > f32::EPSILON).then(|| vector.iter().map(|value| value / length).collect())
}

fn scale_of(vector: &[f32]) -> f32 {
    vector.iter().fold(0.0_f32, |most, value| most.max(value.abs())) / 127.0
}

fn round(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

impl Vectors {
    pub(super) fn new(dimensions: usize) -> Self {
        Self { dimensions, ..Self::default() }
    }

    /// Adds the next slot; a vector of another length or without direction leaves it empty.
    pub(super) fn push(&mut self, vector: Option<&[f32]>) {
        let Some(vector) = vector.and_then(|vector| unit(vector, self.dimensions)) else {
            self.push_raw(None);
            return;
        };
        let scale = scale_of(&vector);
        for value in &vector {
            let coarse = round(value / scale);
            let rest = value - f32::from(coarse) * scale;
            self.coarse.push(coarse);
            self.fine.push(round(rest * FINER / scale));
        }
        self.scales.push(scale);
    }

    /// Copies a slot of another segment.
    pub(super) fn push_from(&mut self, other: &Self, slot: usize) {
        self.push_raw(other.slot(slot));
    }

    fn push_raw(&mut self, slot: Option<(&[i8], &[i8], f32)>) {
        match slot {
            Some((coarse, fine, scale)) if coarse.len() == self.dimensions => {
                self.coarse.extend_from_slice(coarse);
                self.fine.extend_from_slice(fine);
                self.scales.push(scale);
            }
            _ => {
                self.coarse.extend(std::iter::repeat_n(0, self.dimensions));
                self.fine.extend(std::iter::repeat_n(0, self.dimensions));
                self.scales.push(0.0);
            }
        }
    }

    fn slot(&self, slot: usize) -> Option<(&[i8], &[i8], f32)> {
        let range = slot * self.dimensions..(slot + 1) * self.dimensions;
        let scale = self.scales.get(slot).copied().filter(|scale| *scale > 0.0)?;
        Some((self.coarse.get(range.clone())?, self.fine.get(range)?, scale))
    }

    /// True when no slot holds a vector.
    pub(super) fn is_empty(&self) -> bool {
        self.scales.iter().all(|scale| *scale == 0.0)
    }

    /// The approximate cosine of every filled slot with the query.
    pub(super) fn scan<'a>(&'a self, query: &'a QueryVector) -> impl Iterator<Item = (f32, u32)> + 'a {
        let rows = self.coarse.chunks_exact(self.dimensions.max(1)).zip(&self.scales).enumerate();
        rows.filter(|(_, (_, scale))| **scale > 0.0).map(|(slot, (row, scale))| {
            let dot = i8::dot(row, &query.coarse).unwrap_or_default() as f32;
            (dot * scale * query.scale, slot as u32)
        })
    }

    /// The cosine of one slot with the query, nearly exact; `None` for an empty slot.
    pub(super) fn cosine(&self, slot: u32, query: &QueryVector) -> Option<f32> {
        let (coarse, fine, scale) = self.slot(slot as usize)?;
        let dot: f32 = coarse
            .iter()
            .zip(fine)
            .zip(&query.exact)
            .map(|((coarse, fine), exact)| (f32::from(*coarse) + f32::from(*fine) / FINER) * exact)
            .sum();
        Some(dot * scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudo(seed: u32, dimensions: usize) -> Vec<f32> {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        (0..dimensions)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 16_777_216.0 - 0.5
            })
            .collect()
    }

    #[test]
    fn rescoring_is_nearly_exact_and_the_scan_is_close() {
        let dimensions = 384;
        let mut vectors = Vectors::new(dimensions);
        let all: Vec<Vec<f32>> = (0..200).map(|seed| pseudo(seed, dimensions)).collect();
        for vector in &all {
            vectors.push(Some(vector));
        }
        let query = pseudo(999, dimensions);
        let ready = QueryVector::new(&query, dimensions).unwrap();
        let scanned: Vec<(f32, u32)> = vectors.scan(&ready).collect();
        for (slot, vector) in all.iter().enumerate() {
            let (a, b) = (unit(vector, dimensions).unwrap(), unit(&query, dimensions).unwrap());
            let exact: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            assert!((vectors.cosine(slot as u32, &ready).unwrap() - exact).abs() < 1e-4);
            assert!((scanned[slot].0 - exact).abs() < 0.01);
        }
    }

    #[test]
    fn vectors_without_direction_or_of_another_length_leave_an_empty_slot() {
        let mut vectors = Vectors::new(3);
        vectors.push(Some(&[0.0, 0.0, 0.0]));
        vectors.push(Some(&[1.0, 0.0]));
        vectors.push(Some(&[f32::NAN, 0.0, 1.0]));
        vectors.push(None);
        assert!(vectors.is_empty());
        vectors.push(Some(&[0.0, 2.0, 0.0]));
        let query = QueryVector::new(&[0.0, 1.0, 0.0], 3).unwrap();
        assert_eq!(vectors.scan(&query).count(), 1);
        assert!((vectors.cosine(4, &query).unwrap() - 1.0).abs() < 1e-4);
        assert_eq!(vectors.cosine(0, &query), None);
    }
}
