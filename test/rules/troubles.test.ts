/** What programs say where gVisor differs from Linux, in many wordings: the cause is named, by mechanism and way out; and what looks alike. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TROUBLE_SIGNS } from '../../grammars/troubles.js';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import { TROUBLES } from '../../src/knowledge/troubles.js';
import type { Judgement } from '../../src/model/judgement.js';
import { analyze } from '../../src/pipeline.js';
import { judge } from '../../src/rules/diagnose.js';

const folder = mkdtempSync(join(tmpdir(), 'troubles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function judged(text: string): Promise<Judgement> {
  const path = join(folder, `posted-${count++}.txt`);
  writeFileSync(path, text);
  const { products } = await analyze([path], diagnosisAnalyzers);
  return judge(products);
}

const RUN = '$ docker run --rm --runtime=runsc app\n';

/** Text, and what title, cause or remedy of the first finding say. */
const SAID: readonly (readonly [string, RegExp])[] = [
  // limits
  ['library initialization failed - unable to allocate file descriptor table - out of memory', /nofile.*ulimit/is],
  [`${RUN}accept4: Too many open files`, /RLIMIT_NOFILE.*LimitNOFILE/s],
  [
    `${RUN}OpenBLAS blas_thread_init: pthread_create failed for thread 40 of 64: Resource temporarily unavailable`,
    /pids limit/,
  ],
  [`${RUN}java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory`, /threads.*pids/s],
  [`${RUN}RuntimeError: can't start new thread`, /pids-limit/],
  [`${RUN}dd: error reading '/dev/zero': Bad address`, /EFAULT.*memory limit/s],
  [`${RUN}OSError: [Errno 14] Bad address`, /EFAULT.*memory limit/s],
  [`${RUN}There is insufficient memory for the Java Runtime Environment to continue.`, /memory limit.*-Xmx/s],
  [`${RUN}FATAL:  could not map anonymous shared memory: huge_pages: Cannot allocate memory`, /huge pages/],
  [`${RUN}chrt: failed to set pid 0's policy: SCHED_FIFO: Operation not permitted`, /SYS_NICE/],
  [`${RUN}mbind: Function not implemented; numactl failed`, /NUMA/],
  [`${RUN}FATAL:  could not create shared memory segment: No space left on device`, /shm-size/],
  [`${RUN}Bus error: insufficient shared memory (shm) in worker`, /shm-size.*memory limit/s],
  // files
  [
    "$ docker run --runtime=runsc debian cp -a /lib64 /mnt\ncp: listing attributes of '/lib64': Bad file descriptor",
    /lgetxattr.*symbolic link.*EBADF.*cosmetic/s,
  ],
  [`${RUN}Failed to set capabilities on file '/usr/bin/node' (Operation not supported)`, /xattr/],
  [`${RUN}tar: bin: Cannot set security.capability extended attribute: Operation not permitted`, /xattr/],
  [
    `${RUN}touch: cannot touch '/etc/new': copy-up of /etc failed: lsetxattr security.selinux: operation not supported`,
    /copy-up.*SELinux/s,
  ],
  [`${RUN}mknod: /work/null: Operation not permitted`, /gofer.*tmpfs/s],
  [`${RUN}tar: dev/console: Cannot mknod: Operation not permitted`, /gofer.*MKNOD/s],
  [`${RUN}sysctl: setting key "net.core.somaxconn": Read-only file system`, /\/proc\/sys.*no effect inside/s],
  [`${RUN}sh: can't create /proc/sys/vm/overcommit_memory: nonexistent directory`, /\/proc\/sys.*no effect/s],
  [
    'Args: set -e; echo 0 > /proc/sys/kernel/yama/ptrace_scope && exec /app\n    State:          Terminated\n      Exit Code:    2',
    /writes to \/proc\/sys\/kernel\/yama\/ptrace_scope.*does not exist/s,
  ],
  [`${RUN}open /proc/self/loginuid: permission denied`, /loginuid.*sentry writes/s],
  [`${RUN}cat: /proc/pressure/memory: No such file or directory`, /pressure\/memory/],
  [`${RUN}panic: open /sys/class/thermal: no such file or directory`, /thermal.*sentry writes/s],
  [`${RUN}kubelet: open /dev/kmsg: no such file or directory`, /\/dev\/kmsg/],
  [`${RUN}Could not access KVM kernel module: No such file or directory: /dev/kvm not found`, /\/dev\/kvm/],
  [
    `${RUN}Watchpack Error (initial scan): Error: ENOSPC: System limit for number of file watchers reached`,
    /inotify.*poll/is,
  ],
  [
    'With runsc the inotify events never fire when a file on the mounted volume changes from the host.',
    /inotify.*host/s,
  ],
  [
    '$ docker cp box:/out/report.pdf .\nError response from daemon: Could not find the file /out/report.pdf in container box',
    /overlay2=root:self.*docker exec/s,
  ],
  [
    'Under gVisor, changes made on the host in the mounted folder are not visible in the container until restart',
    /file-access/,
  ],
  [`${RUN}PANIC:  could not flush dirty data: Function not implemented`, /flush dirty data.*sync_file_range/s],
  [`${RUN}InnoDB: io_setup() failed with EAGAIN; native AIO`, /io_setup.*innodb_use_native_aio/s],
  [`${RUN}mmap: /data/db: No such device; mmap failed with ENODEV`, /mappings of special files/],
  [`${RUN}mv: cannot move '/a' to '/data/a': Invalid cross-device link`, /EXDEV/],
  [`${RUN}E: setgroups 65534 failed - setgroups (1: Operation not permitted)`, /SETGID.*[Rr]ootless/s],
  // rights
  [`${RUN}xterm: Xt error: Can't open display: :1`, /Unix socket.*--host-uds=open/s],
  [
    `${RUN}Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?`,
    /--host-uds=open/,
  ],
  [`${RUN}dial unix /run/app/ctl.sock: connect: connection refused`, /--host-uds=open.*fsgofer-host-uds/s],
  [
    `${RUN}tcpdump: eth0: You don't have permission to capture on that device (socket: Operation not permitted)`,
    /--net-raw/,
  ],
  [`${RUN}ping: permission denied (are you root?)`, /--net-raw/],
  [
    `${RUN}sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set?`,
    /--allow-suid/,
  ],
  [`${RUN}nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)`, /port 80.*NET_BIND_SERVICE/s],
  [`${RUN}listen tcp :443: bind: permission denied`, /port 443.*ip_unprivileged_port_start/s],
  [
    "can't change an owner of /dev/stdout: chown /dev/stdout: operation not permitted\nGraphRoot: /home/ann/.local/share/containers/storage",
    /standard streams|stdout.*rootless.*user namespace/s,
  ],
  [`${RUN}sshd: PAM audit_log_acct_message() failed: Operation not permitted`, /NETLINK_AUDIT/],
  [`${RUN}System has not been booted with systemd as init system (PID 1). Can't operate.`, /systemd/],
  [`${RUN}libseccomp: seccomp_load failed: Invalid argument`, /NEW_LISTENER/],
  [`${RUN}hwclock: settimeofday() failed: Operation not permitted`, /clock/],
  [`${RUN}Error starting daemon: Devices cgroup isn't mounted`, /cgroup/],
  [
    '[ 77.100200] audit: type=1400 audit(1700000000.100:7): apparmor="DENIED" operation="mount" profile="docker-default" pid=9 comm="runsc" flags="rw"',
    /AppArmor.*runsc the operation mount/s,
  ],
  // network
  [
    `${RUN}curl: (7) Failed to connect to 2001:db8::1 port 443: Network is unreachable`,
    /IPv6.*--network=none|--network=none.*IPv6/s,
  ],
  [`${RUN}RTNETLINK answers: Operation not supported`, /netlink.*NET_ADMIN/s],
  [`${RUN}wg-quick: ip link add wg0 type wireguard: Unknown device type. Operation not supported`, /WireGuard/],
  [
    '$ kubectl port-forward pod/web 8080:80\nerror forwarding port 80 to pod: failed to connect to localhost:80 inside namespace: connection refused',
    /own network stack/,
  ],
  [
    "$ docker run --runtime=runsc debian apt-get update\nErr:1 http://deb.example bookworm InRelease\n  Temporary failure resolving 'deb.example'",
    /DNS.*deb\.example.*resolv\.conf/s,
  ],
  [`${RUN}java.net.UnknownHostException: db.internal`, /db\.internal.*resolv\.conf/s],
  [`${RUN}socket.gaierror: [Errno -3] Temporary failure in name resolution`, /DNS/],
  // accelerators
  [
    'W0101 10:00:00.000001       1 log.go:351] nvproxy: rejecting uvmFDMemmapFile.MapInternal:\ngoroutine 9 [running]:\n',
    /MapInternal.*read or write/s,
  ],
  [`${RUN}torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB`, /GPU ran out of memory/],
  [
    `${RUN}vulkaninfo: ERROR_INITIALIZATION_FAILED: vkCreateInstance failed with VK_ERROR_INCOMPATIBLE_DRIVER`,
    /nvproxy-allowed-driver-capabilities/,
  ],
  [`${RUN}NCCL WARN Call to ibv_open_device failed: No such file or directory`, /NCCL_IB_DISABLE/],
  [`${RUN}Failed to initialize NVML: Driver/library version mismatch`, /list-supported-drivers/],
  [`${RUN}gdb: Could not attach to process. Operation not permitted`, /SYS_PTRACE/],
  ['$ strace -p 7\nstrace: attach: ptrace(PTRACE_SEIZE, 7): Operation not permitted', /SYS_PTRACE/],
  [`${RUN}sqlite3.OperationalError: database is locked`, /kept by the sentry/],
  [`${RUN}exec /bin/app: exec format error`, /64-bit.*--platform/s],
  [`${RUN}touch: /srv/x: Read-only file system`, /read-only.*tmpfs/s],
  [`${RUN}touch: /data/x: Permission denied`, /permission denied.*DAC_OVERRIDE/s],
  [
    'docker: Error response from daemon: dial unix /run/containerd/s/77aa: connect: connection refused: unknown.',
    /shim.*same, current release/s,
  ],
  [
    'StartContainer failed: failed to create shim task: OCI runtime create failed: loading sandbox container "77aa": sandbox container is not running: unknown',
    /pod sandbox.*has ended/is,
  ],
  [
    'docker: Error response from daemon: OCI runtime start failed: starting container: starting root container: starting sandbox: mount submount "/data": creating mount with source "/srv/data": input/output error: you may be encountering a Linux kernel bug: unknown.',
    /LimitMEMLOCK/,
  ],
];

