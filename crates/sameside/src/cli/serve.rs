//! `sameside serve`: serves the site until it is asked to stop.

use super::{Failure, Outcome, Place, log, tell};
use crate::app::App;
use crate::{web, work};
use clap::Args;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Serve the site.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self) -> Outcome {
        let mut config = self.place.config()?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        log(&config);
        let app = App::open(config, crate::app::Clock::Machine).await?;
        let listener = bind(app.config().listen).await?;
        tell(format_args!("Sameside is at http://{}", listener.local_addr().unwrap_or(app.config().listen)));
        until_stopped(app, listener).await
    }
}

/// Listens at an address.
pub(super) async fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(format!("cannot listen at {address}: {error}"))
            .hint("another program may be there; choose another address or port")
    })
}

/// Serves and works until interrupted; then finishes what is in hand and closes the store.
pub(super) async fn until_stopped(app: App, listener: TcpListener) -> Outcome {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(work::run(app.clone(), stopped.clone()));
    tokio::spawn(async move {
        interrupted().await;
        // Nobody listens any more only when everything has stopped already.
        let _ = stop.send(true);
    });
    let mut asked = stopped;
    let asked_to_stop = async move {
        // An error means that the sender is gone: that is a reason to stop, too.
        let _ = asked.wait_for(|stop| *stop).await;
    };
    let served = web::serve(app.clone(), listener, asked_to_stop).await;
    if let Err(error) = worker.await {
        tracing::error!(%error, "the worker did not end well");
    }
    app.db().close().await;
    Ok(served?)
}

/// Waits for Ctrl-C or the signal to end.
async fn interrupted() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = ctrl_c => {}
                _ = term.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for but the end of the process.
    let _ = ctrl_c.await;
}
