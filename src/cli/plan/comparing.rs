//! Two plans of the same time by two settings: whose would differ, and how.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PlannedStep;
use super::telling::{Plan, PlannedMember, name_of, problem_in_words, steps_in_words};
use crate::cli::printing::{count, to_the_minute};
use crate::cli::screen::Screen;

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Compared {
    from: String,
    to: String,
    /// How many members are the same in both.
    same: usize,
    /// Those who are not, by account.
    members: Vec<ComparedMember>,
}

/// How one member's plan differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ComparedMember {
    #[serde(flatten)]
    whom: Whom,
    /// What would happen by the settings in force alone.
    only_now: Vec<PlannedStep>,
    /// What would happen by the other settings alone.
    only_then: Vec<PlannedStep>,
    /// Problems by the settings in force alone.
    problems_now: Vec<String>,
    /// Problems by the other settings alone.
    problems_then: Vec<String>,
}

/// A member, as it is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Whom {
    account: u32,
    login: String,
    name: String,
    email: Option<String>,
    #[serde(skip)]
    words: String,
}

/// Compares the plan by the settings in force with the one by others.
pub(super) fn compared(now: &Plan, then: &Plan) -> Compared {
    let by_account = |plan: &Plan| -> BTreeMap<u32, PlannedMember> {
        plan.members.iter().map(|member| (member.account, member.clone())).collect()
    };
    let (before, after) = (by_account(now), by_account(then));
    let everybody: BTreeMap<u32, &PlannedMember> =
        after.iter().chain(&before).map(|(account, member)| (*account, member)).collect();
    let (mut same, mut members) = (0, Vec::new());
    for (account, member) in everybody {
        let compared = of_member(member, before.get(&account), after.get(&account));
        let lists = [compared.only_now.is_empty(), compared.only_then.is_empty()];
        if lists == [true; 2] && compared.problems_now.is_empty() && compared.problems_then.is_empty() {
            same += 1;
        } else {
            members.push(compared);
        }
    }
    Compared { from: now.from.clone(), to: now.to.clone(), same, members }
}

fn of_member(member: &PlannedMember, now: Option<&PlannedMember>, then: Option<&PlannedMember>) -> ComparedMember {
    let steps = |plan: Option<&PlannedMember>| plan.map(|plan| plan.steps.clone()).unwrap_or_default();
    let problems = |plan: Option<&PlannedMember>| plan.map(|plan| plan.problems.clone()).unwrap_or_default();
    ComparedMember {
        whom: Whom {
            account: member.account,
            login: member.login.clone(),
            name: member.name.clone(),
            email: member.email.clone(),
            words: name_of(member),
        },
        only_now: without(steps(now), &steps(then)),
        only_then: without(steps(then), &steps(now)),
        problems_now: without(problems(now), &problems(then)),
        problems_then: without(problems(then), &problems(now)),
    }
}

fn without<T: PartialEq>(one: Vec<T>, other: &[T]) -> Vec<T> {
    one.into_iter().filter(|item| !other.contains(item)).collect()
}

/// Returns the comparison for people.
pub(super) fn words(compared: &Compared, screen: Screen) -> String {
    let mut words = format!(
        "From {} to {}: the other settings would change {}; {} the same. Nothing was written.\n",
        to_the_minute(&compared.from),
        to_the_minute(&compared.to),
        count(compared.members.len(), "member's plan", "members' plans"),
        count(compared.same, "is", "are"),
    );
    for member in &compared.members {
        words += &format!("\n{}\n", member.whom.words);
        let parts = [
            ("Only now", &member.only_now, &member.problems_now),
            ("Only with the other settings", &member.only_then, &member.problems_then),
        ];
        for (title, steps, problems) in
            parts.into_iter().filter(|(_, steps, problems)| steps.len() + problems.len() > 0)
        {
            words += &format!("  {title}:\n");
            for problem in problems {
                words += &problem_in_words(problem, screen);
            }
            words += &steps_in_words(steps, screen);
        }
    }
    words
}
