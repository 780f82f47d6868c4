/**
 * What a workload does, as facts that another run can be held against: which program starts which, which files it reads and writes,
 * whom it talks to, which calls and errors it makes, whose rights it takes. What changes from run to run by itself (ids, temporary
 * names, dates, hashes, counters) is generalised.
 */
import { errnoName } from '../../grammars/errno.js';
import { isRestart } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { Moment } from './moment.js';
import { baseName, type Program } from './program-names.js';

export const FACT_KINDS = ['exec', 'read', 'write', 'connect', 'listen', 'identity', 'syscall', 'errno'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

export type Fact = { readonly kind: FactKind; readonly program: string; readonly what: string };
/** A fact with the first record that shows it. */
export type SeenFact = Fact & {
  readonly record: Evidence;
  readonly process: Moment['process'];
  readonly tid: number;
  count: number;
};

const FACTS_LIMIT = 50_000;

/** How a program is called in facts: by its executable, and the script that it runs. */
export function labelOf({ exe, exeNames, script, argv }: Program): string {
  const name = exeNames[0] ?? baseName(exe ?? argv[0] ?? 'unknown');
  const place = exe !== null && UNUSUAL.test(exe) ? generalised(exe) : name;
  return script === null ? place : `${place} ${generalised(baseName(script))}`;
}
const UNUSUAL = /^\/(?:tmp|var\/tmp|dev\/shm|run|home|root|proc|memfd:)/;

/** Calls that come and go with load and timing. */
const PASSING = new Set([
  'restart_syscall',
  'rt_sigreturn',
  'futex',
  'sched_yield',
  'brk',
  'mmap',
  'munmap',
  'mremap',
  'madvise',
  'mprotect',
  'exit',
  'exit_group',
  'rt_sigprocmask',
  'rt_sigaction',
  'getpid',
  'gettid',
  'clock_gettime',
  'gettimeofday',
  'time',
  'poll',
  'ppoll',
  'select',
  'pselect6',
  'epoll_wait',
  'epoll_pwait',
  'nanosleep',
  'clock_nanosleep',
  'wait4',
  'waitid',
  'membarrier',
  'rseq',
  'set_robust_list',
  'getcpu',
  'close',
  'read',
  'write',
  'lseek',
  'fstat',
  'newfstatat',
  'stat',
  'lstat',
  'openat',
  'open',
  'access',
  'pread64',
  'readv',
  'writev',
  'fcntl',
  'ioctl',
  'rt_sigtimedwait',
  'sigaltstack',
  'getrandom',
  'sched_getaffinity',
  'prlimit64',
  'arch_prctl',
  'set_tid_address',
]);
/** Errors that do, too; what is not there is told by the path or not at all. */
const PASSING_ERRORS = new Set([
  'EAGAIN',
  'EINTR',
  'EINPROGRESS',
  'EALREADY',
  'ENOENT',
  'ECHILD',
  'EPIPE',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTTY',
  'ESPIPE',
  'EINVAL',
  'ENOSYS',
  'EEXIST',
  'ESRCH',
  'ENOTDIR',
  'ENOTCONN',
  'ENODATA',
  'ERANGE',
  'ENOPROTOOPT',
  'EBADF',
  'ENXIO',
  'EIO',
  'ECANCELED',
]);

/** Directories of which nobody wants every file: libraries, caches of the linker, what the kernel tells about the process itself. */
const SYSTEM_READS =
  /^(\/(?:usr|lib|lib64|opt)\/(?:lib|lib64|share|libexec|include|x86_64-linux-gnu|aarch64-linux-gnu)?|\/lib|\/lib64|\/usr|\/sys\/(?:devices|fs\/cgroup|kernel\/mm)|\/proc\/(?:self|sys|cpuinfo|meminfo|stat|filesystems|mounts|loadavg|version|uptime)|\/dev|\/etc\/(?:ld\.so\.[\w.]+|localtime|nsswitch\.conf|resolv\.conf|hosts|host\.conf|gai\.conf|services|protocols|locale\.alias|ssl\/openssl\.cnf|mime\.types))(?:\/|$)/;

/** A path with its variable parts replaced: numbers, hashes, dates, temporary names. */
export function generalised(path: string): string {
  return path
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'UUID')
    .replace(/(?<![0-9a-z])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}(?![0-9a-z])/gi, 'HASH')
    .replace(
      /(?<=^\/(?:tmp|var\/tmp|dev\/shm|run)\/(?:[^/]*[._-])?)(?:tmp)?(?=[\w]*[A-Z\d_])(?=[\w]*[a-z])\w{6,}(?=\/|$|\.)/g,
      'TEMP',
    )
    .replace(/(?<=[._-])(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{6}(?=\/|$)/g, 'TEMP')
    .replace(/\d+/g, 'N');
}

