//! The demo's workflows: two that run, one of them with contacts on their way, and one that waits to be started.

use frontdesk_domain::id::WorkflowId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::workflow::{Workflow, WorkflowState};
use frontdesk_store::Tx;
use frontdesk_store::contact::{self, Filter};
use frontdesk_store::workflow::{self, Stored};

use crate::workflow::{enter, recipe};
use crate::{AppError, Result};

/// The keys of the recipes, and whether they run.
const ALL: [(&str, WorkflowState); 3] = [
    ("outreach", WorkflowState::Draft),
    ("thank", WorkflowState::Active),
    ("nurture", WorkflowState::Active),
];
/// The one contacts are in.
const PEOPLED: &str = "nurture";
/// How many.
const PEOPLE: u32 = 3;

pub(super) async fn write(tx: &Tx) -> Result<()> {
    for (key, state) in ALL {
        let recipe = recipe::find(Language::En, key).ok_or(AppError::NotFound("workflow recipe"))?;
        let made = Workflow {
            id: WorkflowId::new(tx.now(), tx.random()),
            state,
            version: 1,
            settings: recipe.settings,
            active: 0,
            entered: 0,
            won: 0,
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        let stored = Stored { workflow: made, seen_to: None, seen_day: None };
        workflow::put(tx, tx.scope(), &stored).await?;
        if key == PEOPLED {
            let until = enter::id_at(tx.now());
            let people = contact::list::walk(tx, tx.scope(), &Filter::default(), None, until, PEOPLE).await?;
            enter::put(tx, &stored, &people).await?;
        }
    }
    Ok(())
}
