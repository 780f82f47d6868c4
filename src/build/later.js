// Puts off what a start does not need of Node: each of these modules would load sockets, ciphers, key presses or histograms. They are
// loaded when one of their exports is asked for.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const LATER = /^node:(child_process|crypto|perf_hooks|readline|v8|zlib)$/;

/** For esbuild. */
export const laterOfNode = {
  name: 'later',
  setup(build) {
    build.onResolve({ filter: LATER }, ({ path }) => ({ path, namespace: 'later' }));
    build.onLoad({ filter: LATER, namespace: 'later' }, ({ path }) => {
      const module = JSON.stringify(path.slice('node:'.length)); // without the prefix nobody puts it off
      const contents = `for (const name of ${JSON.stringify(Object.keys(require(path)))})
        Object.defineProperty(exports, name, { enumerable: true, get: () => require(${module})[name] });`;
      return { contents, loader: 'js' };
    });
  },
};
