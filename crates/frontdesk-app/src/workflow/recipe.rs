//! Workflows to begin with: written in `recipes/`, one file for each language. To add one, add it to every file.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::locale::Language;
use frontdesk_domain::workflow::WorkflowSettings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// A workflow to begin with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recipe {
    /// Its constant name.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What it does, in a sentence.
    pub text: String,
    /// Its settings.
    pub settings: WorkflowSettings,
}

#[derive(Deserialize)]
struct File {
    recipe: Vec<Recipe>,
}

const fn source(language: Language) -> &'static str {
    match language {
        Language::Es => include_str!("recipes/es.toml"),
        Language::De => include_str!("recipes/de.toml"),
        Language::Fr => include_str!("recipes/fr.toml"),
        Language::En => include_str!("recipes/en.toml"),
    }
}

fn read(language: Language) -> std::result::Result<Vec<Recipe>, String> {
    toml::from_str::<File>(source(language)).map(|file| file.recipe).map_err(|error| error.to_string())
}

/// The workflows to begin with, in the language of the business.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<Recipe>> {
    ctx.require(Permission::WorkflowsRead)?;
    let home = frontdesk_store::workspace::get(app.store.reader(), ctx.scope()).await?;
    read(home.language).map_err(AppError::Internal)
}

/// One of them, for the demo.
pub(crate) fn find(language: Language, key: &str) -> Option<Recipe> {
    read(language).ok()?.into_iter().find(|recipe| recipe.key == key)
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::workflow::{check, path};

    use super::*;

    #[test]
    fn every_language_has_the_same_workflows_and_each_can_be_saved() {
        let english = read(Language::En).unwrap();
        assert!(english.len() >= 4);
        for language in [Language::En, Language::Es, Language::De, Language::Fr] {
            let recipes = read(language).unwrap();
            let keys = |recipes: &[Recipe]| recipes.iter().map(|it| it.key.clone()).collect::<Vec<_>>();
            assert_eq!(keys(&recipes), keys(&english));
            for (recipe, model) in recipes.iter().zip(&english) {
                assert_eq!(check::flaws(&recipe.settings), [], "{language:?} {}", recipe.key);
                let shape = |it: &Recipe| {
                    let kind = |step: &frontdesk_domain::workflow::Step| {
                        (step.id.clone(), std::mem::discriminant(&step.action), path::message(step).is_some())
                    };
                    it.settings.steps.iter().map(kind).collect::<Vec<_>>()
                };
                assert_eq!(shape(recipe), shape(model), "{language:?} {}", recipe.key);
            }
        }
    }
}
