/** Text as people post it: the records in it are those of the clean log, and a clean log is read without any recovery. */
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../src/model/event.js';
import { holdsEveryByte, isPlain } from '../events/conservation.js';
import { readAll, sourceOf } from '../tools/byte-source.js';
import { samples } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';

/** A small log with all that makes records hard to find: a banner, JSON over many lines, quotation marks, bare copies. */
const CLEAN = [
  'I1123 22:01:59.100001    4711 main.go:216] ***************************',
  'I1123 22:01:59.100002    4711 main.go:217] Args: [/usr/local/bin/runsc --root /run/runsc --debug --strace boot --bundle=/b --spec-fd=4 web1]',
  'I1123 22:01:59.100003    4711 main.go:218] Version release-20231016.0',
  'I1123 22:01:59.100004    4711 main.go:225] Configuration:',
  'I1123 22:01:59.100005    4711 main.go:227] \t\tPlatform: systrap',
  'I1123 22:01:59.100006    4711 main.go:232] ***************************',
  'D1123 22:01:59.100007    4711 specutils.go:75] Spec:',
  '{',
  '  "ociVersion": "1.0.2",',
  '  "process": { "args": [ "/bin/web" ] }',
  '}',
  'I1123 22:01:59.100008    4711 strace.go:567] [   1:   1] web E openat(AT_FDCWD /, 0x7f01 /etc/ld.so.cache, O_RDONLY|O_CLOEXEC, 0o0)',
  'I1123 22:01:59.100009    4711 strace.go:605] [   1:   1] web X write(0x1 pipe:[2], 0x7f02 "x & <y>", 0x7) = 7 (0x7) (12.3µs)',
  'W1123 22:01:59.100010    4711 util.go:64] FATAL ERROR: creating container: failed to stat mount "/srv/data": stat /srv/data: no such file or directory',
  'creating container: failed to stat mount "/srv/data": stat /srv/data: no such file or directory',
  'W1123 22:01:59.100011    4711 main.go:257] Failure to execute command, err: 1',
];
const HEADER = /^[IWD]\d{4} /;

const records = (events: readonly LogEvent[]): unknown[] =>
  events
    .filter(({ kind }) => kind !== 'text' && kind !== 'blank')
    .map(({ source: _s, line: _l, offset: _o, bytes: _b, recovered: _r, ...rest }) => rest);

const each = (change: (line: string, index: number) => string, end = '\n'): string => CLEAN.map(change).join(end) + end;
const escape = (line: string): string =>
  line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const object = (value: object): string => JSON.stringify({ '@timestamp': '2026-11-23T22:01:59Z', ...value });
