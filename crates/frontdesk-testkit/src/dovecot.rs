//! A real mail server: Dovecot, started for one test on free local ports and stopped with it.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use frontdesk_domain::time::Timestamp;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;

/// The user's password, with signs that want quoting.
pub const PASSWORD: &str = "pass \"word\\1";

/// The server with one mailbox, of `desk`.
pub struct Dovecot {
    folder: tempfile::TempDir,
    server: std::process::Child,
    /// In the clear, with STARTTLS.
    pub port: u16,
    /// TLS from the start.
    pub tls_port: u16,
    /// The authority that its certificate, for `localhost`, is of.
    pub root: String,
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Asked to end, it ends its own processes; killed, it would leave them.
        let ended = Command::new("kill").arg(self.server.id().to_string()).status();
        if ended.is_ok_and(|status| status.success()) {
            let _ = self.server.wait();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Dovecot refuses to serve as root; root's tests run it as `nobody`.
fn account() -> (String, String, String, String) {
    let name = if said("id", &["-u"]) == "0" { "nobody".to_owned() } else { said("id", &["-un"]) };
    let id = |what: &str| said("id", &[what, &name]);
    (id("-un"), id("-gn"), id("-u"), id("-g"))
}

impl Dovecot {
    /// Starts one; its mailbox is empty.
    pub async fn start() -> Self {
        let program = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot"]
            .into_iter()
            .find(|path| std::path::Path::new(path).exists())
            .unwrap_or_else(|| panic!("Dovecot is not installed; run scripts/bootstrap, which installs it"));
        let mut log = String::new();
        // Another program may take a port between our choosing and the server's binding it.
        for _ in 0..5 {
            let folder = tempfile::Builder::new().prefix("frontdesk-dovecot").tempdir_in("/tmp").unwrap();
            let (port, tls_port) = (free_port(), free_port());
            let root = prepare(&folder, port, tls_port);
            let (user, group, ..) = account();
            let config = folder.path().join("dovecot.conf");
            let is_self = said("id", &["-un"]) == user;
            let mut command = Command::new(if is_self { program } else { "setpriv" });
            if !is_self {
                command.args([
                    &format!("--reuid={user}"),
                    &format!("--regid={group}"),
                    "--clear-groups",
                    program,
                ]);
            }
            command
                .args(["-F", "-c"])
                .arg(&config)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let mut dovecot = Self { folder, server: command.spawn().unwrap(), port, tls_port, root };
            if dovecot.greets().await {
                return dovecot;
            }
            log = std::fs::read_to_string(dovecot.folder.path().join("log")).unwrap_or_default();
        }
        panic!("Dovecot does not start:\n{log}");
    }

    /// Whether it comes to greet before it ends.
    async fn greets(&mut self) -> bool {
        while self.server.try_wait().unwrap().is_none() {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", self.port)).await {
                let mut lines = BufReader::new(stream).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line.contains("ready") {
                        return true;
                    }
                }
            }
            tokio::task::yield_now().await;
        }
        false
    }

    /// The moment it was started, by the clock that says when mails came.
    pub fn started_at(&self) -> Timestamp {
        let written = std::fs::metadata(self.folder.path().join("users")).unwrap().modified().unwrap();
        let since = written.duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp::from_millis(since.as_millis() as i64)
    }

    fn maildir(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// A mail comes to the mailbox.
    pub fn deliver(&self, name: &str, mail: &str) {
        let unfinished = self.maildir().join("tmp").join(name);
        std::fs::write(&unfinished, mail).unwrap();
        let (_, _, user, group) = account();
        let (user, group): (u32, u32) = (user.parse().unwrap(), group.parse().unwrap());
        if std::fs::metadata(&unfinished).unwrap().uid() != user {
            std::os::unix::fs::chown(&unfinished, Some(user), Some(group)).unwrap();
        }
        std::fs::rename(unfinished, self.maildir().join("new").join(name)).unwrap();
    }

    /// The mails that are there, by name, and whether each is seen; Maildir keeps that in the file's name.
    pub fn mails(&self) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for part in ["new", "cur"] {
            for entry in std::fs::read_dir(self.maildir().join(part)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let (stem, flags) = name.split_once(":2,").unwrap_or((&name, ""));
                found.push((stem.to_owned(), flags.contains('S')));
            }
        }
        found.sort();
        found
    }

    /// The server forgets its numbers, as after its folder was restored from a copy.
    pub fn renumber(&self) {
        for entry in std::fs::read_dir(self.maildir()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::remove_file(path).unwrap();
            }
        }
        // The numbering is named by the second it began in; a later one is certain this way.
        std::fs::write(
            self.maildir().join("dovecot-uidlist"),
            "3 V2000000000 N1 G00112233445566778899aabbccddeeff\n",
        )
        .unwrap();
        give(&self.maildir());
    }
}

/// Gives everything in a folder to the account the server runs as.
fn give(folder: &std::path::Path) {
    let (user, group, ..) = account();
    if said("id", &["-un"]) != user {
        let status =
            Command::new("chown").arg("-R").arg(format!("{user}:{group}")).arg(folder).status().unwrap();
        assert!(status.success());
    }
}

/// Writes what it needs; gives the authority of its certificate.
fn prepare(folder: &tempfile::TempDir, port: u16, tls_port: u16) -> String {
    let at = |name: &str| folder.path().join(name).display().to_string();
    let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(at("cert.pem"), certificate.cert.pem()).unwrap();
    std::fs::write(at("key.pem"), certificate.signing_key.serialize_pem()).unwrap();
    std::fs::write(at("users"), format!("desk:{{PLAIN}}{PASSWORD}\n")).unwrap();
    for name in ["base", "state", "mail/new", "mail/cur", "mail/tmp"] {
        std::fs::create_dir_all(at(name)).unwrap();
    }
    let (user, group, uid, gid) = account();
    let config = format!(
        "base_dir = {base}\nstate_dir = {state}\nlog_path = {log}\nprotocols = imap\nlisten = 127.0.0.1\n\
         ssl = yes\nssl_cert = <{cert}\nssl_key = <{key}\ndisable_plaintext_auth = no\n\
         default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n\
         default_process_limit = 10\ndefault_client_limit = 50\nauth_failure_delay = 0\n\
         mail_location = maildir:{mail}\nmaildir_very_dirty_syncs = no\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {port}\n  }}\n  \
         inet_listener imaps {{\n    port = {tls_port}\n    ssl = yes\n  }}\n}}\nservice anvil {{\n  chroot =\n}}\n\
         service stats {{\n  client_limit = 50\n}}\n\
         passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN {users}\n}}\n\
         userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={home}\n}}\n",
        base = at("base"),
        state = at("state"),
        log = at("log"),
        cert = at("cert.pem"),
        key = at("key.pem"),
        mail = at("mail"),
        users = at("users"),
        home = at("home"),
    );
    std::fs::write(at("dovecot.conf"), config).unwrap();
    give(folder.path());
    certificate.cert.pem()
}
