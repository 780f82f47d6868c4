/** The program is there and may not be reached: a directory on the way to it, or the program, is closed to the sandbox. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const CLOSED: Said = {
  title: '{path} of the container may not be used: permission denied',
  cause:
    'Starting {path} failed with "permission denied". Inside the sandbox the access rights of the files count, not that runsc was started as root: the gofer drops the right to ignore them, so that each directory from the root file system (rootfs) of the bundle on must be searchable and the program executable for the user of the container. A rootfs that was unpacked with a strict umask (mode 750 or 700) or by another user is closed to it.',
  confidence: 'possible',
  remedy: [
    'Open the way: chmod 755 on the rootfs directory and the directories below it, chmod +x on the program; unpack images as root with permissions kept (tar -p).',
    'namei -l shows the mode of each directory up to the program; process.user in config.json is who needs it.',
  ],
};

/** The program runs, and a file that it works on is closed to it. */
const KEPT: Said = {
  ...CLOSED,
  title: '{path} of the container may not be used: permission denied',
  cause:
    'A program in the sandbox was refused {path}: permission denied. Inside the sandbox the access rights of the files count, for the user of the container; root in it needs the capability DAC_OVERRIDE to pass them over, and files of a volume keep the owner and mode that they have on the host (the gofer or, with directfs, the sentry opens them there with no more rights than its own).',
  leads: 'app-failure',
  remedy: [
    'ls -ln of {path} and its directories, on the host and inside, against id in the container: chown or chmod on the host, docker run -u, fsGroup of the pod.',
    'NFS with root_squash and FUSE mounts without allow_other refuse even root; try --directfs=false for comparison.',
    'Rootless or with a user namespace only mapped ids have rights of their own.',
  ],
};
/** A program that runs puts its name before what it says of a file; engines and runsc do, too, of one that is to be started. */
const OF_TOOL =
  /^(?!(?:docker|runsc|containerd\S*|podman|nerdctl|ctr|kubelet|exec|starting|creating|running|error|Error|ERROR|FATAL|FATA|ERRO|OCI|rpc|failed|unable|cannot)\b)(?:\S{0,80}\/)?[\w.+-]{1,60}(?:\[\d+\])?: /;

export const rootfsUnreadable = defineRule({
  id: 'rootfs-unreadable',
  severity: 'medium',
  tier: 'aftermath',
  title: 'A directory or program of the root file system is closed to the container',
  remedy: CLOSED.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['runsc/fsgofer, pkg/sentry/fsimpl/gofer (access checks); pkg/sentry/loader'],
  judge({ tellings, runs }) {
    const denied = tellingsOf(
      tellings,
      ['path-denied'],
      (one) => one.kind === 'text' || one.kind === 'stderr' || one.kind === 'continuation',
    );
    const commands = tellings.signs.has('runsc-command');
    const [first, ...rest] = denied;
    // Programs meet closed files every day; that runsc was to start this one must be told.
    if (first === undefined || !commands) return { state: 'clear' };
    // A tool that runs says it of a file that it works on.
    if (OF_TOOL.test(first.evidence.text)) return verdictOf([matchOfTellings([first, ...rest], KEPT, runs)]);
    return verdictOf([matchOfTellings([first, ...rest], CLOSED, runs)]);
  },
});
