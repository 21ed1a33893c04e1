//! What tokens cost. Prices are settings: vendors change them, and resellers and own servers have others.

use serde::{Deserialize, Serialize};

use crate::chat::Usage;

/// Prices in micro-USD (millionths of a dollar) per million tokens; 1.25 USD per million is 1,250,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pricing {
    /// A million tokens read.
    pub input: u64,
    /// A million tokens read from the vendor's cache.
    pub cached: u64,
    /// A million tokens written.
    pub output: u64,
}

impl Pricing {
    /// What these tokens cost, in micro-USD, rounded to the nearest.
    pub fn cost_micros(&self, usage: Usage) -> u64 {
        let cached = usage.cached_tokens.min(usage.input_tokens);
        let parts = [
            (usage.input_tokens - cached, self.input),
            (cached, self.cached),
            (usage.output_tokens, self.output),
        ];
        let total = parts
            .iter()
            .map(|(tokens, price)| u128::from(*tokens) * u128::from(*price))
            .fold(500_000_u128, u128::saturating_add);
        u64::try_from(total / 1_000_000).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cached_tokens_have_their_own_price_and_the_sum_is_rounded_once() {
        let pricing = Pricing { input: 250_000, cached: 25_000, output: 2_000_000 };
        let usage = Usage { input_tokens: 1_000, cached_tokens: 400, output_tokens: 100 };
        // 600 * 0.25 + 400 * 0.025 + 100 * 2 = 360 micro-USD
        assert_eq!(pricing.cost_micros(usage), 360);
        assert_eq!(pricing.cost_micros(Usage { input_tokens: 2, cached_tokens: 9, output_tokens: 0 }), 0);
        assert_eq!(Pricing::default().cost_micros(usage), 0);
        let huge = Usage { input_tokens: u64::MAX, cached_tokens: 0, output_tokens: u64::MAX };
        assert_eq!(Pricing { input: u64::MAX, cached: 0, output: u64::MAX }.cost_micros(huge), u64::MAX);
    }
}
