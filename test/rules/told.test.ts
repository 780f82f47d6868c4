/** What engines, kernel and programs tell, in other words, releases and orders than the fixtures: which rule speaks first, and of what. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSigns } from '../../grammars/told.js';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import type { Judgement } from '../../src/model/judgement.js';
import { analyze } from '../../src/pipeline.js';
import { judge } from '../../src/rules/diagnose.js';

const folder = mkdtempSync(join(tmpdir(), 'told-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function judged(text: string): Promise<Judgement> {
  const path = join(folder, `posted-${count++}.txt`);
  writeFileSync(path, text);
  const { products } = await analyze([path], diagnosisAnalyzers);
  return judge(products);
}

/** Text, the rule whose finding comes first, and what its title or cause says. */
const SAID: readonly (readonly [string, string, RegExp])[] = [
  // calls of the GPU driver
  ['nvproxy: unknown uvm ioctl 81 = 0x51', 'gpu-call-unknown', /uvm ioctl 81 on \/dev\/nvidia-uvm/],
  ['nvproxy: unknown allocation class 0x0000c9b5', 'gpu-call-unknown', /allocation class 0x0000c9b5/],
  [
    'W0101 10:00:00.000001  77 frontend.go:9] [   4:   4] nvproxy: no handler for control command 0x2080052d (paramsSize=8)',
    'gpu-call-unknown',
    /THERMAL.*for display/s,
  ],
  [
    '> nvproxy: unknown frontend ioctl 209 == 0xd1 (argSize=4, cmd=0xc00446d1)',
    'gpu-call-unknown',
    /NV_ESC_STATUS_CODE/,
  ],
  // what nobody knows is quoted, with who speaks and what was done
  [
    'kubelet[900]: E0410 09:12:03.100000     900 kuberuntime_sandbox.go:72] "Failed to create sandbox for pod" err="rpc error: code = Unknown desc = failed to setup network for sandbox \\"ab12\\": plugin type=\\"weave\\" failed (add): dial unix /run/weave/weave.sock: connect: connection refused" pod="default/web"',
    'error-told',
    /kubelet reports an error while setting up the network of the pod.*connection refused.*CNI plugin/s,
  ],
  [
    'node-7: {"error":"failed to setup network for sandbox \\"ab12\\": plugin type=\\"bridge\\" failed (add): open /run/bridge.env: no such file or directory","level":"error","msg":"RunPodSandbox failed","time":"2026-04-10T09:12:03Z"}',
    'error-told',
    /while setting up the network of the pod: .*bridge\.env.*does not exist on the host/s,
  ],
  [
    'The sandbox did not start in time: /srv/box/ready is still missing\nI0410 09:12:03.100000       1 gofer.go:1] Mounting src: "/etc/x"',
    'error-told',
    /while starting the container/,
  ],
  [
    '  Warning  FailedCreatePodSandBox  9s  kubelet  Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox container task "ab": ttrpc: closed: unknown',
    'unrecognised-error',
    /kubelet reports an error while talking to the shim/,
  ],
  [
    '  Warning  Unhealthy  2s (x9 over 1m)  kubelet  Liveness probe failed: HTTP probe failed with statuscode: 503\n  Warning  BackOff  1s  kubelet  Back-off restarting failed container app in pod app_default(1)',
    'error-told',
    /while probing the container/,
  ],
  [
    'W0410 09:12:03.100000    4100 network.go:9] No IPv4 address found for interface "net1", skipping',
    'error-told',
    /runsc reports an error while taking over the network.*another sandbox took its addresses/s,
  ],
  [
    "gVisor (runsc), release of last week\nthread 'main' panicked at src/main.rs:7:1: the lease is gone",
    'error-told',
    /the lease is gone/,
  ],
  [
    '{"level":"error","ts":"2026-04-10T09:12:03Z","msg":"cannot set up","error":"open /proc/self/timerslack_ns: permission denied"}',
    'program-trouble',
    /timerslack_ns.*sentry writes \/proc/s,
  ],
  ['$ docker run --runtime=runsc app\n/run.sh: line 3:  77 Aborted   ./app --fast', 'user-fault', /Aborted/],
  // errors around the sandbox that have rules
  [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: loading cgroup for 77: unable to find "pids" in controller set: unknown',
    'cgroup-unusable',
    /no cgroup hierarchy "pids"/,
  ],
  [
    'FATAL ERROR: Error setting up root FS: self-bind-mounting rootfs "/proc/fs/root": operation not permitted',
    'mount-failed',
    /bound to itself: operation not permitted/,
  ],
  [
    'docker: Error response from daemon: OCI runtime start failed: starting container: starting root container: starting sandbox: error finding executable "nvidia-debugdump" in PATH [/usr/bin /bin]: no such file or directory: unknown.',
    'program-not-in-path',
    /GPU driver's files were not put into it/,
  ],
  ['Error: OCI runtime error: runsc: flag provided but not defined: -tty', 'flag-unknown', /Podman passes/],
  [
    'FATAL ERROR: error setting up FS:\nmounting {Destination:/run/a/sock\nSource:/run/a/sock\nOptions:[rbind]}:\nopen("/x/run/a/sock") failed:\nno such device or address',
    'mount-failed',
    /\/run\/a\/sock/,
  ],
  [
    '$ runsc do true\nrunning container: creating container: waiting for sandbox to start: EOF\nD0410 09:12:03.100000       1 seccomp.go:171] syscall filter dup: [] => 0x616c6c6f77',
    'start-echo',
    /does not say why/,
  ],
  [
    'I0410 09:12:03.100000       1 x:0] [  26] ss E dup(0x2)\nSO_RCVBUF: Protocol not available',
    'feature-missing',
    /SO_RCVBUF/,
  ],
  // runtimes that nobody knows
  [
    '  Warning  FailedCreatePodSandBox  2s (x4 over 40s)  kubelet  Failed to create pod sandbox: rpc error: code = Unknown desc = failed to find runtime handler gvisor from runtime list map[runc:0xc0001]',
    'runtime-not-registered',
    /no handler named gvisor/,
  ],
  [
    'docker: Error response from daemon: unknown or invalid runtime name: runsc-kvm.',
    'runtime-not-registered',
    /Docker daemon knows no runtime named runsc-kvm/,
  ],
  ['docker: Error response from daemon: Unknown runtime specified runsc.', 'runtime-not-registered', /named runsc/],
  [
    'Error creating: pods "web-" is forbidden: pod rejected: RuntimeClass "sandboxed" not found',
    'runtime-not-registered',
    /no RuntimeClass named sandboxed/,
  ],
  [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "kata-fc" is configured',
    'runtime-not-registered',
    /kata-fc/,
  ],
  [
    'FATA[0000] failed to create shim task: failed to start shim: failed to resolve runtime path: runtime "io.containerd.runsc.v1" binary not installed "containerd-shim-runsc-v1": file does not exist: unknown',
    'runtime-not-registered',
    /does not find the shim containerd-shim-runsc-v1/,
  ],
  [
    'docker: Error response from daemon: failed to start shim: exec: "containerd-shim-runsc-v1": executable file not found in $PATH: unknown.',
    'runtime-not-registered',
    /shim/,
  ],
  [
    'Error: default OCI runtime "runsc" not found: invalid argument',
    'runtime-not-registered',
    /program of the runtime/,
  ],
  [
    'Error: requested OCI runtime runsc is not available: invalid argument',
    'runtime-not-registered',
    /program of the runtime/,
  ],
  // kernel
  [
    'kernel: Memory cgroup out of memory: Killed process 811 (runsc-sandbox) total-vm:1kB, anon-rss:1kB',
    'memory-kill',
    /memory limit of the cgroup.*runsc-sandbox/s,
  ],
  [
    '    State:          Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n',
    'memory-kill',
    /OOMKilled/,
  ],
  [
    'audit: type=1326 audit(1700000000.1:2): auid=1 uid=0 gid=0 ses=1 pid=7 comm="exe" exe="/usr/bin/runsc" sig=31 arch=c00000b7 syscall=222 compat=0 ip=0x1 code=0x80000000',
    'seccomp-kill',
    /mmap \(number 222, arm64\)/,
  ],
  ['[  77.100000] exe[4411]: segfault at 7f2200 ip 00007f22 sp 00007ffe error 4 in libc.so', 'stub-fault', /SIGSEGV/],
  [
    '[  77.100000] traps: runsc-sandbox[4411] general protection fault ip:7f22 sp:7ffe error:0',
    'stub-fault',
    /general protection fault/,
  ],
  [
    'm-1   Ready   worker   53d   v1.22.7   10.0.0.4   <none>   CentOS Linux 7 (Core)   3.10.0-1160.el7.x86_64   containerd://1.7.1\nFailed to create pod sandbox: rpc error: code = Unknown desc = OCI runtime create failed: /usr/local/bin/runsc did not terminate successfully: unknown',
    'host-kernel-old',
    /3\.10\.0-1160.*RHEL\/CentOS 7/s,
  ],
  [
    'panic: seccomp failed: invalid argument\n\ngoroutine 1 [running]:\nmain.main()\n\nuname -r\n4.18.0-348.el8.x86_64',
    'host-kernel-old',
    /seccomp/,
  ],
  // engines inside
  [
    "iptables v1.8.7 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
    'nested-engine',
    /legacy iptables interface/,
  ],
  ['iptables/1.8.7 Failed to initialize nft: Protocol not supported', 'nested-engine', /nftables/],
  // other runtimes
  [
    'Error: crun: executable file `serve` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'runtime-other',
    /crun, not runsc.*PATH of the image/s,
  ],
  [
    'standard_init_linux.go:228: exec user process caused: exec format error',
    'runtime-other',
    /runc, not runsc.*another processor/s,
  ],
  [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to launch qemu: exit status 1, error messages from qemu log: kvm: no such device',
    'runtime-other',
    /Kata Containers/,
  ],
  // stops
  [
    'Error response from daemon: cannot stop container: web: tried to kill container, but did not receive an exit event',
    'sandbox-stop-hang',
    /does not stop/,
  ],
  [
    'E0101 10:00:00.000001    1 x.go:1] failed to "KillContainer" for "app" with KillContainerError: "rpc error: code = DeadlineExceeded desc = an error occurs during waiting for container to be killed: wait container: context deadline exceeded"',
    'sandbox-stop-hang',
    /container to stop/,
  ],
  [
    'stopping the pod sandbox "ab12": rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'sandbox-stop-hang',
    /pod sandbox/,
  ],
  // programs
  [
    'psycopg2.OperationalError: could not open shared memory segment "/PostgreSQL.22": Permission denied',
    'shared-memory-mode',
    /\/dev\/shm/,
  ],
  ['InterruptedError: [Errno 4] Interrupted system call', 'call-interrupted', /EINTR/],
  ['rpmdb: sqlite error: disk I/O error', 'feature-missing', /F_GETLK/],
  ['ping: socket: Operation not permitted', 'program-trouble', /--net-raw/],
  ['fatal: inotify fallback: fanotify_init: Function not implemented', 'feature-missing', /fanotify/],
  [
    "mount: /mnt: unknown filesystem type 'nfs4'. mount failed: No such device",
    'feature-missing',
    /mounting this file system/,
  ],
  ['helper: launch: Function not implemented (os error 38)', 'feature-missing', /does not say/],
  [
    'root@h:~# unshare -n runsc do true\nError setting up network: malformed "ip route list default" output: ""',
    'network-setup-failed',
    /no default route/,
  ],
  [
    'checkpoint failed: save rejected: endpoint cannot be saved in connected state: local 10.0.0.2:80',
    'checkpoint-object',
    /network connection/,
  ],
  [
    '$ grep -c . /proc/1/task\n     10 State:\tt (tracing stop)\n$ sleep 60\n     31 State:\tt (tracing stop)',
    'host-tasks-many',
    /10 → 31/,
  ],
  [
    'docker: Error response from daemon: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/x/log.json: no such file or directory): fork/exec /opt/bin/runsc: exec format error: unknown.',
    'runtime-not-registered',
    /cannot be executed: exec format error/,
  ],
  [
    '$ docker compose -f app.yml up -d\n$ docker exec web curl db\ncurl: (6) Could not resolve host: db',
    'resolver-unreachable',
    /127\.0\.0\.11/,
  ],
  [
    'Error response from daemon: Cannot kill container: web: unknown error after kill: runsc did not terminate successfully: exit status 128',
    'sandbox-stop-hang',
    /does not stop/,
  ],
  [
    'Failed to move to new namespace: PID namespaces supported, Network namespace supported, but failed: errno = Operation not permitted',
    'feature-missing',
    /namespaces/,
  ],
  [
    'sysctl: cannot stat /proc/sys/net/core/bpf_jit_enable: No such file or directory',
    'program-trouble',
    /below \/proc\/sys/,
  ],
  ['FATAL: kernel too old', 'feature-missing', /Linux 4\.4/],
  [
    'docker: Error response from daemon: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/c/log.json: no such file or directory): /usr/bin/runc did not terminate successfully: exit status 1: unknown.',
    'runtime-other',
    /words of runc/,
  ],
  [
    'OCI runtime exec failed: exec failed: unable to start container process: waiting for init: interrupted system call: unknown',
    'call-interrupted',
    /interrupt/i,
  ],
  [
    "'1: eth1: mtu 9 ioctl(SIOCSIFHWADDR) failed: Inappropriate ioctl for device",
    'feature-missing',
    /network interfaces/,
  ],
  ['[v4l2] ioctl(VIDIOC_G_FMT): Inappropriate ioctl for device', 'feature-missing', /video.*not passed on/s],
  ['E: Setting TIOCSCTTY failed - ioctl (1: Operation not permitted)', 'feature-missing', /control of terminals/],
  ['Failed to initialize NVML: GPU access blocked by the operating system', 'feature-missing', /nvproxy/],
  [
    '$ docker run --runtime=runsc img tool\ntool: prctl(PR_SET_FOO): Invalid argument',
    'feature-missing',
    /refused prctl|PR_SET_FOO/,
  ],
  [
    'FATA[0000] failed to create containerd task: io.containerd.runsc.v1: failed to connect: dial unix: missing address: unknown',
    'shim-failed',
    /no address from the shim/,
  ],
  [
    'panic: error restoring namespace: of type net: operation not permitted',
    'sentry-panic',
    /may not change namespaces.*Run the engine as root|rootless/s,
  ],
  // panics that tell more than that the sentry crashed
  [
    'panic: Signal-induced panic\n\ngoroutine 71 [running]:\ngvisor.dev/gvisor/runsc/boot.(*Loader).run.func2(0x2)\n\trunsc/boot/loader.go:1 +0x1',
    'sentry-panic',
    /signal from outside.*somebody on the host/s,
  ],
  [
    'panic: unable to create a stub process\n\ngoroutine 1 [running]:\ngvisor.dev/gvisor/pkg/sentry/platform/systrap.newSubprocess(0x1)\n\tpkg/sentry/platform/systrap/subprocess.go:1 +0x1',
    'sentry-panic',
    /stub process on this host.*seccomp and|kernel of the host refused/s,
  ],
  [
    'panic: runtime error: slice bounds out of range [:9] with capacity 4\n\ngoroutine 9 [running]:\ngvisor.dev/gvisor/pkg/sentry/pgalloc.(*MemoryFile).LoadFrom(0x1)\n\tpkg/sentry/pgalloc/save_restore.go:1 +0x1',
    'sentry-panic',
    /Reading a checkpoint crashed.*another release of runsc/s,
  ],
  [
    'panic: unrecoverable overlayfs inconsistency: failed to recreate deleted whiteout after RmdirAt failure: no space left on device\n\ngoroutine 9 [running]:\ngvisor.dev/gvisor/pkg/sentry/fsimpl/overlay.(*filesystem).RmdirAt(0x1)\n\tpkg/sentry/fsimpl/overlay/filesystem.go:1 +0x1',
    'sentry-panic',
    /overlay could not finish a change[\s\S]*no room for the upper layer/,
  ],
  [
    "panic: couldn't open /proc/sys/vm/mmap_min_addr: open /proc/sys/vm/mmap_min_addr: no such file or directory\n\ngoroutine 1 [running]:\ngvisor.dev/gvisor/pkg/sentry/platform.init.0()\n\tpkg/sentry/platform/mmap_min_addr.go:1 +0x1",
    'sentry-panic',
    /cannot read \/proc\/sys\/vm\/mmap_min_addr[\s\S]*\/proc is not mounted/,
  ],
  [
    'panic: gofer.dentry file type changed from 0o40000 to 0o100000\n\ngoroutine 9 [running]:\ngvisor.dev/gvisor/pkg/sentry/fsimpl/gofer.(*dentry).updateMetadata(0x1)\n\tpkg/sentry/fsimpl/gofer/gofer.go:1 +0x1',
    'sentry-panic',
    /became another kind of file[\s\S]*outside of the sandbox/,
  ],
  [
    'panic: error creating new vCPU: cannot allocate memory\n\ngoroutine 9 [running]:\ngvisor.dev/gvisor/pkg/sentry/platform/kvm.(*machine).createVCPU(0x1)\n\tpkg/sentry/platform/kvm/machine.go:1 +0x1',
    'platform-unusable',
    /no further virtual processor: cannot allocate memory/,
  ],
  [
    'panic: ptrace sysemu failed: input/output error\n\ngoroutine 9 [running]:\ngvisor.dev/gvisor/pkg/sentry/platform/ptrace.(*subprocess).switchToApp(0x1)\n\tpkg/sentry/platform/ptrace/subprocess.go:1 +0x1',
    'sentry-panic',
    /did not let the platform trace[\s\S]*PTRACE_SYSEMU/,
  ],
  [
    'panic: Only 4K page size is supported on arm64!\n\ngoroutine 1 [running]:\ngvisor.dev/gvisor/pkg/hostarch.init.0()\n\tpkg/hostarch/hostarch_arm64.go:1 +0x1',
    'sentry-panic',
    /page size of the kernel.*pages of 4 KiB/s,
  ],
  [
    'panic: boom\n\ngoroutine 5 [running]:\ngvisor.dev/gvisor/pkg/sentry/fsimpl/tmpfs.(*regularFile).x(0x1)\n\tpkg/sentry/fsimpl/tmpfs/regular_file.go:1 +0x1\ngvisor.dev/gvisor/pkg/sentry/syscalls/linux.Pwritev2(0x1)\n\tpkg/sentry/syscalls/linux/sys_read_write.go:1 +0x1',
    'sentry-panic',
    /that is tmpfs.* while a program made the system call Pwritev2/,
  ],
  [
    'panic: checksum of nothing\n\ngoroutine 77 [running]:\ngvisor.dev/gvisor/pkg/tcpip/stack.(*nic).deliver(0x1)\n\t/root/go/pkg/mod/gvisor.dev/gvisor@v0.0.0-20230101000000-0123456789ab/pkg/tcpip/stack/nic.go:1 +0x1\nexample.com/vpn/tunnel.(*Device).Read(0x1)\n\t/src/tunnel/device.go:7 +0x2',
    'sentry-panic',
    /library crashed.*no runsc and no sandbox.*example\.com\/vpn\/tunnel/s,
  ],
  [
    '(gdb) bt\n#0  runtime.raise ()\n#1  gvisor.dev/gvisor/pkg/sentry/platform/kvm.(*vCPU).x ()\n#2  gvisor.dev/gvisor/pkg/sentry/platform/kvm.(*machine).Get ()\n#3  main.main ()',
    'sentry-panic',
    /debugger or a core dump.*KVM platform/s,
  ],
  [
    'goroutine 88 [syscall, 12 minutes, locked to thread]:\ngvisor.dev/gvisor/pkg/sentry/platform/kvm.(*vCPU).waitUntilNot(0x1)\n\tpkg/sentry/platform/kvm/machine_unsafe.go:1 +0x1',
    'sandbox-lock-wait',
    /12 minutes: kvm\.\(\*vCPU\)\.waitUntilNot.*the task behind it hangs/s,
  ],
  // KVM, faults and deaths
  ['[ 77.100000] kvm_intel: kvm: VM-entry failed due to invalid guest state', 'kvm-guest-failed', /--platform=kvm/],
  ['> Unhandled user fault: addr=10 ip=55d0 access=r-- err=bad address', 'user-fault', /address 0x10.*bad address/s],
  [
    '$ docker run --rm --runtime=runsc-ptrace img prog\nIllegal instruction (core dumped)',
    'user-fault',
    /runtime runsc-ptrace.*Illegal instruction/s,
  ],
  // what the host refuses
  [
    'runsc: FATAL ERROR: creating container: cannot create gofer process: gofer: fork/exec /proc/self/exe: invalid argument',
    'sandbox-privileges',
    /makes no user namespaces/,
  ],
  [
    'FATAL ERROR: re-executing self: fork/exec /proc/self/exe: permission denied',
    'sandbox-privileges',
    /AppArmor.*noexec/s,
  ],
  [
    'Error: OCI runtime error: runsc: creating container: systemd error: Access denied',
    'cgroup-unusable',
    /does not let this user make the cgroup/,
  ],
  [
    'OCI runtime create failed: creating container: write /sys/fs/cgroup/machine/pod7/cgroup.procs: device or resource busy: unknown',
    'cgroup-unusable',
    /takes no process: controllers are handed down.*cgroup v2/s,
  ],
  [
    '$ runsc do true\ncreating container: cgroups V2 is not yet supported. Enable cgroups V1',
    'cgroup-unusable',
    /knows cgroup v1 only/,
  ],
  [
    'docker: Error response from daemon: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/x/log.json: no such file or directory): /opt/runsc did not terminate successfully: exit status 1: systemd cgroup flag passed, but systemd cgroups not supported: unknown.',
    'cgroup-unusable',
    /systemd cgroups, and this release of runsc has no support/,
  ],
  [
    'FATAL ERROR: creating loader: registering filesystems: registering nvproxy driver:\n    unsupported Nvidia driver version: 1.2.3',
    'platform-unusable',
    /unsupported Nvidia driver version: 1\.2\.3/,
  ],
  [
    'node7 containerd[71]: flag provided but not defined: -systemd-cgroup\nnode7 containerd[71]: Usage of /opt/bin/gvisor-containerd-shim:',
    'flag-unknown',
    /shim \/opt\/bin\/gvisor-containerd-shim/,
  ],
  // checkpoints
  [
    'starting container: restoring container "w": failed to load kernel: error executing callbacks: no host FD available for w:host:1, map: map[]',
    'checkpoint-failed',
    /descriptor w:host:1.*exec/s,
  ],
  [
    'checkpointing container "w": gofer.dentry("srv/tmp1").prepareSaveDead: only regular deleted dentries can be saved, got S_IFDIR|0o755',
    'checkpoint-failed',
    /deleted directory.*srv\/tmp1.*overlay2/s,
  ],
  [
    'failed to load kernel: vfs.CompleteRestore() failed: failed to complete restore for filesystem type "9p": failed to open "a": no such file or directory',
    'checkpoint-failed',
    /file system of the restore is not that of the checkpoint/,
  ],
  [
    'FATAL ERROR: restoring container "w": inconsistent private memory files on restore: saved = [w:/ w:/tmp], given = [w:/]',
    'checkpoint-failed',
    /other memory files/,
  ],
  // packet filters, FUSE and namespaces inside
  ["iptables-restore: unable to initialize table 'security'", 'nested-engine', /table security.*never/s],
  [
    "# iptables -A INPUT -m conntrack --ctstate NEW -j ACCEPT\niptables: Invalid argument. Run `dmesg' for more information.",
    'nested-engine',
    /refuses a rule.*Connection tracking/s,
  ],
  ["mount helper error: fusermount3: fuse device not found, try 'modprobe fuse' first", 'feature-missing', /FUSE/],
  ['Error: failed to join user namespace of the pause process', 'feature-missing', /namespaces.*rootless podman/s],
  // a person's words around what was printed
  [
    'After the upgrade of the nodes I cannot start anything and it fails in the same way each time.\n\nstoraged: cannot lease volume 7: the quorum is lost\n\nWe run it with runsc, of course.',
    'error-told',
    /says "storaged: cannot lease volume 7: the quorum is lost"/,
  ],
  [
    'When the second container of the pod comes back, runsc fails with "inconsistent private memory files on restore", and I do not know why.',
    'checkpoint-failed',
    /disagree about private memory files.*this release of runsc counts them differently/s,
  ],
  [
    'decoding error: clock went backwards:\ngoroutine 9 [running]:\ngvisor.dev/gvisor/pkg/state.safely.func1()\n\tpkg/state/state.go:309 +0x170\ngvisor.dev/gvisor/pkg/sentry/kernel.(*Timekeeper).afterLoad(0xc0002a1508)\n\tpkg/sentry/kernel/kernel_state.go:41 +0x88\n',
    'checkpoint-state-broken',
    /The restore failed while an object of .* was loaded: clock went backwards.*kernel\.\(\*Timekeeper\)\.afterLoad/s,
  ],
  // what a text tells around a start without words
  [
    'rpm -q runsc; it is built by our distribution with GOFLAGS=-buildmode=pie\n\nrunning container: creating container: waiting for sandbox to start: EOF',
    'start-surroundings',
    /position independent.*without PIE/s,
  ],
  [
    'securityContext:\n  seccompProfile:\n    type: RuntimeDefault\nThe default seccomp profile of the node blocks unshare for it.\n\ncannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF',
    'start-surroundings',
    /seccomp profile around runsc.*pivot_root/s,
  ],
  [
    'docker: Error response from daemon: OCI runtime start failed: starting container: setting up network: creating interfaces from net namespace "/proc/77/ns/net": creating links and routes: connection reset by peer: unknown.\nWith --overlay2=none it starts on the same host.',
    'start-surroundings',
    /starts with --overlay2=none.*changes of the root file system/s,
  ],
  [
    'docker: Error response from daemon: OCI runtime start failed: starting container: setting up network: creating interfaces from net namespace "/proc/77/ns/net": creating links and routes: connection reset by peer: unknown.',
    'network-setup-failed',
    /sandbox died while its network.*in its own log/s,
  ],
  [
    'Client:\n Version:      17.03.1-ce\nServer:\n Version:      17.03.1-ce\n\ndocker: Error response from daemon: containerd: container not started.\nruntime: runsc',
    'start-surroundings',
    /Docker 17\.03\.1 is older than runsc needs/,
  ],
  // a flag that does not help, one of the engine, and a comparison: none of them is a way out
  ...[
    'With --directfs=false it does not start either.',
    'With --runtime=runc the same image works.',
    'If I add --debug it works the same way: never.',
  ].map((line): readonly [string, string, RegExp] => [
    `docker: Error response from daemon: OCI runtime create failed: creating container: waiting for sandbox to start: EOF: unknown.\n${line}`,
    'start-echo',
    /does not say why/,
  ]),
  // numbers are what they are named
  [
    'runsc version release-20260101.0\nspec: 1.0.1-dev\n\ndocker: Error response from daemon: OCI runtime create failed: creating container: waiting for sandbox to start: EOF: unknown.',
    'start-echo',
    /does not say why/,
  ],
  [
    'node-b   Ready   <none>   9d   v1.21.3   10.1.0.4   <none>   CentOS Linux 7 (Core)   3.10.0-1127.el7.x86_64   containerd://1.6.2\nrunsc version release-20240401.0\nFailed to create sandbox: name is reserved',
    'host-kernel-old',
    /3\.10\.0-1127\.el7\.x86_64 of RHEL\/CentOS 7.*No container starts/s,
  ],
  // not of runsc, or no failure
  [
    'panic: index out of range [9] with length 4\n\ngoroutine 8 [running]:\ngvisor.dev/gvisor/pkg/tcpip/header.IPv4.TotalLength(0x428c788)\n\tC:/Users/dev/go/src/gvisor.dev/gvisor/pkg/tcpip/header/ipv4.go:81 +0x5b\n',
    'sentry-panic',
    /network stack as a library/,
  ],
  [
    'I0621 02:34:28.669510    4573 x:0] Error opening ls -l /srv: no such file or directory\nI0621 02:34:28.669566    4573 x:0] Failed to load ls -l /srv: no such file or directory',
    'program-missing',
    /whole command line stands in one string: ls -l \/srv/,
  ],
  [
    'W0419 14:33:22.797083       1 log.go:329] Invalid request partialResult true and err (type *errors.Error) no space left on device for read operation on "/proc/sys/kernel/hostname", *proc.x:\ngoroutine 38 [running]:\ngvisor.dev/gvisor/pkg/log.Stacks(0x7aea00)\n        pkg/log/log.go:313 +0xa8\n',
    'trouble-noted',
    /odd answer to a read of \/proc\/sys\/kernel\/hostname.*no crash/s,
  ],
  // calls that a page broke
  [
    'my proxy does not work in gVisor\n\nproxy X recvmsg(\n  0x5 socket:[9],\n  0x7f1df25fecc0 {name=0x0, namelen=0},\n  0x40002040\n) = 0 (0x0) errno=22 (invalid argument) (771ns)',
    'feature-missing',
    /a flag of a sending or receiving call.*recvmsg: EINVAL/s,
  ],
  [
    'my daemon does not work in gVisor\n\ndaemon X prctl_extra(\n  0x5,\n  0x99\n) = 0 (0x0) errno=22 (invalid argument) (771ns)',
    'feature-missing',
    /prctl_extra failed with EINVAL/,
  ],
  // engines and mounts inside
  [
    'The pod runs dockerd under gVisor.\n\nfailed to mount /tmp/layers: mount source: "overlay",\n  target: "/tmp/layers", fstype: overlay, flags: 0,\n  data: "workdir=/d/9/work,upperdir=/d/9/fs,lowerdir=8/fs:7/fs", err: invalid argument',
    'nested-engine',
    /refuses relative directories.*lowerdir=8\/fs/s,
  ],
  [
    "gvisor with an overlay\n\nls: reading directory '/etc/hosts': Not a directory",
    'program-trouble',
    /\/etc\/hosts is a file that the sandbox shows as a directory/,
  ],
  [
    'DNS does not resolve anything in my compose project with runsc.\nChain DOCKER_OUTPUT (1 references)\n  3 DNAT udp -- * * 0.0.0.0/0 127.0.0.11 udp dpt:53 to:127.0.0.11:40000',
    'resolver-unreachable',
    /embedded DNS resolver/,
  ],
];

