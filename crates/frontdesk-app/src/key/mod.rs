//! Keys: for programs (secret, scoped, revocable) and for widgets (publishable, bound to origins).

mod api;
mod origin;
mod widget;

pub use api::{CreatedApiKey, NewApiKey, authenticate, create, list, revoke};
pub use origin::{InvalidOrigin, allowed_origin, check_origin};
pub use widget::{
    NewWidgetKey, WidgetKeyPatch, create as create_widget, find_usable as find_widget, list as list_widget,
    revoke as revoke_widget, update as update_widget,
};
