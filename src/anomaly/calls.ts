/** What each call means for the world: descriptors, sockets, files, programs. One function a call, found by its name. */
import type { Argument } from '../events/arguments.js';
import { isRestart } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import { execPathOf, type Moment } from './moment.js';
import { folderOf, type PathEntry } from './paths.js';
import { mark, type Process } from './processes.js';
import { baseName, interpreterOf, scriptProgram } from './program-names.js';
import { isNetwork, outcomeOf } from './sockets.js';
import type { World } from './world.js';

const NO_ENTRY = 2;
/** What a call means for the world. */
export type Handler = (world: World, moment: Moment) => void;

function open(world: World, moment: Moment): void {
  const { process, errno } = moment;
  const cwd = moment.printedCwd;
  if (cwd !== undefined) process.cwd = cwd;
  const { entry } = moment;
  if (entry === null) return;
  if (errno !== 0) {
    if (errno === NO_ENTRY && LIBRARY.test(entry.path)) missLibrary(process, entry.path, moment);
    return;
  }
  if (process.missedLibrary !== null && baseName(entry.path) === process.missedLibrary.name)
    process.missedLibrary = null;
  if (moment.ret < 1024) process.fds.set(moment.ret, entry.path);
  if (TERMINAL_MASTER.test(entry.path)) process.terminal = { by: process.run, fed: null };
  process.run.opened.add(entry.path);
  world.sawProgram(entry);
  // a shell that opens its next file is done with the one before
  if (process.emptying.length > 0 && !process.run.program.isApplet) world.emptied(process, true, entry);
  if (entry.path.startsWith('/proc/') && PROC_EXE.test(moment.printedRoot ?? '')) process.exeFds.add(moment.ret);
}
/** What makes a new terminal, and how its master is shown. */
const TERMINAL_MASTER = /^\/dev\/(?:pts\/)?ptmx$/;
const LIBRARY = /\/lib[^/]*\.so[^/]*$/;
export const PROC_EXE = /^\/proc\/(?:self|thread-self|\d+)\/exe$/;

function missLibrary(process: Process, path: string, moment: Moment): void {
  const name = baseName(path);
  const folders = process.missedLibrary?.name === name ? process.missedLibrary.folders : [];
  process.missedLibrary = { name, folders: [...folders.slice(-16), folderOf(path)], record: moment.evidence };
}

/** A file was opened: what is known of it after the rules were asked. */
function opened(world: World, moment: Moment): void {
  const { process, entry } = moment;
  if (entry === null) return;
  const { run } = process;
  if (!entry.isDirectory && moment.opensDirectory) entry.isDirectory = true;
  if (!moment.opensToWrite) {
    if (ARCHIVE.test(entry.path)) run.hasReadArchive = true;
    run.lastRead = entry.made;
    if (entry.made === null) {
      entry.existed = true;
      run.hasReadFile = true;
    } else {
      run.hasReadFile = true;
      if (run.carries === null) {
        const origin = world.madeFrom(entry.made);
        if (origin !== 'plain' && origin !== 'copy') world.carries(run, origin, () => entry.made?.record as Evidence);
      }
    }
    return;
  }
  if ((entry.path.startsWith('/dev/') && !entry.path.startsWith('/dev/shm/')) || entry.path.startsWith('/proc/'))
    return;
  run.written.add(entry.path);
  entry.writtenAt = moment.at;
  if (EMPTIED.test(entry.path)) {
    if ((moment.name === 'creat' || moment.opensToTruncate) && process.emptying.length < 16) {
      entry.isEmptied = true;
      process.emptying.push({ entry, record: moment.evidence });
    }
    noteRotation(world, entry.path);
  }
  if (entry.path.startsWith('/etc/')) {
    entry.content = { record: moment.evidence, payload: '', isTold: false, writes: [] };
    process.contents.add(entry);
  }
  if (entry.made === null && !entry.existed && moment.opensToCreate) make(world, moment, entry);
  const { renamedFrom } = entry;
  if (renamedFrom !== null && entry.made === null) {
    replaced(world, process, renamedFrom, entry, moment);
    entry.renamedFrom = null;
  }
  if (entry.made !== null) shadow(world, process, entry, moment);
}

