/** A fatal error that no other rule knows: its innermost part is quoted, with what runsc was doing when it came up. */
import { METHODS, PHASES, WORK, type Phase } from '../../knowledge/phases.js';
import { replyOf } from '../../knowledge/replies.js';
import { SUBJECTS, type Subject } from '../../knowledge/subjects.js';
import { subjectOfError } from '../about.js';
import { speakerOf, workOf } from '../../../grammars/work.js';
import type { Failure } from '../../analyzers/failures.js';
import { AROUND } from '../../knowledge/work.js';
import { defineRule, fill, groupErrors, isWrittenByRunsc, matchOf, runOf, verdictOf, type Said } from '../rule.js';

const REPORT =
  "Search github.com/google/gvisor/issues for the text without paths and ids, and tell runsight's issue tracker about it: it becomes a rule.";

const UNKNOWN: Said = {
  title: '{who} stopped: {short}',
  cause:
    '{who} gave up with the error "{cause}".{about}{reply} runsight has no rule for this text; it is the innermost part of the error, and the record beside it says the rest.',
  confidence: 'possible',
  remedy: [
    'Read the error from the right: the last part is what the host or the file system answered, the part before it says what runsc wanted to do.',
    REPORT,
  ],
  collect: [
    'the debug logs of all processes of this start (create or run, boot, gofer): --debug --debug-log=/tmp/runsc/ in the arguments of the runtime',
  ],
};

const WITHIN: Said = {
  title: '{who} stopped while {doing}: {short}',
  cause:
    '{who} gave up while {doing}, with the error "{within}". {means}{about}{reply} runsight has no rule for this text, so what stands behind it is for the checks below to find.',
  confidence: 'possible',
  remedy: [],
};

/** Words around an error that show that runsc was asked at all. */
const ASKED =
  /\b(?:oci|engine-exit|program|fatal|run|create|start|restore|exec|exec-command|start-root|start-sub|start-sandbox|create-sandbox|create-sub|create-gofer|client-sync|load|destroy|signal|pause|inspect|stop-sandbox|state-file|control|urpc|loader)\b/;

const BESIDE: Said = {
  title: '{who} reports an error while {doing}: {short}',
  cause: '{who} says "{cause}". {means}{reply} No rule knows this text, so it is quoted as it stands.',
  confidence: 'possible',
  remedy: [],
};

/** What an engine does by itself, before or beside runsc. */
function besideOf({ kind, captures: { wrappers = '', cause = '' }, error }: Failure): Phase | undefined {
  return kind !== 'outside' || ASKED.test(wrappers) ? undefined : AROUND[workOf(cause) ?? workOf(error) ?? ''];
}

/** What was being done, by its id in PHASES: the innermost wrapper that is known, else what the process is there for. */
function phaseOf(failure: Failure, command: string | null): string {
  const ids = (failure.captures['wrappers'] ?? '').split(' ');
  for (const id of ids.toReversed()) {
    const method = id === 'urpc' ? METHODS[failure.captures['method'] ?? ''] : undefined;
    if (PHASES[method ?? id] !== undefined) return method ?? id;
  }
  return WORK[command ?? ''] ?? '';
}

/** Phases whose own words say what the subject's would. */
const SAYS_ALREADY: Readonly<Record<string, string>> = {
  cgroup: 'cgroup',
  'cgroup-remove': 'cgroup',
  network: 'network',
  interfaces: 'network',
  address: 'network',
  'dev-weight': 'sysctl',
  platform: 'platform',
  'memory-file': 'memory',
  strace: 'strace',
  capabilities: 'capabilities',
  limits: 'rlimit',
  control: 'control-socket',
  load: 'state',
  flags: 'flags',
  annotations: 'spec',
  spec: 'spec',
  'call-self': 'start-process',
  'setup-mounts': 'mount',
  'mount-call': 'mount',
  'stat-call': 'mount',
  'mkdir-call': 'mount',
  mounts: 'mount',
  submount: 'mount',
  'root-overlay': 'mount',
};

/** What the error is about, by the words of its innermost parts. */
function aboutOf({ captures: { cause = '', within = '' }, error }: Failure, phase: string): Subject | undefined {
  const id = subjectOfError(cause || within || error);
  return SAYS_ALREADY[phase] === id ? undefined : SUBJECTS[id];
}

function speakerAt({ evidence, error }: Failure): string {
  const who = speakerOf(`${evidence.text} ${error}`, 'kubernetes');
  return who === 'runsc' ? who : `${who.slice(0, 1).toUpperCase()}${who.slice(1)}`;
}

/** Every runtime's error is passed on in the same words: where nothing names runsc, and no wrapper of its own is there, it may be another. */
function runtimeAt(failure: Failure, command: string | null, isNamed: boolean): string {
  const { kind, evidence, captures } = failure;
  const wrappers = captures['wrappers'] ?? '';
  if (kind !== 'outside' || /\brunsc\b|\bgvisor\b|FATAL ERROR: /i.test(evidence.text) || STARTS.test(wrappers))
    return `runsc ${command ?? ''}`.trim();
  if (!ASKED.test(wrappers)) return speakerAt(failure);
  return isNamed ? 'runsc' : 'The runtime (runsc, if the container is one of gVisor)';
}

