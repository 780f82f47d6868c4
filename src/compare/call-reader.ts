/**
 * One call as it is compared: what it asks (name, path, request: the question), and what it was told (the answer), without all
 * that must differ from run to run: addresses, ids, descriptors, names of the moment, and how a tracer writes.
 */
import { NO_FILES } from '../events/file-names.js';
import { splitArguments, unquote, type Argument } from '../events/arguments.js';
import type { Context } from '../events/arguments-of.js';
import { splitNativeArguments, unescaped } from '../events/native-arguments.js';
import { joined, normalised } from '../analyzers/paths.js';
import { optionName, optionNumber } from '../knowledge/option-names.js';
import { SOCKET_LEVELS, socketOptionName } from '../knowledge/socket-options.js';
import { linuxName } from '../knowledge/syscall-names.js';
import { shortHash } from './hash.js';
import { Names } from './names.js';
import { descriptorAt, firstEnd, nextAt, pathAt, type Descriptor, type Dialect } from './pieces.js';

/** What a call needs to know of its process. */
export type Surroundings = {
  cwd: string | null;
  /** What descriptors were opened as, by number. */
  readonly fds: Map<number, string>;
  /** Files that were opened and of which nothing was read yet. */
  readonly fresh: Set<string>;
};

/** Calls whose request is a number in runsc's logs and a name in strace's. */
type Requested = 'ioctl' | 'fcntl' | 'prctl';
/** How the question of a call is read off. */
type How = 'quiet' | 'name' | 'descriptor' | 'at' | 'path' | 'request' | 'option' | 'whole';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Calls of memory, locks, clocks, signals and waiting: what a program's libraries need, in numbers and orders of the moment. They
 * are no part of the sequences that are aligned; only an error that one side alone gets is looked at.
 */
const QUIET =
  words(`brk mmap munmap mprotect mremap madvise mincore msync futex clock_gettime clock_getres gettimeofday time times
  getcpu sched_yield rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending sigaltstack restart_syscall set_robust_list
  get_robust_list set_tid_address arch_prctl getrandom rseq poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2
  nanosleep clock_nanosleep pause wait4 waitid getpid gettid getppid getpgrp getpgid getsid getrusage rt_sigsuspend
  rt_sigtimedwait exit membarrier lseek fadvise64 readahead close alarm setitimer getitimer timer_settime timerfd_settime
  tgkill tkill fsync fdatasync`);

const PLANS: Readonly<Record<Exclude<How, 'whole'>, readonly string[]>> = {
  quiet: QUIET,
  name: words(`clone clone3 fork vfork eventfd eventfd2 epoll_create epoll_create1 pipe pipe2 timerfd_create signalfd signalfd4
    sched_getaffinity sched_setaffinity sysinfo uname getuid geteuid getgid getegid getgroups setgroups getcwd umask capget capset exit_group
    inotify_init inotify_init1 io_setup io_uring_setup io_uring_enter io_uring_register perf_event_open pidfd_open userfaultfd
    memfd_secret sethostname setdomainname process_vm_readv process_vm_writev landlock_create_ruleset landlock_add_rule landlock_restrict_self
    vhangup sync personality setsid getresuid getresgid shmget semget msgget shmat shmdt semop semtimedop msgsnd msgrcv
    sched_getparam sched_getscheduler sched_setscheduler sched_setparam sched_get_priority_max sched_get_priority_min
    sched_rr_get_interval sched_getattr sched_setattr mlock munlock mlockall munlockall mlock2 get_mempolicy set_mempolicy mbind
    epoll_ctl timer_create timer_delete socketpair kcmp fanotify_init io_submit io_getevents io_destroy io_cancel`),
  descriptor: words(`read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 getdents getdents64 fstat
    ftruncate flock fchmod fchown fallocate fstatfs syncfs fchdir dup dup2 dup3 listen shutdown getsockname getpeername accept
    accept4 sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg sendfile splice tee vmsplice copy_file_range flistxattr
    timerfd_gettime inotify_rm_watch setns sync_file_range`),
  at: words(`openat openat2 newfstatat fstatat statx faccessat faccessat2 readlinkat unlinkat mkdirat mknodat fchmodat fchmodat2
    fchownat utimensat futimesat name_to_handle_at open_tree execveat inotify_add_watch fanotify_mark`),
  path: words(`open creat stat lstat access readlink unlink mkdir rmdir chdir chroot mknod chmod chown lchown truncate utime
    utimes statfs execve acct swapon swapoff umount2 listxattr llistxattr uselib`),
  request: ['ioctl', 'fcntl'],
  option: ['prctl'],
};
const HOW = new Map<string, How>(
  Object.entries(PLANS).flatMap(([how, names]) => names.map((name): [string, How] => [name, how as How])),
);

