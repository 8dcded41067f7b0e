//! The pages without members: log-in, and what is shown instead of a page.

use maud::html;

use super::frame::{Content, Liveness, frame};
use super::{Login, LoginFailure, Viewer};

/// Renders the log-in form.
pub(super) fn login(viewer: &Viewer, failure: Option<LoginFailure>) -> String {
    let words = viewer.words();
    let failed = failure.map(|failure| match failure {
        LoginFailure::Wrong => words.token_wrong,
        LoginFailure::TooMany => words.too_many_tries,
    });
    let main = html! {
        div.plain {
            h1 { (words.log_in) }
            @if viewer.login == Login::Impossible {
                p { (words.login_impossible) }
            } @else {
                p { (words.login_says) }
                @if let Some(failed) = failed { p.notice.bad #failed role="alert" { (failed) } }
                form.login method="post" action="/login" {
                    // Who keeps passwords wants a name to keep them under; it is not sent.
                    input type="text" autocomplete="username" value=(words.product) readonly hidden;
                    label for="token" { (words.token) }
                    input #token type="password" name="token" autocomplete="current-password" required
                        aria-invalid=[failed.map(|_| "true")] aria-describedby=[failed.map(|_| "failed")];
                    button type="submit" { (words.log_in) }
                }
            }
            p { a href="/" { (words.back) } }
        }
    };
    // There is nothing to log in to from here a second time.
    let viewer = Viewer { login: Login::Impossible, ..viewer.clone() };
    frame(&viewer, &Content { title: words.log_in.to_owned(), main, foot: None, liveness: Liveness::Still }, None)
}

/// Renders what the viewer sees instead of a page.
pub(super) fn failure(viewer: &Viewer, status: u16) -> String {
    let words = viewer.words();
    let (heading, sentence) = (words.failure)(status);
    let main = html! {
        div.plain {
            h1 { (heading) }
            p { (sentence) }
            @if status == 401 && viewer.login == Login::Possible { p { a href="/login" { (words.log_in) } } }
            p { a href="/" { (words.back) } }
            p.dim { "HTTP " (status) }
        }
    };
    frame(viewer, &Content { title: heading.to_owned(), main, foot: None, liveness: Liveness::Still }, None)
}
