// @ts-check
/**
 * From lanes to pixels: the points of each arc, its drawing, room for its label, and what lies under a pointer.
 *
 * @typedef {import("./lanes.js").Line} Line
 * @typedef {import("./lanes.js").Frame} Frame
 * @typedef {import("./lanes.js").Plan} Plan
 * @typedef {import("./lanes.js").Route} Route
 * @typedef {[number, number]} Point
 * @typedef {{id: string, points: Point[]}} Shape points: corners from the head to the child
 * @typedef {{x: number, y: number}} Spot middle of a label
 */
import { CAP } from "./lanes.js";

/** Pixels that lanes keep from the words, with room for an arrowhead; and above a single lane, for a label. */
export const PAD = 8;
const HEADROOM = 15;

/** Pixels between lanes: as spacing is asked for, and the most that spare room spreads them to. */
export const PITCH = { ask: 9, most: 13 };

/** Pixels that labels keep from other arcs. */
const CLEAR = 2;

/** Pixels between the tracks of a gutter, at most. */
const TRACK = 7;

/**
 * Say how high a gap must be for a number of lanes, in pixels.
 * @param {number} lanes
 */
export function height(lanes) {
  return lanes ? Math.max(PAD + HEADROOM, 2 * PAD + (lanes - 1) * PITCH.ask) : 0;
}

/**
 * Return the corners of every arc of a plan.
 * @param {Plan} plan
 * @param {Line[]} lines
 * @param {Frame} frame
 * @returns {Shape[]}
 */
export function shapes(plan, lines, frame) {
  return plan.routes.map((route) => ({ id: route.id, points: corners(route, plan, lines, frame) }));
}

/** @param {Route} route @param {Plan} plan @param {Line[]} lines @param {Frame} frame @returns {Point[]} */
function corners(route, plan, lines, frame) {
  const { head, child, runs, track } = route;
  const heights = runs.map((run) => laneY(lines[run.gap], plan.lanes[run.gap], run.lane));
  const [y, last] = [heights[0], heights[heights.length - 1]];
  const x = track ? trackX(track, plan.tracks[track.side], frame) : NaN;
  /** @type {Point[]} */
  const between = track ? [[x, y], [x, last]] : [];
  return [[head.x, head.y], [head.x, y], ...between, [child.x, last], [child.x, child.y]];
}

/** @param {Line} line @param {number} lanes @param {number} lane */
function laneY({ gap: top, top: bottom }, lanes, lane) {
  const between = Math.max(1, Math.min(lanes, CAP) - 1);
  const spread = (bottom - top - PAD - HEADROOM) / between;
  const squeezed = Math.max(0, Math.min(PITCH.ask, (bottom - top - 2 * PAD) / between));
  const pitch = Math.min(PITCH.most, Math.max(spread, squeezed));
  return bottom - Math.min(PAD, (bottom - top) / 2) - (lane % CAP) * pitch;
}

/** @param {import("./lanes.js").Track} track @param {number} count @param {Frame} frame */
function trackX({ side, lane }, count, frame) {
  const away = Math.min(TRACK, frame.gutters[side] / (count + 1)) * (lane + 1);
  return side === "left" ? frame.left - away : frame.right + away;
}

/**
 * Return the path data of an arc, its corners rounded.
 * @param {Point[]} points
 * @param {number} [radius]
 */
export function rounded(points, radius = 5) {
  const kept = points.filter((p, k) => !k || p[0] !== points[k - 1][0] || p[1] !== points[k - 1][1]);
  const parts = [`M${text(kept[0])}`];
  for (let k = 1; k < kept.length - 1; k++) {
    const [before, at, after] = kept.slice(k - 1, k + 2);
    const r = Math.min(radius, distance(before, at) / 2, distance(at, after) / 2);
    parts.push(`L${text(toward(at, before, r))}Q${text(at)} ${text(toward(at, after, r))}`);
  }
  return `${parts.join("")}L${text(kept[kept.length - 1])}`;
}

/**
 * Return the path data of the arrowhead at the end of an arc, its tip on the box.
 * @param {Point[]} points
 */
export function arrowhead(points) {
  const [x, y] = points[points.length - 1];
  const back = points[points.length - 2][1] < y ? -6 : 6;
  return `M${text([x, y])}L${text([x - 3.5, y + back])}L${text([x + 3.5, y + back])}Z`;
}

/** @param {Point} p */
const text = ([x, y]) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

/** @param {Point} a @param {Point} b */
const distance = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);

