/** Tasks of a sandbox: what each is in, written down only if it is still in it when the bytes of its record go. */
import type { Batch, RowPlace } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { Moment } from './moment.js';
import type { Process } from './processes.js';
import type { PendingCall } from './stalls.js';

/** A task: what it is in, and its process. */
export class TaskState {
  /** The call that it entered. */
  pending: PendingCall | null = null;
  comm = '';
  loaderError: { readonly path: string; readonly record: Evidence } | null = null;
  /** Has nobody looked at it yet? */
  isNew: boolean;
  #batch: Batch | undefined;
  #row = -1;

  constructor(
    readonly tid: number,
    readonly process: Process,
    isNew: boolean,
  ) {
    this.isNew = isNew;
  }

  /** It entered a call: only if it has not come back by the end of the batch is that written down. */
  entered(batch: Batch, row: number, touched: TaskState[]): void {
    if (this.#batch === undefined) touched.push(this);
    this.#batch = batch;
    this.pending = AWAITED;
    this.#row = row;
  }

  enteredEvent(event: Extract<LogEvent, { kind: 'syscall-enter' }>, at: number, record: Evidence): void {
    this.pending = { name: event.name, text: event.args, at, path: pathWithin(event.args), record: () => record };
  }

  /** The batch ends. */
  keep(moment: Moment, place: RowPlace): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (this.pending !== AWAITED || batch === undefined) return;
    moment.useRow(batch, this.#row, place, this.process);
    const { name, text, at, evidence } = moment;
    this.pending = { name, text, at, path: pathWithin(text), record: () => evidence };
  }
}

/** Stands for a call whose record is still in the batch. */
const AWAITED: PendingCall = {
  name: '',
  text: '',
  at: 0,
  path: null,
  record: () => ({ source: '', line: 0, time: null, text: '' }),
};

const pathWithin = (text: string): string | null =>
  /^(?:0x[0-9a-f]+|AT_FDCWD \/[^,]*, 0x[0-9a-f]+) (\/[^,]*)/.exec(text)?.[1] ?? null;
