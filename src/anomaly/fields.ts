/** The fields of the rule language: what conditions can ask of a moment, and how each is read. */
import { errnoName } from '../../grammars/errno.js';
import type { Field, Fields, FieldType, FieldValue } from '../expressions/fields.js';
import { isRestart } from '../model/event.js';
import { archivedBy, secretsArchived } from './archives.js';
import { EVENTS, execPathOf, type Moment } from './moment.js';
import { folderOf, type Origin, type PathEntry } from './paths.js';
import { absoluteOf, isBelow, type Process, type Run } from './processes.js';
import { SHELL, type Program } from './program-names.js';
import { isNetwork } from './sockets.js';
import { isWaitByDesign } from './stalls.js';
import { PROC_EXE, rotationBase } from './calls.js';
import type { World } from './world.js';

/** What a field is read of: a moment, and the world that it is in. */
export type Subject = { readonly moment: Moment; readonly world: World };

type Read = (moment: Moment, world: World) => FieldValue;

const field = (name: string, type: FieldType, cost: number, says: string, read: Read): Field<Subject> => ({
  name,
  type,
  cost,
  says,
  of: ({ moment, world }) => read(moment, world),
});

const value =
  (name: string): Read =>
  ({ values }) =>
    values[name];

/** Directories whose programs come with the system or with a tool. */
const SYSTEM =
  /^\/(?:bin|sbin|usr|lib|lib64|opt|nix)\/|^\/(?:root|home\/[^/]+)\/\.(?:cargo|rustup|nvm|npm|pyenv|local|sdkman|rbenv|bun|deno)\//;
/** Is the program what its name says: in a directory of the system, and not written while the log ran? */
function isTrusted({ run: { program } }: { readonly run: Run }, world: World, isExeAlone = false): boolean {
  const { exe, script } = program;
  const isPlain = isExeAlone || script === null || !script.startsWith('/');
  return isOfSystem(exe, world) && (isPlain || isOfSystem(script, world));
}

function isOfSystem(path: string | null, world: World): boolean {
  if (path === null || !SYSTEM.test(path)) return false;
  const made = world.paths.get(path)?.made;
  return made == null || made.by.program.names.some((name) => world.trades.installers.has(name));
}

/**
 * Does a process do what was written down before anybody came in? Not what is typed or piped into a shell, what serves, or what has read
 * from the network.
 */
function isPlanned(process: Process | null, world: World, hops = 0): boolean {
  if (process === null || hops > 3) return false;
  const { run } = process;
  if (run.carries !== null || world.sockets.unix.serviceOf(process) !== undefined) return false;
  const { script, argv } = run.program;
  // a fork of the first process runs its command line, too
  const isFirst = !process.isExec && run.record !== null && run.record === process.container.first.run.record;
  if (script?.startsWith('/') !== true)
    return argv.some((one) => /^-[a-z]*c$/.test(one)) && (isFirst || isPlanned(process.parent, world, hops + 1));
  const entry = world.paths.get(script);
  const isFresh = entry !== undefined && (entry.made !== null || entry.writtenAt > Number.NEGATIVE_INFINITY);
  return !isFresh && (isFirst || !OUT_OF_SIGHT.test(script));
}

const STEERED_HOPS = 16;

/** Does a process do what came from elsewhere while the log ran? Asked of what ran before its last exec, and of all above. */
function isSteered(process: Process, world: World): boolean {
  if (process.before !== null && isForeign(process.before, world)) return true;
  let at = process.parent;
  for (let hop = 0; at !== null && hop < STEERED_HOPS; hop++, at = at.parent) if (isForeign(at.run, world)) return true;
  return false;
}

/** A program that was fetched or decoded, or a shell with neither script nor `-c`, which takes its commands from what feeds it. */
function isForeign({ program, carries }: Run, world: World): boolean {
  const { exe, script, argv, exeNames } = program;
  for (const path of [exe, script]) {
    const made = path?.startsWith('/') === true ? world.paths.get(path)?.made : null;
    if (made != null && isOfNetwork(world.madeFrom(made))) return true;
  }
  const takesCommands = script === null && !argv.some((one) => /^-[a-z]*c$/.test(one));
  return takesCommands && carries !== null && isOfNetwork(carries) && exeNames.some((name) => SHELL.test(name));
}
const isOfNetwork = (origin: Origin): boolean => origin === 'network' || origin === 'decoder';