/** Is the call left out of sequences? */
export const isQuiet = (name: string): boolean => HOW.get(name) === 'quiet';

/** Calls that write what their caller says; runsc shows the data in the record of their entry. */
export const WRITES: ReadonlySet<string> = new Set(words('write writev pwrite64 pwritev pwritev2 sendto sendmsg'));
const READS: ReadonlySet<string> = new Set(words('read readv pread64 preadv preadv2'));
const STATS: ReadonlySet<string> = new Set(words('stat lstat newfstatat fstatat fstat'));
/** Calls whose result is what was asked. */
const TELLING: ReadonlySet<string> = new Set(
  words('getuid geteuid getgid getegid getgroups umask personality getpriority'),
);
const OPENS: ReadonlySet<string> = new Set(words('open openat openat2 creat'));
/** Of an archive of code what is read says nothing. */
const CODE = /\.(?:so|pyc|a|o|jar|node)(?:[.\d]*)$|^\/(?:usr\/)?lib(?:64|32)?\//;
/** Folders whose files have times and sizes of the kernel's. */
const KERNEL = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** Names that tracers print for one call of Linux. */
const SAME: Readonly<Record<string, string>> = { pread: 'pread64', pwrite: 'pwrite64' };

/** What was read of a call. One object is used again and again: take from it what is needed. */
export type ReadCall = {
  /** Linux's name. */
  name: string;
  question: string;
  /** Path, address, request or option, for people. */
  subject: string;
  /** What it was told, as a hash; 0: the trace does not show it, or it tells nothing. */
  answer: number;
  /** What it wrote or read, as far as it is compared. */
  text: string;
  /** Descriptor that it writes to, where that is 1 or 2. */
  stream: 0 | 1 | 2;
};

/** Reads the calls of one side, in the order of its trace. */
export class CallReader {
  readonly names = new Names();
  readonly call: ReadCall = { name: '', question: '', subject: '', answer: 0, text: '', stream: 0 };
  /** What the banner of the source says of release and architecture. */
  context: Context = {};
  dialect: Dialect = 'runsc';
  /** Files that were opened to write: what is in them then is of this run; a shell redirects its children to them. */
  readonly #opened = new Set<string>();

  /** `openat2` of `sys_437` and `syscall_0x1b5`. */
  nameOf(printed: string): string {
    const name = linuxName(this.context.arch ?? 'amd64', printed);
    return SAME[name] ?? name;
  }

  /** Reads a call; `ret` is NaN where the trace holds none. `printed` is the name as the trace has it. */
  read(process: Surroundings, printed: string, name: string, args: string, errno: number, ret: number): ReadCall {
    const { call } = this;
    call.name = name;
    call.answer = 0;
    call.text = '';
    call.stream = 0;
    call.subject = '';
    // a call that the tracer does not know has bare numbers for arguments
    const how = printed !== name && printed.startsWith('sys') ? 'name' : (HOW.get(name) ?? 'whole');
    switch (how) {
      case 'quiet':
      case 'name':
        call.question = name;
        this.#named(name, args, errno);
        break;
      case 'descriptor':
        this.#descriptor(process, name, args, errno, ret);
        break;
      case 'at':
      case 'path':
        this.#path(process, name, args, errno, ret, how === 'at');
        break;
      case 'request':
        this.#request(process, name as Requested, args);
        break;
      case 'option':
        this.#option(args, errno, ret);
        break;
      case 'whole':
        this.#whole(process, name, args);
        break;
    }
    if (errno === 0 && TELLING.has(name) && !Number.isNaN(ret)) call.answer = (ret & 0x3fffffff) + 1;
    return call;
  }

