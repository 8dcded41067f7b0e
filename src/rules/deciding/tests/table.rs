//! The table of [`super::super`], one named test for each pair of phase and what the PBX shows.
//!
//! `Mine` is the put, `Before` the underlay, `Old` an earlier put, `Hers` somebody else's, `Next` another wish.

use super::*;

/// Says what a pair of phase and shown text leads to while the text's policy is to reassert: a write of the `put` or of
/// `under`, a `drop`, a `record` without a write, or `nothing`.
#[track_caller]
fn leads(phase: Phase, shown: &'static str, wanted: Option<&str>, expected: &str, under: &str) {
    let decided = Case::new(Some(hold(phase)), shown, wanted.map(wish)).decide();
    assert_eq!(said(&decided, wanted), expected, "{phase:?} showing {shown:?}, wanted {wanted:?}");
    if let Some(Move { recording: Recording::Keep(hold), step, .. }) = &decided {
        assert_eq!(hold.under, text(under), "{phase:?} showing {shown:?}, wanted {wanted:?}");
        if let Some(Step { deed: Deed::Write { expect, .. }, .. }) = step {
            assert_eq!(*expect, Some(text(shown)), "a write expects exactly what was read");
        }
    }
}

/// The same while the policy is to respect a person's change.
#[track_caller]
fn leads_respectfully(phase: Phase, shown: &'static str, wanted: Option<&str>, expected: &str, under: &str) {
    let mut case = Case::new(Some(hold(phase)), shown, wanted.map(wish));
    case.policy.respected.insert(FieldKind::Text);
    let decided = case.decide();
    assert_eq!(said(&decided, wanted), expected, "{phase:?} showing {shown:?}, wanted {wanted:?}");
    if let Some(Move { recording: Recording::Keep(hold), .. }) = &decided {
        assert_eq!(hold.under, text(under), "{phase:?} showing {shown:?}, wanted {wanted:?}");
    }
}

fn said(decided: &Option<Move>, wanted: Option<&str>) -> &'static str {
    match decided {
        None => "nothing",
        Some(Move { recording: Recording::Keep(hold), step, .. }) if hold.phase == Phase::Yielded => {
            assert!(step.as_ref().is_none_or(|step| step.written().is_none()), "nothing is written back");
            "yield"
        }
        Some(Move { recording: Recording::Drop, step, .. }) => {
            assert!(step.as_ref().is_none_or(|step| matches!(step.deed, Deed::Forget(_))), "{step:?}");
            "drop"
        }
        Some(one) => match written(&Some(one.clone())) {
            None => "record",
            Some(value) if value == text("Before") => "under",
            Some(value) if Some(&value) == wanted.map(text).as_ref() => "put",
            Some(_) => "something else",
        },
    }
}

macro_rules! pairs {
    ($phase:ident, $leads:ident, $wanted:expr; $($name:ident: $shown:literal => $expected:literal, $under:literal;)*) => {
        $(
            #[test]
            fn $name() {
                $leads(Phase::$phase, $shown, $wanted, $expected, $under);
            }
        )*
    };
}

mod while_the_same_is_wanted {
    use super::*;

    mod putting {
        use super::*;

        pairs! { Putting, leads, Some("Mine");
            showing_the_put_is_recorded_as_held: "Mine" => "record", "Before";
            showing_the_underlay_writes_the_put: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_put: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_put: "Hers" => "put", "Hers";
        }
    }

    mod held {
        use super::*;

        pairs! { Held, leads, Some("Mine");
            showing_the_put_needs_nothing: "Mine" => "nothing", "Before";
            showing_the_underlay_writes_the_put_again: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_put_again: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_put_again: "Hers" => "put", "Hers";
        }
    }

    mod restoring {
        use super::*;

        pairs! { Restoring, leads, Some("Mine");
            showing_the_put_is_held_again: "Mine" => "record", "Before";
            showing_the_underlay_writes_the_put_over_it: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_put_over_the_old_underlay: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_put: "Hers" => "put", "Hers";
        }
    }
}

mod while_the_same_is_wanted_and_a_persons_change_is_respected {
    use super::*;

    mod putting {
        use super::*;

        pairs! { Putting, leads_respectfully, Some("Mine");
            showing_the_put_is_recorded_as_held: "Mine" => "record", "Before";
            showing_the_underlay_writes_the_put: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_put: "Old" => "put", "Before";
            showing_something_else_yields: "Hers" => "yield", "Before";
        }
    }

    mod held {
        use super::*;

