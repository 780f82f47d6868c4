/** The global flags of runsc by release: when each came and went, what took its place, which values it takes. */
import { isOlder } from '../../grammars/releases.js';

/** Flags that are there to this day, by the first release that knows them (a month before the first tag). */
const CAME: Readonly<Record<string, string>> = {
  '2018-05':
    'debug file-access log log-format log-packets network overlay platform root strace strace-log-size strace-syscalls',
  '2018-07': 'watchdog-action',
  '2018-09': 'panic-signal',
  '2018-10': 'debug-log debug-log-fd log-fd',
  '2018-12': 'debug-log-format',
  '2019-01': 'TESTONLY-unsafe-nonroot',
  '20190304.1': 'profile',
  '20190529.1': 'gso net-raw version',
  '20190722.1': 'alsologtostderr num-network-channels rootless',
  '20191104.0': 'TESTONLY-test-name-env fsgofer-host-uds ref-leak-mode software-gso systemd-cgroup',
  '20200115.0': 'cpu-num-from-quota',
  '20200323.0': 'panic-log panic-log-fd',
  '20200413.0': 'vfs2',
  '20200511.0': 'qdisc',
  '20200622.1': 'rx-checksum-offload tx-checksum-offload',
  '20200804.0': 'fuse',
  '20200907.0': 'allow-flag-override',
  '20200921.0': 'oci-seccomp',
  '20201030.0': 'traceback',
  '20210408.0': 'cgroupfs file-access-mounts',
  '20210419.0': 'coverage-fd coverage-report',
  '20210816.0': 'strace-event',
  '20210921.0': 'lisafs profile-block profile-cpu profile-heap profile-mutex trace',
  '20220103.0': 'ignore-cgroups',
  '20220228.0': 'enable-core-tags platform_device_path',
  '20220502.1': 'pod-init-config',
  '20220704.0': 'buffer-pooling dcache fdlimit',
  '20220913.0': 'pcap-log',
  '20221017.0': 'debug-command',
  '20221026.0': 'host-fifo host-uds',
  '20221122.0': 'gvisor-gro',
  '20221205.0': 'overlay2',
  '20230118.0': 'iouring',
  '20230123.0': 'metric-server',
  '20230306.0': 'TESTONLY-afs-syscall-panic directfs',
  '20230529.0': 'nvproxy nvproxy-docker',
  '20230724.0': 'tpuproxy',
  '20230904.0': 'profiling-metrics profiling-metrics-log profiling-metrics-rate-us',
  '20231120.0': 'reproduce-nat reproduce-nftables',
  '20231218.0': 'EXPERIMENTAL-xdp-need-wakeup',
  '20240109.0': 'EXPERIMENTAL-xdp debug-to-user-log',
  '20240212.0': 'TESTONLY-autosave-image-path',
  '20240415.0': 'TESTONLY-autosave-resume',
  '20240422.0': 'nvproxy-driver-version',
  '20240501.0': 'network-processors-per-channel',
  '20240520.0': 'net-disconnect-ok',
  '20240715.0': 'app-huge-pages',
  '20240930.0': 'nvproxy-allowed-driver-capabilities',
  '20241021.0': 'host-settings',
  '20241028.0': 'final-metrics-log',
  '20250127.0': 'restore-spec-validation',
  '20250421.0': 'gvisor-marker-file',
  '20250512.0': 'systrap-disable-syscall-patching',
  '20250611.0': 'TESTONLY-nftables save-restore-netstack',
  '20250820.0': 'allow-suid',
  '20250915.0': 'profile-gc-interval',
  '20251201.0': 'h help',
  '20251208.0': 'allow-packet-socket-write',
  '20260105.0': 'kvm-use-cpu-nums',
  '20260223.0': 'allow-rootfs-tar-annotation pause-external-networking',
  '20260413.0': 'control-rpc-stop-timeout',
  '20260520.0': 'allow-connected-on-save qdisc-tbf-burst qdisc-tbf-rate',
  '20260601.0': 'override-procs',
  '20260615.0': 'allow-live-tcp-migration nvproxy-allow-unsupported-driver',
  '20260622.0': 'systrap-disable-fast-path',
  '20260706.0': 'mount-cgroup-v2',
  '20260727.0': 'gofer-network-namespace sidecar-release-enforcement-policy',
  '20260803.0': 'rdmaproxy',
  '20260810.0': 'shared-root',
  // in the source after that release, and in no earlier one
  '20260818.0': 'character-device-policy',
};

export type Flag = {
  readonly name: string;
  /** The first release that knows it. */
  readonly since: string;
  /** The first release that does not know it any more. */
  readonly removed?: string;
  /** What to write in its place; a sentence. */
  readonly instead?: string;
};

