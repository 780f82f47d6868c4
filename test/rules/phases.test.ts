/** An error that no rule knows is told with what was being done: the innermost part that is known names it. */
import { expect, it } from 'vitest';
import { recogniseError } from '../../grammars/messages.js';
import { METHODS, PHASES, WORK } from '../../src/knowledge/phases.js';
import { REPLIES, replyOf } from '../../src/knowledge/replies.js';
import { unrecognisedError } from '../../src/rules/diagnosis/unrecognised-error.js';
import type { Products } from '../../src/rules/rule.js';

function told(error: string, command: string | null = null): { title: string; cause: string; collect: string } {
  const { known, captures } = recogniseError(error);
  const evidence = { source: 'runsc.log', line: 1, time: null, text: error };
  const run = {
    source: 'runsc.log',
    pid: 1,
    command,
    spec: null,
    container: null,
    bundle: null,
    version: null,
    root: null,
  };
  const failures = { failures: [{ kind: 'fatal', known, captures, error, evidence, pid: 1, order: 1 }], dropped: {} };
  const verdict = unrecognisedError.judge({
    failures,
    runs: { runs: [run] },
    tellings: { signs: new Map(), goroutines: [] },
  } as unknown as Products);
  if (verdict.state !== 'found') throw new Error(`${known}: ${verdict.state}`);
  const { title = '', cause, collect = [] } = verdict.matches[0];
  return { title, cause, collect: collect.join('\n') };
}

it.each([
  ['creating container: the moon is full', 'creating the container'],
  ['creating container: cannot create gofer process: the moon is full', 'starting the gofer'],
  [
    'starting container: starting root container: urpc method "containerManager.StartRoot" failed: the moon is full',
    'starting the first container',
  ],
  ['starting sub-container [/bin/x]: mount submount "/data": the moon is full', 'mounting /data in the sandbox'],
  ['urpc method "Fs.Moon" failed: the moon is full', 'calling Fs.Moon'],
  ['error setting up FS: stat("/srv/a: b") failed: the moon is full', 'looking at /srv/a: b'],
  ['read oci spec: the moon is full', 'reading config.json for the shim'],
])('%s', (error, doing) => {
  const { title, collect } = told(error);
  expect(title).toContain(`while ${doing}`);
  expect(title).toContain('the moon is full');
  expect(collect).not.toBe('');
});

it('without a wrapper the command says what was being done', () => {
  expect(told('the moon is full', 'gofer').title).toContain('preparing the file systems');
  expect(told('the moon is full', null).title).not.toContain('while');
});

it('the answer of the host is explained', () => {
  expect(told('creating platform: the moon: operation not permitted').cause).toContain('a capability is missing');
  expect(replyOf('the moon is not permitted')).toBeUndefined();
  expect(replyOf('x: too many open files in system')?.text).toBe('too many open files in system');
});

it('the tables hold together, and every template has an answer where nothing was captured', () => {
  for (const id of [...Object.values(METHODS), ...Object.values(WORK)]) expect(PHASES[id]).toBeDefined();
  for (const { doing, means, checks, decides } of Object.values(PHASES)) {
    expect(means).toMatch(/\.$/);
    expect(checks.length).toBeGreaterThan(0);
    for (const text of [doing, decides, ...checks]) expect(text).not.toMatch(/\{\w+\}/);
  }
  for (const { means, check } of Object.values(REPLIES)) {
    expect(means).not.toMatch(/\.$/);
    expect(check).toMatch(/\.$/);
  }
});
