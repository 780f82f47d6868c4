import { expect, it } from 'vitest';
import { SUBJECT_IDS, subjectOf } from '../../grammars/subjects.js';
import { SUBJECTS } from '../../src/knowledge/subjects.js';

it('each subject that is told has words, and no words are there for others', () => {
  expect(Object.keys(SUBJECTS).toSorted()).toEqual([...SUBJECT_IDS].toSorted());
});

it.each([
  [['opening /dev/kvm'], 'kvm'],
  [['creating cgroup', 'mkdir /sys/fs/cgroup/cpu/x'], 'cgroup'],
  [['dial unix /run/systemd/private', 'connect'], 'systemd-cgroup'],
  [['writing container metadata file'], 'state'],
  [['FD 257 is already in use'], 'descriptors'],
  [['write /proc/self/uid_map'], 'user-namespace'],
  [['unable to enable AF_XDP on "eth0"'], 'packet-socket'],
  [['pages file', 'checkpoint was made with another set of CPU features'], 'cpu'],
  [["invalid character '}' looking for beginning of value"], 'json'],
])('%j is about %s', (parts, subject) => {
  expect(subjectOf(parts)).toBe(subject);
});

it.each([[[]], [['operation not permitted']], [['the flux capacitor', '1.20 of 1.21 gigawatts']]])(
  '%j is about nothing that is known',
  (parts) => {
    expect(subjectOf(parts)).toBeUndefined();
  },
);
