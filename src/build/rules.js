// Gives the rule files of a folder, by name, where `folder.rules`, which stands for them, is imported: the folder is the registry.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `{ "execution.yaml": "..." }` */
function filesOf(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])));
}

/** For esbuild. */
export const rulesOfBundle = {
  name: 'rules',
  setup(build) {
    build.onResolve({ filter: /\/folder\.rules$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      namespace: 'rules',
    }));
    build.onLoad({ filter: /./, namespace: 'rules' }, ({ path }) => ({
      contents: filesOf(dirname(path)),
      loader: 'json',
    }));
  },
};

/** For Vite, which runs the tests. */
export const rulesOfTests = {
  name: 'rules',
  enforce: 'pre',
  resolveId: (name, importer) =>
    name.endsWith('/folder.rules') ? `\0${resolve(dirname(importer), name)}.js` : undefined,
  load(id) {
    if (!id.startsWith('\0') || !id.endsWith('/folder.rules.js')) return;
    return `export default ${filesOf(dirname(id.slice(1)))};`;
  },
};