/** Those that are what they are called. */
function ancestorsOf(process: Process, world: World): readonly string[] {
  const names: string[] = [];
  let at = process.parent;
  for (let hop = 0; at !== null && hop < 32; hop++, at = at.parent)
    if (isTrusted(at, world)) names.push(...at.run.program.names);
  return names;
}

/** A process that a call or path names besides its own. */
function otherOf(moment: Moment): number | undefined {
  switch (moment.name) {
    case 'ptrace':
      return moment.number(2);
    case 'process_vm_readv':
    case 'process_vm_writev':
    case 'kill':
    case 'tgkill':
    case 'tkill':
      return moment.number(1);
    default: {
      const path = moment.printedPath ?? '';
      const digits =
        /^\/proc\/(\d+)(?:\/|$)/.exec(path)?.[1] ?? /^\/proc\/(\d+)(?:\/|$)/.exec(moment.entry?.path ?? '')?.[1];
      return digits === undefined ? undefined : Number(digits);
    }
  }
}

/** Seconds of the times that a call sets; the least of them. */
function setTime(moment: Moment): number | undefined {
  const { text } = moment;
  let least = Number.POSITIVE_INFINITY;
  SET_TIMES.lastIndex = 0;
  for (let match = SET_TIMES.exec(text); match !== null; match = SET_TIMES.exec(text)) {
    const [, seconds, nanos] = match;
    if (nanos !== UTIME_NOW && nanos !== UTIME_OMIT) least = Math.min(least, Number(seconds));
  }
  if (moment.name === 'utime')
    for (const [, one] of text.matchAll(/(?:actime|modtime)[=:] ?(\d+)/gi)) least = Math.min(least, Number(one));
  return least === Number.POSITIVE_INFINITY ? undefined : least;
}
const SET_TIMES = /sec[=:] ?(-?\d+),? (?:n|u)?sec[=:] ?(\d+)/gi;
const UTIME_NOW = String(0x3fff_ffff);
const UTIME_OMIT = String(0x3fff_fffe);

const DAY = 86_400;

/** A copy that keeps the times of what it copied, as libraries make them. */
function isTimeCopied(moment: Moment): boolean {
  const { run } = moment.process;
  const seconds = setTime(moment);
  const { entry } = moment;
  if (seconds === undefined || entry === null || !run.written.has(entry.path)) return false;
  // the time is that of the very file whose data it got
  if (entry.copyOf?.mtime === seconds) return true;
  if (!run.statTimes.has(seconds)) return false;
  return entry.isDirectory || (run.hasReadFile && run.changedModes.has(entry.path));
}

/** The oldest time that a call sets, also where it prints only that of access: `touch -r` takes both from one file. */
function oldestTime(moment: Moment): number | undefined {
  const seconds = setTime(moment);
  if (seconds === undefined) return undefined;
  const nanos = /nsec[=:] ?(\d+)/.exec(moment.text)?.[1] ?? '0';
  return Math.min(seconds, moment.process.run.atimes.get(`${seconds}.${nanos}`) ?? seconds);
}

const peer = (key: 'ip' | 'port' | 'path'): Read => {
  const toldAs = `peer.${key}`;
  return (moment, world) => {
    const told = moment.values[toldAs];
    if (told !== undefined) return told;
    const { address } = moment;
    if (address !== undefined && key in address) return address[key];
    if (moment.fdKind !== 's') return undefined;
    const socket = world.sockets.get(moment.numberOf('socket'));
    const found = socket?.peer;
    return found === null || found === undefined || !(key in found)
      ? undefined
      : (found as Readonly<Record<string, string | number>>)[key];
  };
};

const standard = (process: Process, fd: number): string | undefined => process.fds.get(fd);

function leadsOut(shows: string | undefined, world: World): boolean {
  const number = /^socket:\[(\d+)\]/.exec(shows ?? '')?.[1];
  return number !== undefined && isNetwork(world.sockets.get(Number(number)));
}

function fileFds(process: Process, path: string): boolean {
  const fd = /\/fd\/(\d+)$/.exec(path)?.[1];
  if (fd === undefined) return false;
  const shows = process.fds.get(Number(fd));
  return shows !== undefined && shows.startsWith('/') && !shows.startsWith('/memfd:');
}

const entryOf = (moment: Moment): PathEntry | null => moment.entry;

