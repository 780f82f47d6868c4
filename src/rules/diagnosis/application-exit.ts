/** The program in the container ran and ended with a status other than 0, or by a signal. */
import { signalName } from '../../../grammars/signals.js';
import { LAST_WORDS } from '../../knowledge/last-words.js';
import { CPU_LIMIT, SIGNAL_MEANINGS } from '../../knowledge/signals.js';
import { endingOf, endingSignal, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

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
    const last = faults.length > 0 ? undefined : words.at(-1);
    const usedUp = signal === 9 ? products.sentences.get('cpu-time-used-up')?.first.slice(0, 1) : undefined;
    const evidence = [
      failure.evidence,
      ...(usedUp ?? []).map((one) => one.evidence),
      ...faults.map((one) => one.evidence),
      ...(last === undefined ? [] : [last.evidence]),
    ] as const;
    const quoted = last === undefined ? '' : `; the last that it wrote was "${last.text.slice(0, 200)}"`;
    const meant = usedUp !== undefined ? CPU_LIMIT : SIGNAL_MEANINGS[signal ?? 0];
    const meaning = status !== null ? (MEANINGS[status] ?? '') : (meant?.meaning ?? '');
    const said = signal !== null ? { ...SIGNAL, remedy: meant?.remedy ?? SIGNAL_MEANINGS[9]?.remedy ?? [] } : STATUS;
    return verdictOf([matchOf({ failure, evidence }, said, products.runs, { ...values, meaning: meaning + quoted })]);
  },
});
