/** A program touched memory that it may not, and nothing tells how it went on. */
import { endingOf } from '../endings.js';
import { defineRule, matchOf, tellingsOf, verdictOf, type Said } from '../rule.js';

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

/** A pointer whose bytes are letters was overwritten by text, or is none. */
function textIn(address: string): string {
  const bytes = [...Buffer.from(address.padStart(16, '0'), 'hex')].toReversed();
  const letters = bytes.filter((byte) => byte > 0x20 && byte < 0x7f).length;
  if (letters < 4) return '';
  return ` (its bytes are text: "${bytes.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}")`;
}

const FAULTED =
  /^(?:\[ *(?<task>[\d: ]+)\] )?Unhandled user fault: addr=(?:0x)?(?<address>[0-9a-f]{1,16}) ip=(?:0x)?(?<ip>[0-9a-f]{1,16}).*?(?:err=(?<error>.*))?$/m;

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
    const [failure] = faults;
    if (failure === undefined) return { state: 'clear' };
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
