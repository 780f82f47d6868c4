/** A program touched memory that it may not, and nothing tells how it went on. */
import { endingOf } from '../endings.js';
import type { Failure } from '../../analyzers/failures.js';
import {
  defineRule,
  matchOf,
  matchOfTellings,
  tellingsOf,
  verdictOf,
  type Products,
  type RuleVerdict,
  type Said,
} from '../rule.js';

const FAULT: Said = {
  title: 'A program touched the address {address}, which it may not use',
  cause:
    "A program in the sandbox (task {task}) accessed the address {address}{text}, where it has no memory ({error}), at the instruction {ip}{arch}. Such a fault is the program's own if it happens with runc as well. If only gVisor shows it, the registers were not what the program left in them: {blame}.",
  confidence: 'possible',
  remedy: [
    'Run the same image with runc: if it faults there, too, debug the program.',
    'If not, update runsc, and try another platform (--platform=systrap or kvm instead of ptrace): on arm64 a defect of ptrace in the kernel corrupted a register of the program, which runsc works around since late January 2021.',
    'A newer kernel of the host helps where the platform depends on its ptrace.',
  ],
};

const DIED: Said = {
  title: 'The program died in the sandbox: {signal}',
  cause:
    'A program that was started with gVisor{runtime} ended with "{signal}": it touched memory or ran an instruction that it may not, or gave itself up (Aborted, SIGABRT) since something was not as it must be. If it runs well with runc, the sandbox gave it something that it did not expect: registers or memory that the platform did not restore, or a system call that answers otherwise.',
  confidence: 'possible',
  remedy: [
    'Run the same image with runc: if it dies there, too, debug the program.',
    'If not, try another platform (--platform=systrap instead of kvm or ptrace; kvm inside a virtual machine is the usual suspect), and update runsc.',
    'Run it with --debug --strace: the record "Unhandled user fault" names address and instruction, and the calls before it are what the program stumbled over. Report that with uname -a and the image.',
  ],
};

/** What stands behind `--runtime=` where the program was started. */
const RUNTIME = /--runtime[= ]["']?(?<runtime>[\w.-]{1,64})/;

/** A pointer whose bytes are letters was overwritten by text, or is none. */
function textIn(address: string): string {
  const bytes = [...Buffer.from(address.padStart(16, '0'), 'hex')].toReversed();
  const letters = bytes.filter((byte) => byte > 0x20 && byte < 0x7f).length;
  if (letters < 4) return '';
  return ` (its bytes are text: "${bytes.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}")`;
}

const FAULTED =
  /^(?:\[ *(?<task>[\d: ]+)\] )?Unhandled user fault: addr=(?:0x)?(?<address>[0-9a-f]{1,16}) ip=(?:0x)?(?<ip>[0-9a-f]{1,16}).*?(?:err=(?<error>[^`]*))?`*$/m;

/** The record without its header, as people quote it. */
function toldFault({ tellings }: Products): Failure | undefined {
  const [told] = tellingsOf(tellings, ['fault-told'], ({ kind }) => kind === 'text' || kind === 'continuation');
  if (told === undefined) return undefined;
  const { evidence, captures, order } = told;
  const error = evidence.text.slice(evidence.text.indexOf('Unhandled'));
  return { kind: 'fault', known: null, captures, error, evidence, pid: null, order };
}

/** A shell says that a program died, behind a command that starts it with gVisor. */
function toldDeath({ failures, tellings, runs }: Products): RuleVerdict {
  const [died, ...more] = tellingsOf(tellings, ['program-died'], ({ kind }) => kind === 'text');
  const [command] = tellingsOf(tellings, ['runsc-command']);
  const isElse = runs.runs.length > 0 || failures.failures.some((one) => one.kind === 'panic');
  if (died === undefined || command === undefined || isElse) return { state: 'clear' };
  const runtime = RUNTIME.exec(command.evidence.text)?.groups?.['runtime'];
  return verdictOf([
    matchOfTellings([died, ...more, command], DIED, runs, {
      signal: died.captures['signal'] ?? '',
      runtime: runtime === undefined ? '' : ` (runtime ${runtime})`,
    }),
  ]);
}

export const userFault = defineRule({
  id: 'user-fault',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'A program touched memory that it may not use',
  remedy: FAULT.remedy,
  needs: ['failures', 'sentences', 'tellings', 'runs'],
  sources: ['pkg/sentry/kernel/task_run.go (Unhandled user fault)'],
  judge(products) {
    const { failures, tellings, runs } = products;
    const faults = failures.failures.filter((one) => one.kind === 'fault');
    const [failure = toldFault(products)] = faults;
    if (failure === undefined) return toldDeath(products);
    // How the application ended is told by another rule, with this fault in it.
    const ending = endingOf(products)?.exit;
    if (ending !== undefined || runs.runs.some((run) => run.exit !== null)) return { state: 'clear' };
    const groups = FAULTED.exec(failure.error)?.groups ?? {};
    const address = groups['address'] ?? '';
    const arm = tellingsOf(tellings, ['arm64-registers'])[0];
    const platform = runs.runs.find((run) => run.config['Platform'] !== undefined)?.config['Platform']?.trim();
    const isArm = arm !== undefined || runs.runs.some((run) => run.config['GOARCH'] === 'arm64');
    const values = {
      task: (groups['task'] ?? '?').trim(),
      address: `0x${address}`,
      text: textIn(address),
      ip: `0x${groups['ip'] ?? ''}`,
      error: (groups['error'] ?? 'bad address').trim(),
      arch: `${isArm ? ' (arm64)' : ''}${platform === undefined ? '' : `, platform ${platform}`}`,
      blame: isArm
        ? 'on arm64 the platform, mostly ptrace, may restore them wrong'
        : 'the platform (systrap, ptrace) saves and restores them at each system call',
    };
    const evidence = [
      failure.evidence,
      ...faults.slice(1, 3).map((one) => one.evidence),
      ...(arm === undefined ? [] : [arm.evidence]),
    ];
    return verdictOf([
      matchOf(
        { failure, evidence: evidence as [typeof failure.evidence, ...(typeof failure.evidence)[]] },
        FAULT,
        runs,
        values,
      ),
    ]);
  },
});
