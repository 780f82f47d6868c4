/** The same events at every chunk size: bytes come as pipes and disks please, and nothing may hang on that. */
import { describe, expect, it } from 'vitest';
import { readAll, sourceOf, type WholeReading } from '../tools/byte-source.js';
import { samples, type Sample } from '../tools/samples.js';
import { pathsAgree, readsAlike } from './conservation.js';

/** Small chunks for small logs only: a step a byte is slow. */
const SIZES: readonly (readonly [size: number, least: number, most: number])[] = [
  [1, 0, 5_000],
  [2, 0, 8_000],
  [3, 0, 8_000],
  [7, 0, 16_000],
  [64, 0, 60_000],
  [1000, 1000, Infinity],
  [65_536, 65_536, Infinity],
];

/** What a sample holds when it comes in one piece, by both paths. */
const inOnePiece = new Map<string, readonly [whole: WholeReading, bulk: WholeReading]>();
async function readWhole({ name, bytes }: Sample): Promise<readonly [whole: WholeReading, bulk: WholeReading]> {
  const known = inOnePiece.get(name);
  if (known !== undefined) return known;
  const whole = await readAll(sourceOf(bytes, { name, size: 1 << 20 }));
  const bulk = await readAll(sourceOf(bytes, { name, size: 1 << 20 }), { bulk: true });
  pathsAgree(whole, bulk);
  inOnePiece.set(name, [whole, bulk]);
  return [whole, bulk];
}

describe.each(SIZES)('in chunks of %i', (size, least, most) => {
  const small = samples().filter(({ bytes }) => bytes.length > least && bytes.length <= most);
  it(`reads ${small.length} samples as in one piece`, { timeout: 60_000 }, async () => {
    expect(small.length).toBeGreaterThan(20);
    for (const one of small) {
      const { name, bytes } = one;
      const [whole, bulk] = await readWhole(one);
      readsAlike(await readAll(sourceOf(bytes, { name, size })), whole);
      readsAlike(await readAll(sourceOf(bytes, { name, size }), { bulk: true }), bulk);
    }
  });
});

/** Everything at which a cut could hurt, close together; once with the line ends of Windows. */
const DENSE = [
  '*** cut first line',
  'I1231 23:59:59.999999       1 main.go:196] **************** gVisor ****************',
  'I1231 23:59:59.999999       1 main.go:197] Version release-20240729.0, go1.22.5, amd64, 2 CPUs, linux, PID 1, PPID 0, UID 0, GID 0',
  'I1231 23:59:59.999999       1 main.go:201] **************** gVisor ****************',
  'I1231 23:59:59.999999       1 strace.go:561] [   1:   1] µé漢 E open(0x7f /µ, 0x0)',
  'I0101 00:00:00.000000       1 strace.go:599] [   1:   1] app X open(0x7f /µ, 0x0) = 0 (0x0) errno=2 (no such file) (15.433µs)',
  'I0101 00:00:00.000001       1 strace.go:599] [   1:   2] app X open(0x7f a',
  'b) = 0 (0x0) (1us)',
  ', 0x0) = 3 (0x3) (1m0.5s)',
  'I0101 00:00:00.000002 4194303 strace.go:599] [   1:   3] a X kill(1) = ( X close(0x3 µ) = 0 (0x0) (480ns)',
  '',
  '*** Dropped 17 log messages ***',
  'D0101 00:00:00.000003       1 specutils.go:80] Spec:',
  '{',
  '  "µ": 1',
  '}',
  '{"msg":"util.go:64] µ","level":"info","time":"2026-01-02T03:04:05Z"}{"msg":"b","level":"info","time":"2026-01-02T03:04:05Z"}',
  '',
  'W0101 00:00:00.000004       1 util.go:64] FATAL ERROR: starting: µ',
  'starting: µ',
  'unable to read from the sync descriptor: 0, error EOF',
  'panic: oops',
  '',
  'goroutine 1 [running]:',
  '\t/x.go:1 +0x1',
];

describe.each([
  ['\n', true],
  ['\r\n', true],
  ['\n', false],
] as const)('lines that end in %j (at the end: %s)', (end, isEnded) => {
  const bytes = Buffer.from(DENSE.join(end) + (isEnded ? end : ''));
  it('are the same cut anywhere', async () => {
    const whole = await readAll(sourceOf(bytes));
    const bulk = await readAll(sourceOf(bytes), { bulk: true });
    pathsAgree(whole, bulk);
    expect(whole.events.filter(({ kind }) => kind === 'syscall-exit')).toHaveLength(3);
    expect(new Set(whole.events.map(({ kind }) => kind)).size).toBeGreaterThan(9);
    for (let size = 1; size <= 70; size++) {
      readsAlike(await readAll(sourceOf(bytes, { size })), whole);
      readsAlike(await readAll(sourceOf(bytes, { size }), { bulk: true }), bulk);
    }
    for (let first = 1; first < bytes.length; first += 3) {
      let isFirst = true;
      const size = (): number => (isFirst ? ((isFirst = false), first) : bytes.length);
      readsAlike(await readAll(sourceOf(bytes, { size })), whole);
    }
  });
});

it('a first piece that ends with a line decides no more than any other', async () => {
  const object = (msg: string): string =>
    JSON.stringify({ msg: `main.go:1] ${msg}`, level: 'info', time: '2026-11-25T19:41:07.515410913Z' });
  const banner = object('**************** gVisor ****************');
  // The line of the arguments was broken: a page, whose lines are mended, is told by that.
  const args = object(`Args: [runsc-gofer ${'--debug=true '.repeat(12)}gofer]`);
  const text = [banner, object('Version release-1'), args.slice(0, 120), args.slice(120), banner, ''].join('\n');
  const bytes = Buffer.from(text);
  const whole = await readAll(sourceOf(bytes, { name: 'a.json' }));
  readsAlike(await readAll(sourceOf(bytes, { name: 'a.json', size: banner.length + 1 })), whole);
});
