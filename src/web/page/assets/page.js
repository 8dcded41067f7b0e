// Keeps the page up to date while it is looked at. Everything works without it; reloading does the same.
"use strict";

(() => {
  let isFetching = false;
  let isAskedAgain = false;
  let shown = "";

  // What stays the same thing when the content is new: its id, else what it leads to.
  const nameOf = (element) =>
    element.id || element.getAttribute("href") || element.closest("form")?.getAttribute("action") || "";

  const everything = (main) => Array.from(main.querySelectorAll("a, button, input, [tabindex]"));

  function replace(text) {
    const main = document.getElementById("main");
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
    if (!main || !fresh || fresh.innerHTML === shown) return;
    const focused = main.contains(document.activeElement) ? document.activeElement : null;
    const selection = focused && focused.id === "q" ? [focused.selectionStart, focused.selectionEnd] : null;
    const typed = document.getElementById("q")?.value;
    const place = [window.scrollX, window.scrollY];
    const places = Array.from(main.querySelectorAll(".wide"), (wide) => wide.scrollLeft);

    shown = fresh.innerHTML;
    main.replaceChildren(...fresh.childNodes);

    const search = document.getElementById("q");
    if (search && typed !== undefined) search.value = typed;
    main.querySelectorAll(".wide").forEach((wide, index) => (wide.scrollLeft = places[index] ?? 0));
    if (focused && focused !== main) {
      const same = everything(main).find((one) => one.tagName === focused.tagName && nameOf(one) === nameOf(focused));
      (same ?? main).focus({ preventScroll: true });
      if (selection && same === search) same.setSelectionRange(...selection);
    }
    window.scrollTo(...place);
  }

  async function renew() {
    if (isFetching) {
      isAskedAgain = true;
      return;
    }
    isFetching = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok && !answer.redirected) replace(await answer.text());
    } catch {
      // The stream breaks too, and says so.
    }
    isFetching = false;
    if (isAskedAgain) {
      isAskedAgain = false;
      renew();
    }
  }

  const broken = document.getElementById("broken");
  const events = new EventSource("/events");
  events.addEventListener("changed", renew);
  events.addEventListener("error", () => (broken.hidden = false));
  events.addEventListener("open", () => {
    // What changed in the meantime was not heard.
    if (!broken.hidden) renew();
    broken.hidden = true;
  });
})();
