/** Text in UTF-16, as PowerShell writes it: the events are those of the same text in UTF-8. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogEvent } from '../../src/model/event.js';
import { readEvents } from '../../src/pipeline.js';

const TEXT =
  'I1123 22:01:59.100009    4711 strace.go:605] [   1:   1] web X write(0x1 pipe:[2], 0x7f02 "x", 0x1) = 1 (0x1) (12.3µs)\n' +
  'W1123 22:01:59.100011    4711 main.go:257] Failure to execute command, err: 1\n';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runsight-utf16-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each<[what: string, bytes: Buffer]>([
  ['UTF-16LE', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16BE', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
  ['UTF-16LE, cut within a character', Buffer.from(`\ufeff${TEXT}`, 'utf16le').subarray(0, -1)],
])('%s', async (_what, bytes) => {
  const path = join(folder, 'runsc.log.20261123-220159.1.boot.txt');
  writeFileSync(path, bytes);
  const events: LogEvent[] = [];
  for await (const event of readEvents(path)) events.push(event);
  expect(events).toMatchObject([
    { kind: 'syscall-exit', name: 'write', duration_ns: 12_300, bytes: 120, recovered: 'utf-16' },
    { kind: 'exit', of: 'command-failure', time: '2026-11-23T22:01:59.100011', recovered: 'utf-16' },
  ]);
});
