// @ts-check
/**
 * Commands and their keys. Keys are physical (`KeyboardEvent.code`), so an Arabic layout works as a Latin one does.
 * The keys of a scheme win: a command of the page whose key the scheme takes keeps it with Shift.
 */

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {string|string[]} [code] such as "KeyP", "Mod+KeyZ" (Ctrl, or the command key), "Alt+ArrowLeft"
 * @property {() => boolean} [when] whether it can be done now; else the key is free for others
 * @property {(event?: KeyboardEvent) => void|boolean} run false leaves the key to the browser
 * @property {string} [label] key of its name in the translations, or the name itself
 * @property {string} [group] key of the heading it stands under in the help; without one it is not listed
 * @property {boolean} [scheme] whether its key comes from the scheme
 */

/** The table of commands. */
export class Keys {
  /** @param {Set<string>} [taken] keys of the scheme */
  constructor(taken = new Set()) {
    this.taken = taken;
    /** @type {(Command & {codes: string[]})[]} */
    this.commands = [];
    /** @type {((event: KeyboardEvent) => boolean)[]} */
    this.captures = [];
  }

  /**
   * Add a command. Of several that can be done, the one registered last gets the key. Return a function that removes it.
   * @param {Command} command
   */
  register(command) {
    const entry = { ...command, codes: this.#resolved(command) };
    this.commands.push(entry);
    return () => void this.commands.splice(this.commands.indexOf(entry), 1);
  }

  /**
   * Let a function see every key first; it returns true for those it has used. Return a function that ends this.
   * @param {(event: KeyboardEvent) => boolean} fn
   */
  capture(fn) {
    this.captures.push(fn);
    return () => void this.captures.splice(this.captures.indexOf(fn), 1);
  }

  /**
   * Run the command of a key; say whether there was one.
   * @param {KeyboardEvent} event
   */
  handle(event) {
    if (event.isComposing) return false;
    if (this.captures.some((fn) => fn(event))) return used(event);
    const pressed = chordOf(event);
    const command = this.commands.findLast((c) => c.codes.includes(pressed) && (c.when?.() ?? true));
    if (!command || command.run(event) === false) return false;
    return used(event);
  }

  /**
   * Return a command.
   * @param {string} id
   */
  get(id) {
    return this.commands.find((c) => c.id === id);
  }

  /** @param {Command} command */
  #resolved({ code = [], scheme }) {
    return [code].flat().map((c) => (!scheme && this.taken.has(c) ? `Shift+${c}` : c));
  }
}

/**
 * Return how a key press is written in the table.
 * @param {KeyboardEvent} event
 */
export function chordOf({ code, ctrlKey, metaKey, altKey, shiftKey }) {
  const parts = [ctrlKey || metaKey ? "Mod" : "", altKey ? "Alt" : "", shiftKey ? "Shift" : ""];
  return [...parts.filter(Boolean), code === "NumpadEnter" ? "Enter" : code.replace("Numpad", "Digit")].join("+");
}

/** @type {Record<string, string>} */
const SHOWN = {
  Mod: "Ctrl",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Slash: "/",
  Delete: "Del",
  Backspace: "⌫",
  Escape: "Esc",
};

/**
 * Return how people read a key of the table.
 * @param {string} code
 */
export function shown(code) {
  if (code === "Shift+Slash") return "?";
  const read = (/** @type {string} */ part) => SHOWN[part] ?? part.replace(/^(Key|Digit)/, "");
  return code.split("+").map(read).join(" ");
}

/** @param {KeyboardEvent} event */
function used(event) {
  event.preventDefault();
  return true;
}
