/** A program in the sandbox asked for a socket, pipe or device of the host that runsc keeps from it. */
import { matchesOfSentences } from '../notes.js';
import { defineRule, verdictOf, type Said } from '../rule.js';

const REFUSED: Said = {
  title: 'A program was kept from {path} of the host',
  cause:
    'A program in the sandbox wanted to {action} {object} {path}, which belongs to the host (it came in by a mount), and runsc refused by its settings: the program sees an error (connection refused, operation not permitted, no such device).',
  confidence: 'likely',
  remedy: [
    'If the program needs it and you trust it with it: --host-uds=open to connect to Unix sockets, =create to bind them, =all for both; --host-fifo=open for named pipes (both since release 20221026.0; until then --fsgofer-host-uds). dev.gvisor.flag.host-uds as an annotation does it for one container.',
    'Character devices need one that runsc supports (GPU, TPU, tun), or --character-device-policy in the newest releases.',
    'If the program works all the same, leave it as it is: every opening lets it speak with a process of the host.',
  ],
};

const STREAM: Said = {
  title: 'Descriptor {fd} of the caller is of a kind that cannot be handed to the program',
  cause:
    'Descriptor {fd} of whoever started runsc is of a file type ({type}) that the sandbox does not take over as a standard stream: files, directories, pipes, terminals and sockets are.',
  confidence: 'likely',
  remedy: ['Give the container a pipe, a file or a terminal for its standard streams (… | cat, > file).'],
};

export const hostFileRefused = defineRule({
  id: 'host-file-refused',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'A program was kept from a socket, pipe or device of the host',
  remedy: REFUSED.remedy,
  needs: ['sentences', 'runs'],
  sources: ['runsc/fsgofer/lisafs.go, pkg/sentry/fsimpl/gofer (Rejecting attempt)', 'pkg/sentry/fsimpl/host/host.go'],
  judge(products) {
    return verdictOf(
      matchesOfSentences(products, { 'host-socket-refused': REFUSED, 'descriptor-not-imported': STREAM }),
    );
  },
});
