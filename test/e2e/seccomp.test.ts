/**
 * Profiles hold what they promise: a workload is traced in runsc and natively, a profile is made of each trace, and the workload
 * runs with it under runc and under crun; what the profile does not allow fails with EPERM, and diagnose says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, runsight } from '../commands/cli.js';

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const PROGRAMS = ['runsc', 'runc', 'crun', 'strace', 'unshare', 'busybox'];

/** Why containers cannot be run here; undefined if they can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root, as runtimes must be';
  const missing = PROGRAMS.filter((program) => !has(program));
  return missing.length === 0 ? undefined : `no ${missing.join(', ')} on PATH`;
}
const why = obstacle();
const isRequired = process.env['RUNSIGHT_E2E'] === 'required';
if (why !== undefined && isRequired) throw new Error(`containers cannot be run: ${why}`);

/** Folders of the host that hold its programs: every container sees them, read-only. */
const HOST = ['/usr', '/lib', '/lib64', '/bin', '/sbin', '/etc'].filter((path) => existsSync(path));
const NODE = realpathSync(process.execPath);
const CAPABILITIES =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'
    .split(' ')
    .map((name) => `CAP_${name}`);

const PYTHON = `
import hashlib, json, os, socket, subprocess, tempfile, threading
found = []
threads = [threading.Thread(target=lambda i=i: found.append(hashlib.sha256(str(i).encode()).hexdigest())) for i in range(4)]
[one.start() for one in threads]; [one.join() for one in threads]
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(1)
client = socket.create_connection(server.getsockname()); peer, _ = server.accept()
peer.sendall(b"x"); assert client.recv(1) == b"x"
with tempfile.NamedTemporaryFile() as file: file.write(b"hello"); file.flush(); assert os.stat(file.name).st_size == 5
print(subprocess.run(["/bin/echo", "child"], capture_output=True, text=True).stdout.strip(), len(found))
`;
const SCRIPT = `
const http = require('http'), fs = require('fs'), child = require('child_process');
const server = http.createServer((_, reply) => reply.end('pong')).listen(0, '127.0.0.1', () =>
  http.get({ host: '127.0.0.1', port: server.address().port }, (reply) => {
    let body = '';
    reply.on('data', (chunk) => (body += chunk));
    reply.on('end', async () => {
      fs.writeFileSync('/tmp/x', 'twelve bytes');
      const read = await fs.promises.readFile('/tmp/x');
      console.log(body, read.length, child.execFileSync('/bin/echo', ['child']).toString().trim());
      server.close();
    });
  }));
`;
const NGINX = `daemon off; user root; pid /tmp/nginx.pid; error_log stderr; events {}
http { access_log off; client_body_temp_path /tmp/b; proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f; uwsgi_temp_path /tmp/u; scgi_temp_path /tmp/s;
  server { listen 127.0.0.1:8099; location / { return 200 "hello from nginx\\n"; } } }
`;
/**
 * Waits until a server answers, for ten seconds at most. What a shell calls depends on who comes first: it sleeps once in any case,
 * and the server ends while the shell waits for it (`endsBy`), so that each run makes the same calls.
 */
const until = (command: string): string =>
  `sleep 0.1; i=0; until ${command} > /dev/null 2>&1; do i=$((i+1)); [ $i -gt 100 ] && exit 9; sleep 0.1; done`;

const endsBy = (command: string): string => `(sleep 0.5; ${command} > /dev/null) & wait`;

type Workload = {
  readonly name: string;
  readonly needs?: string;
  readonly args: (folder: string) => readonly string[];
  readonly says: string;
};
const WORKLOADS: readonly Workload[] = [
  {
    name: 'a shell pipeline',
    args: () => [
      '/bin/busybox',
      'sh',
      '-c',
      'echo one two three | busybox tr a-z A-Z | busybox wc -w; busybox ls / | busybox sort -r | busybox grep -c usr',
    ],
    says: '3\n1\n',
  },
  {
    name: 'python',
    needs: '/usr/bin/python3',
    args: (folder) => ['/usr/bin/python3', `${folder}/work.py`],
    says: 'child 4\n',
  },
  { name: 'node', args: (folder) => [NODE, `${folder}/work.js`], says: 'pong 12 child\n' },
  {
    name: 'nginx',
    needs: 'nginx',
    args: (folder) => [
      '/bin/sh',
      '-c',
      `nginx -c ${folder}/nginx.conf & ${until('busybox wget -q -O - http://127.0.0.1:8099/')}; busybox wget -q -O - http://127.0.0.1:8099/; ${endsBy(`nginx -c ${folder}/nginx.conf -s quit`)}`,
    ],
    says: 'hello from nginx\n',
  },
  {
    name: 'redis',
    needs: 'redis-server',
    args: () => [
      '/bin/sh',
      '-c',
      `redis-server --port 6399 --save "" --dir /tmp > /tmp/log & ${until('redis-cli -p 6399 ping')}; redis-cli -p 6399 set key value; redis-cli -p 6399 get key; ${endsBy('redis-cli -p 6399 shutdown nosave')}`,
    ],
    says: 'OK\nvalue\n',
  },
];

