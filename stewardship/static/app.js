// Keys for what the page also does by buttons and links. Nothing here is needed to decide a case.
"use strict";
(() => {
  const typing = (element) => element.matches("input, select, textarea, [contenteditable]") && element.type !== "submit";
  const hidden = "childindex.without-opinion";

  const press = (act) => {
    if (act === "help") return document.getElementById("help")?.showModal();
    if (act === "opinion") {
      const off = document.body.classList.toggle("without-opinion");
      return sessionStorage.setItem(hidden, off ? "1" : "");
    }
    const input = document.querySelector(`[data-act-input="${act}"]`);
    if (input && !input.value.trim()) return input.focus();
    const target = act === "reveal" ? revealTarget() : document.querySelector(`[data-act="${act}"]`);
    if (!target) return undefined;
    target.click();
    target.closest("details")?.querySelector(".ask input:not([type=hidden]), .ask button")?.focus();
    return undefined;
  };

  // The hidden field that stands highest and isn't open yet.
  const revealTarget = () => [...document.querySelectorAll('[data-act="reveal"]')].find((each) => !each.closest("details").open);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const open = [...document.querySelectorAll("details[open]")];
    if (event.key === "Escape") {
      open.forEach((each) => each.removeAttribute("open"));
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const keys = JSON.parse(document.body.dataset.keys || "{}");
    const act = Object.keys(keys).find((each) => keys[each] === event.key);
    if (!act || event.repeat) return;
    event.preventDefault();
    press(act);
  });

  // A form that was sent isn't sent again by a second key stroke.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method === "post") form.dataset.sent = "1";
    return undefined;
  }, true);

  // What didn't reach the office's machine may be sent again, and is said not to be kept.
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) delete form.dataset.sent;
    const told = document.getElementById("unsent");
    told.hidden = false;
    told.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:beforeRequest", () => { document.getElementById("unsent").hidden = true; });

  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-script]")?.dataset.act;
    if (act) press(act);
  });

  // What was typed into a long form outlives an error and a locked session: it stays in this tab until it is kept.
  const DRAFT = "childindex.draft.";
  const OURS = ["csrf", "key"];
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    const typed = [...new FormData(form)].filter(([name]) => !OURS.includes(name));
    sessionStorage.setItem(DRAFT + form.dataset.draft, JSON.stringify(typed));
  });
  const forgetDrafts = () => Object.keys(sessionStorage).filter((each) => each.startsWith(DRAFT)).forEach((each) => sessionStorage.removeItem(each));
  document.addEventListener("submit", (event) => { if (event.target.getAttribute("action") === "/logout") forgetDrafts(); });
  const restoreDraft = (form) => {
    const typed = sessionStorage.getItem(DRAFT + form.dataset.draft);
    if (!typed || form.querySelector("[aria-invalid]")) return;
    for (const [name, value] of JSON.parse(typed)) {
      const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      if (fields[0]?.type === "radio") fields.forEach((each) => { each.checked = each.value === value; });
      else if (fields[0]) fields[0].value = value;
    }
  };

  const settle = () => {
    if (document.querySelector("[data-kept]")) forgetDrafts();
    document.querySelectorAll("form[data-draft]").forEach(restoreDraft);
    document.querySelectorAll("[data-script]").forEach((each) => each.removeAttribute("hidden"));
    document.body.classList.toggle("without-opinion", sessionStorage.getItem(hidden) === "1");
    const wrong = document.querySelector("input[aria-invalid], select[aria-invalid], textarea[aria-invalid]");
    (wrong || document.querySelector("main [autofocus]") || document.getElementById("case"))?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("DOMContentLoaded", settle);
})();
