/** Reads a partial document that came from anywhere: its shape, and whether its numbers add up. */
import { BINS } from '../analyzers/syscall-usage.js';
import { SPANS_LIMIT } from '../analyzers/seconds.js';
import { THREADS_LIMIT } from '../analyzers/threads.js';
import { KINDS } from '../model/event.js';
import { PARTIAL_SCHEMA, type PartialBins, type PartialReport } from '../model/partial.js';
import { FORMATS } from '../model/reading.js';
import {
  count,
  fields,
  id,
  list,
  mapOf,
  nullable,
  oneOf,
  powerOfTwo,
  ShapeFault,
  sum,
  text,
  tuple,
  upTo,
  word,
  type Reader,
} from './shape.js';

/** What both tracers call a call; no kernel has nearly so many. */
const syscall = word(/^[A-Za-z0-9_]{1,64}$/, 'name of a syscall');
export const MOST_SYSCALLS = 2048;

const digest = word(/^[0-9a-f]{64}$/, 'SHA-256 digest');
const errnoName = word(/^(?:E[A-Z0-9_]{1,32}|errno \d{1,10})$/, 'name of an error');
/** Releases, dialects, reasons: words of our own, never of a log's choice. */
const plain = word(/^[\w.+~: -]{1,64}$/, 'plain word');

/** Errors by number; restarts are counted apart. */
const errno = upTo(0xffffffff);

const bins: Reader<PartialBins> = (value) => {
  const pairs = list(tuple(upTo(BINS - 1), count), BINS)(value);
  for (let index = 1; index < pairs.length; index++)
    if ((pairs[index]?.[0] ?? 0) <= (pairs[index - 1]?.[0] ?? 0)) throw new ShapeFault('is not in ascending order');
  return pairs;
};

const exit = nullable((value) => {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'signal'))
    return fields({ signal: word(/^(?:SIG[A-Z0-9+]{1,16}|signal \d{1,10})$/, 'signal') })(value);
  return fields({ status: upTo(255) })(value);
});

const log = fields(
  {
    source: text,
    digest,
    runtime: nullable(fields({ release: plain, architecture: oneOf('amd64', 'arm64') })),
    format: oneOf(...FORMATS),
    dialect: nullable(plain),
    compression: oneOf('none', 'gzip', 'zstd', 'xz'),
    bytes: count,
    lines: count,
    records: count,
    events: mapOf(oneOf(...KINDS), count),
    unread: mapOf(plain, count),
    forged: count,
    truncated: count,
    repeated: count,
    year: nullable(fields({ value: upTo(9999), from: oneOf('record', 'file-name', 'file-time', 'now') })),
  },
  { repeats: digest },
);

const row = { calls: count, errors: count, total_ns: sum };
const counts = {
  ...row,
  waiting_ns: sum,
  work: list(tuple(syscall, sum, count), MOST_SYSCALLS),
};
const file = {
  ...row,
  opens: count,
  open_errors: count,
  bytes_read: sum,
  bytes_written: sum,
  max_ns: sum,
  slowest: nullable(text),
};
const socket = { calls: count, errors: count, connects: count, accepted: count, bytes_in: sum, bytes_out: sum };
const other = oneOf(true);

const document = fields(
  {
    schema: oneOf(PARTIAL_SCHEMA),
    partials: count,
    filter: nullable(mapOf(oneOf('where', 'since', 'until', 'pid', 'comm', 'syscall', 'errno'), text)),
    logs: list(log),
    skipped: list(fields({ source: text, partial: text, same_as: text })),
    syscalls: list(
      fields({
        name: syscall,
        calls: count,
        errors: count,
        restarts: count,
        unfinished: count,
        errnos: list(tuple(errno, count), 4096),
        total_ns: sum,
        min_ns: nullable(sum),
        max_ns: sum,
        bins,
        waiting: fields({ calls: count, total_ns: sum, bins }),
        log_bytes: count,
      }),
      MOST_SYSCALLS,
    ),
    processes: list(
      fields(
        {
          log: count,
          tgid: nullable(id),
          parent: nullable(id),
          program: nullable(text),
          argv: nullable(list(text)),
          exit,
          threads: count,
          ...row,
          waiting_ns: sum,
        },
        { tid: id },
      ),
    ),
    sockets: list(
      fields({
        log: count,
        socket: text,
        family: nullable(text),
        type: nullable(text),
        local: nullable(text),
        peer: nullable(text),
        connect_errors: mapOf(errnoName, count),
        ...socket,
      }),
    ),
    other_processes: nullable(fields({ other, processes: count, threads: count, ...row, waiting_ns: sum })),
    other_sockets: nullable(fields({ other, sockets: count, ...socket })),
    files: fields({
      rows: list(fields({ path: text, ...file })),
      other: nullable(fields(file)),
      bound_ns: nullable(sum),
    }),
    failures: list(fields({ errno, paths: list(tuple(text, count)), other: count }), 4096),
  },
  {
    threads: fields({
      rows: list(fields({ log: count, tgid: nullable(id), tid: id, ...counts }), THREADS_LIMIT),
      other: nullable(fields({ ...row, waiting_ns: sum })),
    }),
    containers: list(fields({ log: count, container: nullable(text), processes: list(id) })),
    seconds: fields({
      // 2^30 seconds are 34 years
      width: powerOfTwo(30),
      timeless: count,
      spans: list(fields({ at: upTo(2 ** 40), ...counts }), SPANS_LIMIT),
    }),
    unfiltered: fields({
      calls: count,
      syscalls: list(tuple(syscall, count), 4096),
      errnos: list(tuple(errnoName, count), 4096),
    }),
  },
) satisfies Reader<PartialReport>;

/** The document, as far as this version knows it. Throws a ShapeFault. */
export function checkedPartial(value: unknown): PartialReport {
  const partial: PartialReport = document(value);
  const known = new Set<string>();
  for (const { name, calls, errors, restarts, errnos, bins: all, waiting } of partial.syscalls) {
    const timed = totalOf(all);
    const isSound =
      !known.has(name) &&
      errors + restarts <= calls &&
      totalOf(errnos) === errors &&
      timed <= calls &&
      waiting.calls <= calls &&
      isPartOf(waiting.bins, all);
    if (!isSound) throw new ShapeFault(`holds numbers of ${name} that do not add up`);
    known.add(name);
  }
  const names = (all: readonly { readonly work: readonly (readonly [string, number, number])[] }[]): boolean =>
    all.every(({ work }) => work.every(([name]) => known.has(name)));
  if (!names(partial.threads?.rows ?? []) || !names(partial.seconds?.spans ?? []))
    throw new ShapeFault('holds times of a syscall that it does not count');
  const logs = [partial.processes, partial.sockets, partial.threads?.rows ?? [], partial.containers ?? []].flat();
  if (logs.some(({ log: number }) => number >= partial.logs.length))
    throw new ShapeFault('holds rows of a log that it does not list');
  return partial;
}

function totalOf(pairs: readonly (readonly [number, number])[]): number {
  return pairs.reduce((total, [, calls]) => total + calls, 0);
}

function isPartOf(part: PartialBins, whole: PartialBins): boolean {
  const calls = new Map(whole);
  return part.every(([bin, some]) => some <= (calls.get(bin) ?? 0));
}
