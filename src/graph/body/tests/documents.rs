//! Whole documents, as Outlook and others write them.

use super::{case, text};

/// Outlook for Windows.
const OUTLOOK: &str = r##"<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
/* Font Definitions */
@font-face
	{font-family:Calibri;}
p.MsoNormal
	{margin:0cm; font-size:11.0pt;}
--></style><!--[if gte mso 9]><xml>
<o:shapedefaults v:ext="edit" spidmax="1026" />
</xml><![endif]-->
</head>
<body lang="DE-CH" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
<div class="WordSection1">
<p class="MsoNormal">Bin beim Kunden, bitte umleiten.<o:p></o:p></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoNormal">@@Extern: <span lang="EN-US" style="color:#1F497D">+41 71
 234</span> 56&nbsp;89<o:p></o:p></p>
<p class="MsoNormal"><b>@@Intern:</b>&nbsp;210<o:p></o:p></p>
<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">
<p class="MsoNormal"><b><span lang="DE">Von:</span></b><span lang="DE"> Max Muster &lt;max@example.com&gt; <br>
<b>Gesendet:</b> Montag, 23. November 2026 09:00<br>
<b>Betreff:</b> Termin<o:p></o:p></span></p>
</div>
<p class="MsoNormal">@@Extern: 0900 123 456<o:p></o:p></p>
</div>
</body>
</html>
"##;

/// Outlook on the web.
const WEB: &str = r##"<html><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style type="text/css" style="display:none"> P {margin-top:0;} </style></head>
<body dir="ltr"><div class="elementToProof" style="font-family:Calibri,Helvetica,sans-serif; font-size:12pt; color:rgb(0,0,0)">@@extern: 071 234 56 89</div>
<div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block; width:98%">
<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" color="#000000" style="font-size:11pt"><b>From:</b> Max<br><b>Sent:</b> Monday</font></div>
<div>@@intern: 211</div></body></html>
"##;

/// A meeting in Teams, with what Teams adds below.
const TEAMS: &str = r##"<html><body><div>@@Intern: 210</div><br>
<div style="color:#5F5F5F"><span>________________________________________________________________________________</span></div>
<div class="me-email-text" style="color:#252424"><div style="margin-top:24px"><span style="font-size:24px">Microsoft Teams-Besprechung</span></div>
<div style="font-size:14px"><a href="https://teams.example.com/l/meetup-join/19%3ameeting@thread.v2">Hier klicken</a></div>
<div><a href="tel:+41432109876,,123456789#">+41 43 210 98 76,,123456789#</a> Zürich</div>
<div style="display:none">@@Extern: 0900123456</div></div></body></html>
"##;

#[test]
fn a_text_of_outlook_for_windows_is_read() {
    case(OUTLOOK, "0041712345689");
    text(
        OUTLOOK,
        "Bin beim Kunden, bitte umleiten.\n\u{a0}\n@@Extern: +41 71 234 56\u{a0}89\n@@Intern:\u{a0}210\n\
         > Von: Max Muster <max@example.com>\n> Gesendet: Montag, 23. November 2026 09:00\n> Betreff: Termin\n\
         > @@Extern: 0900 123 456",
    );
}

#[test]
fn a_text_of_outlook_on_the_web_is_read() {
    case(WEB, "0712345689");
    text(WEB, "@@extern: 071 234 56 89\n> From: Max\n> Sent: Monday\n> @@intern: 211");
}

#[test]
fn what_teams_adds_to_a_meeting_is_no_tag() {
    case(TEAMS, "none");
    assert_eq!(crate::rules::Tags::find(&super::text_of_html(TEAMS)), crate::rules::Tags::find("@@Intern: 210"));
}
