/** Sockets and pipes of a sandbox, by the numbers that records print: which lead to the network, and who feeds whom. */
import type { Evidence } from '../model/finding.js';
import type { Origin } from './paths.js';
import type { Peer } from './processes.js';
import { UnixSockets } from './unix-sockets.js';

export type Outcome = 'established' | 'pending' | 'refused' | 'unreachable' | 'timeout' | 'failed';

export type SocketEntry = {
  readonly number: number;
  /** Null: not known. */
  family: string | null;
  peer: Peer | null;
  outcome: Outcome | null;
  /** The process that connected it, and when. */
  connectedBy: number;
  connectedAt: number;
  isListening: boolean;
  /** Of AF_UNIX the name that it was bound to. */
  bound: string | null;
  /** The record that connected or accepted it. */
  record: Evidence | null;
};

export type Pipe = {
  /** What was written into it came from there. */
  origin: Origin | null;
  writer: string;
  record: Evidence | null;
};

const LIMIT = 16_384;

export class SocketTable {
  readonly #sockets = new Map<number, SocketEntry>();
  readonly #pipes = new Map<number, Pipe>();
  /** Those of AF_UNIX by what they are bound to. */
  readonly unix = new UnixSockets();
  #forgotten = 0;

  get forgotten(): number {
    return this.#forgotten + this.unix.forgotten;
  }

  of(number: number): SocketEntry {
    let found = this.#sockets.get(number);
    if (found === undefined) {
      if (this.#sockets.size >= LIMIT) this.#drop(this.#sockets);
      found = {
        number,
        family: null,
        peer: null,
        outcome: null,
        connectedBy: -1,
        connectedAt: 0,
        isListening: false,
        bound: null,
        record: null,
      };
      this.#sockets.set(number, found);
    }
    return found;
  }

  get(number: number): SocketEntry | undefined {
    return this.#sockets.get(number);
  }

  pipe(number: number): Pipe | undefined {
    return this.#pipes.get(number);
  }

  feed(number: number, origin: Origin, writer: string, record: Evidence): void {
    const known = this.#pipes.get(number);
    if (known !== undefined && known.origin !== null) return;
    if (this.#pipes.size >= LIMIT) this.#drop(this.#pipes);
    this.#pipes.set(number, { origin, writer, record });
  }

  /** The oldest half. */
  #drop(table: Map<number, unknown>): void {
    let left = table.size / 2;
    for (const number of table.keys()) {
      if (left-- <= 0) return;
      table.delete(number);
      this.#forgotten++;
    }
  }
}

/** Does the family lead out of the sandbox? */
export const isNetwork = (entry: SocketEntry | undefined): boolean =>
  entry !== undefined && (entry.family === 'AF_INET' || entry.family === 'AF_INET6');

/** `::ffff:7f00:1` is 127.0.0.1. */
export function addressOf(printed: string): string {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(printed);
  if (mapped !== null) {
    const bits = Number.parseInt(mapped[1] as string, 16) * 65_536 + Number.parseInt(mapped[2] as string, 16);
    return [24, 16, 8, 0].map((shift) => (Math.floor(bits / 2 ** shift) % 256).toString()).join('.');
  }
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(printed)?.[1] ?? printed.toLowerCase();
}

const IN_PROGRESS = 115;
const REFUSED = 111;
const TIMED_OUT = 110;
const UNREACHABLE = new Set([101, 113]);

/** What the error of a connect says of the connection. */
export const outcomeOf = (errno: number): Outcome => {
  if (errno === 0) return 'established';
  if (errno === IN_PROGRESS) return 'pending';
  if (errno === REFUSED) return 'refused';
  if (errno === TIMED_OUT) return 'timeout';
  return UNREACHABLE.has(errno) ? 'unreachable' : 'failed';
};
