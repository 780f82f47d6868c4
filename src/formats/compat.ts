/** What `compat` found, for a person: the verdict, what blocks, what goes another way, and the rest in a line each. */
import type { CompatReport, CompatUse } from '../model/compat.js';
import type { Exit } from '../model/report.js';
import { clockOf, count, labelled, plural, shortNames, wrap, type Screen, type Style } from './layout.js';
import { code, fenced, prose } from './markdown-text.js';
import { printable } from './printable.js';
import { readLine, readText } from './reading.js';
import { recordLines } from './record-text.js';
import { tableLines } from './table.js';

export type CompatView = { readonly verbose: boolean };

const STYLES: Readonly<Record<CompatReport['verdict'], Style>> = {
  blocked: 'bad',
  inconclusive: 'warn',
  ready: 'good',
  'ready-with-fallbacks': 'warn',
};
const COLUMN = 11;
const RECORD = { characters: 320, lines: 2 };
const NAMES_SHOWN = 12;

/** `io_uring_setup`, `ioctl FICLONE`, `/proc/PID/pagemap`; a number with the name that it has. */
export function useTitle({ syscall, of, option, printed }: CompatUse): string {
  if (option !== '') return of === 'file' ? option : `${of.replace(/^(?:netlink|inet)$/, 'socket')} ${option}`;
  return printed.length === 0 ? syscall : `${syscall} (${printed.join(', ')})`;
}

const exitText = (exit: Exit): string =>
  exit === null ? 'ended' : 'status' in exit ? `exited with ${exit.status}` : `was ended by ${exit.signal}`;

const errorsText = ({ errors }: CompatUse): string =>
  Object.entries(errors)
    .map(([name, times]) => (times === 1 ? name : `${name} ${count(times)} times`))
    .join(', ');

/** What the program did, or will do. */
export function outcomeText(use: CompatUse): string {
  switch (use.outcome) {
    case 'failed':
      return use.ended === null ? 'the program failed' : `${use.ended.program} ${exitText(use.ended.exit)}`;
    case 'will-fail':
      return 'used with success so far, and nothing is known to take its place';
    case 'fell-back':
      return `fell back on ${use.fallback ?? 'another call'}`;
    case 'will-fall-back':
      return `will fall back on ${use.fallback ?? 'another call'}`;
    case 'went-on':
      return 'went on without it';
    case 'will-go-on':
      if (use.support === 'unknown' && use.ok > 0) return 'not known';
      return use.ok === 0 && use.calls > 0 ? 'fails without gVisor, too' : 'will go on without it';
    case 'works':
      return use.ok === 0 && use.calls > 0 ? 'refused for a reason of its own' : 'works';
    default:
      return 'will work';
  }
}

const isWell = ({ outcome }: CompatUse): boolean => outcome === 'works' || outcome === 'will-work';
const isBlocking = ({ outcome }: CompatUse): boolean => outcome === 'failed' || outcome === 'will-fail';

export function formatCompat(report: CompatReport, screen: Screen, view: CompatView): string {
  const names = shortNames(report.reading.map(({ source }) => source));
  const lines = wrap(printable(headline(report)), screen.width);
  lines[0] = emphasised(lines[0] ?? '', report, screen);
  const blocking = report.uses.filter(isBlocking);
  const others = report.uses.filter((use) => !isBlocking(use) && !isWell(use));
  const told = view.verbose ? others : others.filter(({ harmless }) => !harmless);
  for (const use of blocking) lines.push('', ...useLines(use, names, screen, view));
  if (view.verbose) for (const use of told) lines.push('', ...useLines(use, names, screen, view));
  else if (told.length > 0) lines.push('', ...useTable(told, screen));
  lines.push('', ...restLines(report, others, screen, view));
  for (const note of report.notes) lines.push(...labelled('Note', printable(note), COLUMN, screen, 0));
  if (report.masked > 0)
    lines.push(...labelled('Masked', `${plural(report.masked, 'value')} (--no-redact shows them)`, COLUMN, screen, 0));
  lines.push(...readLine(report.reading, view.verbose ? '' : 'More: --verbose, --all, --json', screen));
  return `${lines.join('\n')}\n`;
}

