// @ts-check
/**
 * Where the arcs of relations run: pure geometry, no DOM.
 *
 * Gap k lies above line k. An arc leaves a box through its upper or lower edge, runs along a lane of the gap there,
 * and, when its ends are more than a line apart, down a track of a side gutter to the other end's gap. So no part of
 * an arc lies on a line of text. Lanes and tracks are given out by interval colouring: the fewest that keep arcs apart.
 *
 * @typedef {{x: number, y: number, width: number, height: number, line: number, foot?: Foot}} Box
 *   pixels; line: index into lines
 * @typedef {{from: number, to: number, height: number}} Foot what is written right below a box, from x to x
 * @typedef {{top: number, gap: number, paragraph: number}} Line
 *   top: of the words' boxes on it; gap: where the free room above it begins
 * @typedef {{left: number, right: number, gutters: {left: number, right: number}}} Frame
 *   the column's sides, and how wide the gutters beside it are
 * @typedef {{id: string, head: Box[], child: Box[]}} Link
 * @typedef {{box: Box, below: boolean, gap: number, x: number, y: number, toward: number, alone: Edge|null}} Port
 *   an arc's end; below: it leaves by the lower edge; toward: the x it makes for; alone: the edge that it has to itself
 * @typedef {{x: number, width: number, y: number}} Edge the stretch of a box's edge where arcs may leave
 * @typedef {{lo: number, hi: number, up: boolean, down: boolean, lane: number}} Run
 *   a stretch along a lane or track; up, down: it touches what is above, below
 * @typedef {Run & {gap: number, ports: Port[]}} GapRun
 * @typedef {Run & {side: "left"|"right"}} Track
 * @typedef {{id: string, head: Port, child: Port, runs: GapRun[], track: Track|null}} Route
 * @typedef {{routes: Route[], lanes: number[], tracks: {left: number, right: number}}} Plan
 *   lanes: how many each gap needs; tracks: how many each gutter needs
 */

/** Most lanes that a gap is given; arcs beyond share them, and only highlighting tells them apart. */
export const CAP = 8;

/** Pixels between the ports of one box, and between two stretches of one lane, so that they do not read as one. */
const PORT = 9;
const APART = 6;

/**
 * Plan the arcs of all links.
 * @param {Link[]} links
 * @param {Line[]} lines
 * @param {Frame} frame
 * @returns {Plan}
 */
export function plan(links, lines, frame) {
  const routes = links.map((link) => route(link, frame));
  placePorts(routes.flatMap((r) => [r.head, r.child]));
  for (const r of routes) {
    straighten(r);
    stretch(r);
  }
  const lanes = Array(lines.length).fill(0);
  for (const [gap, runs] of groups(routes.flatMap((r) => r.runs), (run) => run.gap)) lanes[gap] = colour(runs, APART);
  const tracks = { left: 0, right: 0 };
  const side = groups(routes.flatMap((r) => r.track ?? []), (track) => track.side);
  for (const [name, runs] of side) tracks[name] = colour(runs, 0.5);
  return { routes, lanes, tracks };
}

/**
 * Say how many lanes each paragraph needs above its first line and between two lines, at most CAP.
 * @param {number[]} lanes
 * @param {Line[]} lines
 * @returns {Map<number, {above: number, between: number}>}
 */
export function needs(lanes, lines) {
  const out = new Map();
  lines.forEach(({ paragraph }, k) => {
    const need = out.get(paragraph) ?? { above: 0, between: 0 };
    const where = lines[k - 1]?.paragraph === paragraph ? "between" : "above";
    need[where] = Math.max(need[where], Math.min(lanes[k], CAP));
    out.set(paragraph, need);
  });
  return out;
}

/** @param {Link} link @param {Frame} frame @returns {Route} */
function route(link, frame) {
  const [head, child] = nearestPair(link.head, link.child);
  const rows = child.line - head.line;
  const ends = { head: port(head, rows > 0), child: port(child, rows < 0) };
  ends.head.toward = middle(child);
  ends.child.toward = middle(head);
  const base = { id: link.id, ...ends };
  if (ends.head.gap === ends.child.gap) return { ...base, runs: [run(ends.head, ends.child)], track: null };
  const side = nearerSide(head, child, frame);
  const away = side === "left" ? -Infinity : Infinity;
  ends.head.toward = ends.child.toward = away;
  const gaps = [ends.head.gap, ends.child.gap];
  const track = { side, lo: Math.min(...gaps), hi: Math.max(...gaps), up: false, down: true, lane: 0 };
  return { ...base, runs: [run(ends.head), run(ends.child)], track };
}

/** @param {Box[]} heads @param {Box[]} children @returns {[Box, Box]} */
function nearestPair(heads, children) {
  const pairs = heads.flatMap((a) => children.map((b) => /** @type {[Box, Box]} */ ([a, b])));
  const rows = (/** @type {Box[]} */ [a, b]) => Math.abs(a.line - b.line);
  const away = (/** @type {Box[]} */ [a, b]) => Math.abs(middle(a) - middle(b));
  return pairs.sort((p, q) => rows(p) - rows(q) || away(p) - away(q))[0];
}

