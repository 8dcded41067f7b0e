//! Lets STARFACE telephones follow the appointments of Microsoft 365 calendars.
