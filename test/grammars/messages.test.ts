/** Known sentences: each era's wording of a cause leads to the same id and captures; look-alikes do not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseError, recogniseLine, recogniseMessage, SENTENCES } from '../../grammars/messages.js';

describe('errors, by cause, in the wording of every era', () => {
  const path = '/srv/nothing';
  it.each([
    [
      'mount-source-missing',
      `error running container: error creating container: setup mounts: failed to mount {/d bind ${path} [rbind]}: Stat("${path}") failed: stat ${path}: no such file or directory`,
      { path, destination: '/d' },
    ],
    [
      'mount-source-missing',
      `error setting up FS: mounting {/d bind ${path} [rbind]}: Stat("${path}") failed: stat ${path}: no such file or directory`,
      { path, destination: '/d' },
    ],
    [
      'mount-source-missing',
      `error setting up FS: mounting {Destination:/d Type:bind Source:${path} Options:[rbind] UIDMappings:[] GIDMappings:[]}: stat("${path}") failed: stat ${path}: no such file or directory`,
      { path, destination: '/d', source: path },
    ],
    [
      'spec-mount-relative',
      'error reading spec: Spec.Mounts[3] Mount.Destination must be an absolute path: {[ bind /v [rbind]}',
      { destination: '[', source: '/v' },
    ],
    [
      'spec-mount-relative',
      'reading spec: Mount.Destination must be an absolute path: &{data bind /tmp [rbind ro] [] []}',
      { destination: 'data', options: 'rbind,ro' },
    ],
    [
      'network-interface-gone',
      'starting container: setting up network: getting link for interface "eth0": Link not found',
      { device: 'eth0', error: 'Link not found' },
    ],
    [
      'network-netlink-refused',
      'setting up network: querying interfaces: route ip+net: netlinkrib: address family not supported by protocol',
      { errno: 'address family not supported by protocol' },
    ],
    [
      'network-netlink-refused',
      'setting up network: getting routes from "eth0": operation not permitted',
      { device: 'eth0' },
    ],
    [
      'network-bind-refused',
      'setting up network: creating interfaces from net namespace "/n": failed to createSocket for eth0 : unable to bind to "eth0": network is down',
      { device: 'eth0', errno: 'network is down' },
    ],
    [
      'network-offload-refused',
      'setting up network: unable to enable the PACKET_VNET_HDR option: protocol not available',
      {},
    ],
    [
      'network-channels-refused',
      'setting up network: failed to enable PACKET_FANOUT option: address already in use',
      {},
    ],
    [
      'network-routes-unusable',
      'setting up network: invalid interface name "eth9" for default route',
      { device: 'eth9' },
    ],
    [
      'network-setting-unreadable',
      'setting up network: failed to access /proc/sys/net/core/rmem_default: stat /proc/sys/net/core/rmem_default: no such file or directory',
      { errno: 'no such file or directory' },
    ],
    [
      'network-stack-refused',
      'setting up network: AddProtocolAddress(2, {Protocol:2048}, {}) failed: duplicate address',
      { reason: 'duplicate address' },
    ],
    [
      'firewall-copy-failed',
      'setting up network: failed to write NAT blob: failed to open socket for iptables: operation not permitted',
      {},
    ],
    [
      'xdp-failed',
      'setting up network: failed to create XDP socket: failed to load program: invalid argument',
      { error: 'failed to create XDP socket: failed to load program: invalid argument' },
    ],
    ['pcap-unwritable', 'setting up network: failed to create PCAP logger: no space left on device', {}],
    [
      'checkpoint-file-unusable',
      'checkpoint failed: creating checkpoint state file "/i/checkpoint.img": permission denied',
      { file: '/i/checkpoint.img' },
    ],
    ['checkpoint-state-wrong', 'restoring container "a": cannot restore a started container', { state: 'started' }],
    ['checkpoint-restored-already', 'restoring container "a": container "a" already restored', {}],
    [
      'checkpoint-root-first',
      'restoring container "a": sandbox is not being restored, cannot restore subcontainer',
      {},
    ],
    [
      'checkpoint-image-foreign',
      'restoring container "a": reading metadata from statefile: bad magic header',
      { error: 'bad magic header' },
    ],
    [
      'checkpoint-names-differ',
      'restoring container "a": unable to remap task with CID "a" (name: "web"). Available names: [db]',
      {},
    ],
    [
      'checkpoint-cores-differ',
      "restoring: failed to load kernel: UseHostCores enabled: can't increase ApplicationCores from 2 to 4 after restore",
      { saved: '2', current: '4' },
    ],
    [
      'checkpoint-memory-differs',
      'failed to load kernel: saved memory file for "a:/tmp" was not configured on restore',
      {},
    ],
    ['flag-value-invalid', 'invalid checkpoint compression type "zip"', { flag: 'compression', value: 'zip' }],
    ['flag-value-invalid', 'invalid platform: unknown platform: kvmm', { flag: 'platform', value: 'kvmm' }],
    [
      'releases-mixed',
      'starting container: starting sub-container [sh]: start arguments must contain at least 4 FDs, but only got 2',
      {},
    ],
    [
      'releases-mixed',
      'invalid GoferMountConf value (lisafs:none:0): invalid gofer mount config format: "lisafs:none:0"',
      {},
    ],
    [
      'release-older',
      'urpc method "containerManager.PortForward" failed: unknown method',
      { method: 'containerManager.PortForward' },
    ],
    [
      'mount-hint-invalid',
      'creating container: error creating pod mount hints: invalid share value "some"',
      { error: 'invalid share value "some"' },
    ],
    ['mount-hint-invalid', 'creating loader: creating pod mount hints: type field for "v1" has not been set', {}],
    [
      'rootfs-hint-invalid',
      'creating container: error creating rootfs hint: source should be an absolute path, got "i.erofs"',
      {},
    ],
    [
      'rootfs-image-unusable',
      'creating container: cannot create gofer process: opening rootfs image "/i.erofs": no such file or directory',
      { path: '/i.erofs' },
    ],
    [
      'bundle-invalid',
      `reading spec: invalid value "yes" for annotation "dev.gvisor.bundle.x" (must be set to 'true' or removed entirely)`,
      { value: 'yes' },
    ],
    [
      'shared-mount-differs',
      'mounting submounts: cannot mount exec enabled shared mount because master is noexec, mount: {}',
      { option: 'exec', master: 'noexec' },
    ],
    [
      'spec-seccomp-invalid',
      'starting root container: building seccomp program: unsupported operand: "SCMP_CMP_X"',
      { error: 'unsupported operand: "SCMP_CMP_X"' },
    ],
    [
      'device-type-invalid',
      'failed to create device files: specified device at "/dev/x" has invalid type "x"',
      { path: '/dev/x', type: 'x' },
    ],
    [
      'sysctl-invalid',
      'creating loader: setting fs.nr_open=many: strconv.ParseInt: parsing "many": invalid syntax',
      { value: 'many' },
    ],
    [
      'working-directory-relative',
      `starting root container: creating process: 'srv' is not an absolute path`,
      { path: 'srv' },
    ],
    [
      'passwd-unusable',
      'error reading exec user: invalid line found in /etc/passwd, there should be 7 fields but found 1',
      {},
    ],
    [
      'flag-value-invalid',
      'overlay host file directory should be an absolute path, got "tmp"',
      { flag: 'overlay2', value: 'tmp' },
    ],
    ['flag-conflict', 'profile-heap flag requires enabling profiling with profile flag', {}],
    [
      'identity-refused',
      'callSelfAsNobody([boot]): error setting uid: invalid argument',
      { error: 'error setting uid: invalid argument' },
    ],
    ['proc-not-left', 'the proc umounter process failed: exit status 128', {}],
    [
      'root-propagation-refused',
      'Error setting up root FS: remounting root as read-only with source: "", target: "/proc/fs/root", flags: 0x21, err: operation not permitted',
      {},
    ],
    [
      'namespace-refused',
      'creating container: error setting namespace of type network and path "/var/run/netns/a": operation not permitted',
      { kind: 'network', path: '/var/run/netns/a' },
    ],
    [
      'namespace-refused',
      'setting up network: joining net namespace "/var/run/netns/a": operation not permitted',
      { errno: 'operation not permitted' },
    ],
    [
      'namespace-missing',
      'setting up network: joining net namespace "/var/run/netns/a": open /var/run/netns/a: no such file or directory',
      {},
    ],
    ['rootless-unsupported', 'cannot create gofer process: newgidmap failed: exit status 1', {}],
    [
      'proc-not-mounted',
      'error opening /proc/self/fd: open /proc/self/fd: no such file or directory',
      { errno: 'no such file or directory' },
    ],
    [
      'host-facts-unreadable',
      'creating loader: initializing kernel: failed to get maximum CPU number: open /sys/devices/system/cpu/possible: no such file or directory',
      {},
    ],
    [
      'cgroup-limits-unreadable',
      'cannot create sandbox process: getting cpu count from cgroups: open /sys/fs/cgroup/a/cpuset.cpus.effective: no such file or directory',
      { limit: 'cpu count' },
    ],
    [
      'memory-file-refused',
      'creating loader: creating memory file: error creating memfd: function not implemented',
      { errno: 'function not implemented' },
    ],
    ['core-tags-refused', 'Not all child threads were core tagged the same. Tags=[0 1]', {}],
    ['kvm-processor-unset', 'creating loader: creating platform: error setting CPUID: invalid argument', {}],
    [
      'gpu-device-missing',
      'cannot create gofer process: nvproxy setup: stat(2) for /dev/nvidiactl failed: no such file or directory',
      { path: '/dev/nvidiactl' },
    ],
    ['gpu-devices-invalid', 'invalid "GPU-1" in NVIDIA_VISIBLE_DEVICES "GPU-1": strconv.ParseUint', {}],
    [
      'gpu-platform-conflict',
      'creating loader: --nvproxy is incompatible with platform kvm: owns page tables',
      { platform: 'kvm' },
    ],
    [
      'accelerator-unreadable',
      'error setting up chroot: error configuring chroot for TPU devices: extracting TPU device minor: invalid argument',
      {},
    ],
    [
      'overlay-layer-failed',
      "failed to setupFS: mounting root with overlay: failed to stat lower layer's root: permission denied",
      { errno: 'permission denied' },
    ],
    [
      'overlay-root-kind',
      "failed to setupFS: mounting volume with overlay: lower layer's root has unsupported file type 49152",
      { kind: '49152' },
    ],
    [
      'filestore-not-creatable',
      'cannot create gofer process: failed to create a temporary file inside "/f": no space left on device',
      { path: '/f' },
    ],
    [
      'filestore-directory-missing',
      'failed to stat overlay filestore directory "/f": no such file or directory',
      { path: '/f' },
    ],
    [
      'container-not-started',
      'executing processes for container: executing command "sh" in sandbox: container "a1" not started',
      { container: 'a1' },
    ],
    [
      'container-ended',
      'executing processes for container: executing command "sh" in sandbox: container "a1" has stopped',
      { container: 'a1' },
    ],
    [
      'process-foreign',
      'signaling container "a": process 7 belongs to a different container: "b"',
      { pid: '7', other: 'b' },
    ],
    ['process-gone', 'waiting for PID 7: no such process', { pid: '7' }],
    ['terminal-not-attached', 'signaling container "a": no TTY attached', {}],
    ['command-misused', 'it is invalid to specify both --all and --pid', {}],
    [
      'process-file-unusable',
      'error parsing process file: /tmp/p.json, unexpected end of JSON input',
      { path: '/tmp/p.json' },
    ],
    ['descriptor-not-open', 'failed to create file from file descriptor 9', { fd: '9' }],
    [
      'port-not-reached',
      'port forwarding to sandbox: creating netstack port forward connection: connecting endpoint: connection was refused',
      {},
    ],
    ['install-failed', 'Install failed: error reading config file "/etc/docker/daemon.json": invalid character', {}],
    [
      'container-id-ambiguous',
      'loading container: id "a" is ambiguous and could refer to multiple containers: "ab", "ac"',
      { container: 'a' },
    ],
    ['container-not-of-sandbox', `loading container: ID "a" doesn't belong to a sandbox`, { container: 'a' }],
    [
      'state-file-broken',
      'loading container: reading container metadata file "/run/runsc/a.state": unexpected end of JSON input',
      { path: '/run/runsc/a.state' },
    ],
    [
      'console-socket-unreachable',
      'creating container: setting up console with socket "/t/c.sock": dialing socket "/t/c.sock": dial unix /t/c.sock: connect: connection refused',
      { path: '/t/c.sock' },
    ],
    [
      'console-pty-refused',
      'creating container: setting up console with socket "/t/c.sock": opening pty: open /dev/ptmx: no such file or directory',
      {},
    ],
    ['pod-sandbox-missing', 'creating container: no sandbox ID found when creating container', {}],
    [
      'gofer-channel-refused',
      'mounting submounts: mount submount "/d": failed to mmap packet window: cannot allocate memory',
      {},
    ],
    [
      'memory-pressure-unwatched',
      'creating loader: creating memory file: error creating pgalloc.MemoryFile: failed to configure memcg pressure level notifications: no cgroup hierarchy mounted for controller memory',
      { error: 'no cgroup hierarchy mounted for controller memory' },
    ],
    ['gofer-root-refused', 'error mounting proc/self/fd: operation not permitted', {}],
    [
      'pivot-root-failed',
      'failed to change the root file system: pivot_root failed, make sure that the root mount has a parent: invalid argument',
      {},
    ],
    ['stub-not-started', 'creating loader: creating platform: creating stub process: operation not permitted', {}],
    [
      'stub-tasks-too-many',
      'subprocess has too many active tasks (4096); failed to create a new one',
      { count: '4096' },
    ],
    ['stub-memory-corrupted', 'context queue is full, indicates tampering with queue counters', {}],
    [
      'checkpoint-format-differs',
      'restoring: failed to load kernel: general decoding error: type name "pkg/x.T" is not available',
      { error: 'type name "pkg/x.T" is not available' },
    ],
    ['checkpoint-unsavable', 'checkpoint failed: gofer.filesystem with no UniqueID cannot be saved', {}],
    [
      'checkpoint-mounts-differ',
      'failed to load kernel: no server FD available for filesystem with unique ID "a:/d"',
      {},
    ],
    [
      'checkpoint-files-differ',
      'failed to load kernel: gofer.dentry("/d/f").restoreFile: file size validation failed: size changed from 1 to 2',
      { path: '/d/f' },
    ],
    ['files-checkpoint-unusable', 'failed to setupFS: unsupported filesystem checkpoint version: 2', {}],
    [
      'mount-mapped-failed',
      'error setting up FS: mounting {Destination:/d Type:bind Source:/s}: MoveMount(9, "/proc/fs/root/d") failed: invalid argument',
      {},
    ],
    [
      'metrics-unknown',
      "creating loader: given profiling metric name '/x' does not correspond to a registered Uint64 metric",
      {},
    ],
    [
      'control-socket-unplaced',
      'cannot create sandbox process: failed to create control socket: socket name "/a/b.sock" is too long, use a shorter name',
      { path: '/a/b.sock' },
    ],
    ['spec-args-empty', 'starting root container: no filename or command provided', {}],
    [
      'process-not-created',
      'callSelfAsNobody([boot]): error executing /proc/self/exe: permission denied',
      { errno: 'permission denied' },
    ],
    [
      'shim-options-unknown',
      'failed to create shim task: unsupported option type "containerd.runc.v1.Options": unknown',
      { type: 'containerd.runc.v1.Options' },
    ],
    [
      'shim-settings-broken',
      'failed to create shim task: decode config file "/etc/containerd/runsc.toml": toml: line 3: expected value',
      { path: '/etc/containerd/runsc.toml' },
    ],
    [
      'shim-log-unwritable',
      'failed to create shim task: failed to create log dir: mkdir /var/log/runsc: permission denied',
      { errno: 'permission denied' },
    ],
    [
      'shim-rootfs-unmounted',
      'failed to create shim task: failed to mount rootfs component &{overlay overlay  [lowerdir=/a]}: invalid argument',
      { errno: 'invalid argument' },
    ],
    [
      'shim-streams-failed',
      'failed to create shim task: failed to create OCI runtime io pipes: too many open files',
      {},
    ],
    [
      'shim-pid-missing',
      'failed to create shim task: failed to retrieve OCI runtime container pid: open /run/b/init.pid: no such file or directory',
      {},
    ],
    [
      'cgroup-systemd-failed',
      'cannot set up cgroup for root: configuring cgroup: Unit runsc-a.scope was already loaded or has a fragment file.',
      {},
    ],
    ['cgroup-value-invalid', 'cannot set up cgroup for root: configuring cgroup: invalid cpuset: "0-"', {}],
    [
      'rdma-devices-unmoved',
      'cannot create sandbox: LinkSetNsFd "rdma0": operation not permitted',
      { device: 'rdma0' },
    ],
    [
      'network-setup-failed',
      'starting container: setting up network: setting MAC: operation not permitted',
      { errno: 'operation not permitted' },
    ],
    [
      'program-not-loaded',
      'creating process: failed to load /app/run: input/output error',
      { errno: 'input/output error' },
    ],
    ['unknown-error', 'creating loader: failed to load precompiled filters: permission denied', {}],
    // two records pasted onto one line
    [
      'spec-mount-relative',
      'reading spec: Mount.Destination must be an absolute path: &{[ bind /v [rbind]} W1028 08:07:51.681447 4892 main.go:257] Failure to execute command, err: 1',
      { destination: '[' },
    ],
    [
      'program-not-loaded',
      'error running container: error starting container: error starting root container [/bin/web --port=80]: failed to start sandbox: failed to create init process: no such file or directory',
      { path: '/bin/web', errno: 'no such file or directory' },
    ],
    [
      'program-not-loaded',
      'starting container: starting root container: starting sandbox: creating init process: Failed to load /bin/web: permission denied',
      { path: '/bin/web', errno: 'permission denied' },
    ],
    [
      'program-not-loaded',
      'executing processes for container: executing command "/bin/web -v" in sandbox: failed to load /bin/web: no such file or directory',
      { path: '/bin/web', wrappers: 'exec exec-command' },
    ],
    [
      'program-not-in-path',
      'starting root container: starting sandbox: searching for executable "npm", cwd: "/", $PATH="/usr/bin:/bin": no such file or directory',
      { name: 'npm', directories: '/usr/bin:/bin' },
    ],
    [
      'program-not-in-path',
      'starting root container: starting sandbox: error finding executable "npm" in PATH [/usr/bin /bin]: no such file or directory',
      { name: 'npm', directories: '/usr/bin /bin' },
    ],
    [
      'rootfs-mount-failed',
      'Error setting up root FS: mounting root on root ("/proc/root") err: no such file or directory',
      { path: '/proc/root' },
    ],
    ['rootfs-mount-failed', 'failed to chroot to "/b/rootfs": no such file or directory', { path: '/b/rootfs' }],
    [
      'rootfs-mount-failed',
      'Error setting up root FS: mounting root ("/b/rootfs") with flags: 0x84000, err: invalid argument',
      { path: '/b/rootfs', errno: 'invalid argument' },
    ],
    ['sandbox-start-eof', 'running container: creating container: EOF', {}],
    [
      'sandbox-gone-at-start',
      'error creating container: unexpected error waiting for sandbox "c1", err: process (12659) is not running, err: <nil>',
      { container: 'c1', pid: '12659' },
    ],
    ['sandbox-start-eof', 'running container: creating container: waiting for sandbox to start: EOF', {}],
    [
      'sandbox-start-eof',
      'creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF',
      {},
    ],
    [
      'capability-unknown',
      'creating loader: creating init process for root container: converting capabilities: unknown capability "CAP_X"',
      { name: 'CAP_X' },
    ],
    [
      'capability-unknown',
      'setCapsAndCallSelf([runsc boot --x=a: b], &{[CAP_X] [] []}): applyCaps() failed: invalid capability "CAP_X"',
      { name: 'CAP_X' },
    ],
    [
      'cgroup-path-missing',
      'running container: creating container: configuring cgroup: stat /sys/fs/cgroup/pids: no such file or directory',
      { controller: 'pids', cgroup: 'v1' },
    ],
    [
      'cgroup-path-missing',
      'running container: creating container: open /sys/fs/cgroup/pids/docker/1/cgroup.procs: no such file or directory',
      { controller: 'pids' },
    ],
    [
      'mount-kind-mismatch',
      'error setting up FS: mounting {Destination:/etc/x Type:bind Source:/f Options:[ro] UIDMappings:[] GIDMappings:[]}: open("/proc/fs/root/etc/x") failed: open /proc/fs/root/etc/x: is a directory',
      { path: '/etc/x', errno: 'is a directory' },
    ],
    [
      'process-not-created',
      'creating container: cannot create gofer process: gofer: fork/exec /proc/self/exe: read-only file system: check whether /proc/sys/user/max_user_namespaces is set too low (gvisor.dev/issue/5964)',
      { errno: 'read-only file system' },
    ],
    ['namespaces-limited', 'gofer: check whether /proc/sys/user/max_user_namespaces is set too low', {}],
    [
      'mount-through-file',
      'error setting up FS: mounting {Destination:/etc/x/y Type:bind Source:/srv Options:[rbind]}: resolving symlinks to "/etc/x/y": error path "/root" too many: not a directory',
      { path: '/etc/x/y', source: '/srv' },
    ],
    [
      'checkpoint-file-unusable',
      'running container: starting container: opening restore image file "/srv/image/checkpoint.img" failed: open /srv/image/checkpoint.img: no such file or directory',
      { path: '/srv/image/checkpoint.img', errno: 'no such file or directory' },
    ],
    [
      'checkpoint-file-unusable',
      'os.OpenFile("/srv/image/checkpoint.img") failed: open /srv/image/checkpoint.img: file exists',
      { file: '/srv/image/checkpoint.img', errno: 'file exists' },
    ],
    [
      'checkpoint-spec-differs',
      'failed to validate restore spec: Mounts does not match across checkpoint restore for container: "web", checkpoint [/a] restore [/b]',
      { field: 'Mounts', saved: '[/a]', current: '[/b]' },
    ],
    [
      'checkpoint-release-differs',
      'runsc version does not match across checkpoint restore, checkpoint: release-20241118.0 current: release-20250106.0',
      { saved: 'release-20241118.0', current: 'release-20250106.0' },
    ],
    [
      'platform-device-unusable',
      'creating platform: error opening KVM device file (/dev/kvm0): permission denied',
      { path: '/dev/kvm0' },
    ],
    [
      'platform-device-unusable',
      'creating platform: error opening /dev/kvm: no such file or directory',
      { path: '/dev/kvm' },
    ],
    [
      'host-settings-unsuitable',
      'host settings: vm.max_map_count is low (use --host-settings=ignore to bypass)',
      { error: 'vm.max_map_count is low' },
    ],
    [
      'descriptor-is-directory',
      'WalkDir(/proc/self/fd) failed: FD 9 is a directory for /srv',
      { fd: '9', path: '/srv' },
    ],
    [
      'shim-error-unreadable',
      'unable to retrieve OCI runtime error (open /run/x/log.json: no such file or directory): fork/exec /usr/bin/runsc: exec format error',
      { runtime: 'fork/exec /usr/bin/runsc: exec format error' },
    ],
    [
      'unknown-error',
      'running container: creating container: nobody: knows',
      { cause: 'nobody: knows', last: 'knows' },
    ],
  ])('%s: %s', (id, text, captures) => {
    const found = recogniseError(text);
    expect(found.known).toBe(id);
    expect(found.captures).toMatchObject(captures);
  });

  it("a caller's text around it changes nothing", () => {
    const inner = 'creating container: invalid container id: a/b';
    for (const text of [
      inner,
      `docker: Error response from daemon: OCI runtime create failed: ${inner}: unknown.`,
      `FATAL ERROR: ${inner}`,
      `rpc error: code = Unknown desc = failed to create shim task: OCI runtime create failed: ${inner}`,
    ]) {
      expect(recogniseMessage(text, 'text')).toMatchObject({
        known: 'container-id-invalid',
        captures: { container: 'a/b' },
      });
    }
  });
});

describe('lines', () => {
  it.each([
    ['no-new-privileges-ignored', 'noNewPrivileges ignored. PR_SET_NO_NEW_PRIVS is assumed to always be set.'],
    ['program-not-opened', '[   1:   1] Error opening /usr/bin/x: no such file or directory'],
    ['interpreter-not-opened', 'Error opening interpreter /lib/ld.so: no such file or directory'],
    ['sandbox-process-started', 'Sandbox started, PID: 12'],
    ['control-call-failed', 'urpc: RPC call for method containerManager.StartRoot failed: x'],
    ['channel-broken', 'lisafs.Connection.service(channel = @0xc0001): EOF'],
    ['host-socket-refused', 'Rejecting attempt to open fifo/pipe from host filesystem: "/run/p". If you want'],
    ['shim-oom-event', 'Received OOM event, id: "web", event: 1'],
    ['watchdog-itself-stuck', 'Watchdog goroutine is stuck:'],
    ['task-stuck', 'Task tid: 7 (0x7), entered RunSys state 3m0s ago.'],
    ['container-already-gone', 'couldn\'t find container "web": file does not exist'],
  ])('%s', (id, text) => expect(recogniseLine(text)?.known).toBe(id));

  it.each(['', ' ', '[', '] ', 'Error', 'noNewPrivileges', 'Mounting root with gofer', '[   1:   1] hello'])(
    '%j is none',
    (text) => {
      expect(recogniseLine(text)).toBeUndefined();
    },
  );
});

it('every sentence has an id in kebab-case, an anchored pattern, and words if it is a line', () => {
  for (const { id, pattern, place, words } of SENTENCES) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(pattern.source.startsWith('^')).toBe(true);
    expect(pattern.global || pattern.sticky).toBe(false);
    if (place === 'line') expect(words?.length).toBeGreaterThan(0);
  }
});

it('hostile text costs no more than its length', () => {
  const started = performance.now();
  const seeds = [
    'mounting {',
    'failed to mount "',
    'stat("',
    'error opening spec file "',
    '\\"',
    ': ',
    'Error opening ',
    'a: stat("x") failed: ',
  ];
  for (const seed of seeds) {
    const text = seed.repeat(Math.ceil(20_000 / seed.length));
    recogniseError(text);
    recogniseMessage(text, 'text');
    recogniseLine(text);
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

it('never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 300 }),
      fc.constantFrom(undefined, 'fatal', 'panic', 'text', 'stderr'),
      (text, kind) => void recogniseMessage(text, kind),
    ),
  );
});