const ARCHIVE = /\.(?:tar|tgz|txz|tbz2?|zip|whl|jar|war|gem|crate|deb|rpm|apk|7z|tar\.\w+)$/;
/** Files whose emptying is told. */
const EMPTIED = /^\/var\/log\/|_history$|^\/run\/utmp$/;
const ROTATED = /^(\/var\/log\/.+?)(?:\.\d+(?:\.\w{1,4})?|[-.]\d{8}.*|\.(?:gz|xz|bz2|zst|old))$/;

/** `app.log.1` is a copy of `app.log`. */
function noteRotation(world: World, path: string): void {
  const base = ROTATED.exec(path)?.[1];
  if (base !== undefined) mark(world.rotated, base);
}

/** The name of a log whose copy it is; itself where it is none. */
export const rotationBase = (path: string): string => ROTATED.exec(path)?.[1] ?? path;

/** Data is about to be written into a file below /etc. */
function writesContent(_world: World, moment: Moment): void {
  if (!moment.fdShows('/etc/')) return;
  const content = moment.entry?.content;
  if (content === null || content === undefined || content.payload.length >= 4096) return;
  content.payload += moment.payload;
  if (content.writes.length < 2) content.writes.push(moment.evidence);
}

/** Data was written into a file. */
function wroteFile(world: World, moment: Moment): void {
  if (moment.fdKind !== '/' || moment.ret <= 0) return;
  wroteInto(world, moment, moment.entry);
}

/** Data went from one file into another within the sentry. */
function copiedFile(world: World, moment: Moment): void {
  if (moment.ret <= 0) return;
  const isTargetFirst = moment.name === 'sendfile';
  // mostly a file goes to a pipe or a socket
  if (isTargetFirst && moment.fdKind !== '/') return;
  const { args } = moment;
  const to = shownFile(world, args[isTargetFirst ? 0 : 2]);
  if (to === undefined) return;
  const from = shownFile(world, args[isTargetFirst ? 1 : 0]);
  if (from !== undefined && to.copyOf === null) to.copyOf = from;
  wroteInto(world, moment, to);
}

function shownFile({ paths }: World, arg: Argument | undefined): PathEntry | undefined {
  return arg?.kind === 'FD' && arg.path?.startsWith('/') === true ? paths.of(arg.path, true) : undefined;
}

function wroteInto(world: World, moment: Moment, entry: PathEntry | null): void {
  const { process } = moment;
  if (entry === null) return;
  entry.isEmptied = false;
  const { made } = entry;
  // a shell opens the file, and what it starts fills it
  if (made !== null && made.by !== process.run && (made.origin === 'plain' || made.origin === 'copy')) {
    const origin = world.originOf(process.run);
    if (origin !== 'plain' && origin !== 'copy') entry.made = { ...made, origin, by: process.run };
  }
  if (entry.path.startsWith('/var/log/')) {
    const { exe, script } = process.run.program;
    entry.writers ??= new Set();
    mark(entry.writers, script ?? exe ?? '');
  }
  const { content } = entry;
  if (content === null) return;
  content.isTold = true;
  world.emit('content', process, { payload: content.payload }, [content.record, ...content.writes], { entry });
}

function make(world: World, moment: Moment, entry: PathEntry): void {
  const { process } = moment;
  const { lastRead, program } = process.run;
  const isCopy = lastRead !== null && program.names.some((name) => world.trades.copiers.has(name));
  entry.made = {
    by: process.run,
    pid: process.id,
    at: moment.at,
    origin: world.originOf(process.run),
    record: moment.evidence,
    byServer: world.sockets.unix.serviceOf(process) !== undefined,
    // of a copy of a copy the first: nothing is to hang on a chain
    copied: isCopy ? (lastRead.copied ?? lastRead) : null,
  };
}

