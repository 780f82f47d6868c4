/** A checkpoint is refused for one object that this release cannot save. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const OBJECT: Said = {
  title: 'The checkpoint failed: {kind} cannot be saved',
  cause:
    'Saving the container met {what}, which this release of runsc cannot put into a checkpoint: {kind} has no code to save and restore it, or is in a state that cannot be saved.',
  remedy: [
    'Update runsc: later releases can save more kinds of objects{update}.',
    'Or make the checkpoint without it: {without}.',
  ],
};

type Kind = { readonly pattern: RegExp; readonly kind: string; readonly without: string; readonly update?: string };

/** By the package of the type, or the words for it. */
const KINDS: readonly Kind[] = [
  {
    pattern: /nvproxy|nvidia|\bgpu\b|cuda/i,
    kind: 'an object of GPU support (nvproxy)',
    without: 'start the container without --nvproxy and GPU, or end what uses the GPU first',
    update: ', those of nvproxy among them',
  },
  { pattern: /tpuproxy|\btpu\b/i, kind: 'an object of TPU support', without: 'start the container without the device' },
  {
    pattern: /connected|tcp|endpoint|socket|netstack|connection/i,
    kind: 'an open network connection',
    without:
      'close the connections before the checkpoint, or let runsc drop them (newer releases have an option for it)',
  },
  {
    pattern: /hostinet/i,
    kind: 'a socket of the host network',
    without: 'use the network stack of the sandbox (not --network=host)',
  },
  {
    pattern: /gofer|lisafs|p9|hostfd|host\./i,
    kind: 'an open file of the host',
    without: 'close or do not delete files that are still open, and use the same mounts',
  },
  { pattern: /kvm|systrap|ptrace|platform/i, kind: 'an object of the platform', without: 'use another platform' },
  { pattern: /io_?uring/i, kind: 'an io_uring', without: 'leave io_uring off' },
  { pattern: /fuse/i, kind: 'a FUSE file system', without: 'unmount it first' },
];

export const checkpointObject = defineRule({
  id: 'checkpoint-object',
  severity: 'high',
  title: 'A checkpoint met an object that cannot be saved',
  remedy: OBJECT.remedy.slice(0, 1),
  needs: ['tellings', 'runs'],
  supersedes: ['checkpoint-failed', 'sentry-panic'],
  sources: [
    'pkg/state/types.go, encode.go (does not implement SaverLoader)',
    'pkg/tcpip/transport (cannot be saved in … state)',
  ],
  judge({ tellings, runs }) {
    const [first, ...rest] = tellingsOf(tellings, ['unsavable']);
    if (first === undefined) return { state: 'clear' };
    const { object = '', state, reason } = first.captures;
    const words = `${object} ${state ?? ''} ${reason ?? ''}`;
    const kind =
      KINDS.find(({ pattern }) => pattern.test(words)) ??
      KINDS.find(({ pattern }) => pattern.test(first.evidence.text));
    const what =
      state !== undefined
        ? `an endpoint in the state "${state}"`
        : reason !== undefined
          ? `"${reason.trim()}"`
          : `an object of type ${object.trim()}`;
    return verdictOf([
      matchOfTellings([first, ...rest], OBJECT, runs, {
        what,
        kind: kind?.kind ?? 'this object',
        without: kind?.without ?? 'end the program that uses it before the checkpoint',
        update: kind?.update ?? '',
      }),
    ]);
  },
});