type Run = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

describe.skipIf(why !== undefined)(
  `profiles under real runtimes${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    let folder = '';
    let count = 0;
    // Not below /tmp: workloads see another one there.
    beforeAll(() => {
      folder = mkdtempSync('/var/tmp/runsight-e2e-');
      writeFileSync(join(folder, 'work.py'), PYTHON);
      writeFileSync(join(folder, 'work.js'), SCRIPT);
      writeFileSync(join(folder, 'nginx.conf'), NGINX);
    });
    afterAll(() => {
      // A container that did not end in its time is still there.
      for (const runtime of ['runc', 'crun', 'runsc']) {
        const root = join(folder, runtime);
        for (let number = 1; number <= count; number++)
          if (existsSync(join(root, idOf(number)))) run([runtime, '--root', root, 'delete', '--force', idOf(number)]);
      }
      rmSync(folder, { recursive: true, force: true });
    });

    const idOf = (number: number): string => `runsight-e2e-${process.pid}-${number}`;

    function run(argv: readonly string[]): Run {
      const [program = '', ...args] = argv;
      const { status, stdout, stderr } = spawnSync(program, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp' },
      });
      return { status, stdout, stderr };
    }

    /** A bundle whose root holds nothing but the host's own programs. */
    function bundle(args: readonly string[], profile?: string): { readonly id: string; readonly path: string } {
      const id = idOf(++count);
      const path = join(folder, id);
      const binds = [...HOST, folder, ...(NODE.startsWith('/usr/') ? [] : [dirname(dirname(NODE))])];
      for (const one of ['/proc', '/dev', '/sys', '/tmp', ...binds])
        mkdirSync(join(path, 'rootfs', one), { recursive: true });
      const spec = {
        ociVersion: '1.0.0',
        process: {
          user: { uid: 0, gid: 0 },
          args,
          env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/tmp'],
          cwd: '/',
          capabilities: { bounding: CAPABILITIES, permitted: CAPABILITIES, effective: CAPABILITIES },
        },
        root: { path: 'rootfs', readonly: false },
        mounts: [
          { destination: '/proc', type: 'proc', source: 'proc' },
          { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
          { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['mode=1777'] },
          ...binds.map((one) => ({
            destination: one,
            type: 'bind',
            source: realpathSync(one),
            options: ['rbind', 'ro'],
          })),
        ],
        linux: {
          namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
          ...(profile === undefined ? {} : { seccomp: JSON.parse(readFileSync(profile, 'utf8')) as unknown }),
        },
      };
      writeFileSync(join(path, 'config.json'), JSON.stringify(spec));
      return { id, path };
    }

    function inRunsc(args: readonly string[], profile?: string): Run & { readonly logs: string } {
      const { id, path } = bundle(args, profile);
      const logs = join(path, 'logs/');
      const flags = [
        '--platform=ptrace',
        '--network=none',
        '--ignore-cgroups',
        '--debug',
        `--debug-log=${logs}`,
        '--strace',
      ];
      const seccomp = profile === undefined ? [] : ['--oci-seccomp'];
      return {
        logs,
        ...run(['runsc', `--root=${join(folder, 'runsc')}`, ...flags, ...seccomp, 'run', '--bundle', path, id]),
      };
    }

    /** In namespaces of its own, as the containers are, and without a filter. */
    function natively(args: readonly string[]): Run & { readonly trace: string } {
      const trace = join(folder, `native-${++count}.strace`);
      const stage = 'busybox ip link set lo up; mount -t tmpfs -o mode=1777 none /tmp; cd /; exec "$@"';
      return {
        trace,
        ...run([
          'unshare',
          '--net',
          '--mount',
          '--pid',
          '--fork',
          '--mount-proc',
          'sh',
          '-c',
          stage,
          'sh',
          'strace',
          '-f',
          '-tt',
          '-T',
          '-y',
          '-o',
          trace,
          '--',
          ...args,
        ]),
      };
    }

    /** crun of 2023 takes no machine with cgroups of both versions: it is shown the first only. */
    function inRuntime(
      runtime: 'runc' | 'crun',
      args: readonly string[],
      profile: string,
      before: readonly string[] = [],
    ): Run {
      const { id, path } = bundle(args, profile);
      const state = join(folder, runtime);
      mkdirSync(state, { recursive: true });
      const stage =
        runtime === 'crun'
          ? 'if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi; cd "$0"; exec "$@"'
          : 'cd "$0"; exec "$@"';
      const flags = runtime === 'crun' ? ['--cgroup-manager=disabled'] : [];
      return run([
        'unshare',
        '--mount',
        'sh',
        '-c',
        stage,
        path,
        ...before,
        runtime,
        '--root',
        state,
        ...flags,
        'run',
        id,
      ]);
    }

    async function profileOf(trace: string, name: string): Promise<string> {
      const path = join(folder, `${name}.json`);
      const made = await runsight(['seccomp', trace, '--output', path]);
      expect(made.code, made.stderr).toBe(0);
      return path;
    }

    for (const { name, needs, args, says } of WORKLOADS) {
      const lacks = needs !== undefined && !has(needs);
      if (lacks && isRequired) throw new Error(`${needs} is not installed`);
      it.skipIf(lacks)(
        `${name} runs under runc and crun with the profiles of its traces${lacks ? ` (skipped: no ${needs})` : ''}`,
        { timeout: 90_000 },
        async () => {
          const argv = args(folder);
          const sandboxed = inRunsc(argv);
          expect(sandboxed, sandboxed.stderr).toMatchObject({ status: 0, stdout: says });
          const native = natively(argv);
          expect(native, native.stderr).toMatchObject({ status: 0, stdout: says });
          for (const [kind, trace] of [
            ['runsc', sandboxed.logs],
            ['native', native.trace],
          ] as const) {
            const profile = await profileOf(trace, `${name.replaceAll(' ', '-')}-${kind}`);
            for (const runtime of ['runc', 'crun'] as const) {
              const outcome = inRuntime(runtime, argv, profile);
              expect(outcome, `${kind}, ${runtime}: ${outcome.stderr}`).toMatchObject({ status: 0, stdout: says });
            }
          }
          // The same log says that the release has what the workload needs.
          const { verdict } = documentOf<{ verdict: string }>(await runsight(['compat', '--json', sandboxed.logs]));
          expect(['ready', 'ready-with-fallbacks']).toContain(verdict);
        },
      );
    }

    it(
      'what a profile does not allow fails with EPERM under each runtime, and diagnose says that it was the profile',
      { timeout: 90_000 },
      async () => {
        const profile = await profileOf(inRunsc(['/bin/busybox', 'sh', '-c', 'echo fine']).logs, 'narrow');
        const forbidden = ['/bin/busybox', 'sh', '-c', 'echo fine; busybox mkdir /tmp/new'];
        const trace = join(folder, 'refused.strace');
        for (const runtime of ['runc', 'crun'] as const) {
          const outcome = inRuntime(
            runtime,
            forbidden,
            profile,
            runtime === 'crun' ? ['strace', '-f', '-o', trace] : [],
          );
          expect(outcome.stderr).toMatch(/\/tmp\/new.*Operation not permitted/);
          expect(outcome).toMatchObject({ status: 1, stdout: 'fine\n' });
        }
        const sandboxed = inRunsc(forbidden, profile);
        expect(sandboxed).toMatchObject({ status: 1, stdout: 'fine\n' });
        expect(sandboxed.stderr).toMatch(/Operation not permitted/);
        for (const input of [trace, sandboxed.logs]) {
          const { verdict, findings } = documentOf<{
            verdict: string;
            findings: { rule: string; cause: string; evidence: { text: string }[] }[];
          }>(await runsight(['diagnose', '--json', input]));
          expect(verdict).toBe('app-failure');
          expect(findings[0]?.rule, JSON.stringify(findings).slice(0, 500)).toBe('seccomp-profile-refusal');
          expect(findings[0]?.evidence[0]?.text).toMatch(/EPERM|Operation not permitted/);
          // strace -f cuts a call in two whenever another process is traced meanwhile: its path is told all the same.
          if (input === trace) expect(findings[0]?.cause).toContain('mkdir("/tmp/new"');
        }
        // Added to the profile it is allowed.
        const native = natively(forbidden);
        const wider = join(folder, 'wider.json');
        expect((await runsight(['seccomp', native.trace, '--merge', profile, '--output', wider])).code).toBe(0);
        for (const runtime of ['runc', 'crun'] as const)
          expect(inRuntime(runtime, forbidden, wider)).toMatchObject({ status: 0 });
      },
    );
  },
);
