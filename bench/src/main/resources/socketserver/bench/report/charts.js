"use strict";
// The data of the page, and its charts.
const data = JSON.parse(document.getElementById("data").textContent);

// One colour for one contestant, in all charts: ours are blues, the others are not.
const colours = [
  [/^socketserver sync/, "#8fb8ff"],
  [/^socketserver threading/, "#1f5fd6"],
  [/^socketserver pool/, "#5b93f5"],
  [/^socketserver virtual/, "#0b3b99"],
  [/^socketserver eventloop/, "#00a3d9"],
  [/^socketserver forking/, "#3f6fb5"],
  [/^java\.net threading/, "#9aa3ad"],
  [/^java\.net virtual/, "#5f6974"],
  [/^Netty by hand \(17\)/, "#e2b87f"],
  [/^Netty/, "#c98a3a"],
  [/^junixsocket/, "#a58fc2"],
  [/^CPython sync/, "#b9d1aa"],
  [/^CPython/, "#86ab72"],
];
const colour = (name) => (colours.find(([pattern]) => pattern.test(name)) || [0, "#888"])[1];

const number = (x) => {
  if (x === null || x === undefined) return "";
  const size = Math.abs(x);
  const digits = size >= 100 || size === Math.round(size) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
  return x.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
const short = (x) =>
  x >= 1e6 ? +(x / 1e6).toPrecision(3) + " M" : x >= 1e3 ? +(x / 1e3).toPrecision(3) + " k" : +x.toPrecision(3) + "";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 12;
Chart.defaults.color = "#45515e";
Chart.defaults.borderColor = "#e9edf2";
Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.plugins.legend.position = "bottom";
Chart.defaults.plugins.legend.labels.boxWidth = 18;
Chart.defaults.plugins.legend.labels.boxHeight = 3;

function chart(title, height, config, wide) {
  const canvas = element("canvas");
  const box = element("div", { class: "chart", style: "height:" + height + "px" }, canvas);
  const cell = element("div", wide ? { class: "wide" } : {}, element("h3", {}, title), box);
  queueMicrotask(() => new Chart(canvas, config));
  return cell;
}

// A bar for each median, and a thin one from the least to the most.
function bars(lines, figure) {
  const shown = lines.filter((line) => line[figure]);
  return {
    height: 44 + 27 * shown.length,
    config: {
      type: "bar",
      data: {
        labels: shown.map((line) => line.contestant),
        datasets: [
          {
            data: shown.map((line) => [line[figure].least, line[figure].most]),
            backgroundColor: "#1c2530",
            barThickness: 2,
            grouped: false,
            minBarLength: 2,
            hidden: data.machine.rounds === 1,
          },
          {
            data: shown.map((line) => line[figure].median),
            backgroundColor: shown.map((line) => colour(line.contestant)),
            barThickness: 17,
            borderRadius: 3,
            grouped: false,
          },
        ],
      },
      options: {
        indexAxis: "y",
        scales: {
          x: { beginAtZero: true, ticks: { callback: short, maxTicksLimit: 7 }, border: { display: false } },
          y: { grid: { display: false }, ticks: { autoSkip: false, color: shown.map(nameColour) } },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              label: (item) => {
                const spread = shown[item.dataIndex][figure];
                return number(spread.median) + " (" + number(spread.least) + " to " + number(spread.most) + ")";
              },
            },
          },
        },
      },
    },
  };
}
const nameColour = (line) => (line.ours ? "#1f5fd6" : "#45515e");

function curve(line, points) {
  return {
    label: line.contestant,
    data: points,
    borderColor: colour(line.contestant),
    backgroundColor: colour(line.contestant),
    borderWidth: line.ours ? 3 : 1.5,
    borderDash: line.ours ? [] : [5, 3],
    pointRadius: line.ours ? 3 : 2,
    tension: 0.2,
    order: line.ours ? 0 : 1,
  };
}

function percentiles(lines) {
  const shown = lines.filter((line) => line.latency.length);
  return {
    type: "line",
    data: {
      labels: data.percentiles.map((p) => "p" + p),
      datasets: shown.map((line) => curve(line, line.latency)),
    },
    options: {
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { grid: { display: false } },
        y: {
          type: "logarithmic",
          title: { display: true, text: "µs, logarithmic" },
          ticks: { callback: (x) => (/^[125]/.test(x) ? short(x) : "") },
        },
      },
      plugins: { tooltip: { callbacks: { label: (i) => i.dataset.label + ": " + number(i.parsed.y) + " µs" } } },
    },
  };
}

function memory() {
  return {
    type: "line",
    data: { datasets: data.memory.map((line) => curve(line, line.points)) },
    options: {
      interaction: { mode: "nearest", intersect: false },
      scales: {
        x: { type: "linear", title: { display: true, text: "connections" }, ticks: { callback: short } },
        y: { beginAtZero: true, title: { display: true, text: "MiB resident" } },
      },
    },
  };
}

// The best of ours beside the best of each peer's, in every workload: up is faster, down slower.
function glance() {
  const families = [["CPython", "#86ab72"], ["java.net", "#5f6974"], ["junixsocket", "#a58fc2"], ["Netty by hand", "#c98a3a"]];
  const shown = data.workloads.filter((workload) => workload.lines.some((line) => line.ours && line.rate));
  const best = (workload, family) => {
    const rivals = workload.peers.map((peer, i) => (peer.startsWith(family) ? i : -1)).filter((i) => i >= 0);
    const ratios = workload.lines.filter((line) => line.ours && line.rate).map((line) =>
      Math.min(...rivals.map((i) => line.ratios[i]).filter((ratio) => ratio)));
    const ratio = Math.max(...ratios);
    return Number.isFinite(ratio) ? ratio : null;
  };
  const datasets = families
    .map(([family, background]) => ({
      label: family,
      data: shown.map((workload) => best(workload, family)).map((ratio) => (ratio ? [1, ratio] : null)),
      backgroundColor: background,
      borderRadius: 2,
      minBarLength: 2,
      skipNull: true,
      maxBarThickness: 26,
    }))
    .filter((dataset) => dataset.data.some((ratio) => ratio));
  const config = {
    type: "bar",
    data: { labels: shown.map((workload) => workload.workload), datasets },
    options: {
      scales: {
        x: { grid: { display: false }, ticks: { autoSkip: false, maxRotation: 45 } },
        y: {
          type: "logarithmic",
          title: { display: true, text: "times as fast" },
          grid: { color: (tick) => (tick.tick.value === 1 ? "#1f5fd6" : "#e9edf2") },
          ticks: { callback: (x) => (/^0*\.?0*[125]0*$/.test(String(x)) ? x + " x" : "") },
        },
      },
      plugins: {
        legend: { labels: { boxHeight: 10 } },
        tooltip: { callbacks: { label: (i) => number(i.raw[1]) + " x " + i.dataset.label } },
      },
    },
  };
  return datasets.length && shown.length > 1 ? config : null;
}
