//! People, sign-ins, teams, keys and rate windows.

use std::time::Duration;

use frontdesk_domain::access::{Permission, Role};
use frontdesk_domain::apikey::{ApiKey, WidgetKey};
use frontdesk_domain::connection::{Connection, ConnectionCategory};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{
    ApiKeyId, ConnectionId, InvitationId, LoginId, MemberId, UserId, WidgetKeyId, WorkspaceId,
};
use frontdesk_domain::locale::Language;
use frontdesk_domain::user::User;
use frontdesk_domain::workspace::{
    BusinessFacts, ColorScheme, Invitation, Onboarding, Theme, WeeklyHours, Workspace,
};
use frontdesk_store::connection::SealedConnection;
use frontdesk_store::login::{Login, TokenKind};
use frontdesk_store::{
    StoreError, Tx, api_key, connection, invitation, login, member, rate_window, user, widget_key, workspace,
};
use frontdesk_testkit::{Recorder, TestStore, on_both};
use serde_json::json;

fn person(t: &TestStore, email: &str) -> User {
    User {
        id: UserId::new(t.now(), t.random.as_ref()),
        email: email.to_owned(),
        name: "Ana".to_owned(),
        language: Language::Es,
        scheme: ColorScheme::Dark,
        created_at: t.now(),
    }
}

fn business(t: &TestStore, id: WorkspaceId, slug: &str) -> Workspace {
    Workspace {
        id,
        name: "Riverside Dental".to_owned(),
        slug: slug.to_owned(),
        zone: "Europe/Madrid".to_owned(),
        country: "ES".to_owned(),
        language: Language::En,
        facts: BusinessFacts::default(),
        hours: WeeklyHours::default(),
        theme: Theme::default(),
        onboarding: Onboarding::default(),
        created_at: t.now(),
    }
}

async fn begin(t: &TestStore) -> Tx {
    t.store.begin(&t.context()).await.unwrap()
}

/// A person who owns the test's workspace.
async fn owner(t: &TestStore, tx: &Tx) -> User {
    let ana = person(t, "ana@example.com");
    user::insert_everywhere(tx, &ana, "hash").await.unwrap();
    workspace::insert(tx, &business(t, t.workspace, "riverside")).await.unwrap();
    let id = MemberId::new(t.now(), t.random.as_ref());
    member::insert(tx, t.scope(), id, ana.id, Role::Owner, t.now()).await.unwrap();
    ana
}

fn sealed(t: &TestStore, secret: Option<&str>) -> SealedConnection {
    SealedConnection {
        connection: Connection {
            id: ConnectionId::new(t.now(), t.random.as_ref()),
            vendor: "openai".to_owned(),
            category: ConnectionCategory::Model,
            name: "Model".to_owned(),
            settings: json!({ "model": "m", "zero": "a\u{0}b" }),
            has_secret: secret.is_some(),
            has_hook_secret: false,
            enabled: true,
            last_test: None,
            created_at: t.now(),
            updated_at: t.now(),
        },
        secret: secret.map(str::to_owned),
        hook_secret: None,
    }
}

