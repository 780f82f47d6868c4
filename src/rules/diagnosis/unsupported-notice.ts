/** A notice that a system call is not supported, where nothing else is told: programs use another call instead. */
import { fallbackOf } from '../../knowledge/call-fallbacks.js';
import { socketOption } from '../../knowledge/socket-options.js';
import { nameOfNumber } from '../../knowledge/syscall-names.js';
import type { Telling } from '../../analyzers/tellings.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const NOTICE: Said = {
  title: 'The notice about {call} is harmless by itself',
  cause:
    'The sandbox reports that a program made the system call {call}{detail}, which this release of gVisor does not implement (in full) and answers with an error. {fallback} Nothing in the input fails because of it.',
  confidence: 'likely',
  severity: 'info',
  leads: 'healthy',
  remedy: [
    'Nothing is to be done: the notice can be ignored as long as the program works; filter it out of the logs if it is noise.{since}',
    'If the program does fail, its own last message decides, not this notice.',
  ],
};

/** The same, where the text tells that something goes wrong: what the call is for may be what is missing. */
const BLAMED: Said = {
  title: 'gVisor does not implement {call}, and the text beside the notice tells of trouble',
  cause:
    'The sandbox reports that a program made the system call {call}{detail}, which this release of gVisor does not implement (in full) and answers with an error{purpose}. {fallback} The text beside it tells that something goes wrong ("{told}"), so the notice need not be harmless here, whatever it says of itself: a program that depends on the call fails or waits.',
  confidence: 'possible',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'degraded',
  remedy: [
    'Switch off in the program what uses the call{use}, and see whether the failure goes away.',
    'Update runsc (a managed service: its newer execution environment): the list of implemented calls grows.{since}',
    "If it stays, the program's own last message and a trace (--debug --strace) decide, not this notice.",
  ],
};

/** What programs use a call for, where that is known. */
const PURPOSES: Readonly<Record<string, { readonly purpose: string; readonly use: string }>> = {
  process_vm_readv: {
    purpose:
      '; it reads the memory of another process, for debuggers, profilers and dumps of stacks (the slow log of PHP-FPM)',
    use: ' (profilers, stack dumps, request_slowlog_timeout of PHP-FPM)',
  },
  process_vm_writev: { purpose: '; it writes to the memory of another process', use: ' (debuggers)' },
  ptrace: { purpose: '; it controls another process', use: ' (debuggers, tracers)' },
  perf_event_open: { purpose: '; it reads performance counters', use: ' (profilers)' },
  bpf: { purpose: '; it loads programs into the kernel', use: ' (agents for tracing and networking)' },
  io_uring_setup: { purpose: '; it sets up asynchronous I/O', use: ' (io_uring: UV_USE_IO_URING=0 for Node)' },
  userfaultfd: { purpose: '; it handles page faults in the program', use: '' },
  inotify_init1: { purpose: '; it watches files', use: ' (file watching: poll instead)' },
  fanotify_init: { purpose: '; it watches file systems', use: ' (virus scanners)' },
  mbind: { purpose: '; it places memory on NUMA nodes', use: ' (NUMA support)' },
  keyctl: { purpose: '; it uses the key ring of the kernel', use: ' (key rings)' },
  personality: { purpose: '; it changes how addresses are laid out', use: ' (setarch, sanitizers)' },
  quotactl: { purpose: '; it manages quotas of disks', use: '' },
  mq_open: { purpose: '; it opens a POSIX message queue', use: '' },
  seccomp: { purpose: '; it installs a filter of calls', use: ' (sandboxes of the program)' },
};

