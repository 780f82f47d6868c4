/** Which process of one side is which of the other: by program and arguments, in the order of birth, from the first process down. */
import type { ProcessTree, Traced } from './processes.js';

/** Two processes that do the same, or one without a counterpart. */
export type ProcessPair = {
  readonly a: Traced | null;
  readonly b: Traced | null;
  /** Calls up to these rows came before the program that both run (a launcher); -1: none. */
  readonly fromA: number;
  readonly fromB: number;
};

/** Lists of children longer than this are aligned greedily. */
const MOST_CELLS = 4_000_000;

export type Pairing = {
  readonly pairs: readonly ProcessPair[];
  /** Do the first processes run the same program? Null where a trace does not tell. */
  readonly isSameProgram: boolean | null;
};

const baseName = (path: string | null | undefined): string => (path ?? '').replace(/.*\//s, '');

/** What a process was started as: the program and arguments of an execution. */
type Label = { readonly program: string; readonly argv: string };

function labelOf(process: Traced): Label {
  return { program: process.program ?? '', argv: (process.argv ?? []).join('\0') };
}

/** How well two labels fit: 3 the same line, 2 the same program, 1 one of them is not known. */
function fit(a: Label, b: Label): number {
  if (a.program === '' || b.program === '') return 1;
  if (a.argv !== '' && a.argv === b.argv) return 3;
  return baseName(a.program) === baseName(b.program) ? 2 : 0;
}

/** `isMixed`: one side is a native trace, which begins with the execution of its program; a log of runsc does not. */
export function pairProcesses(a: ProcessTree, b: ProcessTree, isMixed: boolean): Pairing {
  const pairs: ProcessPair[] = [];
  const roots = pairRoots(a, b).map((pair) => (isMixed ? withoutStart(pair) : pair));
  let isSameProgram: boolean | null = null;
  for (const root of roots) {
    pairs.push(root);
    if (root.a !== null && root.b !== null) {
      if (pairs.length === 1) isSameProgram = sameProgram(root.a, root.b);
      pairBelow(root.a, root.b, pairs);
    }
  }
  const paired = new Set(pairs.flatMap(({ a: one, b: other }) => [one, other]));
  const alone = (tree: ProcessTree): readonly Traced[] =>
    tree.processes.filter((one) => one.mergedInto === null && !paired.has(one) && hasPairedAncestor(one, paired));
  for (const one of alone(a)) pairs.push({ a: one, b: null, fromA: -1, fromB: -1 });
  for (const one of alone(b)) pairs.push({ a: null, b: one, fromA: -1, fromB: -1 });
  return { pairs, isSameProgram };
}

function hasPairedAncestor(process: Traced, paired: ReadonlySet<Traced | null>): boolean {
  for (let one = process.parent; one !== null; one = one.parent) if (paired.has(one)) return true;
  return false;
}

/** First processes; where one side was started through a launcher, the process that runs what the other side runs. */
function pairRoots(a: ProcessTree, b: ProcessTree): readonly ProcessPair[] {
  const [rootsA, rootsB] = [a.roots, b.roots];
  const pairs: ProcessPair[] = [];
  const taken = new Set<Traced>();
  for (const [index, rootB] of rootsB.entries()) {
    const first = firstLabel(rootB);
    const rootA = rootsA.find((one) => !taken.has(one) && fit(firstLabel(one), first) === 3) ?? undefined;
    const within = rootA === undefined ? runs(a, first, taken) : { process: rootA, row: -1 };
    const other = within === undefined ? rootsA.filter((one) => !taken.has(one))[0] : within.process;
    if (other === undefined) {
      pairs.push({ a: null, b: rootB, fromA: -1, fromB: -1 });
      continue;
    }
    taken.add(other);
    const inB = within === undefined && index === 0 ? runs(b, firstLabel(other), new Set()) : undefined;
    pairs.push({ a: other, b: inB?.process ?? rootB, fromA: within?.row ?? -1, fromB: inB?.row ?? -1 });
  }
  return pairs;
}

function withoutStart(pair: ProcessPair): ProcessPair {
  const from = (process: Traced | null, row: number): number => {
    const first = process?.line === null && process.parent === null ? process.executions[0] : undefined;
    return first === undefined ? row : Math.max(row, first.row);
  };
  return { ...pair, fromA: from(pair.a, pair.fromA), fromB: from(pair.b, pair.fromB) };
}

/** What a first process was started as. */
function firstLabel(process: Traced): Label {
  const [first] = process.executions;
  if (process.line !== null)
    return { program: process.line.text.split(' ', 1)[0] ?? '', argv: (process.line.argv ?? []).join('\0') };
  return first === undefined
    ? { program: '', argv: '' }
    : { program: first.program, argv: (first.argv ?? []).join('\0') };
}

/** The process that executes exactly this, and the row at which it does. */
function runs(
  tree: ProcessTree,
  label: Label,
  taken: ReadonlySet<Traced>,
): { readonly process: Traced; readonly row: number } | undefined {
  if (label.argv === '') return undefined;
  for (const process of tree.processes) {
    if (taken.has(process)) continue;
    const execution = process.executions.find(({ argv }) => (argv ?? []).join('\0') === label.argv);
    if (execution !== undefined)
      return { process, row: execution === process.executions[0] && process.parent === null ? -1 : execution.row };
  }
  return undefined;
}

const INTERPRETER = /^(?:python[\d.]*|perl|ruby|node|php|sh|bash|dash|ash|zsh|java|lua[\d.]*)$/;

/** The script that an interpreter runs: its first argument that is no option. */
function scriptOf(argv: readonly string[] | null): string {
  if (argv === null) return '';
  const at = argv.findIndex((one, index) => index > 0 && !one.startsWith('-'));
  const before = argv[at - 1];
  if (before === '-c' || before === '-e' || before === '-m') return argv[at] ?? '';
  return baseName(argv[at]);
}

function sameProgram(a: Traced, b: Traced): boolean | null {
  const labels = [a, b].map((one) => ({ ...firstLabel(one), args: one.line?.argv ?? one.executions[0]?.argv ?? null }));
  const [left, right] = labels as [(typeof labels)[0], (typeof labels)[0]];
  if (left.program === '' || right.program === '') return null;
  if (left.argv !== '' && left.argv === right.argv) return true;
  if (baseName(left.program) !== baseName(right.program)) return false;
  if (INTERPRETER.test(baseName(left.program))) return scriptOf(left.args) === scriptOf(right.args);
  return true;
}

function pairBelow(a: Traced, b: Traced, pairs: ProcessPair[]): void {
  const open: [Traced, Traced][] = [[a, b]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [one, other] of pairLists(next[0].children, next[1].children)) {
      pairs.push({ a: one, b: other, fromA: -1, fromB: -1 });
      open.push([one, other]);
    }
  }
}

