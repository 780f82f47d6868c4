// Gives the rule files of a folder, by name, where `folder.rules`, which stands for them, is imported: the folder is the registry.
// Without their tests, which a scan need not read; `tested.rules` has them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The lines of `tests:` of each rule are deeper than it. */
const withoutTests = (text) => text.replace(/^ {4}tests:\n(?:(?: {5}.*)?\n)*/gm, '');

/** `{ "execution.yaml": "..." }` */
function filesOf(folder, isTested) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();
  return JSON.stringify(
    Object.fromEntries(
      names.map((name) => {
        const text = readFileSync(join(folder, name), 'utf8');
        return [name, isTested ? text : withoutTests(text)];
      }),
    ),
  );
}

/** For esbuild. */
export const rulesOfBundle = {
  name: 'rules',
  setup(build) {
    build.onResolve({ filter: /\/(?:folder|tested)\.rules$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      namespace: 'rules',
    }));
    build.onLoad({ filter: /./, namespace: 'rules' }, ({ path }) => ({
      contents: filesOf(dirname(path), path.endsWith('/tested.rules')),
      loader: 'json',
    }));
  },
};

/** For Vite, which runs the tests. */
export const rulesOfTests = {
  name: 'rules',
  enforce: 'pre',
  resolveId: (name, importer) =>
    /\/(?:folder|tested)\.rules$/.test(name) ? `\0${resolve(dirname(importer), name)}.js` : undefined,
  load(id) {
    if (!id.startsWith('\0') || !id.endsWith('.rules.js')) return;
    return `export default ${filesOf(dirname(id.slice(1)), id.endsWith('/tested.rules.js'))};`;
  },
};
