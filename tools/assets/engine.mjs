// The engine of the form in the browser, as one file, with its two wasm files beside it instead of inside: that is
// 30 kB less on the line, and a browser compiles them while they come. Which text is swapped depends on the version,
// so package.json pins it and this fails where the text is not there.
import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ENGINE = "@getodk/xforms-engine";
//: What the engine calls each, and the file that it becomes.
const WASM = { xpathLanguage: "xpath-language.wasm", webTreeSitter: "tree-sitter.wasm" };
//: In the engine's file, but in no package of node_modules.
const INSIDE = `@getodk/xforms-engine, @getodk/xpath, @getodk/tree-sitter-xpath
Copyright Get ODK Inc. Licensed under the Apache License 2.0; its text stands in LICENSE at the root of this repository.

web-tree-sitter
The MIT License (MIT). Copyright (c) 2018-2024 Max Brunsfeld
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and
this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** `[[file name, content], …]`: the engine, its wasm, its licences. */
export async function engine(modules) {
  const wasm = new Map();
  const asFiles = {
    name: "wasm-as-files",
    setup(at) {
      at.onLoad({ filter: /xforms-engine[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
        let text = readFileSync(path, "utf8");
        for (const [name, file] of Object.entries(WASM)) {
          const found = new RegExp(`const ${name} = "data:application/wasm;base64,([^"]+)"`).exec(text);
          if (!found) throw new Error(`${ENGINE}: ${name} is no data: address any more`);
          wasm.set(file, Buffer.from(found[1], "base64"));
          text = text.replace(found[0], () => `const ${name} = new URL("./${file}", import.meta.url).href`);
        }
        return { contents: text, loader: "js" };
      });
    },
  };
  const made = await build({
    stdin: { contents: `export { loadForm } from "${ENGINE}";`, resolveDir: modules },
    bundle: true, format: "esm", target: "es2022", minify: true, legalComments: "none", charset: "utf8", write: false,
    banner: { js: `/* ${ENGINE} ${version(modules)}; licences in engine.LICENSE.txt */` },
    plugins: [asFiles],
  });
  return [["engine.js", made.outputFiles[0].contents], ...wasm, ["engine.LICENSE.txt", licences(modules)]];
}

function about(modules, name) {
  return JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
}

function version(modules) {
  return about(modules, ENGINE).version;
}

/** The engine's file has its own packages in it: each one's licence, once. */
function licences(modules) {
  const seen = new Set();
  const waiting = Object.keys(about(modules, ENGINE).dependencies);
  while (waiting.length) {
    const name = waiting.pop();
    if (seen.has(name) || name.startsWith("@types/") || !existsSync(join(modules, name))) continue;
    seen.add(name);
    waiting.push(...Object.keys(about(modules, name).dependencies ?? {}));
  }
  const texts = [...seen].sort().map((name) => {
    const file = readdirSync(join(modules, name)).find((each) => /^licen[cs]e(\.md|\.txt)?$/i.test(each));
    if (!file) throw new Error(`${name} has no licence`);
    return `${name} ${about(modules, name).version}\n${readFileSync(join(modules, name, file), "utf8").trim()}\n`;
  });
  return [INSIDE, ...texts].join("\n----\n\n");
}
