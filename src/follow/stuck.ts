/** Tasks that do not come back from a call which does not wait by design. */
import { readTail } from '../events/tail.js';
import { FUTEX_WAITS, WAITING_BY_OPERATION, WAITING_CALLS, WAITING_TO_READ } from '../knowledge/waiting-calls.js';
import { evidenceOf } from '../analyzers/evidence.js';
import type { SyscallEnter } from '../model/event.js';
import type { Told } from '../model/follow.js';
import type { LineNumber } from '../model/units.js';
import type { LiveSource } from './live-source.js';
import type { OpenCall } from './open-calls.js';

/** `0x4 pipe:[2], ...`: what one has to wait for. */
const WAITED_FOR = /^\S+ (?:pipe|socket|host|anon_inode|\/dev\/(?:pts|tty|console))/;
/** A call that ends its task has no way back. */
const ENDS = new Set(['exit', 'exit_group']);

function waits({ name, args }: SyscallEnter): boolean {
  if (ENDS.has(name) || WAITING_CALLS.has(name)) return true;
  if (name === WAITING_BY_OPERATION) return FUTEX_WAITS.test(args);
  return WAITING_TO_READ.has(name) && WAITED_FOR.test(args);
}

/** Reads the records of calls that are overdue again, and tells of those that work. */
export async function stuckTasks(source: LiveSource, before: number, sandbox: string | null): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const call of source.calls.overdue(before)) {
    const event = await recordOf(source, call);
    if (event === undefined || waits(event)) continue;
    const { name, args, comm, task } = event;
    told.push({
      type: 'stuck',
      sandbox,
      task: { tgid: task.tgid ?? null, tid: task.tid },
      comm,
      name,
      args: args.slice(0, ARGS_LENGTH),
      since: new Date(call.since).toISOString(),
      evidence: { ...evidenceOf(event), line: source.lineAt(call.offset) as LineNumber },
    });
  }
  return told;
}
const ARGS_LENGTH = 400;

async function recordOf(source: LiveSource, { offset, bytes }: OpenCall): Promise<SyscallEnter | undefined> {
  let found: SyscallEnter | undefined;
  const text = Buffer.from(source.textAt(offset, bytes));
  await readTail({ name: source.name, modified: null }, { bytes: text, offset: 0, lines: 1 }, {}, (event) => {
    if (event.kind === 'syscall-enter') found ??= event;
  });
  return found;
}
