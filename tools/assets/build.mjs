// Makes what browsers and tests load out of node_modules: typeface, icon sprite, the engine of the form in the browser,
// axe-core. Run by tools/assets.sh.
// Everything written here is committed with its licence, so that no machine needs node to run or test Selaras.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { engine } from "./engine.mjs";

const here = dirname(fileURLToPath(import.meta.url));
// A second argument builds elsewhere: tools/check_assets.sh compares.
const root = process.argv[2] ?? join(here, "..", "..");
const statics = join(root, "src", "selaras", "web", "static", "selaras");
const vendor = join(root, "tests", "vendor");
const modules = join(here, "node_modules");

// Only icons that a template uses; tests/web/test_assets.py holds the two lists together.
const icons = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);

function symbol(name) {
  const file = join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`);
  if (!existsSync(file)) throw new Error(`icons.txt: ${name} is no Tabler icon`);
  const body = readFileSync(file, "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<svg[\s\S]*?>/, "")
    .replace("</svg>", "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "")
    .replace(/\s+/g, " ")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" `
    + `stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
}

const written = [];
function put(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  written.push([file.slice(root.length + 1), createHash("sha256").update(content).digest("hex")]);
}
function copy(from, to) {
  put(to, readFileSync(join(modules, from)));
}

put(join(statics, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${icons.map(symbol).join("\n")}\n</svg>\n`);
copy("@tabler/icons/LICENSE", join(statics, "icons.LICENSE.txt"));
copy("@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
  join(statics, "plus-jakarta-sans.woff2"));
copy("@fontsource-variable/plus-jakarta-sans/LICENSE", join(statics, "plus-jakarta-sans.LICENSE.txt"));
for (const [name, content] of await engine(modules)) put(join(statics, "isi", name), content);
copy("axe-core/axe.min.js", join(vendor, "axe.min.js"));
copy("axe-core/LICENSE", join(vendor, "axe.LICENSE.txt"));
copy("axe-core/LICENSE-3RD-PARTY.txt", join(vendor, "axe.LICENSE-3RD-PARTY.txt"));

const target = process.argv[2] ? join(root, "tools", "assets") : here;
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "SHA256SUMS"), written.map(([file, sum]) => `${sum}  ${file}\n`).join(""));
