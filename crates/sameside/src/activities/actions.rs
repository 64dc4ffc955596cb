//! What is done with activities.

use crate::accounts::Act;
use crate::activities::Activity;
use crate::error::Result;
use crate::records::{self, Kept};
use db::{Conn, Tx};

/// Notes what was done. On a deal it is also with the deal's company and person, where nobody else is named.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn create(tx: &mut Tx, act: &Act, activity: Activity) -> Result<Kept<Activity>> {
    let activity = placed(tx, act, activity).await?;
    records::create(tx, act, activity).await
}

async fn placed(conn: &mut Conn, act: &Act, mut activity: Activity) -> Result<Activity> {
    if let Some(deal) = activity.deal_id {
        let deal = records::get(conn, &act.scope, deal).await?;
        activity.company_id = activity.company_id.or(deal.company_id);
        activity.contact_id = activity.contact_id.or(deal.contact_id);
    } else if let (Some(contact), None) = (activity.contact_id, activity.company_id) {
        activity.company_id = records::get(conn, &act.scope, contact).await?.company_id;
    }
    Ok(activity)
}
