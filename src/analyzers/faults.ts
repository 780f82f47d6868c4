/** Faults that programs did not handle: what they touched, from where, and what was mapped there. */
import { readMappings, readUserFault, type Mapping, type UserFault } from '../../grammars/crash-dumps.js';
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { SourceName } from '../model/units.js';
import { evidenceOf } from './evidence.js';

/** Faults that are kept of a source: the last ones, since a program ends with the last. */
const FAULTS_LIMIT = 16;
/** So far below a stack a program comes that needs more of it. */
const NEAR_STACK = 0x200000n;
/** Nothing is mapped in the first pages: a pointer that points there is null, or a field of one. */
const FIRST_PAGES = 0x10000n;

export type FaultKind = 'null-pointer' | 'stack-overflow' | 'no-code' | 'protected' | 'unmapped' | 'unknown';

export type Fault = {
  readonly kind: FaultKind;
  readonly address: string;
  readonly access: 'write' | 'execute' | 'access';
  readonly signal: number;
  /** The instruction as file and place in it, `/bin/app+0x165c`, else its address. */
  readonly at: string;
  /** What is mapped at the address, where it is mapped without the right to do this. */
  readonly target: string | null;
  readonly tgid: number | null;
  readonly evidence: Evidence;
};
export type Faults = ReadonlyMap<SourceName, readonly Fault[]>;

const hex = (value: bigint): string => `0x${value.toString(16)}`;
const TAG = /^\[ *(\d+)(?:\(\d+\))?(?:: *\d+(?:\(\d+\))?)?\]/;

function accessOf({ access }: UserFault): Fault['access'] {
  if (access.includes('x')) return 'execute';
  // platforms report every fault that is neither of these as a read, pushes and writes included
  return access.includes('w') ? 'write' : 'access';
}

function kindOf({ address, ip, access }: UserFault, mappings: readonly Mapping[]): FaultKind {
  if (address < FIRST_PAGES) return 'null-pointer';
  if (access.includes('x') || address === ip) return 'no-code';
  if (mappings.length === 0) return 'unknown';
  if (mappings.some(({ start, end }) => address >= start && address < end)) return 'protected';
  const above = mappings.find(({ start }) => start > address);
  const isStack = above !== undefined && above.name === '[stack]' && above.start - address <= NEAR_STACK;
  return isStack ? 'stack-overflow' : 'unmapped';
}

function faultOf(fault: UserFault, mappings: readonly Mapping[], tgid: number | null, evidence: Evidence): Fault {
  const { address, ip, signal } = fault;
  const within = (place: bigint): Mapping | undefined =>
    mappings.find(({ start, end }) => place >= start && place < end);
  const code = within(ip);
  const target = within(address);
  return {
    kind: kindOf(fault, mappings),
    address: hex(address),
    access: accessOf(fault),
    signal,
    at: code === undefined || code.name === '' ? hex(ip) : `${code.name}+${hex(ip - code.start + code.offset)}`,
    target: target === undefined ? null : `${target.name === '' ? 'memory' : target.name} (${target.access})`,
    tgid,
    evidence,
  };
}

export const faultsAnalyzer: Analyzer<Faults> = {
  name: 'faults',
  reads: ['fault', 'dump'],
  start(): Fold<Faults> {
    const sources = new Map<SourceName, Fault[]>();
    let open: { readonly fault: UserFault; readonly tgid: number | null; readonly evidence: Evidence } | undefined;
    /** The faults of the source of the open one, with that. */
    const withOpen = ({ fault, tgid, evidence }: NonNullable<typeof open>, mappings: readonly Mapping[]): Fault[] =>
      [...(sources.get(evidence.source) ?? []), faultOf(fault, mappings, tgid, evidence)].slice(-FAULTS_LIMIT);
    const close = (mappings: readonly Mapping[]): void => {
      if (open !== undefined) sources.set(open.evidence.source, withOpen(open, mappings));
      open = undefined;
    };
    return {
      sourceStarts: () => close([]),
      see(event: LogEvent) {
        if (event.kind === 'fault') {
          const fault = readUserFault(event.message);
          if (fault === undefined) return;
          close([]);
          const tag = TAG.exec(event.message)?.[1];
          open = { fault, tgid: tag === undefined ? null : Number(tag), evidence: evidenceOf(event) };
        } else if (open !== undefined && open.evidence.source === event.source) {
          const mappings = readMappings(event.message);
          if (mappings !== undefined) close(mappings);
        }
      },
      finish: () => (open === undefined ? sources : new Map(sources).set(open.evidence.source, withOpen(open, []))),
    };
  },
};
