/** The watchdog found tasks that have been inside of the sentry for minutes. */
import type { Wait } from '../../analyzers/waits.js';
import type { Evidence } from '../../model/finding.js';
import { matchesOfSentences } from '../notes.js';
import { pathOf } from '../waiting.js';
import { defineRule, matchOf, verdictOf, type Products, type Said } from '../rule.js';

const STUCK: Said = {
  title: '{tasks} task(s) are stuck inside of the sentry{title}',
  cause:
    'The watchdog of the sentry found {tasks} task(s) that did not come back from a system call for minutes: {what}. {why}.',
  confidence: 'likely',
  remedy: [
    'Check the storage below the mounts of the container{where}: dmesg, iostat, processes in state D; a frozen file system (fsfreeze), a full disk or a network file system that is gone hold a call like this.',
    'A machine that was suspended or starved of CPU gives the same report once and goes on.',
    'If the stacks show only locks of the sentry, report them at github.com/google/gvisor/issues; --watchdog-action=panic ends such a sandbox instead of leaving it.',
  ],
};

const TASK = /Task tid: (\d+) \(goroutine (\d+)\), entered \w+ state (\S+) ago/g;
const FRAME =
  /^(?:gvisor\.dev\/gvisor|google3\/third_party\/golang\/gvisor|gvisor\.googlesource\.com\/gvisor)\/((?:[^(\s]|\(\*?[\w.]+\))+)\(/;
/** Where a goroutine waits for the host, not for another goroutine. */
const OF_HOST =
  /^(?:syscall|golang\.org\/x\/sys\/unix|gvisor\.dev\/gvisor\/pkg\/(?:hostarch|fdnotifier|rawfile|hostsyscall|flipcall|lisafs))\b/;
/** Tasks that are described. */
const DESCRIBED = 4;

/** What the dump behind the report says of a goroutine: its state, and the innermost function of gVisor. */
function stackOf(
  text: string,
  goroutine: string,
): { readonly state: string; readonly frame: string; readonly isHost: boolean } | undefined {
  const start = text.indexOf(`\ngoroutine ${goroutine} [`);
  if (start < 0) return undefined;
  const [head = '', ...lines] =
    text
      .slice(start + 1, start + 8192)
      .split('\n\n', 1)[0]
      ?.split('\n') ?? [];
  const state = /\[([^\],]+)/.exec(head)?.[1] ?? '';
  const frame = lines.map((line) => FRAME.exec(line)?.[1]).find((found) => found !== undefined);
  const isHost = state === 'syscall' || lines.slice(0, 6).some((line) => OF_HOST.test(line));
  return frame === undefined ? undefined : { state, frame: frame.slice(0, 160), isHost };
}

/** The call that a task is or was held in. */
function callOf({ waits }: Products, source: string, tid: number): Wait | undefined {
  const own = waits.get(source);
  return own?.waits.find((one) => one.tid === tid) ?? own?.long.find((one) => one.tid === tid);
}

/** Lines of a report that were posted without its head, and what the watchdog says of itself. */
const POSTED: Readonly<Record<string, Said>> = {
  'watchdog-itself-stuck': {
    title: 'The watchdog of the sentry is stuck itself',
    cause:
      'The watchdog of the sentry could not look at the tasks for longer than a turn takes: a lock that it needs is held, or the host gave the process no time (a machine that was suspended, a quota of processor time that is used up).',
    confidence: 'likely',
    remedy: STUCK.remedy.map((one) => one.replace('{where}', '')),
  },
  'task-stuck': {
    title: 'Task {task} is stuck inside of the sentry',
    cause:
      'The watchdog of the sentry reports task {task}, which has been inside of a system call for {time}: what it waits for on the host does not answer, or the sentry has a deadlock.',
    confidence: 'likely',
    remedy: STUCK.remedy.map((one) => one.replace('{where}', '')),
  },
};

export const watchdogStuckTasks = defineRule({
  id: 'watchdog-stuck-tasks',
  severity: 'high',
  leads: 'hang',
  title: 'Tasks are stuck inside of the sentry',
  remedy: STUCK.remedy,
  needs: ['failures', 'sentences', 'waits', 'runs'],
  sources: ['pkg/sentry/watchdog/watchdog.go report'],
  judge(products) {
    const { failures, sentences, runs } = products;
    const [first, ...rest] = sentences.get('watchdog-stuck')?.first ?? [];
    if (first === undefined) return verdictOf(matchesOfSentences(products, POSTED));
    const { evidence } = first;
    const same = failures.failures.find(
      (one) => one.evidence.source === evidence.source && one.evidence.line === evidence.line,
    );
    const tasks = [...evidence.text.slice(0, 65_536).matchAll(TASK)].map(
      ([, tid = '', goroutine = '', since = '']) => ({
        tid,
        since,
        stack: stackOf(evidence.text, goroutine),
        call: callOf(products, evidence.source, Number(tid)),
      }),
    );
    const described = tasks.slice(0, DESCRIBED).map(({ tid, since, stack, call }) => {
      const who = call === undefined ? `task ${tid}` : `${call.comm} (task ${tid})`;
      const path = call === undefined ? undefined : pathOf(call.args);
      const doing =
        call === undefined ? '' : ` in ${call.name}${path === undefined ? '' : ` of ${path.slice(0, 120)}`}`;
      const at =
        stack === undefined
          ? ''
          : `, its goroutine ${stack.isHost ? 'in a host call' : `waiting (${stack.state})`} below ${stack.frame}`;
      return `${who}${doing} for ${since}${at}`;
    });
    const calls = tasks.flatMap(({ call }) => (call === undefined ? [] : [call]));
    const paths = calls.flatMap(({ args }) => pathOf(args) ?? []);
    const ended = calls.find(({ end }) => end !== null);
    const failure = {
      kind: 'watchdog' as const,
      known: 'watchdog-stuck',
      captures: first.captures,
      error: '',
      evidence,
      pid: first.pid,
      order: same?.order ?? 0,
    };
    const more: readonly Evidence[] = [
      ...calls.slice(0, 2).map((one) => one.end ?? one.evidence),
      ...rest.slice(0, 1).map((one) => one.evidence),
    ];
    return verdictOf([
      matchOf({ failure, evidence: [evidence, ...more] }, STUCK, runs, {
        title: paths[0] === undefined ? '' : `: ${calls[0]?.name ?? ''} of ${paths[0].slice(0, 80)}`,
        what: described.length === 0 ? 'the record names them' : described.join('; '),
        where: paths[0] === undefined ? '' : ` (${paths[0].slice(0, 120)})`,
        why:
          ended === undefined
            ? 'What they wait for on the host does not answer (a frozen or slow disk or network file system under a mount), or the sentry has a deadlock'
            : `The call came back after ${((ended.waited_ns ?? 0) / 1e9).toFixed(0)} s, so what it waited for on the host (a frozen or slow disk or network file system under a mount) answered in the end`,
      }),
    ]);
  },
});
