/** A call to the NVIDIA driver that this release's nvproxy does not forward. */
import { GPU_DEVICES, gpuCall } from '../../knowledge/gpu.js';
import type { Telling } from '../../analyzers/tellings.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const UNKNOWN: Said = {
  title: 'nvproxy does not know the {what} {number}',
  cause:
    'A program made the {what} {number}{about} on {device}; this release of runsc does not support it: nvproxy forwards to the GPU driver only calls that it knows, and answers EINVAL to all others. The program (CUDA, NCCL, a driver library) then sees a failing ioctl, mostly as "no device" or an unknown error.',
  why: 'Each release of the driver and of CUDA adds calls; nvproxy learns them one by one.',
  confidence: 'likely',
  remedy: [
    'Update runsc: newer releases forward more calls of the driver.',
    'Or use the CUDA version that belongs to the installed driver (nvidia-smi shows it): older libraries make fewer new calls. runsc nvproxy list-supported-drivers names the drivers that this release knows.',
    'If the newest release does not know it either, report the number with driver and CUDA version at github.com/google/gvisor/issues.',
  ],
};

const MONITORING: Said = {
  ...UNKNOWN,
  cause:
    'A program made the {what} {number}{about} on {device}; this release of runsc does not support it: nvproxy forwards to the GPU driver only calls that it knows, and answers EINVAL to all others. This one reads a value for display: nvidia-smi and monitors show an error or N/A in its place, computing does not need it.',
  confidence: 'possible',
  severity: 'medium',
};

const CAPABILITY: Said = {
  ...UNKNOWN,
  title: 'nvproxy refuses the {what} {number}: {why}',
  cause:
    'A program made the {what} {number}{about} on {device}; nvproxy refuses it ({why}): the container was not given the driver capability that this GPU call needs, so that it is not forwarded.',
  remedy: [
    'Add the capability to NVIDIA_DRIVER_CAPABILITIES of the container (compute, utility, graphics, video) and to --nvproxy-allowed-driver-capabilities of runsc.',
    'Update runsc if the capability is given: newer releases forward more calls.',
  ],
};

/** Different numbers that are told apart. */
const NUMBERS_LIMIT = 8;

export const gpuCallUnknown = defineRule({
  id: 'gpu-call-unknown',
  severity: 'high',
  leads: 'app-failure',
  title: 'nvproxy does not know a call of the GPU driver',
  remedy: UNKNOWN.remedy,
  needs: ['tellings', 'refusals', 'runs'],
  sources: ['pkg/sentry/devices/nvproxy/frontend.go, uvm.go, handlers.go'],
  judge({ tellings, refusals, runs }) {
    const numbers = new Map<string, Telling[]>();
    for (const one of tellingsOf(tellings, ['gpu-call'])) {
      const key = `${one.captures['what']} ${Number(one.captures['number'])}`;
      const group = numbers.get(key);
      if (group !== undefined) group.push(one);
      else if (numbers.size < NUMBERS_LIMIT) numbers.set(key, [one]);
    }
    const calls = [...refusals.values()].flatMap((one) => one.refused);
    const refused = calls.filter(({ name, args }) => name === 'ioctl' && args.includes('/dev/nvidia'));
    return verdictOf(
      [...numbers.values()].map((group) => {
        const [first] = group as [Telling, ...Telling[]];
        const what = (first.captures['what'] ?? 'call').toLowerCase();
        const number = first.captures['number'] ?? '';
        const why = first.captures['why'] ?? '';
        const { about, isMonitoring } = gpuCall(what, Number(number));
        const said = /capabilit|permission/i.test(why) ? CAPABILITY : isMonitoring ? MONITORING : UNKNOWN;
        // The exit record of the same call follows at once.
        const exit = refused.find(
          (call) => call.evidence.source === first.evidence.source && call.evidence.line > first.evidence.line,
        );
        const device = /\/dev\/nvidia[\w-]*/.exec(exit?.args ?? '')?.[0] ?? GPU_DEVICES[what] ?? '/dev/nvidiactl';
        const exits = exit === undefined ? [] : [{ captures: {}, kind: 'syscall-exit' as const, ...exit }];
        return matchOfTellings([first, ...exits, ...group.slice(1)], said, runs, { what, number, about, device, why });
      }),
    );
  },
});
