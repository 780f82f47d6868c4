/** The records of `follow`: one JSON value a line, told as it happens. */
import type { Evidence } from './finding.js';
import type { Reading } from './reading.js';
import type { DiagnoseReport, SummaryReport } from './report.js';
import type { ScanFinding } from './scan.js';

/** A sandbox: its id, or null where the logs name none. */
type SandboxName = string | null;

export const LIFE_STATES = ['created', 'booted', 'started', 'ended'] as const;
export type LifeState = (typeof LIFE_STATES)[number];

/** The last records of one task, oldest first. */
export type Recorded = {
  readonly task: { readonly tgid: number | null; readonly tid: number };
  readonly comm: string;
  readonly records: readonly Evidence[];
};

type FollowFields =
  | { readonly type: 'sandbox'; readonly sandbox: SandboxName; readonly state: LifeState; readonly detail: string }
  | {
      readonly type: 'verdict';
      readonly sandbox: SandboxName;
      readonly diagnosis: DiagnoseReport;
      /** False: later records may change it; then it is told again. */
      readonly final: boolean;
      /** Of a failure: the last records of the tasks that wrote last. */
      readonly recorder?: readonly Recorded[];
    }
  | {
      readonly type: 'finding';
      readonly sandbox: SandboxName;
      readonly finding: ScanFinding;
      /** Stays the same over restarts on the same bytes. */
      readonly id: string;
      /** `changed`: told before, and worse now. `explained`: told before, a part of `by`. `last`: told before, with its final count. */
      readonly what: 'new' | 'changed' | 'explained' | 'last';
      readonly by?: string;
    }
  | {
      readonly type: 'stuck';
      readonly sandbox: SandboxName;
      readonly task: { readonly tgid: number | null; readonly tid: number };
      readonly comm: string;
      readonly name: string;
      readonly args: string;
      /** When its call was read, wall clock. */
      readonly since: string;
      readonly evidence: Evidence;
    }
  | {
      readonly type: 'summary';
      readonly sandbox: SandboxName;
      readonly summary: SummaryReport;
      readonly seconds: number;
    }
  | { readonly type: 'loss'; readonly source: string; readonly why: string; readonly count: number }
  | { readonly type: 'end'; readonly reason: 'signal' | 'closed' | 'until'; readonly reading: readonly Reading[] };

/** What follow tells, before it has a time. */
export type Told = FollowFields;

/** `at`: ISO 8601, wall clock. */
export type FollowRecord = { readonly schema: 'runsight/follow@1'; readonly at: string } & FollowFields;
