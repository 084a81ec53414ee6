// @ts-check
/** Requests to the server that served the page, with the token from its address. */

/** The server cannot be reached, or cannot answer now. */
export class Away extends Error {}

/** The server is there, but fails on what it was asked. */
export class Fault extends Away {}

/** The server does not know the token: it was started again, and printed a new address. */
export class NoToken extends Error {}

/** The server answered, but not with what was asked for. */
export class Refused extends Error {
  /** @param {number} status @param {any} data */
  constructor(status, data) {
    super(data?.error ?? `HTTP ${status}`);
    this.status = status;
    this.data = data;
  }
}

const KEY = "liwa-token";
const TIMEOUT = 20_000;
/** The same for a whole file. */
const FILE_TIMEOUT = 600_000;
/** Browsers send bodies up to this many bytes after a page is gone. */
export const KEEPALIVE = 60_000;

/** The server's endpoints. */
export class Api {
  constructor() {
    this.token = takeToken();
  }

  /**
   * Use another token from now on.
   * @param {string} token
   */
  use(token) {
    this.token = token;
    remember(token);
  }

  /**
   * Return the data at a path below /api/.
   * @param {string} path
   * @returns {Promise<any>}
   */
  get(path) {
    return this.#request(path, {});
  }

  /**
   * Store an answer or a draft of a task; the same body again stores nothing more.
   * @param {string} task
   * @param {"answer"|"draft"} kind
   * @param {string} body JSON
   * @param {boolean} [leaving] whether the page is about to go away
   * @returns {Promise<{revision: number, counts: any}>}
   */
  store(task, kind, body, leaving = false) {
    const method = kind === "draft" ? "PUT" : "POST";
    return this.send(method, `tasks/${encodeURIComponent(task)}/${kind}`, body, leaving);
  }

  /**
   * Send JSON to a path below /api/ and return the reply.
   * @param {"PUT"|"POST"} method
   * @param {string} path
   * @param {string} body
   * @param {boolean} [leaving] whether the page is about to go away
   * @returns {Promise<any>}
   */
  send(method, path, body, leaving = false) {
    const headers = { "Content-Type": "application/json" };
    return this.#request(path, { method, body, headers, keepalive: leaving });
  }

  /**
   * Return what is at a path below /api/ as a file.
   * @param {string} path
   */
  async file(path) {
    const response = await this.#fetch(path, {}, FILE_TIMEOUT);
    if (!response.ok) throw new Refused(response.status, await response.json().catch(() => null));
    return response.blob().catch(away);
  }

  /** @param {string} path @param {RequestInit} options */
  async #request(path, options) {
    const response = await this.#fetch(path, options, TIMEOUT + (String(options.body ?? "").length >> 5));
    const data = await response.json().catch(away);
    if (!response.ok) throw new Refused(response.status, data);
    return data;
  }

  /** @param {string} path @param {RequestInit} options @param {number} timeout */
  async #fetch(path, options, timeout) {
    if (!this.token) throw new NoToken();
    const headers = { ...options.headers, Authorization: `Bearer ${this.token}` };
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(`/api/${path}`, { ...options, headers, signal, cache: "no-store" }).catch(away);
    if (response.status === 401) throw new NoToken();
    if (response.status === 500) throw new Fault("HTTP 500");
    if (response.status > 500) throw new Away(`HTTP ${response.status}`);
    return response;
  }
}

/**
 * Return the token in an address that the command printed, or the text itself if it looks like one.
 * @param {string} address
 */
export function tokenIn(address) {
  return /#token=([\w-]+)/.exec(address)?.[1] ?? /^[\w-]{20,}$/.exec(address.trim())?.[0] ?? "";
}

/** Take the token out of the address, where anyone who looks at the screen could read it. */
function takeToken() {
  const token = tokenIn(location.hash);
  if (!token) return recalled();
  // Both take a while: what the page needs first is asked for before.
  queueMicrotask(() => {
    remember(token);
    history.replaceState(null, "", location.pathname + location.search);
  });
  return token;
}

/** @param {string} token */
function remember(token) {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Without storage the token lasts as long as the page.
  }
}

function recalled() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @param {Error} error @returns {never} */
function away(error) {
  throw new Away(error.message);
}
