/** What stands around a record, as patterns: wrappings, joints, and what a page did to a text. */
import { describe, expect, it } from 'vitest';
import {
  isAround,
  isSentence,
  isSteady,
  joints,
  mend,
  mendHeader,
  readCutHeader,
  recordAt,
  unwrap,
  unwrapLike,
  type Mending,
} from '../../grammars/posted.js';

const RECORD = 'I1123 22:01:59.100003    4711 main.go:218] Version release-20231016.0';
const bytes = (text: string): string => Buffer.from(text).toString('latin1');

describe('wrappings', () => {
  it.each<[prefix: string, chain: readonly string[]]>([
    ['', []],
    ['Nov 23 22:01:59 host-1 runsc[47]: ', ['journal']],
    ['2026-11-23T22:01:59+0100 host runsc: ', ['journal']],
    ['2026-11-23T22:01:59.000000006Z stdout F ', ['cri']],
    ['2026-11-23T22:01:59.000000006Z ', ['stamp']],
    ['[pod/web-1/web] ', ['pod']],
    ['web_1     | ', ['compose']],
    ['> > ', ['quote']],
    ['- ', ['list']],
    ['12. `', ['list', 'ticks']],
    ['    ', ['indent']],
    ['\u001b[31m\u001b[1m', ['ansi']],
    ['boot.txt:', ['grep']],
    ['/tmp/runsc/boot.txt-12-', ['grep']],
    ['17:', ['grep']],
    ['> boot.txt:3:', ['quote', 'grep']],
    ['“', ['marks']],
  ])('%j', (prefix, chain) => {
    const text = bytes(prefix + RECORD);
    const found = unwrap(text, (at) => recordAt(text, at) !== undefined);
    expect(found).toMatchObject({ at: bytes(prefix).length, chain });
  });

  it.each(['Look at this', '', '> ', 'boot.txt: no such file', 'x: y: z'])('%j holds no record', (text) => {
    expect(unwrap(text, (at) => recordAt(text, at) !== undefined)).toBeUndefined();
  });

  it('the same is taken off the lines below, and no more', () => {
    expect(unwrapLike('>   "args": [', ['quote']).at).toBe(2);
    expect(unwrapLike('      "args": [', ['indent'], 4).at).toBe(4);
    expect(unwrapLike('"args": [', ['quote']).at).toBe(0);
    expect([isSteady(['cri']), isSteady(['quote', 'indent'])]).toEqual([true, false]);
  });
});

describe('joints', () => {
  it.each<[text: string, from: number, count: number]>([
    [`${RECORD} ${RECORD}${RECORD}`, 0, 2],
    [`See ${RECORD}`, -1, 1],
    [`a="${RECORD}"`, -1, 0],
    [`{"msg":"x\\n${RECORD}","level":"info"} {"msg":"y"}`, 0, 1],
    [`$ run docker: Error response from daemon: x: unknown.[me@h d]$ ls`, -1, 2],
  ])('%s', (text, from, count) => {
    expect(joints(text, from)).toHaveLength(count);
  });
});

describe('mending', () => {
  const mended = (text: string): [string, Mending[]] => {
    const marks: Mending[] = [];
    return [Buffer.from(mend(bytes(text), true, marks), 'latin1').toString(), marks];
  };
  it.each<[text: string, expected: string, marks: Mending[]]>([
    ['[runsc —debug –strace]', '[runsc --debug --strace]', ['typography']],
    ['“a” ‘b’', '"a" \'b\'', ['typography']],
    ['a &lt;b&gt; &amp;&quot;', 'a <b> &"', ['typography', 'entities']],
    ['a — b, 1–2, µs', 'a — b, 1–2, µs', []],
    ['&amp;lt;', '&lt;', ['entities']],
  ])('%j', (text, expected, marks) => {
    expect(mended(text)).toEqual([expected, marks]);
  });

  it('headers get their form again', () => {
    expect(mendHeader('I1123 22:01:59.100003 4711 main.go:218] x', [])).toBe(
      'I1123 22:01:59.100003    4711 main.go:218] x',
    );
    expect(mendHeader('1123 22:01:59.100003 4711 main.go:218] x', [])).toBe(
      '?1123 22:01:59.100003    4711 main.go:218] x',
    );
    expect(mendHeader('no header', [])).toBeUndefined();
    expect(readCutHeader(':59.100003    4711 main.go:218] x')).toEqual({ site: 'main.go:218', message: 'x' });
    expect(readCutHeader('main.go:218] x')).toEqual({ site: 'main.go:218', message: 'x' });
  });
});

describe('around', () => {
  it.each(['$ ls', 'root@h:~# ', '[me@h dir]$ ls', '```', '```text', '==> /a <==', '❯ grep x', '/ # ls'])(
    '%j',
    (text) => {
      expect(isAround(text)).toBe(true);
    },
  );
  it.each(['  "a": 1', '{', 'goroutine 1 [running]:', '\t/a/b.go:1 +0x1'])('%j belongs to a record', (text) => {
    expect(isAround(text) || isSentence(text)).toBe(false);
  });
});
