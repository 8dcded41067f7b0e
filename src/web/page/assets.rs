//! What the pages load beside themselves: the style sheet, the script and the picture. All of it is part of the program.

/// Returns an asset by its path, with its content type.
pub(super) fn asset(path: &str) -> Option<(&'static str, &'static [u8])> {
    match path {
        STYLE => Some(("text/css; charset=utf-8", include_bytes!("assets/style.css"))),
        SCRIPT => Some(("text/javascript; charset=utf-8", include_bytes!("assets/page.js"))),
        ICON => Some(("image/svg+xml", include_bytes!("assets/icon.svg"))),
        _ => None,
    }
}

/// Where the style sheet is.
pub(super) const STYLE: &str = "/assets/style.css";

/// Where the script is.
pub(super) const SCRIPT: &str = "/assets/page.js";

/// Where the picture is.
pub(super) const ICON: &str = "/assets/icon.svg";
