//! Members, teams, one's own account: who may do what to whom.

use crate::world::{Answer, Browser, World, set_up};
use axum::http::StatusCode;
use sameside::accounts::{Member, Role, Sees};
use sameside::records::{self, Kept};

const PASSWORD: &str = "seven quiet herons";

/// The one-time link that a page shows.
fn link_in(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let at = answer.text.find("/pass/").expect("a link");
    answer.text[at..].chars().take("/pass/".len() + 64).collect()
}

fn of(member: &Kept<Member>, rest: &str) -> String {
    format!("/settings/members/{}{rest}", member.id)
}

/// A member's form as it is kept, with one field changed.
fn form<'f>(email: &'f str, field: &'f str, value: &'f str) -> Vec<(&'f str, &'f str)> {
    let kept =
        [("name", "Ben Okafor"), ("email", email), ("role", "seller"), ("sees", "own"), ("team_id", "")];
    kept.into_iter().map(|(name, old)| (name, if name == field { value } else { old })).collect()
}

const BEN: &str = "ben.okafor@fieldwork.example";

async fn now(world: &World, member: &Kept<Member>) -> Kept<Member> {
    let act = world.act().await;
    records::get(&mut world.app.read().await.unwrap(), &act.scope, member.id).await.unwrap()
}

async fn is_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn who_is_invited_gets_a_link_and_comes_in_with_the_role_that_was_chosen() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let filled = form("Ben.Okafor@fieldwork.example", "role", "manager");
    let link = link_in(&ada.post("/settings/members", &filled).await);
    let list = ada.get("/settings/members").await;
    assert!(list.text.contains("Ben Okafor") && list.text.contains("invited"), "{}", list.text);
    let answer = world.anon().post(&link, &[("name", "Ben Okafor"), ("password", PASSWORD)]).await;
    let ben = world.anon().let_in_by(&answer);
    let account = ben.get("/account").await;
    assert!(account.text.contains("Manager") && account.text.contains(BEN), "{}", account.text);
}

