//! The answer of Graph to a batch of twenty mailboxes with eight entries each, and its reading.

use starface_calendar::graph::attack;

/// Makes the body of an answer as Graph gives it to what the service asks for.
pub fn answer(mailboxes: usize, entries: usize) -> Vec<u8> {
    let event = |mailbox: usize, index: usize| {
        format!(
            r#"{{"@odata.etag":"W/\"DwAAABYAAAB{mailbox:03}{index:03}\"","id":"AAMkAGI2TG93AAA{mailbox:030}{index:030}=","subject":"Besprechung mit der Muster AG über das nächste Quartal","categories":["_SF_Funktionstasten_aktivieren"],"isAllDay":false,"isCancelled":false,"isOrganizer":true,"showAs":"busy","type":"singleInstance","sensitivity":"normal","iCalUId":"040000008200E00074C5B7101A82E008{mailbox:016}{index:016}","responseStatus":{{"response":"organizer","time":"0001-01-01T00:00:00Z"}},"body":{{"contentType":"text","content":"Guten Tag\r\n\r\nWir treffen uns im Sitzungszimmer Säntis und sprechen über das nächste Quartal.\r\n\r\n@@Extern: +41 71 234 56 78\r\n\r\nFreundliche Grüsse\r\nAnna Muster\r\n"}},"start":{{"dateTime":"2026-11-23T{hour:02}:15:00.0000000","timeZone":"UTC"}},"end":{{"dateTime":"2026-11-23T{hour:02}:55:00.0000000","timeZone":"UTC"}},"location":{{"displayName":"Sitzungszimmer Säntis","locationType":"default","uniqueId":"Sitzungszimmer Säntis","uniqueIdType":"private"}}}}"#,
            hour = 7 + index % 12,
        )
    };
    let response = |mailbox: usize| {
        let events: Vec<String> = (0..entries).map(|index| event(mailbox, index)).collect();
        format!(
            r#"{{"id":"{id}","status":200,"headers":{{"Cache-Control":"private","Content-Type":"application/json; odata.metadata=minimal; odata.streaming=true; IEEE754Compatible=false; charset=utf-8"}},"body":{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users('m{mailbox}%40firma.example')/calendarView(id,subject)","value":[{}]}}}}"#,
            events.join(","),
            id = mailbox + 1,
        )
    };
    let responses: Vec<String> = (0..mailboxes).map(response).collect();
    format!(r#"{{"responses":[{}]}}"#, responses.join(",")).into_bytes()
}

/// Reads such an answer; returns how many entries it has.
pub fn read(body: &[u8]) -> usize {
    attack::calendars(body).expect("the answer is one").iter().map(Vec::len).sum()
}
