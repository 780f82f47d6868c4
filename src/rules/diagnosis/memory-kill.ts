/** The host's kernel killed the sandbox for memory, or an engine says so. */
import type { Telling, Tellings } from '../../analyzers/tellings.js';
import { isOfRunsc } from '../programs-of-runsc.js';
import { matchesOfSentences } from '../notes.js';
import { defineRule, matchOf, groupErrors, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const REMEDY = [
  'Raise the memory limit of the container or pod (docker run --memory, resources.limits.memory), or let the program use less: sentry, gofer and program share one limit, and files in a memory overlay or tmpfs count as well.',
  'dmesg of that moment lists what used the memory; kubectl top pod or docker stats shows how it grows.',
] as const;

const KILLED: Said = {
  title: 'The kernel killed {whom} for lack of memory',
  cause:
    'The kernel of the host ran the OOM killer {where} and killed {whom}. In gVisor the memory of the programs belongs to the sandbox process, so the kill takes the whole container or pod with it{end}.',
  why: 'runsc has no time to write a line: its logs stop in the middle, and engines see exit code 137 or 128.',
  remedy: REMEDY,
};

const TOLD: Said = {
  title: 'The container was ended for memory (OOMKilled)',
  cause:
    'The engine reports OOMKilled: the kernel killed a process of the container since its memory limit was reached. In gVisor that process is mostly the sandbox itself, which holds the memory of all programs in it.',
  confidence: 'likely',
  remedy: REMEDY,
};

const EVENT: Said = {
  title: 'The memory limit of container {container} was reached',
  cause:
    'The shim got the event of the kernel that the memory cgroup of container {container} ran into its limit. The kernel kills a process of the cgroup then, which is mostly the sandbox itself, since it holds the memory of all programs.',
  confidence: 'likely',
  remedy: REMEDY,
};

const SILENT: Said = {
  title: 'The container was killed from outside, exit code {code}',
  cause:
    'The container ended with exit code {code} and without a message: something killed its sandbox process. The memory limit of the container is the most frequent reason; nothing here proves it.',
  confidence: 'possible',
  severity: 'medium',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: ['Look whether the kernel killed it for memory (dmesg | grep -i oom); if so, raise the memory limit.'],
  collect: [
    'dmesg -T or journalctl -k of the host at that moment: lines with oom, Killed process, sig=31, fatal signal',
    'kubectl describe pod (Last State, Reason) or docker inspect (State.OOMKilled)',
  ],
};

/** Killed by name; a kill of another program of the host is none of ours. */
const concerns = ({ captures }: Telling): boolean =>
  captures['comm'] === undefined ||
  isOfRunsc(captures['comm']) ||
  /kubepods|docker|containerd|crio/.test(captures['cgroup'] ?? '');

/** Does the last command before a status run the container without runsc, for comparison with one that does? */
function isOfOtherRuntime({ evidence }: Telling, tellings: Tellings): boolean {
  const commands = tellingsOf(
    tellings,
    ['runsc-command', 'other-command'],
    (one) => one.evidence.source === evidence.source && one.evidence.line <= evidence.line,
  );
  return commands.at(-1)?.id === 'other-command' && tellings.signs.has('runsc-command');
}

export const memoryKill = defineRule({
  id: 'memory-kill',
  severity: 'high',
  leads: 'sandbox-crash',
  title: 'The container was killed for lack of memory',
  remedy: REMEDY,
  needs: ['failures', 'sentences', 'tellings', 'runs'],
  sources: ['Linux mm/oom_kill.c, mm/memcontrol.c', 'kubelet, containerd-shim-runsc-v1 (OOMKilled)'],
  judge({ failures, runs, sentences, tellings }) {
    const kills = tellingsOf(tellings, ['oom-kill', 'oom-cgroup', 'oom-killer']);
    const own = kills.filter(concerns);
    const codes = tellingsOf(
      tellings,
      ['exit-code', 'sandbox-changed'],
      (one) => !/139|159/.test(one.captures['code'] ?? ''),
    );
    const reasons = tellingsOf(tellings, ['oom-reason']);
    const named = own.find((one) => one.id === 'oom-kill') ?? own[0];
    if (named !== undefined) {
      const captures = Object.assign({}, ...own.toReversed().map((one) => one.captures)) as Telling['captures'];
      const isGroup = own.some(
        (one) => one.id === 'oom-cgroup' || /cgroup/i.test(`${one.captures['what']} ${one.captures['constraint']}`),
      );
      const isGlobal = !isGroup && own.some((one) => one.captures['what'] === 'Out of memory');
      const code = codes.find((one) => one.captures['code'] !== undefined)?.captures['code'];
      const comm = named.captures['comm'] ?? captures['comm'];
      const values = {
        whom: comm === undefined ? 'a process of the container' : `the process ${comm}`,
        where: isGlobal
          ? 'since the whole host had no memory left'
          : 'since the memory limit of the cgroup was reached',
        end: code === undefined ? '' : `; the engine reports exit code ${code}`,
      };
      const confidence = named.id === 'oom-kill' ? ('certain' as const) : ('likely' as const);
      return verdictOf([
        matchOfTellings([named, ...codes, ...reasons, ...own], { ...KILLED, confidence }, runs, values),
      ]);
    }
    // Others were killed; that this one was, too, the kernel does not say.
    const [reason, ...more] = reasons;
    if (reason !== undefined) return verdictOf([matchOfTellings([reason, ...more, ...codes], TOLD, runs)]);
    const [event] = groupErrors(failures, ({ known }) => known === 'shim-oom-event');
    if (event !== undefined) return verdictOf([matchOf(event, EVENT, runs)]);
    const [heard] = matchesOfSentences({ sentences, runs }, { 'shim-oom-event': EVENT });
    if (heard !== undefined) return verdictOf([heard]);
    const silent = codes.filter(
      (one) =>
        one.id === 'exit-code' && one.kind !== 'warning' && one.kind !== 'fatal' && !isOfOtherRuntime(one, tellings),
    );
    const [first, ...rest] = silent;
    if (first === undefined || tellings.signs.has('fatal-signal') || tellings.signs.has('seccomp-kill'))
      return { state: 'clear' };
    if (first.captures['code'] === '128' && !tellings.signs.has('sandbox-changed')) return { state: 'clear' };
    return verdictOf([matchOfTellings([first, ...rest, ...codes], SILENT, runs)]);
  },
});
