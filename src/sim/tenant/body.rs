//! Bodies of appointments: in which form they are given, and one form made of the other, about as Exchange does it.

use super::appointment::Body;

/// How bodies are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BodyForm {
    /// As HTML.
    #[default]
    Html,
    /// As plain text.
    Text,
}

/// Which bodies the tenant gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bodies {
    /// In the form that a reader asks for.
    #[default]
    AsAsked,
    /// As HTML, whatever a reader asks for.
    Html,
    /// None, also where one is selected: the app has only `Calendars.ReadBasic.All`.
    Withheld,
}

impl Bodies {
    /// Returns the form that a reader gets who asks for this one.
    pub(crate) fn form(self, asked: BodyForm) -> BodyForm {
        match self {
            Self::AsAsked | Self::Withheld => asked,
            Self::Html => BodyForm::Html,
        }
    }
}

/// Returns a body as HTML.
pub(crate) fn html(body: &Body) -> String {
    let text = match body {
        Body::Html(html) => return html.clone(),
        Body::Text(text) => text,
    };
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>\r\n");
    format!("<html><head></head>\r\n<body>\r\n<div>{escaped}</div>\r\n</body>\r\n</html>\r\n")
}

/// Returns a body as plain text.
pub(crate) fn text(body: &Body) -> String {
    match body {
        Body::Text(text) => text.clone(),
        Body::Html(html) => text_of(html),
    }
}

/// Tags that begin a new line.
const LINE_TAGS: [&str; 8] = ["br", "/p", "/div", "/tr", "/li", "/h1", "/h2", "/h3"];

/// Takes the markup out: enough for what the demo and the tests write.
fn text_of(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, rest)| rest.split_once('>').map_or(rest, |(_, rest)| rest));
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, next) = behind.split_once('>').unwrap_or((behind, ""));
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default().to_ascii_lowercase();
        let is_end = tag.starts_with('/');
        if LINE_TAGS
            .iter()
            .any(|line| *line == name || line.strip_prefix('/').is_some_and(|line| is_end && line == name))
        {
            text.push_str("\r\n");
        }
        rest = next;
    }
    text.push_str(rest);
    text.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_as_html_keeps_its_characters_and_lines() {
        let page = html(&Body::Text("a < b & c\n@@Intern: 20".to_owned()));
        assert!(page.contains("a &lt; b &amp; c<br>\r\n@@Intern: 20"));
    }

    #[test]
    fn html_as_text_has_its_lines_and_no_markup() {
        let page = "<html><head><style>p{}</style></head><body lang=de><p>a&nbsp;<b>b</b> &lt;</p>c<br/>d<div>e</div></body></html>";
        assert_eq!(text(&Body::Html(page.to_owned())), "a\u{a0}b <\r\nc\r\nde\r\n");
    }

    #[test]
    fn a_body_is_itself_in_its_own_form() {
        assert_eq!(text(&Body::Text("a <b>".to_owned())), "a <b>");
        assert_eq!(html(&Body::Html("<p>a".to_owned())), "<p>a");
    }
}
