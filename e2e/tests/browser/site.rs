//! A server of one's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// What Ada signs in with.
pub const EMAIL: &str = "ada@fieldwork.example";
/// Her password.
pub const PASSWORD: &str = "both sides of the table";

/// A running server with data of its own; both are gone when it is dropped.
pub struct Site {
    /// `http://127.0.0.1:…`, without a slash at its end.
    pub address: String,
    child: Child,
    data: PathBuf,
}

impl Site {
    /// A server that nobody has set up.
    pub fn empty() -> Self {
        Self::serve(folder())
    }

    /// The workspace Fieldwork Software, owned by Ada.
    pub fn with_owner() -> Self {
        let data = folder();
        let mut init = program()
            .args(["init", "--workspace", "Fieldwork Software", "--name", "Ada Lind", "--email", EMAIL])
            .args(["--password-stdin", "--data"])
            .arg(&data)
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program starts");
        init.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(init.wait().unwrap().success(), "init says no");
        Self::serve(data)
    }

    /// The demo, and the link that signs somebody in.
    pub fn demo() -> (Self, String) {
        let data = folder();
        let mut command = program();
        command.args(["demo", "--port", "0", "--data"]).arg(&data);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the program starts");
        let link = said(child.stdout.take().unwrap(), "Sign in: ");
        let address = link.split("/pass/").next().unwrap().to_owned();
        (Self { address, child, data }, link)
    }

    /// Adds somebody who sells, with Ada's password.
    pub fn add_seller(&self, name: &str, email: &str) {
        let mut add = program()
            .args(["member", "add", "--name", name, "--email", email, "--password-stdin", "--data"])
            .arg(&self.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        add.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(add.wait().unwrap().success(), "member add says no");
    }

    /// The path of the page that is shared with the client of a deal, by a fresh link.
    pub fn client_page(&self, deal: &str) -> String {
        let made = program()
            .args(["client-link", "create", "--json", "--deal", deal, "--data"])
            .arg(&self.data)
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&made.stdout);
        let said: serde_json::Value = serde_json::from_str(&said).expect("it answers as JSON");
        let url = said.get("url").and_then(serde_json::Value::as_str).expect("it answers with the link");
        format!("/c/{}", url.rsplit('/').next().unwrap())
    }

    fn serve(data: PathBuf) -> Self {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let address = said(child.stderr.take().unwrap(), "Sameside is at ");
        Self { address, child, data }
    }
}

/// What a program says after some words; the rest of what it says is read and dropped, or it would wait for room.
fn said(pipe: impl Read + Send + 'static, before: &str) -> String {
    let mut lines = BufReader::new(pipe).lines().map_while(Result::ok);
    let found = lines.find_map(|line| line.split_once(before).map(|(_, after)| after.trim().to_owned()));
    std::thread::spawn(move || lines.for_each(drop));
    found.unwrap_or_else(|| panic!("the program does not say {before:?}"))
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end or to wait for.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A folder that does not exist yet.
pub fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("sameside-journey-{}-{n}", std::process::id()))
}

fn program() -> Command {
    let file = target().join("debug").join("sameside");
    assert!(file.exists(), "{} is not there: cargo build", file.display());
    let mut command = Command::new(file);
    command.env_remove("SAMESIDE_DATABASE").env("SAMESIDE_LOG", "warn");
    command
}

/// The folder of everything that is built.
pub fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .find(|folder| folder.ends_with("debug"))
        .and_then(Path::parent)
        .expect("target/debug")
        .to_owned()
}
