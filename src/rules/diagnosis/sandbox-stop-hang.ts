/** A container or pod sandbox does not end though it was told to: the engine gave up waiting. */
import type { Frame, Goroutine } from '../../analyzers/tellings.js';
import { frameText } from '../frames.js';
import { defineRule, fill, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const HANG: Said = {
  title: 'The sandbox does not stop: the engine timed out waiting for it',
  cause:
    'The engine told the {object} to stop and gave up waiting for it (deadline exceeded). The sandbox does not shut down: its sentry, its shim or a process in it hangs and does not react to the kill, or the file system or network below it does not answer. The pod stays in Terminating, and each retry runs into the same time limit.{stack}',
  confidence: 'likely',
  remedy: [
    'See on the node what is left: ps -ef | grep -E "runsc|containerd-shim". runsc --root ROOT debug --stacks ID shows where the sentry waits, if it still answers; keep that for a report.',
    'Kill the runsc-sandbox and runsc-gofer processes of this pod by hand, then its containerd-shim-runsc-v1; the engine cleans up at the next retry.',
    'Update runsc and its shim together: several such hangs at shutdown are mended in later releases. With --debug the boot and kill logs show how far the stop came.',
  ],
};

const IN_PLATFORM =
  ' The stack in the input shows a task that waits{minutes} in the platform {platform} ({frame}) for its stub, the thread that runs the code of the program: that one does not answer any more (an interrupt was lost, or the thread is gone), and whoever wants to stop or signal the container waits for this task in turn. That is a defect of runsc, not of the program.';

const PLATFORMS = new Set(['systrap', 'ptrace', 'kvm']);
const isInStub = ({ package: path, name }: Frame): boolean =>
  /platform\/(?:systrap|ptrace|kvm)/.test(path) && /sleepOnState|waitOnState|switchToApp|wait/i.test(name);
const waitOf = (one: Goroutine | undefined): string =>
  one === undefined || one.minutes === 0 ? '' : ` (for ${one.minutes} minutes)`;

export const sandboxStopHang = defineRule({
  id: 'sandbox-stop-hang',
  severity: 'high',
  leads: 'hang',
  title: 'The sandbox does not stop',
  remedy: HANG.remedy,
  needs: ['tellings', 'runs'],
  sources: ['kubelet (KillPodSandbox, KillContainer), containerd pkg/cri, moby daemon/kill.go, CRI-O'],
  judge({ tellings, runs }) {
    const [first, ...rest] = tellingsOf(tellings, ['stop-timeout']);
    if (first === undefined) return { state: 'clear' };
    const object = /sandbox/i.test(first.captures['what'] ?? '') ? 'pod sandbox' : 'container';
    const waiting = tellings.goroutines.find(({ frames }) => frames.some(isInStub));
    const frame = waiting?.frames.find(isInStub);
    const platform = frame?.package.split('/').find((part) => PLATFORMS.has(part)) ?? '';
    const stack =
      frame === undefined ? '' : fill(IN_PLATFORM, { platform, frame: frameText(frame), minutes: waitOf(waiting) });
    const telling = waiting === undefined ? [] : [{ captures: {}, kind: 'goroutines' as const, ...waiting }];
    return verdictOf([matchOfTellings([first, ...telling, ...rest], HANG, runs, { object, stack })]);
  },
});
