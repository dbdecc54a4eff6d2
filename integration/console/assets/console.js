// Everything here is a convenience: each page and each form works without it.
(() => {
  "use strict";

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  // Takes over those marked parts of a newer rendering of this page that want()
  // asks for. A part that did not change is left alone, so that nothing is
  // announced twice; open details stay open.
  const adopt = (newer, want) => {
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = newer.getElementById(part.id);
      if (!next || !want(part) || next.innerHTML === part.innerHTML) continue;
      const open = [...part.querySelectorAll("details[open]")].map((d) => d.id);
      part.innerHTML = next.innerHTML;
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    }
  };

  // Follows the status: asks for the short JSON often, and for the page only
  // when something is different, or once a minute for the relative times. What
  // has the focus, and what is being filled in, is never touched.
  const live = document.querySelector("[data-status]");
  if (live) {
    let last = "", failures = 0, rendered = Date.now();
    const asOf = document.getElementById("ic-asof");
    const mine = (part) => !part.closest("[data-form]") && part.id !== "ic-notice" && part.id !== "ic-problem" && !part.contains(document.activeElement);
    const ask = async (url) => {
      const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(15000) });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    };
    const look = async () => {
      let pause = 10000;
      try {
        const text = await ask(live.dataset.status);
        const status = JSON.parse(text);
        if (status.pending > 0 || (status.run && status.run.phase !== "done")) pause = 2500;
        if (text !== last || Date.now() - rendered > 60000) {
          const newer = parse(await ask(live.dataset.page));
          adopt(newer, mine);
          asOf.innerHTML = newer.getElementById("ic-asof").innerHTML;
          last = text;
          rendered = Date.now();
        } else {
          asOf.firstChild.textContent = "As of ";
        }
        failures = 0;
      } catch {
        failures += 1;
        pause = Math.min(60000, 5000 * 2 ** failures);
        if (failures > 1) asOf.firstChild.textContent = "Not up to date, the server does not answer. Last seen ";
      }
      setTimeout(follow, pause);
    };
    const follow = () => {
      if (document.hidden) document.addEventListener("visibilitychange", follow, { once: true });
      else look();
    };
    setTimeout(follow, 2500);
  }

  // Tests the connection without leaving the page, so that a key that has just
  // been typed need not be typed again.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-test]");
    if (!button || button.getAttribute("aria-disabled")) {
      if (button) event.preventDefault();
      return;
    }
    event.preventDefault();
    const label = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = "Testing…";
    try {
      const answer = await fetch(button.formAction, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(button.form)) });
      adopt(parse(await answer.text()), (part) => part.id === "ic-checklist" || part.id === "ic-problem" || part.id.startsWith("error-"));
      (document.getElementById("ic-banner") || document.getElementById("ic-report"))?.focus();
    } catch {
      document.getElementById("ic-checklist").textContent = "The test could not be made: the server does not answer. Nothing was changed.";
    } finally {
      button.removeAttribute("aria-disabled");
      button.textContent = label;
    }
  });

  // A form is sent once, and says that it is being sent.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.target.method !== "post") return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "yes";
    button.setAttribute("aria-disabled", "true");
    button.textContent = "Working…";
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  document.getElementById("ic-banner")?.focus();
})();
