/** Reads clocks: formats moments in the acting person's time zone, on the workspace's own clock. */

const formats = new Map();

function format(zone, options) {
  const key = `${zone}|${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat("en-GB", { timeZone: zone || "UTC", ...options });
    } catch {
      made = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
    }
    formats.set(key, made);
  }
  return formats.get(key);
}

const shown = (seconds, zone, options) => format(zone, options).format(new Date(seconds * 1000));

export const timeOfDay = (seconds, zone) =>
  shown(seconds, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const dayKey = (seconds, zone) => shown(seconds, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
export const shortDay = (seconds, zone) => shown(seconds, zone, { weekday: "short", day: "numeric", month: "short" });
export const fullMoment = (seconds, zone) =>
  shown(seconds, zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });

const DAY = 86400;

function pretty(seconds, now, zone) {
  const day = dayKey(seconds, zone);
  if (day === dayKey(now, zone)) return "today";
  if (day === dayKey(now - DAY, zone)) return "yesterday";
  if (day === dayKey(now + DAY, zone)) return "tomorrow";
  return null;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The words on the line between two days: "Today", "Yesterday", "Monday, 3 March". */
export function dayLabel(seconds, now, zone) {
  const word = pretty(seconds, now, zone);
  if (word) return capital(word);
  const year = { year: "numeric" };
  const sameYear = shown(seconds, zone, year) === shown(now, zone, year);
  return shown(seconds, zone, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : year) });
}

const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", DAY],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days", "just now". */
export function ago(seconds, now) {
  const away = seconds - now;
  for (const [unit, length] of UNITS) {
    const count = Math.floor(Math.abs(away) / length);
    if (count < 1) continue;
    const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
    return away > 0 ? `in ${words}` : `${words} ago`;
  }
  return "just now";
}

/** A stretch of time in its two largest units: "7 d 2 h", "45 min". */
export function span(seconds) {
  let left = Math.round(Math.abs(seconds) / 60);
  const parts = [
    [Math.floor(left / 1440), "d"],
    [Math.floor(left / 60) % 24, "h"],
    [left % 60, "min"],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .slice(0, 2)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(" ") || "0 min"
  );
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const TOKENS = {
  date_num: (t, now, zone) =>
    shown(t, zone, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
  date_slash: (t, now, zone) => shown(t, zone, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (t, now, zone) => shown(t, zone, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (t, now, zone) => shown(t, zone, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (t, now, zone) => shown(t, zone, LONG),
  day_divider_pretty: (t, now, zone) => dayLabel(t, now, zone),
  time: (t, now, zone) => timeOfDay(t, zone),
  time_secs: (t, now, zone) =>
    shown(t, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  ago: (t, now) => ago(t, now),
};

/** Fill Slack's date tokens ({date_short_pretty}, {time}, …); an unknown token means the fallback, as in Slack. */
export function slackDate(seconds, pattern, now, zone) {
  let known = true;
  const text = pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    const plain = token.replace(/_pretty$/, "");
    const make = TOKENS[token] ?? TOKENS[plain];
    if (!make) known = false;
    return (token !== plain && pretty(seconds, now, zone)) || (make ? make(seconds, now, zone) : whole);
  });
  return known ? capital(text) : null;
}

/** Minutes by which the wall clock of `zone` is ahead of UTC at that moment. */
function zoneOffset(seconds, zone) {
  const parts = Object.fromEntries(
    format(zone, {
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      hourCycle: "h23",
    })
      .formatToParts(new Date(seconds * 1000))
      .map(({ type, value }) => [type, Number(value)]),
  );
  const wall = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return Math.round((wall / 1000 - Math.floor(seconds)) / 60);
}

const two = (number) => String(number).padStart(2, "0");

/** Seconds → the text a datetime-local input holds, as seen in `zone`. */
export function toLocalInput(seconds, zone) {
  const wall = new Date((seconds + zoneOffset(seconds, zone) * 60) * 1000);
  return `${wall.getUTCFullYear()}-${two(wall.getUTCMonth() + 1)}-${two(wall.getUTCDate())}T${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
}

/** The text of a datetime-local input → seconds, or null. Two rounds settle the hours around a change of the clocks. */
export function fromLocalInput(text, zone) {
  const wall = Date.parse(`${text}Z`) / 1000;
  if (Number.isNaN(wall)) return null;
  const guess = wall - zoneOffset(wall, zone) * 60;
  return wall - zoneOffset(guess, zone) * 60;
}