  #named(name: string, args: string, errno: number): void {
    const { call } = this;
    if (errno !== 0) return;
    switch (name) {
      case 'uname': {
        const told = /release="([^"]*)"/.exec(args)?.[1] ?? /\bRelease: ([^,]*),/.exec(args)?.[1] ?? '';
        call.text = told;
        // strace shows it with -v only; that it is not gVisor's is certain
        call.answer = told !== '' ? shortHash(told) : this.dialect === 'native' ? 2 : 0;
        break;
      }
      case 'getcwd':
        call.text = pathIn(args);
        call.answer = shortHash(call.text);
        break;
      case 'sched_getaffinity': {
        const mask = /\[([\d ]*)\]/.exec(args)?.[1];
        if (mask !== undefined) {
          const cpus = mask === '' ? 0 : mask.split(' ').length;
          call.text = cpuText(cpus);
          call.answer = cpus + 1;
        }
        break;
      }
      case 'capget': {
        const effective = /[Ee]ffective[:=] ?([^,}]*)/.exec(args)?.[1];
        if (effective !== undefined) {
          const list = [...effective.matchAll(/CAP_[A-Z_]+/g)].map(([cap]) => cap).toSorted();
          call.text = list.join(' ');
          call.answer = shortHash(call.text);
        }
        break;
      }
    }
  }

  /** What a descriptor is, as it is compared: a file by its path, others by what they are. */
  #fdText(process: Surroundings, { fd, shows }: Descriptor): string {
    if (fd === -1) return '';
    const opened = process.fds.get(fd);
    if (fd >= 0 && fd <= 2 && (opened === undefined || !opened.startsWith('/'))) {
      return shows.startsWith('/') && this.#opened.has(shows) ? this.names.of(shows) : (STREAMS[fd] ?? '');
    }
    if (opened === UNKNOWN_FILE) {
      if (shows === '') return opened;
    } else if (opened !== undefined && (shows === '' || shows.startsWith('/') === opened.startsWith('/')))
      return this.names.of(opened);
    const path = shows.endsWith(' (deleted)') ? shows.slice(0, -10) : shows;
    if (path.startsWith('/')) return this.names.of(normalised(path));
    // `socket:[7]`; `TCP:[127.0.0.1:80->...]` of strace -yy
    return path.replace(/^[A-Z][A-Z0-9-]*:\[.*$/s, 'socket').replace(/:\[\d+\]$/, '');
  }

  #descriptor(process: Surroundings, name: string, args: string, errno: number, ret: number): void {
    const { call } = this;
    const { dialect } = this;
    const end = firstEnd(args, dialect);
    const descriptor = descriptorAt(args, end, dialect);
    const target = this.#fdText(process, descriptor);
    call.subject = target;
    call.question = `${name} ${target}`;
    if (name.startsWith('dup')) {
      if (errno === 0 && !Number.isNaN(ret)) {
        const shown = process.fds.get(descriptor.fd);
        if (shown === undefined) process.fds.delete(ret);
        else process.fds.set(ret, shown);
      }
      return;
    }
    if (name.startsWith('accept') && errno === 0) process.fds.set(ret, 'socket');
    if (WRITES.has(name)) {
      const stream = STREAMS.indexOf(target);
      const isFile = target.charCodeAt(0) === SLASH;
      if (stream < 1 && !isFile) return;
      call.text = this.textIn(args, end);
      if (stream === 1 || stream === 2) call.stream = stream;
      if (call.text !== '') call.answer = shortHash(call.text);
      return;
    }
    if (errno !== 0 || (ret === 0 && READS.has(name))) {
      if (ret === 0 && READS.has(name)) call.question += ' (end)';
      return;
    }
    if (
      READS.has(name) &&
      target.charCodeAt(0) === SLASH &&
      process.fresh.delete(target) &&
      !CODE.test(target) &&
      !this.#opened.has(target)
    ) {
      call.text = this.textIn(args, end);
      if (call.text !== '') call.answer = shortHash(call.text);
    }
  }

  #path(process: Surroundings, name: string, args: string, errno: number, ret: number, isAt: boolean): void {
    const { call, dialect } = this;
    let base = process.cwd;
    let at = 0;
    let descriptor: Descriptor | undefined;
    if (isAt) {
      const end = firstEnd(args, dialect);
      descriptor = descriptorAt(args, end, dialect);
      if (descriptor.fd === CWD) {
        if (descriptor.shows !== '') process.cwd = base = descriptor.shows;
      } else base = process.fds.get(descriptor.fd) ?? (descriptor.shows || null);
      at = end + 2;
    }
    const printed = pathAt(args, at, dialect);
    let path = '';
    if (printed === undefined || printed === '') {
      path = descriptor !== undefined && descriptor.fd !== CWD ? this.#fdText(process, descriptor) : '';
      call.subject = path;
    } else {
      const full = printed.startsWith('/')
        ? normalised(printed)
        : base === null
          ? normalised(printed)
          : joined(base, printed);
      call.subject = full;
      path = this.names.of(full);
    }
    if (OPENS.has(name)) this.#open(process, name, args, errno, ret, path);
    else if (name === 'execve' || name === 'execveat') {
      const argv = argvIn(args, dialect);
      call.question = `${name} ${path} ${argv === undefined ? '' : this.names.of(argv.join(' '))}`;
    } else if (errno === 0 && name.startsWith('mkdir')) {
      this.names.madeNew(call.subject);
      call.question = `${name} ${this.names.of(call.subject)}`;
    } else call.question = `${name} ${path}`;
    if (errno !== 0) return;
    if (name === 'chdir') process.cwd = call.subject;
    else if (STATS.has(name)) this.#stat(args, path);
    else if (name.startsWith('readlink')) {
      call.text = this.textIn(args, nextAt(args, at, dialect));
      if (call.text !== '') call.answer = shortHash(this.names.of(call.text));
    }
  }

  #open(process: Surroundings, name: string, args: string, errno: number, ret: number, path: string): void {
    const { call } = this;
    const isWritten = args.includes('O_WRONLY') || args.includes('O_RDWR') || name === 'creat';
    const makes = args.includes('O_CREAT') || name === 'creat';
    call.question = `${name} ${path} ${isWritten ? 'w' : 'r'}${makes ? 'c' : ''}`;
    if (makes && args.includes('O_EXCL')) {
      this.names.madeNew(call.subject);
      call.question = `${name} ${this.names.of(call.subject)} wc`;
    }
    if (errno !== 0 || Number.isNaN(ret)) return;
    if (isWritten && this.#opened.size < OPENED_LIMIT)
      this.#opened.add(call.subject).add(path).add(this.names.of(call.subject));
    process.fds.set(ret, call.subject);
    if (process.fresh.size < OPENED_LIMIT) process.fresh.add(this.names.of(call.subject));
  }

  /** Kind, mode and size of a file that lies on a disk. */
  #stat(args: string, path: string): void {
    if (path.charCodeAt(0) !== SLASH || KERNEL.test(path) || CODE.test(path) || this.#opened.has(path)) return;
    const [, mode, rest = ''] = /mode=(S_IF[A-Z]+\|0o?[0-7]+|S_IF[A-Z]+\|S_I[A-Z|]+0o?[0-7]+)(.*)/s.exec(args) ?? [];
    if (mode === undefined) return;
    const plain = mode.replace('0o', '0').replace('S_IFLINK', 'S_IFLNK');
    const size = plain.startsWith('S_IFREG') ? (/\b(?:st_)?size=(\d+)/.exec(rest)?.[1] ?? '') : '';
    this.call.text = size === '' ? plain : `${plain}, ${size} bytes`;
    this.call.answer = shortHash(this.call.text);
  }

  #request(process: Surroundings, name: Requested, args: string): void {
    const { call, dialect } = this;
    const end = firstEnd(args, dialect);
    const descriptor = descriptorAt(args, end, dialect);
    const target = this.#fdText(process, descriptor);
    const rest = args.slice(end + 2);
    const stop = rest.indexOf(', ');
    const [first = ''] = (stop === -1 ? rest : rest.slice(0, stop)).split(' or ');
    const request = requestOf(name, first);
    const number = request.number;
    call.question = `${name} ${request.name} ${target}`;
    call.subject = target === '' ? request.name : `${request.name} ${target}`;
    if (name === 'fcntl' && (number === 0 || number === 0x406)) call.question = `${name} ${request.name}`;
  }

  #option(args: string, errno: number, ret: number): void {
    const { call } = this;
    const [first = '', second = ''] = args.split(', ');
    const option = requestOf('prctl', first);
    call.subject = option.name;
    call.question = `prctl ${option.name}`;
    // which capability is asked for
    if (option.name === 'PR_CAPBSET_READ' || option.name === 'PR_CAPBSET_DROP') {
      const capability = capabilityOf(second);
      call.question += ` ${capability}`;
      call.subject += ` ${capability}`;
    }
    if (errno === 0 && /^PR_(?:GET|CAPBSET_READ)/.test(option.name) && !Number.isNaN(ret))
      call.answer = (ret & 0xffff) + 1;
  }

  #whole(process: Surroundings, name: string, args: string): void {
    const { call } = this;
    const pieces =
      this.dialect === 'native' ? splitNativeArguments(name, args) : splitArguments(name, args, this.context);
    const told: string[] = [];
    const shown: string[] = [];
    for (const [place, piece] of pieces.entries()) {
      const text = this.#told(process, name, place, piece, pieces[1]?.raw ?? '');
      if (text === undefined || text === '') continue;
      // some releases do not print the path of a Unix socket
      told.push(piece.kind === 'SockAddr' && piece.path !== undefined ? 'AF_UNIX' : text);
      if (shown.length < 3) shown.push(text);
    }
    call.question = `${name} ${told.join(' ')}`;
    // an address says more than that it is a socket's
    call.subject = (shown.length > 1 ? shown.filter((text) => text !== 'socket') : shown).join(' ');
  }

  /** What an argument says that is the same in every run; undefined of one that says nothing. */
  #told(process: Surroundings, name: string, place: number, piece: Argument, level: string): string | undefined {
    switch (piece.kind) {
      case 'FD':
        if (piece.fd === CWD) {
          if (piece.path !== undefined) process.cwd = piece.path;
          return undefined;
        }
        return this.#fdText(process, { fd: piece.fd, shows: piece.path ?? '' });
      case 'Path': {
        const { path } = piece;
        if (path === undefined) return undefined;
        if (NO_FILES[name]?.includes(place) === true || path === '') return path;
        return this.names.of(
          path.startsWith('/') || process.cwd === null ? normalised(path) : joined(process.cwd, path),
        );
      }
      case 'SockFamily':
        return familyName(piece.name ?? String(piece.value ?? ''));
      case 'SockOptName':
        return optionText(level, piece.name ?? piece.raw);
      case 'Signal':
        return String(piece.signal);
      case 'EpollCtlOp':
      case 'PtraceRequest':
      case 'ItimerType':
      case 'SignalMaskAction':
        return piece.name ?? String(piece.value ?? '');
      case 'SockType':
        return (
          piece.flags.find((flag) => flag.startsWith('SOCK_') && flag !== 'SOCK_CLOEXEC' && flag !== 'SOCK_NONBLOCK') ??
          piece.rest ??
          undefined
        );
      case 'SockAddr':
        return addressOf(piece, this.names);
      case 'CloneFlags':
        return piece.flags.filter((flag) => /^CLONE_(?:NEW|THREAD|VFORK)/.test(flag)).join('|');
      case 'Unknown':
        return undefined;
      case 'Hex':
        return NUMBERS[name]?.includes(place) === true ? numberText(name, piece.raw) : undefined;
      default:
        return undefined;
    }
  }

  /** Data in quotes from `at` on, its escapes undone; of several pieces (writev) all. */
  textIn(args: string, at: number): string {
    const { dialect } = this;
    let text = '';
    for (let quote = args.indexOf('"', at); quote !== -1; quote = args.indexOf('"', quote)) {
      let end = quote + 1;
      while (end < args.length && args.charCodeAt(end) !== QUOTE) end += args.charCodeAt(end) === BACKSLASH ? 2 : 1;
      text +=
        dialect === 'native'
          ? unescaped(args.slice(quote + 1, end))
          : unquote(args, quote + 1, Math.min(end, args.length));
      quote = end + 1;
    }
    return text;
  }
}