/** What people tell of how it runs proves nothing, and is answered with what to look at. */
const DOUBTFUL: readonly (readonly [string, RegExp])[] = [
  ['Unpacking the archive is 8x slower under gVisor than with runc.', /gofer.*--directfs/s],
  ['After some hours the container hangs under runsc.', /runsc debug --stacks/],
];

describe('what people tell', () => {
  it.each(DOUBTFUL)('%s', async (text, says) => {
    const { findings, verdict } = await judged(`${RUN}${text}`);
    const [first] = findings;
    expect(`${first?.title} ${first?.cause} ${first?.remedy.join(' ')}`).toMatch(says);
    expect(verdict).toBe('inconclusive');
  });
});

describe('what programs say', () => {
  it.each(SAID)('%s', async (text, says) => {
    const { findings, verdict } = await judged(text);
    const [first] = findings;
    expect(`${first?.rule} ${first?.title} ${first?.cause} ${first?.remedy.join(' ')}`).toMatch(says);
    expect(verdict).toMatch(/app-failure|degraded|failed-start/);
    expect(first?.confidence).not.toBe('certain');
  });

  it('explains each sign, and has a sign for each explanation', () => {
    expect(new Set(TROUBLE_SIGNS.map(({ id }) => id))).toEqual(
      new Set([...Object.keys(TROUBLES), 'trouble-socket-mounted', 'trouble-rootless']),
    );
  });
});

