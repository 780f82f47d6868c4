/** The program in the container ran and ended with a status other than 0, or by a signal. */
import { signalName } from '../../../grammars/signals.js';
import { LAST_WORDS } from '../../knowledge/last-words.js';
import { CPU_LIMIT, SIGNAL_MEANINGS } from '../../knowledge/signals.js';
import type { Failure } from '../../analyzers/failures.js';
import type { Captures } from '../../model/event.js';
import { areLast, isTraced, lastComplaint, objectOf } from '../complaints.js';
import { BY_SIGNAL, endingOf, endingSignal, isStopped, senderOf, SOON, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Match, type Products, type Said } from '../rule.js';

const STATUS: Said = {
  confidence: 'likely',
  title: 'The program ended with exit status {status}',
  cause:
    'The container started as it should; its program {program} ended by itself with exit status {status}{meaning}.',
  remedy: [
    'Read what the program printed before it ended (docker logs, kubectl logs).',
    'If that is not enough, run it with --strace and --debug and look at the last failing calls before exit_group: runsight summary shows which calls failed on which files.',
  ],
};

/** Of a log that holds the calls. */
const TRACED_REMEDY = [
  'Read what the program printed before it ended (docker logs, kubectl logs).',
  'If that is not enough, look at the last failing calls before exit_group: runsight summary --by errno shows which calls failed on which files.',
];

const SIGNAL: Said = {
  confidence: 'likely',
  title: 'The program was ended by signal {signal} ({name})',
  cause: 'The container started as it should; its program {program} was ended by signal {signal} ({name}){meaning}.',
  remedy: [],
};

/** The status is that of the end by this signal, or the signal itself ended it. */
const OPERATED: Said = {
  confidence: 'likely',
  severity: 'info',
  tier: 'note',
  life: 'ended by its operator ({name}); nothing failed',
  title: 'The container was ended by its operator: signal {signal} ({name})',
  cause:
    'The container ran until whoever runs it sent it signal {signal} ({name}: runsc kill, docker stop, the end of a pod), and ended with {end}, as is usual for that. It did not fail by itself.',
  remedy: [
    'Nothing is wrong if it was to be stopped. If not, find who sent the signal: the log of runsc kill beside this one has the time, the journal of the engine the reason.',
  ],
};

const TOLD: Said = {
  confidence: 'likely',
  severity: 'medium',
  leads: 'degraded',
  title: 'The program was told to end by signal {signal} ({name}) and ended with exit status {status}',
  cause:
    'The container ran as it should until somebody sent it signal {signal} ({name}: runsc kill, docker stop, or the end of a pod); its program {program} handled that and ended with exit status {status}, which says more than that it was told to end ({usual} would say that).',
  remedy: [
    'If it was to be stopped, nothing is wrong but its status; let the program end with status 0 on {name} if the engine should see a success.',
    'If not, find who sent the signal: the kill file beside this log has the time, the journal of the engine the reason.',
  ],
};

/** It may have taken so long to finish, and it may have ignored the signal and failed later. */
const TOLD_LONG_BEFORE: Said = {
  ...TOLD,
  confidence: 'possible',
  title:
    'The program ended with exit status {status}, {seconds} s after it was told to end by signal {signal} ({name})',
  cause:
    'The container ran as it should until somebody sent it signal {signal} ({name}: runsc kill, docker stop, or the end of a pod). Its program {program} ended with exit status {status} {seconds} s later: it may have handled the signal and taken so long to finish, and it may have ignored it and failed by itself. {usual} would say that it was told to end.',
};

const SENT: Said = {
  confidence: 'likely',
  title: '{deed}',
  cause:
    'The container started as it should; then {sender} sent {sent} with {sending}, and its program {program} ended with {end}. A process of the container did that, not the host, and nothing crashed{quoted}.',
  remedy: [
    'Find out why {sender} does so (a supervisor, a health check, a time-out, a script that ends its own shell).',
  ],
};

