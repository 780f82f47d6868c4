/**
 * Which arguments of a call name files, and how the bulk reader's module (wasm/files.ts) reads them: the plan of each name.
 */
import type { ArgumentKind } from '../../grammars/kinds.js';
import { argumentTable, type Architecture } from '../../grammars/syscall-table.js';
import {
  MAX_ARGUMENTS,
  SHAPE_BUFFER,
  SHAPE_DESCRIPTOR,
  SHAPE_NUMBER,
  SHAPE_PATH,
  SHAPE_STAT,
  SHAPE_STRUCT,
  SHAPE_WORD,
} from './wasm/memory.js';

export { BASE_CWD, BASE_DESCRIPTOR, BASE_ROOT, MAX_ENTRIES, NONE, NOT_READ } from './wasm/memory.js';

const SHAPE_OF: Readonly<Partial<Record<ArgumentKind, number>>> = {
  Hex: SHAPE_NUMBER,
  Oct: SHAPE_WORD,
  OpenFlags: SHAPE_WORD,
  Mode: SHAPE_WORD,
  MmapProt: SHAPE_WORD,
  MmapFlags: SHAPE_WORD,
  FD: SHAPE_DESCRIPTOR,
  Path: SHAPE_PATH,
  ReadBuffer: SHAPE_BUFFER,
  WriteBuffer: SHAPE_BUFFER,
  Stat: SHAPE_STAT,
  EpollCtlOp: SHAPE_WORD,
  SockOptLevel: SHAPE_WORD,
  SockOptName: SHAPE_WORD,
  SockFlags: SHAPE_WORD,
  SetSockOptVal: SHAPE_STRUCT,
  EpollEvent: SHAPE_STRUCT,
  EpollEvents: SHAPE_STRUCT,
  SigSet: SHAPE_STRUCT,
  Timespec: SHAPE_STRUCT,
  UTimeTimespec: SHAPE_STRUCT,
};

/** Paths in the table that name no file: the target of a link, an attribute, a mount's type, what a new object is called. */
export const NO_FILES: Readonly<Record<string, readonly number[]>> = {
  symlink: [0],
  symlinkat: [0],
  memfd_create: [0],
  fsopen: [0],
  mount: [2, 4],
  setxattr: [1],
  lsetxattr: [1],
  fsetxattr: [1],
  getxattr: [1],
  lgetxattr: [1],
  fgetxattr: [1],
  listxattr: [1],
  llistxattr: [1],
  flistxattr: [1],
  removexattr: [1],
  lremovexattr: [1],
  fremovexattr: [1],
};

export type NamePlan = {
  /** Places of arguments that are paths of files. */
  readonly paths: readonly number[];
  /** Shapes of its arguments, where the module knows all of them; null otherwise. */
  readonly shapes: readonly number[] | null;
};

const known = new Map<Architecture, ReadonlyMap<string, NamePlan>>();

/** The plans of an architecture, by name; made once, since a folder may hold thousands of logs. */
export function namePlans(architecture: Architecture): ReadonlyMap<string, NamePlan> {
  let plans = known.get(architecture);
  if (plans === undefined) known.set(architecture, (plans = plansOf(architecture)));
  return plans;
}

function plansOf(architecture: Architecture): ReadonlyMap<string, NamePlan> {
  const plans = new Map<string, NamePlan>();
  for (const [name, lists] of argumentTable(architecture)) {
    const no = NO_FILES[name] ?? [];
    // lists differ by release: what is a path in one of them may be a number in the others, and is read as what it is printed
    const paths = new Set(
      lists.flatMap(({ kinds }) =>
        kinds.flatMap((kind, index) => (kind === 'Path' && !no.includes(index) ? [index] : [])),
      ),
    );
    plans.set(name, { paths: [...paths], shapes: shapesOf(lists[0]?.kinds ?? []) });
  }
  return plans;
}

function shapesOf(kinds: readonly ArgumentKind[]): readonly number[] | null {
  const shapes = kinds.map((kind) => SHAPE_OF[kind]);
  const isKnown = shapes.length > 0 && shapes.length <= MAX_ARGUMENTS;
  return isKnown && shapes.every((shape) => shape !== undefined) ? shapes : null;
}
