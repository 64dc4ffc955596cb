//! Passwords: argon2id, a few at a time, off the threads that answer requests.

use crate::error::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// The shortest password, in characters (NIST SP 800-63B asks for 8 at least).
pub const CHARS_MIN: usize = 10;
/// The longest, in bytes: hashing must not be made a burden.
pub const BYTES_MAX: usize = 1_000;
/// Passwords hashed at the same time; each takes 19 MiB.
const AT_ONCE: usize = 2;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// A hash that no password has: checked when there is no such member, so that both take as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Argon2id with 19 MiB, two passes, one lane: the OWASP recommendation.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What is wrong with a new password, if anything is.
///
/// # Errors
/// A sentence saying what would be right.
pub fn check(password: &str) -> Result<(), String> {
    if password.chars().count() < CHARS_MIN {
        return Err(format!("at least {CHARS_MIN} characters; a few words are easy to remember"));
    }
    if password.len() > BYTES_MAX {
        return Err(format!("at most {BYTES_MAX} characters"));
    }
    Ok(())
}

/// The hash to keep of a password.
///
/// # Errors
/// `Internal` if hashing fails.
pub async fn hash(password: String) -> Result<String> {
    in_turn(move || hash_now(&password)).await?
}

fn hash_now(password: &str) -> Result<String> {
    argon2()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("hashing a password: {error}")))
}

/// Whether a password is the one of which `hash` was kept; takes as long when there is none.
///
/// # Errors
/// `Internal` if the work was cut.
pub async fn is_right(password: String, hash: Option<String>) -> Result<bool> {
    if password.len() > BYTES_MAX {
        return Ok(false);
    }
    in_turn(move || {
        let kept = hash.as_deref().unwrap_or(&NOBODY);
        let right = PasswordHash::new(kept)
            .is_ok_and(|kept| argon2().verify_password(password.as_bytes(), &kept).is_ok());
        right && hash.is_some()
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = TURNS.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
}
