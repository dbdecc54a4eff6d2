// Everything here is a convenience: each page and each form works without it.
(() => {
  "use strict";

  // Takes over the marked parts of a newer rendering of this page. Parts that
  // did not change are left alone, so that nothing is announced twice, and so
  // is a part that holds the focus.
  const adopt = (html, only) => {
    const newer = new DOMParser().parseFromString(html, "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      if (only && !only(part)) continue;
      const next = newer.getElementById(part.id);
      if (!next || next.innerHTML === part.innerHTML) continue;
      if (!only && part.contains(document.activeElement)) continue;
      const open = [...part.querySelectorAll("details[open]")].map((d) => d.id);
      part.innerHTML = next.innerHTML;
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    }
    const asOf = newer.getElementById("ic-asof");
    if (!only && asOf) document.getElementById("ic-asof").innerHTML = asOf.innerHTML;
    return newer;
  };

  // Follows the status: asks for the short JSON often and for the page only
  // when something is different, or once a minute for the relative times.
  const live = document.querySelector("[data-status]");
  if (live) {
    let last = "", failures = 0, rendered = Date.now();
    const forms = (part) => !part.closest("form") && part.id !== "ic-notice" && part.id !== "ic-problem";
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
          const html = await ask(live.dataset.page);
          for (const part of document.querySelectorAll("[data-part]")) part.toggleAttribute("data-still", !forms(part) || part.contains(document.activeElement));
          adopt(html, (part) => !part.hasAttribute("data-still"));
          const asOf = new DOMParser().parseFromString(html, "text/html").getElementById("ic-asof");
          if (asOf) document.getElementById("ic-asof").innerHTML = asOf.innerHTML;
          last = text;
          rendered = Date.now();
        }
        failures = 0;
      } catch {
        failures += 1;
        pause = Math.min(60000, 5000 * 2 ** failures);
        if (failures === 2) document.getElementById("ic-asof").textContent = "Not up to date: the server does not answer. Trying again.";
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
      adopt(await answer.text(), (part) => part.id === "ic-checklist" || part.id === "ic-problem" || part.id.startsWith("error-"));
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
