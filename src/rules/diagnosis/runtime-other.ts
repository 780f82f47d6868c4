/** The runtime that failed is another one (runc, crun, youki, Kata, Sysbox): no log of runsc can tell more. */
import { OTHER_ERRORS } from '../../knowledge/runtimes.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

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

export const runtimeOther = defineRule({
  id: 'runtime-other',
  severity: 'high',
  title: 'Another runtime than runsc failed',
  remedy: OTHER.remedy.slice(1),
  needs: ['failures', 'tellings', 'runs'],
  sources: ['opencontainers/runc libcontainer; containers/crun; youki; kata-containers; nestybox/sysbox'],
  judge({ tellings, runs }) {
    const [first, ...rest] = tellingsOf(
      tellings,
      ['other-runtime'],
      (one) => one.kind !== 'warning' && one.kind !== 'fatal',
    );
    if (first === undefined) return { state: 'clear' };
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
