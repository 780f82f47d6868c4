/**
 * What Docker's default profile allows, as sets of names: a comparison, not the profile itself. What is neither here nor behind a
 * capability is allowed.
 * Source: moby/profiles seccomp/default.json (2025); capabilities: moby oci/caps/defaults.go
 */
import type { Architecture } from '../../grammars/syscall-table.js';
import { syscallNames } from './syscall-names.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Allowed to nobody. */
const NEVER = words(`
  _sysctl afs_syscall create_module get_kernel_syms getpmsg io_uring_enter io_uring_register io_uring_setup kexec_file_load kexec_load
  migrate_pages move_pages nfsservctl open_tree_attr pivot_root putpmsg query_module security swapoff swapon sysfs tuxcall uselib
  userfaultfd ustat vserver`);

/** Allowed to who has one of these capabilities. */
const BY_CAPABILITY: Readonly<Record<string, string>> = {
  BPF: 'bpf',
  DAC_READ_SEARCH: 'open_by_handle_at',
  PERFMON: 'perf_event_open',
  SYSLOG: 'syslog',
  SYS_ADMIN: `bpf clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
    lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns
    syslog umount2 unshare`,
  SYS_BOOT: 'reboot',
  SYS_CHROOT: 'chroot',
  SYS_MODULE: 'delete_module finit_module init_module',
  SYS_NICE: 'get_mempolicy mbind set_mempolicy set_mempolicy_home_node',
  SYS_PACCT: 'acct',
  SYS_PTRACE: 'kcmp pidfd_getfd process_madvise',
  SYS_RAWIO: 'ioperm iopl',
  SYS_TIME: 'clock_settime settimeofday',
  SYS_TTY_CONFIG: 'vhangup',
};

/** What a container of Docker has unless more is asked for. */
export const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set(
  words(
    `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT`,
  ),
);

/** Calls that the default profile allows on an architecture: `clone`, `personality` and `socket` with conditions. */
export function dockerDefault(architecture: Architecture): ReadonlySet<string> {
  const locked = new Set(NEVER);
  for (const [capability, names] of Object.entries(BY_CAPABILITY))
    if (!DEFAULT_CAPABILITIES.has(capability)) for (const name of words(names)) locked.add(name);
  return new Set([...syscallNames(architecture)].filter((name) => !locked.has(name)));
}

/** The capability with which it would be allowed; undefined where none does. */
export function capabilityFor(call: string): string | undefined {
  return Object.entries(BY_CAPABILITY).find(([, names]) => words(names).includes(call))?.[0];
}