/** `BLOCKED by 1 under release 20240729.0: io_uring_setup`. */
function headline({ headline: text, verdict }: CompatReport): string {
  const word = verdict === 'ready-with-fallbacks' ? 'ready with fallbacks' : verdict;
  return verdict !== 'inconclusive' && text.startsWith(word)
    ? word.toUpperCase() + text.slice(word.length)
    : `INCONCLUSIVE: ${text}`;
}

function emphasised(line: string, { verdict }: CompatReport, screen: Screen): string {
  const [, words = '', rest = ''] = /^([A-Z ]+?(?= [a-z]|:|$))(.*)$/.exec(line) ?? [];
  return words === '' ? line : screen.paint(STYLES[verdict], words) + rest;
}

function useLines(
  use: CompatUse,
  names: ReadonlyMap<string, string>,
  screen: Screen,
  { verbose }: CompatView,
): string[] {
  const title = printable(useTitle(use));
  const lines = [screen.paint(isBlocking(use) ? 'bad' : 'strong', title)];
  const say = (label: string, text: string): void => {
    lines.push(...labelled(label, printable(text), COLUMN, screen));
  };
  say('Support', `${use.support}${use.note === null ? '' : `: ${use.note}`}`);
  if (verbose && use.changes.length > 0)
    say('Changed', use.changes.map(({ release, support }) => `${release} ${support}`).join(', '));
  const times = plural(use.calls, 'call');
  say(
    'Seen',
    `${times}${use.ok === use.calls ? '' : `, ${use.ok} of them succeeded`}${errorsText(use) === '' ? '' : ` (${errorsText(use)})`}`,
  );
  if (use.programs.length > 0)
    say('By', use.programs.map(({ program, calls }) => `${program} (${count(calls)})`).join(', '));
  say('Outcome', outcomeText(use));
  for (const [index, text] of use.do.entries()) say(index === 0 ? 'Do' : '', text);
  for (const one of use.evidence.slice(0, verbose ? 4 : 3)) {
    const source = names.size > 1 ? `${names.get(one.source) ?? one.source}:` : '';
    const head = `    ${printable(source)}${one.line}  ${clockOf(one.time)}  `;
    for (const [at, line] of recordLines(one.text, RECORD).entries())
      for (const [part, text] of wrap(line, screen.width - 6, screen.width - (at === 0 ? head.length : 6)).entries())
        lines.push((at === 0 && part === 0 ? head + text : `      ${text}`).trimEnd());
  }
  return lines;
}

function useTable(uses: readonly CompatUse[], screen: Screen): readonly string[] {
  return tableLines(
    uses,
    [
      { head: 'call or option', left: true, cell: (use) => printable(useTitle(use)).slice(0, 40) },
      { head: 'support', left: true, cell: ({ support }) => support },
      { head: 'calls', cell: ({ calls }) => count(calls) },
      { head: 'errors', left: true, cell: (use) => Object.keys(use.errors).slice(0, 2).join(' ') },
      ...(uses.some(({ since }) => since !== null)
        ? [{ head: 'works since', left: true, cell: ({ since }: CompatUse) => since ?? '' }]
        : []),
      { head: 'what happens', left: true, cell: (use, room) => cut(printable(outcomeText(use)), room) },
    ],
    screen,
  );
}

const cut = (text: string, room: number): string =>
  text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;

