/** Runs the built command as a user does: arguments and stdin in; stdout, stderr and the exit code out. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const BIN = `${ROOT}bin/run.js`;
export const SAMPLES = `${ROOT}samples`;

/** `bytes` come through a pipe, `file` is opened as stdin; without either, stdin is /dev/null. */
export type Stdin = { readonly bytes: string | Uint8Array } | { readonly file: string };

export type Options = {
  readonly stdin?: Stdin | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly uid?: number | undefined;
};

export type Outcome = {
  readonly stdout: string;
  readonly stderr: string;
  /** Null: ended by a signal. */
  readonly code: number | null;
  readonly milliseconds: number;
};

/** What colours and debugging depend on is not inherited: a test is the same on every machine. */
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: process.env['HOME'] ?? '/',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  RUNSIGHT: `${process.execPath} ${BIN}`,
};

/** No command may take longer: a hang is a failure, not a wait. */
const PATIENCE_MS = 50_000;

function run(file: string, argv: readonly string[], { stdin, env, uid }: Options): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const opened = stdin !== undefined && 'file' in stdin ? openSync(stdin.file, 'r') : undefined;
    const child = spawn(file, argv, {
      cwd: ROOT,
      env: { ...ENVIRONMENT, ...env },
      stdio: [opened ?? (stdin === undefined ? 'ignore' : 'pipe'), 'pipe', 'pipe'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    if (opened !== undefined) closeSync(opened);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        code,
        milliseconds: performance.now() - begun,
      });
    });
    if (stdin !== undefined && 'bytes' in stdin) {
      // A command that fails before it reads closes the pipe.
      child.stdin?.on('error', () => {});
      child.stdin?.end(stdin.bytes);
    }
  });
}

/** `runsight ARGV`. */
export function runsight(argv: readonly string[], options: Options = {}): Promise<Outcome> {
  return run(process.execPath, [BIN, ...argv], options);
}

/** A line of bash in which `$RUNSIGHT` is the command and `$1`, `$2`, ... are the words; fails where any part of a pipe does. */
export function bash(line: string, words: readonly string[] = [], options: Options = {}): Promise<Outcome> {
  return run('bash', ['-c', `set -o pipefail; ${line}`, 'bash', ...words], options);
}

/** The one JSON document that a command printed. */
export function documentOf<T = Record<string, unknown>>({ stdout }: Outcome): T {
  return JSON.parse(stdout) as T;
}

/** The JSON Lines that a command printed. */
export function linesOf<T = Record<string, unknown>>({ stdout }: Outcome): readonly T[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}
