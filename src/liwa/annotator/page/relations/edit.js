// @ts-check
/** What can be done to the relation that is chosen, and the keys for it. */

import { flip, removeRelation, retype } from "../document.js";
import { changes, confirm, endsOf, keyOf, keysAt, ordered, relationOf } from "./options.js";
import { reveal } from "./view.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Relation} Relation
 * @typedef {import("./state.js").State} State
 * @typedef {import("./menu.js").Menu} Menu
 */

/** Changes to relations, one at a time. */
export class Editing {
  /**
   * @param {App} app
   * @param {State} state
   * @param {Menu} menu
   */
  constructor(app, state, menu) {
    this.app = app;
    this.state = state;
    this.menu = menu;
  }

  /** The relation that is chosen, if one is. */
  get chosen() {
    return relationOf(this.app.doc, this.state.chosen);
  }

  /**
   * Choose a relation, say what it is and bring it into sight.
   * @param {string} key
   */
  choose(key) {
    const { app } = this;
    const relation = relationOf(app.doc, key);
    if (!relation) return;
    app.select({});
    this.state.choose(key);
    const [head, child] = endsOf(app.doc, relation) ?? [];
    reveal(app, child);
    reveal(app, head);
    app.announce(this.words(relation));
  }

  /**
   * Say a relation in words.
   * @param {Relation} relation
   */
  words({ head, child, label }) {
    const { app } = this;
    return app.t("relate_made", { head: app.surface(head), label: app.title(label), child: app.surface(child) });
  }

  /**
   * Choose the next or previous relation: of the selected span first, else in the order of the text.
   * @param {number} by
   */
  step(by) {
    const { doc, selection } = this.app;
    const keys = ordered(doc).map(keyOf);
    const own = selection.span ? keysAt(doc, selection.span) : [];
    const at = keys.indexOf(this.state.chosen ?? "");
    const next = at >= 0 ? at + by : own.length ? keys.findIndex((key) => own.includes(key)) : by > 0 ? 0 : -1;
    if (keys.length) this.choose(keys[(next + keys.length) % keys.length]);
    return keys.length > 0;
  }

  /** @param {Relation} relation */
  remove(relation) {
    this.app.edit((doc) => removeRelation(doc, relation));
    this.app.announce(this.app.t("relation_removed"));
  }

  /** @param {Relation} relation @param {string} label */
  retype(relation, label) {
    const legal = changes(this.app.doc, this.app.scheme, relation);
    if (legal.retype.includes(label)) this.#replace((doc) => retype(doc, relation, label), { ...relation, label });
    else if (label !== relation.label) this.app.announce(this.app.t("relation_illegal"));
    else this.confirm(relation);
  }

  /** @param {Relation} relation @param {string} [label] the type that it then has, of those that are legal */
  flip(relation, label) {
    const to = label ?? changes(this.app.doc, this.app.scheme, relation).flip[0];
    if (!to) return this.app.announce(this.app.t("relation_illegal"));
    const next = { ...relation, head: relation.child, child: relation.head, label: to };
    return this.#replace((doc) => flip(doc, relation, to), next);
  }

  /** @param {Relation} relation */
  confirm(relation) {
    if (this.app.edit((doc) => confirm(doc, relation))) this.app.announce(this.words(relation));
  }

  /**
   * Show what can be done to a relation.
   * @param {string} key
   * @param {import("./menu.js").Place} place
   */
  ask(key, place) {
    const { app } = this;
    const relation = relationOf(app.doc, key);
    if (!relation) return;
    const legal = changes(app.doc, app.scheme, relation);
    /** @type {import("./menu.js").Item[]} */
    const items = [];
    if (relation.origin === "pre") {
      items.push({ text: app.t("confirm"), code: "KeyC", run: () => this.confirm(relation) });
    }
    for (const label of legal.retype) {
      const run = () => this.retype(relation, label);
      items.push({ text: app.title(label), code: app.scheme.byName.get(label)?.code, run });
    }
    for (const [k, label] of legal.flip.entries()) {
      const own = label === relation.label;
      const text = own ? app.t("relation_flip") : app.t("relation_flip_as", { label: app.title(label) });
      items.push({ text, code: k ? undefined : "KeyV", run: () => this.flip(relation, label) });
    }
    items.push({ text: app.t("relation_remove"), code: "Delete", run: () => this.remove(relation) });
    this.menu.open(place, this.words(relation), items);
  }

  /**
   * Change the document, and keep the relation chosen under what it is now.
   * @param {(doc: import("../document.js").Doc) => import("../document.js").Doc} fn
   * @param {Relation} next
   */
  #replace(fn, next) {
    const was = this.state.chosen;
    if (was) this.state.choose(keyOf(next));
    if (!this.app.edit(fn)) this.state.choose(was);
    else this.app.announce(this.words(next));
  }
}

/**
 * Register the keys of relations.
 * @param {App} app
 * @param {Editing} editing
 * @param {import("./create.js").Creation} creation
 */
export function mountKeys(app, editing, creation) {
  const free = () => Boolean(app.task) && !document.activeElement?.closest("input, textarea, select, dialog");
  const chosen = () => free() && Boolean(editing.chosen);
  const span = () => free() && Boolean(app.selection.span);
  const act = (/** @type {(relation: Relation) => void} */ fn) => () => editing.chosen && fn(editing.chosen);
  const types = app.scheme.relations;
  for (const { name, code } of types) {
    const run = () => (editing.chosen ? editing.retype(editing.chosen, name) : creation.start({ label: name }));
    app.keys.register({ id: `relate ${name}`, code, scheme: true, when: () => span() || chosen(), run });
  }
  const back = (/** @type {KeyboardEvent|undefined} */ event) =>
    creation.start({ label: types.find((type) => type.code === event?.code)?.name, reverse: true });
  const group = "group_relate";
  const shifted = { code: types.map(({ code }) => `Shift+${code}`), scheme: true };
  app.keys.register({ id: "relate_back", ...shifted, when: span, run: back, label: "relate_back", group });
  const suggested = () => chosen() && editing.chosen?.origin === "pre";
  app.keys.register({ id: "relation_confirm", code: "KeyC", when: suggested, run: act((r) => editing.confirm(r)) });
  app.keys.register({ id: "relation_leave", code: "Escape", when: chosen, run: () => editing.state.choose(null) });
  /** @type {[string, string|string[], () => boolean, () => void][]} */
  const listed = [
    ["relate", "KeyN", span, () => creation.start()],
    ["relation_next", "KeyO", free, () => editing.step(1)],
    ["relation_previous", "Shift+KeyO", free, () => editing.step(-1)],
    ["relation_flip", "KeyV", chosen, act((r) => editing.flip(r))],
    ["relation_remove", ["Delete", "Backspace"], chosen, act((r) => editing.remove(r))],
  ];
  for (const [id, code, when, run] of listed) {
    app.keys.register({ id, code, when, run, label: id, group });
  }
  app.popupCommands.push("relate");
}
