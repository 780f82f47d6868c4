/** The program gave up over a system call that failed: the call, and what the program said of it. */
import type { FailedCall, Words } from '../../analyzers/last-calls.js';
import { CAPABILITIES, ERRNOS } from '../../knowledge/errnos.js';
import { LAST_WORDS } from '../../knowledge/last-words.js';
import { endingOf, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Products } from '../rule.js';

/** What programs look for in many places, and miss without harm. */
const LOOKED_UP =
  /\/(?:ld\.so\.(?:preload|cache)|locale|locale-archive|nsswitch\.conf|gconv|nscd|terminfo|localtime|charset\.alias|__pycache__|pyvenv\.cfg|python\d+\.zip)|\.(?:pyc|mo|pth)\b|glibc-hwcaps|\/tls\/|x86_64\//;
/** rseq is refused by every release, and libraries ask for newer calls before they use older ones. */
const PROBES = new Set([
  'rseq',
  'ioctl',
  'prctl',
  'arch_prctl',
  'getpeername',
  'madvise',
  'statx',
  'clone3',
  'close',
  'setsockopt',
  'set_robust_list',
]);

/** The path or address that a call is about. */
function objectOf({ name, args }: FailedCall): string {
  const address = /\{Family: AF_INET6?, Addr: ([^,}]*), Port: (\d+)\}/.exec(args);
  if (address !== null) return `${address[1]}:${address[2]}`;
  const unix = /\{Family: AF_UNIX, Addr: "?([^"}]*)"?\}/.exec(args);
  if (unix !== null) return unix[1] ?? '';
  const paths = [...args.slice(0, 1024).matchAll(/0x[0-9a-f]+ (\/[^,]*|[A-Za-z0-9._-][^,]*)(?=,|$)/g)].map(
    (found) => found[1] ?? '',
  );
  const path = paths[0] ?? '';
  const base = /AT_FDCWD (\/[^,]*)/.exec(args)?.[1];
  if (path === '' || path.startsWith('/') || base === undefined || name === 'execve') return path;
  return `${base.replace(/\/$/, '')}/${path}`;
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Does the program's own message speak of this call: by the name of the file or port, and the words for the error? */
function speaksOf(text: string, call: FailedCall): number {
  const lower = text.toLowerCase();
  const words = ERRNOS[call.errno]?.words.toLowerCase();
  const object = objectOf(call);
  const name = object.includes(':') ? object.slice(object.lastIndexOf(':') + 1) : lastName(object);
  return (
    (words !== undefined && lower.includes(words) ? 2 : 0) +
    (name.length > 2 && lower.includes(name.toLowerCase()) ? 2 : 0)
  );
}

const COMPLAINT =
  /error|not found|cannot|can't|could not|no such|denied|fail|refused|unable|fatal|exception|too many|in use|unreachable|read-only|no space|not implemented|not permitted|timed out/i;

const ENOSPC = 28;

type Explained = { readonly call: FailedCall; readonly words: Words | undefined; readonly said: boolean };

/** The call that explains the end: the one that the last complaint speaks of, else the last that is no mere look-up. */
function explain(failed: readonly FailedCall[], words: readonly Words[]): Explained | undefined {
  const complaints = words
    .filter((one) => COMPLAINT.test(one.text))
    .toReversed()
    .slice(0, 4);
  const serious = failed.filter(
    (call) => ERRNOS[call.errno] !== undefined && !PROBES.has(call.name) && !LOOKED_UP.test(call.args),
  );
  for (const complaint of complaints) {
    const before = serious.filter((call) => call.order < complaint.order);
    const best = before.toReversed().toSorted((a, b) => speaksOf(complaint.text, b) - speaksOf(complaint.text, a))[0];
    if (best !== undefined && speaksOf(complaint.text, best) >= 2) return { call: best, words: complaint, said: true };
  }
  return undefined;
}

export const applicationCallFailed = defineRule({
  id: 'application-call-failed',
  severity: 'high',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'The program gave up over a system call that failed',
  supersedes: ['application-exit'],
  remedy: ['Correct what the program asked for: the file, address, permission or limit that the finding names.'],
  needs: ['failures', 'sentences', 'runs', 'calls'],
  sources: ['pkg/sentry/strace/strace.go (records of the calls), runsc/cmd/boot.go (application exiting with)'],
  judge(products: Products) {
    const ending = endingOf(products);
    const exit = ending?.exit;
    if (ending === undefined || exit === undefined) return { state: 'clear' };
    if (exit.signal !== null && wasEnded(products, exit.signal)) return { state: 'clear' };
    const { source } = ending.evidence;
    const boot = products.calls?.get(source) ?? [...(products.calls?.values() ?? [])].at(-1);
    if (boot === undefined) return { state: 'not-applicable', why: 'the log holds no trace (--strace)' };
    // words that are known name the cause better than the last call they were about: that is another rule's
    const known = boot.words.slice(-4).some((one) => LAST_WORDS.some(({ pattern }) => pattern.test(one.text)));
    const found = known ? undefined : explain(boot.failed, boot.words);
    if (found === undefined) return { state: 'clear' };
    const { call, words } = found;
    // a program that ends well has dealt with its failures, but a full disk loses data all the same
    const endedWell = exit.status === 0;
    if (endedWell && call.errno !== ENOSPC) return { state: 'clear' };
    const meaning = ERRNOS[call.errno];
    if (meaning === undefined) return { state: 'clear' };
    const spec = products.runs.runs.find((run) => run.spec !== null)?.spec;
    const nofile = spec?.rlimits['RLIMIT_NOFILE'];
    const object = objectOf(call);
    const quoted = words === undefined ? '' : `; the program says: "${words.text.slice(0, 200)}"`;
    const failure = { ...ending, order: ending.order };
    return verdictOf([
      matchOf(
        {
          failure,
          evidence:
            words === undefined ? [call.evidence, ending.evidence] : [call.evidence, words.evidence, ending.evidence],
        },
        {
          title: meaning.title,
          cause: `{program} complained of a failed call, and the container ended ({end}): ${meaning.cause} ({call} gives errno {errno}){quoted}.`,
          remedy: meaning.remedy,
          confidence: 'likely',
          ...(endedWell ? { severity: 'medium', leads: 'degraded' } : {}),
        },
        products.runs,
        {
          object: object === '' ? 'what it asked for' : object,
          call: call.name,
          capability: CAPABILITIES.find(([name]) => name.test(call.name))?.[1] ?? 'a capability or a right',
          errno: String(call.errno),
          program: call.comm,
          user: spec?.uid === undefined || spec.uid === null ? 'of the program' : `with uid ${spec.uid}`,
          uid: String(spec?.uid ?? 'USER'),
          limit: nofile === undefined ? '' : ` = ${nofile}`,
          end: exit.status !== null ? `exit status ${exit.status}` : `signal ${exit.signal}`,
          quoted,
        },
      ),
    ]);
  },
});
