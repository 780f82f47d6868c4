/** Keys that were met, the latest of them: a set of bounded size. */
export class KeySet {
  readonly #keys = new Set<string>();
  /** Grows with every new key. */
  version = 0;

  constructor(readonly most: number) {}

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Is the key met for the first time? From now on it is not; and it is among the latest. */
  isNew(key: string): boolean {
    const isOld = this.#keys.delete(key);
    this.#keys.add(key);
    if (isOld) return false;
    this.version++;
    if (this.#keys.size > this.most) this.#keys.delete(this.#keys.values().next().value as string);
    return true;
  }

  /** The oldest first. */
  values(): readonly string[] {
    return [...this.#keys];
  }
}
