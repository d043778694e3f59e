"use strict";
(() => {
  const root = document.documentElement;
  const remember = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private window */ } },
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const saved = remember.get("pushform-theme");
  if (saved === "light" || saved === "dark") root.dataset.theme = saved;
  const turnTheme = () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    remember.set("pushform-theme", root.dataset.theme);
  };

  const shown = () => [...document.querySelectorAll(".card")].filter((card) => card.offsetParent);
  const none = document.getElementById("none");
  const turn = (name) => {
    const button = document.querySelector(`[data-switch="${name}"]`);
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    root.classList.toggle(name, on);
    for (const section of document.querySelectorAll(".channel")) {
      section.hidden = false;
      section.hidden = ![...section.querySelectorAll(".card")].some((card) => card.offsetParent);
    }
    if (none) none.hidden = shown().length > 0;
  };

  const move = (step) => {
    const cards = shown();
    if (!cards.length) return;
    const here = document.activeElement ? document.activeElement.closest(".card") : null;
    const at = cards.indexOf(here);
    const next = at < 0 ? (step > 0 ? 0 : cards.length - 1) : at + step;
    const card = cards[Math.min(Math.max(next, 0), cards.length - 1)];
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
  };

  const help = document.getElementById("help");
  const showHelp = () => { if (help) help.open ? help.close() : help.showModal(); };
  const keys = {
    j: () => move(1), k: () => move(-1), t: turnTheme, "?": showHelp,
    f: () => turn("fold"), c: () => turn("changed"), p: () => turn("problems"),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // A Korean keyboard gives ㅓ where a Latin one gives j: the key itself counts.
    const key = event.key === "?" ? "?" : event.code.replace(/^Key/, "").toLowerCase();
    if (keys[key]) { event.preventDefault(); keys[key](); }
  });
  for (const button of document.querySelectorAll("[data-switch]")) {
    button.addEventListener("click", () => turn(button.dataset.switch));
  }
  for (const button of document.querySelectorAll("[data-theme]")) {
    if (button.localName === "button") button.addEventListener("click", turnTheme);
  }
  for (const button of document.querySelectorAll("[data-help]")) {
    button.addEventListener("click", showHelp);
  }
})();
