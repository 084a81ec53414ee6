// @ts-check
/** Elements, made by program: text in them is text. */

/**
 * Return an element of a class.
 * @param {string} tag
 * @param {string} className
 */
export function element(tag, className) {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}

/**
 * Make an element: its class, its properties, what it holds.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node|string)[]} children
 * @returns {any}
 */
export function make(tag, properties = {}, ...children) {
  const { className = "", ...others } = properties;
  const node = element(tag, className);
  for (const [name, value] of Object.entries(others)) {
    if (name in node) /** @type {any} */ (node)[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/**
 * Link a style sheet, and wait for it, so that nothing is shown without it.
 * @param {string} href
 * @returns {Promise<void>}
 */
export function addStyle(href) {
  return new Promise((resolve) => {
    const done = () => resolve();
    document.head.append(make("link", { rel: "stylesheet", href, onload: done, onerror: done }));
  });
}