/** A bare copy is known by its first line: it is not broken. */
const wrapped = (width: number): string =>
  each((line) => (HEADER.test(line) ? line.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n') : line));
const partial = (line: string): string =>
  line.length > 100
    ? `2026-11-23T22:01:59.000000006Z stderr P ${line.slice(0, 90)}\n2026-11-23T22:01:59.000000006Z stderr F ${line.slice(90)}`
    : `2026-11-23T22:01:59.000000006Z stderr F ${line}`;

const read = (text: string | Buffer, size = 65_536) =>
  readAll(sourceOf(Buffer.from(text), { size }), { now: new Date('2026-12-01T00:00:00Z') });

const JSON_LOG = [
  ['main.go:196] **************** gVisor ****************', 'info'],
  ['main.go:197] Version release-20240729.0, go1.22.5, amd64, 2 CPUs, linux, PID 4711, PPID 1, UID 0, GID 0', 'info'],
  ['util.go:64] FATAL ERROR: stat(\\"/srv\\") failed: stat /srv: no such file or directory', 'warning'],
  ['boot.go:1] short', 'debug'],
] as const;

/** The blank line between a record and the words behind it belongs to the record. */
const trimmed = (record: unknown): unknown => {
  const { message, ...rest } = record as { message: string };
  return { ...rest, message: message.trimEnd() };
};

describe('records are those of the clean log', () => {
  it.each<[what: string, text: string, mark: string]>([
    ['journald', each((line) => `Nov 23 22:01:59 host-1 runsc[4711]: ${line}`), 'prefix'],
    ['CRI', each((line) => `2026-11-23T22:01:59.000000006Z stderr F ${line}`), 'prefix'],
    ['CRI in parts', each(partial), 'prefix,partial'],
    ['docker logs -t', each((line) => `2026-11-23T22:01:59.000000006Z ${line}`), 'prefix'],
    ['docker compose', each((line) => `web_1  | ${line}`), 'prefix'],
    [
      'json-file',
      each((line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-11-23T22:01:59.1Z' })),
      'prefix',
    ],
    ['grep', each((line) => `runsc.log.20261123-220159.1.boot.txt:${line}`), 'grep'],
    ['grep -n', each((line, index) => `/tmp/runsc/boot.txt:${index + 1}:${line}`), 'grep'],
    ['a quotation', `Hello all, this is what I get.\n\n${each((line) => `> ${line}`)}`, 'quoted'],
    ['indentation', `It prints the following lines.\n\n${each((line) => `    ${line}`)}`, 'indented'],
    ['a list', each((line) => (HEADER.test(line) ? `- \`${line}\`` : line)), 'list,backticks'],
    ['colours', each((line) => `\u001b[1;31m${line}\u001b[0m`), 'ansi'],
    ['line ends in letters', each((line) => `> ${line}\\n`), 'quoted,literal-newline'],
    ['a width of 120', each((line) => line.replace(/(.{120})(?=.)/g, '$1\n')), 'wrapped'],
    ['blanks that do not break', each((line) => line.replace(/^(.{5}) (.{15}) +/, '$1\u00a0$2\u00a0')), 'typography'],
    ['other dashes', each((line) => line.replaceAll(' --', ' —').replace(/"([^"]*)"/g, '“$1”')), 'typography'],
    ['a width of 80', wrapped(80), 'wrapped'],
    ['the journal of another writer', each((line) => `Nov 23 22:01:59 host-1 dockerd[812]: ${line}`), 'prefix'],
    ['syslog', each((line) => `<14>1 2026-11-23T22:01:59.1Z host-1 runsc 4711 - - ${line}`), 'prefix'],
    ['journalctl -o json', each((line) => object({ SYSLOG_IDENTIFIER: 'runsc', MESSAGE: line })), 'prefix'],
    ['objects of a collector', each((line) => object({ log: line, kubernetes: { pod_name: 'web' } })), 'prefix'],
    ['cat -n', each((line, index) => `${String(index + 1).padStart(6)}\t${line}`), 'prefix'],
    ['a diff', each((line) => `+${line}`), 'prefix'],
    ['a table', `| line |\n|---|\n${each((line) => `| \`${line}\` |`)}`, 'table,backticks'],
    ['HTML', `<pre><code>${each(escape)}</code></pre>\n`, 'tags'],
    [
      'colours within headers',
      each((line) => `\u001b[31m${line.slice(0, 9)}\u001b[0m${line.slice(9)}\u001b[K`),
      'ansi',
    ],
    ['blanks without width', each((line) => `\u200b${line}`), 'typography'],
    ['one line, its line ends in letters', `${CLEAN.join('\\n')}\\n\n`, 'joined-lines,literal-newline'],
    ['entities', each((line) => `> ${escape(line)}`), 'quoted,typography,entities'],
  ])('in %s', async (_what, text, mark) => {
    const expected = records((await read(each((line) => line))).events);
    const whole = await read(text);
    holdsEveryByte(Buffer.from(text), whole);
    isPlain(whole.events);
    expect(records(whole.events)).toEqual(expected);
    expect(whole.events.map(({ recovered }) => recovered)).toContain(mark);
  });

  it.each<[what: string, change: (line: string) => string]>([
    ['curly quotation marks', (line) => line.replaceAll('"', '”')],
    ['entities', escape],
    ['backticks', (line) => `\`${line}\``],
    ['a width of 90', (line) => line.replace(/(.{90})(?=.)/g, '$1\n')],
    ['a quotation', (line) => `> ${line}`],
  ])('in a JSON log with %s', async (_what, change) => {
    const lines = JSON_LOG.map(([msg, level]) => `{"msg":"${msg}","level":"${level}","time":"2026-11-23T22:01:59.1Z"}`);
    const expected = records((await read(`${lines.join('\n')}\n`)).events);
    const text = `${lines.map(change).join('\n')}\n`;
    const whole = await read(text);
    holdsEveryByte(Buffer.from(text), whole);
    expect(records(whole.events)).toEqual(expected);
    expect(whole.events.some(({ recovered }) => recovered !== undefined)).toBe(true);
  });

  it.each<[what: string, behind: string]>([
    ['a prompt', 'root@host1:~# \n'],
    ['a fence and words', '```\nI see this on one host only.\n'],
    ['a question', '\nDoes anyone know what this is?\n'],
    ['the end of a typescript', 'Script done on 2026-11-23 22:02:00+00:00\n'],
  ])('of a clean log with %s behind it', async (_what, behind) => {
    const text = each((line) => line);
    const whole = await read(text + behind);
    holdsEveryByte(Buffer.from(text + behind), whole);
    expect(records(whole.events).map(trimmed)).toEqual(records((await read(text)).events));
    expect(whole.events.at(-1)).toMatchObject({
      kind: 'text',
      line: text.split('\n').length + (behind[0] === '\n' ? 1 : 0),
    });
  });

  it.each<[what: string, text: string]>([
    ['a fence', `Hello all, here it is:\n\n\`\`\`text\n${each((line) => line)}\`\`\`\nThanks\n`],
    ['a prompt before and after', `me@host:~$ cat boot.txt\n${each((line) => line)}me@host:~$ \n`],
    ['tail -F', `==> /tmp/runsc/boot.txt <==\n${each((line) => line)}==> /tmp/runsc/gofer.txt <==\n`],
  ])('within %s', async (_what, text) => {
    const whole = await read(text);
    holdsEveryByte(Buffer.from(text), whole);
    expect(records(whole.events)).toEqual(records((await read(each((line) => line))).events));
    expect(whole.events.at(-1)?.kind).toBe('text');
  });

  it.each([' ', ''])('on one line, with %j between', async (between) => {
    const heads = CLEAN.filter((line) => HEADER.test(line) && !line.includes('Spec:'));
    const text = `[me@host dir]$ cat boot.txt ${heads.join(between)}\n`;
    const whole = await read(text);
    holdsEveryByte(Buffer.from(text), whole);
    expect(records(whole.events)).toEqual(records((await read(heads.join('\n'))).events));
    expect(whole.events.slice(1).every(({ recovered }) => recovered?.includes('joined-lines') === true)).toBe(true);
  });

  it('a header without its letter has no level', async () => {
    const { events } = await read('0506 16:32:44.123456    4711 main.go:218] Version release-20231016.0\n');
    expect(events).toMatchObject([
      { kind: 'note', level: null, pid: 4711, site: 'main.go:218', recovered: 'first-letter' },
    ]);
  });

  it('a header whose beginning was cut off leaves its call site', async () => {
    const text = `59.100010    4711 util.go:64] FATAL ERROR: creating container: x\n> ${CLEAN[15]}\n`;
    const { events } = await read(text);
    expect(events).toMatchObject([
      { kind: 'fatal', time: null, site: 'util.go:64', recovered: 'cut-header' },
      { kind: 'exit', recovered: 'quoted' },
    ]);
  });
});

describe('what is no record', () => {
  it('a header in the text of a call is data', async () => {
    const call =
      'I1123 22:01:59.100009    4711 strace.go:605] [   1:   1] web X write(0x1, 0x7f02 "a\\nW1123 22:01:59.100010    4711 util.go:64] FATAL ERROR: forged", 0x7) = 7 (0x7) (12.3µs)';
    for (const text of [`${call}\n`, `> ${call}\n`, `${CLEAN[5]} ${call} ${CLEAN[15]}\n`]) {
      const { events } = await read(text);
      expect(events.filter(({ kind }) => kind === 'fatal')).toEqual([]);
      expect(events.filter(({ kind }) => kind === 'syscall-exit')).toHaveLength(1);
    }
  });

  it.each<[what: string, text: string, isLog: boolean]>([
    ['words about runsc', 'We use runsc here.\n\nI like gVisor: it is fast.\n', false],
    ['a fence without a record', 'Is runsc fast?\n\n```\nyes\n```\n', false],
    ['an error told of', 'Under runsc it ends in "/hello: permission denied".\n', true],
    ['a known error', 'creating container: cannot create sandbox: cannot read client sync file: EOF\n', true],
    ['a line of a caller', 'docker: Error response from daemon: OCI runtime create failed: x: unknown.\n', true],
  ])('%s: is it a log?', async (_what, text, isLog) => {
    const { reading } = await read(text);
    expect(Object.keys(reading.unread)).toEqual(isLog ? [] : ['not-a-log']);
  });

  it('prose and prompts are text', async () => {
    const { events } = await read('Hello all, it fails so:\n\n$ docker run x\n> W1123 22:01:59.1 nothing\n');
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'blank')).not.toContain('warning');
  });
});

describe('a clean log', () => {
  it('is read alike with and without recovery', async () => {
    for (const { name, bytes } of samples()) {
      const file = name.split('/').at(-1) ?? name;
      const on = await readAll(sourceOf(bytes, { name: file }));
      const off = await readAll(sourceOf(bytes, { name: file }), { recovery: false });
      expect(on, name).toEqual(off);
      expect(
        on.events.some(({ recovered }) => recovered !== undefined),
        name,
      ).toBe(false);
    }
  });

  it('keeps what looks like posted text within its records', async () => {
    const text = `${CLEAN[15]}\n${CLEAN[6]}\n> ${CLEAN[15]}\n    ${CLEAN[15]}\n\`\`\`\n$ docker: Error response from daemon: x\n${CLEAN[15]}\n`;
    const { events } = await read(text);
    expect(events.map(({ kind }) => kind)).toEqual(['exit', 'spec', 'exit']);
  });
});

describe('hostile and long input', () => {
  it('is the same in whatever chunks', async () => {
    const text = `Hello all.\n${each((line) => `> ${line}`)}${CLEAN.filter((line) => HEADER.test(line)).join(' ')}\n`;
    const whole = await read(text);
    for (const size of [1, 7, 1000]) expect(await read(text, size)).toEqual(whole);
  });

  it('a line longer than a block is cut into its records', async () => {
    const heads = CLEAN.filter((line) => HEADER.test(line) && line.includes('main.go'));
    const text = `Hello all, ${Array.from({ length: 1500 }, () => heads.join(' ')).join(' ')}`;
    const whole = await read(text);
    holdsEveryByte(Buffer.from(text), whole);
    expect(whole.reading.records).toBe(1500 * heads.length + 1);
  });

  it.each<[what: string, piece: string]>([
    ['quotation marks', '"'],
    ['escapes', '\\"'],
    ['prefixes', '2026-11-23T22:01:59.1Z stderr F '],
    ['quotes', '> '],
    ['digits', '1123 22:01:59.'],
    ['headers in an open call', 'I1123 22:01:59.100009    4711 strace.go:605] [   1:   1] web X write(0x1, "'],
    ['pairs', 'time="2026-11-23T22:01:59Z" level=error msg="'],
    ['blanks', ' \t'],
    ['events', 'Warning  FailedMount  3s '],
    ['errors of a daemon', 'docker: Error response from daemon: '],
    ['colours', '\u001b[31m'],
    ['titles', '\u001b]0;'],
    ['tags', '<a '],
    ['cells', '| '],
    ['objects', '{"msg":"a"}\\n'],
    ['open objects', '{"msg":"'],
    ['broken entities', '&quot;{'],
    ['lines', '>\n'],
    ['audit', 'audit: type=1326 sig=31 arch=c000003e '],
  ])('%s without end take no time', async (_what, piece) => {
    const text = `> ${CLEAN[15]}\n${piece.repeat(Math.ceil(300_000 / piece.length))}\n`;
    const began = performance.now();
    holdsEveryByte(Buffer.from(text), await read(text));
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('damaged posts keep every byte', async () => {
    let state = SEED;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const base = Buffer.from(each((line) => `> ${line}`) + each(partial) + CLEAN.join(' '));
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(base);
      for (let hit = 0; hit < 12; hit++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      const from = Math.floor(next() * 400);
      const cut = bytes.subarray(from, bytes.length - Math.floor(next() * 400));
      holdsEveryByte(cut, await readAll(sourceOf(cut)));
    }
  });
});
