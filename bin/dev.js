#!/usr/bin/env node
// Builds, then runs: for work on the code. `bin/run.js` is what users get.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

execFileSync(process.execPath, [fileURLToPath(new URL('../src/build/build.js', import.meta.url))], {
  stdio: 'inherit',
});
await import('./run.js');