/** What shells and runtimes mean by some statuses. */
const MEANINGS: Readonly<Record<number, string>> = {
  125: ' (of Docker: the container could not be started)',
  126: ' (of a shell: the command was found and could not be executed)',
  127: ' (of a shell: a command was not found)',
  134: ' (128 + 6: what a shell gives for a child that SIGABRT ended)',
  137: ' (128 + 9: what a shell gives for a child that was killed)',
  139: ' (128 + 11: what a shell gives for a child that SIGSEGV ended)',
  143: ' (128 + 15: what a shell gives for a child that SIGTERM ended)',
};

type Ending = Failure & { readonly exit: NonNullable<Failure['exit']> };

/** The last words of the program, where they are known to say why it ended. */
function knownWords(products: Products, ending: Ending, values: Captures): Match | undefined {
  if (senderOf(products, ending) !== undefined) return undefined;
  const words = products.calls?.get(ending.evidence.source)?.words ?? [];
  const telling = words
    .toReversed()
    .flatMap((one) => LAST_WORDS.map((meaning) => ({ one, meaning, found: meaning.pattern.exec(one.text) })))
    .find(({ one, found }) => found !== null && areLast(one, words, ending, products));
  if (telling === undefined) return undefined;
  const { one, meaning, found } = telling;
  const said: Said = {
    title: meaning.title,
    cause: `The container started as it should; then {program} ended with {end}: ${meaning.cause}. It says: "{words}".`,
    remedy: meaning.remedy,
    confidence: 'likely',
  };
  const isolated = products.runs.runs.some((run) => run.config['Network'] === 'none');
  const more = {
    ...values,
    ...found?.groups,
    words: one.text.slice(0, 200),
    network: isolated ? ': this sandbox runs with --network=none, which reaches no name server' : '',
    without: isolated ? ' without a network' : '',
  };
  return matchOf({ failure: ending, evidence: [one.evidence, ending.evidence] }, said, products.runs, more);
}

