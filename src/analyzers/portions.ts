/** The part of every product that is about one life of one sandbox, so that it is judged by itself. */
import type { DiagnosisProducts } from './diagnosis.js';
import type { Failure, Heard } from './failures.js';
import { sandboxGroups, type SandboxGroup } from './groups.js';
import { tellingsPart } from './tellings.js';

export type Portion = { readonly group: SandboxGroup; readonly products: DiagnosisProducts };

/** Ids that are shorter may be part of any text. */
const TELLING_ID = 4;
/** What engines print of an id. */
const SHORT_ID = 12;

type Place = { readonly source: string; readonly pid: number | null };

/**
 * Parts the products, the newest sandbox first. What no process wrote (lines of engines and of the kernel) goes to the sandbox whose
 * container or process it names, else to the newest. With one sandbox all belongs to it.
 */
export function portionsOf(products: DiagnosisProducts): readonly Portion[] {
  const groups = sandboxGroups(products.runs);
  const [newest] = groups;
  if (newest === undefined || groups.length === 1) {
    return [{ group: newest ?? { id: null, containers: [], runs: [] }, products }];
  }
  const byProcess = new Map<string, SandboxGroup>();
  const bySource = new Map<string, Set<SandboxGroup>>();
  for (const group of groups) {
    for (const { source, pid } of group.runs) {
      byProcess.set(`${pid} ${source}`, group);
      const owners = bySource.get(source) ?? new Set();
      bySource.set(source, owners.add(group));
    }
  }
  const writerOf = ({ source, pid }: Place): SandboxGroup | undefined => {
    const owners = bySource.get(source);
    return owners?.size === 1 ? [...owners][0] : byProcess.get(`${pid} ${source}`);
  };
  const namedIn = (failure: Failure): SandboxGroup | undefined => groups.find((group) => isNamed(group, failure));
  let before: { readonly source: string; readonly group: SandboxGroup } | undefined;
  const ownerOf = (failure: Failure): SandboxGroup => {
    const { source } = failure.evidence;
    const own = writerOf({ source, pid: failure.pid });
    // in a file of many processes, a line without a header follows the record that it is about
    const near = before?.source === source ? before.group : undefined;
    const group = own ?? namedIn(failure) ?? near ?? newest;
    if (own !== undefined) before = { source, group };
    return group;
  };
  const failures = new Map<SandboxGroup, Failure[]>(groups.map((group) => [group, []]));
  for (const failure of products.failures.failures) failures.get(ownerOf(failure))?.push(failure);

  const ownersOf = (source: string): Iterable<SandboxGroup> => bySource.get(source) ?? [newest];
  const sentences = new Map<SandboxGroup, Map<string, Heard>>(groups.map((group) => [group, new Map()]));
  for (const [id, heard] of products.sentences) {
    const parts = new Map<
      SandboxGroup,
      { count: number; first: Heard['first'][number][]; by: Heard['by'][number][] }
    >();
    const partOf = (place: Place): { count: number; first: Heard['first'][number][]; by: Heard['by'][number][] } => {
      const group = writerOf(place) ?? newest;
      const part = parts.get(group) ?? { count: 0, first: [], by: [] };
      parts.set(group, part);
      return part;
    };
    for (const one of heard.by) {
      const part = partOf(one);
      part.count += one.count;
      part.by.push(one);
    }
    for (const one of heard.first) partOf({ source: one.evidence.source, pid: one.pid }).first.push(one);
    for (const [group, part] of parts) sentences.get(group)?.set(id, part);
  }
  const bySandbox = <T>(product: ReadonlyMap<string, T>): ReadonlyMap<SandboxGroup, Map<string, T>> => {
    const parts = new Map<SandboxGroup, Map<string, T>>(groups.map((group) => [group, new Map<string, T>()]));
    for (const [source, value] of product) for (const group of ownersOf(source)) parts.get(group)?.set(source, value);
    return parts;
  };
  const forgeries = bySandbox(products.forgeries);
  const faults = bySandbox(products.faults);
  const calls = bySandbox(products.calls);
  const waits = bySandbox(products.waits);
  const refusals = bySandbox(products.refusals);
  const tellerOf = (one: Pick<Failure, 'evidence' | 'captures'>): SandboxGroup => {
    const owners = bySource.get(one.evidence.source);
    return (owners?.size === 1 ? [...owners][0] : groups.find((group) => isNamed(group, one))) ?? newest;
  };
  return groups.map((group) => ({
    group,
    products: {
      ...products,
      tellings: tellingsPart(products.tellings, (one) => tellerOf(one) === group),
      runs: { ...products.runs, runs: group.runs },
      failures: { ...products.failures, failures: failures.get(group) ?? [] },
      sentences: sentences.get(group) ?? new Map(),
      forgeries: forgeries.get(group) ?? new Map(),
      faults: faults.get(group) ?? new Map(),
      calls: calls.get(group) ?? new Map(),
      waits: waits.get(group) ?? new Map(),
      refusals: refusals.get(group) ?? new Map(),
    },
  }));
}

/** Does a record name a container of the group, whole or as engines shorten it, or the pid of one of its processes? */
function isNamed(
  { containers, runs }: SandboxGroup,
  { evidence, captures }: Pick<Failure, 'evidence' | 'captures'>,
): boolean {
  const isSaid = (id: string): boolean =>
    id.length >= TELLING_ID && evidence.text.includes(id.length > 2 * SHORT_ID ? id.slice(0, SHORT_ID) : id);
  const pid = Number(captures['pid'] ?? 0);
  return containers.some(isSaid) || (pid > 1 && runs.some((run) => run.pid === pid));
}
