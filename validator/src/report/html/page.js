// Draws the report. Every text of the report goes through textContent; nothing of it is ever read as markup.
"use strict";
(() => {
const report = JSON.parse(document.getElementById("report").textContent);
const SEVERITIES = ["breaks", "degrades", "drifts"];
const KINDS = [...SEVERITIES, "undecided"];
const isGap = thing => thing.settle !== undefined;
const counts = finding => !finding.accepted && !finding.in_baseline;
const byId = id => document.getElementById(id);
const many = (count, one, more) => count + " " + (count === 1 ? one : more || one + "s");

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ""));
  return made;
}
const badge = (kind, text) => el("span", { class: "badge " + kind }, text);
const code = text => el("code", {}, text);

// Filters, and the hash that holds them.
const state = { severity: new Set(KINDS), only: "", tier: "", family: "", q: "", finding: "" };
const TEXTS = ["only", "tier", "family", "q", "finding"];
function fromHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  const severity = given.get("severity");
  state.severity = new Set(severity === null ? KINDS : severity.split(",").filter(word => KINDS.includes(word)));
  for (const key of TEXTS) state[key] = given.get(key) || "";
}
function hash(more) {
  const wanted = Object.assign({}, state, more);
  const words = new URLSearchParams();
  if (wanted.severity.size < KINDS.length) words.set("severity", KINDS.filter(word => wanted.severity.has(word)).join(","));
  for (const key of TEXTS) if (wanted[key]) words.set(key, wanted[key]);
  return "#" + words.toString();
}
function set(change) {
  Object.assign(state, change, { finding: "" });
  history.replaceState(null, "", hash());
  draw();
}
const filtering = () => state.severity.size < KINDS.length || state.tier || state.family || state.q;
const textOf = new Map();
const at = place => place.file + ":" + place.line + ":" + place.column;
// A number that is looked for is no part of a fingerprint, nor of the place of another file.
const unread = (key, it) => key === "fingerprint" || key === "digest" || (key === "line" || key === "column") ? undefined
  : it && it.file && it.line ? Object.assign({}, it, { at: at(it) }) : it;
function words(thing) {
  if (!textOf.has(thing)) textOf.set(thing, JSON.stringify(thing, unread).replaceAll('\\"', '"').toLowerCase());
  return textOf.get(thing);
}
const asked = () => state.q.toLowerCase().split(/\s+/).filter(Boolean);
const found = (thing, word) => words(thing).includes(word) || (word.length >= 8 && thing.fingerprint && thing.fingerprint.startsWith(word));
const says = thing => asked().every(word => found(thing, word));
const kept = thing => state.severity.has(isGap(thing) ? "undecided" : thing.severity) && (!state.tier || (thing.tier || "-") === state.tier)
  && (!state.family || thing.family === state.family);
const fits = thing => kept(thing) && says(thing);

