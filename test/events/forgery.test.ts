/**
 * Applications that forge records (test/tools/samples-forger.c, run under both releases): the text log must count as the
 * JSON log of the same program, in which newlines are escaped and nothing can be forged.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/pipeline.js';
import type { LogEvent } from '../../src/model/event.js';
import { diagnose } from '../../src/diagnose.js';
import { summarize } from '../../src/summarize.js';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));

async function eventsOf(path: string): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of readEvents(path)) events.push(event);
  return events;
}

async function countsOf(path: string): Promise<Record<string, string>> {
  const { report } = await summarize(path);
  return Object.fromEntries(
    report.syscalls.map((row) => [row.name, `${row.calls} calls, ${row.errors} errors, ${row.unfinished} unfinished`]),
  );
}

/** What each attack writes that must be in no record of its own. */
const ATTACKS = [
  ['a path with a record of another task', 'evil E kill(0x1, SIGKILL'],
  ['a parenthesis closed within a path', 'forger E openat(AT_FDCWD /, 0x7f00 /etc/shadow'],
  [
    'an enter record closed and given a result',
    'forger X openat(AT_FDCWD /, 0x7f00 /tmp/c, O_RDONLY|0x0, 0o0) = 3 (0x3)',
  ],
  ['a fatal error', 'failed to load /usr/bin/innocent'],
  ['the exit of another task', 'victim X exit_group(0x7f) = 0 (0x0)'],
  ['the path of execve', 'forger E execve(0x7f00 /bin/sh'],
  ['the target of a symbolic link', 'forger E symlink(0x7f00 more'],
  ['two paths of one rename', 'forger E kill(0x1, SIGTERM'],
  ['the name of an attribute', 'forger E kill(0x1, SIGHUP'],
  ['a folder, shown by getcwd at its exit only', 'evil E kill(0x1, SIGINT)'],
  ['the path beside a descriptor', 'forger E read(0x3 x'],
  ['the banner of another release', 'Version release-20990101.0'],
] as const;

describe.each(['release-20221219', 'release-20240729'])('%s', (release) => {
  const text = `${samples}${release}/forged-text`;
  const json = `${samples}${release}/forged-json`;

  it('counts the calls of the text log as those of the JSON log', async () => {
    expect(await countsOf(text)).toEqual(await countsOf(json));
  });

  it('counts them so in a pipe, too, which cannot be read twice', async () => {
    const boot = readdirSync(text).find((name) => name.includes('.boot'));
    const bytes = readFileSync(join(text, boot ?? ''));
    async function* pipe(): AsyncGenerator<Buffer> {
      yield boot?.endsWith('.gz') === true ? gunzipSync(bytes) : bytes;
    }
    const { report } = await summarize(pipe());
    const counts = report.syscalls.map((row) => [
      row.name,
      `${row.calls} calls, ${row.errors} errors, ${row.unfinished} unfinished`,
    ]);
    expect(Object.fromEntries(counts)).toEqual(await countsOf(json));
  });

  it('reads the same calls as events', async () => {
    const calls = (events: readonly LogEvent[]): readonly string[] =>
      events.flatMap((event) =>
        event.kind === 'syscall-enter' || event.kind === 'syscall-exit' ? [`${event.kind} ${event.name}`] : [],
      );
    expect(calls(await eventsOf(text))).toEqual(calls(await eventsOf(json)));
  });

  it.each(ATTACKS)('keeps within its carrier: %s', async (_, forged) => {
    const events = await eventsOf(text);
    // Where the text is quoted (readlink), its newline is an escape, and nothing pretends to be a record.
    const holders = events.filter((event) =>
      event.message
        .split('\n')
        .slice(1)
        .some((line) => line.includes(forged)),
    );
    expect(holders.length).toBeGreaterThan(0);
    expect(holders.filter((event) => (event.forged ?? 0) === 0)).toEqual([]);
    expect(
      events.filter((event) => event.message.split('\n', 1)[0]?.includes(forged) && !event.message.includes('\\n')),
    ).toEqual([]);
  });

  it('takes the imitated name of a task for a name', async () => {
    const names = (await eventsOf(text)).flatMap((event) =>
      'comm' in event && event.comm !== undefined ? [event.comm] : [],
    );
    expect(names).toContain('a X kill(1) = (');
    expect(names).toContain('a\nE kill(0x1');
  });

  it('says so without a verdict of it, and reads no release that was made up', async () => {
    const { report } = await diagnose(text);
    expect(report.verdict).toBe('healthy');
    expect(report.findings[0]).toMatchObject({ rule: 'forged-records', severity: 'low' });
    expect(report.sandboxes.map((sandbox) => sandbox.version).join()).not.toContain('2099');
  });

  it('finds nothing forged where newlines are escaped', async () => {
    expect((await eventsOf(json)).filter((event) => event.forged !== undefined)).toEqual([]);
  });
});

describe('the page of the samples', () => {
  const page = readFileSync(`${samples}README.md`, 'utf8');

  it.each(['release-20221219', 'release-20240729'])('tells of each attack what %s shows of it', async (release) => {
    const events = await eventsOf(`${samples}${release}/forged-text`);
    const rows = ATTACKS.map(([attack, forged]) => {
      const holders = events.filter(({ message }) => message.includes('\n') && message.includes(forged));
      // the line of the kernel that executes a program stands between the records of its call
      const names = new Set(holders.flatMap((event) => ('name' in event ? [event.name] : [])));
      const sum = holders.reduce((total, event) => total + (event.forged ?? 0), 0);
      const text = `\`${forged.replaceAll('|', '\\|')}\``;
      return `| ${attack} | ${text} | ${holders.length} of ${[...names].join(', ')}: ${sum} |`;
    });
    expect(page.replaceAll(/ +/g, ' ')).toContain(rows.join('\n'));
  });

  it('is what the script that makes it says', () => {
    const script = readFileSync(fileURLToPath(new URL('../tools/make-samples.sh', import.meta.url)), 'utf8');
    const [, text = ''] = /<< 'MARKDOWN'\n([^]*?)^MARKDOWN$/m.exec(script) ?? [];
    expect(text.length).toBeGreaterThan(1000);
    expect(page.startsWith(text)).toBe(true);
  });
});

it('marks nothing in samples whose programs forge nothing', async () => {
  const clean = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^release-\d+\/(?!forged|weird)[\w-]+$/.test(name),
  );
  expect(clean.length).toBeGreaterThan(80);
  const marked: string[] = [];
  for (const folder of clean) {
    const { report } = await summarize(samples + folder);
    if (report.reading.some((reading) => reading.forged > 0)) marked.push(folder);
  }
  expect(marked).toEqual([]);
});
