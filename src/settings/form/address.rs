//! E-mail addresses.

use crate::rules::Address;

use super::super::words::{Words, both};
use super::{Form, Refusal};

/// Makes a form of addresses.
pub(crate) fn address() -> Form<Address> {
    Form::new(allowed(), parse)
}

/// Makes a form of addresses in which the empty text means none.
pub(crate) fn optional_address() -> Form<Option<Address>> {
    Form::new(allowed().before(", or \"\" for the default"), |text| match text {
        "" => Ok(None),
        text => parse(text).map(Some),
    })
}

fn allowed() -> Words {
    both("an e-mail address such as \"name@example.com\"", "eine E-Mail-Adresse wie „name@example.com“")
}

fn parse(text: &str) -> Result<Address, Refusal> {
    text.parse().map_err(|_| both("is not an e-mail address", "ist keine E-Mail-Adresse").into())
}
