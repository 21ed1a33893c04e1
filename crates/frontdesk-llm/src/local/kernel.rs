//! The matrix product: rows times packed weights.
//!
//! Weights are packed once into panels of [`NR`] outputs, so that the inner loop reads both operands in order. The inner
//! block keeps its sums in vector registers; `pulp` picks the instruction set at run time.
#![expect(
    clippy::inline_always,
    reason = "code inlined into an instruction set's own function uses that set"
)]

use pulp::{Arch, Simd, WithSimd, bytemuck};

/// Outputs per panel.
const NR: usize = 16;

/// A weight matrix (outputs × inputs) and its bias, packed.
#[derive(Debug, Clone, Default)]
pub(super) struct Panels {
    outputs: usize,
    inputs: usize,
    /// For each panel, for each input, the weights of its outputs.
    packed: Vec<[f32; NR]>,
    bias: Vec<f32>,
}

impl Panels {
    /// Packs a matrix stored output by output, as PyTorch stores linear layers.
    pub(super) fn new(weight: &[f32], bias: &[f32], outputs: usize, inputs: usize) -> Self {
        let mut packed = Self { bias: bias.to_vec(), ..Self::default() };
        packed.fill(outputs, inputs, |output| weight.get(output * inputs..(output + 1) * inputs));
        packed
    }

    /// Packs again, without bias, reusing the memory: `row` gives the inputs' weights of one output.
    pub(super) fn fill<'a>(
        &mut self,
        outputs: usize,
        inputs: usize,
        row: impl Fn(usize) -> Option<&'a [f32]>,
    ) {
        self.reset(outputs, inputs);
        for (number, panel) in self.packed.chunks_exact_mut(inputs.max(1)).enumerate() {
            for lane in 0..NR {
                let Some(row) = Some(number * NR + lane).filter(|output| *output < outputs).and_then(&row)
                else {
                    break;
                };
                for (slot, weight) in panel.iter_mut().zip(row) {
                    if let Some(slot) = slot.get_mut(lane) {
                        *slot = *weight;
                    }
                }
            }
        }
    }

    /// Packs the transpose again: `column` gives the outputs' weights of one input.
    pub(super) fn fill_transposed<'a>(
        &mut self,
        outputs: usize,
        inputs: usize,
        column: impl Fn(usize) -> Option<&'a [f32]>,
    ) {
        self.reset(outputs, inputs);
        for (number, panel) in self.packed.chunks_exact_mut(inputs.max(1)).enumerate() {
            for (input, slot) in panel.iter_mut().enumerate() {
                let part = column(input).and_then(|column| column.get(number * NR..));
                for (slot, weight) in slot.iter_mut().zip(part.unwrap_or_default()) {
                    *slot = *weight;
                }
            }
        }
    }

    /// Outputs of the product.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    fn reset(&mut self, outputs: usize, inputs: usize) {
        (self.outputs, self.inputs) = (outputs, inputs);
        self.packed.clear();
        self.packed.resize(outputs.div_ceil(NR) * inputs, [0.0; NR]);
    }
}

/// Rows of a matrix, possibly a band of columns of a wider one.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// All numbers, row by row.
    pub data: &'a [f32],
    /// Numbers from one row to the next.
    pub stride: usize,
    /// The first column.
    pub offset: usize,
}

/// Rows to write, possibly a band of columns of a wider matrix.
pub(super) struct RowsMut<'a> {
    /// All numbers, row by row.
    pub data: &'a mut [f32],
    /// Numbers from one row to the next.
    pub stride: usize,
    /// The first column.
    pub offset: usize,
}

/// `out = rows × weightsᵀ + bias`, for `count` rows; `packed` is a buffer.
pub(super) fn multiply(
    rows: Rows<'_>,
    count: usize,
    weights: &Panels,
    out: RowsMut<'_>,
    packed: &mut Vec<f32>,
) {
    Arch::new().dispatch(Product { rows, count, weights, out, packed });
}

struct Product<'a> {
    rows: Rows<'a>,
    count: usize,
    weights: &'a Panels,
    out: RowsMut<'a>,
    packed: &'a mut Vec<f32>,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Rows per block × vectors per panel: as many sums as the registers hold.
        match S::F32_LANES {
            16 => self.run::<S, 12, 1>(simd),
            8 => self.run::<S, 6, 2>(simd),
            4 => self.run::<S, 4, 4>(simd),
            _ => self.run::<S, 1, NR>(simd),
        }
    }
}

