// Gives the rule files of a folder where `folder.rules`, which stands for them, is imported: the folder is the registry. They are read
// here, so that no start reads them; `tested.rules` has their texts by name, for whoever shows them or runs their tests.
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PREPARE = fileURLToPath(new URL('../anomaly/prepared.ts', import.meta.url));

/** `{ "execution.yaml": "..." }` */
function textsOf(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

let preparing;
/** The reader of rule files, which is TypeScript. */
function prepareRules() {
  preparing ??= build({
    entryPoints: [PREPARE],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  }).then(({ outputFiles: [{ text }] }) => {
    const module = { exports: {} };
    new Function('module', 'exports', 'require', text)(module, module.exports, createRequire(import.meta.url));
    return module.exports.prepareRules;
  });
  return preparing;
}

async function jsonOf(folder, isTested) {
  const texts = textsOf(folder);
  return JSON.stringify(isTested ? texts : await (await prepareRules())(texts));
}

/** A module of JavaScript: JSON is parsed faster than a literal. */
async function moduleOf(folder, isTested) {
  return `export default JSON.parse(${JSON.stringify(await jsonOf(folder, isTested))});`;
}

/** For esbuild. */
export const rulesOfBundle = {
  name: 'rules',
  setup(build) {
    build.onResolve({ filter: /\/(?:folder|tested)\.rules$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      namespace: 'rules',
    }));
    build.onLoad({ filter: /./, namespace: 'rules' }, async ({ path }) => ({
      contents: await moduleOf(dirname(path), path.endsWith('/tested.rules')),
      loader: 'js',
    }));
  },
};

/** For esbuild, too: the rules as files of JSON in `dist`, which only a start that asks for them reads. */
export const rulesBeside = (dist) => ({
  name: 'rules-beside',
  setup(build) {
    build.onResolve({ filter: /\/(?:folder|tested)\.rules$/ }, async ({ path, resolveDir }) => {
      const name = `${basename(path, '.rules')}.rules.json`;
      writeFileSync(join(dist, name), await jsonOf(dirname(join(resolveDir, path)), name === 'tested.rules.json'));
      return { path: `./${name}`, external: true };
    });
  },
});

/** For Vite, which runs the tests. */
export const rulesOfTests = {
  name: 'rules',
  enforce: 'pre',
  resolveId: (name, importer) =>
    /\/(?:folder|tested)\.rules$/.test(name) ? `\0${resolve(dirname(importer), name)}.js` : undefined,
  load(id) {
    if (!id.startsWith('\0') || !id.endsWith('.rules.js')) return;
    return moduleOf(dirname(id.slice(1)), id.endsWith('/tested.rules.js'));
  },
};
