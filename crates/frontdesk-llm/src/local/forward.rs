//! The BERT encoder: embeddings, layers of attention and feed-forward, pooling.
//!
//! Texts of a group are laid one after the other without padding: products run over all their tokens at once, attention
//! over each text alone, so no mask is needed.

use super::files::Pooling;
use super::kernel::{Panels, Rows, RowsMut, multiply};
use super::ops::{add_and_normalise, gelu, softmax};

/// Layer normalisation's scale and shift.
pub(super) struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

/// The input tables, one row per word, position or token type.
pub(super) struct Embeddings {
    pub words: Vec<f32>,
    pub positions: Vec<f32>,
    pub token_type: Vec<f32>,
    pub norm: Norm,
}

/// One layer.
pub(super) struct Layer {
    pub query_key_value: Panels,
    pub attention_output: Panels,
    pub attention_norm: Norm,
    pub intermediate: Panels,
    pub output: Panels,
    pub output_norm: Norm,
}

/// The encoder.
pub(super) struct Encoder {
    hidden: usize,
    heads: usize,
    epsilon: f32,
    embeddings: Embeddings,
    layers: Vec<Layer>,
}

/// Buffers of one call.
#[derive(Default)]
pub(super) struct Scratch {
    hidden: Vec<f32>,
    query_key_value: Vec<f32>,
    context: Vec<f32>,
    projected: Vec<f32>,
    wide: Vec<f32>,
    scores: Vec<f32>,
    keys: Panels,
    values: Panels,
    packed: Vec<f32>,
}

impl Encoder {
    pub(super) fn new(
        hidden: usize,
        heads: usize,
        epsilon: f32,
        embeddings: Embeddings,
        layers: Vec<Layer>,
    ) -> Self {
        Self { hidden, heads, epsilon, embeddings, layers }
    }

    /// One unit vector per sequence of token ids.
    pub(super) fn embed(
        &self,
        sequences: &[&[u32]],
        pooling: Pooling,
        scratch: &mut Scratch,
    ) -> Vec<Vec<f32>> {
        self.look_up(sequences, scratch);
        for layer in &self.layers {
            self.layer(layer, sequences, scratch);
        }
        let mut rows = scratch.hidden.chunks_exact(self.hidden);
        sequences
            .iter()
            .map(|sequence| {
                let mut vector = vec![0.0; self.hidden];
                for (number, row) in rows.by_ref().take(sequence.len()).enumerate() {
                    if pooling == Pooling::Mean || number == 0 {
                        vector.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                    }
                }
                // The mean's divisor does not matter: the vector's length becomes one.
                let norm = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-12);
                for value in &mut vector {
                    *value /= norm;
                }
                vector
            })
            .collect()
    }

    /// Word, position and token type, added and normalised.
    fn look_up(&self, sequences: &[&[u32]], scratch: &mut Scratch) {
        let tables = &self.embeddings;
        let row = |table: &[f32], number: usize| {
            let start = number * self.hidden;
            table.get(start..start + self.hidden).map(<[f32]>::to_vec).unwrap_or_default()
        };
        let token_type = row(&tables.token_type, 0);
        let tokens: usize = sequences.iter().map(|sequence| sequence.len()).sum();
        resize(&mut scratch.hidden, tokens * self.hidden);
        resize(&mut scratch.projected, tokens * self.hidden);
        let mut out =
            scratch.hidden.chunks_exact_mut(self.hidden).zip(scratch.projected.chunks_exact_mut(self.hidden));
        for sequence in sequences {
            for (position, word) in sequence.iter().enumerate() {
                let Some((hidden, added)) = out.next() else { return };
                hidden
                    .iter_mut()
                    .zip(row(&tables.words, *word as usize))
                    .for_each(|(slot, value)| *slot = value);
                let places = row(&tables.positions, position);
                for ((slot, place), kind) in added.iter_mut().zip(places).zip(&token_type) {
                    *slot = place + kind;
                }
            }
        }
        let norm = &tables.norm;
        add_and_normalise(&mut scratch.hidden, &scratch.projected, &norm.weight, &norm.bias, self.epsilon);
    }

    fn layer(&self, layer: &Layer, sequences: &[&[u32]], scratch: &mut Scratch) {
        let hidden = self.hidden;
        let tokens = scratch.hidden.len() / hidden;
        linear(
            &scratch.hidden,
            hidden,
            &layer.query_key_value,
            3 * hidden,
            &mut scratch.query_key_value,
            &mut scratch.packed,
        );
        resize(&mut scratch.context, tokens * hidden);
        let mut first = 0;
        for sequence in sequences {
            self.attend(first, sequence.len(), scratch);
            first += sequence.len();
        }
        linear(
            &scratch.context,
            hidden,
            &layer.attention_output,
            hidden,
            &mut scratch.projected,
            &mut scratch.packed,
        );
        let norm = &layer.attention_norm;
        add_and_normalise(&mut scratch.hidden, &scratch.projected, &norm.weight, &norm.bias, self.epsilon);
        let wide = layer.intermediate.outputs();
        linear(&scratch.hidden, hidden, &layer.intermediate, wide, &mut scratch.wide, &mut scratch.packed);
        gelu(&mut scratch.wide);
        linear(&scratch.wide, wide, &layer.output, hidden, &mut scratch.projected, &mut scratch.packed);
        let norm = &layer.output_norm;
        add_and_normalise(&mut scratch.hidden, &scratch.projected, &norm.weight, &norm.bias, self.epsilon);
    }

    /// Attention within one text: `count` tokens from token `first` on.
    fn attend(&self, first: usize, count: usize, scratch: &mut Scratch) {
        let (hidden, size) = (self.hidden, self.hidden / self.heads);
        let stride = 3 * hidden;
        let Some(tokens) = scratch.query_key_value.get(first * stride..(first + count) * stride) else {
            return;
        };
        let Some(context) = scratch.context.get_mut(first * hidden..(first + count) * hidden) else { return };
        resize(&mut scratch.scores, count * count);
        for head in 0..self.heads {
            let band = |part: usize, token: usize| {
                let start = token * stride + part * hidden + head * size;
                tokens.get(start..start + size)
            };
            scratch.keys.fill(count, size, |token| band(1, token));
            let queries = Rows { data: tokens, stride, offset: head * size };
            let scores = RowsMut { data: &mut scratch.scores, stride: count, offset: 0 };
            multiply(queries, count, &scratch.keys, scores, &mut scratch.packed);
            softmax(&mut scratch.scores, count, 1.0 / (size as f32).sqrt());
            scratch.values.fill_transposed(size, count, |token| band(2, token));
            let weights = Rows { data: &scratch.scores, stride: count, offset: 0 };
            let out = RowsMut { data: &mut *context, stride: hidden, offset: head * size };
            multiply(weights, count, &scratch.values, out, &mut scratch.packed);
        }
    }
}

/// A product over all tokens into a buffer of `outputs` numbers per token.
fn linear(
    input: &[f32],
    inputs: usize,
    weights: &Panels,
    outputs: usize,
    out: &mut Vec<f32>,
    packed: &mut Vec<f32>,
) {
    let count = input.len() / inputs.max(1);
    resize(out, count * outputs);
    let rows = Rows { data: input, stride: inputs, offset: 0 };
    multiply(rows, count, weights, RowsMut { data: out, stride: outputs, offset: 0 }, packed);
}

/// Sets the length; what was in the buffer does not matter, it is overwritten.
fn resize(buffer: &mut Vec<f32>, length: usize) {
    buffer.resize(length, 0.0);
}
