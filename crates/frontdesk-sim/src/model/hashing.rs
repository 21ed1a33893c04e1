//! Deterministic embeddings by feature hashing: texts that share words are near each other.

/// The unit vector of a text: signed hashes of its words and of the words' character trigrams.
pub fn hash_embedding(text: &str, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimensions.max(1)];
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        add(&mut vector, word.as_bytes(), 1.0);
        let marked: Vec<char> =
            std::iter::once('<').chain(word.chars()).chain(std::iter::once('>')).collect();
        for gram in marked.windows(3) {
            add(&mut vector, gram.iter().collect::<String>().as_bytes(), 0.3);
        }
    }
    let norm = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if norm == 0.0 {
        if let Some(first) = vector.first_mut() {
            *first = 1.0;
        }
        return vector;
    }
    for value in &mut vector {
        *value /= norm;
    }
    vector
}

fn add(vector: &mut [f32], feature: &[u8], weight: f32) {
    // FNV-1a, 64 bits.
    let hash = feature.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let slot = (hash >> 1) as usize % vector.len().max(1);
    if let Some(value) = vector.get_mut(slot) {
        *value += if hash & 1 == 0 { weight } else { -weight };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(a: &str, b: &str) -> f32 {
        hash_embedding(a, 256).iter().zip(hash_embedding(b, 256)).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn texts_that_share_words_are_nearer_than_texts_that_do_not() {
        assert!((dot("opening hours", "opening hours") - 1.0).abs() < 1e-5);
        assert!(
            dot("opening hours", "our opening hours today") > dot("opening hours", "refund policy") + 0.3
        );
        assert_eq!(hash_embedding("", 4), [1.0, 0.0, 0.0, 0.0]);
    }
}
