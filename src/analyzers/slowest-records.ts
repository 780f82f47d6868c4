/** The slowest calls as records, with their places: what stands behind the numbers. Sees each call as an event. */
import { errnoName } from '../../grammars/errno.js';
import { FUTEX_WAITS, LOCK_WAITS } from '../knowledge/waiting-calls.js';
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent, NativeSyscallEvent, SyscallExit } from '../model/event.js';
import type { ShownRecord, ShownRecords } from '../model/report.js';
import type { SourceName } from '../model/units.js';
import { sortOf } from './waiting.js';

type Call = SyscallExit | NativeSyscallEvent;

/** So much of a record is kept; the log has the rest. */
const MOST_TEXT = 8192;

/** A read from a pipe, a socket, what the host hands in, or something that tells of events. */
const READS_WAITED_FOR =
  /^(?:0x[0-9a-f]+ (?:pipe|socket|host|anon_inode):|\d+<(?:pipe|socket|anon_inode|TCP|UDP|UNIX)[^>]*>)/;

function waits({ kind, name, args }: Call): boolean {
  const sort = sortOf(name, 'call');
  switch (sort) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'native':
      return kind === 'native-syscall';
    case 'reading':
    case 'reading-events':
      return READS_WAITED_FOR.test(args);
    case 'futex':
      return FUTEX_WAITS.test(args) || /^0x[0-9a-f]+, FUTEX_(?:WAIT|LOCK_PI)/.test(args);
    case 'flock':
    case 'fcntl':
      return LOCK_WAITS.get(sort)?.test(args) === true;
  }
}

/** What a call came back with; undefined for records that are none. */
function returned(event: LogEvent): Call | undefined {
  if (event.repeated === true) return undefined;
  if (event.kind === 'syscall-exit') return event;
  return event.kind === 'native-syscall' && event.ret !== null && event.ret !== '?' ? event : undefined;
}

function recordOf(event: Call): ShownRecord {
  const { source, line, time, message, name, args, task, ret, errno, duration_ns } = event;
  const result = errno === null || errno === 0 ? ret : `${ret} ${errnoName(errno)}`;
  return {
    source,
    line,
    time: time ?? ('clock' in event ? (event.clock ?? null) : null),
    text: message.slice(0, MOST_TEXT),
    call: `${name}(${args}) = ${result}`.slice(0, MOST_TEXT),
    syscall: name,
    tgid: task.tgid,
    tid: task.tid,
    comm: 'comm' in event ? event.comm : null,
    duration_ns,
    errno: errno === null || errno === 0 ? null : errnoName(errno),
  };
}

/** The records that took longest: a heap with the least of them on top. Equals stay in the order of the log. */
class Longest {
  readonly #heap: { readonly record: ShownRecord; readonly order: number }[] = [];
  #order = 0;

  constructor(readonly limit: number) {}

  offer(event: Call): void {
    const order = this.#order++;
    const time = event.duration_ns ?? 0;
    const [least] = this.#heap;
    if (this.#heap.length >= this.limit && least !== undefined && time <= (least.record.duration_ns ?? 0)) return;
    if (this.#heap.length >= this.limit) this.#replaceTop({ record: recordOf(event), order });
    else this.#push({ record: recordOf(event), order });
  }

  sorted(): readonly ShownRecord[] {
    return this.#heap
      .toSorted((a, b) => (b.record.duration_ns ?? 0) - (a.record.duration_ns ?? 0) || a.order - b.order)
      .map(({ record }) => record);
  }

  #isLess(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    const [left, right] = [one.record.duration_ns ?? 0, other.record.duration_ns ?? 0];
    return left < right || (left === right && one.order > other.order);
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap as { record: ShownRecord; order: number }[];
    [heap[a], heap[b]] = [heap[b] as (typeof heap)[0], heap[a] as (typeof heap)[0]];
  }

  #push(entry: { record: ShownRecord; order: number }): void {
    this.#heap.push(entry);
    for (let at = this.#heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isLess(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #replaceTop(entry: { record: ShownRecord; order: number }): void {
    this.#heap[0] = entry;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (this.#isLess(left, least)) least = left;
      if (this.#isLess(right, least)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }
}

/**
 * An analyzer, and the function that shows it each call: the pipeline asks that of every call that counts, and begins anew
 * with `start` where a source has to be read again. `isFiltered`: waiting calls count, too, since they were asked for.
 */
export function slowestRecords(
  limit: number,
  isFiltered: boolean,
): { readonly analyzer: Analyzer<ShownRecords>; readonly see: (event: LogEvent) => void } {
  const bySource = new Map<SourceName, { longest: Longest; calls: number; total: number }>();
  return {
    see(event) {
      const call = returned(event);
      if (call === undefined || (!isFiltered && waits(call))) return;
      let own = bySource.get(call.source);
      if (own === undefined) bySource.set(call.source, (own = { longest: new Longest(limit), calls: 0, total: 0 }));
      own.calls++;
      own.total += call.duration_ns ?? 0;
      own.longest.offer(call);
    },
    analyzer: {
      name: 'slowest-records',
      reads: [],
      start(): Fold<ShownRecords> {
        bySource.clear();
        return {
          see() {},
          finish(repeats) {
            const counted = [...bySource].filter(([source]) => !repeats.has(source)).map(([, own]) => own);
            const records = counted
              .flatMap(({ longest }) => longest.sorted())
              .toSorted((a, b) => (b.duration_ns ?? 0) - (a.duration_ns ?? 0))
              .slice(0, limit);
            return {
              of: isFiltered ? 'matching' : 'working',
              calls: counted.reduce((sum, { calls }) => sum + calls, 0),
              total_ns: counted.reduce((sum, { total }) => sum + total, 0),
              records,
            };
          },
        };
      },
    },
  };
}
