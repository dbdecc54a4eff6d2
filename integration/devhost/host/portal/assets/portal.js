// Fetches each [data-live] piece again every second and marks what changed in
// it. Without this script the pages work; they have to be reloaded by hand.
(() => {
  "use strict";
  const every = 1000;

  const stamps = (root) => {
    const seen = new Map();
    for (const el of root.querySelectorAll("[data-key]")) seen.set(el.dataset.key, el.dataset.stamp);
    for (const el of root.querySelectorAll("[data-line]")) seen.set("line " + el.dataset.line, el.textContent);
    return seen;
  };

  const show = (box, html) => {
    const before = stamps(box);
    const open = document.activeElement;
    if (box.contains(open) && open !== document.body) return; // somebody is on a link in it
    box.innerHTML = html;
    for (const [key, now] of stamps(box)) {
      if (before.size === 0 || before.get(key) === now) continue;
      const el = key.startsWith("line ")
        ? box.querySelector(`[data-line="${CSS.escape(key.slice(5))}"]`)
        : box.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (el) el.classList.add("mp-new");
    }
  };

  const follow = (box) => {
    let last = "";
    const look = async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(box.dataset.live, { headers: { "X-Requested-With": "portal" }, signal: AbortSignal.timeout(5000) });
          if (answer.ok && !answer.redirected) {
            const html = await answer.text();
            if (html !== last) { show(box, html); last = html; }
          }
        } catch { /* the host is away: the next look may find it */ }
      }
      setTimeout(look, every);
    };
    setTimeout(look, every);
  };

  for (const box of document.querySelectorAll("[data-live]")) follow(box);
})();
