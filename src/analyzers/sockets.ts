/** Sockets of a sandbox by the number that runsc gives them. */
import type { SourceName } from '../model/units.js';

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

export class SocketTable {
  readonly #rows = new Map<string, SocketUsage>();

  /** Sockets with a connect under way (EINPROGRESS): what SO_ERROR says next is its result. */
  readonly connecting = new Set<SocketUsage>();

  constructor(readonly source: SourceName) {}

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
