/** What the rules about the program to start share: who was to start it, and what the sentry's loader noted on the way. */
import type { Failure } from '../analyzers/failures.js';
import type { Captures } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { ErrorGroup, Products } from './rule.js';
import { groupErrors } from './rule.js';

/** Errors of the loader with one of these texts at the end. */
export function loadErrors({ failures }: Products, errno: RegExp): readonly ErrorGroup[] {
  return groupErrors(
    failures,
    ({ known, captures }) => known === 'program-not-loaded' && errno.test(captures['errno'] ?? ''),
  );
}

/** Was it a second program (`runsc exec`, docker exec, kubectl exec)? Then the container itself is running. */
export function isExec(failure: Failure): boolean {
  return (failure.captures['wrappers'] ?? '').split(' ').includes('exec');
}

/** A record of the loader in a boot log. */
export type Hint = { readonly captures: Captures; readonly evidence: Evidence };

export function hintsOf({ sentences }: Products, id: string): readonly Hint[] {
  return sentences.get(id)?.first ?? [];
}

/** The loader's own record of the same path, which stands before the error and proves it. */
export function openingOf(products: Products, path: string): Hint | undefined {
  return hintsOf(products, 'program-not-opened').find((hint) => hint.captures['path'] === path);
}

/** Puts a hint behind the error that it supports. */
export function withHint(group: ErrorGroup, hint: Hint | undefined): ErrorGroup {
  if (hint === undefined) return group;
  const [first, ...rest] = group.evidence;
  return { ...group, evidence: [first, hint.evidence, ...rest] };
}

/**
 * What the program needs and the loader could not open: an ELF interpreter has a record of its own, that of a `#!` line looks like any
 * other program, and the program itself has none then.
 */
export function interpreterOf(products: Products, path: string): (Hint & { readonly sure: boolean }) | undefined {
  if (openingOf(products, path) !== undefined) return undefined;
  const [elf] = hintsOf(products, 'interpreter-not-opened');
  if (elf !== undefined) return { ...elf, sure: true };
  const other = hintsOf(products, 'program-not-opened').findLast(
    (hint) => hint.captures['path']?.startsWith('/') === true,
  );
  return other === undefined ? undefined : { ...other, sure: false };
}
