/**
 * What the sentry writes when a program faults and does not handle it: the fault, and the map of its memory.
 *
 *     Unhandled user fault: addr=7ec225bccd20 ip=40165c access=r-- sig=11 err=bad address
 *     Mappings:
 *     VMAs:
 *     00400000-00401000 r--p 00000000 00:19 9                                  /bin/app
 *
 * Source: pkg/sentry/kernel/task_run.go, pkg/sentry/mm/debug.go
 */

/** A fault of a program: numbers are addresses in its memory. */
export type UserFault = {
  readonly address: bigint;
  readonly ip: bigint;
  /** `r--`, `-w-`, `--x`. */
  readonly access: string;
  readonly signal: number;
};

const FAULT =
  /Unhandled user fault: addr=(?:0x)?([0-9a-f]{1,16}) ip=(?:0x)?([0-9a-f]{1,16}) access=([-r][-w][-x])\S* sig=(\d{1,2})/;

export function readUserFault(text: string): UserFault | undefined {
  const found = FAULT.exec(text.slice(0, 512));
  if (found === null) return undefined;
  const [, address = '0', ip = '0', access = '---', signal = '0'] = found;
  return { address: BigInt(`0x${address}`), ip: BigInt(`0x${ip}`), access, signal: Number(signal) };
}

/** A mapped range of memory: `[start, end)`. */
export type Mapping = {
  readonly start: bigint;
  readonly end: bigint;
  readonly access: string;
  /** Place in the file. */
  readonly offset: bigint;
  /** File, `[stack]`, `[heap]`; empty for memory without a name. */
  readonly name: string;
};

const VMA = /^([0-9a-f]{8,16})-([0-9a-f]{8,16}) ([r-][w-][x-])[ps] ([0-9a-f]{8,16}) \S+ \d+ *(.*)$/;
/** A process may have tens of thousands. */
const MAPPINGS_LIMIT = 100_000;

/** The ranges of a dump of mappings; undefined where the text is none. */
export function readMappings(text: string): readonly Mapping[] | undefined {
  if (!/^(?:\[[ \d:]+\] )?Mappings:\n/.test(text)) return undefined;
  const mappings: Mapping[] = [];
  for (const line of text.split('\n', MAPPINGS_LIMIT)) {
    if (line.startsWith('PMAs:')) break;
    const found = VMA.exec(line);
    if (found === null) continue;
    const [, start = '0', end = '0', access = '---', offset = '0', name = ''] = found;
    mappings.push({
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${end}`),
      access,
      offset: BigInt(`0x${offset}`),
      name: name.trim(),
    });
  }
  return mappings;
}