export class FactTable {
  readonly #facts = new Map<string, SeenFact>();
  readonly #calls = new Map<Program, { readonly label: string; readonly seen: Set<string> }>();
  dropped = 0;

  /** Every call that came back. */
  call(moment: Moment): void {
    const { program } = moment.process.run;
    let known = this.#calls.get(program);
    if (known === undefined) {
      if (this.#calls.size > 10_000) this.#calls.clear();
      known = { label: labelOf(program), seen: new Set() };
      this.#calls.set(program, known);
    }
    const { name, errno } = moment;
    if (!PASSING.has(name) && !known.seen.has(name)) {
      known.seen.add(name);
      this.#add('syscall', known.label, name, moment);
    }
    if (errno !== 0 && !isRestart(errno)) {
      const key = `${name} ${errnoName(errno)}`;
      if (!known.seen.has(key)) {
        known.seen.add(key);
        if (!PASSING_ERRORS.has(errnoName(errno))) this.#add('errno', known.label, key, moment);
      }
      return;
    }
    this.#done(moment, known.label);
  }

  #done(moment: Moment, label: string): void {
    switch (moment.name) {
      case 'open':
      case 'openat':
      case 'creat':
        this.#opened(moment, label);
        return;
      case 'unlink':
      case 'unlinkat':
      case 'rename':
      case 'renameat':
      case 'renameat2':
      case 'link':
      case 'linkat':
      case 'symlink':
      case 'symlinkat':
      case 'mkdir':
      case 'mkdirat':
      case 'truncate':
      case 'chmod':
      case 'fchmodat':
      case 'chown':
      case 'fchownat':
        this.#file('write', label, moment);
        return;
      case 'connect':
      case 'sendto': {
        const { address } = moment;
        if (address?.ip !== undefined) this.#add('connect', label, `${address.ip}:${portOf(address.port)}`, moment);
        else if (address?.path !== undefined) this.#add('connect', label, generalised(address.path), moment);
        return;
      }
      case 'bind': {
        const { address } = moment;
        if (address?.ip !== undefined && address.port !== 0)
          this.#add('listen', label, `${address.ip}:${portOf(address.port)}`, moment);
        return;
      }
      case 'setuid':
      case 'setgid':
      case 'setreuid':
      case 'setregid':
      case 'setresuid':
      case 'setresgid':
      case 'capset':
      case 'chroot':
      case 'unshare':
      case 'setns':
        this.#add(
          'identity',
          label,
          `${moment.name}(${generalised(moment.text.replace(/0x[0-9a-f]{6,}/g, 'POINTER')).slice(0, 120)})`,
          moment,
        );
    }
  }

  #opened(moment: Moment, label: string): void {
    if (moment.opensToWrite) this.#file('write', label, moment);
    else this.#file('read', label, moment);
  }

  #file(kind: 'read' | 'write', label: string, moment: Moment): void {
    const path = moment.entry?.path;
    if (path === undefined || path.startsWith('/memfd:')) return;
    if (kind === 'read') {
      const folder = SYSTEM_READS.exec(path)?.[1];
      this.#add(
        kind,
        label,
        folder === undefined ? generalised(path) : `${generalised(folder.replace(/\/$/, ''))}/**`,
        moment,
      );
    } else if (!path.startsWith('/dev/')) this.#add(kind, label, generalised(path), moment);
  }

  /** A program that was started; `moment` is that of the exec. */
  exec(moment: Moment): void {
    const { process } = moment;
    const caller = process.before ?? process.parent?.run;
    const from = caller === undefined || caller === null ? '(start)' : labelOf(caller.program);
    this.#add('exec', from, labelOf(process.run.program), moment);
  }

  #add(kind: FactKind, program: string, what: string, moment: Moment): void {
    const key = `${kind}\u0000${program}\u0000${what}`;
    const known = this.#facts.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    if (this.#facts.size >= FACTS_LIMIT) {
      this.dropped++;
      return;
    }
    this.#facts.set(key, {
      kind,
      program,
      what,
      record: moment.evidence,
      process: moment.process,
      tid: moment.tid,
      count: 1,
    });
  }

  facts(): readonly SeenFact[] {
    return [...this.#facts.values()];
  }
}

/** Ports of clients are chosen by the kernel. */
const portOf = (port: number | undefined): string => (port !== undefined && port >= 32_768 ? 'N' : String(port));
