/** TPU devices and VFIO groups that the host does not have or does not hand over. */
import { matchesOfSentences } from '../notes.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said, type Sayings } from '../rule.js';

const LOOK =
  'ls -l /dev/accel* /dev/vfio on the host, and the devices of the container (linux.devices of config.json).';

const ERRORS: Sayings = {
  'accelerator-missing': {
    title: 'The host has no TPU device',
    cause:
      'Support of TPUs is switched on (--tpuproxy, or TPU devices in the spec), and runsc finds no TPU on this host.',
    remedy: [
      'Start the container on a machine with a TPU, or leave --tpuproxy out (since release 20260608.0 it switches itself on by the spec).',
      LOOK,
    ],
  },
  'accelerator-unreadable': {
    title: 'The TPU devices of the host cannot be listed',
    cause: 'runsc looks for TPU devices below /dev and /sys, which failed: {error}.',
    confidence: 'likely',
    remedy: [LOOK, 'In an outer container /sys must be mounted, and the devices must be given to it.'],
  },
};

const LINES: Readonly<Record<string, Said>> = {
  'vfio-refused': {
    title: 'The host refused to set up the IOMMU for VFIO',
    cause: 'A program set up a device through VFIO ({group}), and the host refused: {error}. It sees a failing ioctl.',
    confidence: 'likely',
    severity: 'medium',
    tier: 'aftermath',
    leads: 'app-failure',
    remedy: [
      'Look at dmesg | grep -iE "vfio|iommu": the IOMMU must be on, and the whole group of the device bound to vfio-pci.',
      'RLIMIT_MEMLOCK must allow what the device maps (ulimit -l unlimited for who starts runsc).',
    ],
  },
};

export const acceleratorUnusable = defineRule({
  id: 'accelerator-unusable',
  severity: 'high',
  title: 'An accelerator of the host cannot be used',
  remedy: [LOOK],
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/boot/vfs.go (TPU devices)', 'pkg/sentry/devices/tpuproxy/vfio'],
  judge(products) {
    const { failures, runs } = products;
    const errors = groupErrors(failures, ({ known }) => known !== null && ERRORS[known] !== undefined).map((group) =>
      matchOf(group, ERRORS[group.failure.known ?? ''] as Said, runs),
    );
    return verdictOf([...errors, ...matchesOfSentences(products, LINES)]);
  },
});