const FIELD_LIST: readonly Field<Subject>[] = [
  field(
    'event',
    'text',
    0,
    `what the rule is asked about: ${Object.keys(EVENTS).join(', ')}`,
    (moment) => moment.event,
  ),
  field('syscall', 'text', 0, 'name of the call', (moment) => moment.name || undefined),
  field('ok', 'bool', 0, 'the call succeeded', (moment) => moment.isExit && moment.errno === 0),
  field('errno', 'errno', 0, 'error of the call; restarts are none', (moment) => {
    const told = moment.values['errno'];
    if (typeof told === 'number') return told;
    return moment.errno === 0 || isRestart(moment.errno) ? undefined : moment.errno;
  }),
  field(
    'restarted',
    'bool',
    0,
    'the call was interrupted: errno 4 or 512 to 516',
    (moment) => moment.errno === 4 || isRestart(moment.errno),
  ),
  field('ret', 'number', 0, 'returned value', (moment) => (moment.isExit ? moment.ret : undefined)),
  field('duration', 'duration', 0, 'time of the call', (moment) => {
    const told = moment.values['duration'];
    return typeof told === 'number' ? told : moment.isExit ? moment.elapsed : undefined;
  }),
  field('source', 'text', 0, 'the log', (moment) => moment.source),
  field('tid', 'number', 0, 'task', (moment) => moment.tid),
  field('pid', 'number', 0, 'process (thread group)', (moment) => moment.process.id),

  // arguments
  field('args', 'text', 2, 'arguments as printed', (moment) => moment.text),
  field(
    'fd.kind',
    'text',
    1,
    'what the first descriptor shows: path, socket, pipe, host, anon, bad',
    (moment) => FD_KINDS[moment.fdKind],
  ),
  field('fd', 'number', 1, 'number of the first descriptor', (moment) =>
    moment.fdNumber === -1 ? undefined : moment.fdNumber,
  ),
  field(
    'fd.shows',
    'text',
    2,
    'text beside the first descriptor: a path, socket:[7], pipe:[3]',
    (moment) => moment.fd?.shows,
  ),
  field(
    'fd.network',
    'bool',
    2,
    'the first descriptor is a socket of AF_INET or AF_INET6',
    (moment, world) => moment.fdKind === 's' && isNetwork(world.sockets.get(moment.numberOf('socket'))),
  ),
  field(
    'flags',
    'list',
    2,
    'words of flags and choices: O_WRONLY, PROT_EXEC, AF_PACKET, PTRACE_ATTACH',
    (moment) => moment.flags,
  ),
  ...[1, 2, 3, 4, 5, 6].map((place) =>
    field(`arg.${place}`, 'number', 2, `argument ${place} as a number`, (moment) => moment.number(place)),
  ),
  field('payload', 'text', 3, 'data that the call hands over (enter) or got (exit)', (moment) => moment.payload),
  field(
    'writes',
    'bool',
    0.5,
    'an open that may write: O_WRONLY, O_RDWR, O_TRUNC or O_CREAT; creat',
    (moment) => moment.opensToWrite,
  ),
  field(
    'reads',
    'bool',
    1,
    'an open for reading',
    (moment) =>
      (moment.name === 'open' || moment.name === 'openat') &&
      !moment.flags.includes('O_WRONLY') &&
      !moment.flags.includes('O_PATH') &&
      !moment.flags.includes('O_DIRECTORY'),
  ),
  field('rwx', 'bool', 2, 'memory that can be written and executed is asked for', (moment) => {
    if (moment.name === 'mmap') return moment.hasWord('PROT_EXEC') && moment.hasWord('PROT_WRITE');
    return ((moment.number(3) ?? 0) & 6) === 6;
  }),

  // files
  field(
    'target',
    'text',
    1,
    'the file that the call is about, absolute; of two names the one that comes to be',
    (moment) => entryOf(moment)?.path,
  ),
  field('from', 'text', 2, 'of two names the old one', (moment) => moment.second?.path),
  field(
    'printed',
    'text',
    2,
    'the path as the record prints it',
    (moment) => moment.values['printed'] ?? moment.printedPath ?? execPathOf(moment),
  ),
  field('made', 'bool', 2, 'the file was created while the log ran', (moment) => entryOf(moment)?.made != null),
  field('existed', 'bool', 2, 'the file was there before', (moment) => entryOf(moment)?.existed === true),
  field(
    'directory',
    'bool',
    2,
    'the file is a directory',
    (moment) => entryOf(moment)?.isDirectory === true || moment.flags.includes('S_IFDIR'),
  ),
  field('own.file', 'bool', 2, 'the same program made the file, or wrote into it before', (moment) =>
    isOwnFile(moment),
  ),
  field('rotated', 'bool', 2, 'a copy of the log was made before: PATH.1, PATH-DATE, PATH.gz', (moment, world) => {
    const path = entryOf(moment)?.path;
    return path !== undefined && (world.rotated.has(path) || world.rotated.has(rotationBase(path)));
  }),
  field('shadows', 'bool', 2, 'the file goes before a program of the system in the search path', (moment, world) => {
    const name = /^\/usr\/local\/s?bin\/([^/]+)$/.exec(entryOf(moment)?.path ?? '')?.[1];
    return name !== undefined && world.systemNames.has(name);
  }),
  field('link.to', 'text', 2, 'what a symbolic link that is made leads to, absolute', (moment, world) => {
    const to = moment.args[0];
    if (!moment.name.startsWith('symlink') || to?.kind !== 'Path' || to.path === undefined) return undefined;
    const folder = folderOf(entryOf(moment)?.path ?? '/');
    return world.paths.of(absoluteOf(to.path, folder)).path;
  }),
  field('time.unpacked', 'bool', 2, 'the program unpacks: it made the file, and has read an archive', (moment) => {
    const made = entryOf(moment)?.made;
    const { run, id } = moment.process;
    return made !== null && made !== undefined && (made.by === run || made.pid === id) && run.hasReadArchive;
  }),
  field(
    'made.by',
    'list',
    2,
    'names of the program that made the file',
    (moment) => entryOf(moment)?.made?.by.program.names,
  ),
  field(
    'made.origin',
    'text',
    2,
    'where what was written came from: network, decoder, archive, copy, plain',
    (moment, world) => {
      const made = entryOf(moment)?.made;
      return made == null ? undefined : world.madeFrom(made);
    },
  ),
  field('made.cmdline', 'text', 2, 'arguments of the program that made the file', (moment) => {
    const program = entryOf(moment)?.made?.by.program;
    return program === undefined ? undefined : cmdlineOf(program);
  }),
  field('made.trusted', 'bool', 2, 'the program that made the file is what its name says', (moment, world) => {
    const made = entryOf(moment)?.made;
    return made == null ? undefined : isOfSystem(made.by.program.exe, world);
  }),
  field(
    'copied.by',
    'list',
    2,
    'of a copy the names of the program that made what was copied',
    (moment) => entryOf(moment)?.made?.copied?.by.program.names,
  ),
  field('copied.trusted', 'bool', 2, 'that program is what its name says', (moment, world) => {
    const copied = entryOf(moment)?.made?.copied;
    return copied == null ? undefined : isOfSystem(copied.by.program.exe, world);
  }),
  field('made.served', 'bool', 2, 'a server made the file', (moment) => entryOf(moment)?.made?.byServer === true),
  field('fifo', 'bool', 2, 'the file is a FIFO', (moment) => entryOf(moment)?.isFifo === true),
  field('waits', 'bool', 2, 'the call waits for somebody else by design', (moment) => {
    const told = moment.values['waits'];
    if (typeof told === 'boolean') return told;
    return isWaitByDesign(moment.name, moment.text, entryOf(moment)?.isFifo === true);
  }),
  field('backdated', 'bool', 3, 'a time more than a day before the clock of the log is set', (moment) => {
    const seconds = oldestTime(moment);
    return seconds !== undefined && seconds < moment.at / 1e6 - DAY;
  }),
  field('time.copied', 'bool', 3, 'the time set is that of a file that the same program copied', isTimeCopied),
  field(
    'own.executable',
    'bool',
    2,
    'the file is the executable of the process, or of its parent if it lies in a temporary place',
    (moment) => {
      const path = entryOf(moment)?.path;
      if (path === undefined) return false;
      const { run, parent } = moment.process;
      if (run.program.exe === path || run.program.script === path) return true;
      if (parent === null || !TEMPORARY.test(path)) return false;
      return parent.run.program.exe === path || parent.run.program.script === path;
    },
  ),
  field('reopens.exe', 'bool', 2, 'the path is the executable of a process by way of /proc', (moment) => {
    const printed = moment.printedRoot ?? '';
    if (PROC_EXE.test(printed)) return true;
    const fd =
      /^\/proc\/(?:self|thread-self|\d+)\/fd\/(\d+)$/.exec(printed)?.[1] ?? /^\/dev\/fd\/(\d+)$/.exec(printed)?.[1];
    return fd !== undefined && moment.process.exeFds.has(Number(fd));
  }),
  field('ending', 'text', 2, 'ending that a file got which took the place of another', value('ending')),

  // other processes
  field('other', 'number', 2, 'process that the call or its path names', (moment) => otherOf(moment)),
  field('other.self', 'bool', 2, 'that process is the caller', (moment, world) => {
    const id = otherOf(moment);
    const isNamed = id !== undefined && world.processes.find(id, moment.process) === moment.process;
    return isNamed || /^\/proc\/(?:thread-)?self\//.test(moment.printedPath ?? '');
  }),
  field('other.child', 'bool', 2, 'that process was started by the caller or its children', (moment, world) => {
    const id = otherOf(moment);
    if (id === undefined) return false;
    const other = world.processes.find(id, moment.process);
    return other === undefined ? world.processes.awaits(id, moment.process) : isBelow(other, moment.process);
  }),
  field('other.program', 'text', 3, 'name of its program', (moment, world) => {
    const id = otherOf(moment);
    return id === undefined ? undefined : world.processes.find(id, moment.process)?.run.program.exeNames[0];
  }),

  // sockets
  field('peer.ip', 'text', 2, 'address that is connected or sent to', peer('ip')),
  field('peer.port', 'number', 2, 'its port', peer('port')),
  field('peer.path', 'text', 2, 'its path, of AF_UNIX', peer('path')),
  field('peer.api', 'bool', 2, 'the address is that of the API server of the cluster', (moment, world) => {
    const ip = peer('ip')(moment, world);
    return ip !== undefined && ip === world.apiServer;
  }),
  field('family', 'text', 2, 'family of the address: AF_INET, AF_INET6, AF_UNIX', (moment) => moment.address?.family),
  field('outcome', 'text', 1, 'established, refused, unreachable, timeout, failed, pending', value('outcome')),
  field('lifetime', 'duration', 1, 'how long a process ran its program, or a connection lasted', value('lifetime')),

  // the process
  field('exe', 'text', 1, 'path of its executable', (moment) => moment.process.run.program.exe ?? undefined),
  field('interpreter', 'list', 1, 'names of its executable or applet', (moment) => moment.process.run.program.exeNames),
  field(
    'program',
    'list',
    1,
    'names of its executable, applet and script',
    (moment) => moment.process.run.program.names,
  ),
  field(
    'program.name',
    'text',
    1,
    'first name of its executable or applet',
    (moment) => moment.process.run.program.exeNames[0],
  ),
  field(
    'script',
    'text',
    1,
    'path of the script that it runs',
    (moment) => moment.process.run.program.script ?? undefined,
  ),
  field('argv', 'list', 1, 'its arguments', (moment) => moment.process.run.program.argv),
  field('argv.0', 'text', 1, 'its first argument', (moment) => moment.process.run.program.argv[0]),
  field('cmdline', 'text', 1, 'its arguments with blanks between them', (moment) =>
    cmdlineOf(moment.process.run.program),
  ),
  field('deed', 'text', 1, 'its name, of a reader (cat, head, ...) with the file that it is given', (moment) =>
    deedOf(moment.process),
  ),
  field('env', 'list', 1, 'environment of the exec', (moment) => moment.process.run.env),
  field(
    'env.new',
    'list',
    2,
    'entries of the environment that the program before it did not have; of a first process all',
    (moment) => newEnv(moment.process),
  ),
  field('exec.cmdline', 'text', 3, 'arguments that an exec hands over, whatever comes of it', (moment) =>
    moment.exec.argv?.join(' '),
  ),
  field('opened.beside', 'number', 2, 'how many files of the same folder it opened since its exec', (moment) => {
    const folder = `${folderOf(entryOf(moment)?.path ?? '')}/`;
    let count = 0;
    for (const path of moment.process.run.opened)
      if (path.startsWith(folder) && !path.includes('/', folder.length)) count++;
    return count;
  }),
  field('opened', 'list', 1, 'paths that it opened since its exec', (moment) => [...moment.process.run.opened]),
  field(
    'regains',
    'bool',
    1,
    'it was root and gave up no more than its effective id',
    (moment) => moment.process.regains,
  ),
  field('exec.argc', 'number', 3, 'how many arguments an exec hands over', (moment) => moment.exec.argv?.length),
  field('exec.path', 'text', 3, 'path that an exec names', (moment) => execPathOf(moment)),
  field(
    'trusted',
    'bool',
    2,
    'the program lies in a directory of the system and was not written while the log ran',
    (moment, world) => isTrusted(moment.process, world),
  ),
  field(
    'exe.trusted',
    'bool',
    2,
    'the executable lies in a directory of the system and was not written while the log ran, whatever script it runs',
    (moment, world) => isTrusted(moment.process, world, true),
  ),
  // only the record of a call shows it
  field('comm', 'text', 2, 'name of the task, of a call', (moment) =>
    moment.event === 'exit' || moment.event === 'enter' ? moment.comm : '',
  ),
  field('cwd', 'text', 2, 'where it stands', (moment) => moment.process.cwd ?? undefined),
  field('uid', 'number', 1, 'its user, where that is known', (moment) => moment.process.uid ?? undefined),
  field(
    'first',
    'bool',
    1,
    'it is the first process of its container',
    (moment) => moment.process.container.first === moment.process && !moment.process.isExec,
  ),
  field(
    'start.phase',
    'bool',
    1,
    'descends from the first process, within its first ten seconds and before it met the network',
    (moment, world) => world.processes.inStartPhase(moment.process, moment.at),
  ),
  field('container', 'text', 1, 'the container it belongs to', (moment) => String(moment.process.container.first.id)),
  field('memfd', 'bool', 1, 'it or an ancestor made a file in memory', (moment) => moment.process.memfd !== null),
  field('memfd.file', 'bool', 2, 'the descriptor that the path names is known to be a file on disk', (moment) =>
    fileFds(moment.process, String(moment.values['printed'] ?? moment.printedPath ?? '')),
  ),
  field(
    'accepted',
    'bool',
    1,
    'it serves: it or an ancestor listened and accepted a connection before the last exec; a Unix socket to which only its own processes connect does not count',
    (moment, world) => world.sockets.unix.serviceOf(moment.process) !== undefined,
  ),
  field(
    'accepted.local',
    'bool',
    2,
    'all that it accepted came from programs of this log, over Unix sockets, none of which serves the network',
    (moment, world) => world.sockets.unix.serviceOf(moment.process) === 'local',
  ),
  field(
    'carries',
    'text',
    1,
    'what it read came from: network, decoder',
    (moment) => moment.process.run.carries ?? undefined,
  ),
  field('stdin', 'text', 1, 'what its descriptor 0 shows', (moment) => standard(moment.process, 0)),
  field('stdin.network', 'bool', 1, 'its descriptor 0 is a network socket', (moment, world) =>
    leadsOut(standard(moment.process, 0), world),
  ),
  field('stdio.network', 'bool', 1, 'its descriptor 0, 1 or 2 is a network socket', (moment, world) =>
    [0, 1, 2].some((fd) => leadsOut(standard(moment.process, fd), world)),
  ),
  field(
    'stdin.fed',
    'text',
    2,
    'what was written into the pipe that is its descriptor 0: network, decoder',
    (moment, world) => {
      const number = /^pipe:\[(\d+)\]/.exec(standard(moment.process, 0) ?? '')?.[1];
      return number === undefined ? undefined : (world.sockets.pipe(Number(number))?.origin ?? undefined);
    },
  ),
  field(
    'terminal.fed',
    'bool',
    1,
    'the first descriptor is a terminal into whose other end somebody writes what came from the network',
    (moment) => moment.fdKind === '/' && moment.process.terminal?.fed != null && TERMINAL.test(moment.fd?.shows ?? ''),
  ),
  field(
    'terminal.by',
    'list',
    2,
    'names of the program that opened the other end of its terminal, if it is what it is called',
    (moment, world) => {
      const { terminal } = moment.process;
      return terminal !== null && isTrusted({ run: terminal.by }, world) ? terminal.by.program.names : [];
    },
  ),
  field('archived', 'list', 3, 'what an archiver that was started takes in, absolute', (moment) =>
    archivedBy(moment.process),
  ),
  field('archived.secret', 'list', 3, 'of these what holds keys, credentials or password files', (moment) => {
    const secret = secretsArchived(moment.process);
    return secret.length === 0 ? undefined : secret;
  }),
  field(
    'caller',
    'list',
    1,
    'names of the program that made the exec',
    (moment) => (moment.process.before ?? moment.process.run).program.names,
  ),
  field('caller.exe', 'text', 1, 'path of that program', (moment) => moment.process.before?.program.exe ?? undefined),
  field('caller.trusted', 'bool', 2, 'that program is what it is called', (moment, world) =>
    isTrusted({ run: moment.process.before ?? moment.process.run }, world),
  ),
  field('caller.same', 'bool', 2, 'it started its own executable with its own script, or none', (moment) => {
    const { before, run } = moment.process;
    const was = before ?? moment.process.parent?.run;
    if (was === undefined || was === null || was.program.exe !== run.program.exe) return false;
    const { script } = run.program;
    return script === was.program.script || run.program.argv.some((one) => one === '-c' || one === '-m')
      ? script === was.program.script
      : false;
  }),
  field(
    'parent',
    'list',
    1,
    'names of the program of its parent',
    (moment) => moment.process.parent?.run.program.names ?? [],
  ),
  field(
    'parent.exe',
    'text',
    1,
    'path of that program',
    (moment) => moment.process.parent?.run.program.exe ?? undefined,
  ),
  field(
    'ancestors',
    'list',
    2,
    'names of the programs of its parent and all above, of those that are what they are called',
    (moment, world) => ancestorsOf(moment.process, world),
  ),
  field(
    'parent.trusted',
    'bool',
    2,
    'its parent is what it is called',
    (moment, world) => moment.process.parent !== null && isTrusted(moment.process.parent, world),
  ),
  field(
    'parent.planned',
    'bool',
    2,
    'its parent runs what the container is for, or a script that was there before the log began, and got nothing from the network',
    (moment, world) => isPlanned(moment.process.parent, world),
  ),
  field(
    'steered',
    'bool',
    3,
    'what made the exec, or one above it, was fetched or decoded in this run, or is a shell that is fed its commands by the network or a decoder',
    (moment, world) => isSteered(moment.process, world),
  ),
  field(
    'depth.new',
    'bool',
    2,
    'it is deeper in pid namespaces than its parent',
    (moment) => moment.process.parent !== null && moment.process.depth > moment.process.parent.depth,
  ),
  field('looked.elsewhere', 'number', 3, 'files that other processes of the same program looked at', (moment, world) =>
    lookedElsewhere(moment.process, world),
  ),
  field('chroots', 'number', 1, 'how often it changed its root before', (moment) => moment.process.chroots),

  // what other events tell
  field('code', 'number', 0, 'exit code', value('code')),
  field('signal', 'number', 0, 'signal that ended it, or that the record tells', (moment) => {
    const told = moment.values['signal'];
    if (typeof told === 'number') return told;
    return moment.record?.kind === 'signal' ? moment.record.signal : undefined;
  }),
  field('executed', 'bool', 0, 'it executed a program itself', (moment) => moment.process.hasExecuted),
  field('library', 'text', 0, 'library that was not found', value('library')),
  field('missing', 'text', 1, 'interpreter that was not found', value('interpreter')),
  field('name', 'text', 0, 'new name of a task', value('name')),
  field('old_name', 'text', 0, 'its name before', value('old_name')),
  field('count', 'number', 0, 'how many', value('count')),
  field(
    'futex',
    'bool',
    0,
    'the call is a wait for a lock',
    (moment) => moment.values['futex'] === true || moment.name === 'futex',
  ),
  field(
    'group',
    'text',
    1,
    'process together with its siblings and children',
    (moment) => moment.values['family'] ?? String((moment.process.parent ?? moment.process).id),
  ),

  // records that are no calls
  field(
    'kind',
    'text',
    0,
    'kind of the record: warning, signal, panic, watchdog, unsupported-syscall, ...',
    (moment) => moment.record?.kind,
  ),
  field('message', 'text', 1, 'text of the record', (moment) => moment.record?.message),
  field('level', 'level', 0, 'debug, info, warning, error', (moment) => moment.record?.level ?? undefined),
  field(
    'site',
    'text',
    1,
    'place in the source of gVisor: strace.go:567',
    (moment) => moment.record?.site ?? undefined,
  ),
];

