/** A setting that runsc reports itself as dangerous, ignored or cut down. */
import { matchesOfSentences } from '../notes.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const SETTINGS: Readonly<Record<string, Said>> = {
  'filters-off': {
    title: 'The seccomp filter of the sandbox is off',
    cause:
      'The sentry runs without its seccomp filter: a program that breaks out of it meets the whole kernel of the host. That is for tests and debugging only.',
    remedy: ['Remove the setting or build that switches the filter off before anything untrusted runs here.'],
  },
  'descriptor-limit-low': {
    title: '--fdlimit is higher than the host allows',
    cause:
      '--fdlimit asks for {limit} open files, more than the hard limit of the caller or of the system: the limit of the host holds.',
    remedy: ['Raise LimitNOFILE= of the service that starts runsc (and fs.nr_open), or lower --fdlimit.'],
  },
  'gpu-capabilities-dropped': {
    title: 'Some driver capabilities of the GPU were not given: {capabilities}',
    cause:
      'NVIDIA_DRIVER_CAPABILITIES of the container asks for {capabilities}, which --nvproxy-allowed-driver-capabilities does not allow (utility and compute by default): libraries for them are left out.',
    remedy: [
      'Allow them in --nvproxy-allowed-driver-capabilities (since release 20240930.0) if the program needs them, or ask for less.',
    ],
  },
  'gpu-on-kvm': {
    title: 'CUDA with managed memory is unreliable on the kvm platform',
    cause:
      'A GPU is used on --platform=kvm, where memory that cudaMallocManaged hands out is not always mapped in time for the program.',
    remedy: ['Use --platform=systrap for containers with a GPU.'],
  },
  'shim-settings-unread': {
    title: 'The settings of the shim were not read: {path}',
    cause:
      'The shim could not read {path} ({error}) and went on without it: the flags for runsc in it have no effect, a debug log among them.',
    remedy: [
      'Correct the TOML: under [runsc_config] every value is a string in quotation marks (debug = "true"), without dashes before the names.',
    ],
  },
};

export const settingDoubtful = defineRule({
  id: 'setting-doubtful',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'A setting is dangerous or has no effect',
  remedy: SETTINGS['filters-off']?.remedy ?? [],
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/boot/filter, runsc/boot/limits.go', 'runsc/specutils/nvidia.go', 'pkg/shim/v1'],
  judge(products) {
    // the shim's own lines come as failures of the engine's side
    const told = groupErrors(products.failures, ({ known }) => known !== null && SETTINGS[known] !== undefined);
    return verdictOf([
      ...told.map((group) => matchOf(group, SETTINGS[group.failure.known ?? ''] as Said, products.runs)),
      ...matchesOfSentences(products, SETTINGS),
    ]);
  },
});
