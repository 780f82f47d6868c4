/** The shim between containerd and runsc did not come up, or found no words of runsc to pass on. */
import { defineRule } from '../rule.js';

const SHIM_LOG =
  'shim_debug and runsc settings in /etc/containerd/runsc.toml: debug = "true", debug-log = "/tmp/runsc/%ID%/"; journalctl -u containerd of that moment';

export const shimFailed = defineRule({
  id: 'shim-failed',
  severity: 'high',
  title: 'The shim of runsc failed',
  needs: ['failures', 'runs'],
  sources: ['shim/v1, pkg/shim (runsc.go, service.go)', 'containerd runtime/v2/shim'],
  when: {
    'shim-socket-refused': {
      title: 'The shim of the container is gone: its socket refuses connections',
      cause:
        'containerd wanted to talk to the shim over {path}, and nobody listens there: containerd-shim-runsc-v1 ended right after its start, or does not fit this containerd or runsc (a shim of another release, a containerd of another generation).',
      confidence: 'likely',
      remedy: [
        'Install runsc and containerd-shim-runsc-v1 of the same, current release, and a containerd that fits it; restart containerd (and Docker).',
        'Look in dmesg and the journal of containerd why the shim ended; containerd-shim-runsc-v1 -v shows whether it starts at all.',
      ],
      collect: [SHIM_LOG],
    },
    'shim-not-started': {
      title: 'containerd could not start the shim of runsc',
      cause:
        'containerd starts containerd-shim-runsc-v1 for each pod or container, which failed: {error}. The binary is not in the PATH of containerd, cannot be executed, or ends at once.',
      confidence: 'likely',
      remedy: [
        'Install containerd-shim-runsc-v1 beside runsc, of the same release, in a directory in the PATH of the service (systemctl show containerd -p Environment), with chmod 755.',
        'Run it by hand: containerd-shim-runsc-v1 -v shows whether it starts at all.',
      ],
      collect: [SHIM_LOG],
    },
    'shim-address-missing': {
      title: 'containerd got no address from the shim of runsc',
      cause:
        'containerd starts containerd-shim-runsc-v1, which prints the address of its socket, and found none: "{error}". The shim ended before that (its binary, runsc or runsc.toml is wrong), it is older or newer than this containerd can speak with (containerd 1.2 with a shim of 2020 and later), or a script or another program stands in its place.',
      confidence: 'likely',
      remedy: [
        'Install runsc and containerd-shim-runsc-v1 of the same, current release, and containerd 1.3.9 or later (containerd --version; containerd-shim-runsc-v1 -v).',
        'Check runtime_type = "io.containerd.runsc.v1" in /etc/containerd/config.toml and the path in runsc.toml, then restart containerd.',
      ],
      collect: [SHIM_LOG],
    },
    'shim-late': {
      title: 'The shim did not start in time',
      cause:
        'The shim waits for its own server process, which did not answer within its time: the host is overloaded or its disk is slow, or that process died at once.',
      confidence: 'likely',
      remedy: [
        'Look at the load of the host and at the journal of containerd of that moment, and start again.',
        'If it comes back on an idle host, start containerd-shim-runsc-v1 by hand to see what it says.',
      ],
      collect: [SHIM_LOG],
    },
    'shim-error-unreadable': {
      title: 'runsc failed, and its error could not be read',
      cause:
        'A command of runsc failed, and the shim found no readable error in log.json of the bundle ({error}): runsc was killed before it could write one, could not be started, or the disk is full. The reason of the failure is in none of these lines.',
      severity: 'medium',
      confidence: 'possible',
      tier: 'symptom',
      leads: 'inconclusive',
      remedy: [
        'Switch the debug log of runsc on and start again; see whether the runtime path names a runsc that starts.',
      ],
      collect: [SHIM_LOG, 'dmesg -T | tail; df -h of /run; runsc --version of the binary in the configuration'],
    },
  },
});
