/** What the module exports (AssemblyScript). */
export { nameFiles, resetFiles } from './files';
export { clearUnescaped } from './json';
export { internScratch } from './names';
export { learnErrno, setNative } from './native';
export { learn, line, messageAt, passIdle, reset, run, runNative, take } from './scan';
