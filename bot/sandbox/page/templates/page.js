(() => {
  "use strict";
  // What the server sent last, by region: a region is touched only when that changes.
  const shown = new Map();
  const regions = (root) => root.querySelectorAll("[data-live]");
  for (const region of regions(document)) shown.set(region.dataset.live, region.innerHTML);

  const keyed = (root) => [...root.querySelectorAll("[data-key]")];
  const isTyped = (field) => field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT" ? ![...field.options].every((one) => one.selected === one.defaultSelected)
    : field.value !== field.defaultValue;

  // What a person has typed, opened and put the cursor in outlives a new version of the region.
  function keep(region) {
    const kept = new Map();
    for (const one of keyed(region)) {
      if (one.tagName === "DETAILS") kept.set(one.dataset.key, { open: one.open });
      else kept.set(one.dataset.key, {
        value: isTyped(one) ? one.value : null, checked: isTyped(one) ? one.checked : null,
        focus: one === document.activeElement, at: one.selectionStart ?? null,
      });
    }
    return kept;
  }

  function restore(region, kept) {
    for (const one of keyed(region)) {
      const was = kept.get(one.dataset.key);
      if (!was) continue;
      if (one.tagName === "DETAILS") { one.open = was.open; continue; }
      if (was.value !== null) { one.value = was.value; if (was.checked !== null && "checked" in one) one.checked = was.checked; }
      if (was.focus) {
        one.focus({ preventScroll: true });
        if (was.at !== null && /^(text|textarea)$/.test(one.type)) one.setSelectionRange(was.at, was.at);
      }
    }
  }

  const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const toEnd = () => { const box = document.querySelector(".messages"); if (box) box.scrollTop = box.scrollHeight; };

  function show(html) {
    // Without its style: the page's own rule against foreign styles would complain of it.
    const page = new DOMParser().parseFromString(html.replace(/<style[\s\S]*?<\/style>/, ""), "text/html");
    for (const region of regions(document)) {
      const name = region.dataset.live;
      const next = page.querySelector(`[data-live="${name}"]`);
      if (!next || next.innerHTML === shown.get(name)) continue;
      shown.set(name, next.innerHTML);
      const kept = keep(region);
      const [top, end] = [region.scrollTop, isAtEnd(region)];
      const moved = region.dataset.channel !== next.dataset.channel;
      region.replaceChildren(...document.importNode(next, true).childNodes);
      if (next.dataset.channel) region.dataset.channel = next.dataset.channel;
      restore(region, kept);
      if (name === "messages") region.scrollTop = moved || end ? region.scrollHeight : top;
      if (name === "window") region.querySelector("textarea, input:not([type=hidden]), select")?.focus();
    }
    // Forms outside the regions carry the address too.
    const forms = [...page.querySelectorAll("form")];
    document.querySelectorAll("form.steps").forEach((form) => {
      const same = forms.find((one) => one.className === form.className);
      if (same) form.setAttribute("action", same.getAttribute("action"));
    });
  }

  let turn = 0;
  async function look(url, options) {
    const mine = ++turn;
    const answer = await fetch(url, options);
    const html = await answer.text();
    if (mine !== turn) return answer;
    if (answer.ok) show(html);
    return answer;
  }

  function speak(text) {
    const said = document.createElement("p");
    said.className = "said";
    said.textContent = text;
    document.querySelector('[data-live="said"]').replaceChildren(said);
    shown.set("said", "");
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const url = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
    const buttons = event.submitter ? [event.submitter] : [];
    buttons.forEach((one) => { one.disabled = true; });
    try {
      const mine = ++turn;
      const answer = await fetch(url, { method: "POST", body });
      const html = await answer.text();
      if (!answer.ok) { speak(html); return; }
      const refused = new URL(answer.url).searchParams.has("said");
      if (!refused && form.hasAttribute("data-clear")) form.reset();
      if (!refused) form.closest("details.answer")?.removeAttribute("open");
      form.querySelectorAll("details.menu[open]").forEach((one) => { one.open = false; });
      history.replaceState(null, "", answer.url);
      if (mine === turn) show(html); else await look(location.href);
      // What somebody has just written stands last.
      if (!refused && (form.closest(".composer") || /^\/(mail|chat)\b/.test(url))) toEnd();
    } catch {
      speak("The sandbox does not answer. Is it still running?");
    } finally {
      buttons.forEach((one) => { one.disabled = false; });
    }
  });

  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold]");
    if (fold) fold.closest("details").open = false;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const link = event.target.closest("a[data-here]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    look(link.href).catch(() => speak("The sandbox does not answer. Is it still running?"));
  });

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.menu[open]")) return;
    const popover = event.target.querySelector(".popover");
    const edge = (event.target.closest(".content, .window-body") ?? document.body).getBoundingClientRect().left;
    popover.classList.toggle("flip", popover.getBoundingClientRect().left < edge);
    popover.scrollIntoView({ block: "nearest" });
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; return; }
    document.querySelector('.window button[aria-label="Close"]')?.click();
  });

  window.addEventListener("popstate", () => look(location.href));
  new EventSource("/changes").onmessage = () => look(location.href).catch(() => {});
  toEnd();
})();
