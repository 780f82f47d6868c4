/** The program in the container ran and ended with a status other than 0, or by a signal. */
import { signalName } from '../../../grammars/signals.js';
import { LAST_WORDS } from '../../knowledge/last-words.js';
import { CPU_LIMIT, SIGNAL_MEANINGS } from '../../knowledge/signals.js';
import type { SentSignal } from '../../analyzers/last-calls.js';
import { endingOf, endingSignal, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Products, type Said } from '../rule.js';

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

const SIGNAL: Said = {
  confidence: 'likely',
  title: 'The program was ended by signal {signal} ({name})',
  cause: 'The container started as it should; its program {program} was ended by signal {signal} ({name}){meaning}.',
  remedy: [],
};

const TOLD: Said = {
  confidence: 'likely',
  title: 'The program was told to end by signal {signal} ({name}) and ended with exit status {status}',
  cause:
    'The container ran as it should until somebody sent it signal {signal} ({name}: runsc kill, docker stop, or the end of a pod); its program {program} handled that and ended with exit status {status}.',
  remedy: [
    'If it was to be stopped, nothing is wrong; let the program end with status 0 on {name} if the engine should see a success.',
    'If not, find who sent the signal: the kill file beside this log has the time, the journal of the engine the reason.',
  ],
};

/** Statuses by which a shell passes on that a child was ended by a signal. */
const BY_SIGNAL = 128;
/** Signals that somebody sends; those of a crash are of the program's own making. */
const SENT_ON_PURPOSE = new Set([1, 2, 3, 9, 10, 12, 15]);
/** Sent to the group or to all. */
const isOf = (target: number, pid: number): boolean => target === pid || target <= 0 || target > 0x7fffffff;

const SENT_WITHIN =
  '{sender} sent it with {sending}: a process of the container, not the host. Find out why it does so (a supervisor, a health check, a script that ends its own shell).';

/** What shells and runtimes mean by some statuses. */
const MEANINGS: Readonly<Record<number, string>> = {
  125: ' (of Docker: the container could not be started)',
  126: ' (of a shell: the command was found and could not be executed)',
  127: ' (of a shell: a command was not found)',
  134: ' (128 + 6: a child ended by SIGABRT)',
  137: ' (128 + 9: a child was killed)',
  139: ' (128 + 11: a child crashed with SIGSEGV)',
  143: ' (128 + 15: a child ended by SIGTERM)',
};
/** Who in the container sent the signal that ended the program, or the child of which a shell passes the status on. */
function senderOf(
  { calls }: Pick<Products, 'calls'>,
  source: string,
  { status, signal }: { readonly status: number | null; readonly signal: number | null },
): SentSignal | undefined {
  const number = signal ?? (status !== null && status > BY_SIGNAL ? status - BY_SIGNAL : null);
  if (number === null || !SENT_ON_PURPOSE.has(number)) return undefined;
  const name = signalName(number);
  // the program itself has the pid 1
  return calls?.get(source)?.sent.findLast((one) => one.signal === name && (signal === null || isOf(one.target, 1)));
}

export const applicationExit = defineRule({
  id: 'application-exit',
  severity: 'high',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'The program in the container failed',
  remedy: STATUS.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/cmd/boot.go (application exiting with)', 'runsc/cli/main.go (Exiting with status)'],
  judge(products) {
    const failure = endingOf(products);
    const exit = failure?.exit;
    if (failure === undefined || exit === undefined)
      return { state: 'not-applicable', why: 'no record says how the program ended' };
    const { status, signal } = exit;
    if (status === 0 || (signal !== null && wasEnded(products, signal))) return { state: 'clear' };
    const args = products.runs.runs.find((run) => run.spec !== null && run.spec.args.length > 0)?.spec?.args ?? [];
    const program = args.length === 0 ? '(unnamed in this log)' : args.join(' ').slice(0, 120);
    const values = {
      status: String(status ?? ''),
      signal: String(signal ?? ''),
      name: signal === null ? '' : signalName(signal),
      program,
      end: status !== null ? `exit status ${status}` : `signal ${signal}`,
    };
    const faults = products.failures.failures.filter((one) => one.kind === 'fault').slice(-2);
    const told = status === null ? undefined : endingSignal(products);
    if (told !== undefined) {
      const more = { ...values, signal: String(told.signal), name: signalName(told.signal) };
      return verdictOf([matchOf({ failure, evidence: [failure.evidence, told.evidence] }, TOLD, products.runs, more)]);
    }
    const words = products.calls?.get(failure.evidence.source)?.words ?? [];
    const telling = words
      .toReversed()
      .flatMap((one) => LAST_WORDS.map((meaning) => ({ one, meaning, found: meaning.pattern.exec(one.text) })))
      .find(({ found }) => found !== null);
    if (telling !== undefined) {
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
      return verdictOf([matchOf({ failure, evidence: [one.evidence, failure.evidence] }, said, products.runs, more)]);
    }
    const sender = senderOf(products, failure.evidence.source, exit);
    const last = faults.length > 0 ? undefined : words.at(-1);
    const usedUp = signal === 9 ? products.sentences.get('cpu-time-used-up')?.first.slice(0, 1) : undefined;
    const evidence = [
      failure.evidence,
      ...(usedUp ?? []).map((one) => one.evidence),
      ...faults.map((one) => one.evidence),
      ...(sender === undefined ? [] : [sender.evidence]),
      ...(last === undefined ? [] : [last.evidence]),
    ] as const;
    const quoted = last === undefined ? '' : `; the last that it wrote was "${last.text.slice(0, 200)}"`;
    const meant = usedUp !== undefined ? CPU_LIMIT : SIGNAL_MEANINGS[signal ?? 0];
    const by =
      sender === undefined
        ? ''
        : `; ${sender.comm} [${sender.tgid}]${sender.tgid === sender.target ? ' itself' : ''} sent ${sender.signal} with ${sender.call}`;
    const meaning = (status !== null ? (MEANINGS[status] ?? '') : (meant?.meaning ?? '')) + by;
    const remedy = meant?.remedy ?? SIGNAL_MEANINGS[signal === 9 ? 9 : 15]?.remedy ?? [];
    const plain = signal !== null ? { ...SIGNAL, remedy } : STATUS;
    const said = sender === undefined ? plain : { ...plain, remedy: [SENT_WITHIN] };
    const more = {
      ...values,
      meaning: meaning + quoted,
      sender: sender === undefined ? '' : `${sender.comm} [${sender.tgid}]`,
      sending: sender?.call ?? '',
    };
    return verdictOf([matchOf({ failure, evidence }, said, products.runs, more)]);
  },
});
