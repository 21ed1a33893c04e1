//! Extractors: who calls, and typed bodies, queries and paths whose errors name each bad field.

mod body;
mod caller;
mod client;
mod identity;
mod params;

pub use body::{Body, MAX_BODY};
pub use caller::{Anyone, Caller};
pub use client::{Client, client_ip};
pub(crate) use identity::identify;
pub use identity::{ACCESS_COOKIE, Credentials, Identity, REFRESH_COOKIE, guard_cookies};
pub use params::{PageParams, Params, Segments};
pub(crate) use params::{check_after, check_limit};
