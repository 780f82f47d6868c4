// Stands for `supports-color` in the bundle. That package reads `--color never` as `--color`; and it loads what opens streams.
const { argv, env } = globalThis.process;

/** What `--color` is given, in one word or two; the last counts, as in oclif. */
function wanted() {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const last = words.findLastIndex((word) => word === '--color' || word.startsWith('--color='));
  if (last === -1) return 'auto';
  return words[last] === '--color' ? words[last + 1] : words[last].slice('--color='.length);
}

function has(stream) {
  const when = wanted();
  if (when === 'always' || when === 'never') return when === 'always';
  if (env.NO_COLOR || env.TERM === 'dumb' || env.FORCE_COLOR === '0' || env.FORCE_COLOR === 'false') return false;
  return env.FORCE_COLOR !== undefined || stream.isTTY === true;
}

export const stdout = has(globalThis.process.stdout);
export const stderr = has(globalThis.process.stderr);