#[tokio::test]
async fn an_invitation_that_needs_mending_says_where() {
    let world = World::new().await;
    world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    for (email, field, value, says) in [
        ("cleo@fieldwork.example", "name", " ", "what they are called"),
        ("", "name", "Cleo", "the address they sign in with"),
        ("cleo", "name", "Cleo", "an e-mail address such as"),
        (BEN, "name", "Cleo", "an address that no other member has"),
        ("cleo@fieldwork.example", "role", "king", "one of the choices"),
        ("cleo@fieldwork.example", "sees", "team", "a team, to see what its members see"),
        ("cleo@fieldwork.example", "team_id", "0190b6f0-0000-7000-8000-000000000000", "a team that is there"),
    ] {
        let answer = ada.post("/settings/members", &form(email, field, value)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
        assert!(!answer.text.contains("/pass/"), "{says}");
    }
    assert!(!ada.get("/settings/members").await.text.contains("Cleo"), "nobody was made");
}

#[tokio::test]
async fn somebody_an_import_brought_is_marked_and_can_be_given_an_address_and_invited() {
    let world = World::new().await;
    let act = world.act().await;
    let brought = Member { email: None, ..world.ada.it.clone() };
    let brought = Member { name: "Darcel Schlecht".into(), role: Role::Seller, ..brought };
    let darcel = world
        .app
        .write(move |tx| {
            Box::pin(async move { sameside::accounts::actions::add_member(tx, &act, brought).await })
        })
        .await
        .unwrap();
    let ada = world.browser(&world.ada).await;
    assert!(ada.get("/settings/members").await.text.contains("cannot sign in"));
    assert!(ada.get(&of(&darcel, "")).await.text.contains("Save and invite"));
    let refused = ada.post(&of(&darcel, "/link"), &[]).await;
    assert_eq!(refused.leads_to(), of(&darcel, ""), "without an address there is no link");
    let with = |email, then| {
        [("name", "Darcel Schlecht"), ("email", email), ("role", "seller"), ("sees", "own"), ("then", then)]
    };
    let missing = ada.post(&of(&darcel, ""), &with("", "invite")).await;
    assert!(missing.text.contains("the address they sign in with"));
    let link = link_in(&ada.post(&of(&darcel, ""), &with("darcel@fieldwork.example", "invite")).await);
    let answer = world.anon().post(&link, &[("name", "Darcel"), ("password", PASSWORD)]).await;
    assert!(is_in(&world.anon().let_in_by(&answer)).await);
    assert_eq!(now(&world, &darcel).await.email.as_ref().unwrap().as_str(), "darcel@fieldwork.example");
}

#[tokio::test]
async fn a_new_role_counts_at_once() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let (ada, browser) = (world.browser(&world.ada).await, world.browser(&ben).await);
    assert_eq!(browser.get("/settings/members").await.status, StatusCode::FORBIDDEN);
    let answer = ada.post(&of(&ben, ""), &form(BEN, "role", "admin")).await;
    assert_eq!(answer.leads_to(), "/settings/members", "{}", answer.text);
    assert_eq!(browser.get("/settings/members").await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_admins_changing_one_member_see_each_others_words() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let with = |name| [("name", name), ("email", BEN), ("role", "seller"), ("sees", "own"), ("version", "1")];
    assert_eq!(ada.post(&of(&ben, ""), &with("Benjamin Okafor")).await.status, StatusCode::SEE_OTHER);
    let second = ada.post(&of(&ben, ""), &with("B. Okafor")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(
        second.text.contains("value=\"B. Okafor\"") && second.text.contains("<del>Benjamin Okafor</del>")
    );
    assert!(second.text.contains("name=\"version\" value=\"2\""));
    assert_eq!(now(&world, &ben).await.name, "Benjamin Okafor");
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let mine =
        |role| [("name", "Ada Lind"), ("email", "ada@fieldwork.example"), ("role", role), ("sees", "all")];
    let answer = ada.post(&of(&world.ada, ""), &mine("admin")).await;
    assert_eq!(answer.leads_to(), of(&world.ada, ""));
    let answer = ada.post(&of(&world.ada, "/suspension"), &[]).await;
    assert_eq!(answer.leads_to(), of(&world.ada, ""));
    let no_address = [("name", "Ada Lind"), ("email", ""), ("role", "owner"), ("sees", "all")];
    ada.post(&of(&world.ada, ""), &no_address).await;
    let kept = now(&world, &world.ada).await;
    assert_eq!((kept.role, kept.disabled_at, kept.email.is_some()), (Role::Owner, None, true));
    let ben = world.member("Ben Okafor", Role::Owner, Sees::All).await;
    assert_eq!(ada.post(&of(&world.ada, ""), &mine("admin")).await.leads_to(), "/settings/members");
    assert_eq!(now(&world, &world.ada).await.role, Role::Admin);
    assert!(is_in(&world.browser(&ben).await).await);
}

#[tokio::test]
async fn an_admin_neither_makes_owners_nor_touches_them() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Admin, Sees::All).await;
    let cleo = world.member("Cleo Martin", Role::Owner, Sees::All).await;
    let browser = world.browser(&ben).await;
    assert!(!browser.get("/settings/members/new").await.text.contains("value=\"owner\""));
    let page = browser.get(&of(&cleo, "")).await;
    assert!(page.text.contains("Only an owner changes an owner."));
    assert!(!page.text.contains("/suspension"));
    for (path, body) in [
        (of(&ben, ""), form(BEN, "role", "owner")),
        (of(&cleo, ""), form("cleo.martin@fieldwork.example", "role", "seller")),
        (of(&cleo, ""), form("mine@fieldwork.example", "role", "owner")),
        (of(&cleo, "/link"), vec![]),
        (of(&cleo, "/suspension"), vec![]),
        ("/settings/members".into(), form("dan@fieldwork.example", "role", "owner")),
    ] {
        let answer = browser.post(&path, &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {body:?}: {}", answer.text);
    }
    assert_eq!(now(&world, &ben).await.role, Role::Admin);
    assert_eq!(now(&world, &cleo).await.it, cleo.it);
}

#[tokio::test]
async fn members_and_teams_of_another_workspace_are_not_found() {
    let world = World::new().await;
    let otto = world.stranger().await;
    let browser = world.browser(&world.ada).await;
    let filled = form("otto@elsewhere.example", "name", "Mine now");
    assert_eq!(browser.get(&of(&otto, "")).await.status, StatusCode::NOT_FOUND);
    for rest in ["", "/link", "/suspension", "/readmission"] {
        assert_eq!(browser.post(&of(&otto, rest), &filled).await.status, StatusCode::NOT_FOUND, "{rest}");
    }
    let theirs = world.browser(&otto).await;
    let made = theirs.post("/settings/teams", &[("name", "Elsewhere North")]).await;
    let team = made.leads_to();
    assert_eq!(theirs.get(team).await.status, StatusCode::OK);
    assert_eq!(browser.get(team).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(&format!("{team}/removal"), &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/settings/teams").await.text.contains("Elsewhere"));
    assert!(!browser.get("/settings/members").await.text.contains("Otto"));
    let id = team.rsplit('/').next().unwrap();
    let answer = browser.post("/settings/members", &form("cleo@fieldwork.example", "team_id", id)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "not even as a team to choose");
}

#[tokio::test]
async fn one_address_may_be_in_two_workspaces_with_a_password_of_its_own_in_each() {
    let world = World::new().await;
    let other = set_up(&world.app, "Elsewhere", "Ada Elsewhere", "ada@fieldwork.example").await;
    for (member, password) in [(&world.ada, PASSWORD), (&other, "nine loud cranes")] {
        let browser = world.browser(member).await;
        let answer = browser.post("/account/password", &[("new", password)]).await;
        assert_eq!(answer.leads_to(), "/account", "{}", answer.text);
    }
    for (password, name) in [(PASSWORD, "Fieldwork Software"), ("nine loud cranes", "Elsewhere")] {
        let form = [("email", "ada@fieldwork.example"), ("password", password)];
        let answer = world.anon().post("/sign-in", &form).await;
        let page = world.anon().let_in_by(&answer).get("/account").await;
        assert!(page.text.contains(&format!("<small>{name}</small>")), "{name}");
    }
}

#[tokio::test]
async fn lower_roles_are_kept_out_of_the_settings() {
    let world = World::new().await;
    for (name, role) in
        [("Mara Silva", Role::Manager), ("Sam Ito", Role::Seller), ("Vera Sousa", Role::Viewer)]
    {
        let member = world.member(name, role, Sees::All).await;
        let browser = world.browser(&member).await;
        for path in ["/settings/members", "/settings/members/new", "/settings/teams", &of(&world.ada, "")] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{name} {path}");
        }
        for path in ["/settings", "/settings/members", "/settings/teams", &of(&world.ada, "/suspension")] {
            let answer = browser.post(path, &[("name", "x")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name} {path}");
        }
        assert!(is_in(&browser).await, "their own account is theirs");
    }
}

#[tokio::test]
async fn a_team_is_removed_when_nobody_is_in_it_any_more_and_comes_back() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let made = ada.post("/settings/teams", &[("name", "North")]).await;
    let team = made.leads_to().to_owned();
    for (name, says) in [("", "a name, such as"), ("nórth", "a name that no other team has")] {
        let answer = ada.post("/settings/teams", &[("name", name)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(says), "{}", answer.text);
    }
    let id = team.rsplit('/').next().unwrap();
    assert_eq!(ada.post(&of(&ben, ""), &form(BEN, "team_id", id)).await.leads_to(), "/settings/members");
    assert!(ada.get(&team).await.text.contains("Ben Okafor"));
    assert_eq!(ada.post(&format!("{team}/removal"), &[]).await.leads_to(), team, "it is not empty");
    assert_eq!(ada.get(&team).await.status, StatusCode::OK);
    ada.post(&of(&ben, ""), &form(BEN, "team_id", "")).await;
    assert_eq!(ada.post(&format!("{team}/removal"), &[]).await.leads_to(), "/settings/teams");
    assert_eq!(ada.get(&team).await.status, StatusCode::NOT_FOUND);
    ada.post(&format!("{team}/restoration"), &[]).await;
    assert!(ada.get("/settings/teams").await.text.contains("North"));
    let renamed = ada.post(&team, &[("name", "Far North")]).await;
    assert_eq!(renamed.leads_to(), "/settings/teams");
    assert!(ada.get(&team).await.text.contains("Far North"));
}

#[tokio::test]
async fn ones_own_account_is_ones_own_to_change_whatever_the_role() {
    let world = World::new().await;
    let vera = world.member("Vera Sousa", Role::Viewer, Sees::Own).await;
    let browser = world.browser(&vera).await;
    let form =
        [("name", "Vera Sousa Lima"), ("time_zone", "America/New_York"), ("locale", "de"), ("role", "owner")];
    assert_eq!(browser.post("/account", &form).await.leads_to(), "/account");
    let kept = now(&world, &vera).await;
    assert_eq!(kept.name, "Vera Sousa Lima");
    assert_eq!(kept.time_zone.as_deref(), Some("America/New_York"));
    assert_eq!((kept.role, kept.sees), (Role::Viewer, Sees::Own), "what is not hers stays");
    let page = browser.get("/account").await;
    assert!(page.text.contains("22. Nov. 2026, 07:00"), "her zone and language count at once: {}", page.text);
    for (field, value, says) in [
        ("name", "", "what your colleagues call you"),
        ("time_zone", "Mars/Olympus", "a time zone such as"),
        ("locale", "tlh", "one of the choices"),
    ] {
        let form = form.map(|(name, old)| (name, if name == field { value } else { old }));
        let answer = browser.post("/account", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.text.contains(says), "{field}: {}", answer.text);
    }
    let stale = [("name", "Vera"), ("time_zone", ""), ("locale", ""), ("version", "1")];
    let answer = browser.post("/account", &stale).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("<del>Vera Sousa Lima</del>"), "{}", answer.text);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_old_one_and_other_browsers_are_out() {
    let world = World::new().await;
    let (here, elsewhere) = (world.browser(&world.ada).await, world.browser(&world.ada).await);
    let first = here.post("/account/password", &[("new", PASSWORD)]).await;
    assert_eq!(first.leads_to(), "/account", "who has none yet is not asked for it: {}", first.text);
    assert!(is_in(&here).await && !is_in(&elsewhere).await);
    for (old, new, says) in [
        ("not it at all", "nine loud cranes", "this is not it"),
        ("", "nine loud cranes", "this is not it"),
        (PASSWORD, "short", "at least 10 characters"),
    ] {
        let answer = here.post("/account/password", &[("old", old), ("new", new)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(says), "{}", answer.text);
    }
    let elsewhere = world.browser(&world.ada).await;
    let answer = here.post("/account/password", &[("old", PASSWORD), ("new", "nine loud cranes")]).await;
    assert_eq!(answer.leads_to(), "/account");
    assert!(is_in(&here).await && !is_in(&elsewhere).await);
    for _ in 0..10 {
        here.post("/account/password", &[("old", "a guess of mine"), ("new", "nine loud cranes")]).await;
    }
    let form = [("old", "nine loud cranes"), ("new", "ten proud geese")];
    let answer = here.post("/account/password", &form).await;
    assert!(answer.text.contains("it was tried many times; wait"), "{}", answer.text);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_or_all() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let (here, one, two) = (world.browser(&ben).await, world.browser(&ben).await, world.browser(&ben).await);
    let keys = |answer: &Answer| -> Vec<String> {
        let parts = answer.text.split("action=\"/account/sessions/").skip(1);
        parts.filter_map(|part| part.split_once("/removal\"").map(|(key, _)| key.to_owned())).collect()
    };
    let page = here.get("/account").await;
    let all = keys(&page);
    assert_eq!(all.len(), 2, "this browser has no button of its own: {}", page.text);
    assert_eq!(page.text.matches("this browser").count(), 1);
    let ada = world.browser(&world.ada).await;
    let path = format!("/account/sessions/{}/removal", all[0]);
    ada.post(&path, &[]).await;
    assert!(is_in(&one).await && is_in(&two).await, "nobody ends somebody else's session");
    assert_eq!(here.post(&path, &[]).await.leads_to(), "/account");
    assert_eq!([is_in(&one).await, is_in(&two).await].iter().filter(|is_in| **is_in).count(), 1);
    assert_eq!(here.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "it is over already");
    assert_eq!(here.post("/account/sessions/zz/removal", &[]).await.status, StatusCode::NOT_FOUND);
    let third = world.browser(&ben).await;
    here.post("/account/sessions/removal", &[]).await;
    assert!(is_in(&here).await && !is_in(&third).await && !is_in(&one).await && !is_in(&two).await);
}

#[tokio::test]
async fn who_was_disabled_comes_back_with_the_old_password_but_not_with_old_links() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let link = link_in(&ada.post(&of(&ben, "/link"), &[]).await);
    world.anon().post(&link, &[("name", "Ben Okafor"), ("password", PASSWORD)]).await;
    let reset = link_in(&ada.post(&of(&ben, "/link"), &[]).await);
    ada.post(&of(&ben, "/suspension"), &[]).await;
    let sign_in = [("email", BEN), ("password", PASSWORD)];
    assert_eq!(world.anon().post("/sign-in", &sign_in).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = ada.post(&of(&ben, "/link"), &[]).await;
    assert_eq!(refused.leads_to(), of(&ben, ""), "no link for somebody who is disabled");
    ada.post(&of(&ben, "/readmission"), &[]).await;
    assert_eq!(world.anon().post("/sign-in", &sign_in).await.leads_to(), "/");
    assert_eq!(world.anon().get(&reset).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_sent_to_an_old_address_holds_no_more() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let link = link_in(&ada.post(&of(&ben, "/link"), &[]).await);
    ada.post(&of(&ben, ""), &form("ben@fieldwork.example", "name", "Ben Okafor")).await;
    assert_eq!(world.anon().get(&link).await.status, StatusCode::NOT_FOUND);
}

/// The program itself, over a folder of its own.
struct Program {
    folder: std::path::PathBuf,
}

impl Drop for Program {
    fn drop(&mut self) {
        // A folder that stays behind is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What a command said and how it ended.
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Program {
    /// A folder set up by Ada.
    fn set_up() -> Self {
        let name = format!("sameside-cli-{}", uuid::Uuid::new_v4().simple());
        let program = Self { folder: std::env::temp_dir().join(name) };
        let init =
            ["init", "--workspace", "Fieldwork", "--email", "ada@fieldwork.example", "--password-stdin"];
        assert_eq!(program.run(&init, PASSWORD).status, 0);
        program
    }

    fn run(&self, arguments: &[&str], input: &str) -> Said {
        use std::io::Write;
        use std::process::{Command, Stdio};
        let mut child = Command::new(env!("CARGO_BIN_EXE_sameside"))
            .args(arguments)
            .arg("--data")
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Said {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn the_command_line_adds_lists_disables_and_resets_members() {
    let program = Program::set_up();
    let add = program.run(&["member", "add", "--email", "ben@fieldwork.example", "--role", "admin"], "");
    assert_eq!(add.status, 0, "{}", add.err);
    let link = add.out.trim().strip_prefix("http://127.0.0.1:7300/pass/").expect("a link, and nothing else");
    assert_eq!(link.len(), 64);
    let with_password =
        ["member", "add", "--email", "cleo@fieldwork.example", "--name", "Cleo", "--password-stdin"];
    let said = program.run(&with_password, "nine loud cranes\n");
    assert_eq!((said.status, said.out.as_str()), (0, ""), "{}", said.err);
    assert_eq!(program.run(&["member", "disable", "ben@fieldwork.example"], "").status, 0);
    let reset = program.run(&["member", "reset-password", "cleo@fieldwork.example"], "");
    assert!(reset.out.contains("/pass/"), "{}", reset.err);
    let list = program.run(&["member", "list", "--json"], "");
    let all: serde_json::Value = serde_json::from_str(&list.out).unwrap();
    let row = |name: &str| all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!(row("ada")["role"], "owner");
    assert_eq!(row("ben")["has_password"], false);
    assert!(row("ben")["disabled_at"].is_string());
    assert_eq!((&row("Cleo")["role"], &row("Cleo")["has_password"]), (&"seller".into(), &true.into()));
    let plain = program.run(&["member", "list"], "");
    assert!(plain.out.contains("ben\tben@fieldwork.example\tadmin\tall\tdisabled"), "{}", plain.out);
    assert_eq!(program.run(&["member", "enable", "ben@fieldwork.example"], "").status, 0);
    assert!(program.run(&["member", "list"], "").out.contains("no password yet"));
}

#[test]
fn the_command_line_says_what_would_be_right() {
    let program = Program::set_up();
    for (arguments, input, says) in [
        (&["member", "add", "--email", "ben"][..], "", "--email: an e-mail address such as"),
        (&["member", "add", "--email", "b@x.example", "--role", "king"], "", "--role: owner, admin, manager"),
        (&["member", "add", "--email", "b@x.example", "--sees", "some"], "", "--sees: all, team or own"),
        (&["member", "add", "--email", "b@x.example", "--sees", "team"], "", "--team: which team"),
        (&["member", "add", "--email", "b@x.example", "--team", "North"], "", "--team: there are no teams"),
        (
            &["member", "add", "--email", "b@x.example", "--workspace", "Else"],
            "",
            "--workspace: one of Fieldwork",
        ),
        (&["member", "add", "--email", "b@x.example", "--password-stdin"], "short", "at least 10 characters"),
        (
            &["member", "add", "--email", "ada@fieldwork.example"],
            "",
            "--email: an address that no other member",
        ),
        (&["member", "disable", "nobody@x.example"], "", "nobody at Fieldwork has the address"),
        (&["member", "reset-password", "ben"], "", "EMAIL: an e-mail address such as"),
        (&["member", "sing"], "", "unrecognized subcommand"),
    ] {
        let said = program.run(arguments, input);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{arguments:?}: {}", said.err);
        assert!(said.err.contains(says), "{arguments:?}: {}", said.err);
    }
    let last = program.run(&["member", "disable", "ada@fieldwork.example"], "");
    assert_eq!(last.status, 1);
    assert!(last.err.contains("A workspace needs an owner"), "{}", last.err);
    let elsewhere = Program { folder: program.folder.join("mistyped") };
    let said = elsewhere.run(&["member", "list"], "");
    assert_eq!(said.status, 2);
    assert!(said.err.contains("is not there") && said.err.contains("--data"), "{}", said.err);
}
