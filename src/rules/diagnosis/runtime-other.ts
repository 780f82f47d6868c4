/** The runtime that failed is another one (runc, crun, youki, Kata, Sysbox): no log of runsc can tell more. */
import { OTHER_ERRORS } from '../../knowledge/runtimes.js';
import {
  defineRule,
  isWrittenByRunsc,
  matchOfTellings,
  tellingsOf,
  verdictOf,
  type Match,
  type Products,
  type Said,
} from '../rule.js';

const OTHER: Said = {
  title: 'The runtime that failed is {runtime}, not runsc: {short}',
  cause:
    'These are words of {runtime}, another container runtime: "{error}". That means {means}. runsc (gVisor) was not asked to start this container{inside}, so that no log of runsc is concerned.',
  confidence: 'likely',
  remedy: [
    '{remedy}',
    'If the container was meant to run in gVisor, choose the runtime: docker run --runtime=runsc, runtimeClassName of the pod, or the default runtime of the engine.',
    'If {runtime} runs inside of a gVisor sandbox (an engine in a container), treat it as a failing program there and look at its calls with --strace.',
  ],
};

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^runc$/, 'runc'],
  [/^k?r?crun$|^krun$/, 'crun'],
  [/^youki$/, 'youki'],
  [/^runv$/, 'runV'],
  [/^runnc$/, 'runnc (Nabla)'],
  [/^kata/, 'Kata Containers'],
  [/^sysbox/, 'Sysbox'],
];

const ASKED: Said = {
  title: '{runtime} was asked to start this container, not runsc: {short}',
  cause:
    'The command asks for the runtime {runtime}, and the engine passes on its error: "{error}". runsc (gVisor) had no part in it, so that no log of runsc is concerned.',
  confidence: 'likely',
  remedy: [
    'Look for the text, without paths and ids, in the issues of {runtime} and of the engine that wrote the spec for it.',
    'If the container was meant to run in gVisor, choose the runtime: docker run --runtime=runsc, runtimeClassName of the pod, or the default runtime of the engine.',
  ],
};

/** The command names another runtime, nothing names gVisor, and the engine passes an error on that no sentence of runsc's fits. */
function askedMatches({ tellings, failures: { failures }, runs }: Products): readonly Match[] {
  const [asked] = tellingsOf(tellings, ['other-asked']);
  if (asked === undefined || isWrittenByRunsc(runs) || tellings.signs.has('runsc-command')) return [];
  const passedOn = failures.find(
    ({ kind, known, evidence }) => kind === 'outside' && known === 'unknown-error' && OF_RUNTIME.test(evidence.text),
  );
  if (passedOn === undefined) return [];
  const name = asked.captures['runtime'] ?? '';
  const error = (passedOn.captures['cause'] ?? passedOn.error).replace(/: unknown\.?$/, '').slice(0, 400);
  return [
    matchOfTellings(
      [{ captures: {}, kind: 'text', evidence: passedOn.evidence, order: passedOn.order }, asked],
      ASKED,
      runs,
      {
        runtime: NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? name,
        error,
        short: error.slice(0, 120),
      },
    ),
  ];
}
const OF_RUNTIME = /OCI runtime \w+ failed|failed to (?:create|start) (?:shim|containerd|task)/;

export const runtimeOther = defineRule({
  id: 'runtime-other',
  severity: 'high',
  title: 'Another runtime than runsc failed',
  remedy: OTHER.remedy.slice(1),
  needs: ['failures', 'tellings', 'runs'],
  supersedes: ['unrecognised-error'],
  sources: ['opencontainers/runc libcontainer; containers/crun; youki; kata-containers; nestybox/sysbox'],
  judge(products) {
    const { tellings, runs } = products;
    const [first, ...rest] = tellingsOf(
      tellings,
      ['other-runtime'],
      (one) => one.kind !== 'warning' && one.kind !== 'fatal',
    );
    if (first === undefined) return verdictOf(askedMatches(products));
    const { text } = first.evidence;
    const name = first.captures['runtime'] ?? '';
    const runtime =
      NAMES.find(([pattern]) => pattern.test(name))?.[1] ??
      (/kata|qemu|QMP|grpc server|hypervisor|firecracker/i.test(text) ? 'Kata Containers' : 'runc');
    const error = (first.captures['error'] ?? text)
      .trim()
      .replace(/: unknown\.?$/, '')
      .slice(0, 400);
    const known = OTHER_ERRORS.find(({ pattern }) => pattern.test(text));
    const last = error.split(': ').at(-1) ?? error;
    return verdictOf([
      matchOfTellings([first, ...rest], OTHER, runs, {
        runtime,
        error,
        short: (error.length > 90 ? last : error).slice(0, 120),
        means: known?.means ?? 'what its last part says',
        remedy:
          known?.remedy ?? `Read the message from the right: its last part is what the host answered to ${runtime}.`,
        inside: runs.runs.length > 0 ? ', or only with the sandbox around it' : '',
      }),
    ]);
  },
});
