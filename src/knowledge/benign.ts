/** Alarming sentences that healthy runs hold: why each is harmless, by the id it has in grammars/messages.ts. */

export const BENIGN: Readonly<Record<string, string>> = {
  'no-new-privileges-ignored':
    'Normal in every start of the releases from 2020-04 to 2025-08 whose spec leaves noNewPrivileges off (the default of Docker): the sentry behaves as if it were on.',
  'apparmor-ignored': 'By design: the sandbox is the confinement, AppArmor profiles are not applied inside of it.',
  'seccomp-spec-ignored': 'By design: the seccomp profile of the spec is applied only with --oci-seccomp.',
  'stdio-owner-unchanged': 'A pipe or terminal of the caller keeps its owner; the program can use it all the same.',
  'cgroup-skipped': 'An optional cgroup controller is left out; rootless runs have none at all.',
  'path-entry-skipped': 'A relative entry of PATH is not searched.',
  'interface-skipped': 'An interface that is down, mostly lo, is not copied into the sandbox.',
  'interface-without-address': 'An interface without an address is not copied into the sandbox.',
  'localtime-not-copied':
    'Cosmetic: the times in the boot log are UTC and may differ from those of the other files by whole hours.',
  'receive-buffer-small': 'A socket buffer of the host stays smaller than runsc would like.',
  'tcp-defaults-used': 'With --network=host the limits of TCP buffers could not be read; defaults are used.',
  'mount-point-not-created':
    'A mount point was not created in advance; if it is needed, the mount itself fails and says so.',
  'product-name-unset': 'Cosmetic: the host does not show its DMI product name.',
  'container-already-gone': 'A clean-up after a failed start finds nothing to delete.',
  'mount-ignored':
    'Mount options and file systems that the sentry has no use for are left out; it brings its own /dev.',
  'mount-option-skipped': 'A mount option that has no meaning in the sandbox is left out.',
  'host-limit-low': 'The caller allows fewer open files than recommended; it matters only when many are open at once.',
  'filters-relaxed': 'The default with directfs or --network=host: the sentry itself needs these system calls.',
  'gofer-already-gone': 'delete wants to end a gofer that has ended by itself.',
  'gofer-kill-failed': 'A container is to be killed after its gofer ended and is gone already.',
  'sandbox-destroyed': 'The "error" is <nil>: the sandbox was taken down as it should.',
  'cgroup-mount-not-found':
    'The sandbox offers no such cgroup controller; a program that lists processes asks for all of them.',
  'cgroup-not-removed': 'At the end a cgroup of the host could not be removed since something else is in it.',
  'container-assumed-stopped': 'A state or delete command finds that the sandbox has ended, which is what it asks.',
  'filestore-already-gone': 'The backing file of the overlay is removed twice; the second time it is not there.',
  'filestore-in-memory': 'An overlay over a single file is kept in memory.',
  'hook-ignored': 'A poststart or poststop hook failed; the OCI specification lets the container go on.',
  'annotation-ignored': 'An annotation that does not concern runsc is left out.',
  'capability-dropped': 'A capability that the caller does not have itself is left out.',
  'usage-fallback': 'Statistics are taken from the sandbox itself, the cgroup does not show them.',
  'internal-network': 'runsc do found no interface and uses a network of its own.',
  'socket-option-ignored': 'A socket option is not supported; programs ask for many and use few.',
  'systrap-waits': 'A thread of the program was not scheduled by the host for some time.',
  'systrap-notify-missing': 'The host kernel lacks a mechanism, another one is used.',
  'cpuid-incorrect': 'The processor cannot hide features from the program.',
  'clock-adjusted': 'The clock of the sandbox was calibrated again.',
  'suid-disabled': 'The default since 2025-08: set-user-id bits on executables have no effect.',
  'metrics-not-exported': 'Nobody collects metrics or traces.',
  'modprobe-failed': 'A kernel module could not be loaded from here; it may be loaded already.',
  'urpc-decode': 'A command closed its control connection, as each does when it is done.',
  'oom-score-unset': 'The process whose memory priority was to be set is gone already; look for what ended it.',
  'afs-panic-armed': 'A test option is on: programs may crash the sandbox on purpose.',
  'unknown-spec-fields': 'The engine writes newer fields into the spec than this release knows.',
  'gofer-connection-closed':
    'Until 2019-08 every gofer ends with this FATAL ERROR when the sandbox closes its connection, in good runs as well.',
  'exit-status-unavailable':
    'The normal answer to a wait that comes after the sandbox has ended, for instance after kill.',
};
