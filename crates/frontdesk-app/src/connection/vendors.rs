//! Every vendor that can be connected. To add a category of vendors, add its manifests here; a vendor of a known
//! category is listed by its own crate.

use frontdesk_domain::connection::{VendorAuth, VendorManifest};
use frontdesk_llm::manifest::{AuthKind, Manifest};

/// Every vendor, in the order lists show them.
pub fn list() -> Vec<VendorManifest> {
    frontdesk_llm::vendor::MANIFESTS
        .iter()
        .map(shown)
        .chain([frontdesk_channel::mail::smtp_manifest(), frontdesk_channel::mail::resend_manifest()])
        .chain([
            frontdesk_channel::twilio::manifest(),
            frontdesk_channel::twilio::whatsapp_manifest(),
            frontdesk_channel::whatsapp::manifest(),
            frontdesk_channel::telegram::manifest(),
            frontdesk_channel::mail_in::imap_manifest(),
            frontdesk_channel::discord::manifest(),
            frontdesk_channel::notifier::telegram_manifest(),
        ])
        .collect()
}

/// The vendor with this id.
pub fn find(id: &str) -> Option<VendorManifest> {
    list().into_iter().find(|vendor| vendor.id == id)
}

fn shown(manifest: &Manifest) -> VendorManifest {
    VendorManifest {
        id: manifest.id.to_owned(),
        name: manifest.name.to_owned(),
        category: manifest.category,
        settings_schema: (manifest.settings_schema)(),
        auth: match manifest.auth {
            AuthKind::None => VendorAuth::None,
            AuthKind::ApiKey => VendorAuth::ApiKey,
            AuthKind::OptionalApiKey => VendorAuth::OptionalApiKey,
        },
        hook: None,
        docs: manifest.docs.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_has_its_own_id_and_a_closed_schema() {
        let vendors = list();
        for (index, vendor) in vendors.iter().enumerate() {
            assert!(!vendors[..index].iter().any(|other| other.id == vendor.id), "{}", vendor.id);
            assert_eq!(vendor.settings_schema["additionalProperties"], false, "{}", vendor.id);
            assert!(jsonschema::validator_for(&vendor.settings_schema).is_ok(), "{}", vendor.id);
        }
    }
}
