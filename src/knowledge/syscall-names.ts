/** Names of syscalls as Linux and libseccomp have them, for those that a log prints in another way. */
import type { Architecture } from '../../grammars/syscall-table.js';
import { syscallOfNumber } from '../../grammars/syscall-numbers.js';

/**
 * Numbers that gVisor's own tables do not name; from 424 on they are the same on all architectures.
 * Source: Linux arch/x86/entry/syscalls/syscall_64.tbl, scripts/syscall.tbl
 */
const NEWER: Readonly<Record<number, string>> = {
  437: 'openat2',
  440: 'process_madvise',
  442: 'mount_setattr',
  443: 'quotactl_fd',
  444: 'landlock_create_ruleset',
  445: 'landlock_add_rule',
  446: 'landlock_restrict_self',
  447: 'memfd_secret',
  448: 'process_mrelease',
  449: 'futex_waitv',
  450: 'set_mempolicy_home_node',
  451: 'cachestat',
  452: 'fchmodat2',
  453: 'map_shadow_stack',
  454: 'futex_wake',
  455: 'futex_wait',
  456: 'futex_requeue',
  457: 'statmount',
  458: 'listmount',
  459: 'lsm_get_self_attr',
  460: 'lsm_set_self_attr',
  461: 'lsm_list_modules',
  462: 'mseal',
  463: 'setxattrat',
  464: 'getxattrat',
  465: 'listxattrat',
  466: 'removexattrat',
  467: 'open_tree_attr',
};

/** What the tables of gVisor call otherwise than Linux does. */
const OTHERWISE: Readonly<Record<string, string>> = { fstatat: 'newfstatat' };

/** The name of a number; undefined where no table has it. */
export function nameOfNumber(architecture: Architecture, number: number): string | undefined {
  const name = NEWER[number] ?? syscallOfNumber(architecture, number);
  return name === undefined ? undefined : (OTHERWISE[name] ?? name);
}

/**
 * Linux's name of a printed one: `sys_437` of runsc and `syscall_0x1b5` of strace are looked up by their number. A number that no
 * table has stays as it is printed.
 */
export function linuxName(architecture: Architecture, printed: string): string {
  const [, decimal, hex] = /^(?:sys_(\d+)|syscall_0x([0-9a-f]+))$/.exec(printed) ?? [];
  if (decimal !== undefined) return nameOfNumber(architecture, Number(decimal)) ?? printed;
  if (hex !== undefined) return nameOfNumber(architecture, Number.parseInt(hex, 16)) ?? printed;
  return OTHERWISE[printed] ?? printed;
}

/** Is it a name of a syscall, and no number that nobody knows? */
export const isNamed = (name: string): boolean =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !/^(?:sys_\d+|syscall_0x)/.test(name);

let names: ReadonlyMap<Architecture, ReadonlySet<string>> | undefined;

/** All names that an architecture has. */
export function syscallNames(architecture: Architecture): ReadonlySet<string> {
  names ??= new Map(
    (['amd64', 'arm64'] as const).map((one) => [
      one,
      new Set(
        Array.from({ length: 600 }, (_, number) => nameOfNumber(one, number) ?? '').filter((name) => name !== ''),
      ),
    ]),
  );
  return names.get(architecture) ?? new Set();
}
