/** Objects of the sandbox that a checkpoint may not hold: what they are for people, and how to do without. */

export type SavedKind = {
  readonly pattern: RegExp;
  readonly kind: string;
  readonly without: string;
  readonly update?: string;
};

/** The kinds, in the order in which they are tried on the package of a type, or on the words for it. */
export const SAVED_KINDS: readonly SavedKind[] = [
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
  {
    pattern: /\bfs\/host\b|fsimpl\/host\b|MultiDevice|host\.\(\*/,
    kind: 'a file or device of the host',
    without: 'close files of the host (volumes, terminals) or use other mounts',
  },
  { pattern: /\bpipe\b/i, kind: 'a pipe', without: 'end the program that holds it first' },
  { pattern: /kvm|systrap|ptrace|platform/i, kind: 'an object of the platform', without: 'use another platform' },
  { pattern: /io_?uring/i, kind: 'an io_uring', without: 'leave io_uring off' },
  { pattern: /fuse/i, kind: 'a FUSE file system', without: 'unmount it first' },
];
