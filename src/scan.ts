/** What is abnormal in one or many sources, as a value: the rules that are built in, and others. */
import { anomaliesOf, type Anomalies } from './anomaly/anomalies.js';
import { readExceptions, type Exception } from './anomaly/exceptions.js';
import type { Baseline } from './anomaly/baseline.js';
import { ruleFileOf } from './anomaly/prepared.js';
import { makeRuleBook, type RuleBook } from './anomaly/rule-book.js';
import { readRuleFile, type RuleFault, type RuleFile } from './anomaly/rule-file.js';
import { UserError } from './errors.js';
import type { Severity } from './model/finding.js';
import type { Redaction } from './model/report.js';
import type { Analyzer } from './model/analyzer.js';
import type { LiveFinding, ScanReport } from './model/scan.js';
import { nearest } from './nearest.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleScan, liveFindings } from './report/scan.js';
import builtIn from './rules/anomaly/folder.rules';

/** A rule file: its name, for errors, and its text. */
export type RuleSource = { readonly name: string; readonly text: string };

export type ScanOptions = ReadOptions & {
  /** More rules; a rule with the id of a built-in one takes its place. */
  readonly rules?: readonly RuleSource[];
  /** Leave the built-in rules out (their lists and macros can still be used). */
  readonly onlyOwn?: boolean;
  readonly disable?: readonly string[];
  readonly only?: readonly string[];
  readonly minSeverity?: Severity;
  readonly redact?: boolean | Redaction;
  /** What is known and allowed: the text of an exceptions file. */
  readonly exceptions?: RuleSource;
  /** What good runs do: what goes beyond it is told, what is in it is no finding. */
  readonly baseline?: Baseline;
  /** Measure what each rule costs. */
  readonly costs?: boolean;
};

/** The rule files that are built in, as texts. */
export async function builtInSources(): Promise<readonly RuleSource[]> {
  const texts = (await import('./rules/anomaly/tested.rules')).default;
  return Object.entries(texts).map(([name, text]) => ({ name, text }));
}

/** The same as they are read: names, lists, conditions. Their tests are half of them, and nobody scans with tests. */
export async function readBuiltInRules(withTests = false): Promise<readonly RuleFile[]> {
  if (!withTests) return builtIn.map(ruleFileOf);
  const faults: RuleFault[] = [];
  const files: RuleFile[] = [];
  for (const { name, text } of await builtInSources()) files.push(await readRuleFile(name, text, faults, nearest));
  failOn(faults);
  return files;
}

/** Throws all that is wrong at once. */
export function failOn(faults: readonly RuleFault[], [one, many] = ['a rule file has', 'rule files have']): void {
  if (faults.length === 0) return;
  const told = faults.map(
    ({ file, line, column, message, detail }) =>
      `${file}:${line}:${column}: ${message}${detail === undefined ? '' : `\n${detail}`}`,
  );
  throw new UserError(
    `${faults.length === 1 ? `${one} an error` : `${many} ${faults.length} errors`}\n${told.join('\n')}`,
  );
}

/** Rule files made ready. Throws a UserError that tells every fault. */
export async function loadRules(
  options: Pick<ScanOptions, 'rules' | 'onlyOwn' | 'disable' | 'only'> & { readonly withTests?: boolean } = {},
): Promise<RuleBook> {
  const faults: RuleFault[] = [];
  const own: RuleFile[] = [];
  for (const { name, text } of options.rules ?? []) own.push(await readRuleFile(name, text, faults, nearest));
  const replaced = new Set(own.flatMap((file) => file.rules.map(({ id }) => id)));
  const shipped = (await readBuiltInRules(options.withTests)).map((file) => ({
    ...file,
    isShipped: true as const,
    rules: options.onlyOwn === true ? [] : file.rules.filter(({ id }) => !replaced.has(id)),
  }));
  const files = [...shipped, ...own];
  const known = files.flatMap((file) => file.rules.map(({ id }) => id));
  for (const id of [...(options.disable ?? []), ...(options.only ?? [])]) {
    if (known.includes(id)) continue;
    const [near] = nearest(id, known);
    throw new UserError(`there is no rule "${id}"`, {
      suggestions: [near === undefined ? 'runsight rules list names them' : `did you mean "${near}"?`],
    });
  }
  const wanted = (id: string): boolean =>
    options.disable?.includes(id) !== true &&
    (options.only === undefined || options.only.length === 0 || options.only.includes(id));
  const kept = new Set(known.filter(wanted));
  if (kept.size === 0 && known.length > 0) {
    throw new UserError('no rule is left to ask', {
      suggestions: ['--disable names all that --only names: leave one of them out'],
    });
  }
  const book = await makeRuleBook(
    files.map((file) => ({
      ...file,
      rules: file.rules
        .filter(({ id }) => kept.has(id))
        .map((rule) => {
          const isThere = (id: string): boolean => kept.has(id) || !known.includes(id);
          return { ...rule, explains: rule.explains.filter(isThere), includes: rule.includes.filter(isThere) };
        }),
    })),
    faults,
    nearest,
  );
  failOn(faults);
  return book;
}