/** What needs no paragraph: by name, in a line each. */
function restLines(
  report: CompatReport,
  others: readonly CompatUse[],
  screen: Screen,
  { verbose }: CompatView,
): string[] {
  const lines: string[] = [];
  const say = (label: string, uses: readonly CompatUse[], words: string): void => {
    if (uses.length === 0) return;
    const listed = uses.map(useTitle);
    const shown = verbose ? listed : listed.slice(0, NAMES_SHOWN);
    const more = listed.length - shown.length;
    lines.push(
      ...labelled(
        label,
        printable(`${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}: ${words}`),
        COLUMN,
        screen,
        0,
      ),
    );
  };
  if (!verbose) {
    const harmless = others.filter((use) => use.harmless);
    const isUnknown = ({ support }: CompatUse): boolean => support === 'unknown';
    const isOpen = (use: CompatUse): boolean => isUnknown(use) && use.ok > 0;
    say(
      'Harmless',
      harmless.filter((use) => !isUnknown(use)),
      'missing, and nobody misses it',
    );
    say(
      'Refused',
      harmless.filter((use) => isUnknown(use) && !isOpen(use)),
      'no table says whether it is there; the program went on',
    );
    say('Not known', harmless.filter(isOpen), 'no table says whether it is there');
  }
  const working = report.uses.filter(isWell);
  const noteless = working.filter(({ support }) => support === 'partial' || support === 'unknown');
  if (verbose)
    for (const use of noteless) {
      lines.push(
        ...labelled(
          'Partial',
          printable(`${useTitle(use)}: ${use.note ?? 'a part of it'}; ${outcomeText(use)}`),
          COLUMN,
          screen,
          0,
        ),
      );
    }
  else say('In part', noteless, 'supported in part, and enough so far (--verbose says what is missing)');
  const full = working.filter(({ support }) => support === 'full');
  if (full.length > 0) say('Full', full, 'fully supported');
  else if (report.counts.full > 0)
    lines.push(
      ...labelled(
        'Full',
        `${plural(report.counts.full, 'call or option', 'calls and options')} fully supported (--all lists them)`,
        COLUMN,
        screen,
        0,
      ),
    );
  return lines;
}

/** The same for an issue or a review. */
export function formatCompatMarkdown(report: CompatReport, view: CompatView): string {
  const names = shortNames(report.reading.map(({ source }) => source));
  const lines = [`### ${prose(headline(report))}`];
  const gaps = report.uses.filter((use) => !isWell(use) && (view.verbose || isBlocking(use) || !use.harmless));
  if (gaps.length > 0) {
    lines.push('', '| call or option | support | calls | errors | what happens |', '| --- | --- | ---: | --- | --- |');
    for (const use of gaps) {
      const happens = `${outcomeText(use)}${use.since === null ? '' : `; works since ${use.since}`}`;
      const support = `${use.support}${use.note === null ? '' : `: ${use.note}`}`;
      lines.push(
        `| ${code(useTitle(use))} | ${prose(support)} | ${count(use.calls)} | ${prose(errorsText(use))} | ${prose(happens)} |`,
      );
    }
  }
  for (const use of gaps.filter(isBlocking)) {
    lines.push('', `**${prose(useTitle(use))}**`, '', ...use.do.map((text, index) => `${index + 1}. ${prose(text)}`));
    for (const one of use.evidence.slice(0, 3))
      lines.push(
        '',
        `${code(`${names.get(one.source) ?? one.source}:${one.line}`)}`,
        '',
        ...fenced(recordLines(one.text, { characters: 1200, lines: 8 })),
      );
  }
  const partial = report.uses
    .filter((use) => isWell(use) && use.support === 'partial')
    .map((use) => code(useTitle(use)));
  lines.push('');
  if (partial.length > 0) lines.push(`- **Supported in part, and enough so far:** ${partial.join(', ')}`);
  lines.push(`- **Fully supported:** ${count(report.counts.full)}`);
  for (const note of report.notes) lines.push(`- **Note:** ${prose(note)}`);
  lines.push(`- **Read:** ${prose(readText(report.reading))}`);
  return `${lines.join('\n')}\n`;
}
