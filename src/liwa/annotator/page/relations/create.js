// @ts-check
/** Making relations: a key of a type, then the key drawn beside the other end; or a span dragged or clicked. */

import { addRelation, endOf } from "../document.js";
import { between, candidates } from "./options.js";
import { hintCodes } from "./hints.js";
import { reveal } from "./view.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Span} Span
 * @typedef {import("./options.js").Option} Option
 * @typedef {{span: Span, options: Option[], code: string}} Target
 * @typedef {{label?: string, reverse?: boolean}} Wanted a type; whether the selected span is to be the child
 */

/** Other ends that are marked, the nearest: far more than have keys. */
const MOST = 200;

/** A relation that waits for its other end. */
export class Creation {
  /**
   * @param {App} app
   * @param {import("./hints.js").Hints} hints
   * @param {import("./menu.js").Menu} menu
   * @param {import("./state.js").State} state
   */
  constructor(app, hints, menu, state) {
    this.app = app;
    this.state = state;
    this.hints = hints;
    this.menu = menu;
    this.prompt = document.createElement("p");
    this.prompt.className = "relation-prompt";
    this.prompt.hidden = true;
    document.body.append(this.prompt);
    this.codes = hintCodes(new Set(app.scheme.relations.map((r) => r.code)));
    /** @type {Span|null} */
    this.from = null;
    /** @type {Target[]} */
    this.targets = [];
    this.at = -1;
    app.keys.capture((event) => this.from !== null && this.#key(event));
  }

  /**
   * Let the selected span wait for the other end of a relation.
   * @param {Wanted} [wanted]
   */
  start(wanted = {}) {
    const { app } = this;
    const { span } = app.selection;
    this.cancel();
    if (!span) return;
    const found = candidates(app.doc, app.scheme, span, wanted, (point) => app.text.paragraphOf(point));
    if (!found.length) return app.announce(app.t("relate_none", { text: app.surface(span) }));
    this.from = span;
    this.targets = found.map((target, k) => ({ ...target, code: this.codes[k] ?? "" }));
    this.state.point();
    app.host.classList.add("relating");
    app.emit("moved");
    const label = wanted.label && app.title(wanted.label);
    this.#say(app.t(label ? "relate_from" : "relate_any", { text: app.surface(span), label }));
    this.draw();
  }

  /** Stop waiting. */
  cancel() {
    this.from = null;
    this.targets = [];
    this.at = -1;
    this.hints.clear();
    this.app.host.classList.remove("relating");
    this.prompt.hidden = true;
  }

  /** Draw the hints where the text now stands. */
  draw() {
    if (this.from) this.hints.draw(this.from, this.targets.slice(0, MOST), this.targets[this.at]?.span ?? null);
  }

  /**
   * End the relation that waits at a span; say whether it could.
   * @param {Span} span
   */
  end(span) {
    const target = this.targets.find((t) => t.span === span);
    if (!target) return false;
    this.cancel();
    this.#ask(target.span, target.options);
    return true;
  }

  /**
   * Relate one span to another; say whether anything is legal between them.
   * @param {Span} from
   * @param {Span} to
   */
  link(from, to) {
    const options = between(this.app.doc, this.app.scheme, from, to);
    if (options.length) this.#ask(to, options);
    return options.length > 0;
  }

  /**
   * Make the only relation that is meant, or ask which.
   * @param {Span} to
   * @param {Option[]} options
   */
  #ask(to, options) {
    if (options.length === 1) return this.#make(options[0]);
    const box = this.app.text.boxesOf(to)[0];
    const { left, top } = this.app.host.getBoundingClientRect();
    const items = options.map((option) => ({
      text: this.app.title(option.label),
      code: this.app.scheme.byName.get(option.label)?.code,
      run: () => this.#make(option),
    }));
    this.menu.open({ x: left + box.x + box.width / 2, y: top + box.y + box.height }, this.app.t("relate_which"), items);
  }

  /** @param {Option} option */
  #make({ head, child, label }) {
    const { app } = this;
    if (!app.edit((doc) => addRelation(doc, { head: endOf(head), child: endOf(child), label }))) return;
    app.announce(app.t("relate_made", { head: app.surface(head), label: app.title(label), child: app.surface(child) }));
  }

  /** @param {string} message */
  #say(message) {
    this.prompt.textContent = message;
    this.prompt.hidden = false;
    this.app.announce(message);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key has been used */
  #key(event) {
    const { code, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey) return false;
    const hinted = this.targets.find((t) => t.code && t.code === code.replace("Numpad", "Digit"));
    if (hinted) this.end(hinted.span);
    else if (code === "Escape") this.cancel();
    else if (code === "Tab" || code.startsWith("Arrow")) this.#move(shiftKey || code === "ArrowUp" ? -1 : 1);
    else if (code === "Enter" && this.at >= 0) this.end(this.targets[this.at].span);
    else return code === "Enter" || code === "Space";
    return true;
  }

  /** @param {number} by */
  #move(by) {
    const { app, targets } = this;
    this.at = (this.at < 0 && by < 0 ? targets.length - 1 : this.at + by + targets.length) % targets.length;
    const { span } = targets[this.at];
    app.announce(app.t("selected_span", { text: app.surface(span), label: app.title(span.label) }));
    reveal(app, span);
    this.draw();
  }
}
