/** What `compare` found, for an issue: the same in Markdown, in which nothing of a log can act. */
import type { CompareBatch, CompareReport, Difference } from '../model/compare.js';
import { HEADS, isTold, sideText, title } from './compare.js';
import { count } from './layout.js';
import { code, fenced, prose } from './markdown-text.js';
import { printable } from './printable.js';
import { readText } from './reading.js';

export function formatCompareMarkdown(report: CompareReport): string {
  const lines = [`**${HEADS[report.verdict]}**: ${prose(report.headline)}`, ''];
  lines.push('| side | |', '| --- | --- |');
  for (const [name, side] of [
    ['A', report.sides[0]],
    ['B', report.sides[1]],
  ] as const)
    lines.push(`| ${name} | ${prose(sideText(side))} |`);
  for (const one of report.differences.filter(isTold)) lines.push('', ...toldLines(one));
  const others = report.differences.filter((one) => !isTold(one));
  if (others.length > 0) {
    lines.push('', '| label | kind | difference | times | why |', '| --- | --- | --- | --- | --- |');
    for (const one of others)
      lines.push(`| ${one.label} | ${one.kind} | ${code(title(one))} | ${count(one.count)} | ${prose(one.why)} |`);
  }
  for (const note of report.notes) lines.push('', prose(note));
  lines.push('', `Read: ${prose(readText(report.reading))}`);
  return `${lines.join('\n')}\n`;
}

function toldLines(one: Difference): readonly string[] {
  const lines = [`### ${code(title(one))}`, '', `${prose(one.why)}.`];
  for (const remedy of one.remedy) lines.push(`- ${prose(remedy)}`);
  const records = [
    ...one.evidence_a.map((record) => `A ${record.source}:${record.line}  ${record.text}`),
    ...one.evidence_b.map((record) => `B ${record.source}:${record.line}  ${record.text}`),
  ].flatMap((text) => text.split('\n').map(printable));
  if (records.length > 0) lines.push('', ...fenced(records));
  return lines;
}

export function formatBatchMarkdown({ pairs, groups }: CompareBatch): string {
  const lines = ['| pairs | first difference | why |', '| --- | --- | --- |'];
  for (const { group, pairs: names, first } of groups)
    lines.push(`| ${count(names.length)} | ${code(group)} | ${prose(first.why)} |`);
  lines.push('', '| pair | verdict | first difference |', '| --- | --- | --- |');
  for (const { name, verdict, group, headline } of pairs)
    lines.push(`| ${code(name)} | ${verdict} | ${group === null ? prose(headline) : code(group)} |`);
  return `${lines.join('\n')}\n`;
}
