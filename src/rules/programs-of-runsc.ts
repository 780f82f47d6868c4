/** Which names of processes on the host are runsc's own. */

/**
 * The sandbox and the gofer are started as /proc/self/exe, so that the kernel knows them as `exe`; newer releases set the names
 * runsc-sandbox and runsc-gofer, of which 15 characters are kept. Stub processes have the name of the sandbox.
 */
const NAMES = /^(?:exe|runsc(?:[-_.:\d].*)?|containerd-shim(?:-runsc.*)?)$/;

export function isOfRunsc(comm: string, exe = ''): boolean {
  return NAMES.test(comm) || /(?:^|\/)runsc[\w.-]*$/.test(exe) || exe === '/memfd:runsc-exe';
}
