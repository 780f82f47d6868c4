/**
 * Rows of the bulk reader as the JSON of their events, without an event: a quarter of the time that an event and its JSON take.
 * What it writes is, byte for byte, what formats/events.ts writes of the same record (test/events/row-json.test.ts).
 */
import { errnoName } from '../../grammars/errno.js';
import type { Batch, RowPlace } from '../model/analyzer.js';
import type { LineBytes } from './line-bytes.js';

const LEVELS: Readonly<Record<number, string>> = { 68: '"debug"', 73: '"info"', 87: '"warning"' };
const CLOSE_BRACKET = 93;
const SPACE = 32;
/** `D1123 22:49:16.123456`: where the day, the clock and the pid's padding begin. */
const DAY = 1;
const CLOCK = 6;
const PID = 21;

/** Writes the rows of one source. */
export class RowWriter {
  readonly #source: string;
  readonly #quote: (text: string) => string;
  /** What stands between the clock and the message, by its text. */
  readonly #heads = new Map<string, string>();
  /** Names of tasks as JSON. */
  readonly #comms = new Map<string, string>();

  /** `quote` makes JSON of a text. */
  constructor(source: string, quote: (text: string) => string) {
    this.#quote = quote;
    this.#source = quote(source);
  }

  /** Adds a line of JSON for each row. */
  write(batch: Batch, { block, starts, offset, line, lines, dateOf }: RowPlace, into: LineBytes): void {
    const { texts } = batch;
    if (texts === null) return;
    let day = '';
    let date = '';
    for (let row = 0; row < batch.count; row++) {
      const start = starts[row] as number;
      const bytes = batch.bytes[row] as number;
      let message = start + PID + 2;
      while (block[message] !== CLOSE_BRACKET) message++;
      const head = this.#head(block.toString('latin1', start + PID, message));
      message += 2;
      const today = block.toString('latin1', start + DAY, start + CLOCK - 1);
      if (today !== day) {
        day = today;
        date = dateOf(day);
      }
      const isExit = batch.isExit[row] === 1;
      const name = batch.names[batch.name[row] as number] as string;
      const from = texts.from[row] as number;
      const to = texts.to[row] as number;
      // ` X openat(`
      const call = from - name.length - 4;
      let comm = message;
      while (block[comm] !== CLOSE_BRACKET) comm++;
      const text = block.toString('utf8', message, start + bytes - 1);
      const quoted = ESCAPED.test(text) ? this.#quote(text) : `"${text}"`;
      // Where nothing is escaped and all is ASCII but for a `µ` behind the arguments, these are a piece of the message.
      const beyond = start + bytes - 1 - message - text.length;
      const isPlain = quoted.length === text.length + 2 && (beyond === 0 || (beyond === 1 && isExit && isMicro(text)));
      const args = isPlain
        ? `"${text.slice(from - message, to - message)}"`
        : this.#quote(block.toString('utf8', from, to));
      into.add(
        `{"kind":"${isExit ? 'syscall-exit' : 'syscall-enter'}","source":${this.#source},"line":${line + (lines[row] as number)}` +
          `,"offset":${offset + start},"bytes":${bytes},"time":"${date}T${block.toString('latin1', start + CLOCK, start + PID)}"` +
          `,"level":${LEVELS[block[start] as number] ?? 'null'}${head}` +
          `,"message":${quoted}` +
          `,"task":${taskOf(batch, row)},"comm":${this.#comm(block.toString('latin1', comm + 2, call))}` +
          `,"name":"${name}","args":${args}` +
          `${isExit ? resultOf(batch, row, block, to) : ''}}\n`,
      );
    }
  }

  #comm(text: string): string {
    let comm = this.#comms.get(text);
    if (comm === undefined) {
      comm = this.#quote(text);
      if (this.#comms.size < MOST_HEADS) this.#comms.set(text, comm);
    }
    return comm;
  }

  /** `,"pid":4383,"site":"strace.go:605"` of `    4383 strace.go:605`. */
  #head(text: string): string {
    let head = this.#heads.get(text);
    if (head === undefined) {
      const [pid = '', site = ''] = text.trim().split(' ');
      head = `,"pid":${Number(pid)},"site":${this.#quote(site)}`;
      if (this.#heads.size < MOST_HEADS) this.#heads.set(text, head);
    }
    return head;
  }
}
const MOST_HEADS = 1024;

/** What may have to be escaped; nearly no message holds any, and to look costs less than to escape. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const ESCAPED = /["\\\u0000-\u001f\u007f-\u009f\u061c\u2000-\u206f\ud800-\udfff\ufeff]/;

/** Does it end in microseconds: `(15.433µs)`? */
function isMicro(text: string): boolean {
  const unit = text.charCodeAt(text.length - 3);
  return unit === 0xb5 || unit === 0x3bc;
}

function taskOf({ tgid, tid, texts }: Batch, row: number): string {
  const group = tgid[row] as number;
  const nested = texts?.nestedTid[row] as number;
  const nestedGroup = texts?.nestedTgid[row] as number;
  const ids = `{"tgid":${group === -1 ? 'null' : group},"tid":${tid[row]}`;
  if (nested === -1 && nestedGroup === -1) return `${ids}}`;
  return `${ids},"nested":{"tgid":${nestedGroup === -1 ? 'null' : nestedGroup},"tid":${nested}}}`;
}

/** What an exit record says behind its arguments, which end at `to`: `) = 3 (0x3) errno=2 (...) (15.4µs)`. */
function resultOf({ errno, elapsed }: Batch, row: number, block: Buffer, to: number): string {
  const value = to + 4;
  let end = value;
  while (block[end] !== SPACE) end++;
  const text = block.toString('latin1', value, end);
  const failure = errno[row] as number;
  const ret = text.startsWith('0x') ? BigInt(text).toString() : text;
  const reason = failure === 0 ? 'null,"errno_name":null' : `${failure},"errno_name":"${errnoName(failure)}"`;
  return `,"ret":"${ret}","errno":${reason},"duration_ns":${elapsed[row]}`;
}