/** A new file whose name begins with that of an old one. */
function shadow(world: World, process: Process, entry: PathEntry, moment: Moment): void {
  const { path } = entry;
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const old = world.paths.get(path.slice(0, path.length - name.length + dot));
    if (old === undefined || old === entry) continue;
    if (old.made !== null && old.goneAt === Number.NEGATIVE_INFINITY) continue;
    if (old.goneAt > moment.at - 60e6) replaced(world, process, old, entry, moment);
    else old.shadowedBy = entry;
    return;
  }
}

function replaced(world: World, process: Process, old: PathEntry, fresh: PathEntry, moment: Moment): void {
  const ending = fresh.path.startsWith(old.path) ? fresh.path.slice(old.path.length + 1) : baseName(fresh.path);
  world.emit('replaced-file', process, { ending, family: String(familyOf(process)) }, [], { entry: old });
  if (moment.at > 0) old.shadowedBy = null;
}

/** Those that work on the same: processes of one parent, with it. */
function familyOf(process: Process): number {
  const { parent } = process;
  const family = (process.family ??= parent?.family ?? (parent ?? process).id);
  if (parent !== null) parent.family ??= family;
  return family;
}

function renamed(world: World, moment: Moment): void {
  const { second: from, entry: to, process } = moment;
  if (from === null || to === null) return;
  to.made = from.made;
  to.isFifo = from.isFifo;
  noteRotation(world, to.path);
  if (to.path.startsWith('/etc/')) {
    const { content } = from;
    const values = content !== null && content.payload !== '' ? { payload: content.payload } : {};
    world.emit(
      'content',
      process,
      values,
      [moment.evidence, ...(content === null ? [] : [content.record, ...content.writes])],
      {
        entry: to,
      },
    );
    from.content = null;
  }
  const { shadowedBy } = from;
  if (from.made === null) {
    from.goneAt = moment.at;
    if (to.path.startsWith(`${from.path}.`)) {
      if (from.writtenAt > moment.at - 60e6) replaced(world, process, from, to, moment);
      else to.renamedFrom = from;
    }
  } else if (from.made !== null && shadowedBy === null) from.made = null;
  to.existed = from.existed;
  world.paths.unlink(from.path);
}

function linked(world: World, moment: Moment): void {
  const { second: from, entry: to, process } = moment;
  if (to?.path.startsWith('/etc/') === true) world.emit('content', process, {}, [moment.evidence], { entry: to });
  if (from !== null && to !== null && from.made !== null) to.made = from.made;
}

function unlinked(world: World, moment: Moment): void {
  const { entry, process } = moment;
  if (entry === null) return;
  world.paths.unlink(entry.path);
  if (entry.made === null) {
    entry.goneAt = moment.at;
    if (entry.shadowedBy !== null) replaced(world, process, entry, entry.shadowedBy, moment);
  }
  entry.made = null;
  entry.existed = false;
}

function linkMade(world: World, moment: Moment): void {
  const target = moment.args[0];
  const { entry } = moment;
  if (target?.kind === 'Path' && target.path !== undefined && entry !== null) world.paths.link(entry.path, target.path);
}

function madeNode(_world: World, moment: Moment): void {
  if (moment.flags.includes('S_IFIFO') && moment.entry !== null) moment.entry.isFifo = true;
}

function looked(world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const { entry, process } = moment;
  if (entry === null) return;
  process.looked++;
  world.sawProgram(entry);
  if (entry.made === null) entry.existed = true;
  // of a file that was looked at once, and by a program that has looked at many, nothing more is learnt
  if (entry.wasLooked && process.run.looks >= 64) return;
  entry.wasLooked = true;
  process.run.looks++;
  const { stat } = moment;
  if (stat === undefined) return;
  if (stat.type === 'I') entry.isFifo = true;
  if (stat.type === 'D') entry.isDirectory = true;
  if (process.run.looks > 256 || Number.isNaN(stat.mtime)) return;
  entry.mtime = stat.mtime;
  process.run.statTimes.add(stat.mtime);
  // touch -r prints no more than the first of the two times that it sets
  process.run.atimes.set(stat.atime, stat.mtime);
}

