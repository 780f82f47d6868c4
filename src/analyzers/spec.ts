/** What a diagnosis asks of an OCI spec, in both shapes in which runsc prints one. */
import { readStruct, type GoValue } from '../../grammars/structs.js';

/** Longest spec that is parsed; a command line in it may be long, megabytes are not from a container. */
const SPEC_LIMIT = 2_000_000;

export type SpecMount = {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
};

export type SpecFacts = {
  readonly args: readonly string[];
  /** Only of specs that are printed as JSON: a Go struct does not tell where an entry ends. */
  readonly env: readonly string[];
  readonly cwd: string | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly root: string | null;
  readonly mounts: readonly SpecMount[];
  /** Namespace type → path (empty: a new one). */
  readonly namespaces: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Name → soft limit. */
  readonly rlimits: Readonly<Record<string, number>>;
  /** Effective capabilities, by name. */
  readonly capabilities: readonly string[];
};

const NOTHING: SpecFacts = {
  args: [],
  env: [],
  cwd: null,
  uid: null,
  gid: null,
  root: null,
  mounts: [],
  namespaces: {},
  annotations: {},
  rlimits: {},
  capabilities: [],
};

/** The facts after another record of a spec: one JSON document, or (until 2019-11) one Go struct a record. */
export function specAfter(before: SpecFacts | null, message: string): SpecFacts | null {
  return readJsonSpec(message) ?? readGoSpec(before ?? NOTHING, message) ?? before;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

function readJsonSpec(message: string): SpecFacts | undefined {
  const start = message.indexOf('{');
  if (start < 0 || message[start - 1] === '&' || message.length > SPEC_LIMIT) return undefined;
  let spec: unknown;
  try {
    spec = JSON.parse(message.slice(start));
  } catch {
    return undefined;
  }
  if (!isRecord(spec)) return undefined;
  const process = recordOf(spec['process']);
  const user = recordOf(process['user']);
  const root = recordOf(spec['root']);
  const namespaces = listOf(recordOf(spec['linux'])['namespaces']).filter(isRecord);
  const limits = listOf(process['rlimits']).filter(isRecord);
  return {
    args: listOf(process['args']).map(textOf),
    env: listOf(process['env']).map(textOf),
    cwd: typeof process['cwd'] === 'string' ? process['cwd'] : null,
    uid: numberOf(user['uid']),
    gid: numberOf(user['gid']),
    root: typeof root['path'] === 'string' ? root['path'] : null,
    mounts: listOf(spec['mounts'])
      .filter(isRecord)
      .map((mount) => ({
        destination: textOf(mount['destination']),
        type: textOf(mount['type']),
        source: textOf(mount['source']),
        options: listOf(mount['options']).map(textOf),
      })),
    namespaces: Object.fromEntries(namespaces.map((one) => [textOf(one['type']), textOf(one['path'])])),
    annotations: Object.fromEntries(
      Object.entries(recordOf(spec['annotations'])).map(([name, value]) => [name, textOf(value)]),
    ),
    rlimits: Object.fromEntries(limits.map((one) => [textOf(one['type']), numberOf(one['soft']) ?? 0])),
    capabilities: listOf(recordOf(process['capabilities'])['effective']).map(textOf),
  };
}

/** `Spec.Process: &{...}`, `Spec.Root: &{...}`: each part of the spec is a record of its own. */
const GO_PART = /^Spec(?:\.(\w+))?: ([&{[][\s\S]*)$/;

function readGoSpec(before: SpecFacts, message: string): SpecFacts | undefined {
  if (message.length > SPEC_LIMIT) return undefined;
  const [, part = '', text = ''] = GO_PART.exec(message) ?? [];
  if (text === '') return undefined;
  // Go prints arguments and environment without quotes: only what stands in front of them is sure to be read well
  if (part === 'Process') return { ...before, ...processOf(text) };
  const value = readStruct(text);
  if (value === undefined) return undefined;
  switch (part) {
    case 'Root':
      return { ...before, root: fieldText(value, 'Path') ?? before.root };
    case 'Mounts':
      return { ...before, mounts: itemsOf(value).map(mountOf) };
    case 'Linux':
      return {
        ...before,
        namespaces: Object.fromEntries(
          itemsOf(fieldOf(value, 'Namespaces')).map((one) => [
            fieldText(one, 'Type') ?? '',
            fieldText(one, 'Path') ?? '',
          ]),
        ),
      };
    default:
      return part === '' ? { ...before, mounts: itemsOf(fieldOf(value, 'Mounts')).map(mountOf) } : undefined;
  }
}

const ARGS = / Args:\[([\s\S]*?)\](?: CommandLine:[\s\S]*?)? Env:\[/;
const CWD = /\] Cwd:(\S*) Capabilities:/;
const USER = /User:\{UID:(\d+) GID:(\d+)/;
const LIMIT = /\{Type:(RLIMIT_\w+) Hard:\d+ Soft:(\d+)\}/g;

function processOf(text: string): Partial<SpecFacts> {
  const args = ARGS.exec(text)?.[1];
  const [, uid, gid] = USER.exec(text) ?? [];
  const cwd = CWD.exec(text)?.[1];
  return {
    ...(args === undefined || args === '' ? {} : { args: args.split(' ') }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined || gid === undefined ? {} : { uid: Number(uid), gid: Number(gid) }),
    rlimits: Object.fromEntries([...text.matchAll(LIMIT)].map(([, name = '', soft]) => [name, Number(soft)])),
  };
}

function fieldOf(value: GoValue | undefined, name: string): GoValue | undefined {
  return value?.kind === 'struct' ? value.fields.find((field) => field.name === name)?.value : undefined;
}
function fieldText(value: GoValue | undefined, name: string): string | undefined {
  const field = fieldOf(value, name);
  return field?.kind === 'text' ? field.text : undefined;
}
function itemsOf(value: GoValue | undefined): readonly GoValue[] {
  return value?.kind === 'list' ? value.items : [];
}
function mountOf(value: GoValue): SpecMount {
  return {
    destination: fieldText(value, 'Destination') ?? '',
    type: fieldText(value, 'Type') ?? '',
    source: fieldText(value, 'Source') ?? '',
    options: itemsOf(fieldOf(value, 'Options')).flatMap((one) => (one.kind === 'text' ? one.text.split(' ') : [])),
  };
}