/** Standard output that the next program of a pipeline reads: nobody sees it. */
const TO_ANOTHER = /\bwritev?\((?:0x)?1 pipe:/;

/** How the program ended, who sent the signal, what it wrote last, and what it complained of before: as far as the log shows. */
function plainMatch(products: Products, ending: Ending, values: Captures): Match {
  const { status, signal } = ending.exit;
  const faults = products.failures.failures.filter((one) => one.kind === 'fault').slice(-2);
  const words = products.calls?.get(ending.evidence.source)?.words ?? [];
  const seen = words.findLast(({ evidence: { text } }) => !TO_ANOTHER.test(text)) ?? words.at(-1);
  const last = faults.length > 0 ? undefined : seen;
  const quoted = last === undefined ? '' : `; the last that it wrote was "${last.text.slice(0, 200)}"`;
  const sender = senderOf(products, ending);
  if (sender !== undefined) {
    const who = `${sender.comm} [${sender.tgid}]`;
    const isItself = signal !== null && (sender.isOwn || sender.tgid === 1);
    return matchOf(
      { failure: ending, evidence: [sender.evidence, ending.evidence, ...(last === undefined ? [] : [last.evidence])] },
      SENT,
      products.runs,
      {
        ...values,
        deed: isItself
          ? `The program ended itself with ${sender.signal}`
          : `${who}, a process of the container, ended the program with ${sender.signal}`,
        sender: isItself ? `${who} itself` : who,
        sent: sender.signal,
        sending: sender.call,
        quoted,
      },
    );
  }
  const usedUp = signal === 9 ? products.sentences.get('cpu-time-used-up')?.first.slice(0, 1) : undefined;
  const meant = usedUp !== undefined ? CPU_LIMIT : SIGNAL_MEANINGS[signal ?? 0];
  // runsc records each fault of memory: without one the signal was sent, or the processor refused the instruction
  const isUnproven = FAULTING.has(signal ?? 0) && faults.length === 0 && products.sentences.has('signal-terminates');
  const meaning = isUnproven ? UNPROVEN : status !== null ? (MEANINGS[status] ?? '') : (meant?.meaning ?? '');
  const remedy = meant?.remedy ?? SIGNAL_MEANINGS[signal === 9 ? 9 : 15]?.remedy ?? [];
  const before = lastComplaint(products);
  const isBefore = before?.isLast === false && before.words !== undefined;
  const evidence = [
    ending.evidence,
    ...(usedUp ?? []).map((one) => one.evidence),
    ...faults.map((one) => one.evidence),
    ...(isBefore ? [before.call.evidence] : []),
    ...(last === undefined ? [] : [last.evidence]),
  ] as const;
  const unsaid = isBefore ? undefined : words.find((one) => one !== last && isKnown(one.text));
  const earlier = isBefore
    ? `. Before that ${before.words?.comm} complained of a failed call: "${before.words?.text.slice(0, 160)}" (${before.call.name} of ${objectOf(before.call) || 'what it asked for'}: errno ${before.call.errno}); ${UNRELATED}`
    : unsaid === undefined
      ? ''
      : `. Before that ${unsaid.comm} wrote "${unsaid.text.slice(0, 160)}"; ${UNRELATED}`;
  return matchOf(
    { failure: ending, evidence },
    {
      ...(signal !== null ? { ...SIGNAL, remedy } : isTraced(products) ? { ...STATUS, remedy: TRACED_REMEDY } : STATUS),
      ...(isUnproven ? { confidence: 'possible' as const } : {}),
    },
    products.runs,
    { ...values, meaning: meaning + quoted + earlier },
  );
}

const UNRELATED = 'whether the end follows from it the log does not show';
const isKnown = (text: string): boolean => LAST_WORDS.some(({ pattern }) => pattern.test(text));

/** SIGSEGV and SIGBUS. */
const FAULTING = new Set([7, 11]);
const UNPROVEN =
  '. runsc records no fault of memory beside it, so that it was probably sent by a process (kill, raise); a fault without an address, as a bad pointer beyond the address space gives, leaves no record either. A trace (--strace) shows a kill call';

export const applicationExit = defineRule({
  id: 'application-exit',
  severity: 'high',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'The program in the container failed',
  remedy: STATUS.remedy,
  needs: ['failures', 'sentences', 'runs', 'faults'],
  sources: ['runsc/cmd/boot.go (application exiting with)', 'runsc/cli/main.go (Exiting with status)'],
  judge(products) {
    const failure = endingOf(products);
    const exit = failure?.exit;
    if (failure === undefined || exit === undefined)
      return { state: 'not-applicable', why: 'no record says how the program ended' };
    const { status, signal } = exit;
    const ending = { ...failure, exit };
    const args = products.runs.runs.find((run) => run.spec !== null && run.spec.args.length > 0)?.spec?.args ?? [];
    const program = args.length === 0 ? '(unnamed in this log)' : args.join(' ').slice(0, 120);
    const values = {
      status: String(status ?? ''),
      signal: String(signal ?? ''),
      name: signal === null ? '' : signalName(signal),
      program,
      end: status !== null ? `exit status ${status}` : `signal ${signal}`,
    };
    const told = wasEnded(products, signal) ? endingSignal(products, exit) : undefined;
    if (told !== undefined) {
      const number = signal ?? told.signal;
      const more = {
        ...values,
        signal: String(number),
        name: signalName(number),
        seconds: (told.millisBefore / 1000).toFixed(0),
        usual: `status 0 or ${BY_SIGNAL + told.signal}`,
      };
      return verdictOf([
        matchOf(
          { failure, evidence: [failure.evidence, told.evidence] },
          isStopped(products, exit) ? OPERATED : told.millisBefore > SOON ? TOLD_LONG_BEFORE : TOLD,
          products.runs,
          more,
        ),
      ]);
    }
    if (status === 0 || (signal !== null && wasEnded(products, signal))) return { state: 'clear' };
    return verdictOf([knownWords(products, ending, values) ?? plainMatch(products, ending, values)]);
  },
});
