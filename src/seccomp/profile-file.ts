/** A profile that somebody else wrote, for the runtime or for Docker: read with care, joined to another, and asked what it allows. */
import { DEFAULT_CAPABILITIES } from '../knowledge/docker-seccomp.js';
import type { SeccompProfile, SeccompRule } from '../model/seccomp.js';

/** A rule as the file has it, with the fields that only Docker knows. */
export type ForeignRule = SeccompRule & {
  readonly includes?: { readonly caps?: readonly string[]; readonly arches?: readonly string[] };
  readonly excludes?: { readonly caps?: readonly string[]; readonly arches?: readonly string[] };
};
/** The whole file: fields that are not known here are kept. */
export type ForeignProfile = Omit<SeccompProfile, 'syscalls'> & { readonly syscalls: readonly ForeignRule[] };

const BYTES_LIMIT = 4 * 1024 * 1024;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/.test(one));
const ACTION = /^SCMP_ACT_[A-Z_]{1,32}$/;

/** The profile, or what is wrong with the text. */
export function readProfile(text: string): ForeignProfile | string {
  if (text.length > BYTES_LIMIT) return 'it is larger than 4 MB';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is no JSON (${(error as Error).message.slice(0, 80)})`;
  }
  if (!isObject(value)) return 'it is no object';
  // A whole config.json holds its profile within.
  const linux = value['linux'];
  const inside = isObject(linux) && isObject(linux['seccomp']) ? linux['seccomp'] : value;
  const { defaultAction, syscalls } = inside;
  if (typeof defaultAction !== 'string' || !ACTION.test(defaultAction))
    return 'it has no "defaultAction" (SCMP_ACT_...)';
  if (!Array.isArray(syscalls)) return 'it has no list "syscalls"';
  const rules: ForeignRule[] = [];
  for (const [index, rule] of syscalls.entries()) {
    const where = `syscalls[${index}]`;
    if (!isObject(rule)) return `${where} is no object`;
    // Docker took a single `name` until 2018.
    const names = rule['names'] ?? (typeof rule['name'] === 'string' ? [rule['name']] : undefined);
    if (!isNames(names)) return `${where} has no list "names" of calls`;
    if (typeof rule['action'] !== 'string' || !ACTION.test(rule['action']))
      return `${where} has no "action" (SCMP_ACT_...)`;
    const fault = faultOf(rule, where);
    if (fault !== undefined) return fault;
    const { name: _, ...kept } = rule;
    rules.push({ ...kept, names } as unknown as ForeignRule);
  }
  return { ...inside, syscalls: rules } as unknown as ForeignProfile;
}

function faultOf(rule: Record<string, unknown>, where: string): string | undefined {
  const { args } = rule;
  if (args !== undefined && args !== null) {
    if (!Array.isArray(args)) return `${where} has "args" that are no list`;
    for (const one of args)
      if (
        !isObject(one) ||
        typeof one['index'] !== 'number' ||
        typeof one['value'] !== 'number' ||
        typeof one['op'] !== 'string'
      )
        return `${where} has a condition without "index", "value" and "op"`;
  }
  for (const field of ['includes', 'excludes']) {
    const list = rule[field];
    if (list !== undefined && list !== null && !isObject(list)) return `${where} has "${field}" that are no object`;
  }
  return undefined;
}

const ALLOWS = new Set(['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE']);
export const isAllowing = ({ action }: Pick<SeccompRule, 'action'>): boolean => ALLOWS.has(action);
const hasConditions = ({ args }: SeccompRule): boolean => args !== undefined && args !== null && args.length > 0;

/** Does a rule of Docker's hold for a container with its usual capabilities? */
function holds({ includes, excludes }: ForeignRule, architecture: 'amd64' | 'arm64'): boolean {
  const has = (caps: readonly string[] | undefined): boolean =>
    (caps ?? []).some((cap) => DEFAULT_CAPABILITIES.has(cap.replace(/^CAP_/, '')));
  if (includes?.caps !== undefined && includes.caps.length > 0 && !has(includes.caps)) return false;
  if (includes?.arches !== undefined && includes.arches.length > 0 && !includes.arches.includes(architecture))
    return false;
  return !has(excludes?.caps) && excludes?.arches?.includes(architecture) !== true;
}

/** What a profile allows, by name: without conditions, or with some. */
export function allowedBy(
  profile: ForeignProfile,
  architecture: 'amd64' | 'arm64',
  names: ReadonlySet<string>,
): { readonly always: ReadonlySet<string>; readonly sometimes: ReadonlySet<string> } {
  const always = new Set<string>();
  const sometimes = new Set<string>();
  if (ALLOWS.has(profile.defaultAction)) {
    for (const name of names) always.add(name);
    for (const rule of profile.syscalls)
      if (!isAllowing(rule) && !hasConditions(rule) && holds(rule, architecture))
        for (const name of rule.names) always.delete(name);
    return { always, sometimes };
  }
  for (const rule of profile.syscalls) {
    if (!isAllowing(rule) || !holds(rule, architecture)) continue;
    for (const name of rule.names) (hasConditions(rule) ? sometimes : always).add(name);
  }
  for (const name of always) sometimes.delete(name);
  return { always, sometimes };
}

/**
 * Adds a profile to another one: what either allows is allowed. Fields and rules of the other stay as they are, but for those that
 * refuse what is needed here.
 */
export function mergeProfiles(
  base: ForeignProfile,
  added: SeccompProfile,
  architecture: 'amd64' | 'arm64',
): ForeignProfile {
  const allowed = new Set(added.syscalls.filter(isAllowing).flatMap(({ names }) => names));
  const there = allowedBy(base, architecture, new Set());
  const kept = base.syscalls
    .map((rule) => (isAllowing(rule) ? rule : { ...rule, names: rule.names.filter((name) => !allowed.has(name)) }))
    .filter(({ names }) => names.length > 0);
  const refused = new Set(kept.filter((rule) => !isAllowing(rule)).flatMap(({ names }) => names));
  const isThere = (rule: SeccompRule, name: string): boolean =>
    kept.some(
      (one) => isAllowing(one) && one.names.includes(name) && JSON.stringify(one.args) === JSON.stringify(rule.args),
    );
  const news = added.syscalls
    .map((rule) => ({
      ...rule,
      names: rule.names.filter((name) =>
        isAllowing(rule)
          ? !there.always.has(name) && !isThere(rule, name)
          : !there.always.has(name) && !there.sometimes.has(name) && !refused.has(name),
      ),
    }))
    .filter(({ names }) => names.length > 0);
  const { architectures, ...rest } = base;
  const missing = (added.architectures ?? []).filter((one) => architectures?.includes(one) !== true);
  // Docker's `archMap` names them in another way, and takes only one of the two.
  const listed = 'archMap' in base ? {} : { architectures: [...(architectures ?? []), ...missing] };
  return { ...rest, ...listed, syscalls: [...kept, ...news] };
}