/** What a descriptor is that nothing shows, where what was read of it is asked for. */
export const UNKNOWN_FILE = '/?';

export const cpuText = (cpus: number): string => `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`;

const STREAMS = ['stdin', 'stdout', 'stderr'];
const CWD = -100;
const SLASH = 0x2f;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENED_LIMIT = 65_536;

/** Arguments that are bare numbers in runsc's logs and say what is asked. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  setuid: [0],
  setgid: [0],
  setreuid: [0, 1],
  setregid: [0, 1],
  setresuid: [0, 1, 2],
  setresgid: [0, 1, 2],
  kill: [0],
};

/** Numbers of -1 and of the process itself are no names. */
function numberText(name: string, raw: string): string | undefined {
  if (name === 'kill') return undefined;
  const value = Number(raw) | 0;
  return String(value);
}

/** Number and name of a request, however it is printed. */
function requestOf(call: Requested, printed: string): { readonly name: string; readonly number: number | undefined } {
  const text = printed.replace(/ \/\*.*$/s, '');
  if (/^[A-Z]/.test(text)) {
    // `_IOC(_IOC_READ, 0x12, 0x72, 0x8)` is a number that strace knows no name of
    const parts = /^_IOC\(([A-Z_|0]+)/.exec(text);
    if (parts !== null) return { name: text, number: undefined };
    const number = optionNumber(call, text);
    return { name: number === undefined ? text : (optionName(call, number) ?? text), number };
  }
  const number = Number(text) >>> 0;
  return { name: optionName(call, number) ?? `0x${number.toString(16)}`, number };
}

/** `CAP_SYS_ADMIN` of it, and of 0x15. */
function capabilityOf(text: string): string {
  const named = text.replace(/ \/\*.*$/s, '');
  return CAPABILITY_NAMES.includes(named) ? named : (CAPABILITY_NAMES[Number(named)] ?? named);
}
const CAPABILITY_NAMES =
  words(`CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID
  CAP_SETPCAP CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER
  CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE
  CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SETFCAP
  CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF
  CAP_CHECKPOINT_RESTORE`);

/** Runsc has no name for some families. */
function familyName(name: string): string {
  return optionName('family', Number(name)) ?? (name === 'AF_LOCAL' ? 'AF_UNIX' : name);
}

/** `SO_ZEROCOPY` of level and option as tracers print them, by name or number; an option without a name stays a number. */
function optionText(level: string, option: string): string {
  if (!/^\d/.test(option)) return option;
  return socketOptionName(SOCKET_LEVELS[level] ?? Number(level), Number(option)) ?? `${level} ${Number(option)}`;
}

function addressOf(piece: Extract<Argument, { kind: 'SockAddr' | 'PostSockAddr' }>, names: Names): string {
  const { family = '', addr, port, path } = piece;
  if (path !== undefined) return path === '' ? family : names.of(path);
  if (addr === undefined && port === undefined) return familyName(family);
  const host = addr === undefined || addr === '' ? (family === 'AF_INET6' ? '::' : '0.0.0.0') : addr;
  return port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The strings of the first vector. */
export function argvIn(args: string, dialect: Dialect): readonly string[] | undefined {
  const open = args.indexOf('["');
  if (open === -1) return undefined;
  const argv: string[] = [];
  let at = open + 1;
  while (args.charCodeAt(at) === QUOTE && argv.length < 256) {
    let end = at + 1;
    while (end < args.length && args.charCodeAt(end) !== QUOTE) end += args.charCodeAt(end) === BACKSLASH ? 2 : 1;
    argv.push(
      dialect === 'native' ? unescaped(args.slice(at + 1, end)) : unquote(args, at + 1, Math.min(end, args.length)),
    );
    at = args.startsWith('...', end + 1) ? end + 4 : end + 1;
    if (!args.startsWith(', ', at)) break;
    at += 2;
  }
  return argv;
}

/** `0x7f /cwd`, `"/cwd"`. */
function pathIn(args: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(args);
  return quoted?.[1] ?? /^0x[0-9a-f]+ (.*), 0x[0-9a-f]+$/s.exec(args)?.[1] ?? '';
}
