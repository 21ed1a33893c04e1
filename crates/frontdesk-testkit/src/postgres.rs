//! One throwaway PostgreSQL server per test run, and one database per test.
//!
//! The first test that needs it starts `supervise.sh`, which runs the server from the installed programs as an ordinary
//! user, on a Unix socket, and ends it when no test process is left: each holds a shared file lock that the kernel
//! releases however the process ends. So it does not matter whether tests are threads (`cargo test`) or processes
//! (nextest), in which order they run, or how they die. Databases are copied from a template that is migrated once per
//! test binary.

use std::fs::{self, File, TryLockError};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use frontdesk_store::{Store, StoreSettings};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

const SUPERVISE: &str = include_str!("supervise.sh");
/// Accounts the server runs as when the tests run as root, in order of preference.
const ACCOUNTS: &[&str] = &["postgres", "nobody"];
const MISSING: &str = "PostgreSQL's server programs (initdb, postgres, pg_isready) were not found on the PATH or under \
    /usr/lib/postgresql/*/bin; run scripts/bootstrap, which installs them";

/// A database of this test alone; dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    server: PathBuf,
}

impl TestDatabase {
    /// A fresh copy of the migrated template.
    pub async fn create() -> Result<Self> {
        let made = Self::make(true).await?;
        Ok(made)
    }

    /// A database without any table.
    pub async fn create_empty() -> Result<Self> {
        Self::make(false).await
    }

    async fn make(migrated: bool) -> Result<Self> {
        let server = tokio::task::spawn_blocking(server).await??;
        let admin = connect(&server, "postgres").await?;
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        let template =
            if migrated { prepare_template(&server, &admin).await? } else { "template0".to_owned() };
        admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
        admin.close().await?;
        Ok(Self { name, server })
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        url(&self.server, &self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Dropping is not async, and the test's own runtime may be the one that is waiting for us.
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let admin = connect(&server, "postgres").await?;
                admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
                Ok(admin.close().await?)
            })
        });
        // What is left goes with the server.
        let _ = dropping.join();
    }
}

/// Makes sure this binary's template exists; returns its name.
async fn prepare_template(server: &Path, admin: &DatabaseConnection) -> Result<String> {
    let name = format!("template_{}", fingerprint()?);
    // Serialises all test processes; the lock belongs to this one connection.
    admin.execute_unprepared("SELECT pg_advisory_lock(20260318)").await?;
    let found = admin
        .query_one_raw(Statement::from_sql_and_values(
            admin.get_database_backend(),
            "SELECT 1 FROM pg_database WHERE datname = $1",
            [name.clone().into()],
        ))
        .await?;
    if found.is_none() {
        let draft = format!("{name}_draft");
        admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {draft} TEMPLATE template0")).await?;
        let store = Store::connect(&StoreSettings { url: url(server, &draft), connections: 2 }).await?;
        store.migrate().await?;
        store.close().await;
        admin
            .execute_unprepared(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{draft}'"
            ))
            .await?;
        admin.execute_unprepared(&format!("ALTER DATABASE {draft} RENAME TO {name}")).await?;
    }
    admin.execute_unprepared("SELECT pg_advisory_unlock(20260318)").await?;
    Ok(name)
}

