// What people do with the page. Each scenario throws a sentence when something is not as it should be.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

const ROWS = "table.members tbody tr";
const LOG_OUT = 'header form[action="/logout"] button';

export const scenarios = { overview, search, member, timeline, login, end, live, noscript, dark };

async function overview(session) {
  const { page } = session;
  await start(session);
  await rows(session);
  session.check((await page.locator("h1").count()) === 1, "the overview has not one heading of the first level");
  session.check(await page.locator("table.members caption").isVisible(), "the table has no caption");
  session.check((await page.title()) !== "", "the page has no title");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const focused = await page.evaluate(() => document.activeElement.id);
  session.check(focused === "main", "the first link does not skip to the content");
  await session.inspect();
}

async function search(session) {
  const { page } = session;
  await start(session);
  const name = await nameIn((await rows(session)).last());
  const part = name.slice(0, 5).trim();
  await find(session, part.toUpperCase());
  for (const row of await page.locator(ROWS).all()) {
    const text = await row.locator("th").innerText();
    session.check(text.toLowerCase().includes(part.toLowerCase()), `the search finds ${text} too`);
  }
  await session.inspect();
  await page.click(".filters a:last-child");
  await page.waitForURL(/show=active/);
  session.check((await page.inputValue("#q")) !== "", "a filter forgets what is searched for");
  await find(session, "nobody has this name");
  session.check((await page.locator(ROWS).count()) === 0, "a name that nobody has finds somebody");
  session.check(await page.locator(".empty").isVisible(), "the page does not say that nobody is found");
  await session.inspect();
}