function cmdlineOf(program: Program): string {
  return (program.cmdline ??= program.argv.join(' '));
}

function newEnv(process: Process): readonly string[] {
  const { run, before, parent } = process;
  const known = before?.env.length === 0 ? parent?.run.env : (before?.env ?? parent?.run.env);
  if (known === undefined) return run.env;
  // conditions ask for it again and again
  if (run.newEnv === null || run.newEnv.known !== known || run.newEnv.env !== run.env) {
    const had = new Set(known);
    run.newEnv = { known, env: run.env, fresh: run.env.filter((one) => !had.has(one)) };
  }
  return run.newEnv.fresh;
}

function isOwnFile(moment: Moment): boolean {
  const entry = entryOf(moment);
  if (entry === null) return false;
  const { exe, script } = moment.process.run.program;
  if (entry.writers?.has(script ?? exe ?? '') === true) return true;
  return false;
}

function lookedElsewhere(process: Process, world: World): number {
  const [name] = process.run.program.exeNames;
  let sum = 0;
  for (const other of world.processes.all()) {
    if (other !== process && other.container === process.container && other.run.program.exeNames[0] === name)
      sum += other.looked;
  }
  return sum;
}

const FD_KINDS: Readonly<Record<string, string>> = {
  '/': 'path',
  s: 'socket',
  p: 'pipe',
  h: 'host',
  a: 'anon',
  '(': 'bad',
};
/** In memory, or below a name that is not shown. */
const OUT_OF_SIGHT = /^\/(?:dev|run)\/shm\/|\/\.[^/]/;
const TERMINAL = /^\/dev\/(?:pts\/\d+|tty)$/;
const TEMPORARY = /^\/(?:tmp|var\/tmp|dev\/shm|run\/shm)\//;
const READERS = new Set(['cat', 'head', 'tail', 'less', 'more', 'strings', 'grep', 'awk', 'sed', 'cut']);

