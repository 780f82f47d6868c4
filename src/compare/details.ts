/** What the records of a difference say: subject, answer, text, and the record itself as evidence. */
import type { LogEvent } from '../model/event.js';
import type { Answer } from '../model/compare.js';
import type { Evidence } from '../model/finding.js';
import { errnoName } from '../../grammars/errno.js';
import { evidenceOf } from '../analyzers/evidence.js';
import { CallReader, cpuText, UNKNOWN_FILE } from './call-reader.js';
import { nativeText } from './halves.js';
import type { Found } from './differences.js';
import type { Side } from './side.js';

/** One call as its record tells it. */
export type Detail = {
  readonly name: string;
  readonly subject: string;
  /** What it wrote, read, or was told; empty where the record shows nothing. */
  readonly text: string;
  /** Is only the beginning of it shown? */
  readonly isCut: boolean;
  readonly answer: Answer;
  readonly evidence: Evidence;
  readonly args: string;
};

/** Records of a side by source and place. */
export type Records = (source: number, place: number) => LogEvent | undefined;

/** Reads the call of a row; undefined where its record could not be had again. */
export function detailOf(side: Side, row: number, records: Records): Detail | undefined {
  const { columns } = side;
  const source = columns.source[row] as number;
  const event = records(source, columns.place[row] as number);
  if (event === undefined) return undefined;
  const errno = columns.errno[row] as number;
  const named = side.names[columns.name[row] as number];
  return readDetail(side, event, named?.name ?? '', named?.printed ?? '', errno, halfOf(side, row, records));
}

function halfOf(side: Side, row: number, records: Records): string | undefined {
  const half = side.halves.get(row);
  const event = half === undefined ? undefined : records(side.columns.source[row] as number, half.place);
  return event?.kind === 'native-syscall' ? event.args : undefined;
}

export function readDetail(
  side: Side,
  event: LogEvent,
  name: string,
  printed: string,
  errno: number,
  firstHalf?: string,
): Detail | undefined {
  if (event.kind !== 'syscall-enter' && event.kind !== 'syscall-exit' && event.kind !== 'native-syscall')
    return undefined;
  const reader = new CallReader();
  reader.context = { arch: side.architecture, ...(side.release === null ? {} : { release: side.release }) };
  reader.dialect = event.kind === 'native-syscall' ? 'native' : 'runsc';
  const args =
    firstHalf === undefined || event.args.startsWith(firstHalf) ? event.args : nativeText(firstHalf, event.args);
  const ret = event.kind === 'syscall-enter' ? Number.NaN : Number(event.ret);
  const surroundings = { cwd: null, fds: new UnknownFiles(), fresh: new EveryFile() };
  const call = reader.read(surroundings, printed, name, args, errno, ret);
  const told = event.kind === 'syscall-enter' || event.ret === null ? '' : event.ret;
  return {
    name,
    subject: call.subject.replace(UNKNOWN_FILE, '').trim(),
    text:
      call.text === '' && name === 'sched_getaffinity' && errno === 0 && side.cpus !== null
        ? cpuText(side.cpus)
        : call.text,
    isCut: /"\.\.\.(?:[,)}\]]|$)/.test(args),
    answer: { ret: errno === 0 ? told : '-1', errno_name: errno === 0 ? null : errnoName(errno) },
    evidence: evidenceOf(event),
    args,
  };
}

/** Of a record that is read by itself nobody knows whether its file was read before. */
class EveryFile extends Set<string> {
  override delete(): boolean {
    return true;
  }
}

/** What descriptors are where the record does not show it: files, as far as what is read of them is asked for. */
class UnknownFiles extends Map<number, string> {
  override get(fd: number): string | undefined {
    return fd > 2 ? UNKNOWN_FILE : undefined;
  }
}
/** Rows of a difference. */
export const rowsOf = (found: Found): readonly [number, number] => [found.a, found.b];
