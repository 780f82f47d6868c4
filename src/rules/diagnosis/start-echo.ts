/** Only an echo of a failed start is there: a process died, and the input does not hold the record that says why. */
import { ECHOES } from '../../knowledge/echoes.js';
import { defineRule, factsOf, groupErrors, matchOf, verdictOf, type Products, type Said } from '../rule.js';

const ECHO: Said = {
  title: 'The sandbox ended before it was ready; the input does not say why',
  cause:
    '{says} That is an echo: several different causes are known to end like this, and the record that names the cause is in another file ({missing}).',
  confidence: 'possible',
  remedy: ['Collect what is listed and diagnose it together with this log.'],
};

/** A control call broke off: what it was for, and what is known to end sandboxes there. */
const CALLS: Readonly<
  Record<string, { readonly title: string; readonly says: string; readonly remedy: readonly string[] }>
> = {
  'containerManager.Restore': {
    title: 'The sandbox died during the restore of the checkpoint; the input does not say why',
    says: 'The command asked the sandbox to restore the checkpoint (containerManager.Restore), and the sandbox process ended in the middle: a crash (panic) while the saved state is loaded, a kill for memory, or an image of another release or configuration.',
    remedy: [
      'Read the boot log of the restored sandbox to its end, and --panic-log: a crash leaves its stack there.',
      'Restore with the same runsc release, flags, config.json and kind of processor as at the checkpoint; update both sides to a newer release and make a new checkpoint if it crashes.',
    ],
  },
  'containerManager.Checkpoint': {
    title: 'The sandbox died while it was saved; the input does not say why',
    says: 'The command asked the sandbox for a checkpoint (containerManager.Checkpoint), and the sandbox process ended in the middle: an object that cannot be saved, a full disk, or a kill for memory.',
    remedy: ['Read the boot log to its end, and --panic-log; look at free space of the directory of the checkpoint.'],
  },
  'Network.CreateLinksAndRoutes': {
    title: 'The sandbox died while its network (links and routes) was set up; the input does not say why',
    says: 'The command handed the interfaces, links and routes of the network namespace to the sandbox (Network.CreateLinksAndRoutes), and the sandbox process ended in the middle. Kernels older than 4.14.77 end it there over segmentation offload (GSO); a refused system call (seccomp) and a crash over an unusual interface do so, too.',
    remedy: [
      'uname -r: with a kernel below 4.14.77 start runsc with --gso=false (runtimeArgs of Docker, runsc.toml), or use a newer kernel.',
      'Try --network=none or --network=host: if it starts, it is the set-up of links; then read the boot log to its end and ip -d addr of the namespace.',
    ],
  },
  'containerManager.StartRoot': {
    title: 'The sandbox died while it started the first container; the input does not say why',
    says: 'The command asked the sandbox to start the container (containerManager.StartRoot), and the sandbox process ended in the middle.',
    remedy: [],
  },
  'containerManager.StartSubcontainer': {
    title: 'The sandbox died while it started a further container; the input does not say why',
    says: 'The command asked the sandbox to start a further container of the pod (containerManager.StartSubcontainer), and the sandbox process ended in the middle.',
    remedy: [],
  },
};

/** What would decide, with the ids of this log. */
function collected({ runs }: Products, id: string): readonly string[] {
  const has = (command: string): boolean => runs.runs.some((run) => run.command === command);
  const name = id === '' ? 'this start' : `container ${id.slice(0, 12)}`;
  const files = ['boot', 'gofer'].filter((command) => !has(command));
  const steps: string[] = [];
  if (files.length > 0) {
    steps.push(
      `the debug log files of ${files.join(' and ')} of ${name} (runsc.log.*.${files.join('.txt, runsc.log.*.')}.txt), which stand beside that of create or run; if there are none, add --debug --debug-log=/tmp/runsc/ to the arguments of the runtime and start again`,
    );
  } else
    steps.push(
      `the output of runsc on stderr and log.json of ${name}: a process can die before it writes its debug log`,
    );
  steps.push(
    'dmesg | tail -50 and the journal at that time: OOM killer, seccomp (SIGSYS) and crashes leave no line in a log of runsc',
  );
  steps.push('runsc --version, uname -a and sysctl kernel.yama.ptrace_scope user.max_user_namespaces of the host');
  return steps;
}

export const startEcho = defineRule({
  id: 'start-echo',
  severity: 'medium',
  tier: 'symptom',
  leads: 'inconclusive',
  title: 'A start failed and the cause is in another file',
  remedy: ECHO.remedy,
  needs: ['failures', 'runs'],
  sources: [
    'runsc/sandbox/sandbox.go waitForStart (waiting for sandbox to start: EOF)',
    'runsc/cmd/boot.go (Error reading mounts file)',
    'pkg/urpc',
  ],
  judge(products) {
    const { failures, runs } = products;
    const groups = groupErrors(
      failures,
      ({ known }) => known !== null && ECHOES[known] !== undefined && ECHOES[known].quiet !== true,
    );
    return verdictOf(
      groups.map((group) => {
        const { id = '' } = factsOf(group.failure, runs);
        const missing = ['gofer', 'boot'].filter((command) => !runs.runs.some((run) => run.command === command));
        const call = CALLS[/^(\w+)\.(\w+)/.exec(group.failure.captures['method'] ?? '')?.[0] ?? ''];
        const said =
          call === undefined ? ECHO : { ...ECHO, title: call.title, remedy: [...call.remedy, ...ECHO.remedy] };
        const match = matchOf(group, said, runs, {
          says: call?.says ?? ECHOES[group.failure.known ?? '']?.says ?? '',
          missing: missing.length === 0 ? 'or was never written' : `that of ${missing.join(' or ')}`,
        });
        return { ...match, collect: collected(products, id) };
      }),
    );
  },
});
