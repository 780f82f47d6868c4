/** Messages of programs and sentences of people, by their form. */
import { expect, it } from 'vitest';
import { isProse, quotedIn } from '../../grammars/speech.js';

it.each([
  'When I switch to the other platform the same image starts, but here it panics.',
  'We tried an older release as well and it fails with the same message.',
  'The container gets stuck after about ten minutes and I cannot kill it.',
  'did not see anything in the logs that looks like an error except for the line above',
  'Unfortunately the second pod never starts. Any idea what could be wrong?',
])('a person tells: %s', (line) => {
  expect(isProse(line)).toBe(true);
});

it.each([
  'running container: creating container: cannot create sandbox: the moon is full',
  'docker: Error response from daemon: failed to create task for container: context deadline exceeded: unknown.',
  'tar: usr/lib: Cannot mkdir: No space left on device',
  'time="2026-03-04T05:06:07Z" level=error msg="the task is not there, and I cannot find it"',
  'E0304 05:06:07.000000    1200 pod_workers.go:190] Error syncing pod: it is not ready',
  'Error: failed to start: the following image is not there: not found',
  "sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set?",
  'Failed to reserve sandbox name "web-0": name is reserved',
])('a program prints: %s', (line) => {
  expect(isProse(line)).toBe(false);
});

it('what a sentence quotes is found between any marks, if it is as long as a message', () => {
  expect(quotedIn('The restore of `web` ends with `open /img/pages.img: no such file or directory`.')).toEqual([
    'open /img/pages.img: no such file or directory',
  ]);
  expect(quotedIn('It says "cannot find the state file" and \u201cno such container\u201d, then ends.')).toEqual([
    'cannot find the state file',
    'no such container',
  ]);
  expect(quotedIn('I set "runsc" as `default-runtime`')).toEqual([]);
});