function read(world: World, moment: Moment): void {
  if (moment.errno !== 0 || moment.ret <= 0) return;
  const { process } = moment;
  switch (moment.fdKind) {
    case 's': {
      const socket = world.socketOf(moment);
      if (socket === undefined) return;
      if (socket.outcome === 'pending') world.resolved(socket, 'established', process);
      if (isNetwork(socket)) {
        if (process.run.carries === null) world.carries(process.run, 'network', () => moment.evidence);
        if (process.container.inStartPhase) process.container.inStartPhase = false;
      }
      break;
    }
    case 'p': {
      const pipe = world.sockets.pipe(moment.numberOf('pipe'));
      if (pipe?.origin != null && process.run.carries === null) {
        const { origin, record } = pipe;
        world.carries(process.run, origin, () => record ?? moment.evidence);
      }
      break;
    }
    case '/':
      readFile(world, moment);
  }
  const fd = standardFd(moment);
  if (fd !== undefined) process.fds.set(fd.number, fd.shows);
}

/** A program reads a file that was made in this run, or its own script. */
function readFile(world: World, moment: Moment): void {
  const { entry, process } = moment;
  const { run } = process;
  if (entry === null) return;
  if (entry.made !== null && run.carries === null) {
    const { made } = entry;
    const origin = world.madeFrom(made);
    if (origin !== 'plain' && origin !== 'copy') world.carries(run, origin, () => made.record);
  }
  if (entry.path !== run.program.exe || run.program.script !== null || !moment.hasWord('"#!')) return;
  const interpreter = interpreterOf(moment.payload);
  if (interpreter !== undefined) run.program = scriptProgram(run.program, interpreter);
}

function write(world: World, moment: Moment): void {
  const { process } = moment;
  const kind = moment.fdKind;
  if (kind === 's') {
    const socket = world.socketOf(moment);
    if (socket?.outcome === 'pending' && moment.errno === 0 && moment.ret > 0)
      world.resolved(socket, 'established', process);
  } else if (kind === 'p') {
    const origin = world.originOf(process.run);
    if (origin === 'network' || origin === 'decoder' || origin === 'archive') {
      world.sockets.feed(moment.numberOf('pipe'), origin, process.run.program.names[0] ?? '', moment.evidence);
    }
  } else if (kind === '/' && process.terminal?.fed === null && process.run.carries === 'network') {
    if (moment.errno === 0 && TERMINAL_MASTER.test(moment.fd?.shows ?? '')) process.terminal.fed = moment.evidence;
  }
}

/** A descriptor of 0 to 2 that shows what it is. */
function standardFd(moment: Moment): { readonly number: number; readonly shows: string } | undefined {
  const number = moment.fdKind === '' ? -1 : moment.fdNumber;
  return number >= 0 && number <= 2 ? moment.fd : undefined;
}

function duplicate(world: World, moment: Moment): void {
  const { process } = moment;
  if (moment.errno !== 0) return;
  if (moment.name === 'fcntl' && !moment.duplicates) return;
  const { fd } = moment;
  if (fd === undefined) return;
  if (moment.fdKind === 's') world.socketOf(moment);
  const { ret } = moment;
  const socket = process.newSockets.get(fd.number);
  if (socket !== undefined) process.newSockets.set(ret, socket);
  if (process.exeFds.has(fd.number)) process.exeFds.add(ret);
  if (ret >= 0 && ret < 1024 && fd.shows !== '') process.fds.set(ret, fd.shows);
}

function socketMade(_world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const [, name = ''] = FAMILY.exec(moment.text) ?? [];
  moment.process.newSockets.set(moment.ret, { family: name, peer: null, record: null, isAccepted: false });
}

const FAMILY = /^(AF_\w+), /;

function accept(world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const { process, address } = moment;
  const listener = world.socketOf(moment);
  const name = listener?.bound ?? null;
  if (name === null) process.accepted = moment.evidence;
  else {
    world.sockets.unix.accepted(name);
    if (process.unixAccepted.size < UNIX_NAMES_LIMIT || process.unixAccepted.has(name))
      process.unixAccepted.set(name, { by: process, record: moment.evidence });
    else process.accepted = moment.evidence;
  }
  process.container.inStartPhase = false;
  const family = address?.family ?? listener?.family ?? '';
  const peer = address?.ip === undefined || address.port === undefined ? null : { ip: address.ip, port: address.port };
  process.newSockets.set(moment.ret, { family, peer, record: moment.evidence, isAccepted: true });
}

