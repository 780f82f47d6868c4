/** The properties catch what they are there for: each seeded fault fails at least one of them, and no sound reader does. */
import * as chevrotain from 'chevrotain';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileGrammar } from '../../grammars/compile.js';
import { nanosOfDuration } from '../../grammars/syscall.js';
import { headerEnd } from '../../src/input/header.js';
import { headersAgree, plainRowsAreTaken, rowsAgree, scanning } from '../events/agreement.js';
import { durationsAreExact, readersAgree, readsWhatWasWritten } from './agreement.js';
import { DURATION_FAULTS, HEADER_FAULTS, READER_FAULTS, ROW_FAULTS } from './faults.js';

// That there is a counterexample is all that is asked here: none is made smaller.
const before = fc.readConfigureGlobal();
beforeAll(() => fc.configureGlobal({ ...before, endOnFailure: true }));
afterAll(() => fc.configureGlobal(before));

function isCaught(property: () => unknown): boolean {
  try {
    property();
    return false;
  } catch (error) {
    // A fault that the harness stumbles over would prove nothing.
    if (!/Property failed/.test(String(error))) throw error;
    return true;
  }
}

it('are many', () => {
  expect(READER_FAULTS.length).toBeGreaterThanOrEqual(10);
  expect(ROW_FAULTS.length).toBeGreaterThanOrEqual(10);
});

describe('of the string readers', () => {
  it.each(READER_FAULTS.map(({ fault, rule, fast }) => [`${rule.name}: ${fault}`, rule, fast] as const))(
    'agreement catches that %s',
    (_, rule, fast) => {
      const grammar = compileGrammar(rule, chevrotain);
      expect(isCaught(() => readersAgree({ rule, fast, grammar }, 1500))).toBe(true);
    },
  );
  it('what was written catches some of them, too', () => {
    const caught = READER_FAULTS.filter(({ rule, fast }) => isCaught(() => readsWhatWasWritten(rule, fast)));
    expect(caught.length).toBeGreaterThan(3);
  });
});

describe('of durations', () => {
  it.each(DURATION_FAULTS.map(({ fault, read }) => [fault, read] as const))('exactness catches %s', (_, read) => {
    expect(isCaught(() => durationsAreExact(read))).toBe(true);
    expect(isCaught(() => durationsAreExact(nanosOfDuration, 50))).toBe(false);
  });
});

describe('of the header', () => {
  it.each(HEADER_FAULTS.map(({ fault, read }) => [fault, read] as const))('agreement catches that %s', (_, read) => {
    expect(isCaught(() => headersAgree(read))).toBe(true);
    expect(isCaught(() => headersAgree(headerEnd, 50))).toBe(false);
  });
});

describe('of the scanner', () => {
  it.each(ROW_FAULTS.map(({ fault, make }) => [fault, make] as const))('agreement catches that %s', (_, make) => {
    expect(isCaught(() => rowsAgree(make, 10_000))).toBe(true);
  });
  it('a scanner that refuses everything is caught', () => {
    expect(isCaught(() => plainRowsAreTaken(() => () => undefined))).toBe(true);
    expect(isCaught(() => plainRowsAreTaken(scanning, 50))).toBe(false);
  });
});
