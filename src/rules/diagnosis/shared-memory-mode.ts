/** /dev/shm of the sandbox may not be written by ordinary users. */
import type { Telling } from '../../analyzers/tellings.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const MODE: Said = {
  title: '/dev/shm is not writable for ordinary users{mode}',
  cause:
    '/dev/shm of the container{mode} lets only its owner {owner} create files; Linux and other runtimes mount it with mode 1777. Programs that run as a non-root user cannot create shared memory or POSIX semaphores there (shm_open and sem_open fail with "permission denied").',
  confidence: 'likely',
  remedy: [
    'Update runsc: releases since 2021-03-18 mount /dev/shm with mode 1777.',
    'Or mount a tmpfs with that mode yourself: docker run --tmpfs /dev/shm:rw,mode=1777, or an emptyDir with medium Memory in a pod and an fsGroup.',
    'Or run the program as root, or chmod 1777 /dev/shm in the entrypoint before it changes its user.',
  ],
};

const isClosed = ({ captures }: Telling): boolean => captures['mode'] !== undefined && captures['mode'][7] !== 'w';

export const sharedMemoryMode = defineRule({
  id: 'shared-memory-mode',
  severity: 'medium',
  leads: 'app-failure',
  title: '/dev/shm is not writable for ordinary users',
  remedy: MODE.remedy,
  needs: ['tellings', 'runs'],
  sources: ['runsc/boot/vfs.go (mount of /dev/shm)', 'shm_overview(7)'],
  judge({ tellings, runs }) {
    const listed = tellingsOf(tellings, ['shm-listed']);
    const denied = tellingsOf(tellings, ['shm-denied']);
    const closed = tellingsOf(
      tellings,
      ['directory-mode'],
      (one) =>
        isClosed(one) &&
        (one.captures['name'] !== '.' ||
          // the listing of /dev/shm begins a few lines before
          listed.some(
            ({ evidence }) =>
              evidence.source === one.evidence.source &&
              one.evidence.line > evidence.line &&
              one.evidence.line <= evidence.line + 3,
          )),
    );
    const [first, ...rest] = [...closed, ...denied];
    if (first === undefined) return { state: 'clear' };
    const mode = closed[0]?.captures['mode'];
    return verdictOf([
      matchOfTellings(
        [first, ...rest, ...listed],
        { ...MODE, confidence: closed.length > 0 ? 'likely' : 'possible' },
        runs,
        {
          mode: mode === undefined ? '' : ` (mode ${mode})`,
          owner: closed[0]?.captures['owner'] ?? '(root)',
        },
      ),
    ]);
  },
});