/** Unix sockets of one process at which it accepts. */
const UNIX_NAMES_LIMIT = 16;

function listen(world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const socket = world.socketOf(moment);
  if (socket !== undefined) socket.isListening = true;
  moment.process.listens = moment.evidence;
}

function bind(world: World, moment: Moment): void {
  const socket = world.socketOf(moment);
  const family = moment.address?.family;
  if (socket === undefined || family === undefined) return;
  socket.family = family;
  if (moment.errno === 0) socket.bound = world.unixName(moment);
}

function socketOption(world: World, moment: Moment): void {
  if (moment.errno !== 0 || !moment.text.includes('SO_ERROR')) return;
  const socket = world.socketOf(moment);
  if (socket?.outcome !== 'pending') return;
  const value = Number(/value=(-?\d+)/.exec(moment.text)?.[1] ?? 0);
  world.resolved(socket, outcomeOf(value), moment.process);
}

function close(world: World, moment: Moment): void {
  const { process } = moment;
  if (moment.fdKind === 's') {
    const socket = world.socketOf(moment);
    if (socket !== undefined) world.disconnected(socket, process, moment);
  }
  const fd = moment.fdNumber;
  if (fd >= 0) {
    process.fds.delete(fd);
    process.exeFds.delete(fd);
    process.newSockets.delete(fd);
  }
}

function exec(world: World, moment: Moment): void {
  const { process } = moment;
  const task = world.tasks.get(moment.tid);
  const loaderError = task?.loaderError ?? null;
  if (task !== undefined) task.loaderError = null;
  if (moment.errno === 0) {
    world.execute(moment);
    return;
  }
  if (isRestart(moment.errno)) return;
  const path = execPathOf(moment);
  if (path === undefined) return;
  const { evidence } = moment;
  const isInterpreter = loaderError !== null && !samePath(loaderError.path, path);
  if (isInterpreter || FINAL_FAILURES.has(moment.errno)) {
    const values = { errno: moment.errno, ...(isInterpreter ? { interpreter: loaderError.path } : {}) };
    const records = [evidence, ...(loaderError === null ? [] : [loaderError.record])];
    world.emit('exec-failure', process, values, records, path.startsWith('/') ? { entry: world.paths.of(path) } : {});
  } else if (moment.errno === NO_ENTRY) process.missedExec = { path, errno: moment.errno, record: evidence };
}
/** EACCES, ENOEXEC, EISDIR, ELOOP. */
const FINAL_FAILURES = new Set([13, 8, 21, 40]);
const samePath = (a: string, b: string): boolean => a === b || baseName(a) === baseName(b);

const UNCHANGED = 0xffff_ffff;

function changedUser(_world: World, moment: Moment): void {
  const { process, name } = moment;
  const ids = [1, 2, 3].map((place) => moment.number(place) ?? UNCHANGED);
  const effective = name === 'setuid' ? ids[0] : ids[1];
  const wasRoot = process.uid === 0 || process.regains;
  const keeps = name === 'setreuid' ? ids[0] === UNCHANGED : name === 'setresuid' && ids[2] === UNCHANGED;
  process.regains = wasRoot && keeps;
  if (effective !== undefined && effective < UNCHANGED && effective >= 0) process.uid = effective;
}

function toldUser(_world: World, moment: Moment): void {
  if (moment.errno === 0 && moment.ret >= 0 && moment.ret < 0xffff_ffff) moment.process.uid = moment.ret;
}

function moved(_world: World, moment: Moment): void {
  const { entry, process } = moment;
  if (moment.errno !== 0 || entry === null) return;
  process.cwd = entry.path;
  entry.isDirectory = true;
}

