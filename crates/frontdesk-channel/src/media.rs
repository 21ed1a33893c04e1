//! A file that a customer sent, once it is fetched, and why it may not be had. How to fetch is each vendor's own.

use bytes::Bytes;

use crate::channel::ChannelError;

/// A file that a customer sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// Its media type, without parameters.
    pub media_type: String,
    /// What it holds.
    pub content: Bytes,
}

/// Why a file cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The address is none of a file at this vendor.
    #[error("{0:?} is not the address of a file at this vendor")]
    Address(String),
    /// The vendor does not give it; vendors keep files for a while only.
    #[error(transparent)]
    Refused(#[from] ChannelError),
    /// It is larger than the vendor allows for its type, or than was asked for.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// It is of a type that is not taken, or is not what it was announced to be.
    #[error("the file is of a type that is not taken: {0}")]
    Type(String),
    /// The vendor's answer leads to a host that is none of its own.
    #[error("the file's address leads to {0}, which is not the vendor's")]
    Elsewhere(String),
    /// It did not come; another attempt may help.
    #[error("the file did not come: {0}")]
    Unavailable(String),
}
