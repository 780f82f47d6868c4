// Compiles the inner loop of the bulk reader (src/events/wasm, AssemblyScript) where `module.wasm`, which stands for it, is imported:
// the bundle and the tests get its bytes, and no binary lies in the tree.
import asc from 'assemblyscript/asc';
import { transform } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const OPTIONS = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--use', 'abort='];

/** The bytes of the module that `source`, an AssemblyScript file, compiles to. Throws what the compiler says of it. */
export async function compileScan(source) {
  const folder = dirname(source);
  const pages = await pagesOf(folder);
  let bytes;
  const { error, stderr } = await asc.main(
    ['module.ts', '-o', 'module.wasm', ...OPTIONS, '--initialMemory', pages, '--maximumMemory', pages],
    {
      readFile: (name) => {
        try {
          return readFileSync(resolve(folder, name), 'utf8');
        } catch {
          return null; // asc asks for a name in several places
        }
      },
      writeFile: (_name, contents) => {
        bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || bytes === undefined) throw new Error(`the bulk reader does not compile\n${stderr}`);
  return bytes;
}

/** How large the memory is: memory.ts says so, which is TypeScript, too. */
async function pagesOf(folder) {
  const { code } = await transform(readFileSync(join(folder, 'memory.ts'), 'utf8'), { loader: 'ts' });
  const { PAGES } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return String(PAGES);
}

const sourceOf = (path) => path.replace(/\.wasm$/, '.ts');

/** For esbuild. */
export const wasmOfBundle = {
  name: 'wasm',
  setup(build) {
    build.onResolve({ filter: /\/wasm\/module\.wasm$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      namespace: 'wasm',
    }));
    build.onLoad({ filter: /./, namespace: 'wasm' }, async ({ path }) => ({
      contents: await compileScan(sourceOf(path)),
      loader: 'binary',
    }));
  },
};

/** For Vite, which runs the tests. */
export const wasmOfTests = {
  name: 'wasm',
  enforce: 'pre',
  resolveId: (name, importer) =>
    name.endsWith('/wasm/module.wasm') ? `\0${resolve(dirname(importer), name)}.js` : undefined,
  async load(id) {
    if (!id.startsWith('\0') || !id.endsWith('.wasm.js')) return;
    const bytes = await compileScan(sourceOf(id.slice(1, -3)));
    return `export default Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64');`;
  },
};