async function member(session) {
  const { page } = session;
  await start(session);
  const row = (await rows(session)).first();
  const name = await nameIn(row);
  await row.locator("a").click();
  await page.waitForURL(/\/members\//);
  session.check((await page.locator("h1").innerText()) === name, `the page of ${name} has another heading`);
  for (const id of ["state", "week", "holds", "wanted", "entries", "history"]) {
    session.check(await page.locator(`h2#${id}`).isVisible(), `the page of a member has no section ${id}`);
  }
  await session.inspect();
}

async function timeline(session) {
  const { page } = session;
  await start(session);
  for (const row of await (await rows(session)).all()) {
    const title = await row.locator("svg title").textContent();
    session.check(title.length > 20, "a week says nothing in words");
    session.check((await row.locator("svg path.now").count()) === 1, "a week does not show where now is");
  }
  await (await rows(session)).first().locator("a").click();
  await page.waitForURL(/\/members\//);
  const days = page.locator(".days li");
  session.check((await days.count()) === 7, "the week of a member has not seven days");
  session.check((await days.first().locator("path.now").count()) === 1, "the first day is not today");
  const outside = await page.evaluate(() =>
    Array.from(document.querySelectorAll(".days rect")).filter((bar) => {
      const [from, width] = [bar.x.baseVal.value, bar.width.baseVal.value];
      return from < 0 || width <= 0 || from + width > 1446;
    }).length,
  );
  session.check(outside === 0, `${outside} bars are outside of their day`);
  session.check(await page.locator(".legend").isVisible(), "nothing says what the colours mean");
  await session.inspect();
}

async function login(session) {
  const { page } = session;
  needsToken(session);
  await session.go("/");
  await page.click('header a[href="/login"]');
  await page.waitForURL(/\/login/);
  await session.inspect();
  session.expect(401);
  await page.fill("#token", `${session.token}-wrong`);
  await page.keyboard.press("Enter");
  await page.locator("#failed").waitFor();
  await session.inspect();
  await page.fill("#token", session.token);
  await page.keyboard.press("Enter");
  await page.locator(LOG_OUT).waitFor();
  await session.inspect();
  await page.click(LOG_OUT);
  await page.locator('header a[href="/login"]').waitFor();
}

async function end(session) {
  const { page } = session;
  needsToken(session);
  await session.logIn();
  await openActive(session);
  await session.inspect();
  await page.click('form[action$="/end"] button');
  const notice = page.locator(".notices .notice:not(#broken)");
  await notice.waitFor();
  session.check((await notice.getAttribute("class")).includes("good"), `the notice says: ${await notice.innerText()}`);
  await session.inspect();
}

async function live(session) {
  const { page } = session;
  const { TEXT: text, TEXT_AT: path = "/" } = process.env;
  session.check(text, "TEXT does not say what to wait for");
  if (session.token) await session.logIn();
  const listening = page.waitForRequest((request) => new URL(request.url()).pathname === "/events");
  await session.go(path);
  await listening;
  await page.evaluate(() => (window.isStillTheSame = true));
  const box = page.locator("#q");
  const hasBox = (await box.count()) > 0;
  if (hasBox) {
    await box.focus();
    await page.keyboard.type("half a na");
  }
  console.log("watching");
  await page.locator("main").getByText(text).first().waitFor();
  session.check(await page.evaluate(() => window.isStillTheSame), "the page was loaded again");
  if (hasBox) {
    await page.keyboard.type("me");
    session.check((await box.inputValue()) === "half a name", "what was typed is lost when the page changes");
  }
  session.check(await page.locator("#broken").isHidden(), "the page says that the connection is lost");
  await session.inspect();
}

async function noscript(session) {
  const { page } = session;
  needsToken(session);
  await session.go("/");
  const name = await nameIn((await rows(session)).first());
  await find(session, name);
  session.check((await page.locator(ROWS).count()) > 0, `${name} is not found`);
  await page.locator(`${ROWS} a`).first().click();
  await page.waitForURL(/\/members\//);
  session.check(await page.locator("h2#entries").isVisible(), "the page of a member shows no entries");
  session.check((await page.locator('form[action$="/end"]').count()) === 0, "whoever is not logged in has a button");
  await session.logIn();
  await page.locator(LOG_OUT).waitFor();
  await openActive(session, (list) => list.first());
  await page.click('form[action$="/end"] button');
  await page.locator(".notices .notice:not(#broken)").waitFor();
}

async function dark(session) {
  const { page } = session;
  const folder = process.env.SCREENSHOTS;
  if (folder) await mkdir(folder, { recursive: true });
  await start(session);
  const link = await (await rows(session)).first().locator("a").getAttribute("href");
  for (const [name, path] of [["overview", "/"], ["member", link], ["login", "/login"]]) {
    await session.go(path);
    const lightness = {};
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      lightness[colorScheme] = await page.evaluate(() => {
        const [red, green, blue] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number);
        return (red + green + blue) / 3;
      });
      for (const [screen, width, height] of [["wide", 1280, 900], ["narrow", 390, 844]]) {
        await page.setViewportSize({ width, height });
        if (folder) await page.screenshot({ path: join(folder, `${name}-${screen}-${colorScheme}.png`) });
      }
    }
    session.check(lightness.light > 200 && lightness.dark < 60, `${name} does not follow the scheme of the browser`);
    await page.setViewportSize({ width: 1280, height: 900 });
    await session.inspect();
  }
}

// The overview, as whoever has the token sees it, where there is one.
async function start(session) {
  if (session.token) await session.logIn();
  await session.go("/");
}

async function rows(session) {
  const found = session.page.locator(ROWS);
  session.check((await found.count()) > 0, "the overview shows no members");
  return found;
}

async function nameIn(row) {
  return row.locator("th a").innerText();
}

async function find(session, text) {
  const { page } = session;
  await page.fill("#q", text);
  await page.press("#q", "Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === text);
  session.check((await page.inputValue("#q")) === text, "the search box forgets what is searched for");
}

// The page of MEMBER, or of the first who has an active entry; `otherwise` says whose else.
async function openActive(session, otherwise) {
  const { page } = session;
  if (process.env.MEMBER) return session.go(`/members/${process.env.MEMBER}`);
  await session.go("/?show=active");
  const active = page.locator(`${ROWS}:has(td:nth-child(2) > strong)`);
  if ((await active.count()) === 0 && otherwise) await session.go("/");
  const row = (await active.count()) > 0 ? active.first() : otherwise?.(page.locator(ROWS));
  session.check(row, "nobody has an active entry");
  await row.locator("th a").click();
  await page.waitForURL(/\/members\//);
}

function needsToken(session) {
  session.check(session.token, "this scenario needs a token");
}
