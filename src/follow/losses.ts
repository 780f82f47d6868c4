/** What could not be read, kept up with or done: told once for each reason, and counted. */
export class LossTeller {
  readonly #counts = new Map<string, { readonly source: string; readonly why: string; count: number; told: number }>();
  static readonly MOST = 1000;
  total = 0;

  tell(source: string, why: string, count: number): void {
    this.total += count;
    const key = `${source}\n${why}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += count;
    else if (this.#counts.size < LossTeller.MOST) this.#counts.set(key, { source, why, count, told: 0 });
  }

  /** What came since the last time: each reason at once when it is new, its growth only when all is `asked` for. */
  drain(all = false): readonly { readonly source: string; readonly why: string; readonly count: number }[] {
    const out: { source: string; why: string; count: number }[] = [];
    for (const one of this.#counts.values()) {
      if (one.count === one.told || (one.told > 0 && !all)) continue;
      out.push({ source: one.source, why: one.why, count: one.count - one.told });
      one.told = one.count;
    }
    return out;
  }
}