/** An engine's words alone prove that something failed, and no more. */
const PASSED_ON = { tier: 'symptom', leads: 'inconclusive', severity: 'medium' } as const;

/** runsc's own chain around the error shows which command gave up. */
const STARTS = /\b(?:run|create|start|start-root|start-sub|create-sandbox|create-sub|create-gofer)\b/;
/** An engine says that a start failed, and quotes why. */
const START_FAILED = /OCI runtime (?:create|start) failed|failed to (?:create|start) (?:shim|containerd|task)/;
/** Commands on a container that is there, or should be, by what they say before the error. */
const ON_CONTAINER =
  /\b(?:load|destroy|signal|pause|inspect|stop-sandbox|wait-container|exec|exec-command|fetch-spec|cgroup-remove)\b|^(?:signal|kill|delet|destroy|stopp|wait|paus|resum|execut|gett|list|checkpoint)\w*\b/;

/** Does the text show that it was a start that failed? runsc's own last words do, but for those of commands on a container that stands. */
function isStart({ captures: { wrappers = '', cause = '' }, evidence: { text } }: Failure, isFatal: boolean): boolean {
  if (STARTS.test(wrappers) || START_FAILED.test(text)) return true;
  return isFatal && !ON_CONTAINER.test(wrappers) && !ON_CONTAINER.test(cause);
}

/** What only follows from something else. */
const FOLLOWING = new Set(['restart', 'cleanup', 'streams']);
const FOLLOWED = { tier: 'hint', leads: 'inconclusive', severity: 'info' } as const;

/** Commands on a container that is there, or should be: that they fail is seldom why it did not start. */
const TIDYING = new Set(['delete', 'kill', 'state', 'wait', 'events', 'ps', 'list', 'debug']);

export const unrecognisedError = defineRule({
  id: 'unrecognised-error',
  severity: 'high',
  title: 'runsc stopped with an error that no rule knows',
  remedy: UNKNOWN.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['runsc/cmd/util/util.go Fatalf (error.go until 2022)'],
  judge({ failures, tellings, runs }) {
    const isNamed = tellings.signs.has('runsc-command') || isWrittenByRunsc(runs);
    const isOwn = ({ kind }: Failure): boolean => kind === 'fatal' || kind === 'json-error';
    // What an engine passes on of an error is quoted where runsc's own record is not there.
    const isAlone = !failures.failures.some((one) => isOwn(one) || one.kind === 'panic');
    const groups = groupErrors(
      failures,
      (one) => one.known === 'unknown-error' && (isOwn(one) || (isAlone && one.kind === 'outside')),
    );
    return verdictOf(
      groups.map((group) => {
        const { cause = '', within = cause } = group.failure.captures;
        const command = runOf(group.failure, runs)?.command ?? null;
        const beside = besideOf(group.failure);
        const doing = phaseOf(group.failure, command);
        const phase = beside ?? PHASES[doing];
        const about = beside === undefined ? aboutOf(group.failure, doing) : undefined;
        const reply = replyOf(cause);
        const said: Said =
          phase === undefined
            ? { ...UNKNOWN, remedy: [...(about?.checks ?? []), ...UNKNOWN.remedy] }
            : {
                ...(beside === undefined ? WITHIN : BESIDE),
                remedy: [...(about?.checks ?? []), ...phase.checks, REPORT],
                collect: [phase.decides, ...(UNKNOWN.collect ?? [])],
              };
        const match = matchOf(
          group,
          reply === undefined ? said : { ...said, remedy: [reply.check, ...said.remedy] },
          runs,
          {
            who: beside === undefined ? runtimeAt(group.failure, command, isNamed) : speakerAt(group.failure),
            cause: cause.slice(0, 400),
            within: within.slice(0, 400),
            short: cause.slice(0, 120),
            doing: fill(phase?.doing ?? '', group.failure.captures).trim(),
            means: phase?.means ?? '',
            about: about === undefined ? '' : ` ${about.means}`,
            reply: reply === undefined ? '' : ` The answer "${reply.text}" means here: ${reply.means}.`,
          },
        );
        if (group.failure.kind === 'outside') {
          // runsc's own last words stand higher than what is said around them
          const isFatal = /\bFATAL ERROR: /.test(group.failure.evidence.text);
          const around = workOf(cause) ?? '';
          if (beside !== undefined && FOLLOWING.has(around)) return { ...match, ...FOLLOWED };
          return {
            ...match,
            ...PASSED_ON,
            ...(isFatal ? { severity: 'high' as const } : {}),
            ...(isStart(group.failure, isFatal) ? { leads: 'failed-start' as const } : {}),
          };
        }
        if (TIDYING.has(command ?? '')) return { ...match, tier: 'aftermath' as const, severity: 'medium' as const };
        // without the banner of the command its own words tell that it was none that starts
        return command === null && !isStart(group.failure, true)
          ? { ...match, tier: 'aftermath' as const, severity: 'medium' as const, leads: 'inconclusive' as const }
          : match;
      }),
    );
  },
});
