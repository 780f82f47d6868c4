/** Conditions on arguments: where they help, and never narrower than what was seen. */
import { optionNumber } from '../knowledge/option-names.js';
import type { SeccompArgument } from '../model/seccomp.js';

/** Several lists of conditions: one of them has to hold. Null: none can be given without refusing what was seen. */
export type Conditions = { readonly any: readonly (readonly SeccompArgument[])[]; readonly words: string } | null;

/** Source: Linux uapi/linux/sched.h; CLONE_NEWTIME shares its bit with the signal, which only clone has. */
const NAMESPACES: Readonly<Record<string, number>> = {
  CLONE_NEWNS: 0x00020000,
  CLONE_NEWCGROUP: 0x02000000,
  CLONE_NEWUTS: 0x04000000,
  CLONE_NEWIPC: 0x08000000,
  CLONE_NEWUSER: 0x10000000,
  CLONE_NEWPID: 0x20000000,
  CLONE_NEWNET: 0x40000000,
};

/** `clone` may make no namespaces but those that were seen. */
export function cloneConditions(flags: readonly string[]): Conditions {
  const seen = Object.keys(NAMESPACES).filter((flag) => flags.includes(flag));
  const mask = Object.entries(NAMESPACES)
    .filter(([flag]) => !seen.includes(flag))
    .reduce((bits, [, bit]) => bits + bit, 0);
  if (mask === 0) return null;
  return {
    any: [[{ index: 0, value: mask, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }]],
    words: seen.length === 0 ? 'no new namespaces' : `no new namespaces but ${seen.join(', ')}`,
  };
}

/** Source: Linux uapi/linux/personality.h */
const PERSONALITIES: Readonly<Record<string, number>> = {
  PER_LINUX: 0,
  PER_LINUX32: 8,
  UNAME26: 0x20000,
  ADDR_NO_RANDOMIZE: 0x40000,
  FDPIC_FUNCPTRS: 0x80000,
  MMAP_PAGE_ZERO: 0x100000,
  ADDR_COMPAT_LAYOUT: 0x200000,
  READ_IMPLIES_EXEC: 0x400000,
  ADDR_LIMIT_32BIT: 0x800000,
  SHORT_INODE: 0x1000000,
  WHOLE_SECONDS: 0x2000000,
  STICKY_TIMEOUTS: 0x4000000,
  ADDR_LIMIT_3GB: 0x8000000,
};

function personalityOf(text: string): number | undefined {
  let value = 0;
  for (const part of text.split('|')) {
    const one = PERSONALITIES[part] ?? (/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/.test(part) ? Number(part) : undefined);
    if (one === undefined) return undefined;
    value += one;
  }
  return value > 0xffffffff ? undefined : value;
}

const equal = (value: number): readonly SeccompArgument[] => [{ index: 0, value, op: 'SCMP_CMP_EQ' }];

function oneOf(values: readonly (number | undefined)[], name: string, shown: readonly string[]): Conditions {
  if (values.length === 0 || values.some((value) => value === undefined)) return null;
  return { any: [...new Set(values as readonly number[])].map(equal), words: `${name} ${shown.join(', ')}` };
}

/** `personality` may be asked for, or set to, what was seen. */
export function personalityConditions(values: readonly string[]): Conditions {
  return oneOf(values.map(personalityOf), 'only', values);
}

/** `socket` may have the families that were seen. */
export function socketConditions(families: readonly string[]): Conditions {
  const numbers = families.map((name) =>
    /^0x[0-9a-f]{1,4}$/.test(name) ? Number(name) : optionNumber('family', name),
  );
  return oneOf(numbers, 'only', families);
}
