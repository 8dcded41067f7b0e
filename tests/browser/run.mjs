// Drives the status page in Chromium as people use it, and exits with 1 and a sentence when anything is wrong.
//
//   node run.mjs SCENARIO URL [TOKEN]
//
// SCENARIO   overview, search, member, timeline: need members; a TOKEN is used where one is given.
//            login: needs TOKEN; tries a wrong one first, logs in and out again.
//            end: needs TOKEN and a member with an active entry; ends it by the button and waits for the notice.
//            live: needs TEXT; prints "watching" when the page listens, then waits until TEXT is there without a reload.
//            noscript: needs TOKEN; all of the above with scripts switched off. An entry is ended where one is active.
//            dark: takes pictures of both schemes on wide and narrow screens into the folder SCREENSHOTS.
// URL        where the service is, such as http://127.0.0.1:8080
// TOKEN      the access token.
//
// Environment, all optional but TEXT: MEMBER (an account; else the first that fits), TEXT and TEXT_AT (what `live` waits
// for, and the path of the page, else `/`), LOCALE (of the browser, else de-CH), SCREENSHOTS, CHROMIUM (else
// /usr/bin/chromium).
//
// In every scenario there must be no error on the console, none in the page, no request to another origin, and nothing
// that axe-core finds serious or critical, in light and in dark.
//
// Exit codes: 0 all is well; 1 something is wrong, told on the standard error; 2 the arguments are.

import { Session } from "./session.mjs";
import { scenarios } from "./scenarios.mjs";

const [scenario, url, token] = process.argv.slice(2);
const run = scenarios[scenario];
if (!run || !URL.canParse(url)) {
  console.error(`usage: run.mjs ${Object.keys(scenarios).join("|")} URL [TOKEN]`);
  process.exit(2);
}

const session = await Session.open(new URL(url).origin, token, { javaScriptEnabled: scenario !== "noscript" });
try {
  await run(session);
} catch (error) {
  session.wrong.push(error.message);
} finally {
  await session.close();
}
if (session.wrong.length > 0) {
  console.error(session.wrong.map((sentence) => `${scenario}: ${sentence}`).join("\n"));
  process.exit(1);
}
console.log(`${scenario}: all is well`);
