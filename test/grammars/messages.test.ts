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
