//! Web pages and sites, against a site of the test's own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::AppError;
use frontdesk_app::knowledge::{self, NewSource};
use frontdesk_domain::knowledge::SourceStatus;
use frontdesk_testkit::TestStore;

use super::kit::{Kit, Setup};

/// A web site that notes what it was asked for.
#[derive(Clone, Default)]
struct Site {
    pages: Arc<Mutex<HashMap<String, (u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    fn put(&self, path: &str, body: impl Into<String>) {
        self.pages.lock().unwrap().insert(path.to_owned(), (200, body.into()));
    }

    fn fail(&self, path: &str, status: u16) {
        self.pages.lock().unwrap().insert(path.to_owned(), (status, String::new()));
    }

    fn redirect(&self, path: &str, to: &str) {
        self.pages.lock().unwrap().insert(path.to_owned(), (302, to.to_owned()));
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(site): State<Site>, uri: Uri) -> Response {
    site.asked.lock().unwrap().push(uri.path().to_owned());
    let found = site.pages.lock().unwrap().get(uri.path()).cloned();
    let Some((status, body)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let status = StatusCode::from_u16(status).unwrap();
    let mut headers = HeaderMap::new();
    if status.is_redirection() {
        headers.insert(header::LOCATION, body.parse().unwrap());
        return (status, headers).into_response();
    }
    let kind = if uri.path() == "/robots.txt" { "text/plain" } else { "text/html; charset=utf-8" };
    headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
    (status, headers, body).into_response()
}

fn html(title: &str, body: &str) -> String {
    format!(
        "<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{body}</p></main></body></html>"
    )
}

async fn kit() -> Kit {
    let setup = Setup { private_hosts: vec!["127.0.0.1".to_owned()], ..Setup::default() };
    Kit::with(TestStore::sqlite().await, setup).await
}

fn site_of(url: &str, max_pages: Option<u32>) -> NewSource {
    NewSource::Site { url: url.to_owned(), max_pages }
}

#[tokio::test]
async fn a_site_is_read_within_its_origin_and_its_rules_and_cited_by_page() {
    let (site, elsewhere) = (Site::default(), Site::default());
    let (url, other) = (site.start().await, elsewhere.start().await);
    site.put("/robots.txt", "User-agent: *\nDisallow: /private\n");
    let links = format!(
        "Welcome to the clinic. <a href='/prices'>Prices</a> <a href='/prices?utm_source=x#top'>Prices</a> \
         <a href='/private/staff'>Staff</a> <a href='{other}/away'>Away</a> <a href='/photo.jpg'>Photo</a> \
         <a href='/leads-away'>Elsewhere</a> <a href='/hidden'>Hidden</a> <a href='/copy'>Copy</a>"
    );
    site.put("/", html("Clinic", &links));
    site.put("/prices", html("Prices", "A cleaning costs 90 dollars. <a href='/deep'>More</a>"));
    site.put("/copy", html("Prices", "A cleaning costs 90 dollars. <a href='/deep'>More</a>"));
    site.put("/deep", html("Parking", "Parking is behind the house and costs nothing."));
    site.put("/private/staff", html("Staff", "The safe's number is 1234."));
    site.put("/hidden", "<html><head><meta name=robots content=noindex></head><body><p>Nothing for machines.</p></body></html>");
    site.redirect("/leads-away", &format!("{other}/away"));
    elsewhere.put("/away", html("Away", "Another business entirely."));

    let kit = kit().await;
    let id = kit.add(site_of(&url, None)).await;
    kit.work().await;
    let source = kit.source(id).await;
    assert_eq!((source.status, source.error), (SourceStatus::Ready, None));
    assert_eq!(source.pages, 3, "{:?}", site.asked());
    assert_eq!(source.title, "Clinic", "the page's title takes the address's place");
    let asked = site.asked();
    for path in ["/private/staff", "/photo.jpg"] {
        assert!(!asked.iter().any(|asked| asked == path), "{path} was asked for");
    }
    assert_eq!(asked.iter().filter(|path| *path == "/prices").count(), 1, "{asked:?}");

    let answer = kit.ask("How much is a cleaning?").await.answer;
    assert!(answer.answered && answer.text.contains("90 dollars"), "{answer:?}");
    assert_eq!(answer.citations[0].url.as_deref(), Some(format!("{url}/prices").as_str()));
    assert!(kit.found("parking").await.contains("behind the house"));
    for secret in ["safe's number", "Another business", "for machines"] {
        assert!(!kit.found(secret).await.contains(secret));
    }
}

#[tokio::test]
async fn a_site_is_read_no_further_than_asked() {
    let site = Site::default();
    let url = site.start().await;
    let links = (0..30).map(|n| format!("<a href='/p{n}'>{n}</a> ")).collect::<Vec<_>>().concat();
    site.put("/", html("Home", &links));
    for n in 0..30 {
        site.put(&format!("/p{n}"), html(&format!("Page {n}"), &format!("This is what page {n} says.")));
    }
    let kit = kit().await;
    let id = kit.add(site_of(&url, Some(5))).await;
    kit.work().await;
    assert_eq!(kit.source(id).await.pages, 5);
    assert_eq!(site.asked().iter().filter(|path| path.starts_with("/p")).count(), 4);
}

#[tokio::test]
async fn a_page_that_fails_when_read_again_keeps_what_it_said_and_says_why() {
    let site = Site::default();
    let url = site.start().await;
    site.put("/hours", html("Hours", "We are open from nine to six."));
    let kit = kit().await;
    let id = kit.add(NewSource::Page { url: format!("{url}/hours") }).await;
    kit.work().await;
    assert_eq!(kit.source(id).await.status, SourceStatus::Ready);

    site.fail("/hours", 404);
    knowledge::sync(&kit.app, &kit.ctx(), id).await.unwrap();
    kit.work().await;
    let failed = kit.source(id).await;
    assert_eq!(failed.status, SourceStatus::Failed);
    assert!(failed.error.unwrap().contains("404"));
    assert!(failed.chunks > 0);
    assert!(kit.found("when are you open").await.contains("nine to six"));

    // A server in trouble is asked again before it is given up.
    site.fail("/hours", 503);
    knowledge::sync(&kit.app, &kit.ctx(), id).await.unwrap();
    kit.work().await;
    let waiting = kit.source(id).await;
    assert_eq!(waiting.status, SourceStatus::Processing);
    assert!(waiting.stage.contains("503"), "{}", waiting.stage);
    site.put("/hours", html("Hours", "We are open around the clock."));
    kit.work_all().await;
    assert_eq!(kit.source(id).await.status, SourceStatus::Ready);
    assert!(kit.found("when are you open").await.contains("around the clock"));

    site.fail("/hours", 503);
    knowledge::sync(&kit.app, &kit.ctx(), id).await.unwrap();
    kit.work_all().await;
    let failed = kit.source(id).await;
    assert_eq!(failed.status, SourceStatus::Failed);
    assert!(failed.error.unwrap().contains("503"));
    assert!(kit.found("when are you open").await.contains("around the clock"));
}

#[tokio::test]
async fn a_page_that_robots_may_not_read_is_not_read() {
    let site = Site::default();
    let url = site.start().await;
    site.put("/robots.txt", "User-agent: Frontdesk\nDisallow: /\n");
    site.put("/hours", html("Hours", "We are open from nine to six."));
    site.redirect("/", "/hours");
    let kit = kit().await;
    for source in [NewSource::Page { url: format!("{url}/hours") }, site_of(&url, None)] {
        let id = kit.add(source).await;
        kit.work().await;
        let failed = kit.source(id).await;
        assert_eq!(failed.status, SourceStatus::Failed);
        assert!(failed.error.unwrap().contains("robots.txt"));
    }
}

#[tokio::test]
async fn private_addresses_are_refused_unless_the_operator_allows_them() {
    let site = Site::default();
    let url = site.start().await;
    site.put("/", html("Secret", "The router's password."));
    let closed = Kit::new(TestStore::sqlite().await).await;
    for url in [
        url.as_str(),
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "nonsense",
    ] {
        let refused =
            knowledge::create(&closed.app, &closed.ctx(), NewSource::Page { url: url.to_owned() }).await;
        let error = refused.unwrap_err();
        assert!(matches!(&error, AppError::Invalid(errors) if errors[0].field == "/url"), "{url}: {error:?}");
    }
    // A name that leads to a private address is refused when it is asked, and so is a redirect.
    let named = url.replace("127.0.0.1", "localhost");
    let id = closed.add(NewSource::Page { url: named }).await;
    closed.work().await;
    let failed = closed.source(id).await;
    assert_eq!(failed.status, SourceStatus::Failed);
    assert!(failed.error.unwrap().contains("private"));
    assert!(site.asked().is_empty());
}
