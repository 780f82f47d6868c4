/** What a process shares with what it forks: each sees its own changes alone. */
import { describe, expect, it } from 'vitest';
import { ForkedMap, ForkedSet } from '../../src/anomaly/forked.js';

const all = <T>(set: ForkedSet<T>): T[] => [...set];

describe('a set', () => {
  it('goes its own way after a fork, on both sides', () => {
    const parent = new ForkedSet<number>(10);
    parent.add(1);
    const child = parent.fork();
    parent.add(2);
    child.delete(1);
    child.add(3);
    const grandchild = child.fork();
    grandchild.clear();
    grandchild.add(4);
    expect([all(parent), all(child), all(grandchild)]).toEqual([[1, 2], [3], [4]]);
  });
  it('holds no more than its limit, also after a fork', () => {
    const parent = new ForkedSet<number>(2);
    for (const value of [1, 2, 3, 1]) parent.add(value);
    const child = parent.fork();
    child.add(4);
    expect([all(parent), all(child), child.has(4)]).toEqual([[1, 2], [1, 2], false]);
    child.delete(1);
    child.add(4);
    expect([all(parent), all(child)]).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });
  it('is empty until something is in it', () => {
    const set = new ForkedSet<number>(2);
    const copy = set.fork();
    expect([all(set), set.size, set.has(1)]).toEqual([[], 0, false]);
    set.add(1);
    expect([copy.size, all(copy)]).toEqual([0, []]);
  });
});

describe('a map', () => {
  it('changes what it holds where it is full, and takes nothing more', () => {
    const map = new ForkedMap<string, number>(1);
    map.set('a', 1);
    map.set('a', 2);
    map.set('b', 3);
    expect([map.get('a'), map.get('b'), map.size]).toEqual([2, undefined, 1]);
  });
  it('changes a value on one side of a fork', () => {
    const parent = new ForkedMap<string, number>(4);
    parent.set('a', 1);
    const child = parent.fork();
    child.set('a', 2);
    expect([parent.get('a'), child.get('a')]).toEqual([1, 2]);
  });
});
