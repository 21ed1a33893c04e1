//! A request in vendor-neutral form, as far as the rules and usage counts need it.

use serde_json::Value;

/// A request: what was said and which tools are offered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dialogue {
    /// The system prompt.
    pub system: String,
    /// What was said, oldest first.
    pub said: Vec<Said>,
    /// The tools on offer.
    pub tools: Vec<OfferedTool>,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// By the customer.
    User(String),
    /// By the model.
    Assistant {
        /// The text.
        text: String,
        /// Id and tool name of its calls.
        calls: Vec<(String, String)>,
    },
    /// The result of a call.
    ToolResult {
        /// The call's id.
        call_id: String,
        /// The result.
        text: String,
    },
}

/// A tool on offer.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedTool {
    /// Its name.
    pub name: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
}

impl Dialogue {
    /// The last thing the customer said.
    pub fn last_user_text(&self) -> &str {
        let text = |said: &Said| matches!(said, Said::User(_));
        match self.said.iter().rev().find(|said| text(said)) {
            Some(Said::User(text)) => text,
            _ => "",
        }
    }

    /// Tool name and text of the results after the model's last message; empty when it is not waiting for results.
    pub fn last_tool_results(&self) -> Vec<(String, String)> {
        let results = self.said.iter().rev().map_while(|said| match said {
            Said::ToolResult { call_id, text } => Some((call_id.clone(), text.clone())),
            _ => None,
        });
        let mut results: Vec<_> = results.map(|(id, text)| (self.tool_of(&id), text)).collect();
        results.reverse();
        results
    }

    /// The tool with this name.
    pub fn tool(&self, name: &str) -> Option<&OfferedTool> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    /// Tokens of the request, roughly: a token per four characters.
    pub fn rough_tokens(&self) -> u64 {
        let said: usize = self
            .said
            .iter()
            .map(|said| match said {
                Said::User(text) | Said::Assistant { text, .. } | Said::ToolResult { text, .. } => {
                    text.len() + 8
                }
            })
            .sum();
        let tools: usize =
            self.tools.iter().map(|tool| tool.parameters.to_string().len() + tool.name.len()).sum();
        (self.system.len() + said + tools).div_ceil(4) as u64
    }

    fn tool_of(&self, id: &str) -> String {
        let calls = self.said.iter().filter_map(|said| match said {
            Said::Assistant { calls, .. } => Some(calls),
            _ => None,
        });
        calls.flatten().find(|(call, _)| call == id).map(|(_, name)| name.clone()).unwrap_or_default()
    }
}
