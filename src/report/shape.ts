/**
 * Reads values that somebody else wrote as what they should be: a reader gives a fresh value, of known fields alone, or says where
 * the value is not of its shape. Nothing of the input is kept, so that no name in it (`__proto__`) can act.
 */

/** A value that is not what it should be; `place` says where, from the document on. */
export class ShapeFault extends Error {
  override readonly name = 'ShapeFault';
  place = '';
}

export type Reader<T> = (value: unknown) => T;

function fault(wanted: string): never {
  throw new ShapeFault(`is no ${wanted}`);
}

/** Runs a reader; where that fails, the fault learns of one more step of its place. */
function within<T>(step: string | number, reader: Reader<T>, value: unknown): T {
  try {
    return reader(value);
  } catch (error) {
    if (error instanceof ShapeFault)
      error.place = `${typeof step === 'number' ? `[${step}]` : `.${step}`}${error.place}`;
    throw error;
  }
}

/** A whole number from 0 on that a double holds exactly. */
export const count: Reader<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fault('count');

/** Whole, and not above `most`. */
export const upTo =
  (most: number): Reader<number> =>
  (value) =>
    count(value) <= most ? (value as number) : fault(`number up to ${most}`);

/** More than any sum of times or bytes comes to: 30,000 years in nanoseconds. Far below what would become infinite by adding. */
const MOST_SUM = 1e21;

/** A sum: beyond 2^53 it is only near. */
export const sum: Reader<number> = (value) =>
  typeof value === 'number' && value >= 0 && value <= MOST_SUM ? value : fault('sum');

/** One that is a power of two, up to 2^`most`. */
export const powerOfTwo =
  (most: number): Reader<number> =>
  (value) => {
    const exponent = Math.log2(count(value));
    return Number.isInteger(exponent) && exponent <= most ? (value as number) : fault('power of two');
  };

/** An id of a task: 32 bits, with a sign. */
export const id: Reader<number> = (value) =>
  Number.isInteger(value) && Math.abs(value as number) < 2 ** 32 ? (value as number) : fault('id');

/** Any text: whoever shows it makes it harmless. */
export const text: Reader<string> = (value) => (typeof value === 'string' ? value : fault('text'));

/** Text of a known form. */
export const word =
  (pattern: RegExp, what: string): Reader<string> =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : fault(what);

export const oneOf =
  <const All extends readonly unknown[]>(...all: All): Reader<All[number]> =>
  (value) => {
    const found = all.indexOf(value);
    return found === -1 ? fault('known word') : all[found];
  };

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value) =>
    value === null ? null : reader(value);

export const list =
  <T>(reader: Reader<T>, most = Number.POSITIVE_INFINITY): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value)) return fault('list');
    if (value.length > most) throw new ShapeFault(`has more than ${most} entries`);
    return value.map((one, index) => within(index, reader, one));
  };

/** A list of so many values, each of its own shape. */
export const tuple =
  <const T extends readonly Reader<unknown>[]>(...readers: T): Reader<{ -readonly [K in keyof T]: ReturnType<T[K]> }> =>
  (value) => {
    if (!Array.isArray(value) || value.length !== readers.length) return fault(`list of ${readers.length}`);
    return readers.map((reader, index) => within(index, reader, value[index])) as {
      -readonly [K in keyof T]: ReturnType<T[K]>;
    };
  };

function fieldsOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : fault('object');
}

/** An object with names of a known form and values of one shape. */
export const mapOf =
  <T>(name: Reader<string>, reader: Reader<T>): Reader<Record<string, T>> =>
  (value) =>
    Object.fromEntries(
      Object.entries(fieldsOf(value)).map(([key, one]) => [within('(names)', name, key), within(key, reader, one)]),
    );

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Read<R extends Readers> = { [K in keyof R]: ReturnType<R[K]> };

/** An object with these fields; it may have others, which are not read. `maybe`: fields that it may lack. */
export const fields =
  <R extends Readers, M extends Readers = Record<never, never>>(
    readers: R,
    maybe?: M,
  ): Reader<Read<R> & Partial<Read<M>>> =>
  (value) => {
    const object = fieldsOf(value);
    const read: Record<string, unknown> = {};
    const take = (name: string, reader: Reader<unknown>): void => {
      read[name] = within(name, reader, Object.hasOwn(object, name) ? object[name as keyof typeof object] : undefined);
    };
    for (const name in readers) take(name, readers[name] as Reader<unknown>);
    for (const name in maybe) if (Object.hasOwn(object, name)) take(name, maybe[name] as Reader<unknown>);
    return read as Read<R> & Partial<Read<M>>;
  };
