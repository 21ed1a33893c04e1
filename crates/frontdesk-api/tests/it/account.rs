//! Signing up, in, on and out; passwords.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use frontdesk_api::LimitSettings;
use serde_json::json;

use crate::support::{Browser, Desk, PASSWORD, email};

#[tokio::test]
async fn a_person_signs_up_and_has_a_workspace() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let me = ana.get("/auth/me").await.json();
    assert_eq!(me["user"]["email"], "ana@example.com");
    assert_eq!(me["workspaces"][0]["role"], "owner");
    assert_eq!(me["workspaces"][0]["slug"], "ana-ltd");
    assert!(!me.to_string().contains("argon2"));
}

#[tokio::test]
async fn sign_up_names_every_bad_field_at_once() {
    let desk = Desk::open().await;
    let body = json!({ "email": "ana", "password": "short", "name": " ", "zone": "Mars/Base" });
    let answer = desk.browser().post("/auth/signup", body).await;
    assert_eq!(answer.refusal(), "422 /email /password /name /zone");
}

#[tokio::test]
async fn an_address_signs_up_once() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let body = json!({ "email": "ANA@example.com", "password": PASSWORD, "name": "Other" });
    assert_eq!(desk.browser().post("/auth/signup", body).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_closed_installation_takes_the_first_person_only() {
    let desk = Desk::with(LimitSettings::OFF, false).await;
    desk.signed_up("Ana").await;
    let body = json!({ "email": "eve@example.com", "password": PASSWORD, "name": "Eve" });
    assert_eq!(desk.browser().post("/auth/signup", body).await.status, StatusCode::FORBIDDEN);
}

async fn login(browser: &Browser<'_>, name: &str, password: &str) -> StatusCode {
    let body = json!({ "email": email(name), "password": password });
    browser.post("/auth/login", body).await.status
}

#[tokio::test]
async fn wrong_passwords_and_unknown_addresses_look_the_same() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let browser = desk.browser();
    let wrong = browser.post("/auth/login", json!({ "email": "ana@example.com", "password": "wrong" })).await;
    let unknown =
        browser.post("/auth/login", json!({ "email": "bob@example.com", "password": "wrong" })).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let strip = |text: &str| text.split("\"request_id\"").next().unwrap().to_owned();
    assert_eq!(strip(&wrong.text), strip(&unknown.text));
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_account_for_that_address_alone() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let attacker = desk.browser();
    for _ in 0..5 {
        assert_eq!(login(&attacker, "Ana", "wrong").await, StatusCode::UNAUTHORIZED);
    }
    let body = json!({ "email": email("Ana"), "password": PASSWORD });
    let locked = attacker.post("/auth/login", body).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS, "even the right password is refused");
    assert_eq!(locked.header("retry-after"), "900");

    let elsewhere = Browser { ip: "198.51.100.9".to_owned(), ..desk.browser() };
    assert_eq!(login(&elsewhere, "Ana", PASSWORD).await, StatusCode::OK);

    desk.clock.advance(Duration::from_mins(15));
    assert_eq!(login(&attacker, "Ana", PASSWORD).await, StatusCode::OK);
}

