// One browser with one page, and everything that went wrong in it.

import { readFile } from "node:fs/promises";

import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// How long anything may take that a person would wait for.
const PATIENCE_MS = 15_000;

const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export class Session {
  // Sentences about what is wrong.
  wrong = [];

  // What the console may say: a refused log-in is shown there as an error.
  #expected = [];

  static async open(origin, token, options) {
    const session = new Session();
    session.origin = origin;
    session.token = token;
    session.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ARGUMENTS,
    });
    session.context = await session.browser.newContext({ locale: process.env.LOCALE ?? "de-CH", ...options });
    session.context.setDefaultTimeout(PATIENCE_MS);
    await session.context.route(
      (url) => url.origin !== origin,
      (route) => {
        session.wrong.push(`the page asks another origin: ${route.request().url()}`);
        return route.abort();
      },
    );
    session.page = await session.context.newPage();
    session.page.on("console", (message) => session.#heard(message));
    session.page.on("pageerror", (error) => session.wrong.push(`an error in the page: ${error.message}`));
    return session;
  }

  async close() {
    await this.browser.close();
  }

  async go(path) {
    const answer = await this.page.goto(this.origin + path);
    this.check(answer?.ok(), `${path} answers ${answer?.status()}`);
  }

  check(isFine, sentence) {
    if (!isFine) throw new Error(sentence);
  }

  // Lets the console speak of an answer with this status.
  expect(status) {
    this.#expected.push(`status of ${status}`);
  }

  #heard(message) {
    const text = message.text();
    if (message.type() === "error" && !this.#expected.some((expected) => text.includes(expected))) {
      this.wrong.push(`an error on the console: ${text} (${message.location().url})`);
    }
  }

  // Looks for what keeps people out, in both schemes, and for a page that is wider than a small telephone.
  async inspect() {
    const { page } = this;
    const place = new URL(page.url()).pathname;
    await page.evaluate(AXE);
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async () => (await axe.run(document, { resultTypes: ["violations"] })).violations);
      for (const { id, impact, help, nodes } of found) {
        if (impact === "serious" || impact === "critical") {
          const first = nodes[0]?.target.join(" ");
          this.wrong.push(`${place} in ${colorScheme}: ${help} (${id}, ${nodes.length} times, first ${first})`);
        }
      }
    }
    const size = page.viewportSize();
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) this.wrong.push(`${place} is ${width} pixels wide on a screen of 360`);
    await page.setViewportSize(size);
  }

  async logIn(token = this.token) {
    await this.go("/login");
    await this.page.fill("#token", token);
    await this.page.click("main form button");
    await this.page.waitForLoadState();
  }
}
