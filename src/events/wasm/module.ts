/** What the module exports (AssemblyScript). */
export { nameFiles, resetFiles } from './files';
export { clearUnescaped } from './json';
export { internScratch, learn, line, messageAt, reset, run, take } from './scan';
