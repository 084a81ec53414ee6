// @ts-check
/** A small menu beside a place in the window, for pointer and keyboard alike. */

import { shown } from "../keys.js";

/**
 * @typedef {{text: string, code?: string, run: () => void}} Item code: physical key
 * @typedef {{x: number, y: number}} Place in the window
 */

/** One menu at a time. */
export class Menu {
  /** @param {import("../app.js").App} app */
  constructor(app) {
    this.app = app;
    this.node = document.createElement("div");
    this.node.className = "relation-menu";
    this.node.setAttribute("role", "menu");
    this.node.hidden = true;
    /** @type {Item[]} */
    this.items = [];
    document.body.append(this.node);
    app.keys.capture((event) => !this.node.hidden && this.#key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.node.contains(/** @type {Node} */ (event.target))) this.close();
    });
  }

  /**
   * Ask which of the items shall be done.
   * @param {Place} place
   * @param {string} name of the menu
   * @param {Item[]} items
   */
  open(place, name, items) {
    this.items = items;
    this.node.setAttribute("aria-label", name);
    this.node.replaceChildren(...items.map((item) => this.#button(item)));
    this.node.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.node;
    const { clientWidth } = document.documentElement;
    this.node.style.left = `${Math.max(8, Math.min(place.x - width / 2, clientWidth - width - 8))}px`;
    this.node.style.top = `${Math.max(8, Math.min(place.y + 8, innerHeight - height - 8))}px`;
    this.#focus(0);
  }

  /** Close the menu, if it is open. */
  close() {
    if (this.node.hidden) return;
    const within = this.node.contains(document.activeElement);
    this.node.hidden = true;
    if (within) this.app.host.focus({ preventScroll: true });
  }

  /** @param {Item} item */
  #button(item) {
    const node = document.createElement("button");
    node.setAttribute("role", "menuitem");
    node.append(item.text);
    if (item.code) {
      const key = document.createElement("kbd");
      key.textContent = shown(item.code);
      key.setAttribute("aria-hidden", "true");
      node.append(key);
    }
    node.addEventListener("click", () => this.#run(item));
    return node;
  }

  /** @param {Item} item */
  #run(item) {
    this.close();
    item.run();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the menu has used the key */
  #key(event) {
    const buttons = [...this.node.children];
    const at = buttons.indexOf(/** @type {Element} */ (document.activeElement));
    const item = this.items.find(({ code }) => code === event.code);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.code === "Escape" || event.code === "Tab") this.close();
    else if (event.code === "ArrowDown") this.#focus(at + 1);
    else if (event.code === "ArrowUp") this.#focus(at - 1);
    else if (["Enter", "Space"].includes(event.code) && at >= 0) this.#run(this.items[at]);
    else if (item) this.#run(item);
    else return true;
    return true;
  }

  /** @param {number} index */
  #focus(index) {
    const { children } = this.node;
    /** @type {HTMLElement} */ (children[(index + children.length) % children.length])?.focus();
  }
}
