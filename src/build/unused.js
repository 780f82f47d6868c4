// Stands for packages of oclif that finding commands by pattern, spinners and Windows' Linux would need. Commands are listed,
// nothing spins, and of Node's version npm tells: without them a start parses two fifths less.
function unused() {
  throw new Error('left out of the bundle: see src/build/oclif.js');
}
export { unused as glob, unused as globSync, unused as lilconfig, unused as minimatch, unused as satisfies };
/** Said in `--version`: a Linux is a Linux. */
export const isWsl = false;
// On a terminal oclif asks for the pictures of a spinner when it starts, though it never turns.
export default { dots2: { frames: [''] }, line: { frames: [''] } };