/** @param {Point} from @param {Point} to @param {number} by @returns {Point} */
function toward(from, to, by) {
  const share = by / (distance(from, to) || 1);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

/**
 * Find room for labels on the arcs' level stretches, where they hide no other arc, no other label and no word.
 * @param {Plan} plan
 * @param {Shape[]} drawn
 * @param {Line[]} lines
 * @param {Frame} frame
 * @param {(id: string) => {width: number, height: number}} size of a link's label, in pixels
 * @returns {Map<string, Spot>} by the link's id, where there is room
 */
export function labelSpots(plan, drawn, lines, frame, size) {
  /** @type {Map<number, {of: string, box: number[]}[]>} what is taken in each gap; box: left, top, right, bottom */
  const taken = new Map(lines.map((_, k) => [k, []]));
  plan.routes.forEach((route, k) => {
    for (const { gap, part, box } of stretches(route, drawn[k].points)) {
      taken.get(gap)?.push({ of: `${route.id} ${part}`, box });
    }
  });
  const out = new Map();
  const order = plan.routes.map((route, k) => ({ route, points: drawn[k].points })).sort((a, b) => span(a) - span(b));
  for (const { route, points } of order) {
    const label = size(route.id);
    const found = candidates(route, points, frame, label).find(({ gap, parts, box }) => {
      const own = parts.map((part) => `${route.id} ${part}`);
      const inside = box[1] >= lines[gap].gap && box[3] <= lines[gap].top;
      return inside && taken.get(gap)?.every((other) => own.includes(other.of) || !meet(other.box, box));
    });
    if (!found) continue;
    taken.get(found.gap)?.push({ of: "", box: found.box });
    out.set(route.id, { x: (found.box[0] + found.box[2]) / 2, y: (found.box[1] + found.box[3]) / 2 });
  }
  return out;
}

/** @param {{points: Point[]}} arc */
const span = ({ points }) => Math.abs(points[0][0] - points[points.length - 1][0]);

/** @param {number[]} a @param {number[]} b */
const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** The boxes of a route's straight parts inside gaps. @param {Route} route @param {Point[]} points */
function stretches(route, points) {
  const first = route.runs[0].gap;
  const last = route.runs[route.runs.length - 1].gap;
  const middle = route.track ? 2 : 1;
  return points.slice(1).flatMap((to, k) => {
    if (route.track && k === middle) return [];
    return [{ gap: k < middle ? first : last, part: k, box: around(points[k], to) }];
  });
}

/** @param {Point} a @param {Point} b @param {number} [by] @returns {number[]} left, top, right, bottom */
function around([x, y], [x2, y2], by = CLEAR) {
  return [Math.min(x, x2) - by, Math.min(y, y2) - by, Math.max(x, x2) + by, Math.max(y, y2) + by];
}

/** @param {Route} route @param {Point[]} points @param {Frame} frame @param {{width: number, height: number}} label */
function candidates(route, points, frame, { width, height }) {
  const level = route.track ? [1, 3] : [1];
  return level.flatMap((k, n) => {
    const [a, b] = [points[k], points[k + 1]];
    const from = Math.max(Math.min(a[0], b[0]), frame.left) + 6;
    const to = Math.min(Math.max(a[0], b[0]), frame.right) - 6;
    const spare = to - from - width;
    // On the line where it is long enough, else right above or below its middle; on an upright one above its arrowhead.
    const upright = a[0] === b[0];
    const beside = upright ? [[0.5, height + CLEAR]] : [[0.5, height + CLEAR], [0.5, -CLEAR]];
    const places = spare < 0 ? beside : [0.5, 0.25, 0.75, 0, 1].map((share) => [share, height / 2]);
    return places.map(([share, rise]) => {
      const left = from + spare * share;
      const top = a[1] - rise;
      return { gap: route.runs[n].gap, parts: upright ? [0, 1, 2] : [k], box: [left, top, left + width, top + height] };
    });
  });
}

/**
 * Return the id of the arc nearest to a point, or null when none lies within reach.
 * @param {Shape[]} drawn
 * @param {Point} at
 * @param {number} [reach]
 */
export function nearest(drawn, [x, y], reach = 6) {
  let best = { id: /** @type {string|null} */ (null), away: reach };
  for (const { id, points } of drawn) {
    for (let k = 1; k < points.length; k++) {
      const [left, top, right, bottom] = around(points[k - 1], points[k], 0);
      const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
      if (away < best.away) best = { id, away };
    }
  }
  return best.id;
}
