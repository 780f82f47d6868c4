/** Processes, namespaces, chroot and users that the host refuses. */
import { defineRule } from '../rule.js';

export const sandboxPrivileges = defineRule({
  id: 'sandbox-privileges',
  severity: 'high',
  title: 'runsc may not build the sandbox on this host',
  needs: ['failures', 'runs'],
  sources: [
    'runsc/sandbox/sandbox.go createSandboxProcess',
    'runsc/container/container.go createGoferProcess',
    'runsc/cmd/chroot.go',
    'runsc/cmd/rootless.go',
  ],
  when: {
    'process-not-created': {
      title: 'A process of the sandbox could not be started: {errno}',
      cause:
        'runsc starts itself again for the sandbox or the gofer ({path}), and the host refused: {errno}. Which setting of the host stands behind it, the log does not say.',
      confidence: 'likely',
      remedy: [
        'operation not permitted or no space left on device: allow user and other namespaces (sysctl user.max_user_namespaces kernel.unprivileged_userns_clone, AppArmor restrictions), or run as root.',
        'Inside another container: run that with --privileged or the needed capabilities.',
        'resource temporarily unavailable or cannot allocate memory: raise the limits of processes and memory.',
      ],
    },
    'rootless-unsupported': {
      title: 'This does not work rootless',
      cause: 'runsc runs rootless, and that is not supported here: {error}.',
      remedy: ['Use runsc run or do with --network=none or --network=host, or run as root.'],
    },
    'privileges-missing': {
      title: 'runsc lacks capabilities to confine the sandbox',
      cause: 'runsc is to confine its sandbox process and lacks the capabilities for it: {error}.',
      remedy: ['Run as real root (or with CAP_SETUID, CAP_SETGID, CAP_SYS_ADMIN), or rootless: runsc --rootless run.'],
    },
    'chroot-failed': {
      title: 'The chroot of the sandbox could not be set up',
      cause: 'The boot process could not set up its chroot: {error}.',
      remedy: [
        'device or resource busy: something on the host holds the new mount (a scanner, an indexer): start again, and look for it if it comes back.',
        'operation not permitted: inside another container, give that CAP_SYS_ADMIN and an unmasked /proc (procMount: Unmasked, --privileged).',
      ],
    },
    'pivot-root-failed': {
      title: 'pivot_root is not possible here',
      cause:
        'The gofer could not change its root: {errno}. The root mount of this host has no parent (an initramfs), or pivot_root is not allowed.',
      remedy: ['Run from a real root file system; inside another container, give that CAP_SYS_ADMIN.'],
    },
  },
});
