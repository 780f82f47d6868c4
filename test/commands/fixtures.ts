/** Inputs that no sample holds, made in a temporary folder: cut, compressed, misnamed, hostile, not a log at all. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SAMPLES } from './cli.js';

export const HEALTHY = `${SAMPLES}/release-20240729/healthy-text`;
/** Three files (create, gofer, boot) and the error log. */
export const FAILED_START = `${SAMPLES}/release-20221219/bind-source-missing`;

/** The file of a sample that a runsc command wrote. */
export function logOf(folder: string, command: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith(`.${command}.txt`));
  if (name === undefined) throw new Error(`${folder} has no log of ${command}`);
  return join(folder, name);
}

export const BOOT_LOG = logOf(HEALTHY, 'boot');

const ESC = '\u001b';
/** What a sandboxed program may put into a file name to deceive whoever reads the log on a terminal. */
export const HOSTILE = [
  `${ESC}[2J${ESC}[1;31mPWNED${ESC}[0m`,
  `${ESC}]0;title\u0007`,
  `${ESC}]8;;http://example.invalid${ESC}\\link${ESC}]8;;${ESC}\\`,
  '\u009b31m\u0090q\u009c',
  '\u202egnp.exe\u202c\u061c',
  '\u2066\u2069\u200b\u200f\ufeff',
  'back\b\b\b\bspace\u007f\rreturn',
];

/** A start that failed, whose names are hostile. */
function hostileLog(): string {
  const stamp = (n: number): string => `1125 19:40:00.${String(n).padStart(6, '0')}`;
  const lines = HOSTILE.flatMap((name, index) => [
    `D${stamp(index * 2)}       1 strace.go:567] [   1:   1] ${name.replaceAll(/[^ -~]/g, '').slice(0, 4)}${ESC}[7m E openat(AT_FDCWD /, 0x7f00 /tmp/${name}, O_RDONLY|0x0, 0o0)`,
    `D${stamp(index * 2 + 1)}       1 strace.go:605] [   1:   1] ${ESC}[7mx X openat(AT_FDCWD /, 0x7f00 /tmp/${name}, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory) (12.5µs)`,
  ]);
  return [
    ...lines,
    `W${stamp(100)}       1 util.go:64] FATAL ERROR: running container: starting container: cannot find ${HOSTILE.join(' ')}: no such file or directory`,
    '',
  ].join('\n');
}

/** Bytes that look like nothing, the same in every run. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export type Fixtures = {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly remove: () => void;
};

export function makeFixtures(): Fixtures {
  const folder = mkdtempSync(join(tmpdir(), 'runsight-test-'));
  const path = (name: string): string => join(folder, name);
  const log = readFileSync(BOOT_LOG);
  const gzip = gzipSync(log);
  writeFileSync(path('empty.log'), '');
  writeFileSync(path('binary.log'), noise(4000));
  writeFileSync(path('prose.log'), 'Dear diary,\nnothing was logged today.\n');
  writeFileSync(path('no-gz-in-its-name.txt'), gzip);
  writeFileSync(path('cut.log.gz'), gzip.subarray(0, Math.floor(gzip.length * 0.9)));
  writeFileSync(path('damaged.log.gz'), Buffer.concat([gzip.subarray(0, Math.floor(gzip.length * 0.9)), noise(2000)]));
  writeFileSync(path('hostile.log'), hostileLog());
  writeFileSync(path('unreadable.log'), log);
  chmodSync(path('unreadable.log'), 0);
  // An ordinary folder of a machine: the log is recognised by its content, whatever its name.
  mkdirSync(path('mixed/deep'), { recursive: true });
  copyFileSync(BOOT_LOG, path('mixed/deep/notes.md'));
  writeFileSync(path('mixed/README.md'), '# not a log\n');
  writeFileSync(path('mixed/photo.jpg'), noise(5000));
  writeFileSync(path('mixed/empty.txt'), '');
  mkdirSync(path('others'));
  writeFileSync(path('others/README.md'), '# not a log\n');
  mkdirSync(path('nothing'));
  chmodSync(folder, 0o755);
  return { folder, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
