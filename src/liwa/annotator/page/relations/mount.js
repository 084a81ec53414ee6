// @ts-check
/** Relations on the page: arcs over the text, a list beside it, stubs at the window's edges, and how they are made. */

import { addStrings } from "../i18n.js";
import { Arcs } from "./arcs.js";
import { Creation } from "./create.js";
import { Drag } from "./drag.js";
import { Editing, mountKeys } from "./edit.js";
import { Hints } from "./hints.js";
import { List } from "./list.js";
import { Menu } from "./menu.js";
import { keysAt, relationOf } from "./options.js";
import { State } from "./state.js";
import { RELATION_STRINGS } from "./strings.js";
import { Stubs } from "./stubs.js";
import { paint } from "./tone.js";

/**
 * Put relations on the page.
 * @param {import("../app.js").App} app
 */
export function mount(app) {
  addStrings(RELATION_STRINGS);
  const state = new State();
  const menu = new Menu(app);
  const creation = new Creation(app, new Hints(app), menu, state);
  const editing = new Editing(app, state, menu);
  const arcs = new Arcs(app, state);
  const list = new List(app, state, editing);
  const stubs = new Stubs(app, state);
  const drag = new Drag(app, creation);
  mountKeys(app, editing, creation);
  mountPointer(app, arcs, state, { editing, creation });
  paint(app);

  const changed = () => {
    creation.cancel();
    if (!relationOf(app.doc, state.chosen)) state.choose(null);
    state.point();
    list.draw();
  };
  app.on("task", () => {
    arcs.reset();
    changed();
  });
  app.on("doc", changed);
  app.on("select", () => {
    if (app.selection.span || app.selection.range) state.choose(null);
    if (creation.from !== app.selection.span) creation.cancel();
    drag.place();
  });
  app.on("layout", () => {
    // What reads the layout comes before what changes it.
    stubs.draw();
    arcs.draw();
    if (app.text.stale) return;
    creation.draw();
    drag.place();
  });
  app.on("settings", () => {
    paint(app);
    arcs.reset();
    if (app.task) list.draw();
  });
  for (const type of ["scroll", "resize"]) {
    everyFrame(window, type, () => {
      arcs.show();
      stubs.draw();
    });
  }
}

/**
 * Let the pointer highlight arcs, or all those of the span under it, and a click choose one.
 * @param {import("../app.js").App} app
 * @param {Arcs} arcs
 * @param {State} state
 * @param {{editing: Editing, creation: Creation}} what acts
 */
function mountPointer(app, arcs, state, { editing, creation }) {
  const under = (/** @type {MouseEvent} */ { clientX, clientY, buttons }) => {
    if (buttons || creation.from) return [];
    const found = app.spanAt(clientX, clientY);
    const key = found?.part === "box" ? null : arcs.at(clientX, clientY);
    return key ? [key] : found ? keysAt(app.doc, found.span) : [];
  };
  everyFrame(app.host, "pointermove", (event) => {
    if (!event.target?.closest?.(".stub")) state.point(under(event));
  });
  app.host.addEventListener("pointerleave", () => state.point());
  let pressed = [0, 0];
  app.host.addEventListener("pointerdown", ({ clientX, clientY }) => void (pressed = [clientX, clientY]), true);
  app.host.addEventListener("click", (event) => {
    const { clientX: x, clientY: y, target } = event;
    // A press that moved has selected text.
    if (Math.hypot(x - pressed[0], y - pressed[1]) > 4) return undefined;
    if (/** @type {Element} */ (target).closest("button")) return undefined;
    const key = app.spanAt(x, y)?.part === "box" ? null : arcs.at(x, y);
    if (!key || event.defaultPrevented) return state.choose(null);
    event.preventDefault();
    event.stopPropagation();
    editing.choose(key);
    return editing.ask(key, { x, y });
  }, true);
}

/**
 * Call a function at an event, at most once a frame.
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => void} fn
 */
function everyFrame(target, type, fn) {
  /** @type {Event|null} */
  let last = null;
  target.addEventListener(type, (event) => {
    if (!last) requestAnimationFrame(() => void (fn(last), (last = null)));
    last = event;
  }, { passive: true });
}
