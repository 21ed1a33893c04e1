//! Templates that a channel's vendor must approve before a business may write first with them.
//!
//! One row is one template in one language at one connection. Its places are `{{1}}`, `{{2}}`, ... in its body; what fills
//! them is an [`ApprovedTemplate`](crate::outbox::ApprovedTemplate). A draft is known here alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ChannelTemplateId, ConnectionId};
use crate::time::Timestamp;

/// Where a template is with its vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// Written here, not handed in.
    Draft,
    /// The vendor reviews it.
    Pending,
    /// It may be sent.
    Approved,
    /// The vendor does not allow it.
    Rejected,
    /// The vendor holds it back for a while, because customers disliked it.
    Paused,
    /// The vendor has switched it off.
    Disabled,
    /// Something else with the vendor: it is looked at again, or is being removed.
    Other,
}

/// What a template is for, as the vendor sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateCategory {
    /// To win business.
    Marketing,
    /// About something the customer asked for.
    Utility,
    /// Codes that prove an address; not sent from here.
    Authentication,
}

/// How customers like a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateQuality {
    /// Well.
    High,
    /// Some block or report it.
    Medium,
    /// Many do; the vendor may pause it.
    Low,
}

/// What can be tapped on a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChannelTemplateButton {
    /// An answer.
    QuickReply {
        /// What stands on it.
        #[schema(min_length = 1, max_length = 25)]
        text: String,
    },
    /// A link.
    Url {
        /// What stands on it.
        #[schema(min_length = 1, max_length = 25)]
        text: String,
        /// Where it leads.
        #[schema(max_length = 2000)]
        url: String,
    },
    /// A number to call.
    PhoneNumber {
        /// What stands on it.
        #[schema(min_length = 1, max_length = 25)]
        text: String,
        /// The number.
        #[schema(max_length = 20)]
        phone_number: String,
    },
    /// Something else of the vendor's.
    Other {
        /// What stands on it.
        #[schema(max_length = 200)]
        text: String,
    },
}

/// What a template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChannelTemplateText {
    /// The line over the words; absent too when it is a picture.
    #[schema(max_length = 60)]
    pub header: Option<String>,
    /// The words, with `{{1}}`, `{{2}}`, ... for what is filled in.
    #[schema(max_length = 1024)]
    pub body: String,
    /// The line under the words.
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    /// What can be tapped.
    pub buttons: Vec<ChannelTemplateButton>,
    /// For each place an example, which the vendor's reviewers see.
    pub examples: Vec<String>,
}

/// The numbers of the places of a text, in their order.
pub fn numbers(text: &str) -> Vec<usize> {
    let after = text.split("{{").skip(1);
    after
        .filter_map(|rest| rest.split_once("}}")?.0.trim().parse().ok())
        .filter(|number| *number <= 100)
        .collect()
}

/// The text with its places filled; a place without words stays as it is.
pub fn filled(text: &str, variables: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let place = after.split_once("}}");
        let words = place
            .and_then(|(number, _)| number.trim().parse::<usize>().ok()?.checked_sub(1))
            .and_then(|index| variables.get(index));
        if let (Some(words), Some((_, behind))) = (words, place) {
            out.push_str(words);
            rest = behind;
        } else {
            out.push_str("{{");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

impl ChannelTemplateText {
    /// How many places the words have: the highest number in double braces.
    pub fn places(&self) -> u32 {
        let most = numbers(&self.body).into_iter().max().unwrap_or(0);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// What the customer reads when its places are filled so.
    pub fn filled(&self, variables: &[String]) -> String {
        let body = filled(&self.body, variables);
        let parts = [self.header.as_deref(), Some(body.as_str()), self.footer.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

/// A template at a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChannelTemplate {
    /// Its id.
    pub id: ChannelTemplateId,
    /// The connection whose account has it.
    pub connection_id: ConnectionId,
    /// The vendor's id; absent while it is a draft.
    pub vendor_id: Option<String>,
    /// Its name with the vendor; one template has one text for each language.
    pub name: String,
    /// Its language with the vendor, such as `en_US`.
    pub language: String,
    /// What it is for.
    pub category: TemplateCategory,
    /// Where it is with the vendor.
    pub status: ApprovalStatus,
    /// How customers like it; absent until the vendor has rated it.
    pub quality: Option<TemplateQuality>,
    /// What it says.
    #[serde(flatten)]
    pub text: ChannelTemplateText,
    /// How many places are to be filled.
    pub places: u32,
    /// Why the vendor rejected, paused or switched it off, in plain words.
    pub rejected_reason: Option<String>,
    /// Whether it has places outside the words that are not filled from here.
    pub has_other_places: bool,
    /// Why it cannot be sent now, in plain words; absent when it can.
    pub unusable_because: Option<String>,
    /// When it was last seen at the vendor.
    pub synced_at: Option<Timestamp>,
    /// When it was made here, or first seen.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl ChannelTemplate {
    /// Why it cannot be sent now, in plain words.
    pub fn unusable(&self) -> Option<&'static str> {
        Some(match self.status {
            ApprovalStatus::Draft => "it is a draft; hand it in for approval first",
            ApprovalStatus::Pending => "it is still being reviewed; mostly that takes minutes",
            ApprovalStatus::Rejected => "it was rejected; write another one",
            ApprovalStatus::Paused => "it is paused, because customers disliked it",
            ApprovalStatus::Disabled => "it was switched off, because customers disliked it",
            ApprovalStatus::Other => "it is not approved at the moment",
            ApprovalStatus::Approved if self.category == TemplateCategory::Authentication => {
                "it is for codes, which are not sent from here"
            }
            ApprovalStatus::Approved if self.has_other_places => {
                "it has a picture, or a place in its header or a link, which cannot be filled from here"
            }
            ApprovalStatus::Approved => return None,
        })
    }
}

/// How a connection's templates were last brought up to date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateSync {
    /// When that last worked.
    pub synced_at: Option<Timestamp>,
    /// Why the last try did not, in plain words.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_told_by_its_kind() {
        let json = serde_json::json!({ "kind": "quick_reply", "text": "Yes" });
        let button: ChannelTemplateButton = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&button).unwrap(), json);
    }
}
