//! Everything that is not as it should be, as whoever tells of it needs it.

use chrono::{DateTime, Utc};

use super::{Trouble, cause};
use crate::alarm::{self, Cause, EntryNamed, EntryTime, Findings, Reach, Subject};
use crate::clock::Clock;
use crate::credential::Kind;
use crate::engine::{Asked, Engine, told};
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::{AccountId, Field, FoundProblem, Hold, Member};

/// What helps when the PBX does not do for a group what it answers as done.
const WITHOUT_RIGHT: &str = "for a group's number the user under \"Gruppenumleitungen\" on the module's page needs the \
                             right to change redirects of groups";

/// Returns what a trouble is that concerns everybody.
pub(in crate::engine) fn common(trouble: &Trouble) -> alarm::Problem {
    alarm::Problem {
        cause: trouble.cause,
        subject: Subject::Whole,
        whom: None,
        since: trouble.since,
        text: trouble.text.clone(),
    }
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Everything at once, each problem of a called number once, whoever claims it. Takes time for members and holds
    /// alone, so it can be asked for often.
    pub(in crate::engine) fn findings(&self) -> Findings {
        let mut problems = self.common_problems();
        for member in self.state.roster.members() {
            problems.extend(self.problem_of_calendar(member));
        }
        for (found, since) in self.state.numbers.problems() {
            problems
                .extend(self.state.roster.member(found.account).map(|of| self.problem_of_redirect(of, found, since)));
        }
        for hold in self.state.holds.values() {
            self.problems_of_hold(hold, || self.person(hold.account), &mut problems);
        }
        Findings { problems, reach: self.reach() }
    }

    /// Before the tenant was heard of in this life, what it refused in the last one is not over.
    fn reach(&self) -> Reach {
        let has_calendars = self.state.roster.addresses().next().is_some();
        match (self.members_asked, self.calendars_asked) {
            (Asked::Once, Asked::Once) => Reach::Everywhere,
            (Asked::Once, Asked::NotYet) if !has_calendars => Reach::Everywhere,
            _ => Reach::PbxAlone,
        }
    }

    /// What concerns everybody.
    pub(super) fn common_problems(&self) -> Vec<alarm::Problem> {
        let categories = self.categories.trouble();
        let flaws = self.page.iter().flat_map(|page| page.flaws.iter());
        let troubles =
            self.pbx_trouble.values().chain(&self.calendars_trouble).chain(&self.journal_trouble).chain(&self.conflict);
        let mut problems: Vec<alarm::Problem> = Vec::new();
        for trouble in troubles.chain(flaws).chain(&categories) {
            // What is asked of the PBX in several ways fails in one.
            if problems.iter().all(|known| known.text != trouble.text) {
                problems.push(common(trouble));
            }
        }
        problems.extend(self.problem_of_credential());
        problems
    }

    /// A secret or a certificate that ends soon stops everything on a day that is known.
    fn problem_of_credential(&self) -> Option<alarm::Problem> {
        let end = self.orders.credential_end?;
        let now = self.ports.clock.now();
        let within_days = end.warning(now)?;
        let on = end.at.format("%Y-%m-%d %H:%M UTC");
        let text = match (end.at - now).num_days() {
            _ if end.at <= now => format!("the app's {} has ended on {on}", end.kind),
            0 => format!("the app's {} ends on {on}, in less than a day", end.kind),
            days => format!("the app's {} ends on {on}, in {days} days", end.kind),
        };
        let of = if end.kind == Kind::Secret { "secret" } else { "certificate" };
        Some(alarm::Problem {
            cause: Cause::CredentialEnds,
            subject: Subject::End { of: of.to_owned(), at: end.at, within_days },
            whom: None,
            since: end.warned_from(),
            text,
        })
    }

    /// What concerns one member.
    pub(super) fn problems_of(&self, member: &Member) -> Vec<alarm::Problem> {
        let mut problems: Vec<alarm::Problem> = self.problem_of_calendar(member).into_iter().collect();
        for (found, since) in self.state.numbers.problems_of(member.account) {
            problems.push(self.problem_of_redirect(member, found, since));
        }
        for hold in self.state.holds_for(member.account) {
            self.problems_of_hold(hold, || whom(member), &mut problems);
        }
        problems
    }

    fn problem_of_calendar(&self, member: &Member) -> Option<alarm::Problem> {
        let is_member = self.state.roster.member(member.account).is_some();
        let (cause, since, text) = match &member.address {
            Some(address) => {
                let trouble = self.state.almanac.trouble(address)?;
                (trouble.cause, trouble.since, trouble.text.clone())
            }
            None if is_member => {
                let text = "has no e-mail address in STARFACE, so no calendar is followed";
                (Cause::AddressMissing, self.started_at, text.to_owned())
            }
            None => return None,
        };
        Some(alarm::Problem { cause, subject: Subject::Whole, whom: Some(whom(member)), since, text })
    }

    fn problems_of_hold(&self, hold: &Hold, whom: impl Fn() -> alarm::Whom, problems: &mut Vec<alarm::Problem>) {
        let field = hold.field();
        let mut tell = |cause, since, text| {
            let subject = match field.number() {
                Some(number) => Subject::Number(number.to_string()),
                None => Subject::Field(field.name().to_owned()),
            };
            problems.push(alarm::Problem { cause, subject, whom: Some(whom()), since, text });
        };
        if hold.is_ineffective() {
            let text = format!("{field}: STARFACE took it and changed nothing; {WITHOUT_RIGHT}");
            tell(Cause::RedirectIneffective, hold.written_at.unwrap_or(hold.since), text);
        }
        if let Some(refusal) = self.state.refusals.get(&(hold.account, field)) {
            let text = format!("{field}: the PBX refused it with \"{}\"", refusal.text);
            tell(refusal.cause, refusal.since, text);
        }
        if hold.is_contested() {
            tell(Cause::StatusContested, hold.since, format!("{field}: another program sets this status"));
        }
    }

    /// Names the entry by its time and show-as, never by its words.
    fn problem_of_redirect(&self, member: &Member, found: &FoundProblem, since: DateTime<Utc>) -> alarm::Problem {
        let zone = self.orders.policy.zone;
        let entries = member.address.as_ref().and_then(|address| self.state.almanac.entries(address));
        let entry = entries.unwrap_or_default().iter().find(|entry| entry.id == found.entry);
        let time = entry.map(|entry| EntryTime {
            start: entry.span.start(zone),
            end: entry.span.end(zone),
            show_as: entry.show_as,
        });
        let named = time.map_or_else(String::new, |time| {
            format!(" ({} to {}, {})", told(time.start, zone), told(time.end, zone), time.show_as.name())
        });
        let hash = found.entry.hash();
        let side = found.side.name();
        let text = format!("{side} numbers are not redirected for entry {hash}{named}: {}", found.problem);
        alarm::Problem {
            cause: cause::of_redirect(&found.problem),
            subject: Subject::Calls { side: side.to_owned(), entry: EntryNamed { hash, time } },
            whom: Some(whom(member)),
            since,
            text,
        }
    }

    fn person(&self, account: AccountId) -> alarm::Whom {
        if let Some(member) = self.state.roster.member(account) {
            return whom(member);
        }
        let login = self.state.login(account, &self.state.holds_of(account));
        let login = login.map_or_else(|| account.to_string(), |login| login.0);
        alarm::Whom { account: account.0, login, name: String::new() }
    }
}

/// Returns what it is that the PBX refuses a field.
pub(in crate::engine) fn refused(field: Field) -> Cause {
    if field.number().is_some() { Cause::RedirectRefused } else { Cause::StatusRefused }
}

fn whom(member: &Member) -> alarm::Whom {
    alarm::Whom { account: member.account.0, login: member.login.0.clone(), name: member.name.clone() }
}
