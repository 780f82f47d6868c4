/** `summary --partial` and `merge` as they are run: over processes, pipes and folders; what comes twice, and what is no partial. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartialReport } from '../../src/model/partial.js';
import type { SummaryReport } from '../../src/model/report.js';
import { bash, documentOf, runsight, SAMPLES, type Outcome } from '../commands/cli.js';
import { BOOT_LOG, HOSTILE } from '../commands/fixtures.js';

let folder: string;
const at = (name: string): string => join(folder, name);
/** Boot logs of several sandboxes, and what each makes. */
const LOGS = ['exit-42', 'connection-refused', 'app-segv', 'healthy-pod', 'healthy-text'].flatMap((scenario) => {
  const below = `${SAMPLES}/release-20240729/${scenario}`;
  return readdirSync(below)
    .filter((name) => name.includes('.boot.'))
    .map((name) => join(below, name));
});

let partial: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runsight-merge-'));
  partial = (await runsight(['summary', '--partial', BOOT_LOG])).stdout;
  writeFileSync(at('boot.json'), partial);
  for (const [index, path] of LOGS.entries()) {
    const { stdout, code } = await runsight(['summary', '--partial', path]);
    expect(code).toBe(0);
    writeFileSync(at(`piece-${index}.json`), stdout);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIECES = LOGS.map((_, index) => `piece-${index}.json`);

/** A summary without what only a merge says, its readings by name. */
function comparable(outcome: Outcome): unknown {
  const { merged, reading, ...report } = documentOf<SummaryReport>(outcome);
  void merged;
  return { ...report, reading: reading.toSorted((a, b) => (a.source < b.source ? -1 : 1)) };
}

/** Everything that moves a cursor, hides text or turns its direction. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

describe('processes side by side', () => {
  const parallel = ((): boolean => {
    try {
      return execFileSync('parallel', ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).startsWith('GNU');
    } catch {
      return false;
    }
  })();

  it.skipIf(!parallel)('GNU parallel (skipped where it is not installed: apt-get install parallel)', async () => {
    const merged = await bash(
      'parallel --will-cite --jobs 2 $RUNSIGHT summary --partial ::: "$@" | $RUNSIGHT merge --json',
      LOGS,
    );
    expect(merged.stderr).toBe('');
    expect(merged.code).toBe(0);
    expect(comparable(merged)).toEqual(comparable(await runsight(['summary', '--json', ...LOGS])));
  });

  it('xargs, a file for each', async () => {
    mkdirSync(at('rack'));
    const each = `printf '%s\\0' "\${@:2}" | xargs -0 -n 1 -P 2 sh -c '$RUNSIGHT summary --partial -o "$1/$(basename "$2").json" "$2"' sh "$1"`;
    const merged = await bash(`${each} && $RUNSIGHT merge --json "$1"`, [at('rack'), ...LOGS]);
    expect(merged.code, merged.stderr).toBe(0);
    expect(readdirSync(at('rack')).length).toBe(LOGS.length);
    expect(comparable(merged)).toEqual(comparable(await runsight(['summary', '--json', ...LOGS])));
  });

  it('of one log the tables are those of summary, too', async () => {
    for (const flags of [
      ['--by', 'file'],
      ['--by', 'process'],
      ['--histogram', 'all'],
      ['--format', 'csv'],
      ['--sort', 'p99', '--top', '5', '--format', 'markdown'],
    ]) {
      const [merged, one] = await Promise.all([
        runsight(['merge', ...flags, at('boot.json')]),
        runsight(['summary', ...flags, BOOT_LOG]),
      ]);
      expect(merged.stdout.replace('--wide, --json', '--show N, --wide, --json').replace(/\s+/g, ' ')).toBe(
        one.stdout.replace(/\s+/g, ' '),
      );
      expect(merged).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

describe('where partials come from', () => {
  const wanted = async (): Promise<unknown> => comparable(await runsight(['summary', '--json', ...LOGS]));

  it('compressed, from stdin and from files at once', async () => {
    for (const name of PIECES) writeFileSync(at(`${name}.gz`), gzipSync(readFileSync(at(name))));
    const packed = await bash(
      '{ zstd -q --stdout "$1" || gzip -c "$1"; } > "$1.zst" && $RUNSIGHT merge --json "$1.zst" "${@:3}" - < "$2"',
      [at('piece-0.json'), at('piece-1.json.gz'), ...PIECES.slice(2).map((name) => at(`${name}.gz`))],
    );
    expect(packed.code, packed.stderr).toBe(0);
    expect(comparable(packed)).toEqual(await wanted());
  });

  it('formatted by others', async () => {
    const pretty = PIECES.map((name) => JSON.stringify(JSON.parse(readFileSync(at(name), 'utf8')), null, 2)).join(
      '\n\n',
    );
    const merged = await runsight(['merge', '--json'], { stdin: { bytes: pretty } });
    expect(merged.code, merged.stderr).toBe(0);
    expect(comparable(merged)).toEqual(await wanted());
  });

  it('a tree of merges', async () => {
    const [one, other] = await Promise.all([
      runsight(['merge', '--partial', ...PIECES.slice(0, 2).map(at)]),
      runsight(['merge', '--partial', ...PIECES.slice(2).map(at)]),
    ]);
    const merged = await runsight(['merge', '--json'], { stdin: { bytes: one.stdout + other.stdout } });
    expect(documentOf<SummaryReport>(merged).merged).toEqual({ partials: LOGS.length, filter: null, skipped: [] });
    expect(comparable(merged)).toEqual(await wanted());
  });

  it('a folder, whose other files are passed over', async () => {
    mkdirSync(at('shelf/deep'), { recursive: true });
    for (const name of PIECES) copyFileSync(at(name), at(`shelf/deep/${name}`));
    copyFileSync(BOOT_LOG, at('shelf/boot.log'));
    writeFileSync(at('shelf/package.json'), '{\n  "name": "x"\n}\n');
    const merged = await runsight(['merge', '--json', at('shelf')]);
    expect(merged).toMatchObject({ code: 0, stderr: '' });
    expect(comparable(merged)).toEqual(await wanted());
  });
});

describe('what comes twice', () => {
  it('is counted once, under whatever name, and told of', async () => {
    copyFileSync(BOOT_LOG, at('copy.log'));
    writeFileSync(at('copy.log.gz'), gzipSync(readFileSync(BOOT_LOG)));
    const copy = await runsight(['summary', '--partial', at('copy.log')]);
    const packed = await runsight(['summary', '--partial', at('copy.log.gz')]);
    writeFileSync(at('copy.json'), copy.stdout + packed.stdout);
    const merged = await runsight(['merge', '--json', at('boot.json'), at('copy.json'), at('boot.json')]);
    expect(merged.code).toBe(0);
    expect(merged.stderr.match(/counted already/g)?.length).toBe(3);
    expect(merged.stderr).toContain(`copy.log.gz of ${at('copy.json')}:2 is counted already as ${BOOT_LOG}`);
    const document = documentOf<SummaryReport>(merged);
    expect(document.merged?.skipped.map(({ source, same_as: same }) => [source, same]).toSorted()).toEqual(
      [at('copy.log'), at('copy.log.gz'), BOOT_LOG].map((source) => [source, BOOT_LOG]).toSorted(),
    );
    expect(comparable(merged)).toEqual(comparable(await runsight(['summary', '--json', BOOT_LOG])));
    expect((await runsight(['merge', '--quiet', at('boot.json'), at('boot.json')])).stderr).toBe('');
  });

  it('logs of one name are two where they differ, however little', async () => {
    const log = readFileSync(BOOT_LOG, 'utf8');
    const middle = log.indexOf('openat', log.length / 2);
    const changed = `${log.slice(0, middle)}0penat${log.slice(middle + 6)}`;
    const both = await Promise.all(
      [log, changed].map(async (bytes) => (await runsight(['summary', '--partial'], { stdin: { bytes } })).stdout),
    );
    const outcomes = await Promise.all(
      [both, both.toReversed()].map((order) => runsight(['merge', '--json'], { stdin: { bytes: order.join('') } })),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      const { reading, processes } = documentOf<SummaryReport>(outcome);
      expect(reading.map(({ source }) => source)).toEqual([
        expect.stringMatching(/^-@[0-9a-f]{8}$/),
        expect.stringMatching(/^-@[0-9a-f]{8}$/),
      ]);
      expect(new Set(processes?.map(({ source }) => source)).size).toBe(2);
    }
    expect(comparable(outcomes[0] as Outcome)).toEqual(comparable(outcomes[1] as Outcome));
  });

  it('in part can be neither added nor left out: the others are', async () => {
    const { stdout } = await runsight(['summary', '--partial', LOGS[0] as string, LOGS[1] as string]);
    writeFileSync(at('two.json'), stdout);
    const merged = await runsight(['merge', '--json', at('piece-0.json'), at('two.json'), at('piece-2.json')]);
    expect(merged.code).toBe(3);
    expect(merged.stderr).toMatch(/two\.json: of its logs 1 \(.*\) are counted already, and 1 not/);
    expect(comparable(merged)).toEqual(
      comparable(await runsight(['summary', '--json', LOGS[0] as string, LOGS[2] as string])),
    );
  });
});

describe('what cannot be added', () => {
  const other = (fields: object): string => `${JSON.stringify({ ...(JSON.parse(partial) as object), ...fields })}\n`;
  const CASES: readonly (readonly [what: string, bytes: () => string, stderr: RegExp])[] = [
    [
      'of a newer version',
      () => other({ schema: 'runsight/partial@2' }),
      /another version of runsight \(partial@2; this one adds up partial@1\)\n {2}merge it with/,
    ],
    [
      'a summary',
      () => other({ schema: 'runsight/summary@1' }),
      /a document of runsight summary, to which nothing can be added\n {2}make one with: runsight summary --partial LOG/,
    ],
    ['a log', () => readFileSync(BOOT_LOG, 'utf8'), /holds no partial summary\n/],
    ['nothing', () => '', /it is empty/],
    ['cut off', () => partial.slice(0, partial.length / 2), /damaged, or was cut off/],
    ['numbers that are none', () => partial.replace(/"calls":\d+/, '"calls":NaN'), /damaged/],
    [
      'a number beyond all numbers',
      () => partial.replace(/"total_ns":\d+/, '"total_ns":1e999'),
      /syscalls\[0\]\.total_ns is no sum/,
    ],
    ['numbers that do not add up', () => partial.replace(/"calls":\d+/, '"calls":0'), /do not add up/],
    [
      'names that act on objects',
      () => other({ syscalls: [{ ...(JSON.parse(partial) as PartialReport).syscalls[0], name: '__proto__.x' }] }),
      /syscalls\[0\]\.name is no name of a syscall/,
    ],
    ['rows of no log', () => partial.replace(/"log":0/, '"log":7'), /rows of a log that it does not list/],
    [
      'with a filter',
      () => other({ filter: { errno: 'ENOENT' } }).replaceAll(/"digest":"../g, '"digest":"ff'),
      /made with --errno "ENOENT", those before it with no filter/,
    ],
  ];

  it.concurrent.each(CASES)('%s', async (what, bytes, stderr) => {
    const path = at(`${what.replaceAll(' ', '-')}.bad`);
    writeFileSync(path, bytes());
    const outcome = await runsight(['merge', '--json', at('boot.json'), path, at('piece-1.json')]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain(`error: ${path}`);
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome.stderr.split('\n').length).toBe(3);
    expect(documentOf<SummaryReport>(outcome).merged?.partials).toBe(2);
  });

  it('what would take far more memory than it has bytes', async () => {
    const bytes = `{"schema":"runsight/partial@1","more":${'['.repeat(5_000_000)}`;
    const outcome = await runsight(['merge', '-', at('boot.json')], { stdin: { bytes } });
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(/^error: -: it has more parts than any partial summary/);
  });

  it('one of many in a stream leaves the others', async () => {
    const [one, other, cut] = [partial, readFileSync(at('piece-1.json'), 'utf8'), partial.slice(0, 500)];
    const outcome = await runsight(['merge', '--json'], { stdin: { bytes: `${one}${cut}\n${other}` } });
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(/^error: -:2: the JSON is damaged/);
    expect(documentOf<SummaryReport>(outcome).merged?.partials).toBe(2);
  });

  it('nothing at all: what to do', async () => {
    mkdirSync(at('bare'));
    const [bare, none, missing] = await Promise.all([
      runsight(['merge', at('bare')]),
      runsight(['merge']),
      runsight(['merge', at('not-there.json'), at('boot.json')]),
    ]);
    expect([bare.code, none.code, missing.code]).toEqual([3, 2, 3]);
    expect(bare.stderr).toContain('no partial summary was found');
    expect(none.stderr).toContain('runsight summary --partial boot.log > boot.json');
    expect(missing.stderr).toContain('no such file');
    expect(missing.stdout).toContain('syscall');
  });

  it('a table that a partial was made without', async () => {
    const outcome = await runsight(['merge', '--by', 'thread', at('boot.json')]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('runsight summary --partial --by thread LOG');
    const made = await runsight(['summary', '--partial', '--by', 'thread', BOOT_LOG]);
    const [merged, one] = await Promise.all([
      runsight(['merge', '--by', 'thread', '--format', 'csv'], { stdin: { bytes: made.stdout } }),
      runsight(['summary', '--by', 'thread', '--format', 'csv', BOOT_LOG]),
    ]);
    expect(merged).toMatchObject({ code: 0, stderr: '', stdout: one.stdout });
  });

  it.each([
    ['summary --partial --top 3', '--top'],
    ['summary --partial --format csv', '--format'],
    ['summary --partial --by file', '--by file'],
    ['merge --partial --columns name', '--columns'],
  ])('%s has no meaning', async (line, flag) => {
    const outcome = await runsight([...line.split(' '), at('boot.json')]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(flag);
  });
});

describe('hostile partials', () => {
  /** Every text and name of a document that its writer chose, made to act. */
  function poisoned(value: unknown, poison: string): unknown {
    if (typeof value === 'string') return /^(?:runsight|[0-9a-f]{64}$)/.test(value) ? value : value + poison;
    if (Array.isArray(value)) return value.map((one) => poisoned(one, poison));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, poison)]));
  }

  it('act neither on the terminal nor on the document', async () => {
    const whole = JSON.parse(partial) as PartialReport & Record<string, unknown>;
    for (const poison of [HOSTILE.join(' '), '__proto__']) {
      const some: Record<string, unknown> = { ...whole };
      for (const name of ['processes', 'sockets', 'files', 'failures']) some[name] = poisoned(whole[name], poison);
      some['processes'] = (some['processes'] as object[]).map((row) => ({ ...row, exit: null }));
      some['logs'] = whole.logs.map((log) => ({ ...log, source: log.source + poison }));
      const bytes = JSON.stringify({ ...some, constructor: 1 }).replace('{', '{"__proto__":{"polluted":1},');
      for (const flags of [
        ['--by', 'file'],
        ['--by', 'process', '--wide'],
        ['--by', 'errno'],
        ['--by', 'socket', '--wide'],
        ['--json'],
        ['--partial'],
        ['--format', 'markdown', '--by', 'file'],
      ]) {
        const outcome = await runsight(['merge', ...flags, '-', at('not-there.json')], {
          stdin: { bytes: `${bytes}\n${bytes}` },
        });
        expect(outcome.code, outcome.stderr).toBe(3);
        expect(outcome.stdout).not.toMatch(UNSAFE);
        expect(outcome.stderr).not.toMatch(UNSAFE);
        expect(outcome.stderr).toMatch(/counted already/);
        expect(outcome.stdout).not.toContain('polluted');
      }
    }
  });

  it('of any words elsewhere are refused', async () => {
    const whole = JSON.parse(partial) as PartialReport & Record<string, unknown>;
    for (const name of ['filter', 'logs', 'syscalls']) {
      const bytes = JSON.stringify({
        ...whole,
        [name]: name === 'filter' ? { '\u001b[2J': 'x' } : poisoned(whole[name], '\u001b[2J'),
      });
      const outcome = await runsight(['merge', '-'], { stdin: { bytes } });
      expect(outcome.code).toBe(3);
      expect(outcome.stderr).toContain('it is no sound partial summary');
      expect(outcome.stderr).not.toMatch(UNSAFE);
    }
  });
});

it('two thousand pieces take the memory of a few', async () => {
  const one = JSON.parse(readFileSync(at('piece-0.json'), 'utf8')) as PartialReport;
  const line = JSON.stringify(one);
  const pieces = (count: number): string =>
    Array.from({ length: count }, (_, n) =>
      line.replaceAll(one.logs[0]?.digest ?? '', n.toString(16).padStart(64, '0')),
    ).join('\n');
  const NODE_OPTIONS = `--import data:text/javascript,process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))`;
  const peaks: number[] = [];
  for (const count of [20, 2000]) {
    const outcome = await bash(
      '$RUNSIGHT merge --json --quiet "$1"',
      [at(`${count}.jsonl`)].map((path) => (writeFileSync(path, pieces(count)), path)),
      { env: { NODE_OPTIONS } },
    );
    expect(outcome.code, outcome.stderr).toBe(0);
    const document = documentOf<SummaryReport>(outcome);
    expect([document.merged?.partials, document.processes?.length]).toEqual([count, count * one.processes.length]);
    peaks.push(Number(outcome.stderr) / 1024);
  }
  const [few = 0, many = 0] = peaks;
  // each reading stands in the document: 1 kB a log
  expect(many - few).toBeLessThan(100);
});
