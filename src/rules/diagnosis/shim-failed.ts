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
    'shim-options-unknown': {
      title: 'The shim does not take the options that containerd gives it: {type}',
      cause:
        'The options of the runtime in the configuration of containerd are of the type "{type}", which containerd-shim-runsc-v1 does not know: the section was copied from runc, or shim and containerd are of different generations.',
      confidence: 'likely',
      remedy: [
        'In /etc/containerd/config.toml below the runtime runsc: options with TypeUrl = "io.containerd.runsc.v1.options" and ConfigPath = "/etc/containerd/runsc.toml", and nothing of runc (BinaryName, SystemdCgroup); then restart containerd.',
        'Install a current containerd-shim-runsc-v1.',
      ],
    },
    'shim-settings-broken': {
      title: '{path}, the settings of the shim, cannot be read',
      cause:
        'The shim reads {path} (ConfigPath of the runtime in the configuration of containerd), and that failed: {error}.',
      remedy: [
        'Correct {path}: it is TOML, values of [runsc_config] are strings (debug = "true"); or create it, or leave ConfigPath out.',
      ],
    },
    'shim-log-unwritable': {
      title: 'The shim cannot write its log: {errno}',
      cause: 'log_path in runsc.toml names a log of the shim, and its file or directory cannot be made: {errno}.',
      confidence: 'likely',
      remedy: ['Create the directory, give it room and rights (root), or take log_path out of runsc.toml.'],
    },
    'shim-rootfs-unmounted': {
      title: 'The root file system of the container could not be mounted by the shim: {errno}',
      cause:
        'containerd hands the shim the mounts that make the root file system (the layers of the image, mostly overlayfs), and mounting {mount} failed: {errno}. runsc was not asked yet; with runc it fails as well.',
      confidence: 'likely',
      remedy: [
        'dmesg | tail shows what overlayfs did not like; ls -ld the directories in lowerdir, upperdir and workdir.',
        'invalid argument: layers on a file system without d_type, or more than the page of options holds; no such file: layers are gone (pull the image again); inside another container use another snapshotter (native, fuse-overlayfs).',
      ],
    },
    'shim-streams-failed': {
      title: 'The shim could not connect the standard streams of the container',
      cause:
        'The shim makes pipes, or a terminal, between containerd and the container, and that failed: {error}. Its descriptors are used up, the directory of the pipes is gone, or who wanted to read them (the client) has left.',
      confidence: 'likely',
      remedy: [
        'ulimit -n of containerd (LimitNOFILE=), df of /run; start again: a client that was cancelled leaves such errors.',
      ],
    },
    'shim-pid-missing': {
      title: 'runsc create came back without a pid: the shim finds no init.pid',
      cause:
        'runsc create ended well for the shim, and the file init.pid in the bundle is missing or empty: {error}. The disk is full, or the runtime that was called is no runsc (a wrapper that forgets --pid-file).',
      confidence: 'likely',
      remedy: [
        'df -h and df -i of /run; binary_name in runsc.toml: a script around runsc must pass all arguments on ("$@").',
      ],
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
