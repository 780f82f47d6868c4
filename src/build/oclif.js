// What the bundle leaves out or puts off of oclif, so that a command starts sooner.
import { readFileSync } from 'node:fs';

/** Packages whose work is never asked for here. */
const UNUSED = ['ansi-escapes', 'cli-spinners', 'lilconfig', 'minimatch', 'semver', 'tinyglobby', 'wsl-utils'];

/** For esbuild's `alias`. */
export const ALIASES = {
  // Importing node:process (a colour package does, at start) touches stdin, and a pipe is non-blocking from then on.
  'node:process': './src/build/process.js',
  debug: './src/build/debug.js',
  'supports-color': './src/build/supports-color.js',
  ...Object.fromEntries(UNUSED.map((name) => [name, './src/build/unused.js'])),
};

/** For esbuild's `plugins`. */
export const quickOclif = {
  name: 'quick-oclif',
  setup(build) {
    // The order of the ids of commands, which are ASCII, is no matter of a language: the tables for that take a tenth of a start.
    build.onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/]config[\\/]plugin\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace('a.id.localeCompare(b.id)', '(a.id < b.id ? -1 : 1)');
      if (contents === source) throw new Error(`${path} does not sort commands as it did`);
      return { contents, loader: 'js' };
    });
  },
};