// Addresses: the module path, and what stands in it. Dots inside of brackets do not part names.
function split(address) {
  const parts = address.match(/[^.[]+(\[("(\\.|[^"\\])*"|[^\]]*)\])*/g) || [address];
  let at = 0;
  while (parts[at] === "module" && at + 2 < parts.length) at += 2;
  return [parts.slice(0, at).join("."), parts.slice(at).join(".")];
}

function verdict() {
  const s = report.summary;
  const [kind, text] = s.breaks ? ["breaks", many(s.breaks, "finding breaks", "findings break") + " a failover."]
    : s.degrades ? ["degrades", many(s.degrades, "finding degrades", "findings degrade") + " a failover."]
    : s.relations === 0 ? ["open", "Nothing could be compared."]
    : s.files_not_parsed ? ["open", "Not everything could be read: " + many(s.files_not_parsed, "file") + " not parsed."]
    : s.modules_not_read ? ["open", "Not everything could be read: nothing is known of " + many(s.modules_not_read, "module") + ", nor whether they mirror each other."]
    : s.undecided ? ["open", "No finding degrades a failover, but " + many(s.undecided, "question") + " could not be decided."]
    : s.drifts ? ["drifts", many(s.drifts, "difference") + " that a failover survives."]
    : ["fine", "The secondary mirrors the primary in all that was asked."];
  byId("verdict").className = "verdict " + kind;
  byId("verdict").textContent = text;
}

function summary() {
  const s = report.summary, roles = report.roles;
  const figure = (kind, count, label, severity) => el("li", { class: count ? kind : "none" }, el("b", {}, String(count)),
    severity && count ? el("a", { href: hash({ severity: new Set([severity]) }) }, label) : label);
  const bar = el("div", { class: "bar", role: "img", "aria-label": `${s.hold} hold, ${s.broken} broken, ${s.undecided} undecided` });
  for (const [kind, count] of [["fine", s.hold], ["breaks", s.broken], ["open", s.undecided]])
    if (count) { const part = el("i", { class: kind, title: String(count) }); part.style.flexGrow = count; bar.append(part); }
  const row = (name, text) => text ? [el("dt", {}, name), el("dd", {}, text)] : [];
  const sources = report.sources.map(source => el("div", {}, source.kind + " ", code(source.path), source.root ? " as " + source.root : "",
    source.files ? ", " + many(source.files, "file") : "", source.broken_files ? ", " + source.broken_files + " not parsed" : "",
    source.complete ? "" : ", a part of the estate"));
  byId("summary").replaceChildren(
    el("ul", { class: "figures" }, figure("breaks", s.breaks, "break a failover", "breaks"), figure("degrades", s.degrades, "degrade it", "degrades"),
      figure("drifts", s.drifts, "drift", "drifts"), figure("open", s.undecided, "undecided", "undecided"), figure("", s.accepted, "accepted"),
      s.in_baseline ? figure("", s.in_baseline, "in the baseline") : null, figure("fine", s.hold, "relations hold")),
    bar,
    el("dl", {}, row("Primary", roles.primary), row("Secondary", roles.secondary.join(", ")), row("Roles", roles.inferred || "told, in dr.hcl"),
      row("Strategy", roles.strategy), row("Address ranges", roles.cidr),
      row("Resources", many(s.pairs, "pair") + ", " + s.strays + " of the primary without counterpart"), row("Read from", sources)));
}

function filters() {
  const things = report.findings.concat(report.gaps);
  const sorted = key => [...new Set(things.map(thing => thing[key] || "-"))].sort();
  const choice = (key, label, values) => el("select", { "aria-label": label, id: "filter-" + key, on: { change: event => set({ [key]: event.target.value }) } },
    el("option", { value: "" }, label), values.map(value => el("option", { value }, value === "-" ? "no tier" : value)));
  const tiers = sorted("tier");
  const how = word => word === "undecided" ? report.gaps.length : report.findings.filter(it => counts(it) && it.severity === word).length;
  // The first one that is asked for is shown alone, others beside it; without the last one all are shown again.
  const toggle = word => el("button", { type: "button", id: "filter-" + word, class: word, on: { click: () => {
    const severity = state.severity.size === KINDS.length ? new Set() : new Set(state.severity);
    if (!severity.delete(word)) severity.add(word);
    set({ severity: severity.size ? severity : new Set(KINDS) });
  } } }, word + " " + how(word));
  byId("filters").replaceChildren(...KINDS.map(toggle),
    ...(tiers.some(tier => tier !== "-") ? [choice("tier", "all tiers", tiers)] : []), choice("family", "all families", sorted("family")),
    el("input", { type: "search", id: "filter-q", placeholder: "address, rule, file:line, value", "aria-label": "Search", on: { input: event => set({ q: event.target.value }) } }),
    el("button", { type: "button", id: "filter-none", on: { click: () => set({ severity: new Set(KINDS), tier: "", family: "", q: "" }) } }, "show all"));
  byId("filters").addEventListener("submit", event => event.preventDefault());
}
function showFilters() {
  const some = state.severity.size < KINDS.length;
  byId("filters").classList.toggle("some", some);
  for (const word of KINDS) byId("filter-" + word).setAttribute("aria-pressed", String(some && state.severity.has(word)));
  for (const key of ["tier", "family", "q"]) { const field = byId("filter-" + key); if (field && field.value !== state[key]) field.value = state[key]; }
  byId("filter-none").hidden = !filtering();
}

// What differs between two values is marked: all but the words that both begin and end with.
const WORD = /[\p{L}\p{N}_-]/u;
function value(text, other) {
  if (!other || text === other) return code(text);
  let start = 0, end = 0;
  while (start < text.length && text[start] === other[start]) start++;
  while (end < Math.min(text.length, other.length) - start && text[text.length - 1 - end] === other[other.length - 1 - end]) end++;
  while (start > 0 && WORD.test(text[start - 1])) start--;
  while (end > 0 && WORD.test(text[text.length - end])) end--;
  const middle = text.slice(start, text.length - end);
  return el("code", {}, text.slice(0, start), middle ? el("mark", {}, middle) : null, text.slice(text.length - end));
}
const place = where => code(at(where));
const mates = new Map(report.pairs.map(pair => [pair.primary, pair.secondary]));
function side(role, it, other) {
  const away = role === "Secondary" && it.region && !report.roles.secondary.includes(it.region);
  return el("div", { class: "side" }, el("h4", {}, (away ? "For the secondary" : role) + (it.region ? " · " + it.region : "")),
    it.address ? code(it.address) : mates.has(other.address) ? el("span", { class: "quiet" }, "nothing is asked of ", code(mates.get(other.address)))
      : el("span", { class: "quiet" }, "no such resource"),
    it.path || it.value !== null ? el("div", { class: "value" }, it.path ? [code(it.path), " = "] : null,
      it.value === null ? el("span", { class: "quiet" }, it.sealed || it.digest ? "not shown" : "not set") : value(it.value, other.value)) : null,
    it.place ? el("div", { class: "hint" }, it.address ? "at " : "decided at ", place(it.place)) : null,
    it.chain.length > 1 ? el("details", { class: "chain" }, el("summary", {}, "by way of " + many(it.chain.length, "place")),
      el("ol", {}, it.chain.map(link => el("li", {}, place(link), link.what ? " " + link.what : "")))) : null);
}
const ofRule = thing => thing.sub ? thing.rule + " (" + thing.sub + ")" : thing.rule;
const mend = it => {
  const where = it.secondary.place || it.primary.place;
  const last = (it.secondary.place ? it.secondary : it.primary).chain.at(-1);
  // What is written there, where the way to it says so: an argument of a module, a local value, a variable.
  const what = last && where && at(last) === at(where) && /[ .]/.test(last.what || "") ? ", which gives " + last.what : "";
  return it.fix ? el("p", { class: "says" }, el("b", {}, "Fix:"), it.fix, where ? [" At ", place(where), what + "."] : null,
    it.fixable ? [" To have it written: ", code("drcheck fix --finding " + it.fingerprint.slice(0, 16)), "."] : null) : null;
};
const said = (name, text) => text ? el("p", { class: "says" }, el("b", {}, name), text) : null;

// A list under a heading; a long one is folded.
const hit = thing => asked().some(word => words(thing).includes(word));
const listed = (name, text, items, found) => items.length === 0 ? null : items.length <= 6 ? [said(name, text), el("ul", {}, items)]
  : el("details", { class: "long", open: found ? "" : null }, el("summary", {}, el("b", {}, name), " " + text), el("ul", {}, items));

const open = new Map();
function lasting(key, first, attributes, summary, body) {
  const made = el("details", attributes, summary);
  let filled = false;
  const fill = () => { if (!filled) { filled = true; made.append(body()); } };
  made.open = open.has(key) ? open.get(key) : first;
  if (made.open) fill();
  made.addEventListener("toggle", () => { if (!printing) open.set(key, made.open); if (made.open) fill(); });
  made.fill = fill;
  return made;
}
const aimed = it => Boolean(state.finding) && it.fingerprint.startsWith(state.finding);
const tags = it => [it.tier ? badge("plain", it.tier) : null, " ", badge("plain", it.family)];
function finding(it, first) {
  const key = it.fingerprint.slice(0, 16);
  // A hit among what is folded away would not be seen.
  const inside = it.consequences.some(hit) || it.instances.some(hit);
  return lasting("f" + key + (inside ? asked().join(" ") : ""), first || aimed(it) || inside, { class: "finding " + it.severity + (aimed(it) ? " aim" : ""), id: "f-" + key },
    el("summary", {}, badge(it.severity, it.severity), " ", el("span", { class: "rule" }, ofRule(it)), " ", tags(it),
      it.accepted ? [" ", badge("plain", "accepted until " + it.accepted.expires)] : it.in_baseline ? [" ", badge("plain", "in the baseline")] : null,
      el("span", { class: "message" }, it.message)),
    () => el("div", { class: "body" },
      it.accepted ? said("Accepted:", it.accepted.reason + " (" + it.accepted.by + ", " + it.accepted.owner + ", until " + it.accepted.expires + ")") : null,
      el("div", { class: "sides" }, side("Primary", it.primary, it.secondary), side("Secondary", it.secondary, it.primary)),
      said("In a failover:", it.impact), mend(it),
      listed("The same cause:", many(it.instances.length, "instance"), it.instances.map(name => el("li", {}, code(name))), it.instances.some(hit)),
      listed("Follows from it:", many(it.consequences.length, "consequence") + (it.consequences.length === 1 ? ", which vanishes" : ", which vanish") + " with it",
        it.consequences.map(one => el("li", hit(one) ? { class: "hit" } : {}, el("b", {}, one.rule), ": " + one.message)), it.consequences.some(hit)),
      el("p", { class: "small" }, "Fingerprint ", code(it.fingerprint), ". More: ", code("drcheck explain " + it.rule), " ", el("a", { class: "link", href: hash({ finding: key }) }, "link to this finding"))));
}

function section(id, title, hint, ...children) {
  const shown = children.flat().filter(Boolean);
  byId(id).hidden = shown.length === 0;
  byId(id).replaceChildren(el("h2", { id: id + "-title" }, title), hint ? el("p", { class: "hint" }, hint) : "", ...shown);
}

// Both regions: rows of pairs, strays, and what findings name besides.
function rows(region) {
  const all = [], byPrimary = new Map(), bySecondary = new Map();
  const add = row => {
    all.push(row);
    if (row.primary) byPrimary.set(row.primary, row);
    if (row.secondary && !bySecondary.has(row.secondary)) bySecondary.set(row.secondary, row);
    return row;
  };
  for (const pair of report.pairs) if (pair.region === region)
    add({ type: pair.type, primary: pair.primary, secondary: pair.secondary, path: pair.path, evidence: pair.evidence, about: [], follows: [] });
  for (const stray of report.strays) if (stray.region === region)
    add({ type: stray.type, primary: stray.address, secondary: null, single: stray.single, open: stray.open, about: [], follows: [] });
  const typeOf = address => { const parts = split(address)[1].split("."); return parts[0] === "data" ? parts[1] : parts[0]; };
  for (const thing of report.findings.concat(report.gaps)) {
    const left = thing.primary.address, right = thing.secondary.address;
    if (thing.secondary.region && thing.secondary.region !== region && report.roles.secondary.includes(thing.secondary.region)) continue;
    const row = (left && byPrimary.get(left)) || (right && bySecondary.get(right))
      || (left || right ? add({ type: typeOf(left || right), primary: left, secondary: right, besides: true, about: [], follows: [] }) : null);
    if (row) row.about.push(thing);
    // What shares its cause or follows from it is touched by it too.
    for (const address of thing.instances || []) touch(byPrimary.get(address) || bySecondary.get(address), thing);
    for (const one of thing.consequences || []) touch(byPrimary.get(one.address) || bySecondary.get(one.address), thing, one);
  }
  return all;
}
function touch(row, thing, one) {
  if (!row || row.about.includes(thing)) return;
  if (one) row.follows.push([thing, one]); else row.about.push(thing);
}
const causes = new Map();
for (const it of report.findings) for (const one of it.consequences) if (!causes.has(one.address)) causes.set(one.address, it);
function cell(address, module, path) {
  if (!address) return el("span", { class: "quiet" }, "–");
  const [of, name] = split(address);
  return code((of === module ? name : address) + (path ? " › " + path : ""));
}
function other(row, module) {
  if (row.secondary) return cell(row.secondary, module, row.path);
  if (row.single) return el("span", { class: "once" }, "lives once: " + row.single);
  if (row.open && row.open.length) return el("span", { class: "maybe" }, "perhaps none: " + row.open.join("; "));
  if (row.about.some(it => !isGap(it) && counts(it) && !it.secondary.address)) return el("span", { class: "gone" }, "no counterpart");
  if (row.besides) return el("span", { class: "quiet" }, "–");
  const cause = causes.get(row.primary);
  const told = !cause || row.following.some(([it]) => it === cause);
  return el("span", { class: "once" }, "no counterpart", told ? "" : [", follows from ", el("a", { href: aim(cause) }, cause.rule)]);
}
const aim = it => hash({ finding: it.fingerprint.slice(0, 16) });
function drawRow(row, left, right) {
  const same = new Map();
  for (const it of row.shown) {
    const key = (isGap(it) ? "?" : counts(it) ? "!" : "-") + it.rule;
    same.set(key, (same.get(key) || []).concat(it));
  }
  const marks = [...same.values()].map(all => {
    const it = all[0], label = it.rule + (all.length > 1 ? " ×" + all.length : ""), title = all.map(one => one.message).join("\n");
    return isGap(it) ? el("a", { class: "badge open", href: aim(it), title }, "undecided: " + label)
      : el("a", { class: "badge " + (counts(it) ? it.severity : "plain"), href: aim(it), title }, label);
  });
  const after = new Map();
  for (const [it, one] of row.following) after.set(it, (after.get(it) || []).concat(one));
  for (const [it, all] of after)
    marks.push(el("a", { class: "badge follows", href: aim(it), title: all.map(one => one.rule + ": " + one.message).join("\n") }, "follows: " + it.rule));
  return el("div", { class: "row" }, el("div", {}, cell(row.primary, left)),
    el("div", { class: marks.length ? "middle marked" : "middle" }, marks.length ? marks : row.secondary && !row.about.length && !row.follows.length
      ? el("span", { class: "pairs", title: (row.evidence || []).join("; ") }, "=") : el("span", { class: "quiet" }, "·")),
    el("div", {}, other(row, right)));
}
function group(region, name, members) {
  const seconds = new Map();
  for (const row of members) if (row.secondary) { const of = split(row.secondary)[0]; seconds.set(of, (seconds.get(of) || 0) + 1); }
  const right = [...seconds].sort((a, b) => b[1] - a[1]).map(entry => entry[0])[0];
  const label = module => module ? code(module) : "root module";
  const bad = [...new Set(members.flatMap(row => row.shown))];
  const chip = (kind, count, text) => count ? badge(kind, count + " " + text) : null;
  const real = bad.filter(it => !isGap(it) && counts(it));
  return lasting("g" + region + "|" + name, real.length > 0 || Boolean(filtering()), { class: "group" },
    el("summary", {}, label(name), right !== undefined && right !== name ? [" ↔ ", label(right)] : null,
      el("span", { class: "counts" }, SEVERITIES.map(word => chip(word, real.filter(it => it.severity === word).length, word)),
        chip("open", bad.filter(isGap).length, "undecided"), chip("plain", members.filter(row => row.secondary && row.primary).length, "paired"),
        chip("plain", members.filter(row => !row.secondary && !row.besides).length, "single"))),
    () => {
      const body = el("div", { class: "body" });
      let type = null;
      for (const row of members) {
        if (row.type !== type) { type = row.type; body.append(el("div", { class: "type" }, type)); }
        body.append(drawRow(row, name, right));
      }
      return body;
    });
}
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const regions = report.roles.secondary.map(region => [region, rows(region)]);
function drawRegions() {
  const narrow = state.severity.size < KINDS.length || state.tier || state.family;
  const parts = regions.flatMap(([region, all]) => {
    const groups = new Map();
    for (const row of all) {
      const named = asked().every(word => ((row.primary || "") + " " + (row.secondary || "") + " " + row.type).toLowerCase().includes(word));
      // A row that is looked for by its name shows all that touches it.
      const wanted = named ? kept : fits;
      row.shown = row.about.filter(wanted);
      row.following = row.follows.filter(([it]) => wanted(it));
      if (filtering() && !row.shown.length && !(row.following.length && narrow) && (narrow || !named)) continue;
      if (state.only && !row.shown.length && !row.following.length) continue;
      const name = split(row.primary || row.secondary)[0];
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
    }
    if (!groups.size) return [];
    return [el("div", { class: "heads" }, el("span", {}, report.roles.primary + " (primary)"), el("span", {}), el("span", {}, region + " (secondary)")),
      ...[...groups].sort((a, b) => order(a[0], b[0])).map(([name, members]) =>
        group(region, name, members.sort((a, b) => order(a.type, b.type) || order(a.primary || a.secondary, b.primary || b.secondary))))];
  });
  const less = el("button", { type: "button", id: "only", "aria-pressed": String(Boolean(state.only)), on: { click: () => set({ only: state.only ? "" : "touched" }) } },
    "only what a finding or question touches");
  section("regions", "Both regions", ["Resources of the primary and what mirrors them, by module and type. ",
    el("span", { class: "wide" }, "= is a pair that no finding touches, · something that lives in one region only, which no rule minds. "),
    "Marks lead to the finding; one with \u201cfollows\u201d vanishes with it."], parts.length ? [less, ...parts] : state.only ? [less] : []);
}

function drawUndecided(gaps) {
  const groups = new Map();
  for (const gap of gaps) { if (!groups.has(gap.settle)) groups.set(gap.settle, []); groups.get(gap.settle).push(gap); }
  const name = it => [it.primary.address, it.secondary.address].filter(Boolean);
  const places = it => [...new Set([it.primary.place, it.secondary.place].filter(Boolean).map(at))];
  section("undecided", "Undecided", "Neither good nor bad: what was read does not tell. Grouped by what would settle it.",
    [...groups].sort((a, b) => b[1].length - a[1].length).map(([settle, members]) => lasting("u" + settle + (members.some(aimed) ? state.finding : ""), groups.size < 12 || members.some(aimed), { class: "undecided" },
      el("summary", {}, badge("open", String(members.length)), " ", settle || "Nothing is known that would settle it."),
      () => el("div", { class: "body" }, el("ul", {}, members.map(it => el("li", aimed(it) ? { class: "aim" } : {}, badge(it.severity, it.severity + " if so"), " ", tags(it), " ", el("b", {}, ofRule(it)), ": " + it.message,
        name(it).length ? el("div", { class: "hint" }, name(it).flatMap((address, at) => at ? [" ↔ ", code(address)] : [code(address)])) : null,
        it.because.length ? el("div", { class: "hint" }, "Not known: " + it.because.join("; ")) : null,
        places(it).length ? el("div", { class: "hint" }, "At ", places(it).flatMap((where, nth) => nth ? [" and ", code(where)] : [code(where)])) : null,
        el("div", { class: "small" }, "Fingerprint ", code(it.fingerprint)))))))));
}

const WORDS = [
  ["relation", "One question about one pair or resource, such as whether both have the same port. It holds, is broken, or cannot be told from what was read. A finding may gather several broken ones that have one cause."],
  ["pair", "A resource of the primary region and the one that takes its place in a failover. How they were found: drcheck explain ADDRESS."],
  ["single", "Something that lives once for both regions, or in one region only."],
  ["breaks, degrades, drifts", "Without mending it a failover does not work, or works worse or later, or is not touched by it."],
  ["follows", "Told because something else is wrong; not counted, and gone when that is mended."],
  ["tier", "A group of resources with one objective for time (RTO) and data (RPO); told in dr.hcl."],
  ["family", "What a rule is about: network, data, objects and so on; drcheck rules lists them."],
  ["address ranges: shifted", "Ranges of the secondary network are those of the primary one, moved to another block."],
  ["fingerprint", "The name of a finding that stays the same from run to run; dr.hcl and baselines accept findings by it."],
];
function draw() {
  showFilters();
  const found = report.findings.filter(fits), counting = found.filter(counts), known = found.filter(it => !counts(it)), gaps = report.gaps.filter(fits);
  const all = report.findings.filter(counts).length;
  const unknown = state.finding && !report.findings.concat(report.gaps).some(aimed);
  byId("filtered").textContent = unknown ? `No finding of this report has the fingerprint ${state.finding}: it is mended, or follows from another one now.` : filtering() ? `Filtered: ${counting.length} of ${many(all, "finding")}, ${gaps.length} of ${report.gaps.length} undecided.` : "";
  section("findings", "Findings", counting.length ? "Worst first: by severity, then by what a failover cannot do without: the data, the ways to it, what services start from, enough of it, what protects it afterwards; tiers do not change the order. Each says what it is about in both regions, what it means in a failover, and how to mend it."
    : all ? "No finding fits the filters." : "None.", counting.map((it, at) => finding(it, at < 3)));
  byId("findings").hidden = false;
  drawRegions();
  drawUndecided(gaps);
  section("accepted", "Accepted and known", "Findings that somebody answers for, or that the baseline knows. They do not fail the check.", known.map(it => finding(it, false)));
  section("words", "Words of this page", "", el("dl", {}, WORDS.flatMap(([word, meaning]) => [el("dt", {}, word), el("dd", {}, meaning)])));
  const harmless = !report.summary.undecided && report.diagnostics.every(it => it.severity === "note");
  section("read", "Notes on what was read", harmless ? "Nothing that was asked hangs on what these notes call unknown: all of it is decided." : "", report.diagnostics.length ? el("ul", {}, report.diagnostics.map(it =>
    el("li", {}, badge(it.severity === "error" ? "breaks" : it.severity === "warning" ? "degrades" : "plain", it.severity), " " + it.summary,
      it.place ? [" at ", place(it.place)] : null, it.detail ? el("div", { class: "hint" }, it.detail) : null))) : null);
  const target = state.finding && document.querySelector(".aim");
  if (target) target.scrollIntoView();
}

// On paper everything is open but the ways to the places.
let printing = false, closed = [];
addEventListener("beforeprint", () => {
  printing = true;
  closed = [...document.querySelectorAll("details:not([open]):not(.chain)")];
  for (const made of closed) { if (made.fill) made.fill(); made.open = true; }
  const inside = [...document.querySelectorAll("details.long:not([open])")];
  for (const made of inside) made.open = true;
  closed.push(...inside);
});
addEventListener("afterprint", () => {
  for (const made of closed) made.open = false;
  closed = [];
  setTimeout(() => { printing = false; }, 0);
});
addEventListener("hashchange", () => { fromHash(); draw(); });

byId("footer").textContent = `drcheck ${report.tool_version}, report format ${report.format_version}. This page loads nothing and holds all of its data; nothing in it is sent anywhere.`;
verdict();
summary();
filters();
fromHash();
draw();
})();
