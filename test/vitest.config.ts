/** How the tests run: every `*.test.ts` below this folder, with one seed for all properties. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { rulesOfTests } from '../src/build/rules.js';
import { wasmOfTests } from '../src/build/wasm.js';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [wasmOfTests, rulesOfTests],
  test: {
    include: ['test/**/*.test.ts'],
    // Commands are tested as they are built: a dist/ that is older than the code is built anew.
    globalSetup: ['test/commands/setup.ts'],
    setupFiles: ['test/tools/seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Commands are run in this process, and write where they are told to.
    disableConsoleIntercept: true,
  },
});
