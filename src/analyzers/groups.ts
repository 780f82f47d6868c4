/** Which processes of runsc belong to one life of one sandbox: the unit that a diagnosis is about. */
import { beginOf, endOf } from './clock.js';
import type { Run, Runs } from './runs.js';

/** One life of a sandbox, with all its containers, from its first command to its last. */
export type SandboxGroup = {
  /** Of the sandbox, which is that of its first container; null: the input names none. */
  readonly id: string | null;
  readonly containers: readonly string[];
  readonly runs: readonly Run[];
};

type Life = { readonly id: string; readonly begin: number; readonly runs: Run[] };

/** Commands that begin a life. */
export const BEGINNING = new Set(['create', 'run', 'do', 'restore']);

/** A stamp in a file's name, which the processes of one start share since 20240715. */
const STAMP = /\d{8}-\d{6}\.\d+/;
/** Processes of a start begin within this of the command that starts them, if their clocks agree. */
const NEAR = 5_000;
/** Clocks are read before records are written: so far a process may seem to begin before its parent. */
const SLACK = 1_000;

const stampOf = ({ source }: Run): string | undefined => STAMP.exec(source.slice(source.lastIndexOf('/') + 1))?.[0];

/** Processes in the order of their beginning; those without times stay where they were read. */
function inOrder(runs: readonly Run[]): readonly Run[] {
  return runs
    .map((run, index) => ({ run, index, begin: beginOf(run) }))
    .toSorted((a, b) =>
      a.begin === b.begin || Number.isNaN(a.begin) || Number.isNaN(b.begin) ? a.index - b.index : a.begin - b.begin,
    )
    .map(({ run }) => run);
}

/**
 * Is a life over when another command would begin one? An id is used again after delete, and after the command that began the life
 * has failed or, where that waits for the end (run, do), ended. A second log of one process begins before that.
 */
function isOver({ runs }: Life, next: Run): boolean {
  const [first] = runs;
  if (first === undefined || endOf(first) >= beginOf(next)) return false;
  if (runs.some((run) => run.command === 'delete' && run.fatal === 0)) return true;
  return BEGINNING.has(first.command ?? '') && (first.fatal > 0 || (first.command !== 'create' && first.exit !== null));
}

/** The lives of one container id. What is not a command that begins one belongs to the one before it. */
function livesOf(id: string, runs: readonly Run[]): readonly Life[] {
  const lives: Life[] = [];
  for (const run of inOrder(runs)) {
    const last = lives.at(-1);
    const isNew = last === undefined || (BEGINNING.has(run.command ?? '') && isOver(last, run));
    if (isNew) lives.push({ id, begin: beginOf(run), runs: [run] });
    else last.runs.push(run);
  }
  return lives;
}

/** The life that was going on at a time: the last to have begun. */
function lifeAt(lives: readonly Life[], at: number): Life | undefined {
  if (Number.isNaN(at)) return lives.at(-1);
  return (
    lives
      .filter(({ begin }) => !(begin > at + SLACK))
      .toSorted((a, b) => a.begin - b.begin)
      .at(-1) ?? lives[0]
  );
}

/** Lives by what the names and arguments of their processes hold. */
type Index = {
  readonly stamps: Map<string, Life[]>;
  readonly bundles: Map<string, Life[]>;
  readonly sources: Map<string, Life[]>;
};

function indexOf(lives: readonly Life[]): Index {
  const index: Index = { stamps: new Map(), bundles: new Map(), sources: new Map() };
  const put = (map: Map<string, Life[]>, key: string | null | undefined, life: Life): void => {
    if (key === null || key === undefined) return;
    const known = map.get(key);
    if (known === undefined) map.set(key, [life]);
    else if (known.at(-1) !== life) known.push(life);
  };
  for (const life of lives) {
    for (const run of life.runs) {
      put(index.stamps, stampOf(run), life);
      put(index.bundles, run.bundle, life);
      put(index.sources, run.source, life);
    }
  }
  return index;
}

/** The life that a process without an id belongs to: by the stamp of its file, by its bundle, by being the only one, by its time. */
function lifeOf(run: Run, lives: readonly Life[], { stamps, bundles, sources }: Index): Life | undefined {
  const at = beginOf(run);
  for (const candidates of [stamps.get(stampOf(run) ?? ''), bundles.get(run.bundle ?? '')]) {
    if (candidates !== undefined) return lifeAt(candidates, at);
  }
  const shared = sources.get(run.source) ?? [];
  if (shared.length === 1) return shared[0];
  if (lives.length === 1) return lives[0];
  const life = lifeAt(lives, at);
  return life !== undefined && Math.abs(at - life.begin) < NEAR ? life : undefined;
}

/** The sandbox that a container joins: as runsc says, or as the engine wrote into the annotations of its spec. */
function sandboxOf(run: Run): string | null {
  const { sandbox, spec } = run;
  return (
    sandbox ??
    spec?.annotations['io.kubernetes.cri.sandbox-id'] ??
    spec?.annotations['io.kubernetes.cri-o.SandboxID'] ??
    null
  );
}

/** Parts the processes of the input by the life of the sandbox that they belong to, the newest life first. */
export function sandboxGroups({ runs }: Pick<Runs, 'runs'>): readonly SandboxGroup[] {
  const byId = new Map<string, Run[]>();
  const nameless: Run[] = [];
  for (const run of runs) {
    if (run.container === null) nameless.push(run);
    else if (byId.has(run.container)) byId.get(run.container)?.push(run);
    else byId.set(run.container, [run]);
  }
  const lives = [...byId].flatMap(([id, own]) => livesOf(id, own));
  const parents = new Map<Life, Life>();
  for (const life of lives) {
    const sandbox = life.runs.map(sandboxOf).find((id) => id !== null && id !== life.id);
    const parent = lifeAt(
      lives.filter(({ id }) => id === sandbox),
      life.begin,
    );
    if (parent !== undefined) parents.set(life, parent);
  }
  const places = new Map(runs.map((run, place) => [run, place]));
  const groups = new Map<Life | undefined, Run[]>();
  const put = (life: Life | undefined, run: Run): void => {
    const own = life === undefined ? undefined : (parents.get(life) ?? life);
    const group = groups.get(own);
    if (group === undefined) groups.set(own, [run]);
    else group.push(run);
  };
  for (const life of lives) for (const run of life.runs) put(life, run);
  const index = indexOf(lives);
  for (const run of nameless) put(lifeOf(run, lives, index), run);
  return [...groups]
    .map(([life, own]) => ({
      id: life?.id ?? null,
      containers: [...new Set([life?.id ?? null, ...own.map(({ container }) => container)])].filter(
        (id) => id !== null,
      ),
      runs: own.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0)),
    }))
    .map((group) => ({ group, last: lastOf(group) }))
    .toSorted((a, b) => b.last - a.last)
    .map(({ group }) => group);
}

function lastOf({ runs }: SandboxGroup): number {
  return runs.reduce((latest, run) => Math.max(latest, Number.isNaN(endOf(run)) ? 0 : endOf(run)), 0);
}