const TRACE = (name: string, rest: string) =>
  `I0127 19:05:58.174771  1208 x:0] [   1] tool X ${rest}\n` +
  `I0127 19:05:58.174856  1208 x:0] [   1] tool E write(0x2 host:[3], 0x7f9d "${name}: failed\\n", 0x10)\n` +
  `I0127 19:05:58.174930  1208 x:0] [   1] tool E exit_group(0x1)\n`;

describe('a piece of a trace', () => {
  it.each([
    ['mknod(0x7f9d /srv/p, S_IFIFO|0o644, 0x0) = 0x0 errno=1 (operation not permitted) (167.1µs)', /mknod.*gofer/s],
    ['mbind(0x7f00, 0x1000, 0x2, 0x0, 0x0, 0x0) = 0x0 errno=38 (function not implemented) (1.1µs)', /NUMA/],
    ['read(0x3 /data/x, 0x7f00, 0x4000000) = 0x0 errno=14 (bad address) (3.1ms)', /EFAULT/],
    [
      'openat(AT_FDCWD /, 0x7f00 /etc/app.conf, O_RDONLY|0x0, 0o0) = 0x0 errno=2 (no such file or directory) (3µs)',
      /app\.conf|exit status 1/,
    ],
  ])('%s', async (call, says) => {
    const { findings, verdict } = await judged(TRACE('tool', call));
    expect(JSON.stringify(findings[0])).toMatch(says);
    expect(verdict).toBe('app-failure');
  });

  it('without an end is no proof of health', async () => {
    const { verdict } = await judged(
      'I0127 19:05:58.174771  1208 x:0] [   1] tool X openat(AT_FDCWD /, 0x7f9d /etc/x, O_RDONLY|0x0, 0o0) = 0x3 (3µs)\n',
    );
    expect(verdict).toBe('inconclusive');
  });
});

describe('what looks alike', () => {
  it.each([
    [
      'docker: Error response from daemon: OCI runtime create failed: creating container: mknod /x: operation not permitted: unknown.',
    ],
    ['time="2026-04-10T09:12:03Z" level=error msg="dial unix /run/x.sock: connect: connection refused"'],
    ['The manual says that sysctl and ping work under runsc.'],
    ['2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500\nnameserver 10.0.0.2'],
  ])('%s', async (text) => {
    const { findings } = await judged(text);
    expect(findings.map(({ rule }) => rule)).not.toContain('program-trouble');
  });
});
