//! A browser that judges every page it is shown: no accessibility violation, nothing wrong in its console.

use crate::site::{EMAIL, PASSWORD, Site, folder, target};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// How long is waited for something to appear, in seconds.
const WAIT_SECONDS: u64 = 20;
/// Kinds of rules that pages are held to.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// How wide the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A desk.
    Wide,
    /// A phone.
    Narrow,
}

impl Width {
    const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    const fn pixels(self) -> (u32, u32) {
        match self {
            Self::Wide => (1280, 900),
            Self::Narrow => (390, 844),
        }
    }
}

/// A browser with nothing in it.
pub struct Browser {
    pub client: Client,
    address: String,
    driver: Driver,
    profile: PathBuf,
}

impl Browser {
    /// Opens a browser in front of a site.
    pub async fn at(site: &Site) -> Self {
        let driver = Driver::start();
        let profile = folder();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=en-GB",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let wishes = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = ClientBuilder::new(connector)
            .capabilities(wishes.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("a browser opens");
        let browser = Self { client, address: site.address.clone(), driver, profile };
        browser.show(Width::Wide, false).await;
        browser
    }

    /// Opens a browser in front of a site, with Ada signed in.
    pub async fn signed_in(site: &Site) -> Self {
        let browser = Self::at(site).await;
        browser.sign_in().await;
        browser
    }

    /// Signs Ada in.
    pub async fn sign_in(&self) {
        self.sign_in_as(EMAIL, PASSWORD).await;
    }

    /// Signs somebody in.
    pub async fn sign_in_as(&self, email: &str, password: &str) {
        self.go("/sign-in").await;
        self.fill("E-mail", email).await;
        self.fill("Password", password).await;
        self.press("Sign in").await;
        self.arrives_at("/").await;
    }

    /// Goes to a page of the site.
    pub async fn go(&self, path: &str) {
        let address =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.address) };
        self.client.goto(&address).await.unwrap();
    }

    /// Where it is, without the site's address.
    pub async fn path(&self) -> String {
        let address = self.client.current_url().await.unwrap();
        address.as_str().strip_prefix(&self.address).unwrap_or(address.as_str()).to_owned()
    }

    /// Waits until something is true.
    pub async fn until(&self, what: &str, is_true: impl AsyncFn(&Self) -> bool) {
        let until = tokio::time::Instant::now() + Duration::from_secs(WAIT_SECONDS);
        while !is_true(self).await {
            assert!(
                tokio::time::Instant::now() < until,
                "{what}: not at {}, which says: {}",
                self.path().await,
                self.words().await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the path is this one.
    pub async fn arrives_at(&self, path: &str) {
        self.until(&format!("arriving at {path}"), async |browser| browser.path().await == path).await;
    }

    /// What the page says.
    pub async fn words(&self) -> String {
        self.text_of("body").await
    }

    /// What a part of the page says; nothing if it is not there.
    pub async fn text_of(&self, part: &str) -> String {
        // A part may be replaced between being found and being read.
        match self.client.find(Locator::Css(part)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page says something.
    pub async fn says(&self, words: &str) {
        self.until(&format!("reading {words:?}"), async |browser| browser.words().await.contains(words))
            .await;
    }

    /// Types into the field with a name, in place of what was there.
    pub async fn type_into(&self, name: &str, text: &str) {
        let field = self.wait_for(Locator::Css(&format!("[name={name}]")), name).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Types into the field with a name, leaves it, and waits until the page has taken it.
    pub async fn answer(&self, name: &str, text: &str) {
        self.run::<()>(
            "window.swaps ??= (document.addEventListener('htmx:after:swap', () => window.swaps++), 0); window.seen = window.swaps",
        )
        .await;
        self.type_into(name, &format!("{text}\u{E004}")).await;
        self.until(&format!("{name} is taken"), async |browser| {
            browser.run::<bool>("return window.swaps > window.seen").await
        })
        .await;
    }

    /// What the field with a name holds.
    pub async fn value_of(&self, name: &str) -> String {
        let field = self.wait_for(Locator::Css(&format!("[name={name}]")), name).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Presses keys wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// The field with a label.
    pub async fn field(&self, label: &str) -> fantoccini::elements::Element {
        let path = format!(
            "//*[@id = //label[normalize-space(.) = \"{label}\" or starts-with(normalize-space(.), \"{label}\")]/@for]"
        );
        self.wait_for(Locator::XPath(&path), label).await
    }

    /// Types into the field with a label, in place of what was there.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses a button or follows a link that can be seen, by its words.
    pub async fn press(&self, words: &str) {
        let path = format!(
            "//*[(self::button or self::a or self::summary) and (@aria-label = \"{words}\" or \
              descendant-or-self::*[normalize-space(.) = \"{words}\" or text()[normalize-space(.) = \"{words}\"]])]"
        );
        let before = self.path().await;
        self.until(&format!("pressing {words:?}"), async |browser| {
            // A click that leads elsewhere may be answered by the driver only when its element is gone.
            if browser.path().await != before {
                return true;
            }
            for element in browser.client.find_all(Locator::XPath(&path)).await.unwrap() {
                if element.is_displayed().await.unwrap_or(false) && element.click().await.is_ok() {
                    return true;
                }
            }
            false
        })
        .await;
    }

    async fn wait_for(&self, what: Locator<'_>, name: &str) -> fantoccini::elements::Element {
        let found = self.client.wait().at_most(Duration::from_secs(WAIT_SECONDS)).for_element(what).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {name:?} ({error}) on: {}", self.words().await),
        }
    }

    /// Judges the page it is at, and takes its picture wide and narrow, light and dark.
    pub async fn looks_right(&self, name: &str) {
        for dark in [false, true] {
            for width in Width::ALL {
                self.show(width, dark).await;
                let look = format!("{name}-{}-{}", width.pixels().0, if dark { "dark" } else { "light" });
                self.picture(&look).await;
                self.is_accessible(&look).await;
                let wider: bool = self.run("return document.documentElement.scrollWidth > innerWidth").await;
                assert!(!wider, "{look}: it must be pushed sideways to be read");
            }
        }
        self.show(Width::Wide, false).await;
        self.has_quiet_console(name).await;
    }

    /// The page as a picture in `target/screenshots`, as high as it is, so that nothing of it is below the fold.
    pub async fn picture(&self, name: &str) {
        let size = "return [innerWidth, Math.min(Math.max(innerHeight, document.documentElement.scrollHeight), 6000)]";
        let (wide, high): (u32, u32) = self.run(size).await;
        self.window(name, wide, high).await;
    }

    /// What a window of this size shows, as a picture in `target/screenshots`.
    pub async fn window(&self, name: &str, wide: u32, high: u32) {
        let metrics = json!({ "width": wide, "height": high, "deviceScaleFactor": 1, "mobile": wide < 600 });
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), self.client.screenshot().await.unwrap()).unwrap();
    }

    /// No rule of accessibility is broken.
    pub async fn is_accessible(&self, name: &str) {
        self.client.execute(axe(), vec![]).await.unwrap();
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})
              .then(found => done(found.violations.map(it =>
                `${it.id}: ${it.help}\\n` + it.nodes.map(node => `    ${node.html}\\n    ${node.failureSummary}`).join('\\n'))))
              .catch(error => done([String(error)]))";
        let found = self.client.execute_async(script, vec![json!(RULES)]).await.unwrap();
        let found: Vec<String> = serde_json::from_value(found).unwrap();
        assert!(found.is_empty(), "{name} is not accessible:\n{}", found.join("\n"));
    }

    /// Nothing went wrong in the page's scripts, nothing was refused by its policy, nothing failed to load.
    pub async fn has_quiet_console(&self, name: &str) {
        let said = self.client.issue_cmd(Ask::post("se/log", json!({ "type": "browser" }))).await.unwrap();
        let wrong: Vec<String> = said
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            // A form that is sent back with a word at its field is not an error of the page.
            .filter(|message| !message.contains("status of 422") && !message.contains("status of 409"))
            .collect();
        assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
    }

    /// How wide the window is, and whether it is dark.
    pub async fn show(&self, width: Width, dark: bool) {
        let (wide, high) = width.pixels();
        let metrics = json!({
            "width": wide, "height": high, "deviceScaleFactor": 1, "mobile": width == Width::Narrow,
        });
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.tell("Emulation.setEmulatedMedia", features).await;
    }

    /// From the next page on, no script of a page runs.
    pub async fn without_scripts(&self) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    }

    /// Runs a script in the page.
    pub async fn run<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        serde_json::from_value(self.client.execute(script, vec![]).await.unwrap()).unwrap()
    }

    async fn tell(&self, command: &str, parameters: Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Ask::post("goog/cdp/execute", body)).await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.driver.stop();
        // What stays of the profile is only a nuisance.
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// A command that the library has no name for.
#[derive(Debug)]
struct Ask {
    path: &'static str,
    body: Value,
}

