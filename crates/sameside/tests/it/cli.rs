//! The program itself, started as people start it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("sameside-cli-{}", uuid::Uuid::new_v4().simple())))
    }

    /// Runs a command on this data to its end.
    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = program()
            .args(arguments)
            .arg("--data")
            .arg(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that needs no input may have ended before it is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn init(&self) {
        let arguments =
            ["init", "--workspace", "Fieldwork", "--email", "ada@fieldwork.example", "--password-stdin"];
        let done = self.run(&arguments, "both sides of the table\n");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A folder that stays behind is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sameside"));
    for name in
        ["SAMESIDE_DATA", "SAMESIDE_DATABASE", "SAMESIDE_LISTEN", "SAMESIDE_LOG", "SAMESIDE_LOG_FORMAT"]
    {
        command.env_remove(name);
    }
    command
}

/// A server on the data of a place.
struct Server {
    child: Child,
    address: String,
    log: std::thread::JoinHandle<Vec<String>>,
}

impl Server {
    fn on(place: &Place) -> Self {
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&place.0)
            .env("SAMESIDE_LOG_FORMAT", "json")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| line.split_once("Sameside is at http://").map(|(_, address)| address.to_owned()))
            .expect("the server says where it is");
        let log = std::thread::spawn(move || lines.collect());
        Self { child, address, log }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        answer(&mut stream)
    }

    fn ask_to_stop(&self) {
        let asked =
            Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status().unwrap();
        assert!(asked.success());
    }

    /// Waits for its end; answers with its log.
    fn ended(mut self) -> Vec<String> {
        assert!(self.child.wait().unwrap().success());
        self.log.join().unwrap()
    }
}

fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_server_asked_to_stop_finishes_what_it_has_in_hand() {
    let place = Place::new();
    place.init();
    let server = Server::on(&place);
    let mut stream = server.connect();
    let form = "email=nobody%40fieldwork.example&password=wrong";
    write!(
        stream,
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{}",
        form.len(),
        &form[..10]
    )
    .unwrap();
    // The server has the head and waits for the rest when it is asked to stop.
    std::thread::sleep(Duration::from_millis(300));
    server.ask_to_stop();
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&server.address).is_err(), "nobody new is let in");
    stream.write_all(&form.as_bytes()[10..]).unwrap();
    let said = answer(&mut stream);
    assert!(said.starts_with("HTTP/1.1 422"), "{said}");
    server.ended();
}

#[test]
fn the_log_has_a_line_for_every_request_and_no_secret() {
    let place = Place::new();
    place.init();
    let server = Server::on(&place);
    let secret = "5e".repeat(32);
    server.get(&format!("/pass/{secret}"));
    let said = server.get("/sign-in?next=/deals");
    server.get(&format!("/pas/{secret}"));
    server.ask_to_stop();
    let log = server.ended();
    assert!(!log.iter().any(|line| line.contains(&secret)), "{log:?}");
    let lines: Vec<serde_json::Value> = log
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    let found = lines.iter().find(|line| line["fields"]["path"] == "/sign-in").expect("a line for the page");
    assert_eq!((&found["fields"]["method"], &found["fields"]["status"]), (&"GET".into(), &200.into()));
    assert!(found["fields"]["ms"].is_number());
    let number = found["span"]["number"].as_str().unwrap();
    assert!(said.contains(&format!("x-request-id: {number}")), "{said}");
    assert!(lines.iter().any(|line| line["fields"]["path"] == "/pass/{token}"));
}

#[test]
fn backup_and_restore_work_while_the_server_serves() {
    let place = Place::new();
    place.init();
    let server = Server::on(&place);
    let file = place.0.join("all.gz");
    let file = file.to_str().unwrap();
    let made = place.run(&["backup", file], "");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read it");
    }
    let done = place.run(&["restore", file], "");
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}");
    assert!(told.contains("what was there before is in"), "{told}");
    assert!(server.get("/healthz").ends_with("true"));
    server.ask_to_stop();
    server.ended();
}

#[test]
fn a_backup_of_nothing_says_where_it_looked() {
    let place = Place::new();
    let made = place.run(&["backup", "all.gz"], "");
    assert_eq!(made.status.code(), Some(2));
    let told = String::from_utf8_lossy(&made.stderr);
    assert!(told.contains("sameside.db is not there") && told.contains("hint: name the folder"), "{told}");
    assert!(!place.0.exists(), "nothing is made by asking");
}

#[test]
fn the_page_of_the_command_line_is_true() {
    let text = sameside::cli::document();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    if std::fs::read_to_string(&page).unwrap_or_default() != text {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli.md");
        std::fs::write(&fresh, text).unwrap();
        panic!("docs/cli.md is not what the commands say: cp {} docs/cli.md", fresh.display());
    }
}

#[test]
fn the_rules_of_both_advocates_are_listed_as_a_document() {
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty());
        String::from_utf8(output.stdout).unwrap()
    };
    let document: serde_json::Value = serde_json::from_str(&run(&["advocates", "list", "--json"])).unwrap();
    let rules = document.as_array().unwrap();
    assert!(rules.len() >= 10);
    for rule in rules {
        let keys: Vec<&str> = rule.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "side", "principle", "explanation"], "these and no others");
        assert!(["client", "company"].contains(&rule["side"].as_str().unwrap()));
        assert!(rule["principle"].as_str().unwrap().starts_with('P'));
    }
    let words = run(&["advocates", "list"]);
    assert!(words.contains("For them") && words.contains("For us") && words.contains("past_budget (P4)"));
}