/** Texts that look like one of those and are not. */
const QUIET: readonly (readonly [string, string])[] = [
  ['nvproxy: frontend ioctl: nr = 0x0000002a, argSize = 0x00000020', 'gpu-call-unknown'],
  ['RuntimeClass "gvisor" created', 'runtime-not-registered'],
  ['exit status 137 pages printed', 'runtime-not-registered'],
  ['Memory cgroup stats for /docker/a1: cache:0KB rss:1KB', 'memory-kill'],
  ['      Exit Code:    0\n      Reason:       Completed', 'memory-kill'],
  ['runc version 1.1.12', 'runtime-other'],
  [
    'Server Version: 24.0.7\n Kernel Version: 6.1.0-18-amd64\ndocker: Error response from daemon: OCI runtime create failed: /usr/bin/runsc did not terminate successfully: unknown.',
    'host-kernel-old',
  ],
  ['Kernel Version: 3.10.0-1160.el7.x86_64\nServer: Docker Engine', 'host-kernel-old'],
  ['failed to pull image: dial tcp: lookup registry.example: no such host', 'resolver-unreachable'],
  ['-rw-r--r-- 1 root root 12 Jan  1 00:00 /dev/shm', 'shared-memory-mode'],
  ['ls: cannot open directory /root: Permission denied', 'shared-memory-mode'],
  [
    'goroutine 1 [chan receive, 40 minutes]:\ngvisor.dev/gvisor/runsc/cmd.(*Boot).Execute(0xc0001)\n\trunsc/cmd/boot.go:1 +0x1',
    'sandbox-lock-wait',
  ],
  ['     31 State:\tt (tracing stop)\n     10 State:\tt (tracing stop)', 'host-tasks-many'],
  [
    'starting gofer: fork/exec /proc/self/exe: read-only file system: check the limits of namespaces',
    'feature-missing',
  ],
  ['connect to /run/app.socket failed: bind: Operation not permitted', 'feature-missing'],
  [
    'goroutine 12 [syscall, 50 minutes]:\ngvisor.dev/gvisor/pkg/sentry/fdnotifier.(*notifier).waitAndNotify(0x1)\n\tpkg/fdnotifier/fdnotifier.go:1 +0x1',
    'sandbox-lock-wait',
  ],
  [
    'panic: x\n\ngoroutine 7 [running]:\ngvisor.dev/gvisor/pkg/tcpip/stack.(*nic).deliver(0x1)\n\tpkg/tcpip/stack/nic.go:1 +0x1\ngvisor.dev/gvisor/runsc/boot.(*Loader).Run(0x1)\n\trunsc/boot/loader.go:1 +0x1',
    'user-fault',
  ],
  ['[ 77.100000] kvm [881]: vcpu0, guest rIP: 0xffff unhandled rdmsr: 0x1c9 data 3', 'kvm-guest-failed'],
  ['$ docker run --runtime=runc img prog\nSegmentation fault', 'user-fault'],
  ['1 gvisor.dev/gvisor/pkg/sentry/kernel.Exit is a function', 'sentry-panic'],
  ['iptables v1.8.9 (legacy): no command specified', 'nested-engine'],
  ['the cgroup namespace of the pod was set', 'feature-missing'],
  ['tool: prctl(PR_SET_FOO): Invalid argument', 'feature-missing'],
  [
    'docker: Error response from daemon: OCI runtime create failed: /usr/local/bin/runsc did not terminate successfully: unknown.',
    'runtime-other',
  ],
  ['failed to load /bin/app: exec format error', 'checkpoint-failed'],
];