on_both! {
    async fn what_is_stored_is_read_back_whole(t: TestStore) {
        let tx = begin(&t).await;
        let ana = owner(&t, &tx).await;
        let connected = sealed(&t, Some("x1:k1:abc"));
        connection::insert(&tx, t.scope(), &connected).await.unwrap();
        tx.commit().await.unwrap();
        let db = t.store.reader();
        assert_eq!(user::get_everywhere(db, ana.id).await.unwrap().user, ana);
        assert_eq!(workspace::get(db, t.scope()).await.unwrap(), business(&t, t.workspace, "riverside"));
        let stored = connection::get(db, t.scope(), connected.connection.id).await.unwrap();
        assert_eq!(stored, connected);
        let places = workspace::memberships_everywhere(db, ana.id).await.unwrap();
        assert_eq!((places[0].id, places[0].role), (t.workspace, Role::Owner));
    }

    async fn an_address_a_short_name_and_a_place_in_a_team_are_given_once(t: TestStore) {
        let tx = begin(&t).await;
        let ana = owner(&t, &tx).await;
        tx.commit().await.unwrap();
        let tx = begin(&t).await;
        let twin = user::insert_everywhere(&tx, &person(&t, "ana@example.com"), "hash").await;
        assert!(matches!(twin, Err(StoreError::Duplicate(_))));
        drop(tx);
        let tx = begin(&t).await;
        let taken = workspace::insert(&tx, &business(&t, t.another_workspace(), "riverside")).await;
        assert!(matches!(taken, Err(StoreError::Duplicate(_))));
        drop(tx);
        let tx = begin(&t).await;
        let id = MemberId::new(t.now(), t.random.as_ref());
        let again = member::insert(&tx, t.scope(), id, ana.id, Role::Viewer, t.now()).await;
        assert!(matches!(again, Err(StoreError::Duplicate(_))));
    }

    async fn another_scope_finds_and_changes_nothing(t: TestStore) {
        let tx = begin(&t).await;
        let ana = owner(&t, &tx).await;
        let connected = sealed(&t, None);
        connection::insert(&tx, t.scope(), &connected).await.unwrap();
        let place = member::find_by_user(&tx, t.scope(), ana.id).await.unwrap().unwrap();
        let elsewhere = Scope::system(t.another_workspace());
        assert!(member::find(&tx, elsewhere, place.id).await.unwrap().is_none());
        assert!(member::role_of(&tx, elsewhere, ana.id).await.unwrap().is_none());
        let gone = |result: frontdesk_store::Result<()>| matches!(result, Err(StoreError::NotFound(_)));
        assert!(gone(member::set_role(&tx, elsewhere, place.id, Role::Viewer).await));
        assert!(gone(member::delete(&tx, elsewhere, place.id).await));
        assert!(gone(connection::delete(&tx, elsewhere, connected.connection.id).await));
        assert!(gone(connection::update(&tx, elsewhere, &connected).await));
        assert_eq!(member::role_of(&tx, t.scope(), ana.id).await.unwrap(), Some(Role::Owner));
    }

    async fn a_refresh_token_is_spent_once_and_forgotten_in_time(t: TestStore) {
        let tx = begin(&t).await;
        let ana = owner(&t, &tx).await;
        let id = LoginId::new(t.now(), t.random.as_ref());
        let until = t.now().plus(Duration::from_hours(1));
        let begun = Login {
            id, user_id: ana.id, created_at: t.now(), expires_at: until, revoked_at: None, ip: None, agent: None,
        };
        login::insert_everywhere(&tx, &begun).await.unwrap();
        login::insert_token_everywhere(&tx, id, TokenKind::Refresh, "hash", until).await.unwrap();
        assert!(login::find_token_everywhere(&tx, TokenKind::Access, "hash").await.unwrap().is_none());
        assert!(login::spend_token_everywhere(&tx, "hash", t.now()).await.unwrap());
        assert!(!login::spend_token_everywhere(&tx, "hash", t.now()).await.unwrap());
        login::revoke_all_everywhere(&tx, ana.id, Some(id), t.now()).await.unwrap();
        let kept = login::find_token_everywhere(&tx, TokenKind::Refresh, "hash").await.unwrap().unwrap();
        assert_eq!((kept.login.revoked_at, kept.used_at), (None, Some(t.now())));
        login::revoke_all_everywhere(&tx, ana.id, None, t.now()).await.unwrap();
        let ended = login::find_token_everywhere(&tx, TokenKind::Refresh, "hash").await.unwrap().unwrap();
        assert_eq!(ended.login.revoked_at, Some(t.now()));
        login::forget_ended_everywhere(&tx, until).await.unwrap();
        assert!(login::find_token_everywhere(&tx, TokenKind::Refresh, "hash").await.unwrap().is_some());
        login::forget_ended_everywhere(&tx, until.plus(Duration::from_millis(1))).await.unwrap();
        assert!(login::find_token_everywhere(&tx, TokenKind::Refresh, "hash").await.unwrap().is_none());
    }

    async fn a_window_counts_until_it_closes(t: TestStore) {
        let tx = begin(&t).await;
        let (now, end) = (t.now(), t.now().plus(Duration::from_mins(1)));
        for expected in [2, 4] {
            assert_eq!(rate_window::add(&tx, "k", 2, now, end).await.unwrap().count, expected);
        }
        let later = rate_window::add(&tx, "k", 1, end, end.plus(Duration::from_mins(1))).await.unwrap();
        assert_eq!((later.count, later.ends_at), (1, end.plus(Duration::from_mins(1))));
        rate_window::forget_closed(&tx, later.ends_at).await.unwrap();
        assert!(rate_window::find(&tx, "k", now).await.unwrap().is_none());
    }

    async fn only_a_deleted_workspace_is_purged(t: TestStore) {
        let tx = begin(&t).await;
        owner(&t, &tx).await;
        let tables = workspace::tables_everywhere(&tx).await.unwrap();
        for table in ["member", "audit", "event", "job", "connection", "message"] {
            assert!(tables.iter().any(|known| known == table), "{table} in {tables:?}");
        }
        assert!(workspace::purge(&tx, t.scope(), "member").await.is_err());
        workspace::delete(&tx, t.scope(), t.now()).await.unwrap();
        assert!(workspace::purge(&tx, t.scope(), "member; DROP").await.is_err());
        for table in &tables {
            workspace::purge(&tx, t.scope(), table).await.unwrap();
        }
        assert_eq!(workspace::purge(&tx, t.scope(), "member").await.unwrap(), 0);
        assert!(workspace::find(&tx, t.scope()).await.unwrap().is_none());
        assert!(workspace::slug_taken_everywhere(&tx, "riverside").await.unwrap(), "a short name is not given twice");
    }

    async fn what_every_request_asks_is_an_indexed_read(t: TestStore) {
        let tx = begin(&t).await;
        let ana = owner(&t, &tx).await;
        let key = ApiKey {
            id: ApiKeyId::new(t.now(), t.random.as_ref()), name: "k".to_owned(), hint: "fd_sk_abcd".to_owned(),
            scopes: vec![Permission::LeadsRead], created_at: t.now(), last_used_at: None, expires_at: None,
            revoked_at: None,
        };
        api_key::insert(&tx, t.scope(), &key, "hash").await.unwrap();
        let widget = WidgetKey {
            id: WidgetKeyId::new(t.now(), t.random.as_ref()), name: "w".to_owned(), key: "pk_1".to_owned(),
            origins: vec!["*".to_owned()], agent_id: None, created_at: t.now(), revoked_at: None,
        };
        widget_key::insert(&tx, t.scope(), &widget).await.unwrap();
        let invited = Invitation {
            id: InvitationId::new(t.now(), t.random.as_ref()), email: "b@example.com".to_owned(), role: Role::Agent,
            invited_by: ana.id, created_at: t.now(), expires_at: t.now().plus(Duration::from_hours(1)),
        };
        invitation::insert(&tx, t.scope(), &invited, "hash").await.unwrap();
        tx.commit().await.unwrap();

        let db = Recorder::new(&t.store);
        assert_eq!(user::find_by_email_everywhere(&db, "ana@example.com").await.unwrap().unwrap().user, ana);
        assert_eq!(member::role_of(&db, t.scope(), ana.id).await.unwrap(), Some(Role::Owner));
        let first = member::first_everywhere(&db, ana.id).await.unwrap();
        assert_eq!(first, Some((t.workspace, Role::Owner)));
        workspace::memberships_everywhere(&db, ana.id).await.unwrap();
        let found = api_key::find_usable_everywhere(&db, "hash", t.now()).await.unwrap();
        assert_eq!(found, Some((t.workspace, key)));
        let found = widget_key::find_usable_everywhere(&db, "pk_1").await.unwrap();
        assert_eq!(found, Some((t.workspace, widget)));
        let found = invitation::find_by_token_everywhere(&db, "hash", t.now()).await.unwrap();
        assert_eq!(found, Some((t.workspace, invited)));
        login::find_token_everywhere(&db, TokenKind::Access, "hash").await.unwrap();
        login::find_reset_everywhere(&db, "hash", t.now()).await.unwrap();
        rate_window::find(&db, "k", t.now()).await.unwrap();
        connection::list_enabled(&db, t.scope(), ConnectionCategory::Model).await.unwrap();
        assert!(db.count() >= 12);
        assert_eq!(db.table_scans(&t.store).await, Vec::<String>::new());
    }
}
