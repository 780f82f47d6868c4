/** A program in the sandbox asked for a socket, pipe or device of the host that runsc keeps from it. */
import type { Failure } from '../../analyzers/failures.js';
import { complaintOf, isRefusal, isTraced } from '../complaints.js';
import { endingOf } from '../endings.js';
import { matchesOfSentences } from '../notes.js';
import { defineRule, groupErrors, matchOf, specOf, verdictOf, type Match, type Products, type Said } from '../rule.js';

const OPEN =
  'If you trust the program with it, start runsc with {flag} (since release 20221026.0; before --fsgofer-host-uds); the annotation dev.gvisor.flag.{name} does it for one container, where --allow-flag-override lets it.';
const ELSE =
  'Or do without the file of the host: reach its server over TCP, or let the server run in a container of the same pod.';

/** A mount of a single file of the host that the gofer does not serve: older releases say no more than EPERM. */
const MOUNT: Said = {
  title: 'The file of the host that is mounted at {path} is not let into the sandbox',
  cause:
    'The mount at {path} ({source}) is refused with "{errno}": what is to be mounted is no file or directory but a Unix socket, a named pipe or a device{guess}, and runsc keeps those of the host from a container unless a flag opens them.',
  confidence: 'likely',
  severity: 'high',
  tier: 'cause',
  leads: 'failed-start',
  remedy: [
    'If it is a socket and you trust the program with it, start runsc with --host-uds=open (since release 20221026.0; before --fsgofer-host-uds); for a named pipe --host-fifo=open (since 20221026.0).',
    'Or mount the directory that holds it: the container starts then, and only the connection is refused.',
    'See what it is: stat {file} on the host.',
    ELSE,
  ],
};

/** The program gave up over the refusal. */
const GAVE_UP: Said = {
  title: 'runsc kept the program from {path} of the host: {flag} is not set',
  cause:
    'A program in the sandbox wanted to {action} {object} {path}, which belongs to the host (it came in by a mount). runsc refuses that by its settings, the program saw an error{errno}, and the container ended ({end}){words}.',
  confidence: 'likely',
  severity: 'high',
  tier: 'cause',
  leads: 'app-failure',
  remedy: [OPEN, ELSE],
};

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
  needs: ['failures', 'sentences', 'runs', 'calls'],
  sources: ['runsc/fsgofer/lisafs.go, pkg/sentry/fsimpl/gofer (Rejecting attempt)', 'pkg/sentry/fsimpl/host/host.go'],
  judge(products) {
    const notes = matchesOfSentences(products, { 'host-socket-refused': REFUSED, 'descriptor-not-imported': STREAM });
    const given = gaveUp(products);
    return verdictOf([
      ...refusedMounts(products),
      ...(given === undefined
        ? notes
        : [given, ...notes.filter(({ evidence: [one] }) => !given.evidence.some((other) => isSame(one, other)))]),
    ]);
  },
});

type Place = Match['evidence'][number];
const isSame = (a: Place, b: Place): boolean => a.source === b.source && a.line === b.line;

/** Mounts whose files come from a gofer. */
export const FROM_GOFER = new Set(['bind', '9p', 'gofer', 'rbind']);

/** Did the sentry refuse a mount because of what is to be mounted, not of its options? */
export const isKeptOut = ({ known, captures }: Failure): boolean =>
  (known === 'mount-options-invalid' || known === 'mount-source-unreadable') &&
  FROM_GOFER.has(captures['type'] ?? '') &&
  (/^(?:operation not permitted|permission denied|no such device)/.test(captures['errno'] ?? '') ||
    (/^(?:input\/output error|connection refused|invalid argument|bad file descriptor)/.test(captures['errno'] ?? '') &&
      SOCKET.test(captures['path'] ?? '')));

/** Paths that are sockets or pipes by their names. */
const SOCKET = /\.sock(?:et)?$|\.X11-unix(?:\/|$)|\bsocket$|\/dbus\b|\.fifo$|wayland-\d$|\.s\.PGSQL/;

function refusedMounts({ failures, runs }: Products): readonly Match[] {
  return groupErrors(failures, isKeptOut).map((group) => {
    const { path = '' } = group.failure.captures;
    const mount = specOf(group.failure, runs)?.mounts.find(({ destination }) => destination === path);
    const file = mount?.source ?? path;
    return matchOf(group, MOUNT, runs, {
      source: mount === undefined ? 'a bind mount' : `${mount.source} of the host`,
      file,
      guess: SOCKET.test(file) || SOCKET.test(path) ? ' (by its name a socket)' : '',
    });
  });
}

/** The refusal that a program complained of; without a trace one right before it failed. */
function gaveUp(products: Products): Match | undefined {
  const refusals = products.sentences.get('host-socket-refused')?.first ?? [];
  if (refusals.length === 0) return undefined;
  const complaint = complaintOf(products);
  const ending = endingOf(products);
  const status = ending?.exit?.status ?? 0;
  if (ending === undefined || status === 0) return undefined;
  const refused =
    complaint !== undefined
      ? refusals.findLast((one) => isRefusal(complaint, one, products))
      : isTraced(products)
        ? undefined
        : refusals.at(-1);
  if (refused === undefined) return undefined;
  const { captures, evidence, pid } = refused;
  const failure = {
    kind: 'outside' as const,
    known: 'host-socket-refused',
    captures,
    error: '',
    evidence,
    pid,
    order: ending.order,
  };
  const name = /fifo|pipe/.test(captures['object'] ?? '') ? 'host-fifo' : 'host-uds';
  const said: Said = complaint !== undefined ? GAVE_UP : { ...GAVE_UP, tier: 'aftermath', confidence: 'possible' };
  const words = complaint?.words;
  return matchOf(
    {
      failure,
      evidence: [
        evidence,
        ...(complaint === undefined ? [] : [complaint.call.evidence]),
        ...(words === undefined ? [] : [words.evidence]),
        ending.evidence,
      ],
    },
    said,
    products.runs,
    {
      name,
      flag: `--${name}=${captures['action'] === 'create' ? 'create' : 'open'}`,
      errno: complaint === undefined ? '' : ` (${complaint.call.name} gives errno ${complaint.call.errno})`,
      words: words === undefined ? '' : `; it says: "${words.text.slice(0, 200)}"`,
      end: `exit status ${status}`,
    },
  );
}
