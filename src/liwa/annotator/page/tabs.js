// @ts-check
/** Tabs of one browser: each has a name of its own, knows which others are open, and hears what they have stored. */

const KEY = "liwa-tab";

/** This tab among the others. */
export class Tabs {
  /** @param {string} id @param {string} [room] tabs of one room hear each other */
  constructor(id, room = "") {
    this.id = id;
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`liwa${room}`) : null;
  }

  /** Name this tab: as before a reload, but not as a tab that this one is a copy of. @param {string} [room] */
  static async open(room) {
    const before = sessionStorage.getItem(KEY);
    const id = before && (await hold(before)) ? before : crypto.randomUUID();
    if (id !== before) await hold(id);
    sessionStorage.setItem(KEY, id);
    return new Tabs(id, room);
  }

  /**
   * Tell the other tabs.
   * @param {{type: string} & Record<string, any>} message
   */
  tell(message) {
    this.channel?.postMessage(message);
  }

  /**
   * Hear the other tabs.
   * @param {(message: any) => void} fn
   */
  hear(fn) {
    this.channel?.addEventListener("message", (event) => fn(event.data));
  }

  /**
   * Say whether another tab of this name is open.
   * @param {string} id
   */
  async isOpenElsewhere(id) {
    if (id === this.id) return false;
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    return held.some((lock) => lock.name === lockOf(id));
  }
}

/** @param {string} id */
const lockOf = (id) => `liwa-tab ${id}`;

/**
 * Hold the lock of a tab's name until the tab is closed; say whether it was free.
 * @param {string} id
 * @returns {Promise<boolean>}
 */
function hold(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(lockOf(id), { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