        pairs! { Held, leads_respectfully, Some("Mine");
            showing_the_put_needs_nothing: "Mine" => "nothing", "Before";
            showing_the_underlay_yields: "Before" => "yield", "Before";
            showing_an_earlier_put_writes_the_put_as_no_person_wrote_that: "Old" => "put", "Before";
            showing_something_else_yields: "Hers" => "yield", "Before";
        }
    }

    mod restoring {
        use super::*;

        pairs! { Restoring, leads_respectfully, Some("Mine");
            showing_the_put_is_held_again: "Mine" => "record", "Before";
            showing_the_underlay_writes_the_put_over_it: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_put_over_the_old_underlay: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_put: "Hers" => "put", "Hers";
        }
    }
}

mod while_another_is_wanted {
    use super::*;

    mod putting {
        use super::*;

        pairs! { Putting, leads, Some("Next");
            showing_the_put_writes_the_wish: "Mine" => "put", "Before";
            showing_the_underlay_writes_the_wish: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_wish: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_wish: "Hers" => "put", "Hers";
            showing_the_wish_takes_it_under_and_records_it: "Next" => "record", "Next";
        }
    }

    mod held {
        use super::*;

        pairs! { Held, leads, Some("Next");
            showing_the_put_writes_the_wish: "Mine" => "put", "Before";
            showing_the_underlay_writes_the_wish: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_wish: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_wish: "Hers" => "put", "Hers";
            showing_the_wish_takes_it_under_and_records_it: "Next" => "record", "Next";
        }
    }

    mod restoring {
        use super::*;

        pairs! { Restoring, leads, Some("Next");
            showing_the_put_writes_the_wish: "Mine" => "put", "Before";
            showing_the_underlay_writes_the_wish: "Before" => "put", "Before";
            showing_an_earlier_put_writes_the_wish: "Old" => "put", "Before";
            showing_something_else_takes_it_under_and_writes_the_wish: "Hers" => "put", "Hers";
            showing_the_wish_takes_it_under_and_records_it: "Next" => "record", "Next";
        }
    }
}

mod while_nothing_is_wanted {
    use super::*;

    mod putting {
        use super::*;

        pairs! { Putting, leads, None;
            showing_the_put_writes_the_underlay: "Mine" => "under", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_writes_the_underlay: "Old" => "under", "Before";
            showing_something_else_leaves_it_alone_and_drops: "Hers" => "drop", "Before";
        }
    }

    mod held {
        use super::*;

        pairs! { Held, leads, None;
            showing_the_put_writes_the_underlay: "Mine" => "under", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_writes_the_underlay: "Old" => "under", "Before";
            showing_something_else_leaves_it_alone_and_drops: "Hers" => "drop", "Before";
        }
    }

    mod restoring {
        use super::*;

        pairs! { Restoring, leads, None;
            showing_the_put_writes_the_underlay: "Mine" => "under", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_writes_the_underlay: "Old" => "under", "Before";
            showing_something_else_leaves_it_alone_and_drops: "Hers" => "drop", "Before";
        }
    }

    mod yielded {
        use super::*;

        pairs! { Yielded, leads, None;
            showing_the_put_drops: "Mine" => "drop", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_drops: "Old" => "drop", "Before";
            showing_something_else_drops: "Hers" => "drop", "Before";
        }
    }
}

mod while_nothing_is_wanted_and_a_persons_change_is_respected {
    use super::*;

    mod putting {
        use super::*;

        pairs! { Putting, leads_respectfully, None;
            showing_the_put_writes_the_underlay: "Mine" => "under", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_writes_the_underlay: "Old" => "under", "Before";
            showing_something_else_leaves_it_alone_and_drops: "Hers" => "drop", "Before";
        }
    }

    mod held {
        use super::*;

        pairs! { Held, leads_respectfully, None;
            showing_the_put_writes_the_underlay: "Mine" => "under", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_writes_the_underlay: "Old" => "under", "Before";
            showing_something_else_leaves_it_alone_and_drops: "Hers" => "drop", "Before";
        }
    }

    mod restoring {
        use super::*;

        pairs! { Restoring, leads_respectfully, None;
            showing_the_put_writes_the_underlay: "Mine" => "under", "Before";
            showing_the_underlay_drops: "Before" => "drop", "Before";
            showing_an_earlier_put_writes_the_underlay: "Old" => "under", "Before";
            showing_something_else_leaves_it_alone_and_drops: "Hers" => "drop", "Before";
        }
    }
}
