/** A program was refused something that Linux has and gVisor has not, or not in every release. */
import { FEATURES, type Feature } from '../../knowledge/features.js';
import type { RefusedCall } from '../../analyzers/refusals.js';
import type { Telling } from '../../analyzers/tellings.js';
import { refusedCalls } from '../complaints.js';
import { ifInGvisor, regressionOf } from '../hindsight.js';
import { endingOf } from '../endings.js';
import { troubledPlaces, troubleOf } from './program-trouble.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Match, type Products, type Said } from '../rule.js';

const MISSING: Said = {
  title: 'gVisor does not support {feature} as Linux does: {short}',
  cause:
    'A program in the sandbox was refused {feature}{call}. gVisor implements the system calls of Linux itself, and not all of them: {says}.',
  remedy: ['{first}', '{second}', '{third}'],
  confidence: 'possible',
};

const SEVERAL: Said = {
  title: 'gVisor refused the program {count} calls that it does not implement',
  cause:
    'The program ended well, and {count} different calls of it were refused since gVisor does not support them as Linux does: {calls}. What it does with them did not happen; a program that does not look at the answers says nothing of it.',
  confidence: 'likely',
  leads: 'degraded',
  remedy: [
    'Compare what the program did with a run under another runtime; if nothing is missing, its calls were probes, and all is well.',
    'Update runsc: the list of implemented calls grows with each release.',
    'If the program cannot do without, run this container with another runtime.',
  ],
};

/** So many different refused calls are no probing of one library any more: each asks for one or two. */
const SEVERAL_CALLS = 3;
/** Answers that Linux gives as well, to whoever lacks a privilege or asks for nonsense. */
const LIKE_LINUX = new Set(['EPERM', 'EINVAL', 'ENOPROTOOPT']);
/** Numbers are given out one by one; in 2026 the last is below this. */
const LAST_NUMBER = 480;
const isOfNoKernel = (name: string): boolean => Number(/^sys_(\d+)$/.exec(name)?.[1] ?? 0) > LAST_NUMBER;
/** Calls that libraries probe for. */
const PROBED =
  /^(?:rseq|clone3|membarrier|statx|faccessat2|openat2|close_range|epoll_pwait2|set_robust_list|preadv2|pwritev2|copy_file_range|fchmodat2|futex_waitv)$/;

const UNNAMED: Said = {
  title: 'A program met something that is not implemented: {short}',
  cause:
    'A program says "{words}": a system call that it needs answered ENOSYS (not implemented). gVisor implements the calls of Linux itself, and not all of them; which call it was the line does not say.',
  remedy: [
    'Run it with --strace --debug: the last call with errno=38 before the program gives up is the one.',
    'Update runsc: the list of implemented calls grows with each release.',
  ],
  confidence: 'possible',
};

const REFUSED: Said = {
  title: 'A program was refused {what}: {errno}',
  cause:
    'A program says "{words}": the system answered its request ({what}) with "{errno}". If the same program works with runc, this is a call that gVisor answers otherwise than Linux: not implemented, implemented in part, or only with a capability or flag.',
  remedy: [
    'Run it with --strace --debug and look for the call with that error, its arguments and the release: search github.com/google/gvisor/issues for them.',
    'Update runsc: the list of implemented calls grows with each release.',
    'Compare with runc on the same host, and give the container the capability that the call needs on Linux; if the program cannot do without, use another runtime for it.',
  ],
  confidence: 'possible',
};

/** The same of a file: it is the file system that does not do it. */
const FILE_REFUSED: Said = {
  ...REFUSED,
  title: 'A program was refused what it wanted to do with {what}: {errno}',
  cause:
    'A program says "{words}": the file system in the sandbox that holds {what} answered "{errno}". That is the overlay over the root (--overlay2, which copies a file up before it is changed, with its attributes), a mount that the gofer serves, or a tmpfs; each offers a part of what file systems of Linux do, and where the same works with runc, this is where they differ.',
  remedy: [
    'Run it with --strace --debug: the call with that error, and whether the path lies in the root, in a volume or in a tmpfs.',
    'Try the path on another kind of file system (an emptyDir or tmpfs, a volume), and --overlay2=none or root:memory.',
    'Update runsc, or go back to the release that worked before: search github.com/google/gvisor/issues for the call and the file system.',
  ],
};

const CALLED: Said = {
  title: 'gVisor refused a system call of the program: {name} failed with {errno}',
  cause:
    'The trace shows that {name} was answered with {errno}. If the same program works on Linux, this call, or the flag or request among its arguments ({args}), is one that gVisor does not support, or supports in part.',
  remedy: [
    'Search github.com/google/gvisor/issues for the call with its flag or request, and look at its page of compatibility (gvisor.dev/docs/user_guide/compatibility).',
    'Update runsc: the list of implemented calls and flags grows with each release.',
    'If the program cannot do without, run this container with another runtime.',
  ],
  confidence: 'possible',
};

