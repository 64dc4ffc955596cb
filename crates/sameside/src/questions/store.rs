//! The tables `question`, `level` and `answer`.

use crate::accounts::Workspace;
use crate::base::Id;
use crate::deals::Deal;
use crate::questions::{Answer, Level, Question};
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, sql};

/// The most questions of a workspace.
pub const QUESTIONS_MAX: usize = 24;
/// The most levels of a question.
pub const LEVELS_MAX: usize = 12;
/// Of what was removed so many are listed, the last.
const REMOVED_MAX: i64 = 24;
/// The most rows of one list: above what the verbs allow.
const ROWS_MAX: i64 = 400;

/// The questions of a workspace in their order.
///
/// # Errors
/// What the database says.
pub async fn questions(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Question>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.removed_at is null order by r.position, r.id limit $2",
        records::select::<Question>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), ROWS_MAX.into()]).await
}

/// The questions that were removed, the last first.
///
/// # Errors
/// What the database says.
pub async fn removed(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Question>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.removed_at is not null order by r.removed_at desc, r.id limit $2",
        records::select::<Question>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), REMOVED_MAX.into()]).await
}

/// The levels of all questions that are there, each question's in their order.
///
/// # Errors
/// What the database says.
pub async fn levels(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Level>>> {
    let sql = format!(
        "{} join question q on q.id = r.question_id and q.removed_at is null
         where r.workspace_id = $1 and r.removed_at is null order by r.question_id, r.position, r.id limit $2",
        records::select::<Level>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), ROWS_MAX.into()]).await
}

/// The levels of one question that were removed, the last first.
///
/// # Errors
/// What the database says.
pub async fn levels_removed(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    question: Id<Question>,
) -> Result<Vec<Kept<Level>>> {
    let sql = format!(
        "{} where r.question_id = $1 and r.workspace_id = $2 and r.removed_at is not null
         order by r.removed_at desc, r.id limit $3",
        records::select::<Level>()
    );
    conn.all(Sql::built(sql), vec![question.into(), workspace.into(), REMOVED_MAX.into()]).await
}

/// What a deal answers, also to questions that are removed. The caller has made sure that this person may see the deal.
///
/// # Errors
/// What the database says.
pub async fn answers(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<Kept<Answer>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.removed_at is null order by r.id limit $3",
        records::select::<Answer>()
    );
    conn.all(Sql::built(sql), vec![deal.into(), workspace.into(), ROWS_MAX.into()]).await
}

/// The answer of a deal to a question, taken back or not.
///
/// # Errors
/// What the database says.
pub async fn answer(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
    question: Id<Question>,
) -> Result<Option<Kept<Answer>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.question_id = $2 and r.workspace_id = $3",
        records::select::<Answer>()
    );
    conn.first(Sql::built(sql), vec![deal.into(), question.into(), workspace.into()]).await
}

/// How many deals answer a question, that they do not know included.
///
/// # Errors
/// What the database says.
pub async fn answered(
    conn: &mut Conn,
    workspace: Id<Workspace>,
) -> Result<std::collections::HashMap<Id<Question>, i64>> {
    let rows = conn
        .all::<(Id<Question>, i64)>(
            sql!(
                "select question_id, count(*) from answer
                 where workspace_id = $1 and removed_at is null and (level_id is not null or not_known_at is not null)
                 group by question_id"
            ),
            vec![workspace.into()],
        )
        .await?;
    Ok(rows.into_iter().collect())
}
