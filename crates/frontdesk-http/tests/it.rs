//! The client against a real server on a local port.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{
    BreakerSettings, BreakerState, HttpClient, HttpError, HttpSettings, Part, RetrySettings, Target,
};
use futures_util::StreamExt;

struct Server {
    address: String,
    url: String,
}

async fn start(router: Router) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Server { url: format!("http://{address}"), address }
}

fn settings() -> HttpSettings {
    HttpSettings {
        retry: RetrySettings { first_wait: Duration::from_millis(1), ..RetrySettings::default() },
        ..HttpSettings::default()
    }
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(Timestamp::from_millis(1_774_000_000_000)))
}

fn client(settings: HttpSettings) -> HttpClient {
    HttpClient::new(settings, clock(), Arc::new(SeededRandom::new(1))).unwrap()
}

/// Answers `status` `failures` times, then 200 with the number of requests so far.
fn flaky(failures: usize, status: StatusCode, retry_after: &'static str) -> (Router, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let answer = move |State(count): State<Arc<AtomicUsize>>| async move {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        if number <= failures {
            (status, [("retry-after", retry_after)]).into_response()
        } else {
            number.to_string().into_response()
        }
    };
    (Router::new().route("/", any(answer)).with_state(count.clone()), count)
}

#[tokio::test]
async fn a_get_is_retried_and_a_post_is_not_unless_idempotent() {
    for status in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS] {
        let (router, count) = flaky(1, status, "0");
        let server = start(router).await;
        let client = client(settings());
        assert_eq!(client.get(Target::Trusted, &server.url).send().await.unwrap().text(), "2");

        count.store(0, Ordering::SeqCst);
        let answer = client.post(Target::Trusted, &server.url).send().await.unwrap();
        assert_eq!((answer.status, count.load(Ordering::SeqCst)), (status, 1));

        count.store(0, Ordering::SeqCst);
        let answer = client.post(Target::Trusted, &server.url).idempotent().send().await.unwrap();
        assert_eq!(answer.text(), "2");
    }
}

#[tokio::test]
async fn a_long_retry_after_is_handed_to_the_caller_instead_of_waited_for() {
    let (router, count) = flaky(5, StatusCode::TOO_MANY_REQUESTS, "3600");
    let server = start(router).await;
    let answer = client(settings()).get(Target::Trusted, &server.url).send().await.unwrap();
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_vendor_that_keeps_failing_is_left_alone_and_then_probed_once() {
    let (router, count) = flaky(2, StatusCode::INTERNAL_SERVER_ERROR, "0");
    let server = start(router).await;
    let clock = clock();
    let breaker = BreakerSettings { failures: 2, ..BreakerSettings::default() };
    let settings = HttpSettings { breaker, ..settings() };
    let client = HttpClient::new(settings, clock.clone(), Arc::new(SeededRandom::new(1))).unwrap();
    let ask = || client.get(Target::Trusted, &server.url).retries(0).send();
    assert!(ask().await.is_ok());
    assert!(ask().await.is_ok());
    let error = ask().await.unwrap_err();
    assert!(matches!(error, HttpError::BreakerOpen { retry_in_ms: 15_000, .. }), "{error}");
    assert_eq!(count.load(Ordering::SeqCst), 2, "an open breaker sends nothing");
    clock.advance(Duration::from_secs(15));
    assert_eq!(ask().await.unwrap().text(), "3");
    assert_eq!(client.breakers().list(0), [(server.address.clone(), BreakerState::Closed)]);
}

#[tokio::test]
async fn a_body_is_read_up_to_the_limit_only() {
    let endless = || async {
        let pieces =
            futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 1024])));
        Body::from_stream(pieces)
    };
    let router =
        Router::new().route("/endless", get(endless)).route("/big", get(|| async { "x".repeat(5000) }));
    let server = start(router).await;
    let client = client(settings());
    for path in ["/endless", "/big"] {
        let url = format!("{}{path}", server.url);
        let error = client.get(Target::Trusted, &url).max_body(4096).send().await.unwrap_err();
        assert!(matches!(error, HttpError::TooLarge { limit: 4096, .. }), "{error}");
    }
    let url = format!("{}/endless", server.url);
    let streaming = client.get(Target::Trusted, &url).max_body(4096).stream().await.unwrap();
    let pieces: Vec<_> = streaming.body.collect().await;
    assert!(matches!(pieces.last(), Some(Err(HttpError::TooLarge { .. }))));
    let read: usize = pieces.iter().flatten().map(Bytes::len).sum();
    assert!(read <= 4096);
}

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    let router = Router::new().route("/silent", get(|| async { std::future::pending::<()>().await })).route(
        "/half",
        get(|| async {
            let first = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"x"))]);
            Body::from_stream(first.chain(futures_util::stream::pending()))
        }),
    );
    let server = start(router).await;
    let client = client(settings());
    for path in ["/silent", "/half"] {
        let url = format!("{}{path}", server.url);
        let call = client.get(Target::Trusted, &url).retries(0).timeout(Duration::from_millis(50));
        assert!(matches!(call.send().await, Err(HttpError::TimedOut { after_ms: 50, .. })), "{path}");
    }
    let url = format!("{}/half", server.url);
    let call = client.get(Target::Trusted, &url).idle_timeout(Duration::from_millis(50));
    let pieces: Vec<_> = call.stream().await.unwrap().body.collect().await;
    assert!(matches!(pieces.last(), Some(Err(HttpError::TimedOut { .. }))));
}

