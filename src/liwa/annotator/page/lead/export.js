// @ts-check
/** The answers so far as a file: fetched with the token, which no link may carry. */

import { make } from "../elements.js";

/**
 * Put the buttons into a part; return what writes them anew.
 * @param {HTMLElement} part
 * @param {import("../network.js").Api} api
 * @param {(key: string, values?: any) => string} t
 * @param {(message: string) => void} tell
 */
export function mountExport(part, api, t, tell) {
  let drafts = false;
  const said = make("small", { role: "status" });
  const fetchAll = async (/** @type {string} */ layer) => {
    said.textContent = t("exporting");
    try {
      const query = layer === "review" ? "?layer=review" : drafts ? "?drafts=1" : "";
      const name = `${layer}.jsonl`;
      save(await api.file(`export${query}`), name);
      said.textContent = t("exported", { name });
    } catch (error) {
      said.textContent = t("export_failed", { reason: /** @type {Error} */ (error).message });
    }
    tell(said.textContent);
  };
  const write = () => {
    const box = make("input", { type: "checkbox", checked: drafts, onchange: () => (drafts = box.checked) });
    part.replaceChildren(
      make("h2", {}, t("part_export")),
      make("div", { className: "actions" },
        make("button", { className: "main", onclick: () => void fetchAll("answers") }, t("export_answers")),
        make("label", {}, box, t("with_drafts")),
        make("button", { onclick: () => void fetchAll("review") }, t("export_review")),
        make("small", {}, t("export_hint")), said),
    );
  };
  write();
  return write;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = make("a", { href, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
