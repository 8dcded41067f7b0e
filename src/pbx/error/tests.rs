//! Tests of [`super`].

use super::*;

#[test]
fn a_verdict_says_whether_waiting_helps() {
    #[track_caller]
    fn case(error: &PbxError, expected: Verdict) {
        assert_eq!(error.verdict(), expected, "{error}");
    }
    let retry = Verdict::Retry { after: None };
    case(&PbxError::TimedOut, retry);
    case(&PbxError::NoSuchMethod, retry);
    case(&PbxError::Status(503), retry);
    case(&PbxError::Status(429), retry);
    case(&PbxError::Status(404), Verdict::NeedsHuman);
    case(&PbxError::Authentication, Verdict::NeedsHuman);
    case(&PbxError::WrongKey, Verdict::NeedsHuman);
    case(&PbxError::TooLarge, Verdict::GiveUp);
    case(&PbxError::TokenDenied(TokenProblem::Login), Verdict::NeedsHuman);
    case(&PbxError::FreshTokenRefused, Verdict::NeedsHuman);
    case(&PbxError::Status(503).of_token(), retry);
    case(&PbxError::TimedOut.of_token(), retry);
    case(&PbxError::OtherOwner { id: "x".into() }, Verdict::Retry { after: Some(Duration::from_secs(60)) });
}

#[test]
fn only_an_error_after_the_request_left_leaves_the_outcome_open() {
    #[track_caller]
    fn case(error: &PbxError, expected: bool) {
        assert_eq!(error.may_be_done(), expected, "{error}");
    }
    case(&PbxError::TimedOut, true);
    case(&PbxError::NotSerialised, true);
    case(&PbxError::TooLarge, true);
    case(&PbxError::Malformed(Malformed::Truncated), true);
    case(&PbxError::Status(500), true);
    case(&PbxError::Status(504), true);
    case(&PbxError::Status(404), false);
    case(&PbxError::Authentication, false);
    case(&PbxError::TimedOut.of_token(), false);
    case(&PbxError::TokenDenied(TokenProblem::Client).of_token(), false);
    case(&PbxError::FreshTokenRefused, false);
    case(&PbxError::WrongKey, false);
    case(&PbxError::OtherOwner { id: "x".into() }, false);
    case(&PbxError::ReadOnly, false);
}

#[test]
fn a_token_that_cannot_be_had_ends_a_round_and_asks_nothing_in_parts() {
    #[track_caller]
    fn case(error: PbxError) {
        let error = error.of_token();
        assert!(error.concerns_every_call() && !error.may_go_well_in_parts(), "{error}");
    }
    case(PbxError::TimedOut);
    case(PbxError::TooLarge);
    case(PbxError::Status(500));
    case(PbxError::TokenDenied(TokenProblem::Unsaid));
}

#[test]
fn only_what_was_too_much_may_go_well_in_parts() {
    #[track_caller]
    fn case(error: &PbxError, expected: bool) {
        assert_eq!(error.may_go_well_in_parts(), expected, "{error}");
    }
    case(&PbxError::TimedOut, true);
    case(&PbxError::TooLarge, true);
    case(&PbxError::NotSerialised, true);
    case(&PbxError::Malformed(Malformed::TooMany), true);
    case(&PbxError::Malformed(Malformed::Truncated), false);
    case(&PbxError::Status(500), false);
    case(&PbxError::WrongKey, false);
}

#[test]
fn an_error_fits_after_failed_to() {
    assert_eq!(
        format!("failed to {}", PbxError::Malformed(Malformed::Truncated)),
        "failed to read the PBX's answer: it ends too early"
    );
}
