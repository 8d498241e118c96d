// Lays out the tables and charts: everything in the data is computed already.
function table(head, rows) {
  return element("div", { class: "scroll" },
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}
const cell = (text, kind) => element("td", kind ? { class: kind } : {}, text);
const head = (text, kind) => element("th", kind ? { class: kind } : {}, text);
const named = (name) =>
  element("td", {}, element("span", { class: "swatch", style: "background:" + colour(name) }), name);
const spread = (figure) =>
  data.machine.rounds === 1
    ? cell(number(figure.median))
    : element("td", {}, number(figure.median) + " ",
        element("span", { class: "range" }, number(figure.least) + " – " + number(figure.most)));

function workloadTable(workload) {
  const names = ["p50 µs", "p99 µs", "p99.9 µs", "MiB", "threads", "fds", "KiB each", "rest ms/s"];
  const used = names.map((name, i) => workload.lines.some((line) => line.figures[i] !== null));
  const one = workload.unit === "MiB" ? "MiB" : "request";
  const columns = [head("server"), head(workload.unit + "/s"), head("CPU µs a " + one),
    ...names.filter((name, i) => used[i]).map((name) => head(name)),
  ];
  const rows = workload.lines.map((line) => {
    const kind = line.ours ? { class: "ours" } : {};
    if (!line.rate) {
      const reason = element("td", { class: "failure", colspan: columns.length - 1 }, line.failure);
      return element("tr", kind, named(line.contestant), reason);
    }
    return element("tr", kind, named(line.contestant), spread(line.rate), spread(line.cpu),
      ...line.figures.filter((figure, i) => used[i]).map((figure) => cell(number(figure))));
  });
  return table(columns, rows);
}

// How many times as much ours do as each peer.
function ratioTable(workload) {
  const ours = workload.lines.filter((line) => line.ours && line.rate);
  if (!ours.length) return "";
  return table(
    [head("throughput, as a multiple of"), ...workload.peers.map((peer) => head(peer))],
    ours.map((line) => element("tr", { class: "ours" }, named(line.contestant),
      ...line.ratios.map((ratio) =>
        ratio === null ? cell("–") : cell(number(ratio) + " x", ratio >= 1 ? "better" : "worse")))));
}

function section(id, title, subtitle, ...children) {
  document.getElementById("contents").append(element("a", { href: "#" + id }, title));
  return element("section", { id }, element("h2", {}, title, element("small", {}, subtitle)), ...children);
}

function workloadSection(workload) {
  const measured = workload.lines.some((line) => line.rate);
  const charts = [];
  if (measured) {
    const rate = bars(workload.lines, "rate");
    const cpu = bars(workload.lines, "cpu");
    const one = workload.unit === "MiB" ? "MiB" : "request";
    charts.push(chart(workload.unit + " a second", rate.height, rate.config));
    charts.push(chart("server CPU, µs a " + one, cpu.height, cpu.config));
    if (workload.lines.some((line) => line.latency.length)) {
      charts.push(chart("latency", 340, percentiles(workload.lines), workload.workload !== "idle"));
    }
    if (workload.workload === "idle" && data.memory.length) {
      charts.push(chart("memory against connections", 340, memory()));
    }
  }
  return section(workload.workload, workload.workload, workload.title,
    element("div", { class: "charts" }, ...charts), ratioTable(workload), workloadTable(workload));
}

// A letter for each target, then every part of those that were measured.
function targets() {
  const judged = data.targets.filter((target) => target.word !== "not measured");
  const letters = [...new Set(data.targets.map((target) => target.letter))];
  const chips = letters.map((letter) => {
    const words = data.targets.filter((target) => target.letter === letter).map((target) => target.word);
    const word = words.includes("missed") ? "missed" : words.includes("not measured") ? "not" : "met";
    return element("span", { class: "chip " + word }, letter);
  });
  const rows = judged.map((target) =>
    element("tr", {}, cell(target.letter), cell(target.workload, "text"), cell(target.metric, "text"),
      cell(target.ours, "text"), cell(target.limit), cell(target.peer ? "x " + target.peer : "", "text"),
      cell(target.measured),
      element("td", {}, element("span", { class: "word " + target.word }, target.word))));
  const columns = [head(""), head("workload", "text"), head("figure", "text"), head("ours", "text"),
    head("target"), head("", "text"), head("measured"), head("")];
  const met = judged.filter((target) => target.word === "met").length;
  const others = data.targets.length - judged.length;
  const all = table(columns, rows);
  all.classList.add("targets");
  return section("targets", "Targets",
    met + " of " + judged.length + " met" + (others ? ", " + others + " not measured" : ""),
    element("div", { class: "chips" }, ...chips), all);
}

function overview() {
  const config = glance();
  if (!config) return "";
  return section("overview", "At a glance", "throughput of the best of ours beside the best of each peer's",
    element("div", { class: "charts" }, chart("", 330, config, true)));
}

function comparisons() {
  const parts = data.tables.flatMap((one) => [
    element("h3", { style: "margin-top:18px" }, one.title + ", " + one.unit),
    table([head("server"), head("median"), head("least – most"), head("ratio")],
      one.rows.map((row) => element("tr", {}, cell(row.contestant), cell(number(row.spread.median)),
        cell(number(row.spread.least) + " – " + number(row.spread.most), "range"),
        cell(row.ratio === null ? "" : number(row.ratio) + " x " + row.peer)))),
  ]);
  return section("forking", "forking", "a process for each request", ...parts);
}

const machine = data.machine;
document.getElementById("machine").textContent = [
  machine.date,
  machine.processor + ", " + machine.cores + " cores, " + number(machine.memoryMib / 1024) + " GiB",
  machine.system,
  ...machine.runtimes,
  machine.rounds + (machine.rounds === 1 ? " round of " : " rounds of ") + machine.seconds + " s",
  ...(machine.look ? ["a look and no comparison"] : []),
].join(" · ");

const main = document.getElementById("main");
const judged = data.targets.some((target) => target.word !== "not measured");
main.append(overview());
if (judged) main.append(targets());
main.append(...data.workloads.map(workloadSection));
if (data.tables.length) main.append(comparisons());
