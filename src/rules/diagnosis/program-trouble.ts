/** A program, a tool or its user says words whose meaning in gVisor is known. */
import { OF_V8 } from '../../../grammars/messages.js';
import { TROUBLES, type Trouble } from '../../knowledge/troubles.js';
import type { RefusedCall } from '../../analyzers/refusals.js';
import type { Telling } from '../../analyzers/tellings.js';
import { refusedCalls } from '../complaints.js';
import { regressionOf } from '../hindsight.js';
import { endingOf } from '../endings.js';
import { isBorrowed } from './sentry-panic.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Match, type Products } from '../rule.js';

const LOOSE = new Set([
  'text',
  'stderr',
  'continuation',
  'native-note',
  'docker',
  'kubernetes',
  'goroutines',
  'warning',
]);
const OF_PROGRAM = new Set(['text', 'stderr', 'continuation', 'native-note']);
/** Of engines, runsc and kernels: their errors are other rules' affair. */
const OF_RUNTIME =
  /runsc\b.{0,80}(?:failed|error)|OCI runtime|rpc error|\bkubelet(?:\[|,)|plugin type=|\bcni\b|creating container|starting container|running container|fork\/exec|containerd-shim|\bpanic:|\blevel=|seccomp failed|SaverLoader|^\s{0,16}(?:gvisor\.dev|pkg\/|runsc\/)|\.go:\d+ \+0x/;
const FATAL_OF_RUNTIME = new RegExp(`FATAL ERROR(?!: ${OF_V8})`);
/** Told by runsc or the kernel itself. */
const OWN = new Set(['trouble-gpu-mapping', 'trouble-host-denied']);
/** What the network of a pod or container is reached by from outside: engines speak of it. */
const OF_ENGINES = new Set([
  'trouble-port-forward',
  'trouble-copied-out',
  'trouble-socket-mounted',
  'trouble-gpu-driver',
]);

/** Does a line speak of a program's trouble, and not of how runsc fared? */
export function isOfProgram(id: string, { kind, evidence: { text } }: Telling): boolean {
  if (OWN.has(id)) return true;
  if (kind === 'panic') return isBorrowed(text);
  if (!LOOSE.has(kind) || kind === 'warning') return false;
  return OF_ENGINES.has(id) || (OF_PROGRAM.has(kind) && !OF_RUNTIME.test(text) && !FATAL_OF_RUNTIME.test(text));
}

/** Places of lines that a known trouble is told in: what is said of them in general says less. */
export function troubledPlaces({ tellings }: Products): ReadonlySet<string> {
  return new Set(
    Object.keys(TROUBLES)
      .filter((id) => TROUBLES[id]?.beside === undefined)
      .flatMap((id) => tellingsOf(tellings, [id], (one) => isOfProgram(id, one)))
      .map(({ evidence }) => `${evidence.source}:${evidence.line}`),
  );
}

/** The trouble that a refused call of a trace shows. */
export function troubleOf({ name, args, errno }: Pick<RefusedCall, 'name' | 'args' | 'errno'>): string | undefined {
  return Object.keys(TROUBLES).find((id) =>
    TROUBLES[id]?.calls?.some(
      (one) => one.name.test(name) && one.errnos.split(' ').includes(errno) && one.args?.test(args) !== false,
    ),
  );
}

/** A message of a program says more than what its user says of it. */
const PROGRAM = /^\s{0,16}\S{1,64}(?: \S{1,64}){0,3}: |\b(?:Error|ERROR|error|Exception): |`[^`]{4,200}`/;

function matchesOf(id: string, trouble: Trouble, products: Products): readonly Match[] {
  const { tellings, runs } = products;
  const words = tellingsOf(tellings, [id], (one) => isOfProgram(id, one));
  const refused = refusedCalls(products, words.length > 0)
    .filter((call) => troubleOf(call) === id)
    .map((call) => ({ captures: { call: call.name }, kind: 'syscall-exit' as const, id, ...call }));
  const [first, ...rest] = [
    ...refused,
    ...words.toSorted((a, b) => Number(PROGRAM.test(b.evidence.text)) - Number(PROGRAM.test(a.evidence.text))),
  ];
  if (first === undefined) return [];
  const beside = tellingsOf(tellings, trouble.beside ?? []);
  if (trouble.beside !== undefined && beside.length === 0) return [];
  const backing = tellingsOf(tellings, trouble.backed ?? []);
  const { title, cause, remedy, leads, tier, collect } = trouble;
  // with the call itself in hand, and a program that ended over it, it stands before the words of how the program ended
  const severity = refused.some(({ wentOn }) => !wentOn) ? ('high' as const) : trouble.severity;
  const isBoth = (refused.length > 0 && words.length > 0) || backing.length > 0;
  return [
    matchOfTellings(
      [first, ...backing, ...rest, ...beside],
      {
        title,
        cause: `"{words}". ${cause}`,
        remedy,
        confidence: trouble.confidence ?? (isBoth ? 'likely' : 'possible'),
        ...(leads === undefined ? {} : { leads }),
        ...(tier === undefined ? {} : { tier }),
        ...(collect === undefined ? {} : { collect }),
        ...(severity === undefined ? {} : { severity }),
      },
      runs,
      { words: first.evidence.text.slice(0, 240) },
    ),
  ];
}

export const programTrouble = defineRule({
  id: 'program-trouble',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'A program met what gVisor does otherwise than Linux',
  remedy: ['What is to be done depends on the words: the finding says it for each of them.'],
  needs: ['failures', 'tellings', 'refusals', 'runs'],
  sources: ['gvisor.dev/docs/user_guide (compatibility, FAQ, networking, filesystem, rootless, gpu); pkg/sentry'],
  judge(products) {
    // A program that ended well has dealt with it.
    const exit = endingOf(products)?.exit;
    if (exit !== undefined && exit.signal === null && exit.status === 0) return { state: 'clear' };
    // A line that means two things means the first, the narrower one.
    const claimed = new Set<string>();
    const matches = Object.entries(TROUBLES)
      .flatMap(([id, trouble]) => matchesOf(id, trouble, products))
      .filter(({ evidence: [{ source, line }] }) => {
        const place = `${source}:${line}`;
        return !claimed.has(place) && claimed.add(place);
      });
    return verdictOf(regressionOf(matches, products));
  },
});
