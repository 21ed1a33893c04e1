//! Takes the encoder's weights out of a safetensors file, checking every shape.

use safetensors::{Dtype, SafeTensors};

use super::files::Config;
use super::forward::{Embeddings, Encoder, Layer, Norm};
use super::kernel::Panels;

/// The encoder with these weights.
pub(super) fn load(config: &Config, file: &[u8]) -> Result<Encoder, String> {
    let tensors = SafeTensors::deserialize(file).map_err(|error| format!("model.safetensors: {error}"))?;
    let prefix = ["", "bert.", "0.auto_model.", "model."]
        .into_iter()
        .find(|prefix| tensors.tensor(&format!("{prefix}embeddings.word_embeddings.weight")).is_ok())
        .ok_or("model.safetensors has no embeddings.word_embeddings.weight; is it a BERT encoder?")?;
    let source = Source { tensors, prefix };
    let hidden = config.hidden_size;
    let embeddings = Embeddings {
        words: source.matrix("embeddings.word_embeddings.weight", config.vocabulary, hidden)?,
        positions: source.matrix("embeddings.position_embeddings.weight", config.positions, hidden)?,
        token_type: source.matrix("embeddings.token_type_embeddings.weight", config.token_types, hidden)?,
        norm: source.norm("embeddings.LayerNorm", hidden)?,
    };
    let layers =
        (0..config.layers).map(|number| source.layer(number, config)).collect::<Result<Vec<_>, _>>()?;
    Ok(Encoder::new(hidden, config.heads, config.layer_norm_eps, embeddings, layers))
}

struct Source<'a> {
    tensors: SafeTensors<'a>,
    prefix: &'static str,
}

impl Source<'_> {
    fn layer(&self, number: usize, config: &Config) -> Result<Layer, String> {
        let (hidden, wide) = (config.hidden_size, config.intermediate_size);
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        // Query, key and value in one product.
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            weight.extend(self.matrix(&name(&format!("attention.self.{part}.weight")), hidden, hidden)?);
            bias.extend(self.vector(&name(&format!("attention.self.{part}.bias")), hidden)?);
        }
        Ok(Layer {
            query_key_value: Panels::new(&weight, &bias, 3 * hidden, hidden),
            attention_output: self.linear(&name("attention.output.dense"), hidden, hidden)?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"), hidden)?,
            intermediate: self.linear(&name("intermediate.dense"), wide, hidden)?,
            output: self.linear(&name("output.dense"), hidden, wide)?,
            output_norm: self.norm(&name("output.LayerNorm"), hidden)?,
        })
    }

    fn linear(&self, name: &str, outputs: usize, inputs: usize) -> Result<Panels, String> {
        let weight = self.matrix(&format!("{name}.weight"), outputs, inputs)?;
        let bias = self.vector(&format!("{name}.bias"), outputs)?;
        Ok(Panels::new(&weight, &bias, outputs, inputs))
    }

    /// Weight and bias; very old files call them gamma and beta.
    fn norm(&self, name: &str, size: usize) -> Result<Norm, String> {
        let either = |new: &str, old: &str| {
            let old = format!("{name}.{old}");
            if self.tensors.tensor(&format!("{}{old}", self.prefix)).is_ok() {
                return self.vector(&old, size);
            }
            self.vector(&format!("{name}.{new}"), size)
        };
        Ok(Norm { weight: either("weight", "gamma")?, bias: either("bias", "beta")? })
    }

    fn vector(&self, name: &str, size: usize) -> Result<Vec<f32>, String> {
        self.floats(name, &[size])
    }

    fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Vec<f32>, String> {
        self.floats(name, &[rows, columns])
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let name = format!("{}{name}", self.prefix);
        let tensor = self.tensors.tensor(&name).map_err(|_| format!("model.safetensors has no {name}"))?;
        if tensor.shape() != shape {
            let found = tensor.shape();
            return Err(format!(
                "model.safetensors: {name} has shape {found:?}, config.json asks for {shape:?}"
            ));
        }
        let (data, wanted) = (tensor.data(), shape.iter().product::<usize>());
        let floats: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => data.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            Dtype::F16 => {
                data.as_chunks::<2>().0.iter().map(|bytes| half(u16::from_le_bytes(*bytes))).collect()
            }
            Dtype::BF16 => data
                .as_chunks::<2>()
                .0
                .iter()
                .map(|bytes| f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16))
                .collect(),
            other => {
                return Err(format!("model.safetensors: {name} holds {other:?}, only F32, F16 or BF16 work"));
            }
        };
        if floats.len() != wanted {
            return Err(format!("model.safetensors: {name} is cut off"));
        }
        if floats.iter().any(|value| !value.is_finite()) {
            return Err(format!("model.safetensors: {name} holds a number that is not finite"));
        }
        Ok(floats)
    }
}

/// An IEEE 754 half-precision number.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10) & 0x1f;
    let fraction = u32::from(bits) & 0x3ff;
    match exponent {
        // Subnormal: a multiple of 2^-24.
        0 => f32::from_bits(sign | (fraction as f32 * 2.0_f32.powi(-24)).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | (fraction << 13)),
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_read_exactly() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2.0_f32.powi(-24)),
            (0x3555, 0.333_251_95),
        ] {
            assert_eq!(half(bits).to_bits(), f32::to_bits(value));
        }
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
    }
}
