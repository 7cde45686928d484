/** Draws data_visualization blocks (pie, bar, line, area) as SVG, with a legend and a table for screen readers. */

import { h, s } from "./dom.js";

const WIDE = 560;
const HIGH = 240;
const PAD = { top: 12, right: 12, bottom: 44, left: 52 };
const number = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

const tint = (index) => `var(--chart-${(index % 12) + 1})`;

function legend(entries) {
  return h(
    "ul",
    { class: "chart-legend" },
    entries.map(([name, value], index) =>
      h(
        "li",
        {},
        h("span", { class: "chart-key", style: { background: tint(index) } }),
        h("span", {}, name),
        value ? h("b", {}, value) : null,
      ),
    ),
  );
}

function slice(start, end, index, label) {
  const middle = 100;
  const outer = 96;
  const inner = 56;
  const point = (share, radius) => {
    const angle = share * 2 * Math.PI - Math.PI / 2;
    return `${middle + radius * Math.cos(angle)} ${middle + radius * Math.sin(angle)}`;
  };
  const stop = Math.min(end, start + 0.99999);
  const large = stop - start > 0.5 ? 1 : 0;
  const d = `M${point(start, outer)} A${outer} ${outer} 0 ${large} 1 ${point(stop, outer)} L${point(stop, inner)} A${inner} ${inner} 0 ${large} 0 ${point(start, inner)} Z`;
  return s("path", { d, style: { fill: tint(index) }, class: "chart-slice" }, s("title", {}, label));
}

function pie({ segments }) {
  const total = segments.reduce((sum, { value }) => sum + value, 0) || 1;
  let from = 0;
  const slices = segments.map(({ label, value }, index) => {
    const start = from;
    from += value / total;
    return slice(start, from, index, `${label}: ${number.format(value)} (${Math.round((value / total) * 100)} %)`);
  });
  const shares = segments.map(({ label, value }) => [
    label,
    `${number.format(value)} · ${Math.round((value / total) * 100)} %`,
  ]);
  return h(
    "div",
    { class: "chart-pie" },
    s(
      "svg",
      { viewBox: "0 0 200 200", class: "chart-donut", "aria-hidden": "true" },
      slices,
      s("text", { x: 100, y: 98, class: "chart-total" }, short.format(total)),
      s("text", { x: 100, y: 116, class: "chart-tick chart-center" }, "total"),
    ),
    legend(shares),
  );
}

/** A round number just above `value`, and the steps up to it. */
function ticks(low, high) {
  const range = high - low || 1;
  const rough = range / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const from = Math.floor(low / step) * step;
  const steps = [];
  for (let at = from; at < high + step * 0.999; at += step) steps.push(Math.round(at / step) * step);
  return steps;
}

function axes({ series, axis_config: { categories, x_label, y_label } }) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [marks[0], marks.at(-1)];
  const inner = WIDE - PAD.left - PAD.right;
  const y = (value) => PAD.top + (1 - (value - low) / (high - low || 1)) * (HIGH - PAD.top - PAD.bottom);
  const band = inner / categories.length;
  const x = (at) => PAD.left + band * (at + 0.5);
  const every = Math.ceil(categories.length / Math.max(1, Math.floor(inner / 58)));
  const shown = (name) =>
    name.length > Math.max(6, (band * every) / 6.4)
      ? `${name.slice(0, Math.max(5, Math.floor((band * every) / 6.4) - 1))}…`
      : name;
  const grid = [
    marks.map((mark) => [
      s("line", {
        x1: PAD.left,
        x2: WIDE - PAD.right,
        y1: y(mark),
        y2: y(mark),
        class: mark === 0 ? "chart-base" : "chart-grid",
      }),
      s("text", { x: PAD.left - 8, y: y(mark) + 4, class: "chart-tick chart-end" }, short.format(mark)),
    ]),
    categories.map((name, at) =>
      at % every
        ? null
        : s(
            "text",
            { x: x(at), y: HIGH - PAD.bottom + 18, class: "chart-tick chart-center" },
            shown(name),
            s("title", {}, name),
          ),
    ),
    x_label ? s("text", { x: PAD.left + inner / 2, y: HIGH - 6, class: "chart-label chart-center" }, x_label) : null,
    y_label
      ? s(
          "text",
          {
            transform: `translate(12 ${(HIGH - PAD.bottom + PAD.top) / 2}) rotate(-90)`,
            class: "chart-label chart-center",
          },
          y_label,
        )
      : null,
  ];
  return { grid, x, y, band, categories };
}

const pointsOf = ({ data }, categories) =>
  categories.map((name) => data.find(({ label }) => label === name)?.value ?? null);

function bars(chart) {
  const { grid, x, y, band, categories } = axes(chart);
  const wide = Math.min(38, (band * 0.72) / chart.series.length);
  const drawn = chart.series.map((series, index) =>
    pointsOf(series, categories).map((value, at) => {
      if (value === null) return null;
      const left = x(at) - (wide * chart.series.length) / 2 + wide * index;
      const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      return s(
        "rect",
        {
          x: left + 1,
          y: top,
          width: Math.max(1, wide - 2),
          height: Math.max(1, bottom - top),
          rx: 2,
          style: { fill: tint(index) },
        },
        s("title", {}, `${series.name}, ${categories[at]}: ${number.format(value)}`),
      );
    }),
  );
  return [grid, drawn];
}

function lines(chart) {
  const { grid, x, y, categories } = axes(chart);
  const drawn = chart.series.map((series, index) => {
    const points = pointsOf(series, categories)
      .map((value, at) => (value === null ? null : [x(at), y(value), value, at]))
      .filter(Boolean);
    const path = points.map(([px, py], at) => `${at ? "L" : "M"}${px} ${py}`).join(" ");
    const area =
      chart.type === "area" && points.length
        ? s("path", {
            d: `${path} L${points.at(-1)[0]} ${y(0)} L${points[0][0]} ${y(0)} Z`,
            style: { fill: tint(index) },
            class: "chart-area",
          })
        : null;
    const dots = points.map(([px, py, value, at]) =>
      s(
        "circle",
        { cx: px, cy: py, r: 3.2, style: { fill: tint(index) }, class: "chart-dot" },
        s("title", {}, `${series.name}, ${categories[at]}: ${number.format(value)}`),
      ),
    );
    return [area, s("path", { d: path, style: { stroke: tint(index) }, class: "chart-line" }), dots];
  });
  return [grid, drawn];
}

function spoken(chart, title) {
  const rows =
    chart.type === "pie"
      ? chart.segments.map(({ label, value }) => [label, value])
      : chart.axis_config.categories.map((name, at) => [
          name,
          ...chart.series.map((series) => pointsOf(series, chart.axis_config.categories)[at] ?? ""),
        ]);
  const head = chart.type === "pie" ? ["", "Value"] : ["", ...chart.series.map(({ name }) => name)];
  return h(
    "table",
    { class: "visually-hidden" },
    h("caption", {}, title),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map(([name, ...values]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, name),
          values.map((value) => h("td", {}, String(value))),
        ),
      ),
    ),
  );
}

export function dataVisualization(block) {
  const { chart, title } = block;
  const drawing =
    chart.type === "pie"
      ? pie(chart)
      : s(
          "svg",
          { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "chart-axes", "aria-hidden": "true" },
          chart.type === "bar" ? bars(chart) : lines(chart),
        );
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, title),
    drawing,
    chart.type !== "pie" && (chart.series.length > 1 || !chart.axis_config.y_label)
      ? legend(chart.series.map(({ name }) => [name]))
      : null,
    spoken(chart, title),
  );
}