function stood(_world: World, moment: Moment): void {
  const path = /(\/[^,"]*)/.exec(moment.text)?.[1];
  if (moment.errno === 0 && path !== undefined) moment.process.cwd = path.trimEnd();
}

function memfd(_world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const [name] = moment.args;
  moment.process.memfd = moment.evidence;
  moment.process.fds.set(moment.ret, `/memfd:${name?.kind === 'Path' ? (name.path ?? '') : ''}`);
}

function changedMode(_world: World, moment: Moment): void {
  if (moment.entry !== null) moment.process.run.changedModes.add(moment.entry.path);
}

function forkLeft(world: World, moment: Moment): void {
  world.fork(moment, moment.hasWord('CLONE_THREAD'));
}

function forkEntered(world: World, moment: Moment): void {
  if (!moment.hasWord('CLONE_THREAD')) world.processes.forks(moment.tid, moment.process);
}

function exited(world: World, moment: Moment): void {
  const code = (moment.number(1) ?? 0) & 0xff;
  const { process } = moment;
  if (moment.name === 'exit' && (moment.tid !== process.id || process.tasks.size > 1)) return;
  world.end(process, code, moment);
}

const each = (names: readonly string[], handler: Handler): readonly (readonly [string, Handler])[] =>
  names.map((name) => [name, handler]);

const READS = ['read', 'readv', 'recvfrom', 'recvmsg', 'pread64', 'preadv'];
const SENDS = ['write', 'writev', 'sendto', 'sendmsg', 'pwrite64'];

/** Before the rules are asked of a call that came back. */
export const EXIT_BEFORE: ReadonlyMap<string, Handler> = new Map([
  ...each(['open', 'openat', 'creat'], open),
  ...each(READS, read),
  ...each(SENDS, write),
  ...each(['dup', 'dup2', 'dup3', 'fcntl'], duplicate),
  ...each(['socket'], socketMade),
  ...each(['connect'], (world, moment) => world.connect(moment)),
  ...each(['accept', 'accept4'], accept),
  ...each(['listen'], listen),
  ...each(['bind'], bind),
  ...each(['getsockopt'], socketOption),
  ...each(['close'], close),
  ...each(['execve', 'execveat'], exec),
  ...each(['getuid', 'geteuid'], toldUser),
  ...each(['chdir', 'fchdir'], moved),
  ...each(['getcwd'], stood),
  ...each(['memfd_create'], memfd),
  ...each(['clone', 'clone3', 'fork', 'vfork'], forkLeft),
  ...each(['stat', 'lstat', 'newfstatat', 'statx', 'fstat', 'access', 'faccessat', 'faccessat2'], looked),
]);

/** Before they are asked of a call that was entered. */
export const ENTER: ReadonlyMap<string, Handler> = new Map([
  ...each(['clone', 'clone3', 'fork', 'vfork'], forkEntered),
  ...each(['exit', 'exit_group'], exited),
  ...each(['write', 'writev', 'pwrite64'], writesContent),
]);

/** After they were asked of a call that succeeded. */
export const AFTER: ReadonlyMap<string, Handler> = new Map([
  ...each(['open', 'openat', 'creat'], opened),
  ...each(['rename', 'renameat', 'renameat2'], renamed),
  ...each(['link', 'linkat'], linked),
  ...each(['unlink', 'unlinkat'], unlinked),
  ...each(['symlink', 'symlinkat'], linkMade),
  ...each(['mknod', 'mknodat'], madeNode),
  ...each(['chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'fchownat', 'lchown'], changedMode),
  ...each(['execve', 'execveat'], (world, moment) => world.processes.settle(moment.process)),
  ...each(['setuid', 'setreuid', 'setresuid'], changedUser),
  ...each(['mkdir', 'mkdirat'], (_world, moment) => {
    if (moment.entry === null) return;
    moment.entry.isDirectory = true;
    moment.process.run.written.add(moment.entry.path);
  }),
  ...each(['write', 'writev', 'pwrite64'], wroteFile),
  ...each(['sendfile', 'copy_file_range'], copiedFile),
  ...each(['chroot'], (_world, moment) => {
    moment.process.chroots++;
  }),
]);