impl Ask {
    const fn post(path: &'static str, body: Value) -> Self {
        Self { path, body }
    }
}

impl WebDriverCompatibleCommand for Ask {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// The program that drives a browser.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is on the path (Debian: chromium-driver)");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, after) = line.split_once("started successfully on port ")?;
                after.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver says its port");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    /// Asks it to go, because only then does it take its browser along.
    fn stop(&mut self) {
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            stream.write_all(b"GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
            stream.read_to_end(&mut Vec::new())
        });
        if asked.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The script that knows the rules, fetched once by its lock file.
fn axe() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    SCRIPT.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = target().join("e2e");
        let lock = std::fs::read_to_string(here.join("package-lock.json")).unwrap();
        let stamp = folder.join("fetched");
        if std::fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == lock) {
            return std::fs::read_to_string(folder.join("node_modules/axe-core/axe.min.js")).unwrap();
        }
        std::fs::create_dir_all(&folder).unwrap();
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(here.join(file), folder.join(file)).unwrap();
        }
        let fetched = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
            .current_dir(&folder)
            .output()
            .expect("npm is on the path");
        assert!(fetched.status.success(), "npm: {}", String::from_utf8_lossy(&fetched.stderr));
        std::fs::write(stamp, lock).unwrap();
        std::fs::read_to_string(folder.join("node_modules/axe-core/axe.min.js")).unwrap()
    })
}
