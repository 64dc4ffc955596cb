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
    let site = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, site)
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| Error::Internal(format!("serving: {error}")))
}
