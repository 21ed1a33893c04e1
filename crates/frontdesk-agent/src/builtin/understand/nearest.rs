//! Nearest examples: TF-IDF over words, word pairs and character n-grams, compared by cosine.
//!
//! Prepared once; a query walks the postings of its own features only.

use std::collections::{BTreeMap, HashMap};

use super::intent::Intent;

/// Most features of one query.
const MAX_FEATURES: usize = 1_500;

#[derive(Debug, Clone, Copy)]
struct Posting {
    example: u32,
    weight: f32,
}

#[derive(Debug, Clone, Default)]
struct Feature {
    idf: f32,
    postings: Vec<Posting>,
}

/// Examples ready for comparison.
#[derive(Debug, Clone, Default)]
pub struct Nearest {
    features: HashMap<String, Feature>,
    intents: Vec<Intent>,
}

impl Nearest {
    /// Prepares labelled word lists.
    pub fn new(examples: &[(Intent, Vec<String>)]) -> Self {
        let counted: Vec<BTreeMap<String, f32>> = examples.iter().map(|(_, words)| features(words)).collect();
        let mut index: HashMap<String, Feature> = HashMap::new();
        for (at, counts) in counted.iter().enumerate() {
            for (name, weight) in counts {
                let postings = &mut index.entry(name.clone()).or_default().postings;
                postings.push(Posting { example: at as u32, weight: *weight });
            }
        }
        let total = examples.len() as f32;
        for feature in index.values_mut() {
            feature.idf = (1.0 + total / (1.0 + feature.postings.len() as f32)).ln();
        }
        let norms: Vec<f32> = counted
            .iter()
            .map(|counts| {
                let square: f32 = counts
                    .iter()
                    .map(|(name, weight)| {
                        (weight * index.get(name).map_or(0.0, |feature| feature.idf)).powi(2)
                    })
                    .sum();
                square.sqrt().max(f32::EPSILON)
            })
            .collect();
        for feature in index.values_mut() {
            for posting in &mut feature.postings {
                let norm = norms.get(posting.example as usize).copied().unwrap_or(1.0);
                posting.weight = posting.weight * feature.idf / norm;
            }
        }
        Self { features: index, intents: examples.iter().map(|(intent, _)| *intent).collect() }
    }

    /// How close the words come to each intent, 0 to 1: mostly the nearest example, a little its nearest three.
    pub fn scores(&self, words: &[String]) -> BTreeMap<Intent, f32> {
        let mut similar = vec![0.0_f32; self.intents.len()];
        let mut norm = 0.0_f32;
        // Features nobody has seen still make the message longer: they count with the rarest weight.
        let unseen = (1.0 + self.intents.len() as f32).ln();
        for (name, weight) in features(words).into_iter().take(MAX_FEATURES) {
            let Some(feature) = self.features.get(&name) else {
                norm += (weight * unseen * 0.6).powi(2);
                continue;
            };
            let own = weight * feature.idf;
            norm += own * own;
            for posting in &feature.postings {
                if let Some(sum) = similar.get_mut(posting.example as usize) {
                    *sum += own * posting.weight;
                }
            }
        }
        let norm = norm.sqrt().max(f32::EPSILON);
        let mut best: BTreeMap<Intent, [f32; 3]> = BTreeMap::new();
        for (intent, sum) in self.intents.iter().zip(similar) {
            let mut value = sum / norm;
            for place in best.entry(*intent).or_default() {
                if value > *place {
                    std::mem::swap(place, &mut value);
                }
            }
        }
        best.into_iter()
            .map(|(intent, [a, b, c])| (intent, (0.7 * a + 0.3 * (a + b + c) / 3.0).min(1.0)))
            .collect()
    }
}

/// Words, neighbouring pairs (with the ends of the text) and the character n-grams of longer words, each with a weight.
fn features(words: &[String]) -> BTreeMap<String, f32> {
    let mut counts: BTreeMap<String, f32> = BTreeMap::new();
    let mut add = |name: String, weight: f32| {
        let count = counts.entry(name).or_default();
        *count = (*count + weight).min(weight * 2.0);
    };
    let mut last = "^";
    for word in words.iter().take(60) {
        add(format!("w:{word}"), 1.0);
        add(format!("p:{last} {word}"), 0.8);
        last = word;
        if word.len() >= 4 && !word.starts_with('@') {
            let padded: Vec<char> =
                std::iter::once('<').chain(word.chars()).chain(std::iter::once('>')).collect();
            for size in [3, 4] {
                for gram in padded.windows(size) {
                    add(format!("c:{}", gram.iter().collect::<String>()), 0.35);
                }
            }
        }
    }
    if !words.is_empty() {
        add(format!("p:{last} $"), 0.8);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::text;

    #[test]
    fn a_message_is_nearest_to_the_example_that_shares_its_words() {
        let examples = [
            (Intent::Thanks, "thank you so much"),
            (Intent::Question, "how much does it cost"),
            (Intent::Human, "talk to a person"),
        ];
        let nearest = Nearest::new(&examples.map(|(intent, text)| (intent, text::words(text))));
        let scores = nearest.scores(&text::words("what does a crown cost"));
        let best = scores.iter().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        assert_eq!(*best.0, Intent::Question);
        assert!(nearest.scores(&text::words("talk to a person")).get(&Intent::Human).unwrap() > &0.7);
    }
}
