/** A container or pod sandbox does not end though it was told to: the engine gave up waiting. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const HANG: Said = {
  title: 'The sandbox does not stop: the engine timed out waiting for it',
  cause:
    'The engine told the {object} to stop and gave up waiting for it (deadline exceeded). The sandbox does not shut down: its sentry, its shim or a process in it hangs and does not react to the kill, or the file system or network below it does not answer. The pod stays in Terminating, and each retry runs into the same time limit.',
  confidence: 'likely',
  remedy: [
    'See on the node what is left: ps -ef | grep -E "runsc|containerd-shim". runsc --root ROOT debug --stacks ID shows where the sentry waits, if it still answers; keep that for a report.',
    'Kill the runsc-sandbox and runsc-gofer processes of this pod by hand, then its containerd-shim-runsc-v1; the engine cleans up at the next retry.',
    'Update runsc and its shim together: several such hangs at shutdown are mended in later releases. With --debug the boot and kill logs show how far the stop came.',
  ],
};

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
    return verdictOf([matchOfTellings([first, ...rest], HANG, runs, { object })]);
  },
});