describe('what is told by others', () => {
  it.each(SAID)('%s', async (text, rule, says) => {
    const { findings } = await judged(`${text}\n`);
    expect(findings[0]?.rule).toBe(rule);
    expect(`${findings[0]?.title}\n${findings[0]?.cause}`).toMatch(says);
    expect(JSON.stringify(findings)).not.toMatch(/\{\w+(?:\|[^{}]*)?\}|an unnamed one/);
  });

  it.each(QUIET)('is not %s', async (text, rule) => {
    const { findings } = await judged(`${text}\n`);
    expect(findings.map((finding) => finding.rule)).not.toContain(rule);
  });

  it('a number of a call is translated, and a lone notice about it is good health', async () => {
    const { verdict, findings } = await judged(
      'Container Sandbox: Unsupported syscall getsockopt(0x5,0x6,0xd,0x3e1,0x3e2,0x0).\n',
    );
    expect(verdict).toBe('healthy');
    expect(findings[0]).toMatchObject({ rule: 'unsupported-notice', severity: 'info' });
    expect(findings[0]?.cause).toContain('TCP_CONGESTION');
  });

  it('a panic is explained by the first functions of gVisor below it', async () => {
    const { findings } = await judged(
      'panic: close of closed channel\n\ngoroutine 9 [running]:\npanic({0x1, 0x2})\n\tGOROOT/src/runtime/panic.go:1 +0x1\ngvisor.dev/gvisor/pkg/sync.(*Mutex).Unlock(0x1)\n\tpkg/sync/mutex.go:1 +0x1\ngvisor.dev/gvisor/pkg/tcpip/transport/tcp.(*Endpoint).Close(0xc1)\n\tpkg/tcpip/transport/tcp/endpoint.go:1 +0x1\n',
    );
    expect(findings[0]?.rule).toBe('sentry-panic');
    expect(findings[0]?.cause).toMatch(/tcp\.\(\*Endpoint\)\.Close, that is TCP of the network stack/);
  });

  it('a kill without a witness stays open, and says what to collect', async () => {
    const { verdict, findings, collect } = await judged('$ docker run --runtime=runsc app; echo $?\n137\n');
    expect(verdict).toBe('inconclusive');
    expect(findings[0]?.confidence).toBe('possible');
    expect(collect.join(' ')).toContain('dmesg');
  });

  it('a panic without the line of its goroutine has a place, and one of another program is not taken for runsc', async () => {
    const place = await judged(
      'panic: runtime error: index out of range [3]\n\ngvisor.dev/gvisor/pkg/sentry/mm.(*MemoryManager).MMap(...)\n\tpkg/sentry/mm/syscalls.go:7\n',
    );
    expect(place.findings[0]?.cause).toMatch(/mm\.\(\*MemoryManager\)\.MMap, that is memory management/);
    const other = await judged(
      'panic: assignment to entry in nil map\n\ngoroutine 8 [running]:\ngithub.com/example/engine/store.(*Store).Put(0x1)\n\t/src/store.go:7 +0x1\nmain.main()\n\t/src/main.go:1 +0x1\n',
    );
    expect(other.findings[0]?.title).toMatch(/none of runsc/);
    expect(other.verdict).toBe('app-failure');
  });

  it('a program that ended well is told of several refused calls, and not of probes', async () => {
    const line = (text: string): string =>
      `I0101 10:00:01.000001       1 strace.go:614] [   1:   1] app X ${text} (1µs)\n`;
    const end = 'I0101 10:00:02.000001       1 loader.go:1] application exiting with exit status 0\n';
    const refused = [
      'userfaultfd(0x0) = 0 (0x0) errno=38 (function not implemented)',
      'fanotify_init(0x0, 0x0) = 0 (0x0) errno=38 (function not implemented)',
      'socket(AF_VSOCK, SOCK_STREAM|0x0, 0x0) = 0 (0x0) errno=97 (address family not supported by protocol)',
    ];
    const probes = [
      'rseq(0x1, 0x20, 0x0, 0x5) = 0 (0x0) errno=38 (function not implemented)',
      'io_uring_setup(0x8, 0x1) = 0 (0x0) errno=38 (function not implemented)',
      'bpf(0x0, 0x1, 0x40) = 0 (0x0) errno=1 (operation not permitted)',
      'sys_999(0x0, 0x0, 0x0, 0x0, 0x0, 0x0) = 0 (0x0) errno=38 (function not implemented)',
    ];
    const several = await judged(refused.map(line).join('') + end);
    expect(several.verdict).toBe('degraded');
    expect(several.findings[0]?.rule).toBe('feature-missing');
    expect((await judged(probes.map(line).join('') + end)).verdict).toBe('healthy');
  });

  it('a line of any length is read in no time', () => {
    const began = performance.now();
    for (const word of [
      'runtime',
      'stop container',
      'oom-kill: process',
      'overlay',
      'lookup',
      'syscall comm="',
      'umount /',
    ]) {
      readSigns(`${word} `.repeat(200_000));
      readSigns(`${word} ${'x'.repeat(1_000_000)}`);
      readSigns(`${word} ${'a: '.repeat(100_000)}`);
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
