/**
 * Maps and sets of a process: made when something is put into them, since most stay empty, and shared with what it forks until one of
 * the two puts something in or takes something out.
 */

export class ForkedMap<K, V> {
  #map: Map<K, V> | undefined;
  #isShared = false;

  /** Holds `limit` keys at most; what comes after them is left out. */
  constructor(readonly limit: number) {}

  get size(): number {
    return this.#map?.size ?? 0;
  }

  get(key: K): V | undefined {
    return this.#map?.get(key);
  }

  has(key: K): boolean {
    return this.#map?.has(key) === true;
  }

  set(key: K, value: V): void {
    const map = this.#map;
    if (map === undefined || map.size < this.limit || map.has(key)) this.#own().set(key, value);
  }

  delete(key: K): void {
    if (this.has(key)) this.#own().delete(key);
  }

  clear(): void {
    this.#map = undefined;
    this.#isShared = false;
  }

  keys(): Iterable<K> {
    return this.#map?.keys() ?? [];
  }

  fork(): ForkedMap<K, V> {
    return new ForkedMap<K, V>(this.limit).take(this);
  }

  /** For one that is new: what another one holds. */
  protected take(other: ForkedMap<K, V>): this {
    this.#map = other.#map;
    this.#isShared = other.#isShared = other.#map !== undefined;
    return this;
  }

  #own(): Map<K, V> {
    const map = this.#map;
    if (map !== undefined && !this.#isShared) return map;
    this.#isShared = false;
    return (this.#map = new Map(map));
  }
}

export class ForkedSet<T> extends ForkedMap<T, true> {
  add(value: T): void {
    if (!this.has(value)) this.set(value, true);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.keys()[Symbol.iterator]();
  }

  override fork(): ForkedSet<T> {
    return new ForkedSet<T>(this.limit).take(this);
  }
}