/** Somebody says that things do not go as they should: of the run, not of the notice itself. */
const GOES_WRONG =
  /\b(?:fail(?:s|ed|ure|ing)?|crash(?:es|ed|ing)?|hang(?:s|ing)?|hung|stuck|stall(?:s|ed)?|time[ds]? ?out|timeout|slow|too long|long time|never (?:returns?|finish|complet|start)\w*|(?:does|do|did|is|was)(?: not|n't) (?:start|work|run|respond|finish|complet|return)\w*|unable to|cannot|can't|abort(?:s|ed)?|exit(?:s|ed)? with (?:code|status)? ?[1-9]|killed|5\d\d error|error 5\d\d|unresponsive|broken|refused)\b/i;

/** It works with another runtime, and not with this one. */
const ELSEWHERE =
  /\b(?:works?|runs?|fine|ok)\b.{0,80}\b(?:runc|docker|containerd|without|native(?:ly)?|other runtimes?)\b.{0,300}\b(?:fail|crash|hang|error|not work)|\b(?:runc|containerd|docker|without (?:gvisor|runsc))\b.{0,80}\b(?:works?|runs?|fine|ok)\b.{0,300}\b(?:fail|crash|hang|error|not work)/i;

/** Whatever else fails, these are none of its causes. */
const PROBES = new Set([
  'rseq',
  'clone3',
  'statx',
  'faccessat2',
  'close_range',
  'set_robust_list',
  'openat2',
  'cachestat',
  'map_shadow_stack',
  'landlock_create_ruleset',
  'membarrier',
]);
/** Implemented since, where the release is known for certain. */
const SINCE: Readonly<Record<string, string>> = { clone3: 'August 2023' };
function callOf({ captures }: Telling): string {
  const { number, name } = captures;
  if (name !== undefined) return name;
  const known = nameOfNumber('amd64', Number(number));
  return known === undefined ? `number ${number}` : known;
}

export const unsupportedNotice = defineRule({
  id: 'unsupported-notice',
  severity: 'info',
  tier: 'note',
  leads: 'healthy',
  title: 'A notice about an unsupported system call is harmless by itself',
  remedy: NOTICE.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['pkg/sentry/kernel (UnimplementedSyscallEvent), runsc/boot/compat.go; Cloud Run logs'],
  judge({ tellings, runs }) {
    const calls = new Map<string, Telling[]>();
    // In a log of runsc's own such lines are set aside elsewhere.
    for (const one of tellingsOf(
      tellings,
      ['unsupported-notice'],
      ({ kind }) => kind !== 'warning' && kind !== 'note',
    )) {
      const call = callOf(one);
      const [, level, option] = (one.captures['args'] ?? '').split(',').map(Number);
      const detail =
        /^[gs]etsockopt$/.test(call) && level !== undefined && option !== undefined ? socketOption(level, option) : '';
      const key = `${call} ${detail}`;
      const group = calls.get(key);
      if (group !== undefined) group.push(one);
      else if (calls.size < 8) calls.set(key, [one]);
    }
    const wrong = tellingsOf(
      tellings,
      ['alarm', 'complaint', 'goes-wrong'],
      ({ kind, evidence: { text } }) =>
        kind === 'text' && !/[Uu]nsupported syscall/.test(text) && GOES_WRONG.test(text),
    )[0];
    return verdictOf(
      [...calls].map(([key, group]) => {
        const [first, ...rest] = group as [Telling, ...Telling[]];
        const [call = '', ...words] = key.trim().split(' ');
        const detail = words.join(' ');
        const number = first.captures['number'];
        const other = fallbackOf(call)?.words;
        // an option that is refused harms nobody, unless the same program is said to work elsewhere
        const isProbe = PROBES.has(call) || (detail !== '' && !ELSEWHERE.test(wrong?.evidence.text ?? ''));
        return matchOfTellings(
          [first, ...(wrong === undefined ? [] : [wrong]), ...rest],
          wrong === undefined || isProbe ? NOTICE : BLAMED,
          runs,
          {
            told: wrong?.evidence.text.slice(0, 160) ?? '',
            purpose: PURPOSES[call]?.purpose ?? '',
            use: PURPOSES[call]?.use ?? '',
            call: call === 'number' ? `number ${number}` : call,
            detail: `${number === undefined || call === 'number' ? '' : ` (number ${number})`}${detail === '' ? '' : ` for the socket option ${detail}`}`,
            fallback:
              detail !== ''
                ? isProbe
                  ? 'A program that cannot set or read an option goes on without it.'
                  : 'Most programs go on without an option that they cannot set or read; one that does not gives its connection up.'
                : other === undefined
                  ? 'Programs and libraries try newer calls first and fall back on older ones.'
                  : `The C library falls back on ${other}.`,
            since:
              SINCE[call] === undefined
                ? ''
                : ` gVisor implements ${call} since ${SINCE[call]}: a newer release does not print it.`,
          },
        );
      }),
    );
  },
});
