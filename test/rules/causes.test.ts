/** Texts that look alike and have different causes, and causes that have several texts: which rule speaks, and what it names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import { analyze } from '../../src/pipeline.js';
import { judge } from '../../src/rules/diagnose.js';

const folder = mkdtempSync(join(tmpdir(), 'causes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header = (pid = 4100): string => `W0410 09:12:03.100200    ${pid} util.go:64] `;
const fatal = (error: string): string => `${header()}FATAL ERROR: ${error}\n`;

async function told(log: string): Promise<{ rule: string | undefined; verdict: string; text: string }> {
  const path = join(folder, 'x.log');
  writeFileSync(path, log);
  const { verdict, findings, collect } = judge((await analyze([path], diagnosisAnalyzers)).products);
  const [first] = findings;
  return {
    rule: first?.rule,
    verdict,
    text: [first?.title, first?.cause, ...(first?.remedy ?? []), ...collect].join('\n'),
  };
}

const MOUNT = '{Destination:/etc/app/conf Type:bind Source:/srv/conf Options:[rbind] UIDMappings:[] GIDMappings:[]}';
const ROOT = 'Error setting up root FS: mounting root ("/b/rootfs") with flags:';

it.each([
  [
    `error setting up FS: mounting ${MOUNT}: resolving symlinks to "/etc/app/conf": lstat /root/etc/app: not a directory`,
    'mount-kind-mismatch',
    /leads through a file/,
  ],
  [
    `error setting up FS: mounting ${MOUNT}: resolving symlinks to "/etc/app/conf": too many symlinks`,
    'mount-symlink',
    /symbolic links/,
  ],
  [`${ROOT} 0x84000, err: invalid argument`, 'rootfs-missing', /no mount point[\s\S]*mount --bind \/b\/rootfs/],
  [`${ROOT} 0x5000, err: invalid argument`, 'rootfs-missing', /refuses the mount/],
  [`${ROOT} 0x84000, err: permission denied`, 'rootfs-missing', /refuses the mount/],
  [
    'creating container: cannot set up cgroup for root: configuring cgroup: write /sys/fs/cgroup/system.slice/cgroup.subtree_control: no such file or directory',
    'cgroup-unusable',
    /cgroup v2[\s\S]*--systemd-cgroup=true[\s\S]*release 20220321\.0/,
  ],
  [
    'creating container: configuring cgroup: write /sys/fs/cgroup/cgroup.subtree_control: device or resource busy',
    'cgroup-unusable',
    /processes are in that cgroup/,
  ],
  [
    'creating container: configuring cgroup: stat /sys/fs/cgroup/pids: no such file or directory',
    'cgroup-unusable',
    /cgroup pids is not there/,
  ],
  [
    "creating container: finding current cgroups: Rel: can't make . relative to /",
    'cgroup-unusable',
    /more than one of them[\s\S]*May 2022/,
  ],
  ['running container: image-path flag must be provided', 'checkpoint-failed', /--image-path is missing/],
  [
    'running container: opening restore image file "/srv/i/checkpoint.img" failed: open /srv/i/checkpoint.img: no such file or directory',
    'checkpoint-failed',
    /no checkpoint at \/srv\/i\/checkpoint\.img/,
  ],
  ['incompatible FeatureSet: missing features: avx512f', 'checkpoint-failed', /processor/],
  [
    'creating container: cannot create gofer process: gofer: fork/exec /proc/self/exe: no space left on device: check whether /proc/sys/user/max_user_namespaces is set too low (gvisor.dev/issue/5964)',
    'sandbox-privileges',
    /no more namespaces/,
  ],
  [
    'reading spec: error unmarshaling spec from file "/b/config.json": json: cannot unmarshal number into Go struct field Process.process.env of type []string',
    'spec-malformed',
    /process\.env of config\.json has the wrong type: a number where a list of strings is wanted[\s\S]*"env": \[/,
  ],
  [
    'reading spec: error unmarshaling spec from file "/b/config.json": unexpected end of JSON input',
    'spec-malformed',
    /is empty, or was cut off/,
  ],
  [
    'running container: creating container: timeout executing hook "/opt/prepare"',
    'hook-failed',
    /longer than its timeout[\s\S]*Raise timeout/,
  ],
  [
    'starting container: creating process: failed to load /usr/bin/env node --app "my file.js": no such file or directory',
    'program-missing',
    /one string[\s\S]*\["\/usr\/bin\/env", "node", "--app", "my file\.js"\]/,
  ],
  [
    'starting container: creating process: failed to load /usr/lib: permission denied',
    'program-not-executable',
    /^(?![\s\S]*chmod)[\s\S]*is a directory/,
  ],
  [
    'starting container: error finding executable "server" in PATH []: no such file or directory',
    'program-not-in-path',
    /PATH is not set/,
  ],
  [
    'executing processes for container: executing command "/bin/date" in sandbox: failed to find initial working directory "/srv/job": no such file or directory',
    'working-directory-unusable',
    /working directory \/srv\/job is not there in the container[\s\S]*Nothing on the host/,
  ],
  [
    'starting container: creating process: failed to load /bin/sh\r: no such file or directory',
    'program-interpreter-missing',
    /carriage return/,
  ],
  [
    'starting container: setting up network: creating interfaces from net namespace "/var/run/netns/a": failed to createSocket for eth0 : unable to bind to "eth0": network is down',
    'network-setup-failed',
    /eth0: network is down[\s\S]*ip link set eth0 up/,
  ],
  [
    'starting container: setting up network: failed to create XDP socket: failed to load program: invalid argument',
    'network-setup-failed',
    /XDP[\s\S]*--EXPERIMENTAL-xdp/,
  ],
  [
    'creating container: setting up console with socket "/t/c.sock": dial unix /t/c.sock: connect: connection refused',
    'console-missing',
    /\/t\/c\.sock does not answer: connection refused/,
  ],
  [
    'starting container: setting up network: joining net namespace "/var/run/netns/a": operation not permitted',
    'namespace-missing',
    /^(?![\s\S]*does not exist)[\s\S]*CAP_SYS_ADMIN/,
  ],
  [
    'creating container: cannot create gofer process: nvproxy setup: stat(2) for /dev/nvidiactl failed: no such file or directory',
    'platform-unusable',
    /\/dev\/nvidiactl[\s\S]*driver is not loaded[\s\S]*modprobe nvidia/,
  ],
  [
    'restoring container "a": reading metadata from statefile: bad magic header',
    'checkpoint-failed',
    /no checkpoint of runsc/,
  ],
  [
    'starting container: starting sub-container [sh]: start arguments must contain at least 4 FDs, but only got 2',
    'descriptors-wrong',
    /different releases[\s\S]*which -a runsc/,
  ],
  [
    "starting container: starting root container: failed to setupFS: mounting root with overlay: failed to stat lower layer's root: permission denied",
    'overlay-failed',
    /may not read the files below/,
  ],
])('%s', async (error, rule, expected) => {
  const found = await told(fatal(error));
  expect([found.rule, found.verdict]).toEqual([rule, 'failed-start']);
  expect(found.text).toMatch(expected);
});

it('an update is advised where the release is older, and not where it is as new', async () => {
  const error = fatal(
    'creating container: configuring cgroup: expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got "/x" instead',
  );
  const banner = (release: string): string =>
    [
      '**************** gVisor ****************',
      `Version 0.0~${release}, go1.24.4, amd64, 2 CPUs, linux, PID 4100, PPID 1, UID 0, GID 0`,
    ]
      .map((line) => `I0410 09:12:03.100100    4100 main.go:197] ${line}\n`)
      .join('');
  expect((await told(banner('20210503.0') + error)).text).toMatch(
    /Update runsc to release 20220321\.0 or later \(this one is .*20210503\.0\)/,
  );
  expect((await told(banner('20240729.0') + error)).text).not.toMatch(/Update runsc/);
});

const trace = (at: number, call: string): string =>
  `I0410 09:12:04.${String(at).padStart(6, '0')}       5 strace.go:605] [   1:   1] app ${call}\n`;
const ended = 'I0410 09:12:05.000000       5 boot.go:534] application exiting with exit status 1\n';
const said = (text: string): string =>
  trace(900, `E write(0x2 host:[3], 0x7efb00000020 "${text}", 0x40)`) +
  trace(910, 'X write(0x2 host:[3], ..., 0x40) = 64 (0x40) (9.2µs)');

it.each([
  [
    trace(
      100,
      'X fchownat(AT_FDCWD /, 0x7efb00000010 /var/lib/app, 0x64, 0x64, 0x0) = 0 (0x0) errno=1 (operation not permitted) (2µs)',
    ) + said('chown: /var/lib/app: Operation not permitted\\n'),
    /capability CHOWN/,
  ],
  [
    trace(100, 'X mount(0x1 tmpfs, 0x2 /mnt, 0x3 tmpfs, 0x0, 0x0) = 0 (0x0) errno=1 (operation not permitted) (2µs)') +
      said('mount: /mnt: Operation not permitted\\n'),
    /capability SYS_ADMIN|SYS_ADMIN/,
  ],
  [said("env: 'bash\\r': No such file or directory\\n"), /Windows line ends/],
  [said('curl: (6) Could not resolve host: example.org\\n'), /name could not be resolved[\s\S]*--network=none/],
])('%s', async (log, expected) => {
  expect((await told(log + ended)).text).toMatch(expected);
});

it('lines that only matter in context: alone a low hint, in a whole log nothing', async () => {
  const line =
    'I0410 09:12:03.100200       5 elf.go:100] Error opening interpreter /lib/ld.so: no such file or directory\n';
  expect(await told(line)).toMatchObject({ rule: 'program-hint', verdict: 'healthy' });
  expect((await told(line + ended.replace('status 1', 'status 0'))).rule).toBeUndefined();
  expect((await told(`${header()}Failure to execute command, err: 2\n`)).text).toMatch(/usage/);
  expect((await told(`${header()}Failure to execute command, err: 1\n`)).verdict).toBe('inconclusive');
});

it('a call of exec that is wrong is named, and so is its container', async () => {
  const called = (args: string): string =>
    ['**************** gVisor ****************', `Args: [/usr/local/bin/runsc --root=/run/r exec ${args}]`]
      .map((line) => `I0410 09:12:03.100100    4100 main.go:197] ${line}\n`)
      .join('') + `${header()}Failure to execute command, err: 2\n`;
  const byName = await told(called('--user www box7 /bin/id'));
  expect(byName).toMatchObject({ rule: 'command-failed', verdict: 'failed-start' });
  expect(byName.text).toMatch(/--user takes numbers[\s\S]*"www"[\s\S]*exec --user www box7 \/bin\/id/);
  expect((await told(called('-t box7 sh'))).text).toMatch(/"-t" is no flag of runsc exec/);
  expect(await told(called('-cwd /x box7 sh'))).toMatchObject({ verdict: 'inconclusive' });
});

it('what the sandbox answers to an exec is about the files of the container', async () => {
  const found = await told(
    'W0410 09:12:03.100200       5 controller.go:300] containerManager.ExecuteAsync failed, cid: box7, args: zsh, err: error finding executable "zsh" in PATH [/usr/bin /bin]: no such file or directory\n',
  );
  expect(found).toMatchObject({ rule: 'command-failed', verdict: 'degraded' });
  expect(found.text).toMatch(/^(?![\s\S]*on the host)[\s\S]*zsh is not in PATH of the container/);
});

it("an engine's words about an error that no rule knows are quoted, and prove no more than that", async () => {
  const found = await told(
    'docker: Error response from daemon: OCI runtime create failed: creating container: the moon is full: unknown.\n',
  );
  // runsc's own chain shows that the create failed, though not why
  expect(found).toMatchObject({ rule: 'unrecognised-error', verdict: 'failed-start' });
  expect(found.text).toMatch(/creating the container[\s\S]*the moon is full/);
});

it.each([
  // what it is about is told by the part that says it, also where no sentence is known and no process of runsc wrote the record
  [
    'FATAL ERROR: opening the frobnicator of the cgroup: device or resource busy\n',
    'failed-start',
    /cgroup of the container/,
  ],
  [
    'FATAL ERROR: creating container: reading /proc/self/uid_map twice: invalid argument\n',
    'failed-start',
    /user namespaces/,
  ],
  [
    'FATAL ERROR: loading container: frobnicating the lock file: input/output error\n',
    'inconclusive',
    /state directory/,
  ],
  ['FATAL ERROR: signaling container: the frobnicator is gone\n', 'inconclusive', /No rule|no rule/],
])('%s', async (log, verdict, words) => {
  const { rule, verdict: given, text } = await told(log);
  expect(rule).toBe('unrecognised-error');
  expect(given).toBe(verdict);
  expect(text).toMatch(words);
});

it.each([
  [
    'an error of a program stands before what its user writes',
    'When it runs with `runsc` the editor stops at once\n\n$ docker run -it --runtime=runsc editor\neditor: could not open /dev/tty\n',
    'program-trouble',
    /controlling terminal[\s\S]*editor: could not open/,
  ],
  [
    'a warning of an engine does not stand before an error',
    '$ sudo podman --runtime /usr/bin/runsc run --rm hello\nWARN[0000] Failed to add conmon to sandbox cgroup: mkdir /sys/fs/cgroup/cpu/libpod_parent: read-only file system\nloading container: file does not exist\nError: `/usr/bin/runsc start 4711` failed: exit status 128\n',
    'container-unknown',
    /another --root[\s\S]*--runtime-flag root=/,
  ],
  [
    'a runtime that the command names is not runsc',
    '$ nerdctl run --rm --runtime=crun hello\nFATA[0000] failed to create shim task: OCI runtime create failed: the moon is full: unknown\n',
    'runtime-other',
    /crun was asked[\s\S]*the moon is full/,
  ],
  [
    'a runtime that nothing names may be another one',
    'FATA[0000] failed to create shim task: OCI runtime create failed: the moon is full: unknown\n',
    'unrecognised-error',
    /The runtime \(runsc, if/,
  ],
  [
    'a spec of a release candidate tells of an old engine',
    '$ sudo docker run --runtime=runsc hello\nerror reading spec: error unmarshaling spec from file "/run/x/config.json": json: cannot unmarshal array into Go struct field Process.capabilities of type specs.LinuxCapabilities\n',
    'spec-malformed',
    /too old[\s\S]*17\.09/,
  ],
  [
    'what is refused under another runtime is not said of gVisor',
    '$ docker run -it --rm debian bash\nbwrap: Creating new namespace failed: Operation not permitted\n',
    'feature-missing',
    /another runtime, and nothing names gVisor/,
  ],
  [
    'what a call into the sandbox was about is told by its words',
    'D1006 16:39:54.841380       1 controller.go:425] containerManager.StartSubcontainer failed, cid: c1, args: &{CID:c1}, err: failed to frobnicate: no gofer client in context\n',
    'command-failed',
    /It is about the gofer[\s\S]*Update runsc/,
  ],
  [
    'a short stack tells what a stop waits for',
    'FailedKillPod error killing pod: failed to "KillPodSandbox" for "1" with KillPodSandboxError: "rpc error: code = DeadlineExceeded desc = context deadline exceeded"\n\ngoroutine 7 [syscall, 90 minutes]:\n  systrap.(*sharedContext).sleepOnState(...)\n  systrap.(*subprocess).switchToApp(...)\n  kernel.(*Task).run(...)\n',
    'sandbox-stop-hang',
    /for 90 minutes\) in the platform systrap/,
  ],
  [
    'an option that is refused is blamed where the program is said to work elsewhere',
    'With plain containerd it runs fine, under the runsc runtime the same image fails to connect.\n\nContainer Sandbox: Unsupported syscall getsockopt(0x5,0x6,0xa,0x3ee2d2dfb3c0,0x3ee2d2dfb3c4,0x0). It is very likely that you can safely ignore this message.\n',
    'unsupported-notice',
    /TCP_WINDOW_CLAMP[\s\S]*Switch off in the program/,
  ],
  [
    'the platform kvm without its device',
    "$ docker run --runtime=runsc-kvm app\ndocker: Error response from daemon: OCI runtime create failed: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF: unknown.\n$ ls -l /dev/kvm\nls: cannot access '/dev/kvm': No such file or directory\n",
    'start-surroundings',
    /cannot use \/dev\/kvm/,
  ],
  [
    'limits of memory and swap that contradict each other',
    'FATAL ERROR: creating container: cannot set up cgroup for root: configuring cgroup: cgroup: Memory.Swap is set without Memory.Limit\n',
    'cgroup-unusable',
    /do not go together/,
  ],
])('%s', async (_, log, rule, words) => {
  const found = await told(log);
  expect({ rule: found.rule, text: found.text }).toEqual({ rule, text: expect.stringMatching(words) as string });
});

it.each([
  ['pkg/tcpip/transport/tcp.(*endpoint).handle', /--network=host/],
  ['pkg/sentry/fsimpl/overlay.(*dentry).copyUp', /--overlay2=none/],
  ['pkg/sentry/platform/systrap.(*context).Switch', /--platform=kvm/],
])('a crash in %s says what to do without until it is mended', async (frame, expected) => {
  const { rule, verdict, text } = await told(
    `panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 7 [running]:\ngvisor.dev/gvisor/${frame}(0x1)\n\tx.go:1 +0x1\n`,
  );
  expect([rule, verdict]).toEqual(['sentry-panic', 'sandbox-crash']);
  expect(text).toMatch(expected);
});

it('an error of a command on a container that stands is no failed start', async () => {
  const { rule, verdict, text } = await told(fatal('signaling container "a": the frobnicator is gone'));
  expect([rule, verdict]).toEqual(['unrecognised-error', 'inconclusive']);
  expect(text).toMatch(/sending a signal/);
});

it.each([
  [
    'app: error while loading shared libraries: libx.so.1: cannot open shared object file: No such file or directory',
    'program-trouble',
    /libx\.so\.1/,
  ],
  ["OSError: [Errno 28] No space left on device: '/tmp/x'", 'program-trouble', /No space is left/],
  ['modprobe: FATAL: Module xt_x not found in directory /lib/modules/4.4.0', 'program-trouble', /no Linux kernel/],
  ['bash: /srv/run.sh: Permission denied', 'rootfs-unreadable', /A program in the sandbox was refused \/srv\/run\.sh/],
  ["nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted", 'feature-missing', /namespaces/],
  [
    'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
    'unrecognised-error',
    /The Docker daemon reports[\s\S]*container toolkit/,
  ],
  [
    'docker: Error response from daemon: driver failed programming external connectivity on endpoint web: failed to bind host port for 0.0.0.0:80',
    'unrecognised-error',
    /publishing a port[\s\S]*ss -ltnp/,
  ],
  [
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'program-trouble',
    /could not get memory/,
  ],
  ['runtime/cgo: pthread_create failed: Resource temporarily unavailable', 'program-trouble', /more threads/],
  ['fatal error: all goroutines are asleep - deadlock!', 'sentry-panic', /program written in Go/],
  ['app: listen EADDRINUSE: address already in use :::3000', 'program-trouble', /is taken[\s\S]*ss -ltnp/],
  ['[FATAL tini (7)] exec /app failed: No such file or directory', 'program-trouble', /cannot be executed: \/app/],
  [
    'curl: (7) Failed to connect to a.example port 443 after 130000 ms: Connection timed out',
    'program-trouble',
    /not answered/,
  ],
  ['PANIC:  could not fsync file "base/1/1": Input/output error', 'program-trouble', /gofer/],
  [
    'OCI runtime exec failed: executing processes for container: container is not running: unknown',
    'container-state-wrong',
    /has ended already/,
  ],
  [
    'FATAL ERROR: creating container: cannot set up cgroup for root: invalid systemd path: "/kubepods/burstable/pod1"',
    'cgroup-unusable',
    /different cgroup drivers[\s\S]*kubepods/,
  ],
  [
    'FATAL ERROR: error setting up chroot: error changing root filesystem: invalid argument',
    'sandbox-privileges',
    /initramfs/,
  ],
  [
    'loading sandbox: ID {"a" "b"} doesn\'t belong to a sandbox',
    'container-state-wrong',
    /walks through all containers/,
  ],
  ['error: chtimes /bin/sh: invalid argument', 'program-trouble', /zero time of Go/],
  [
    'error unpacking: mkdir /work/context: operation not supported',
    'feature-missing',
    /file system in the sandbox that holds \/work\/context/,
  ],
  [
    'W1114 15:23:00.952578       1 vfs.go:992] ignoring unknown filesystem type "erofs"',
    'mount-type-unknown',
    /left out/,
  ],
])('%s', async (line, rule, words) => {
  const found = await told(`$ docker run --runtime=runsc app\n${line}\n`);
  expect({ rule: found.rule, text: found.text }).toEqual({ rule, text: expect.stringMatching(words) as string });
});

it('a release that works is the way out, where the text names one', async () => {
  const found = await told(
    '$ docker run --runtime=runsc app\napp: mkdir /work/context: operation not supported\n\nAfter a rollback to release-20260504.0 the builds recover.\n',
  );
  expect(found.text).toMatch(/regression of runsc\. Pin release 20260504\.0/);
});

it('a compiler that misses a function of the gVisor module is no program in a sandbox', async () => {
  const found = await told(
    '$ go get -u gvisor.dev/gvisor@go\n# example.test/net/tun\nnet/tun/wrap.go:186:16: undefined: stack.PacketBuffer\n',
  );
  expect(found.text).toMatch(/does not compile against the gVisor module/);
});

it('a configuration of the engine is none of a container', async () => {
  const found = await told(
    "Sep 1 12:00:00 h dockerd[1]: failed to start daemon: unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '}' looking for beginning of object key string\n",
  );
  expect(found.rule).toBe('spec-malformed');
  expect(found.text).toMatch(/configuration of the engine[\s\S]*dockerd --validate/);
});

it.each([
  [
    'a log of a program in the form of log.json, without times, is none of runsc',
    '{"level":"error","msg":"failed to install redirect: iptables command failed: exit status 1 (output: iptables: Failed to initialize nft: Protocol not supported\\n)"}\n',
    'nested-engine',
    /nftables does not work/,
  ],
  [
    'podman names the runtime by its own name, within an answer in JSON',
    'task: rpc error: code = Unknown desc = cannot start container, status code: 500: {"cause":"OCI runtime error","message":"gvisor: reading spec: root mount propagation option must specify private or slave: \\"shared\\": OCI runtime error","response":500}\n',
    'spec-value-unsupported',
    /mount propagation "shared"/,
  ],
  [
    'a crash by a signal whose first line was cut off is a crash',
    'PC=0xe6fc30 m=18 sigcode=1\n\ngoroutine 82 [syscall, locked to thread]:\ngvisor.dev/gvisor/pkg/sentry/platform/kvm.(*vCPU).SwitchToUser(0xc0)\n\tpkg/sentry/platform/kvm/machine_amd64.go:323 +0xbe\ngvisor.dev/gvisor/pkg/sentry/kernel.(*Task).run(0xc0)\n\tpkg/sentry/kernel/task_run.go:97 +0x1\n',
    'sentry-panic',
    /crashed in kvm\.\(\*vCPU\)\.SwitchToUser/,
  ],
  [
    'frames without their arguments are frames',
    'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: code=0x1 addr=0x10]\n\ngoroutine 1 [running]:\ngvisor.dev/gvisor/runsc/boot.createDeviceFile\n\trunsc/boot/vfs.go:1609\n',
    'sentry-panic',
    /boot\.createDeviceFile/,
  ],
])('%s', async (_, log, rule, words) => {
  const found = await told(log);
  expect({ rule: found.rule, text: found.text }).toEqual({ rule, text: expect.stringMatching(words) as string });
});

it.each([
  'myapp: failed to create log file: open /var/log/app.log: permission denied',
  'error reading config file: open /app/config.yml: no such file or directory',
  'ffmpeg: file "out.mp4" already exists',
  'git: object missing: abc123',
  'app: unknown header: X-Foo',
  'sudo: failed to set UID',
])('what any program may print is not taken for words of runsc: %s', async (line) => {
  const { rule, verdict } = await told(`$ docker run --runtime=runsc app\n${line}\n`);
  expect(['app-failure', 'inconclusive']).toContain(verdict);
  expect(['error-told', 'program-trouble', 'feature-missing', 'rootfs-unreadable', undefined]).toContain(rule);
});

it.each([
  'It does not work with runsc version release-20240415.0, nor with release-20240401.0.',
  'not working in the newest release 20250820',
  'The previous version did not work either, we hope an update resolves it.',
  'networks of release-20250820 are listed below',
])('is no word of a release that works: %s', async (line) => {
  const { text } = await told(`$ docker run --runtime=runsc app\napp: mkdir /w: operation not supported\n\n${line}\n`);
  expect(text).not.toMatch(/regression/);
});

it('a port that the engine publishes is not looked for inside', async () => {
  const { text } = await told(
    'ERROR: for web  Cannot start service web: driver failed programming external connectivity on endpoint web: listen tcp4 0.0.0.0:80: bind: address already in use\n$ docker info | grep runsc\n',
  );
  expect(text).not.toMatch(/ss -ltnp inside/);
});

it('the quotes that close an error within an error are none of its words', async () => {
  const found = await told(
    'E1123 10:11:12.123456    1234 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"web\\" with RunContainerError: \\"failed to create containerd task: failed to create shim task: OCI runtime start failed: starting container: starting root container: starting sandbox: creating process: failed to load /entry.sh: exec format error: unknown\\"" pod="default/web"\n',
  );
  expect(found.rule).toBe('program-format-foreign');
});

it('a panic that a sentence quotes is no complaint of a program', async () => {
  const { rule, verdict } = await told(
    'I see panic: ptrace: PTRACE_ATTACH: operation not permitted in the boot log of runsc.\n',
  );
  expect(rule).not.toBe('feature-missing');
  expect(verdict).not.toBe('app-failure');
});
