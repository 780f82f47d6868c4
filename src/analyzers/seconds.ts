/** What happened when: calls by the second in which they came back. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';
import { addCounts, countCall, emptyCounts, type Counts } from './counts.js';
import { WaitingTeller } from './waiting.js';

/** Counts by span of time: `width` seconds each, the first at `from` times `width` after midnight of the first day. */
export type TimeLine = {
  readonly width: number;
  readonly spans: ReadonlyMap<number, Counts>;
  /** Calls whose records tell no time. */
  readonly timeless: number;
};

/** Spans that are kept; where a log is longer, each becomes twice as long. */
export const SPANS_LIMIT = 4096;
const DAY = 86_400;

/** Counts by span, which become wider where there are too many: as wide as is needed, in whatever order they come. */
export class Spans {
  timeless = 0;
  width = 1;
  spans = new Map<number, Counts>();

  /** The span that a second lies in. */
  at(second: number): Counts {
    for (;;) {
      const key = Math.floor(second / this.width);
      const known = this.spans.get(key);
      if (known !== undefined) return known;
      if (this.spans.size < SPANS_LIMIT) {
        const span = emptyCounts();
        this.spans.set(key, span);
        return span;
      }
      this.widen(this.width * 2);
    }
  }

  widen(width: number): void {
    while (this.width < width) {
      this.width *= 2;
      const spans = new Map<number, Counts>();
      for (const [key, counts] of this.spans) {
        const sum = spans.get(Math.floor(key / 2));
        if (sum === undefined) spans.set(Math.floor(key / 2), counts);
        else addCounts(sum, counts);
      }
      this.spans = spans;
    }
  }

  /** Takes over the spans of another one, which is of no use then. */
  add(other: Spans): void {
    this.widen(other.width);
    other.widen(this.width);
    this.timeless += other.timeless;
    for (const [key, counts] of other.spans) {
      const sum = this.spans.get(key);
      if (sum === undefined) this.spans.set(key, counts);
      else addCounts(sum, counts);
    }
    while (this.spans.size > SPANS_LIMIT) this.widen(this.width * 2);
  }
}

class SourceTimeLine {
  readonly #teller = new WaitingTeller('call');
  readonly line = new Spans();
  #day = 0;
  #before = -1;

  see(batch: Parameters<NonNullable<Fold<unknown>['seeBatch']>>[0]): void {
    const { count, isExit, second } = batch;
    for (let row = 0; row < count; row++) {
      if (isExit[row] !== 1) continue;
      const at = second[row] as number;
      if (at === -1) {
        this.line.timeless++;
        continue;
      }
      // more than half a day back is the next day
      if (at < this.#before - DAY / 2) this.#day++;
      this.#before = at;
      countCall(this.line.at(this.#day * DAY + at), batch, row, this.#teller.waits(batch, row));
    }
  }
}

/** Reads trace records as columns, with their texts. */
export const seconds: Analyzer<TimeLine> = {
  name: 'seconds',
  reads: [],
  start(): Fold<TimeLine> {
    const whole = new Spans();
    const pending = new Map<SourceName, Spans>();
    let current = new SourceTimeLine();
    return {
      wantsTexts: true,
      sourceStarts() {
        current = new SourceTimeLine();
      },
      see(_event: LogEvent) {},
      seeBatch(batch) {
        current.see(batch);
      },
      sourceEnds(source, mayRepeat) {
        if (mayRepeat) pending.set(source, current.line);
        else whole.add(current.line);
      },
      finish(repeats) {
        for (const [source, one] of pending) if (!repeats.has(source)) whole.add(one);
        return { width: whole.width, spans: whole.spans, timeless: whole.timeless };
      },
    };
  },
};