/** Reads the sources and says what is abnormal. What could not be read is in `problems`. */
export async function scan(
  input: Input,
  options: ScanOptions = {},
): Promise<{ readonly report: ScanReport; readonly problems: readonly InputProblem[] }> {
  const book = await loadRules(options);
  const { valid, expired } = await exceptionsOf(options.exceptions, book, options.now ?? new Date());
  const analyzers = {
    anomalies: anomaliesOf(book, {
      measure: options.costs === true,
      exceptions: valid,
      facts: options.baseline !== undefined,
      ...(options.where === undefined ? {} : { where: options.where }),
    }),
  };
  const { products, readings, problems } = await analyze(input, analyzers, options);
  const { redact = true } = options;
  const report = assembleScan(products.anomalies, book, readings, {
    redaction: redactionOf(redact),
    costs: options.costs === true,
    excepted: valid
      .filter(({ count, severity }) => count > 0 && severity === undefined)
      .map(({ rules, count, reason, until }) => ({ rule: rules.join(', ') || '*', count, reason, until })),
    notes: [
      ...expired.map(
        ({ rules, reason, until }) =>
          `the exception for ${rules.join(', ') || 'all rules'} ended on ${until} and is not used: ${reason}`,
      ),
      ...valid
        .filter(({ count, severity }) => count > 0 && severity !== undefined)
        .map(
          ({ rules, reason, severity }) =>
            `by an exception ${rules.join(', ') || 'every rule'} is of severity ${severity}: ${reason}`,
        ),
    ],
    ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
    ...(options.minSeverity === undefined ? {} : { minSeverity: options.minSeverity }),
  });
  return { report, problems };
}

export type LiveScanOptions = {
  readonly exceptions?: readonly Exception[];
  readonly minSeverity?: Severity;
  readonly redact?: boolean | Redaction;
};

/** A scan of one log while it grows. */
export type LiveScan = {
  /** Its `start()` gives the fold of this scan, which is fed like every other. */
  readonly analyzer: Analyzer<Anomalies>;
  /**
   * What is to be told since the last call. What another rule may still explain is kept back for a second of the log's own time,
   * unless `isSettled`: the log has been idle for a while, or has ended.
   */
  readonly drain: (isSettled?: boolean) => readonly LiveFinding[];
  /** What had to be let go at a bound, by name. */
  readonly dropped: () => Readonly<Record<string, number>>;
};

/** Begins to scan a log that grows. One rule book serves any number of logs. */
export function startLiveScan(book: RuleBook, options: LiveScanOptions = {}): LiveScan {
  const { redact = true, exceptions, minSeverity = 'info' } = options;
  const analyzer = anomaliesOf(book, { tellsFrom: minSeverity, ...(exceptions === undefined ? {} : { exceptions }) });
  const fold = analyzer.start();
  return {
    analyzer: { ...analyzer, start: () => fold },
    drain: (isSettled = true) => liveFindings(fold.drain(isSettled), redactionOf(redact)),
    dropped: () => fold.dropped(),
  };
}

/** Loads the rules once, for any number of logs that grow. */
export async function liveScans(
  options: Pick<ScanOptions, 'rules' | 'exceptions' | 'minSeverity' | 'redact' | 'disable' | 'only'> = {},
): Promise<() => LiveScan> {
  const book = await loadRules(options);
  const { valid } = await exceptionsOf(options.exceptions, book, new Date());
  const { minSeverity, redact } = options;
  const asked = {
    exceptions: valid,
    ...(minSeverity === undefined ? {} : { minSeverity }),
    ...(redact === undefined ? {} : { redact }),
  };
  return () => startLiveScan(book, asked);
}

const redactionOf = (redact: boolean | Redaction): Redaction =>
  typeof redact === 'string' ? redact : redact ? 'secrets' : 'none';

async function exceptionsOf(
  source: RuleSource | undefined,
  book: RuleBook,
  now: Date,
): Promise<{ readonly valid: readonly Exception[]; readonly expired: readonly Exception[] }> {
  if (source === undefined) return { valid: [], expired: [] };
  const faults: RuleFault[] = [];
  const all = await readExceptions(source.name, source.text, book, faults, nearest);
  failOn(faults, ['the exceptions file has', 'the exceptions file has']);
  const today = now.toISOString().slice(0, 10);
  const isOver = ({ until }: Exception): boolean => until !== null && until < today;
  return { valid: all.filter((one) => !isOver(one)), expired: all.filter(isOver) };
}