const REMOVED: readonly Flag[] = [
  {
    name: 'debug-log-dir',
    since: '2018-05',
    removed: '2018-10',
    instead: 'Use --debug-log=DIR/ with a slash at the end.',
  },
  { name: 'multi-container', since: '2018-07', removed: '2018-10', instead: 'Leave it out: it is always on since.' },
  {
    name: 'overlayfs-stale-read',
    since: '20191104.0',
    removed: '20210614.0',
    instead: 'Leave it out: files that change below an overlay are always read anew since.',
  },
  {
    name: 'verity',
    since: '20210309.0',
    removed: '20220621.0',
    instead: 'Leave it out: verity file systems are gone.',
  },
  { name: 'controls', since: '20210823.0', removed: '20220905.0', instead: 'Leave it out: nothing took its place.' },
  {
    name: 'TESTONLY-allow-packet-endpoint-write',
    since: '20210906.0',
    removed: '20251208.0',
    instead: 'Use --allow-packet-socket-write.',
  },
  { name: 'EXPERIMENTAL-afxdp', since: '20220905.0', removed: '20240109.0', instead: 'Use --EXPERIMENTAL-xdp.' },
  {
    name: 'metric-exporter-prefix',
    since: '20230102.0',
    removed: '20230313.0',
    instead: 'Give --exporter-prefix to the command runsc metric-server.',
  },
  {
    name: 'metric-server-allow-unknown-root',
    since: '20230214.0',
    removed: '20230313.0',
    instead: 'Give --allow-unknown-root to the command runsc metric-server.',
  },
  {
    name: 'profiling-metrics-fd',
    since: '20230904.0',
    removed: '20240506.0',
    instead: 'Use --profiling-metrics-log=FILE.',
  },
  { name: 'EXPERIMENTAL-reproduce-nat', since: '20231106.0', removed: '20231120.0', instead: 'Use --reproduce-nat.' },
  {
    name: 'EXPERIMENTAL-xdp-redirect-host',
    since: '20231218.0',
    removed: '20240109.0',
    instead: 'Use --EXPERIMENTAL-xdp=redirect:INTERFACE.',
  },
  {
    name: 'TESTONLY-save-restore-netstack',
    since: '20240916.0',
    removed: '20250611.0',
    instead: 'Leave it out: the network stack is always saved since.',
  },
  {
    name: 'unsafe-skip-restore-spec-validation',
    since: '20250106.0',
    removed: '20250127.0',
    instead: 'Use --restore-spec-validation=ignore.',
  },
];

/** Every flag that a release knows or knew, by name. */
export const FLAGS: ReadonlyMap<string, Flag> = new Map(
  [
    ...Object.entries(CAME).flatMap(([since, names]) => names.split(' ').map((name): Flag => ({ name, since }))),
    ...REMOVED,
  ].map((flag) => [flag.name, flag]),
);

/** Flags that runc has and engines pass on, by whom and when; whoever set up runsc did not write them. */
export const PASSED: Readonly<Record<string, { readonly by: string; readonly remedy: readonly string[] }>> = {
  console: {
    by: 'Docker 1.12 and older (the containerd 0.2 in it) passes --console to the runtime for its terminals; runc dropped that flag for --console-socket in early 2017, and runsc never had it',
    remedy: ['Update Docker to 17.06 or later (containerd 1.0 or later), which passes --console-socket.'],
  },
  'console-socket': {
    by: 'containerd (of Docker 17.06 and later) and the conmon of CRI-O and Podman pass --console-socket behind create and exec; the release of runsc that does not know it there is one of early 2018',
    remedy: [
      'Update runsc: every tagged release knows --console-socket behind create, run, restore and exec.',
      'Check that the arguments of the runtime do not hold it themselves: it belongs behind the command, not before it.',
    ],
  },
  'systemd-cgroup': {
    by: 'CRI-O and Podman with cgroup_manager = "systemd", Docker with native.cgroupdriver=systemd and containerd with systemd_cgroup = true pass --systemd-cgroup to every runtime; runsc takes it since release 20191104.0 and acts on it since 20220321.0',
    remedy: [
      'Update runsc to 20220321.0 or later, whose cgroups can be made by systemd.',
      'Or let engine and kubelet use cgroupfs: cgroup_manager = "cgroupfs" (CRI-O), native.cgroupdriver=cgroupfs (Docker), systemd_cgroup = false (containerd), --cgroup-driver=cgroupfs (kubelet).',
    ],
  },
  'no-pivot': {
    by: 'Docker with DOCKER_RAMDISK and containerd with NoPivotRoot pass --no-pivot to the runtime; only runc has it',
    remedy: ['Unset DOCKER_RAMDISK, or NoPivotRoot in the options of the runtime: runsc does not pivot in the host.'],
  },
  'no-new-keyring': {
    by: 'containerd passes --no-new-keyring to the runtime when its option NoNewKeyring is set; only runc has it',
    remedy: ['Leave NoNewKeyring out of the options of the runtime runsc: the sandbox has key rings of its own.'],
  },
  'preserve-fds': {
    by: 'Podman (--preserve-fds) passes --preserve-fds to the runtime; runsc does not take it there',
    remedy: ['Leave --preserve-fds out for containers of this runtime.'],
  },
  tty: {
    by: 'Podman passes the terminal of an exec by its conmon as exec --tty, a flag that runc and crun have and this runsc does not know behind exec',
    remedy: [
      'See in runsc help exec of a newer release whether it lists --tty, and update runsc if it does.',
      'Until then exec without a terminal (podman exec -i in place of -it), or let the engine start a wrapper around runsc that leaves --tty out.',
    ],
  },
  criu: {
    by: 'containerd passes --criu to the runtime when its option CriuPath is set; only runc has it',
    remedy: ['Leave CriuPath out of the options of the runtime runsc: it saves containers by itself.'],
  },
};

