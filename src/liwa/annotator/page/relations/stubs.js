// @ts-check
/** At the edges of the window: where relations go whose other end is not in sight. */

import { endsOf, keyOf } from "./options.js";
import { reveal, sight } from "./view.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Relation} Relation
 * @typedef {import("../document.js").Span} Span
 * @typedef {{relation: Relation, key: string, away: Span, isHead: boolean, up: boolean, far: number}} Stub
 *   away: the end out of sight; isHead: whether that is the head; far: pixels to it
 */

/** Pixels that one stub takes, about; so many fit in a row. */
const WIDE = 190;

/** The two rows of stubs, above and below what is in sight. */
export class Stubs {
  /**
   * @param {App} app
   * @param {import("./state.js").State} state
   */
  constructor(app, state) {
    this.app = app;
    this.state = state;
    this.rows = [row("up"), row("down")];
    app.host.prepend(this.rows[0]);
    app.host.append(this.rows[1]);
    this.shown = "";
    state.on(() => this.draw());
  }

  /** Draw the stubs for what is in sight now. */
  draw() {
    const [top, bottom] = this.#sight();
    const found = this.#stubs(top, bottom);
    const most = Math.max(1, Math.floor(this.app.host.clientWidth / WIDE));
    const rows = [true, false].map((up) => this.#chosen(found.filter((s) => s.up === up), most));
    const words = rows.map(({ stubs, rest }) => [rest, ...stubs.map((s) => [s.key, s.isHead])]);
    const shown = JSON.stringify([this.app.settings.language, words]);
    if (shown === this.shown) return;
    this.shown = shown;
    rows.forEach((row, k) => this.rows[k].replaceChildren(...this.#nodes(row)));
  }

  /** Top and bottom of what is in sight, from the host's corner; the rows stick there. */
  #sight() {
    const origin = this.app.host.getBoundingClientRect().top;
    const { top, bottom } = sight();
    this.rows[0].style.top = `${top + 6}px`;
    this.rows[1].style.bottom = `${innerHeight - bottom + 6}px`;
    return [top - origin, bottom - origin];
  }

  /**
   * Return those for which there is room, the nearest; a highlighted one is always among them.
   * @param {Stub[]} all
   * @param {number} most
   */
  #chosen(all, most) {
    const lit = all.slice(most).filter((s) => this.state.lit.has(s.key));
    const stubs = [...all.slice(0, Math.max(0, most - lit.length)), ...lit].slice(0, most);
    return { stubs, rest: all.length - stubs.length };
  }

  /** @param {number} top @param {number} bottom @returns {Stub[]} the nearest first */
  #stubs(top, bottom) {
    const { doc, text } = this.app;
    const placed = (/** @type {Span} */ span) => {
      const [box] = text.boxesOf(span);
      return box ? [{ span, y: box.y + box.height / 2 }] : [];
    };
    const hidden = (/** @type {{y: number}} */ { y }) => (y < top ? top - y : y > bottom ? y - bottom : 0);
    return doc.relations
      .flatMap((relation) => {
        const [head, child] = (endsOf(doc, relation) ?? []).flatMap(placed);
        if (!head || !child || !hidden(head) === !hidden(child)) return [];
        const isHead = hidden(head) > 0;
        const out = isHead ? head : child;
        return [{ relation, key: keyOf(relation), away: out.span, isHead, up: out.y < top, far: hidden(out) }];
      })
      .sort((a, b) => a.far - b.far);
  }

  /** @param {{stubs: Stub[], rest: number}} row */
  #nodes({ stubs, rest }) {
    const nodes = stubs.map((stub) => this.#node(stub));
    if (rest > 0) {
      const more = document.createElement("span");
      more.textContent = this.app.t("relations_more", { n: rest });
      nodes.push(more);
    }
    return nodes;
  }

  /** @param {Stub} stub @returns {HTMLElement} */
  #node({ relation, key, away, isHead, up }) {
    const { app } = this;
    const node = document.createElement("button");
    const text = document.createElement("bdi");
    text.textContent = app.surface(away);
    const type = document.createElement("small");
    type.textContent = app.title(relation.label);
    node.className = `stub ${isHead ? "from" : "to"}`;
    node.dataset.key = key;
    node.tabIndex = -1;
    node.append(arrow(up), ...(isHead ? [text, type] : [type, text]));
    node.addEventListener("click", (event) => {
      event.stopPropagation();
      app.select({ span: away });
      reveal(app, away);
      app.host.focus({ preventScroll: true });
    });
    node.addEventListener("pointerenter", () => this.state.point([key]));
    node.addEventListener("pointerleave", () => this.state.point());
    return node;
  }
}

/** @param {string} side */
function row(side) {
  const node = document.createElement("div");
  node.className = `stubs ${side}`;
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** @param {boolean} up */
function arrow(up) {
  const node = document.createElement("i");
  node.textContent = up ? "↑" : "↓";
  return node;
}
