// Builds dist/: one ESM bundle in a few chunks, so that a start loads little; types and JSON Schemas beside it.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rulesOfBundle } from './rules.js';
import { wasmOfBundle } from './wasm.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = `${root}dist`;
/** Packages of oclif whose work is never asked for here. */
const UNUSED = ['ansi-escapes', 'cli-spinners', 'lilconfig', 'minimatch', 'semver', 'tinyglobby', 'wsl-utils'];
rmSync(dist, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { index: 'src/index.ts', cli: 'src/cli.ts', commands: 'src/commands/index.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  // Importing node:process (a colour package does, at start) touches stdin, and a pipe is non-blocking from then on.
  alias: {
    'node:process': './src/build/process.js',
    debug: './src/build/debug.js',
    'supports-color': './src/build/supports-color.js',
    ...Object.fromEntries(UNUSED.map((name) => [name, './src/build/unused.js'])),
  },
  // Packages that are CommonJS ask for require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [wasmOfBundle, rulesOfBundle],
  logLevel: 'warning',
});

cpSync(`${root}src/schemas`, `${dist}/schemas`, { recursive: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}src/build/tsconfig.json`], {
  cwd: root,
  stdio: 'inherit',
});
