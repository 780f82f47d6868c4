/** What the views of a workload ask of each syscall: which arguments name files, what its result counts, whether it waits. */
import { argumentTable, type Architecture } from '../../grammars/syscall-table.js';

import { namePlans } from '../events/file-names.js';

/** Which sort of change a call makes, beside its files. */
export type Act =
  | 'open'
  | 'read'
  | 'write'
  | 'send'
  | 'receive'
  | 'copy'
  | 'fork'
  | 'exec'
  | 'exit'
  | 'exit-group'
  | 'chdir'
  | 'fchdir'
  | 'getcwd'
  | 'socket'
  | 'bind'
  | 'connect'
  | 'accept'
  | 'getsockname'
  | 'getpeername'
  | 'getsockopt';

export type CallPlan = {
  readonly act: Act | null;
  /** Does it name files or sockets by an argument? */
  readonly names: boolean;
  /** Places of arguments that are paths of files. */
  readonly paths: readonly number[];
  /** Does it nothing but to name and to move? */
  readonly isPlain: boolean;
  /** Does its exit record tell anything by its arguments or its result? Of an exit the enter record does. */
  readonly isRead: boolean;
};

const ACTS: Readonly<Record<string, Act>> = {
  open: 'open',
  openat: 'open',
  creat: 'open',
  read: 'read',
  pread64: 'read',
  readv: 'read',
  preadv: 'read',
  preadv2: 'read',
  write: 'write',
  pwrite64: 'write',
  writev: 'write',
  pwritev: 'write',
  pwritev2: 'write',
  sendto: 'send',
  sendmsg: 'send',
  recvfrom: 'receive',
  recvmsg: 'receive',
  sendfile: 'copy',
  splice: 'copy',
  copy_file_range: 'copy',
  clone: 'fork',
  clone3: 'fork',
  fork: 'fork',
  vfork: 'fork',
  execve: 'exec',
  execveat: 'exec',
  exit: 'exit',
  exit_group: 'exit-group',
  chdir: 'chdir',
  fchdir: 'fchdir',
  getcwd: 'getcwd',
  socket: 'socket',
  bind: 'bind',
  connect: 'connect',
  accept: 'accept',
  accept4: 'accept',
  getsockname: 'getsockname',
  getpeername: 'getpeername',
  getsockopt: 'getsockopt',
};

/** The plans of an architecture, by name; made once, since a folder may hold thousands of logs. */
export function callPlans(architecture: Architecture): ReadonlyMap<string, CallPlan> {
  let plans = made.get(architecture);
  if (plans === undefined) made.set(architecture, (plans = plansOf(architecture)));
  return plans;
}
const made = new Map<Architecture, ReadonlyMap<string, CallPlan>>();

function plansOf(architecture: Architecture): ReadonlyMap<string, CallPlan> {
  const plans = new Map<string, CallPlan>();
  const named = namePlans(architecture);
  for (const [name, lists] of argumentTable(architecture)) {
    const kinds = new Set(lists.flatMap((list) => list.kinds));
    const act = ACTS[name] ?? null;
    const names = kinds.has('FD') || kinds.has('Path') || kinds.has('PollFDs');
    plans.set(name, {
      act,
      isRead: names || (act !== null && act !== 'exit' && act !== 'exit-group'),
      isPlain: act === null || act === 'open' || act === 'read' || act === 'write' || act === 'copy',
      names,
      paths: named.get(name)?.paths ?? [],
    });
  }
  return plans;
}
