/** Sockets of a sandbox by the number that runsc gives them. */
import { errnoName } from '../../grammars/errno.js';
import type { Argument } from '../events/arguments.js';
import type { FileNames } from '../model/analyzer.js';
import type { SourceName } from '../model/units.js';
import type { Act } from './call-plans.js';

/** Sockets that are kept of a source; the others are one row. */
const SOCKETS_LIMIT = 20_000;

export type SocketUsage = {
  readonly source: SourceName;
  readonly socket: string;
  family: string | null;
  type: string | null;
  local: string | null;
  peer: string | null;
  calls: number;
  errors: number;
  connects: number;
  readonly connect_errors: Record<string, number>;
  accepted: number;
  bytes_in: number;
  bytes_out: number;
};

/** What is known of a socket before a record prints which one it is. */
export type SocketOrigin = {
  readonly family: string | null;
  readonly type: string | null;
  readonly peer: string | null;
};

/** Origins by descriptor. Most processes have none, and a map of its own would be the larger part of what is kept of one. */
export class Origins {
  #byDescriptor: Map<number, SocketOrigin> | undefined;

  get size(): number {
    return this.#byDescriptor?.size ?? 0;
  }

  get(fd: number): SocketOrigin | undefined {
    return this.#byDescriptor?.get(fd);
  }

