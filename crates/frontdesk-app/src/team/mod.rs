//! A workspace's team: members, their roles, invitations, ownership.
//!
//! Two rules hold throughout: a workspace always has an owner, and only owners touch owners.

mod invitation;
mod member;

pub use invitation::{
    AcceptInput, InvitationPreview, NewInvitation, accept, create as invite, delete as revoke_invitation,
    list as invitations, preview, send_again,
};
pub use member::{RolePatch, list as members, remove, set_role, transfer_ownership};

/// Why something about owners was refused.
const ONLY_OWNERS: &str = "only an owner can do this to an owner";
