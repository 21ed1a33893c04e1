//! What happens between the products: GELU, softmax, layer normalisation. Plain loops that the compiler vectorises for
//! the instruction set chosen at run time.
#![expect(
    clippy::inline_always,
    reason = "code inlined into an instruction set's own function uses that set"
)]

use pulp::{Arch, Simd, WithSimd};

/// Sums kept side by side, so that adding up can use vector registers.
const LANES: usize = 16;

/// The Gaussian error linear unit, exact form: x·Φ(x).
pub(super) fn gelu(values: &mut [f32]) {
    Arch::new().dispatch(Gelu(values));
}

/// Softmax of each row of `width` numbers, after scaling.
pub(super) fn softmax(rows: &mut [f32], width: usize, scale: f32) {
    Arch::new().dispatch(Softmax { rows, width, scale });
}

/// Adds `added` to each row and normalises it to mean 0 and variance 1, then scales and shifts.
pub(super) fn add_and_normalise(rows: &mut [f32], added: &[f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    Arch::new().dispatch(Normalise { rows, added, weight, bias, epsilon });
}

struct Gelu<'a>(&'a mut [f32]);

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for value in self.0.iter_mut() {
            let half = 0.5 * *value;
            *value = half + half * erf(*value * std::f32::consts::FRAC_1_SQRT_2);
        }
    }
}

struct Softmax<'a> {
    rows: &'a mut [f32],
    width: usize,
    scale: f32,
}

impl WithSimd for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows.chunks_exact_mut(self.width.max(1)) {
            let largest = fold(row, f32::NEG_INFINITY, |most, value| if value > most { value } else { most });
            for value in row.iter_mut() {
                *value = exp((*value - largest) * self.scale);
            }
            let share = 1.0 / fold(row, 0.0, |sum, value| sum + value);
            for value in row.iter_mut() {
                *value *= share;
            }
        }
    }
}

struct Normalise<'a> {
    rows: &'a mut [f32],
    added: &'a [f32],
    weight: &'a [f32],
    bias: &'a [f32],
    epsilon: f32,
}

impl WithSimd for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.weight.len().max(1);
        for (row, added) in self.rows.chunks_exact_mut(width).zip(self.added.chunks_exact(width)) {
            for (value, added) in row.iter_mut().zip(added) {
                *value += added;
            }
            let mean = fold(row, 0.0, |sum, value| sum + value) / width as f32;
            for value in row.iter_mut() {
                *value -= mean;
            }
            let variance = fold_map(row, |value| value * value) / width as f32;
            let scale = 1.0 / (variance + self.epsilon).sqrt();
            for ((value, weight), bias) in row.iter_mut().zip(self.weight).zip(self.bias) {
                *value = *value * scale * weight + bias;
            }
        }
    }
}

#[inline(always)]
fn fold(values: &[f32], start: f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = join(*lane, *value);
        }
    }
    lanes.iter().chain(rest).fold(start, |all, value| join(all, *value))
}

#[inline(always)]
fn fold_map(values: &[f32], map: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += map(*value);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|value| map(*value)).sum::<f32>()
}

/// The error function, within 2·10⁻⁷: Abramowitz and Stegun 7.1.26.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let size = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let poly =
        t * (0.254_829_6 + t * (-0.284_496_73 + t * (1.421_413_7 + t * (-1.453_152_1 + t * 1.061_405_4))));
    (1.0 - poly * exp(-size * size)).copysign(x)
}

/// e^x within 2·10⁻⁷ relative, for x at most 88; below −87 it is the smallest normal number. No branch, so that loops
/// over it vectorise: x = n·ln 2 + r, a polynomial for e^r, and n put into the exponent's bits.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // 1.5·2^23: adding it rounds to a whole number, which is then in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = (x - whole * 0.693_359_4) + whole * 2.121_944_4e-4;
    let poly = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest
                            * (0.166_666_66
                                + rest * (0.041_665_795 + rest * (0.008_333_452 + rest * 0.001_398_2)))));
    poly * f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_erf_are_as_near_as_promised() {
        for step in -870..=880 {
            let x = step as f32 / 10.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) - exact).abs() <= exact * 1e-6, "exp({x})");
        }
        // Reference values of erf from tables.
        for (x, exact) in [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (2.0, 0.995_322_3), (4.0, 1.0)]
        {
            assert!((erf(x) - exact).abs() < 5e-7, "erf({x})");
            assert!((erf(-x) + exact).abs() < 5e-7, "erf(-{x})");
        }
    }

    #[test]
    fn softmax_adds_up_to_one_even_for_huge_scores() {
        let mut rows: Vec<f32> = (0..40).map(|number| number as f32 * 50.0 - 900.0).collect();
        softmax(&mut rows, 20, 0.5);
        for row in rows.chunks(20) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
        let mut even = [3.0; 5];
        softmax(&mut even, 5, 1.0);
        assert!(even.iter().all(|value| (value - 0.2).abs() < 1e-6));
    }

    #[test]
    fn normalised_rows_have_mean_zero_and_variance_one() {
        let mut rows: Vec<f32> = (0..70).map(|number| ((number * 37) % 23) as f32).collect();
        add_and_normalise(&mut rows, &[1.0; 70], &[1.0; 35], &[0.0; 35], 1e-12);
        for row in rows.chunks(35) {
            let mean = row.iter().sum::<f32>() / 35.0;
            let variance = row.iter().map(|value| value * value).sum::<f32>() / 35.0;
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4);
        }
    }
}
