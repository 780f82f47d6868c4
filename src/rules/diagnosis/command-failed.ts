/** A command, or a call into the sandbox, failed; the record with the reason is not in the input. */
import { METHODS, PHASES } from '../../knowledge/phases.js';
import { replyOf } from '../../knowledge/replies.js';
import { SUBJECTS } from '../../knowledge/subjects.js';
import { subjectOfError } from '../about.js';
import { endingOf } from '../endings.js';
import type { Run } from '../../analyzers/runs.js';
import type { Captures } from '../../model/event.js';
import { defineRule, fill, matchOf, runOf, verdictOf, type Said } from '../rule.js';

const LOG = 'the debug log of the command itself, whole: its FATAL ERROR stands right before the line that it failed';

const USAGE: Said = {
  title: '{subject} was called in a way that it does not take{wrong}',
  cause:
    '{subject} ended with status 2, the answer to a wrong call (a missing id, an unknown flag behind the command, a value that a flag does not take), and printed its usage instead of an error.{called}',
  confidence: 'likely',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: ['Compare the call (the line Args of the banner) with runsc help {help} of this release.'],
  collect: ['what the command printed on stderr, and how it was called'],
};

const FAILED: Said = {
  title: 'A command of runsc failed, and the input does not hold its error',
  cause:
    'A command of runsc says that it failed (status {status}), and its error is not in the input: the record before it was left out, or stands on stderr or in log.json only.',
  confidence: 'possible',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: ['Collect what is listed and diagnose it together with this log.'],
  collect: [LOG],
};

/** What the sentry answers to an exec whose program it cannot start: all of it is about the container's files. */
const EXECS: readonly {
  readonly pattern: RegExp;
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
}[] = [
  {
    pattern: /error finding executable "?(?<name>[^"\s]+)"? in PATH \[(?<directories>[^\]]*)\]/,
    title: '{name} is not in PATH of the container',
    cause: 'none of the directories that PATH of the container names ({directories}) holds {name}',
    remedy:
      'Use exec with a program that the image has (many have /bin/sh but no bash, some no shell at all), or with its absolute path.',
  },
  {
    pattern: /failed to find initial working directory "?(?<name>[^"]+?)"?: (?<errno>.+)/,
    title: 'the working directory {name} is not there in the container',
    cause: 'in the file system of the container there is no directory {name} ({errno})',
    remedy: 'Correct the directory (--cwd of runsc exec, docker exec -w), or create it in the container first.',
  },
  {
    pattern: /failed to load (?<name>\S.*?): (?<errno>[a-z][a-z -]+)$/,
    title: '{name} cannot be loaded in the container: {errno}',
    cause: 'the program {name} could not be loaded from the file system of the container ({errno})',
    remedy: 'See whether {name}, and the interpreter that it needs, is in the container and has the x bit.',
  },
];

const EXEC: Said = {
  title: 'exec failed: {short}',
  cause:
    'A further program was to start in the running container (runsc exec, docker exec, kubectl exec), and the sandbox refused it: {means}. The container itself goes on running.',
  confidence: 'likely',
  tier: 'aftermath',
  leads: 'degraded',
  remedy: [],
};

/** Flags of `runsc exec`. */
const EXEC_FLAGS =
  'additional-gids cap console-socket cwd detach e env exec-fd internal-pid-file pass-fd pid-file process user'.split(
    ' ',
  );

/** What is wrong with the words behind the command, where that is known. */
function wrongCall(args: string, command: string): string {
  const words = args.split(' ');
  const own = words.slice(words.indexOf(command) + 1);
  if (own.length === 0) return ': it names no container';
  if (command !== 'exec') return '';
  for (const [index, word] of own.entries()) {
    if (!word.startsWith('-') || word === '--') break;
    const [flag = '', value = own[index + 1]] = word.replace(/^--?/, '').split('=');
    if (flag === 'user' && value !== undefined && !/^\d+(?::\d+)?$/.test(value))
      return `: --user takes numbers, UID or UID:GID, and no name like "${value}"`;
    if (!EXEC_FLAGS.includes(flag) && own[index - 1]?.startsWith('-') !== true)
      return `: "${word}" is no flag of runsc exec (it has ${EXEC_FLAGS.filter((one) => one.length > 1).join(', ')})`;
  }
  return '';
}