/** Calls of an excerpt that a person chose to show: the last one that was refused is what the program stumbled over. */
function calledMatch(products: Products, complaints: readonly Telling[]): readonly Match[] {
  const { runs, failures } = products;
  if (runs.runs.some(({ banners }) => banners > 0) || failures.failures.some(({ kind }) => kind !== 'outside'))
    return [];
  const calls = refusedCalls(products, complaints.length > 0).filter(
    ({ name, errno, isNative }) => !isNative && errno !== 'EPERM' && !PROBED.test(name),
  );
  const last = calls.at(-1);
  if (last === undefined) return [];
  return [
    matchOfTellings([{ captures: {}, kind: 'syscall-exit' as const, ...last }], CALLED, runs, {
      name: last.name,
      errno: last.errno,
      args: last.args.replace(/0x[0-9a-f]{9,16}/g, '...').slice(-80),
    }),
  ];
}

/** What a complaint is about: a request or option by its name, else the word before the error. */
const ABOUT =
  /\bioctl\(?[ ,]*(?<request>[A-Z][A-Z0-9_]{3,40})|\b(?<option>(?:SO|TCP|IP|IPV6|PR|F|MAP|O|CLONE|FUTEX|EPOLL)_[A-Z0-9_]{2,32})\b|\b(?<call>[a-z_0-9]{3,24})\(\)?|(?<word>[\w./-]{2,60})["'\])]{0,2}:? {1,2}(?:\(\d+: |\[Errno \d+\] )?$/;
/** Of engines, runsc and kernels: their errors are other rules' affair. */
const OF_RUNTIME =
  /runsc\b.{0,80}(?:failed|error)|OCI runtime|rpc error|creating container|starting container|FATAL ERROR|fork\/exec|cgroup|\bpanic:|level=(?:error|warning)|Error response from daemon|systemd|seccomp failed|SaverLoader/i;

/** A complaint that no entry of the features fits, in a line of a program. */
function refusedMatch(complaints: readonly Telling[], { tellings, runs, failures }: Products): readonly Match[] {
  const isPosted =
    runs.runs.every(({ banners }) => banners === 0) && failures.failures.every(({ kind }) => kind === 'outside');
  // That the program runs under runsc a command shows, or a piece of runsc's trace.
  const [command] = tellingsOf(tellings, ['runsc-command']);
  if (!isPosted || (command === undefined && runs.runs.length === 0)) return [];
  const [first, ...more] = complaints.filter(
    ({ captures, evidence }) => REFUSAL.test(captures['errno'] ?? '') && !OF_RUNTIME.test(evidence.text),
  );
  if (first === undefined) return [];
  const errno = first.captures['errno'] ?? '';
  const { text } = first.evidence;
  const { request, option, call, word } = ABOUT.exec(text.slice(0, text.indexOf(errno)))?.groups ?? {};
  const named =
    request ?? option ?? (call === undefined ? (IDENTIFIER.test(word ?? '') ? word : undefined) : `${call}()`);
  return [
    matchOfTellings([first, ...more], named?.startsWith('/') === true ? FILE_REFUSED : REFUSED, runs, {
      what: named ?? 'what it asked for',
      errno,
      words: text.slice(0, 200),
    }),
  ];
}
/** No word of everyday language: it names a thing (a path, a call, a library). */
const IDENTIFIER =
  /[_./\d]|^(?:socket|bind|connect|mount|open|mmap|ioctl|fcntl|prctl|ptrace|clone|unshare|setns|chown|chmod|mknod|link|rename|sendmsg|recvmsg)$/;
const REFUSAL =
  /not implemented|ENOSYS|not supported|EOPNOTSUPP|[Ii]nvalid argument|EINVAL|[Ii]nappropriate ioctl|ENOTTY|not available|ENOPROTOOPT|not permitted|[Nn]o such device|ENODEV/;

/** The sentry's or a command's own end, quoted: no program speaks. */
const OF_CRASH = /\bpanic: |\bFATAL ERROR: /;

/** runsc's own words about its standard streams. */
const OWN_STREAMS = /can't change an? owner of \/dev\/std/i;

/** Lines of programs; what an engine says of its runtime is no complaint of a program. */
const LOOSE = new Set(['text', 'stderr', 'continuation']);

function featureOf(call: RefusedCall): Feature | undefined {
  return FEATURES.find(({ calls }) =>
    calls.some(
      ({ name, args, errnos }) =>
        name.test(call.name) && errnos.split(' ').includes(call.errno) && (args === undefined || args.test(call.args)),
    ),
  );
}

const allRefused = (refusals: Products['refusals']): readonly RefusedCall[] =>
  [...refusals.values()].flatMap(({ refused }) => refused);

/** What a program was refused that ended well all the same. */
function severalRefused({ refusals, runs }: Products): readonly Match[] {
  const calls = allRefused(refusals).filter(
    (call) =>
      !call.isNative &&
      !PROBED.test(call.name) &&
      !LIKE_LINUX.has(call.errno) &&
      (featureOf(call) !== undefined || (call.errno === 'ENOSYS' && !isOfNoKernel(call.name))),
  );
  if (calls.length < SEVERAL_CALLS) return [];
  const named = calls.map(({ name, args, errno }) => {
    const request =
      name === 'ioctl' || name === 'socket' ? `(${args.replace(/0x[0-9a-f]{9,16}/g, '...').slice(0, 60)})` : '';
    return `${name}${request}: ${errno}`;
  });
  const [first, ...rest] = calls.map((call) => ({ captures: {}, kind: 'syscall-exit' as const, ...call }));
  if (first === undefined) return [];
  const list = `${named.slice(0, 12).join('; ')}${named.length > 12 ? '; and others' : ''}`;
  return [matchOfTellings([first, ...rest], SEVERAL, runs, { count: String(calls.length), calls: list })];
}

export const featureMissing = defineRule({
  id: 'feature-missing',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'A program needs something that gVisor does not support',
  remedy: UNNAMED.remedy,
  needs: ['failures', 'tellings', 'refusals', 'runs'],
  sources: ['pkg/sentry/syscalls/linux/linux64.go; gvisor.dev/docs/user_guide/compatibility'],
  judge(products) {
    const { tellings, runs } = products;
    // Of a line whose words are known more is said elsewhere.
    const troubled = troubledPlaces(products);
    const complaints = tellingsOf(
      tellings,
      ['complaint'],
      ({ kind, evidence: { source, line, text } }) =>
        LOOSE.has(kind) && !troubled.has(`${source}:${line}`) && !OWN_STREAMS.test(text) && !OF_CRASH.test(text),
    );
    const found = new Map<Feature, { readonly calls: RefusedCall[]; readonly words: Telling[] }>();
    const entryOf = (feature: Feature) => {
      const entry = found.get(feature) ?? { calls: [], words: [] };
      found.set(feature, entry);
      return entry;
    };
    for (const call of refusedCalls(products, complaints.length > 0)) {
      const feature = troubleOf(call) === undefined ? featureOf(call) : undefined;
      if (feature !== undefined) entryOf(feature).calls.push(call);
    }
    for (const one of complaints) {
      const feature = FEATURES.find(({ words }) => words?.test(one.evidence.text) === true);
      if (feature !== undefined) entryOf(feature).words.push(one);
    }
    const matches: Match[] = [...found].map(([feature, { calls, words }]) => {
      const asTellings = calls.map((call) => ({ captures: {}, kind: 'syscall-exit' as const, ...call }));
      const [first, ...rest] = [...asTellings, ...words] as [Telling, ...Telling[]];
      const [call] = calls;
      const [first_ = '', second = '', third = ''] = feature.remedy;
      const match = matchOfTellings([first, ...rest], MISSING, runs, {
        feature: feature.name,
        call:
          call === undefined ? `: "${first.evidence.text.slice(0, 200)}"` : ` (${call.name} failed with ${call.errno})`,
        says: feature.says,
        short: call === undefined ? (first.captures['errno'] ?? '') : `${call.name}: ${call.errno}`,
        first: first_,
        second,
        third,
      });
      const isBoth = calls.length > 0 && words.length > 0;
      return {
        ...match,
        remedy: match.remedy.filter((one) => one !== ''),
        ...(isBoth ? { confidence: 'likely' as const } : {}),
      };
    });
    if (matches.length > 0) return verdictOf(regressionOf(ifInGvisor(matches, products), products));
    const exit = endingOf(products)?.exit;
    if (exit?.status === 0) return verdictOf(severalRefused(products));
    const [unnamed, ...others] = complaints.filter(({ captures }) =>
      /not implemented|ENOSYS/.test(captures['errno'] ?? ''),
    );
    if (unnamed === undefined) {
      const called = calledMatch(products, complaints);
      return verdictOf(regressionOf(called.length > 0 ? called : refusedMatch(complaints, products), products));
    }
    const values = { words: unnamed.evidence.text.slice(0, 200), short: unnamed.evidence.text.slice(0, 80) };
    return verdictOf(ifInGvisor([matchOfTellings([unnamed, ...others], UNNAMED, runs, values)], products));
  },
});