/// Tells builds of the schema apart: another binary, or the same one built anew, gets a template of its own.
fn fingerprint() -> Result<String> {
    use std::hash::{Hash, Hasher};
    let program = std::env::current_exe()?;
    let about = fs::metadata(&program)?;
    let mut hasher = std::hash::DefaultHasher::new();
    (program, about.len(), about.mtime(), about.mtime_nsec()).hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn url(server: &Path, database: &str) -> String {
    format!("postgres://frontdesk@localhost/{database}?host={}", server.display())
}

async fn connect(server: &Path, database: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url(server, database));
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

/// The folder of the running server's socket; starts the server when there is none.
fn server() -> Result<PathBuf> {
    /// Held until the process ends.
    static LEASE: OnceLock<File> = OnceLock::new();
    static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());

    let _one_at_a_time = STARTING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = folder()?;
    let lease_path = folder.join("lease");
    if LEASE.get().is_none() {
        let lease = open(&lease_path)?;
        lease.lock_shared()?;
        LEASE.get_or_init(|| lease);
    }
    // Other processes look only after the server is up or is known not to start.
    let starting = open(&folder.join("starting"))?;
    starting.lock()?;
    let alive_path = folder.join("alive");
    let place = folder.join("server");
    let alive = open(&alive_path)?;
    match alive.try_lock_shared() {
        Err(TryLockError::WouldBlock) => return Ok(PathBuf::from(fs::read_to_string(&place)?)),
        Err(TryLockError::Error(error)) => return Err(error.into()),
        Ok(()) => alive.unlock()?,
    }
    let socket = start(&lease_path, &alive_path)?;
    fs::write(&place, &socket)?;
    Ok(PathBuf::from(socket))
}

/// Where this user's test processes meet. In the temporary folder, because the server's account must reach it.
fn folder() -> Result<PathBuf> {
    let me = tempfile::tempfile()?.metadata()?.uid();
    let folder = PathBuf::from(format!("/tmp/frontdesk-testkit-{me}"));
    fs::create_dir_all(&folder)?;
    ensure!(fs::metadata(&folder)?.uid() == me, "{} belongs to someone else", folder.display());
    Ok(folder)
}

fn open(path: &Path) -> Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .with_context(|| format!("opening {}", path.display()))
}

fn start(lease: &Path, alive: &Path) -> Result<String> {
    let mut command = as_ordinary_user(lease)?;
    command
        .args(["sh", "-c", SUPERVISE, "supervise"])
        .arg(programs()?)
        .args([lease, alive])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A runner that ends this test's group must not end the server under the others.
        .process_group(0);
    let mut child = command.spawn().context("starting PostgreSQL for the tests")?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    let socket = line.trim();
    if socket.is_empty() {
        let mut reason = String::new();
        if let Some(mut err) = child.stderr.take() {
            err.read_to_string(&mut reason)?;
        }
        child.wait()?;
        bail!("PostgreSQL did not start for the tests: {}", reason.trim());
    }
    // Whoever is its parent by then buries it.
    std::thread::spawn(move || child.wait());
    Ok(socket.to_owned())
}

/// `env`, run as an ordinary user: PostgreSQL refuses to run as root.
fn as_ordinary_user(own_file: &Path) -> Result<Command> {
    let mut command;
    if fs::metadata(own_file)?.uid() == 0 {
        let accounts = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
        let account = ACCOUNTS
            .iter()
            .find(|name| accounts.lines().any(|line| line.starts_with(&format!("{name}:"))))
            .context("running as root, and there is neither an account `postgres` nor `nobody` to run PostgreSQL as")?;
        command = Command::new("setpriv");
        command.args(["--reuid", account, "--regid"]).arg(group_of(&accounts, account)?);
        command.args(["--clear-groups", "env"]);
    } else {
        command = Command::new("env");
    }
    command.current_dir("/").env("LC_ALL", "C");
    Ok(command)
}

fn group_of(accounts: &str, account: &str) -> Result<String> {
    let line = accounts.lines().find(|line| line.starts_with(&format!("{account}:")));
    let group = line.and_then(|line| line.split(':').nth(3));
    group.map(str::to_owned).with_context(|| format!("`{account}` has no group in /etc/passwd"))
}

/// The folder of the server's programs: the newest of `/usr/lib/postgresql/*/bin`, or on the PATH.
fn programs() -> Result<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    folders.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders
        .into_iter()
        .map(|(_, folder)| folder)
        .chain(std::env::split_paths(&path))
        .find(|folder| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file()))
        .context(MISSING)
}
