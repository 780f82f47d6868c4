// `node precompile.cjs COMMAND ...`: runs it as bin/run.js would, and writes what V8 made of the program meanwhile to dist/compiled/, so
// that a start compiles nothing of that. A file for each command: V8 reads all of what it is given.
'use strict';
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

const dist = join(__dirname, '../../dist');
const { script, start } = require(join(dist, 'load.cjs'));
process.on('exit', () => {
  // V8 compares the flags it was started with: those that a command changed go back.
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=920');
  mkdirSync(join(dist, 'compiled'), { recursive: true });
  writeFileSync(join(dist, 'compiled', process.argv[2]), script.createCachedData());
});
start(join(dist, '..'));
