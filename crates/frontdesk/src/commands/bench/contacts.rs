//! How fast a file of contacts is read in, and how long a page of their list takes: every order, with filters that let
//! through few, many and most, next pages and jumps.
//!
//! The people are made up: names that repeat as names do, numbers and addresses that do not, a custom field of three texts
//! and one of a thousand numbers. A debug build reads fewer.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use frontdesk_app::App;
use frontdesk_app::contact::import::{self, Upload};
use frontdesk_app::contact::list::{self, Ask, Sort};
use frontdesk_app::conversation::start;
use frontdesk_domain::contact::ContactStatus;
use frontdesk_domain::contact_import::{ImportPlan, ImportState};
use frontdesk_domain::contact_list::{ContactFilter, FieldComparison, FieldTest};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::ImportId;
use frontdesk_domain::random::{Random, SeededRandom};
use serde_json::{Value, json};

use super::{Bench, Figure, percentile};

const ROWS: u64 = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };
/// Next pages looked at for each order and filter.
const PAGES: usize = 6;
const STATES: [&str; 10] = [
    "pending",
    "pending",
    "pending",
    "pending",
    "pending",
    "pending",
    "contacted",
    "contacted",
    "qualified",
    "booked",
];
const STARTS: [&str; 12] = ["An", "Be", "Ce", "Da", "El", "Fe", "Gi", "Ha", "Jo", "Ka", "Li", "Mo"];
const ENDS: [&str; 12] = ["a", "na", "la", "ra", "ta", "lia", "s", "l", "x", "do", "vin", "rik"];

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::start().await?;
    let app = &bench.app;
    let door = start::open_door(app, frontdesk_app::demo::WIDGET_KEY, None).await?;
    let ctx = app.system(door.workspace, "bench");
    let (id, seconds) = read_in(app, &ctx).await?;
    let rate = ROWS as f64 / seconds;
    let lists = lists(app, &ctx, id).await?;
    bench.stop().await;
    let note =
        format!("{ROWS} rows of CSV with 9 columns, two of them custom fields, into an embedded database");
    let pages = format!(
        "{} pages of 50 and 250 of {ROWS} contacts: 5 orders, 8 filters, next pages and jumps",
        lists.len()
    );
    Ok(vec![
        ("contacts.import.rate".into(), rate, "rows/s", Some(16_667.0), "higher", note),
        ("contacts.list.p50".into(), percentile(&lists, 0.5), "ms", None, "lower", pages.clone()),
        ("contacts.list.p99".into(), percentile(&lists, 0.99), "ms", Some(50.0), "lower", pages),
    ])
}

/// Reads a file in; says how many seconds the job took.
async fn read_in(app: &App, ctx: &Context) -> anyhow::Result<(ImportId, f64)> {
    let random = SeededRandom::new(7);
    let pick = |some: &[&'static str]| {
        some.get((random.next_u64() % some.len() as u64) as usize).copied().unwrap_or_default()
    };
    let mut upload = Upload::begin(app, ctx, "people.csv").await?;
    let mut text = "Id,Name,Email,Phone,Company,Status,Tags,Plan,Size\n".to_owned();
    for n in 0..ROWS {
        let name = format!("{}{} {}{}", pick(&STARTS), pick(&ENDS), pick(&STARTS), pick(&ENDS));
        let tag = if n % 400 == 0 {
            "rare"
        } else if n % 20 == 0 {
            "vip"
        } else {
            ""
        };
        writeln!(
            text,
            "x{n},{name},p{n}@example.com,+1415{:07},Company {},{},{tag},{},{}",
            2_000_000 + n,
            n % 5_000,
            pick(&STATES),
            pick(&["Gold", "Silver", "Bronze"]),
            n % 1_000
        )?;
        if text.len() > 1 << 20 {
            upload.write(text.as_bytes()).await?;
            text.clear();
        }
    }
    upload.write(text.as_bytes()).await?;
    let file = upload.finish().await?;
    let columns = file.columns.iter().map(|column| column.suggestion.clone()).collect();
    let started = Instant::now();
    import::start(app, ctx, file.id, ImportPlan { columns, ..ImportPlan::default() }).await?;
    loop {
        let now = import::get(app, ctx, file.id).await?;
        match now.state {
            ImportState::Running => tokio::time::sleep(Duration::from_millis(50)).await,
            ImportState::Done => return Ok((file.id, started.elapsed().as_secs_f64())),
            other => anyhow::bail!("the import ended as {other:?}: {:?}", now.error),
        }
    }
}

fn field(key: &str, test: FieldComparison, value: Value) -> FieldTest {
    FieldTest { key: key.to_owned(), test, value: Some(value) }
}

fn filters(import: ImportId) -> Vec<ContactFilter> {
    let none = ContactFilter::default;
    vec![
        none(),
        ContactFilter { tags: vec!["rare".to_owned()], ..none() },
        ContactFilter { tags: vec!["vip".to_owned()], ..none() },
        ContactFilter { statuses: vec![ContactStatus::Booked], ..none() },
        ContactFilter { q: Some("ana".to_owned()), ..none() },
        ContactFilter { q: Some("p4711".to_owned()), import_id: Some(import), ..none() },
        ContactFilter { fields: vec![field("Size", FieldComparison::Below, json!(5))], ..none() },
        ContactFilter {
            statuses: vec![ContactStatus::Contacted],
            fields: vec![field("Plan", FieldComparison::Is, json!("gold"))],
            ..none()
        },
    ]
}

async fn lists(app: &App, ctx: &Context, import: ImportId) -> anyhow::Result<Vec<Duration>> {
    let mut taken = Vec::new();
    for filter in filters(import) {
        for sort in [Sort::Name, Sort::CreatedAt, Sort::LastSeenAt, Sort::LastContactedAt, Sort::Status] {
            for size in [50, 250] {
                let mut cursor = None;
                for _ in 0..PAGES {
                    let ask = Ask { filter: filter.clone(), sort, cursor, size, ..Ask::default() };
                    let started = Instant::now();
                    let page = list::list(app, ctx, ask).await?;
                    taken.push(started.elapsed());
                    cursor = page.next_cursor;
                    if cursor.is_none() {
                        break;
                    }
                }
            }
        }
    }
    for sort in [Sort::Name, Sort::CreatedAt, Sort::LastSeenAt] {
        for page in [2, 100, ROWS / 200, ROWS / 100, ROWS / 60] {
            let ask = Ask { sort, page: Some(page), size: 50, ..Ask::default() };
            let started = Instant::now();
            list::list(app, ctx, ask).await?;
            taken.push(started.elapsed());
        }
    }
    taken.sort_unstable();
    Ok(taken)
}
