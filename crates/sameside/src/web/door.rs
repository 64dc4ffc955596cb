//! Routes that say what they ask of a visitor.

use crate::accounts::Right;
use crate::accounts::actions::Seat;
use crate::app::App;
use crate::web::error;
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use std::sync::Arc;

/// What one route asks of a visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The method.
    pub method: Method,
    /// The path, with `{id}` for what varies.
    pub path: &'static str,
    /// The right a member needs; none where anybody may come in.
    pub right: Option<Right>,
}

/// The routes of a slice. There is no way to add one without saying whom it is open to.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    doors: Vec<Door>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or a fragment for members with a right.
    pub fn get<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, Some(right), handler)
    }

    /// Something done by members with a right.
    pub fn post<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, Some(right), handler)
    }

    /// A route open to anybody: it guards itself, or has nothing to guard.
    pub fn open<H, T>(self, method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(method, path, None, handler)
    }

    /// The routes of both.
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.doors.extend(other.doors);
        self
    }

    /// Every door of these routes.
    pub fn doors(&self) -> &[Door] {
        &self.doors
    }

    /// The router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }

    fn add<H, T>(self, method: Method, path: &'static str, right: Option<Right>, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = if method == Method::POST { MethodFilter::POST } else { MethodFilter::GET };
        self.guarded(method, path, right, on(filter, handler))
    }

    /// Knows no handler, so that what guards a route is compiled once.
    fn guarded(
        mut self,
        method: Method,
        path: &'static str,
        right: Option<Right>,
        mut route: MethodRouter<App>,
    ) -> Self {
        if let Some(right) = right {
            route = route.route_layer(middleware::from_fn(move |request: Request, next: Next| {
                guard(right, request, next)
            }));
        }
        self.doors.push(Door { method, path, right });
        self.router = self.router.route(path, route);
        self
    }
}

/// Lets members with the right pass.
async fn guard(right: Right, request: Request, next: Next) -> Response {
    match request.extensions().get::<Arc<Seat>>() {
        None => error::sign_in_first(&request),
        Some(seat) if !seat.scope.may(right) => error::not_allowed(&request),
        Some(_) => next.run(request).await,
    }
}
