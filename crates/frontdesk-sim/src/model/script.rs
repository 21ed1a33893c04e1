//! Scripts: what the simulated model does, request by request, including what goes wrong.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Turns played in order, one per request. When it is used up the unscripted behaviour answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The turns to come.
    pub turns: VecDeque<Turn>,
    /// Plays the last turn for ever instead of falling back to the unscripted behaviour.
    #[serde(default)]
    pub repeat_last: bool,
}

impl Script {
    /// A script of these turns.
    pub fn of(turns: impl IntoIterator<Item = Turn>) -> Self {
        Self { turns: turns.into_iter().collect(), repeat_last: false }
    }

    /// The same turn for every request.
    pub fn always(turn: impl Into<Turn>) -> Self {
        Self { turns: VecDeque::from([turn.into()]), repeat_last: true }
    }

    pub(crate) fn next(&mut self) -> Option<Turn> {
        if self.repeat_last && self.turns.len() == 1 {
            return self.turns.front().cloned();
        }
        self.turns.pop_front()
    }
}

/// The answer to one request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// What happens, in order. After the last step the answer ends properly.
    pub steps: Vec<Step>,
    /// Tokens to report; counted from the texts when absent.
    #[serde(default)]
    pub usage: Option<ScriptedUsage>,
    /// How tool calls are cut into pieces (OpenAI-compatible only).
    #[serde(default)]
    pub tool_calls: ToolCallStyle,
    /// Leaves usage out even when asked for, as some servers do (OpenAI-compatible only).
    #[serde(default)]
    pub without_usage: bool,
}

impl From<Vec<Step>> for Turn {
    fn from(steps: Vec<Step>) -> Self {
        Self { steps, ..Self::default() }
    }
}

impl From<Step> for Turn {
    fn from(step: Step) -> Self {
        vec![step].into()
    }
}

/// One thing the model does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Says text, piece by piece.
    Say {
        /// The pieces.
        pieces: Vec<String>,
    },
    /// Says what the last tools returned.
    SayToolResults {
        /// Text before each result.
        #[serde(default)]
        before: String,
    },
    /// Calls tools, all at once.
    Call {
        /// The calls.
        tools: Vec<ScriptedCall>,
    },
    /// Waits.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// Sends nothing more and keeps the connection open.
    Stall,
    /// Breaks the connection.
    Close,
    /// Sends something that is not the protocol, and ends.
    Garbage,
    /// Ends the answer by refusing, as content filters do.
    Refuse {
        /// What is said, if anything.
        #[serde(default)]
        text: String,
    },
    /// Ends the answer because it is as long as allowed.
    CutOff,
    /// Reports an error inside the stream, after the headers said 200.
    ErrorEvent {
        /// The message.
        message: String,
    },
    /// Answers with an HTTP error instead; must be the first step (waiting aside).
    Status {
        /// The status code.
        status: u16,
        /// `Retry-After`, in seconds.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The message.
        #[serde(default)]
        message: String,
    },
}

impl Step {
    /// Says a text in one piece.
    pub fn say(text: &str) -> Self {
        Self::Say { pieces: vec![text.to_owned()] }
    }

    /// Says a text in pieces.
    pub fn pieces<const N: usize>(pieces: [&str; N]) -> Self {
        Self::Say { pieces: pieces.map(str::to_owned).to_vec() }
    }

    /// Calls one tool.
    pub fn call(name: &str, arguments: &serde_json::Value) -> Self {
        Self::Call { tools: vec![ScriptedCall { name: name.to_owned(), arguments: arguments.to_string() }] }
    }

    /// 429 with `Retry-After`.
    pub fn rate_limited(retry_after: u64) -> Self {
        Self::Status { status: 429, retry_after: Some(retry_after), message: "rate limit reached".into() }
    }

    /// An HTTP error.
    pub fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None, message: "scripted error".into() }
    }
}

/// A tool call of the script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedCall {
    /// The tool's name; need not be one that was offered.
    pub name: String,
    /// The arguments as text; need not be JSON.
    pub arguments: String,
}

/// Tokens to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedUsage {
    /// Tokens read, cached ones included.
    pub input: u64,
    /// Of those, from the cache.
    #[serde(default)]
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
}

/// How tool calls are cut into pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolCallStyle {
    /// Name first, then the arguments in fragments, as OpenAI does.
    #[default]
    Split,
    /// Each call whole in one delta, as several compatible servers do.
    Whole,
    /// All calls whole in one delta, all with index 0 and ending with `stop`, as older Ollama versions do.
    SameIndex,
}
