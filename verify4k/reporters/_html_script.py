"""The page's script: filters, search, keys. It only hides and shows what the page already holds."""

SCRIPT = """
"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const rows = [...document.querySelectorAll("#assets > ol > li")];
  const chunks = [...document.querySelectorAll("#assets > ol")];
  const buttons = [...document.querySelectorAll("button[data-verdict]")];
  const rule = $("rule"), query = $("query"), shown = $("shown"), none = $("none"), help = $("help");
  const unfold = $("unfold");
  let verdict = "all", texts = null;

  const text = index => {
    texts ??= rows.map(() => null);
    return texts[index] ??= rows[index].textContent.toLowerCase();
  };
  const matches = (row, index, words) =>
    (verdict === "all" || row.dataset.verdict === verdict) &&
    (!rule.value || row.dataset.rules.split(" ").includes(rule.value)) &&
    words.every(word => text(index).includes(word));

  const apply = () => {
    const words = query.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const counts = new Map(chunks.map(chunk => [chunk, 0]));
    let count = 0;
    rows.forEach((row, index) => {
      const fits = matches(row, index, words);
      if (row.hidden === fits) row.hidden = !fits;
      if (!fits) return;
      count++;
      counts.set(row.parentNode, counts.get(row.parentNode) + 1);
    });
    for (const [chunk, number] of counts) {
      chunk.hidden = !number;
      chunk.style.containIntrinsicBlockSize = "auto " + number * 96 + "px";
    }
    const all = rows.length;
    shown.textContent = (count === all ? "" : count.toLocaleString("en") + " of ") +
      all.toLocaleString("en") + (all === 1 ? " asset" : " assets");
    none.hidden = count > 0 || all === 0;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
    }
    const state = new URLSearchParams();
    if (verdict !== "all") state.set("verdict", verdict);
    if (rule.value) state.set("rule", rule.value);
    if (query.value) state.set("search", query.value);
    const hash = state.toString();
    try {
      history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
    } catch { /* some viewers forbid it for files */ }
  };

  const restore = () => {
    if (location.hash.startsWith("#rule-")) return openRule();
    const state = new URLSearchParams(location.hash.slice(1));
    const wanted = state.get("verdict") ?? "all";
    verdict = buttons.some(button => button.dataset.verdict === wanted) ? wanted : "all";
    rule.value = state.get("rule") ?? "";
    if (rule.selectedIndex < 0) rule.value = "";
    query.value = state.get("search") ?? "";
    apply();
  };
  const openRule = () => {
    const page = $(decodeURIComponent(location.hash.slice(1)));
    if (page) { page.open = true; page.scrollIntoView(); page.querySelector("summary").focus(); }
  };

  const choose = name => { verdict = name; apply(); };
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.verdict));
  rule.addEventListener("change", apply);
  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    for (const row of rows) if (!row.hidden) row.firstElementChild.open = open;
  });
  $("keys").addEventListener("click", () => help.showModal());
  addEventListener("hashchange", () => { if (location.hash.startsWith("#rule-")) openRule(); });

  const copy = (row, source) => {
    for (const image of row.querySelectorAll("img.copy")) {
      if (source) image.src = source;
      else image.remove();
    }
  };
  const watch = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      for (const image of target.querySelectorAll("img[data-src]")) image.src = image.dataset.src;
      copy(target, target.querySelector(".thumb img")?.src);
    }
  }, {rootMargin: "600px"});
  for (const row of rows) watch.observe(row);

  const step = by => {
    const seen = rows.filter(row => !row.hidden);
    const at = seen.indexOf(document.activeElement?.closest("#assets > ol > li"));
    const last = seen.length - 1;
    const next = seen[at < 0 ? (by > 0 ? 0 : last) : Math.min(Math.max(at + by, 0), last)];
    const summary = next?.querySelector("summary");
    if (summary) { summary.focus({preventScroll: true}); summary.scrollIntoView({block: "center"}); }
  };
  const clear = () => { verdict = "all"; rule.value = ""; query.value = ""; apply(); };
  const verdicts = {1: "all", 2: "failed", 3: "undecided", 4: "passed"};
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === "Escape") { clear(); document.activeElement.blur(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") query.focus();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") help.showModal();
    else if (verdicts[event.key]) choose(verdicts[event.key]);
    else return;
    event.preventDefault();
  });
  restore();
})();
""".strip()
