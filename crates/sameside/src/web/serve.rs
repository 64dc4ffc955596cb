//! Serving, until asked to stop.

use crate::app::App;
use crate::error::{Error, Result};
use crate::web::router;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves the site until `stop` is done; requests in hand are finished.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let live = app.live().clone();
    let feed = tokio::spawn(crate::web::feed(app.clone()));
    // A stream never ends by itself, and would be waited for.
    let stop = async move {
        stop.await;
        live.close();
    };
    let site = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, site).with_graceful_shutdown(stop).await;
    feed.abort();
    served.map_err(|error| Error::Internal(format!("serving: {error}")))
}