/** @param {Box} box @param {boolean} below @returns {Port} */
function port(box, below) {
  return { box, below, gap: box.line + (below ? 1 : 0), x: middle(box), y: box.y, toward: 0, alone: null };
}

/** @param {...Port} ports @returns {GapRun} */
function run(...ports) {
  const below = ports.map((p) => p.below);
  return { gap: ports[0].gap, ports, lo: 0, hi: 0, up: below.includes(true), down: below.includes(false), lane: 0 };
}

/** @param {Box} box */
function middle(box) {
  return box.x + box.width / 2;
}

/** @param {Box} a @param {Box} b @param {Frame} frame @returns {"left"|"right"} */
function nearerSide(a, b, frame) {
  return middle(a) + middle(b) < frame.left + frame.right ? "left" : "right";
}

/**
 * Spread the ports of each edge of a box, ordered so that the arcs that leave it do not cross there: those to the left
 * first, the nearest outermost on either side.
 * @param {Port[]} ports
 */
function placePorts(ports) {
  for (const [, edge] of groups(ports, (p) => `${p.box.line} ${p.box.x} ${p.box.width} ${p.below}`)) {
    const room = edgeOf(edge[0].box, edge[0].below);
    const { x, width, y } = room;
    if (edge.length === 1) edge[0].alone = room;
    const right = (/** @type {Port} */ p) => p.toward > x + width / 2;
    edge.sort((a, b) => Number(right(a)) - Number(right(b)) || (b.toward === a.toward ? 0 : b.toward - a.toward));
    const step = Math.min(PORT, width / (edge.length + 1));
    edge.forEach((p, k) => Object.assign(p, { x: x + width / 2 + (k - (edge.length - 1) / 2) * step, y }));
  }
}

/**
 * Draw an arc between neighbouring lines straight down, if nothing else leaves its boxes there.
 * @param {Route} route
 */
function straighten({ head, child, track }) {
  if (track || head.below === child.below || !head.alone || !child.alone) return;
  const from = Math.max(head.alone.x, child.alone.x);
  const to = Math.min(head.alone.x + head.alone.width, child.alone.x + child.alone.width);
  if (to - from > PORT) head.x = child.x = (from + to) / 2;
}

/**
 * Return the stretch of a box's edge where arcs may leave: beside what is written below it or, where that takes all of
 * it, under that.
 * @param {Box} box
 * @param {boolean} below
 * @returns {Edge}
 */
function edgeOf({ x, y, width, height, foot }, below) {
  if (!below || !foot) return { x, width, y: below ? y + height : y };
  const left = { x, width: foot.from - x, y: y + height };
  const right = { x: foot.to, width: x + width - foot.to, y: y + height };
  const free = left.width > right.width ? left : right;
  return free.width > PORT ? free : { x, width, y: y + height + foot.height };
}

/** Set how far a route's runs reach, now that its ports are placed. @param {Route} route */
function stretch(route) {
  for (const r of route.runs) {
    const xs = r.ports.map((p) => p.x);
    if (route.track) xs.push(route.track.side === "left" ? -Infinity : Infinity);
    r.lo = Math.min(...xs);
    r.hi = Math.max(...xs);
  }
}

/**
 * Give each run a lane, 0 the lowest, so that no two in one lane come nearer than `apart`; return how many lanes that
 * takes: as many as runs overlap anywhere. Short runs lie nearest to what they touch, so that arcs nest.
 * @template {Run} R
 * @param {R[]} runs
 * @param {number} apart
 */
export function colour(runs, apart) {
  const count = depth(runs, apart);
  const byLength = [...runs].sort((a, b) => a.hi - a.lo - (b.hi - b.lo));
  if (!give(byLength, count, apart)) give([...runs].sort((a, b) => a.lo - b.lo), count, apart);
  return count;
}

/** @param {Run[]} runs @param {number} apart */
function depth(runs, apart) {
  const events = runs.flatMap((r) => [[r.lo, 1], [r.hi + apart, -1]]);
  events.sort((a, b) => (a[0] === b[0] ? b[1] - a[1] : a[0] - b[0]));
  let open = 0;
  let most = 0;
  for (const [, change] of events) most = Math.max(most, (open += change));
  return most;
}

/** @param {Run[]} runs @param {number} count @param {number} apart @returns {boolean} whether every run found a lane */
function give(runs, count, apart) {
  const lanes = Array.from({ length: count }, () => /** @type {Run[]} */ ([]));
  return runs.every((r) => {
    const upward = [...lanes.keys()];
    const order = r.up && !r.down ? upward.reverse() : upward;
    const lane = order.find((k) => lanes[k].every((o) => o.hi + apart < r.lo || r.hi + apart < o.lo));
    if (lane === undefined) return false;
    lanes[(r.lane = lane)].push(r);
    return true;
  });
}

/**
 * Group items by a key, in the order in which keys first occur.
 * @template T
 * @template K
 * @param {T[]} items
 * @param {(item: T) => K} key
 * @returns {Map<K, T[]>}
 */
export function groups(items, key) {
  const out = new Map();
  for (const item of items) {
    const k = key(item);
    if (!out.has(k)) out.set(k, []);
    out.get(k).push(item);
  }
  return out;
}