#[tokio::test]
async fn a_user_supplied_url_cannot_reach_this_machine() {
    let (router, count) = flaky(0, StatusCode::OK, "0");
    let server = start(router).await;
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    let client = client(settings());
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0"] {
        let error = client.get(Target::Public, format!("http://{host}:{port}/")).send().await.unwrap_err();
        assert!(matches!(error, HttpError::Blocked { .. }), "{host}: {error}");
    }
    assert!(client.check_public("http://10.0.0.1/").is_err());
    assert!(client.check_public("https://example.com/").is_ok());
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_not_followed() {
    let (inner, count) = flaky(0, StatusCode::OK, "0");
    let inner = start(inner).await;
    let to_inner = inner.url.clone();
    let outer = Router::new()
        .route("/page", get(|| async { "page" }))
        .route("/moved", get(|| async { Redirect::permanent("/page") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route("/inside", get(move || async move { Redirect::temporary(&to_inner) }));
    let outer = start(outer).await;
    let client = client(HttpSettings { allow_private_hosts: vec![outer.address.clone()], ..settings() });
    let ask = |target, path: &str| client.get(target, format!("{}{path}", outer.url)).redirects(3).send();
    let page = ask(Target::Public, "/moved").await.unwrap();
    assert_eq!((page.text().as_str(), page.url.path()), ("page", "/page"));
    let error = ask(Target::Public, "/loop").await.unwrap_err();
    assert!(matches!(error, HttpError::TooManyRedirects { limit: 3, .. }), "{error}");
    for (target, path) in
        [(Target::Public, "/inside"), (Target::Trusted, "/inside"), (Target::Public, "/file")]
    {
        let error = ask(target, path).await.unwrap_err();
        assert!(matches!(error, HttpError::Blocked { .. }), "{target:?} {path}: {error}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
    let plain = client.get(Target::Trusted, format!("{}/moved", outer.url)).send().await.unwrap();
    assert_eq!(
        plain.status,
        StatusCode::PERMANENT_REDIRECT,
        "vendors' redirects are answers unless asked for"
    );
}

#[tokio::test]
async fn headers_of_the_caller_do_not_follow_to_another_origin() {
    let show = |headers: HeaderMap| async move {
        format!("{:?} {:?}", headers.get("authorization"), headers.get("x-api-key"))
    };
    let other = start(Router::new().route("/", get(show))).await;
    let to_other = other.url.clone();
    let first = Router::new()
        .route("/", get(move || async move { Redirect::temporary(&to_other) }))
        .route("/same", get(|| async { Redirect::temporary("/show") }))
        .route("/show", get(show));
    let first = start(first).await;
    let allowed = vec![other.address.clone(), first.address.clone()];
    let client = client(HttpSettings { allow_private_hosts: allowed, ..settings() });
    let ask = |path: &str| {
        let call = client.get(Target::Trusted, format!("{}{path}", first.url)).redirects(1);
        call.bearer("secret").secret_header("x-api-key", "secret").send()
    };
    assert_eq!(ask("/").await.unwrap().text(), "None None");
    assert!(!ask("/same").await.unwrap().text().contains("None"), "the same origin gets them");
}

#[tokio::test]
async fn bodies_arrive_as_written() {
    let echo = |headers: HeaderMap, body: String| async move {
        let kind =
            headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        format!("{}|{body}", kind.split(';').next().unwrap_or_default())
    };
    let server = start(Router::new().route("/", post(echo))).await;
    let client = client(settings());
    let call = || client.post(Target::Trusted, &server.url);
    let text = call().form(&[("a b", "c&d"), ("e", "é")]).send().await.unwrap().text();
    assert_eq!(text, "application/x-www-form-urlencoded|a+b=c%26d&e=%C3%A9");
    let text = call().json(&serde_json::json!({"a": 1})).send().await.unwrap().text();
    assert_eq!(text, "application/json|{\"a\":1}");
    let part = Part {
        name: "file".into(),
        file_name: Some("a.txt".into()),
        content_type: Some("text/plain".into()),
        content: Bytes::from_static(b"hello"),
    };
    let text = call().multipart(vec![part]).send().await.unwrap().text();
    assert!(
        text.starts_with("multipart/form-data|")
            && text.contains("filename=\"a.txt\"")
            && text.contains("hello")
    );
    let error = call().header("x-bad", "line\nbreak").send().await.unwrap_err();
    assert!(matches!(error, HttpError::Invalid(_)), "{error}");
}

#[tokio::test]
async fn an_error_never_shows_the_url() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let url = format!("http://{address}/bot-token/send?key=secret");
    let error = client(settings()).post(Target::Trusted, &url).send().await.unwrap_err();
    assert!(matches!(error, HttpError::Connect { .. }), "{error}");
    assert!(!error.to_string().contains("token") && !error.to_string().contains("secret"), "{error}");
}

/// A TLS server of our own authority that answers every connection once; and the authority's certificate.
async fn start_tls() -> (Server, String) {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret";
                tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await.unwrap();
                tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
            }
        }
    });
    (Server { url: format!("https://{address}/"), address }, cert.pem())
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_not_spoken_to_unless_the_operator_trusts_it() {
    let (server, authority) = start_tls().await;
    let error = client(settings()).get(Target::Trusted, &server.url).retries(0).send().await.unwrap_err();
    assert!(matches!(&error, HttpError::Connect { reason, .. } if reason.contains("certificate")), "{error}");
    let trusting = client(HttpSettings { extra_roots_pem: vec![authority], ..settings() });
    assert_eq!(trusting.get(Target::Trusted, &server.url).send().await.unwrap().text(), "secret");
}

#[tokio::test]
async fn an_error_body_can_be_read_from_a_streamed_answer() {
    let broken = || async { (StatusCode::BAD_REQUEST, "x".repeat(100)).into_response() as Response };
    let server = start(Router::new().route("/", get(broken))).await;
    let streaming = client(settings()).get(Target::Trusted, &server.url).stream().await.unwrap();
    assert_eq!(streaming.status, StatusCode::BAD_REQUEST);
    assert_eq!(streaming.read_up_to(10).await.len(), 10);
}
