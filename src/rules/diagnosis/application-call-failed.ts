/** The program gave up over a system call that failed: the call, and what the program said of it. */
import type { SpecMount } from '../../analyzers/spec.js';
import { CAPABILITIES, ERRNOS, SOCKET_ERRNOS } from '../../knowledge/errnos.js';
import type { FailedCall } from '../../analyzers/last-calls.js';
import { errnoName } from '../../../grammars/errno.js';
import { complaintOf, isBelow, isTraced, isUnixSocket, objectOf } from '../complaints.js';
import { defineRule, matchOf, verdictOf, type Products } from '../rule.js';
import { troubleOf } from './program-trouble.js';

const ENOSPC = 28;
const EACCES = 13;

const NOT_EXECUTABLE = {
  title: '{object} may not be executed',
  cause:
    '{object} may not be executed: it lacks the execute permission (x bit; root needs one as well), is a directory, or lies on a file system that is mounted noexec',
  remedy: [
    'Make it executable in the image: chmod +x {object} (COPY --chmod=755); of a script that is not to be, call its interpreter with it (sh {object}).',
    'If it lies on a volume or tmpfs, look for noexec among the options of that mount.',
  ],
};

/** The path of the program's arguments that looks like a socket: newer releases trace no path of a Unix address. */
function socketAmong(args: readonly string[]): string | undefined {
  const found = args.flatMap((one) => /(?:^|[\s=:])(?:unix:\/\/)?(\/[^\s"':]*\.sock[\w.-]*)/.exec(one)?.[1] ?? []);
  return new Set(found).size === 1 ? found[0] : undefined;
}

/** The tmpfs of the spec that a path lies on, with its options. */
function tmpfsOf(path: string, mounts: readonly SpecMount[]): SpecMount | undefined {
  const [nearest] = mounts
    .filter(({ destination }) => isBelow(path, destination))
    .toSorted((a, b) => b.destination.length - a.destination.length);
  return nearest?.type === 'tmpfs' ? nearest : undefined;
}

const FULL_TMPFS = {
  title: 'The tmpfs at {mount} is full',
  cause: '{object} is on the tmpfs that the spec mounts at {mount} ({size}), and that is full',
  remedy: [
    'Give it more room: its option size= (mounts[].options in config.json, docker run --tmpfs {mount}:size=..., sizeLimit of an emptyDir with medium Memory), or let the program write less there.',
    'What is written to a tmpfs counts as memory of the container: a volume on disk takes more.',
  ],
};

function isTrouble({ name, args, errno }: FailedCall): boolean {
  return troubleOf({ name, args, errno: errnoName(errno) }) !== undefined;
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
    if (!isTraced(products)) return { state: 'not-applicable', why: 'the log holds no trace (--strace)' };
    const complaint = complaintOf(products);
    if (complaint === undefined) return { state: 'clear' };
    const { call, words, ending } = complaint;
    const { exit } = ending;
    // a program that ends well has dealt with its failures, but a full disk loses data all the same
    const endedWell = exit.status === 0;
    if (endedWell && call.errno !== ENOSPC) return { state: 'clear' };
    // where gVisor differs from Linux, the usual meaning of the errno leads astray
    if (isTrouble(call)) return { state: 'clear' };
    const spec = products.runs.runs.find((run) => run.spec !== null)?.spec;
    const nofile = spec?.rlimits['RLIMIT_NOFILE'];
    const isSocket = isUnixSocket(call);
    const object = objectOf(call) || ((isSocket ? socketAmong(spec?.args ?? []) : undefined) ?? '');
    const tmpfs = call.errno === ENOSPC ? tmpfsOf(object, spec?.mounts ?? []) : undefined;
    const meaning =
      tmpfs !== undefined
        ? FULL_TMPFS
        : call.errno === EACCES && /^execveat$|^execve$/.test(call.name)
          ? NOT_EXECUTABLE
          : ((isSocket ? SOCKET_ERRNOS[call.errno] : undefined) ?? ERRNOS[call.errno]);
    if (meaning === undefined) return { state: 'clear' };
    const isolated = products.runs.runs.some((run) => run.config['Network'] === 'none');
    const size = tmpfs?.options.find((one) => one.startsWith('size='));
    // A call without an object is named alone.
    const unnamed = isSocket ? 'whose path the trace does not print' : '';
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
          title:
            object === '' && unnamed === ''
              ? meaning.title.replace(/ to \{call\} \{object\}$/, ' to call {call}').replace(/ \{object\}$/, '')
              : meaning.title,
          cause: `{program} ${words === undefined ? 'ended right after' : 'complained of'} a failed call, and the container ended ({end}): ${
            object === '' && unnamed === '' ? meaning.cause.replace('{call} on {object}', '{call}') : meaning.cause
          } ({call} gives errno {errno}){quoted}.`,
          remedy: meaning.remedy,
          confidence: 'likely',
          ...(endedWell ? { severity: 'medium', leads: 'degraded' } : {}),
        },
        products.runs,
        {
          object: object === '' ? unnamed || 'what it asked for' : object,
          call: call.name,
          capability: CAPABILITIES.find(([name]) => name.test(call.name))?.[1] ?? 'a capability or a right',
          errno: String(call.errno),
          program: call.comm,
          user: spec?.uid === undefined || spec.uid === null ? 'of the program' : `with uid ${spec.uid}`,
          uid: String(spec?.uid ?? 'USER'),
          isolated: isolated ? ': this sandbox runs with --network=none, so that it has a loopback only' : '',
          dns: object.endsWith(':53')
            ? '; port 53 is that of a name server (/etc/resolv.conf), so no name resolves'
            : '',
          mount: tmpfs?.destination ?? '',
          size: size ?? 'without an option size=',
          limit: nofile === undefined ? '' : ` = ${nofile}`,
          end: exit.status !== null ? `exit status ${exit.status}` : `signal ${exit.signal}`,
          quoted,
        },
      ),
    ]);
  },
});
