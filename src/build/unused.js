// Stands for packages of oclif that finding commands by pattern and spinners would need. Commands are listed, nothing
// spins: without them a start parses a quarter less.
function unused() {
  throw new Error('left out of the bundle: see src/build/build.js');
}
export { unused as glob, unused as globSync, unused as minimatch };
// On a terminal oclif asks for the pictures of a spinner when it starts, though it never turns.
export default { dots2: { frames: [''] }, line: { frames: [''] } };
