/** Go struct dumps: the hand reader and the chevrotain grammar, made of the same terminals, answer alike. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStructReader, readMount, readStruct, type GoValue } from '../../grammars/structs.js';

let readByGrammar: (text: string) => GoValue | undefined;
beforeAll(async () => {
  readByGrammar = await loadStructReader();
});

describe('readMount', () => {
  const volume = '/var/lib/docker/volumes/0123/_data';
  it.each([
    [`&{[ bind ${volume} [rbind]}`, '[', 'bind', volume, ['rbind']],
    [`&{] bind ${volume} [rbind]}`, ']', 'bind', volume, ['rbind']],
    [`&{["/data"] bind ${volume} [rbind] [] []}`, '["/data"]', 'bind', volume, ['rbind']],
    ['{/data bind /srv/app/data [rbind]}', '/data', 'bind', '/srv/app/data', ['rbind']],
    ['{/data bind /srv/app/data [rbind ro] [] []}', '/data', 'bind', '/srv/app/data', ['rbind', 'ro']],
    ['{/my data bind /srv/my data [rbind]}', '/my data', 'bind', '/srv/my data', ['rbind']],
    ['{/dev/shm tmpfs shm []}', '/dev/shm', 'tmpfs', 'shm', []],
    ['{/data  /srv [rbind]}', '/data', '', '/srv', ['rbind']],
    [
      '{Destination:/mnt Type:bind Source:/nonexistent/src Options:[rbind] UIDMappings:[] GIDMappings:[]}',
      '/mnt',
      'bind',
      '/nonexistent/src',
      ['rbind'],
    ],
    [
      '{Destination:/my mnt Type:bind Source:/with blank/src Options:[rbind rw]}',
      '/my mnt',
      'bind',
      '/with blank/src',
      ['rbind', 'rw'],
    ],
  ])('%s', (text, destination, type, source, options) => {
    expect(readMount(text)).toEqual({ destination, type, source, options });
  });

  it.each(['', '{', '{}', '{/data}', 'no struct', '{a b', '{a {b c}'])('says nothing of %j', (text) => {
    expect(readMount(text)).toBeUndefined();
  });
});

describe('the two readers agree', () => {
  it.each([
    '&{[ bind /v [rbind]}',
    '{A:1 B:{C:2 D:[x y]} E:[]}',
    '{Process:0xc000 Args:[a b] Env:[PATH=/bin:/sbin] Name:with blank Map:map[a:1 b:2]}',
    '{{{}} [[]] []}',
    '{a  b}',
    '{] [ }',
  ])('%s', (text) => {
    expect(readStruct(text)).toBeDefined();
    expect(readByGrammar(text)).toEqual(readStruct(text));
  });

  it('on everything that is made of their terminals', () => {
    const piece = fc.constantFrom('{', '&{', '}', '[', ']', ' ', 'word', 'Name:', 'Name:x', '&', '/a/b');
    const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (dump) => void expect(readByGrammar(dump)).toEqual(readStruct(dump))),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(text, (dump) => void expect(readByGrammar(`{${dump}}`)).toEqual(readStruct(`{${dump}}`))),
      { numRuns: 2000 },
    );
  });

  it('printing a value and reading it gives it back', () => {
    const word = fc.constantFrom('a', '/srv/data', '0xc000', 'x=y', '-1');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        word.map((text) => ({ kind: 'text', text })),
        tie('list'),
        tie('struct'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }).map((items) => ({ kind: 'list', items })),
      struct: fc
        .array(tie('value'), { minLength: 1, maxLength: 3 })
        .map((values) => ({ kind: 'struct', fields: values.map((one, index) => ({ name: `F${index}`, value: one })) })),
    }));
    const print = (one: GoValue): string => {
      if (one.kind === 'text') return one.text;
      if (one.kind === 'list') return `[${one.items.map(print).join(' ')}]`;
      return `{${one.fields.map((field) => `${field.name}:${print(field.value)}`).join(' ')}}`;
    };
    fc.assert(
      fc.property(value, (one) => {
        const wrapped: GoValue = { kind: 'struct', fields: [{ name: 'V', value: one as GoValue }] };
        expect(readStruct(print(wrapped))).toEqual(wrapped);
      }),
    );
  });

  it('depth and length are bounded', () => {
    const started = performance.now();
    for (const text of [
      '{'.repeat(60_000),
      `${'{'.repeat(30_000)}${'}'.repeat(30_000)}`,
      `{${'[ '.repeat(30_000)}}`,
      `${'['.repeat(30_000)}${'}'.repeat(30_000)}`,
    ])
      readStruct(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