  set(fd: number, origin: SocketOrigin): void {
    (this.#byDescriptor ??= new Map()).set(fd, origin);
  }

  delete(fd: number): void {
    this.#byDescriptor?.delete(fd);
  }

  copy(): Origins {
    const copy = new Origins();
    copy.inherit(this);
    return copy;
  }

  /** Takes those of another process for descriptors that it has none for. */
  inherit(from: Origins): void {
    for (const [fd, origin] of from.#byDescriptor ?? []) if (this.get(fd) === undefined) this.set(fd, origin);
  }
}

/** A call as far as sockets are concerned; `errno` 0: it succeeded. */
export type SocketCall = {
  readonly name: string;
  readonly act: Act | null;
  readonly errno: number;
  readonly isError: boolean;
  readonly ret: number;
};

const EINPROGRESS = 115;
const SOCKET = /^socket:\[\d+\]$/;

/** The socket that is printed beside a descriptor; undefined for what else is. */
export function socketOf(printed: string | undefined): string | undefined {
  return printed !== undefined && SOCKET.test(printed) ? printed : undefined;
}

export class SocketTable {
  readonly #rows = new Map<string, SocketUsage>();

  /** Sockets with a connect under way (EINPROGRESS): what SO_ERROR says next is its result. */
  readonly #connecting = new Set<SocketUsage>();

  /** Those that the bulk reader has numbers for; null: it is no socket. */
  readonly #numbered = new Map<number, SocketUsage | null>();
  #generation = -1;

  constructor(readonly source: SourceName) {}

  /** The socket under whose number the bulk reader knows a printed text; null where it is none. */
  numbered(number: number, names: FileNames): SocketUsage | null {
    if (this.#generation !== names.generation) {
      this.#generation = names.generation;
      this.#numbered.clear();
    }
    let usage = this.#numbered.get(number);
    if (usage === undefined) {
      const id = socketOf(names.textOf(number));
      this.#numbered.set(number, (usage = id === undefined ? null : this.get(id)));
    }
    return usage;
  }

  /** A call with its arguments, and the descriptors of its process whose socket is not known yet. */
  see(call: SocketCall, args: readonly Argument[], descriptors: Origins): void {
    const { name, act, errno, isError, ret } = call;
    const isDone = errno === 0;
    if (act === 'socket' && isDone) {
      const type = args[1]?.kind === 'SockType' ? (args[1].flags[0] ?? null) : null;
      const family = args[0] !== undefined && 'name' in args[0] ? (args[0].name ?? null) : null;
      descriptors.set(ret, { family, type, peer: null });
      return;
    }
    const counted = new Set<string>();
    const see = (fd: number, printed: string | undefined): void => {
      const id = socketOf(printed);
      if (id === undefined) return;
      const usage = this.get(id);
      const origin = descriptors.get(fd);
      if (origin !== undefined) {
        usage.family ??= origin.family;
        usage.type ??= origin.type;
        usage.peer ??= origin.peer;
        descriptors.delete(fd);
      }
      if (counted.has(id)) return;
      counted.add(id);
      usage.calls++;
      if (isError) usage.errors++;
    };
    for (const arg of args) {
      if (arg.kind === 'FD') see(arg.fd, arg.path);
      else if (arg.kind === 'PollFDs') for (const poll of arg.polls ?? []) see(poll.fd, poll.path);
    }
    const first = args[0];
    const id = first?.kind === 'FD' ? socketOf(first.path) : undefined;
    if (id === undefined || first?.kind !== 'FD') return;
    const usage = this.get(id);
    const address = addressAmong(args);
    switch (act) {
      case 'bind':
      case 'getsockname':
        if (address !== undefined) usage.local = address;
        break;
      case 'connect':
        usage.connects++;
        if (address !== undefined) usage.peer = address;
        if (errno === EINPROGRESS) this.#connecting.add(usage);
        else this.#connecting.delete(usage);
        if (isError && errno !== EINPROGRESS) countError(usage, errno);
        break;
      case 'getpeername':
        if (address !== undefined) usage.peer = address;
        break;
      case 'accept':
        if (!isDone) break;
        usage.accepted++;
        descriptors.set(ret, { family: usage.family, type: usage.type, peer: address ?? null });
        break;
      case 'getsockopt': {
        if (!isDone || !isSocketError(args) || !this.#connecting.delete(usage)) break;
        const value = args.find((arg) => arg.kind === 'GetSockOptVal');
        const failed = value?.kind === 'GetSockOptVal' ? Number(value.value ?? 0) : 0;
        if (failed !== 0) countError(usage, failed);
        break;
      }
      case 'read':
      case 'receive':
        if (isDone && (name === 'read' || name === 'readv' || act === 'receive')) usage.bytes_in += ret;
        break;
      case 'write':
      case 'send':
        if (isDone && (name === 'write' || name === 'writev' || act === 'send')) usage.bytes_out += ret;
    }
  }

  get(id: string): SocketUsage {
    const socket = this.#rows.has(id) || this.#rows.size < SOCKETS_LIMIT ? id : 'others';
    const known = this.#rows.get(socket);
    if (known !== undefined) return known;
    const row: SocketUsage = {
      source: this.source,
      socket,
      family: null,
      type: null,
      local: null,
      peer: null,
      calls: 0,
      errors: 0,
      connects: 0,
      connect_errors: {},
      accepted: 0,
      bytes_in: 0,
      bytes_out: 0,
    };
    this.#rows.set(socket, row);
    return row;
  }

  rows(): readonly SocketUsage[] {
    return [...this.#rows.values()];
  }
}

const ANY: Readonly<Record<string, string>> = { AF_INET: '0.0.0.0', AF_INET6: '::' };

/** The first address of a call. */
function addressAmong(args: readonly Argument[]): string | undefined {
  for (const arg of args) {
    const address = addressOf(arg);
    if (address !== undefined) return address;
  }
  return undefined;
}

/** An address as people write it; undefined where the argument is none, or of a family without names. */
function addressOf(arg: Argument): string | undefined {
  if (arg.kind !== 'SockAddr' && arg.kind !== 'PostSockAddr') return undefined;
  const { family, addr, port, path } = arg;
  // a client has no name, and is asked for it all the same
  if (family === 'AF_UNIX') return path === '' ? undefined : path;
  if (family !== 'AF_INET' && family !== 'AF_INET6') return undefined;
  const host = addr === undefined || addr === '' ? (ANY[family] ?? '') : addr;
  return family === 'AF_INET6' ? `[${host}]:${port}` : `${host}:${port}`;
}

function isSocketError(args: readonly Argument[]): boolean {
  const [, level, option] = args;
  return level?.raw === 'SOL_SOCKET' && option?.raw === 'SO_ERROR';
}

function countError(usage: SocketUsage, errno: number): void {
  const name = errnoName(errno);
  usage.connect_errors[name] = (usage.connect_errors[name] ?? 0) + 1;
}
