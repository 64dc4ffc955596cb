//! The table `instance`: what this instance knows of itself. It is never part of a backup.

use crate::base::When;
use db::{Conn, Result, Tx, sql};

/// The tables that belong to the instance and not to the data.
pub(super) const OWN: &str = "instance";

/// Which data this is: another number after every restore. What is kept beside the database (an index, a cache)
/// remembers the number it was made with, and is made anew when it is another.
///
/// # Errors
/// What the database says.
pub async fn generation(conn: &mut Conn) -> Result<i64> {
    let row = conn.first::<(i64,)>(sql!("select generation from instance limit 1"), vec![]).await?;
    Ok(row.map_or(0, |(generation,)| generation))
}

/// From now on this is other data.
pub(super) async fn begin_generation(tx: &mut Tx, now: When) -> Result<()> {
    let before = generation(tx).await?;
    let next = now.micros().max(before + 1);
    tx.run(sql!("delete from instance"), vec![]).await?;
    tx.run(sql!("insert into instance (generation) values ($1)"), vec![next.into()]).await.map(drop)
}
