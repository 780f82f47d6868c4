/** Unix sockets by the names that they are bound to, and who connected to each: programs of a sandbox that talk to each other serve nobody. */
import { isBelow, type Process } from './processes.js';

/** For whom a process works: `network` for whoever connects from outside, `local` for other programs of its sandbox. */
export type Service = 'network' | 'local';

type Bound = {
  readonly clients: Set<Process>;
  connects: number;
  accepts: number;
  /** More connected than are remembered. */
  isCrowded: boolean;
};

const NAMES_LIMIT = 1024;
const CLIENTS_LIMIT = 64;
/** A server behind a server behind a server. */
const HOPS_LIMIT = 4;
const ANCESTORS_LIMIT = 32;

export class UnixSockets {
  readonly #bound = new Map<string, Bound>();
  forgotten = 0;

  connected(name: string, client: Process): void {
    const bound = this.#of(name);
    bound.connects++;
    if (bound.clients.size < CLIENTS_LIMIT) bound.clients.add(client);
    else if (!bound.clients.has(client)) bound.isCrowded = true;
  }

  accepted(name: string): void {
    this.#of(name).accepts++;
  }

  #of(name: string): Bound {
    let bound = this.#bound.get(name);
    if (bound !== undefined) return bound;
    if (this.#bound.size >= NAMES_LIMIT) {
      this.forgotten += this.#bound.size;
      this.#bound.clear();
    }
    bound = { clients: new Set(), connects: 0, accepts: 0, isCrowded: false };
    this.#bound.set(name, bound);
    return bound;
  }

  /**
   * For whom a process works that listens. What it accepts from itself, its children and those it comes of is its own affair; what a
   * server of the network hands over, and what nobody of this log sent, comes from outside.
   */
  serviceOf(process: Process, hops = 0): Service | undefined {
    if (process.listens === null) return undefined;
    if (process.accepted !== null) return 'network';
    let service: Service | undefined;
    for (const [name, { by }] of process.unixAccepted) {
      const one = this.#serviceBy(name, by, hops);
      if (one === 'network') return one;
      service ??= one;
    }
    return service;
  }

  #serviceBy(name: string, by: Process, hops: number): Service | undefined {
    const bound = this.#bound.get(name);
    if (bound === undefined || bound.isCrowded || bound.accepts > bound.connects) return 'network';
    let service: Service | undefined;
    for (const client of bound.clients) {
      if (this.#isFed(client, by, hops)) return 'network';
      if (!isKin(client, by)) service = 'local';
    }
    return service;
  }

  /** Does a client, or one that it comes of, hand on what came over the network? */
  #isFed(client: Process, by: Process, hops: number): boolean {
    if (hops >= HOPS_LIMIT) return true;
    let at: Process | null = client;
    for (let up = 0; at !== null && up < ANCESTORS_LIMIT; up++, at = at.parent)
      if (at !== by && this.serviceOf(at, hops + 1) === 'network') return true;
    return false;
  }
}

/** One process, one of its line, or a sibling that runs the same. */
function isKin(client: Process, server: Process): boolean {
  if (client === server || isBelow(client, server) || isBelow(server, client)) return true;
  const [one, other] = [client.run.program, server.run.program];
  return (
    client.parent !== null && client.parent === server.parent && one.exe === other.exe && one.script === other.script
  );
}
