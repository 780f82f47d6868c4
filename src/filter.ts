/** Which records a command is about: `--where` and its shorthands, as one condition. */
import { addMilliseconds } from 'date-fns/addMilliseconds';
import { isValid } from 'date-fns/isValid';
import { parseISO } from 'date-fns/parseISO';
import { UserError } from './errors.js';
import { ArgumentReader } from './events/arguments-of.js';
import { compileCondition, ExpressionError, type Condition } from './expressions/compile.js';
import type { LogEvent } from './model/event.js';
import { nearest } from './nearest.js';

export type FilterOptions = {
  readonly where?: string;
  /** `2026-11-23T22:01`, `22:01:30`, or `+30s` after the first record. */
  readonly since?: string;
  readonly until?: string;
  readonly pid?: number;
  readonly comm?: string;
  readonly syscall?: string;
  readonly errno?: string;
};

/** A condition that counts what it was asked and what it let pass. */
export type Filter = {
  readonly passes: Condition;
  readonly seen: number;
  readonly passed: number;
  /** Times of the first record and of the last one that have any. */
  readonly times: { readonly first: string | null; readonly last: string | null };
  /** Where a process or a name is asked for: those that there are, with their records, in the order in which they were met. */
  readonly present: { readonly what: string; readonly records: ReadonlyMap<string, number> } | null;
};

/** Processes or names that are counted for the note of a filter that nothing fits. */
const PRESENT_LIMIT = 10_000;
const SHOWN_PRESENT = 8;

/** The filter that the options ask for; undefined where they ask for none. Throws a UserError that shows the place. */
export async function filterOf(options: FilterOptions): Promise<Filter | undefined> {
  const quoted = (text: string): string => JSON.stringify(text);
  const listed = (field: string, text: string): string =>
    `${field} in (${text
      .split(',')
      .map((one) => quoted(one.trim()))
      .join(', ')})`;
  const conditions = [
    ...(options.where === undefined ? [] : [options.where]),
    ...(options.pid === undefined ? [] : [`pid == ${options.pid}`]),
    ...(options.comm === undefined ? [] : [`comm == ${quoted(options.comm)}`]),
    ...(options.syscall === undefined ? [] : [listed('syscall', options.syscall)]),
    ...(options.errno === undefined ? [] : [listed('errno', options.errno)]),
  ];
  const limits = [
    ...(options.since === undefined ? [] : [timeTest('--since', options.since, (time, limit) => time >= limit)]),
    ...(options.until === undefined ? [] : [timeTest('--until', options.until, (time, limit) => time < limit)]),
  ];
  if (conditions.length === 0 && limits.length === 0) return undefined;
  const reader = new ArgumentReader();
  // paths need the banner of the log, which tells its release
  const learn = (event: LogEvent): void => {
    if (event.kind === 'banner') reader.of(event);
  };
  const tests: Condition[] = [...limits];
  const times: { first: string | null; last: string | null } = { first: null, last: null };
  for (const condition of conditions) tests.push(await compiled(condition, reader));
  const asked = options.pid === undefined ? (options.comm === undefined ? undefined : 'names') : 'processes';
  const records = new Map<string, number>();
  const count = (event: LogEvent): void => {
    if (!('task' in event) || event.task === undefined) return;
    const key = asked === 'names' ? ('comm' in event ? event.comm : undefined) : (event.task.tgid ?? event.task.tid);
    if (key === undefined || key === null) return;
    const known = records.get(String(key));
    if (known !== undefined || records.size < PRESENT_LIMIT) records.set(String(key), (known ?? 0) + 1);
  };
  const filter = {
    seen: 0,
    passed: 0,
    times,
    present: asked === undefined ? null : { what: asked, records },
    passes(event: LogEvent): boolean {
      learn(event);
      filter.seen++;
      if (event.time !== null) {
        times.first ??= event.time;
        times.last = event.time;
      }
      const passes = tests.every((test) => test(event));
      // what is there is of use only where nothing fits
      if (asked !== undefined && filter.passed === 0) count(event);
      if (passes) filter.passed++;
      return passes;
    },
  };
  return filter;
}

/** That a filter lets nothing pass, of how many, and what there is: an empty answer could mean an empty log. */
export function unfitNote({ passed, seen, times: { first, last }, present }: Filter): string | undefined {
  if (passed > 0 || seen === 0) return undefined;
  const span = first === null ? '' : `, from ${first} to ${last}`;
  const most = [...(present?.records ?? [])].toSorted((a, b) => b[1] - a[1]);
  const listed = most.slice(0, SHOWN_PRESENT).map(([name, records]) => `${name} (${records})`);
  const there =
    listed.length === 0
      ? ''
      : `; ${present?.what} with most records: ${listed.join(', ')}${most.length > listed.length ? ', ...' : ''}`;
  return `no record fits the filter; ${seen} were looked at${span}${there}`;
}

async function compiled(condition: string, reader: ArgumentReader): Promise<Condition> {
  try {
    return await compileCondition(condition, (event) => pathsOf(event, reader), nearest);
  } catch (error) {
    if (error instanceof ExpressionError) throw new UserError(`${error.message}\n${error.text}`);
    throw error;
  }
}

/** The paths that a call names, and those beside its descriptors. */
function pathsOf(event: LogEvent, reader: ArgumentReader): readonly string[] {
  return (reader.of(event).arguments ?? []).flatMap((arg) => {
    if (arg.kind === 'PollFDs') return (arg.polls ?? []).flatMap(({ path }) => path ?? []);
    return 'path' in arg && typeof arg.path === 'string' ? [arg.path] : [];
  });
}

const CLOCK = /^\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?$/;
/** A clock that there is; a leap second is one. */
const REAL_CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?$/;
const AFTER = /^\+(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const MILLIS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Compares the time of a record with a limit: a date and time, a time of day, or so long after the first record. */
function timeTest(flag: string, text: string, test: (time: string, limit: string) => boolean): Condition {
  if (CLOCK.test(text) && REAL_CLOCK.test(text))
    return ({ time }) => time !== null && test(time.slice(11, 11 + text.length), text);
  const [, amount, unit = ''] = AFTER.exec(text) ?? [];
  if (amount !== undefined) {
    let limit: string | undefined;
    return ({ time }) => {
      if (time === null) return false;
      limit ??= later(time, Number(amount) * (MILLIS[unit] ?? 0));
      return test(time.slice(0, limit.length), limit);
    };
  }
  if (!isValid(parseISO(text))) {
    throw new UserError(`${flag} ${text} is no time`, {
      suggestions: [
        'a date and time: 2026-11-23T22:01:30',
        'a time of day: 22:01:30',
        'after the first record: +30s, +5m',
      ],
    });
  }
  return ({ time }) => time !== null && test(time.slice(0, text.length), text);
}

/** A time as the log prints it, so much later. */
function later(time: string, millis: number): string {
  const zone = /(?:Z|[+-]\d{2}:\d{2})$/.exec(time)?.[0] ?? '';
  const local = time.slice(0, time.length - zone.length);
  return addMilliseconds(new Date(`${local.slice(0, 23)}Z`), millis)
    .toISOString()
    .slice(0, 23);
}
