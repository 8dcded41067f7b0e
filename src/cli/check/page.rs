//! What `check` says of the module's page: that it was read, and everything that is wrong with it, field by field.

use super::{Health, Line, Report, helps};
use crate::pbx::Pbx;
use crate::settings::{Local, Problem, Settings};

const SUBJECT: &str = "page";

/// Says that the page was not looked at.
pub(super) fn left_out() -> Line {
    Line::ok(SUBJECT, "not examined: the rules are decided on the module's page, and nobody is asked for it")
}

/// Reads the page; returns the settings with it if they can be used.
pub(super) async fn examine(local: &Local, pbx: &impl Pbx, report: &mut Report) -> Option<Settings> {
    let page = match pbx.page().await {
        Ok(page) => page,
        Err(error) => {
            let by_hand = "see the lines above; update the module if it is older than this program";
            report.tell(Line::failed(SUBJECT, &error, helps(error.verdict(), by_hand)));
            return None;
        }
    };
    let (revision, fields) = (&page.revision, page.fields.len() + page.lists.len());
    report.tell(Line::ok(SUBJECT, format!("revision {revision} with {fields} fields")));
    match local.settings_with(&page.fields, &page.lists) {
        Ok(settings) => Some(settings),
        Err(error) => {
            for problem in &error.problems {
                report.tell(flaw(problem));
            }
            None
        }
    }
}

fn flaw(problem: &Problem) -> Line {
    let helps = Some(problem.allowed.clone());
    Line { subject: SUBJECT.to_owned(), health: Health::Failed, text: problem.what(), helps }
}
