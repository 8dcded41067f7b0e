//! The JSON of one event, as `calendarView` gives it.

use chrono::{DateTime, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde_json::{Map, Value, json};

use super::appointment::{Appointment, AppointmentId, When};
use super::body;
use super::body::BodyForm;
use super::mailbox::Stored;
use crate::rules::Address;

/// What a reader asked for by `Prefer`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) body: BodyForm,
    pub(crate) ids: IdForm,
}

/// Which ids are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum IdForm {
    /// Those that change when an item is moved.
    #[default]
    Mutable,
    /// Those that stay.
    Immutable,
}

/// How many characters a preview of a body has at most.
const PREVIEW_MAX: usize = 255;

/// Returns an event with every property that the simulation knows.
pub(crate) fn event(
    owner: &Address,
    id: &AppointmentId,
    stored: &Stored,
    preferences: Preferences,
) -> Map<String, Value> {
    let mut event = Map::new();
    for part in [
        identity(id, stored, preferences.ids),
        time(&stored.appointment),
        words(&stored.appointment, preferences.body),
        meeting(owner, &stored.appointment),
    ] {
        if let Value::Object(part) = part {
            event.extend(part);
        }
    }
    event
}

fn identity(id: &AppointmentId, stored: &Stored, form: IdForm) -> Value {
    let change_key = format!("sim{:06}", stored.revision);
    let shown = match form {
        IdForm::Immutable => id.0.clone(),
        IdForm::Mutable => format!("AAMkAD-{}", id.0),
    };
    json!({
        "@odata.etag": format!("W/\"{change_key}\""),
        "id": shown,
        "changeKey": change_key,
        "iCalUId": format!("040000008200E000-{}", id.0),
        "createdDateTime": instant(stored.created_at),
        "lastModifiedDateTime": instant(stored.changed_at),
        "transactionId": null,
        "webLink": "https://outlook.office365.com/owa/",
    })
}

fn time(appointment: &Appointment) -> Value {
    let (start, end, is_all_day) = match appointment.when {
        When::Timed { start, end } => (start.naive_utc(), end.naive_utc(), false),
        // Midnight to midnight whatever zone is asked for: a floating date.
        When::AllDay { first, until } => {
            let midnight = NaiveTime::MIN;
            (first.and_time(midnight), until.and_time(midnight), true)
        }
    };
    json!({
        "start": { "dateTime": seven_digits(start), "timeZone": "UTC" },
        "end": { "dateTime": seven_digits(end), "timeZone": "UTC" },
        "isAllDay": is_all_day,
        "originalStartTimeZone": "W. Europe Standard Time",
        "originalEndTimeZone": "W. Europe Standard Time",
        "isReminderOn": true,
        "reminderMinutesBeforeStart": 15,
        "recurrence": null,
        "seriesMasterId": appointment.series,
        "type": if appointment.series.is_some() { "occurrence" } else { "singleInstance" },
    })
}

fn words(appointment: &Appointment, form: BodyForm) -> Value {
    let preview: String = body::text(&appointment.body).chars().take(PREVIEW_MAX).collect();
    let body = match form {
        BodyForm::Text => json!({ "contentType": "text", "content": body::text(&appointment.body) }),
        BodyForm::Html => json!({ "contentType": "html", "content": body::html(&appointment.body) }),
    };
    let location = json!({
        "displayName": appointment.location,
        "locationType": "default",
        "uniqueId": appointment.location,
        "uniqueIdType": "private",
    });
    json!({
        "subject": appointment.subject,
        "body": body,
        "bodyPreview": preview,
        "location": location,
        "locations": if appointment.location.is_empty() { json!([]) } else { json!([location]) },
        "categories": appointment.categories,
        "importance": "normal",
        "sensitivity": appointment.sensitivity.word(),
        "showAs": appointment.show_as.word(),
        "hasAttachments": false,
    })
}

fn meeting(owner: &Address, appointment: &Appointment) -> Value {
    let organizer = if appointment.is_organizer { owner.as_str() } else { "organizer@example.com" };
    json!({
        "isCancelled": appointment.is_cancelled,
        "isOrganizer": appointment.is_organizer,
        "isDraft": false,
        "isOnlineMeeting": false,
        "onlineMeeting": null,
        "onlineMeetingProvider": "unknown",
        "onlineMeetingUrl": null,
        "allowNewTimeProposals": true,
        "hideAttendees": false,
        "responseRequested": true,
        "attendees": [],
        "organizer": { "emailAddress": { "name": organizer, "address": organizer } },
        "responseStatus": {
            "response": appointment.response.word(),
            "time": "0001-01-01T00:00:00Z",
        },
    })
}

/// Writes a local time as Graph does: seven fraction digits, no offset.
fn seven_digits(time: NaiveDateTime) -> String {
    format!("{}.{:07}", time.format("%Y-%m-%dT%H:%M:%S"), time.nanosecond() % 1_000_000_000 / 100)
}

fn instant(time: DateTime<Utc>) -> String {
    format!("{}Z", seven_digits(time.naive_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_seven_fraction_digits() {
        let at = DateTime::from_timestamp(1_795_424_400, 123_456_789).expect("a valid instant");
        assert_eq!(seven_digits(at.naive_utc()), "2026-11-23T09:00:00.1234567");
    }
}