impl Product<'_> {
    #[inline(always)]
    fn run<S: Simd, const MR: usize, const V: usize>(self, simd: S) {
        let inputs = self.weights.inputs;
        if inputs == 0 || self.count == 0 {
            return;
        }
        pack_rows::<MR>(self.rows, self.count, inputs, self.packed);
        let (blocks, _) = self.packed.as_chunks::<MR>();
        let RowsMut { data, stride, offset } = self.out;
        for (number, panel) in self.weights.packed.chunks_exact(inputs).enumerate() {
            let first = number * NR;
            let width = NR.min(self.weights.outputs - first);
            let bias = self.weights.bias.get(first..first + width).unwrap_or_default();
            for (block, out) in blocks.chunks_exact(inputs).zip(data.chunks_mut(stride * MR)) {
                let sums = block_sums::<S, MR, V>(simd, block, panel);
                for (sums, row) in sums.iter().zip(out.chunks_mut(stride)) {
                    let sums: &[f32] = bytemuck::cast_slice(sums);
                    let Some(row) = row.get_mut(offset + first..offset + first + width) else { continue };
                    row.copy_from_slice(sums.get(..width).unwrap_or_default());
                    for (value, bias) in row.iter_mut().zip(bias) {
                        *value += bias;
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn block_sums<S: Simd, const MR: usize, const V: usize>(
    simd: S,
    block: &[[f32; MR]],
    panel: &[[f32; NR]],
) -> [[S::f32s; V]; MR] {
    let mut sums = [[simd.splat_f32s(0.0); V]; MR];
    for (inputs, weights) in block.iter().zip(panel) {
        let (weights, _) = S::as_simd_f32s(weights);
        let Ok(weights) = <&[S::f32s; V]>::try_from(weights) else { return sums };
        for (sums, input) in sums.iter_mut().zip(inputs) {
            let input = simd.splat_f32s(*input);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = simd.mul_add_e_f32s(input, *weight, *sum);
            }
        }
    }
    sums
}

/// Blocks of `MR` rows, within each block input by input; missing rows of the last block are zero.
#[inline(always)]
fn pack_rows<const MR: usize>(rows: Rows<'_>, count: usize, inputs: usize, packed: &mut Vec<f32>) {
    packed.clear();
    packed.resize(count.div_ceil(MR) * MR * inputs, 0.0);
    let sources = rows.data.chunks(rows.stride).take(count);
    for (number, source) in sources.enumerate() {
        let source = source.get(rows.offset..rows.offset + inputs).unwrap_or_default();
        let block = packed.chunks_exact_mut(MR * inputs).nth(number / MR).unwrap_or_default();
        let lane = number % MR;
        for (slots, value) in block.as_chunks_mut::<MR>().0.iter_mut().zip(source) {
            if let Some(slot) = slots.get_mut(lane) {
                *slot = *value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern the kernel could hide behind.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn products_of_every_shape_equal_the_plain_sum() {
        for (count, inputs, outputs) in [(1, 1, 1), (5, 7, 3), (12, 16, 16), (13, 33, 50), (25, 384, 96)] {
            let (stride, offset) = (inputs + 5, 2);
            let (out_stride, out_offset) = (outputs + 3, 1);
            let (data, weight, bias) =
                (numbers(count * stride, 1), numbers(outputs * inputs, 2), numbers(outputs, 3));
            let panels = Panels::new(&weight, &bias, outputs, inputs);
            let mut out = vec![9.0; count * out_stride];
            let rows = Rows { data: &data, stride, offset };
            multiply(
                rows,
                count,
                &panels,
                RowsMut { data: &mut out, stride: out_stride, offset: out_offset },
                &mut vec![],
            );
            for row in 0..count {
                assert!(
                    (out[row * out_stride] - 9.0).abs() < f32::EPSILON,
                    "the column before the band was written"
                );
                for output in 0..outputs {
                    let pairs =
                        (0..inputs).map(|k| data[row * stride + offset + k] * weight[output * inputs + k]);
                    let expected = pairs.sum::<f32>() + bias[output];
                    let found = out[row * out_stride + out_offset + output];
                    assert!((found - expected).abs() < 1e-3, "{count}x{inputs}x{outputs} at {row},{output}");
                }
            }
        }
    }

    #[test]
    fn packing_the_transpose_gives_the_same_panels() {
        let (outputs, inputs) = (21, 9);
        let weight = numbers(outputs * inputs, 4);
        let transposed: Vec<f32> =
            (0..inputs * outputs).map(|at| weight[(at % outputs) * inputs + at / outputs]).collect();
        let mut panels = Panels::default();
        panels
            .fill_transposed(outputs, inputs, |input| transposed.get(input * outputs..(input + 1) * outputs));
        assert_eq!(panels.packed, Panels::new(&weight, &[], outputs, inputs).packed);
    }
}