const CALL: Said = {
  title: 'The sandbox could not do what a command asked: {short}',
  cause:
    'The sandbox refused the call {method} of a command while {doing}: "{error}".{reply} {means}{about} Nothing else in the input says more.',
  confidence: 'possible',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: [],
  collect: [LOG],
};

const REFUSED_START = { tier: 'cause', leads: 'failed-start', severity: 'high' } as const;
const UPDATE =
  'Update runsc, and the shim with it: what the sandbox itself refuses with words that no document explains is often a defect that a later release mends.';

/** How the command was called, as the banner has it. */
function callOf(run: Run | undefined): Captures & { readonly wrong: string } {
  const command = run?.command ?? null;
  const args = run?.args ?? null;
  if (command === null) return { subject: 'A command of runsc', help: 'COMMAND', called: '', wrong: '' };
  const at = args === null ? -1 : ` ${args}`.indexOf(` ${command} `);
  return {
    subject: `runsc ${command}`,
    help: command,
    called: at < 0 ? '' : ` It was called as: ${(args as string).slice(at, at + 300)}.`,
    wrong: args === null ? '' : wrongCall(args, command),
  };
}

export const commandFailed = defineRule({
  id: 'command-failed',
  severity: 'medium',
  tier: 'symptom',
  leads: 'inconclusive',
  title: 'A command of runsc failed and its error is not in the input',
  remedy: FAILED.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/cli/main.go (Failure to execute command)', 'pkg/urpc/urpc.go (RPC call failed)'],
  judge(products) {
    const { failures, sentences, runs } = products;
    // Wherever an error stands, another rule speaks of it; and a program that ended was started.
    const hasError = failures.failures.some(({ kind }) => kind !== 'exit' && kind !== 'watchdog' && kind !== 'fault');
    if (hasError || endingOf(products) !== undefined) return { state: 'clear' };
    const call = sentences.get('control-call-failed')?.first[0] ?? sentences.get('call-failed')?.first[0];
    if (call !== undefined) {
      const { captures, evidence, pid } = call;
      const { error = '' } = captures;
      const method = (captures['method'] ?? '').replace(/^(?!\w+\.)/, 'containerManager.');
      const phase = PHASES[METHODS[method] ?? 'urpc'];
      const isExec = METHODS[method] === 'exec';
      const reply = isExec ? undefined : replyOf(error);
      const failure = { kind: 'outside' as const, known: 'call-failed', captures, error, evidence, pid, order: 0 };
      const known = isExec ? EXECS.find(({ pattern }) => pattern.test(error)) : undefined;
      if (known !== undefined) {
        const values = known.pattern.exec(error)?.groups ?? {};
        return verdictOf([
          matchOf({ failure, evidence: [evidence] }, { ...EXEC, remedy: [known.remedy] }, runs, {
            ...values,
            short: fill(known.title, values),
            means: fill(known.cause, values),
          }),
        ]);
      }
      const subject = SUBJECTS[subjectOfError(error)];
      const remedy = [
        ...(reply === undefined ? [] : [reply.check]),
        ...(subject?.checks ?? []),
        ...(phase?.checks ?? []),
        UPDATE,
      ];
      // a container that the sandbox refused to make or to start did not start, whatever else the command printed
      const isStart = /^containerManager\.(?:Start|Create)/.test(method);
      return verdictOf([
        matchOf({ failure, evidence: [evidence] }, { ...CALL, ...(isStart ? REFUSED_START : {}), remedy }, runs, {
          about: subject === undefined ? '' : ` ${subject.means}`,
          method,
          short: error.length > 160 ? `${error.slice(0, 159)}…` : error,
          error: error.slice(0, 400),
          doing: fill(phase?.doing ?? '', { method }),
          means: phase?.means ?? '',
          reply: reply === undefined ? '' : ` That means: ${reply.means}.`,
        }),
      ]);
    }
    const ended = failures.failures.find((one) => one.exit?.of === 'command-failure');
    if (ended === undefined) return { state: 'clear' };
    const status = ended.exit?.status ?? 1;
    const called = callOf(runOf(ended, runs));
    // where the call itself shows what is wrong, nothing is left to ask
    const usage: Said =
      called.wrong === '' ? USAGE : { ...USAGE, tier: 'aftermath', leads: 'failed-start', collect: [] };
    return verdictOf([
      matchOf({ failure: ended, evidence: [ended.evidence] }, status === 2 ? usage : FAILED, runs, {
        status: String(status),
        ...called,
      }),
    ]);
  },
});