/** Children in the order of birth: the best alignment by labels; what is left over goes by label alone. */
function pairLists(a: readonly Traced[], b: readonly Traced[]): readonly [Traced, Traced][] {
  const [labelsA, labelsB] = [a.map(labelOf), b.map(labelOf)];
  const pairs: [Traced, Traced][] = [];
  const [usedA, usedB] = [new Set<number>(), new Set<number>()];
  const take = (i: number, j: number): void => {
    usedA.add(i);
    usedB.add(j);
    pairs.push([a[i] as Traced, b[j] as Traced]);
  };
  if (a.length * b.length <= MOST_CELLS) for (const [i, j] of best(labelsA, labelsB)) take(i, j);
  for (const least of [3, 2]) {
    for (const [i, label] of labelsA.entries()) {
      if (usedA.has(i)) continue;
      const j = labelsB.findIndex((other, at) => !usedB.has(at) && fit(label, other) >= least);
      if (j !== -1) take(i, j);
    }
  }
  return pairs;
}

function best(a: readonly Label[], b: readonly Label[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  const scores = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const fits = fit(a[i] as Label, b[j] as Label);
      const both = fits === 0 ? -1 : fits + (scores[(i + 1) * width + j + 1] as number);
      scores[i * width + j] = Math.max(
        both,
        scores[(i + 1) * width + j] as number,
        scores[i * width + j + 1] as number,
      );
    }
  }
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const here = scores[i * width + j] as number;
    const fits = fit(a[i] as Label, b[j] as Label);
    if (fits > 0 && here === fits + (scores[(i + 1) * width + j + 1] as number)) found.push([i++, j++]);
    else if (here === scores[(i + 1) * width + j]) i++;
    else j++;
  }
  return found;
}