function deedOf(process: Process): string | undefined {
  const { program } = process.run;
  const [name] = program.exeNames;
  if (name === undefined) return undefined;
  if (!program.exeNames.some((one) => READERS.has(one))) return name;
  const file = program.argv.slice(1).findLast((one) => one.startsWith('/'));
  return file === undefined ? name : `${name} ${absoluteOf(file, process.cwd)}`;
}

/** Numbers that stand for values, for keys. */
const IDS: Readonly<Record<string, (moment: Moment) => number | undefined>> = {
  pid: (moment) => moment.process.id,
  tid: (moment) => moment.tid,
  target: (moment) => moment.entry?.id,
  container: (moment) => moment.process.container.first.id,
  fd: (moment) => moment.fdNumber,
};

/** The fields, by name. */
export const RULE_FIELDS: Fields<Subject> = new Map(
  FIELD_LIST.map((one) => {
    const id = IDS[one.name];
    return [one.name, id === undefined ? one : { ...one, idOf: ({ moment }: Subject) => id(moment) }];
  }),
);

/** Fields that say no more than the path: what a condition on them says is remembered with it. */
export const PATH_FIELDS: ReadonlySet<string> = new Set(['target']);

/** Fields that say no more than which program a process runs. */
export const PROGRAM_FIELDS: ReadonlySet<string> = new Set([
  'exe',
  'interpreter',
  'program',
  'program.name',
  'script',
  'argv',
  'argv.0',
  'cmdline',
]);

/** A field as it stands in a message. */
export function shown(subject: Subject, name: string): string | undefined {
  const found = RULE_FIELDS.get(name);
  const read = found?.of(subject);
  if (read === undefined) return undefined;
  if (name === 'errno' && typeof read === 'number') return errnoName(read);
  if (Array.isArray(read)) return name === 'argv' ? read.join(' ') : String(read[0] ?? '');
  if (found?.type === 'duration' && typeof read === 'number') return durationText(read);
  return String(read);
}

function durationText(nanos: number): string {
  if (nanos >= 1e9) return `${(nanos / 1e9).toFixed(1)} s`;
  if (nanos >= 1e6) return `${(nanos / 1e6).toFixed(1)} ms`;
  return `${Math.round(nanos / 1e3)} µs`;
}
