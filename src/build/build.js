// Builds dist/: the library, the program with what V8 makes of it, types and JSON Schemas.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { laterOfNode } from './later.js';
import { ALIASES, quickOclif } from './oclif.js';
import { rulesBeside, rulesOfBundle } from './rules.js';
import { wasmOfBundle } from './wasm.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = `${root}dist`;
rmSync(dist, { recursive: true, force: true });

/** A program of ASCII alone V8 keeps, and compiles, at a byte a character. esbuild escapes all others but those of regular expressions. */
const inAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const common = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};

// The library: ES modules in chunks, so that who imports one function loads little.
await build({
  ...common,
  entryPoints: { index: 'src/index.ts' },
  splitting: true,
  format: 'esm',
  chunkNames: 'chunks/[name]-[hash]',
  // Packages that are CommonJS ask for require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [wasmOfBundle, rulesOfBundle],
});

// The program: one script, which V8 can keep compiled.
const { outputFiles } = await build({
  ...common,
  entryPoints: { program: 'src/commands/program.ts' },
  write: false,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // As Node does with a file that it loads; but oclif must see no __dirname, from which it would look for a package.json of its own.
  banner: { js: '(function (exports, require, module) {' },
  footer: { js: '})' },
  // A script of its own has no import(): what is asked for later is in it, or is Node's.
  supported: { 'dynamic-import': false },
  alias: ALIASES,
  plugins: [wasmOfBundle, rulesBeside(dist), quickOclif, laterOfNode],
});
for (const { path, text } of outputFiles) writeFileSync(path, inAscii(text));
cpSync(`${root}src/build/load.cjs`, `${dist}/load.cjs`);
const HEALTHY = 'samples/release-20240729/healthy-text';
for (const everyday of [
  ['help'],
  ['summary', HEALTHY],
  ['diagnose', 'samples/release-20221219/bind-source-missing'],
  ['scan', HEALTHY],
]) {
  execFileSync(process.execPath, [`${root}src/build/precompile.cjs`, ...everyday], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' }, // else oclif warns of commands that parse nothing
  });
}

cpSync(`${root}src/schemas`, `${dist}/schemas`, { recursive: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}src/build/tsconfig.json`], {
  cwd: root,
  stdio: 'inherit',
});