#[tokio::test]
async fn the_right_password_forgives_earlier_slips() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let browser = desk.browser();
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(login(&browser, "Ana", "wrong").await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(login(&browser, "Ana", PASSWORD).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn guesses_at_the_same_time_get_five_tries_too() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let browsers: Vec<Browser<'_>> = (0..12).map(|_| desk.browser()).collect();
    let outcomes =
        futures_util::future::join_all(browsers.iter().map(|browser| login(browser, "Ana", "wrong"))).await;
    let tried = outcomes.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(tried, 5, "{outcomes:?}");
}

#[tokio::test]
async fn an_access_token_lapses_and_is_renewed() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    desk.clock.advance(Duration::from_mins(15));
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ana.post_empty("/auth/refresh").await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_token_spent_twice_ends_the_sign_in() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let thief = desk.browser();
    *thief.cookies.lock().unwrap() = ana.cookies.lock().unwrap().clone();

    assert_eq!(ana.post_empty("/auth/refresh").await.status, StatusCode::NO_CONTENT);
    desk.clock.advance(Duration::from_secs(11));
    assert_eq!(thief.post_empty("/auth/refresh").await.status, StatusCode::UNAUTHORIZED);
    // The family is gone: the owner's fresh tokens too.
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ana.post_empty("/auth/refresh").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ana.cookie("fd_refresh"), "", "dead cookies are cleared");

    let again = desk.browser();
    assert_eq!(login(&again, "Ana", PASSWORD).await, StatusCode::OK);
    let log = again.get("/audit?action=account.refresh_reused").await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn two_tabs_may_refresh_at_the_same_moment() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let tab = desk.browser();
    *tab.cookies.lock().unwrap() = ana.cookies.lock().unwrap().clone();
    let (one, two) = tokio::join!(ana.post_empty("/auth/refresh"), tab.post_empty("/auth/refresh"));
    assert_eq!((one.status, two.status), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(tab.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn programs_get_tokens_and_no_cookies() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let mut program = desk.browser();
    let body = json!({ "email": email("Ana"), "password": PASSWORD, "token": true });
    let answer = program.post("/auth/login", body).await;
    assert!(!answer.headers.contains_key("set-cookie"));
    let tokens = answer.json();
    assert_eq!(tokens["expires_in"], 900);
    program.bearer = Some(tokens["access_token"].as_str().unwrap().to_owned());
    assert_eq!(program.get("/auth/me").await.json()["user"]["name"], "Ana");

    let renewed =
        program.post("/auth/refresh", json!({ "refresh_token": tokens["refresh_token"] })).await.json();
    program.bearer = Some(renewed["access_token"].as_str().unwrap().to_owned());
    assert_eq!(program.post_empty("/auth/logout").await.status, StatusCode::NO_CONTENT);
    assert_eq!(program.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_ends_the_sign_in_and_clears_the_cookies() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let kept = ana.cookies.lock().unwrap().clone();
    assert_eq!(ana.post_empty("/auth/logout").await.status, StatusCode::NO_CONTENT);
    assert!(ana.cookies.lock().unwrap().is_empty());
    *ana.cookies.lock().unwrap() = kept;
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ana.post_empty("/auth/refresh").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let desk = Desk::open().await;
    let body = json!({ "email": "ana@example.com", "password": PASSWORD, "name": "Ana" });
    let answer = desk.browser().post("/auth/signup", body).await;
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies[0].starts_with("fd_access=fd_at_"), "{cookies:?}");
    assert!(cookies[0].ends_with("; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure"), "{cookies:?}");
    assert!(cookies[1].starts_with("fd_refresh=fd_rt_"), "{cookies:?}");
    assert!(
        cookies[1].ends_with("; Path=/api/v1/auth; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure"),
        "{cookies:?}"
    );
}

#[tokio::test]
async fn a_forgotten_password_is_reset_by_mail_once() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let browser = desk.browser();
    let asked = browser.post("/auth/password/forgot", json!({ "email": "ana@example.com" })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    let token = desk.mailed_token().await;

    let weak = browser.post("/auth/password/reset", json!({ "token": token, "password": "short" })).await;
    assert_eq!(weak.refusal(), "422 /password");
    let body = json!({ "token": token, "password": "a new one entirely" });
    assert_eq!(browser.post("/auth/password/reset", body.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::UNAUTHORIZED, "other sign-ins end");
    assert_eq!(browser.post("/auth/password/reset", body).await.refusal(), "422 /token");
    assert_eq!(login(&browser, "Ana", PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(login(&browser, "Ana", "a new one entirely").await, StatusCode::OK);
}

#[tokio::test]
async fn a_reset_link_works_for_an_hour_and_only_the_last_one() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let browser = desk.browser();
    let ask = || browser.post("/auth/password/forgot", json!({ "email": "ana@example.com" }));
    ask().await;
    let first = desk.mailed_token().await;
    ask().await;
    let second = desk.mailed_token().await;
    let use_it = |token: String| {
        browser.post("/auth/password/reset", json!({ "token": token, "password": "a new one entirely" }))
    };
    assert_eq!(use_it(first).await.refusal(), "422 /token");
    desk.clock.advance(Duration::from_hours(1));
    assert_eq!(use_it(second).await.refusal(), "422 /token");
}

#[tokio::test]
async fn asking_for_a_link_tells_nobody_who_has_an_account_and_floods_no_mailbox() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    let browser = desk.browser();
    let unknown = browser.post("/auth/password/forgot", json!({ "email": "bob@example.com" })).await;
    assert_eq!((unknown.status, unknown.text.as_str()), (StatusCode::ACCEPTED, ""));
    assert!(desk.mails().await.is_empty());
    for _ in 0..8 {
        browser.post("/auth/password/forgot", json!({ "email": "ana@example.com" })).await;
    }
    assert_eq!(desk.mails().await.len(), 5);
}

#[tokio::test]
async fn the_reset_token_is_nowhere_in_the_database_in_the_clear() {
    let desk = Desk::open().await;
    desk.signed_up("Ana").await;
    desk.browser().post("/auth/password/forgot", json!({ "email": "ana@example.com" })).await;
    let jobs = frontdesk_store::job::counts_everywhere(desk.app.store.reader()).await.unwrap();
    assert_eq!(jobs, [("ready".to_owned(), 1)]);
    let folder = desk.database_bytes();
    assert!(!folder.is_empty());
    assert!(!contains(&folder, b"fd_pr_"), "a token was stored in the clear");
    assert!(!contains(&folder, PASSWORD.as_bytes()));
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn a_changed_password_ends_other_sign_ins_and_keeps_this_one() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let other = desk.browser();
    assert_eq!(login(&other, "Ana", PASSWORD).await, StatusCode::OK);

    let alone = ana.patch("/auth/me", json!({ "password": "a new one entirely" })).await;
    assert_eq!(alone.refusal(), "422 /current_password");
    let wrong = json!({ "password": "a new one entirely", "current_password": "wrong" });
    assert_eq!(ana.patch("/auth/me", wrong).await.refusal(), "422 /current_password");
    let right = json!({ "password": "a new one entirely", "current_password": PASSWORD });
    assert_eq!(ana.patch("/auth/me", right).await.status, StatusCode::OK);
    assert_eq!(ana.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(other.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_person_changes_their_name_and_language() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let me =
        ana.patch("/auth/me", json!({ "name": "Ana Díaz", "language": "es", "scheme": "dark" })).await.json();
    assert_eq!((&me["user"]["name"], &me["user"]["language"]), (&json!("Ana Díaz"), &json!("es")));
    ana.post("/auth/password/forgot", json!({ "email": "ana@example.com" })).await;
    assert_eq!(desk.mails().await[0].subject, "Elija una contraseña nueva");
}

#[tokio::test]
async fn another_site_can_neither_act_for_a_person_nor_sign_them_in() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let patch = || ana.request(Method::PATCH, "/auth/me", Some(json!({ "name": "Eve" })));
    let mut without_header = patch();
    without_header.headers_mut().remove("x-frontdesk-request");
    assert_eq!(desk.send(without_header).await.status, StatusCode::FORBIDDEN);
    let mut foreign_origin = patch();
    foreign_origin.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(desk.send(foreign_origin).await.status, StatusCode::FORBIDDEN);
    let mut cross_site = patch();
    cross_site.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(desk.send(cross_site).await.status, StatusCode::FORBIDDEN);
    let body = json!({ "email": email("Ana"), "password": PASSWORD });
    let mut login = desk.browser().request(Method::POST, "/auth/login", Some(body));
    login.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    login.headers_mut().remove("sec-fetch-site");
    assert_eq!(desk.send(login).await.status, StatusCode::FORBIDDEN);
    let mut refresh = ana.request(Method::POST, "/auth/refresh", None);
    refresh.headers_mut().remove("x-frontdesk-request");
    assert_eq!(desk.send(refresh).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ana.get("/auth/me").await.json()["user"]["name"], "Ana");
    // A form cannot send JSON: its type is refused before anything is read.
    let mut form = desk.browser().request(Method::POST, "/auth/login", Some(json!({})));
    form.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(desk.send(form).await.status, StatusCode::BAD_REQUEST);
}