type Values = { readonly takes: string; readonly note?: string };

/** Which values a flag takes, where they are few; `note` about values of other releases. */
export const VALUES: Readonly<Record<string, Values>> = {
  platform: {
    takes: 'systrap, kvm, ptrace',
    note: 'systrap came in 2023 and is the default since release 20230621.0; before, ptrace was.',
  },
  network: { takes: 'sandbox, host, none', note: "The networks of Docker (bridge, a name) are docker run's affair." },
  'file-access': { takes: 'exclusive, shared', note: 'proxy and its like are values of builds before October 2018.' },
  'file-access-mounts': { takes: 'exclusive, shared' },
  overlay2: {
    takes:
      'none, root:self, root:memory, all:self, all:memory, root:dir=/ABSOLUTE/PATH (with ,size=N where files may fill up)',
    note: 'self came with release 20230313.0; before, memory and dir= only.',
  },
  'host-uds': { takes: 'none, open, create, all', note: 'true and false are values of the older --fsgofer-host-uds.' },
  'host-fifo': { takes: 'none, open' },
  'ref-leak-mode': { takes: 'disabled, log-names, log-traces, panic' },
  'watchdog-action': { takes: 'log, panic' },
  qdisc: { takes: 'none, fifo, tbf', note: 'tbf came with release 20260520.0 and needs --qdisc-tbf-rate.' },
  'log-format': { takes: 'text, json, json-k8s' },
  'debug-log-format': { takes: 'text, json, json-k8s' },
  'log-format or --debug-log-format': { takes: 'text, json, json-k8s' },
  'host-settings': { takes: 'check, check_mandatory, ignore, adjust, enforce' },
  'restore-spec-validation': { takes: 'enforce, warning, ignore' },
  'gofer-network-namespace': { takes: 'null, new, host, /ABSOLUTE/PATH' },
  'character-device-policy': { takes: 'emulated-only, prefer-emulated, passthrough' },
  'sidecar-release-enforcement-policy': { takes: 'NEVER, ALWAYS, IF_RELEASE_BUILD' },
  'num-network-channels': { takes: 'a number from 1 on' },
  'gvisor-gro': { takes: 'true, false', note: 'Before release 20240408.0 it took a time such as 1ms.' },
};

/** Does a release know a flag? Undefined where that depends on a release that is not known. */
export function knows(version: string | null | undefined, { since, removed }: Flag): boolean | undefined {
  const before = isOlder(version, since);
  const after = removed === undefined ? true : isOlder(version, removed);
  return before === undefined || after === undefined ? undefined : !before && after;
}

/** Letters that must be put in, left out or changed to make one word of the other. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** Longest name that is compared; flags have at most forty letters. */
const NAME_LIMIT = 60;

/** The flag that a misspelt name comes next to: `overlay9`, `debug_log`, `Platform`. */
export function nearest(name: string): Flag | undefined {
  if (name.length < 3 || name.length > NAME_LIMIT) return undefined;
  const plain = (text: string): string => text.toLowerCase().replaceAll('_', '-');
  const limit = name.length < 6 ? 1 : 2;
  let best: { readonly flag: Flag; readonly far: number } | undefined;
  for (const flag of FLAGS.values()) {
    if (flag.name.length < 3 || flag.removed !== undefined) continue;
    const far = distance(plain(name), plain(flag.name));
    if (far <= limit && (best === undefined || far < best.far)) best = { flag, far };
  }
  return best?.flag;
}
