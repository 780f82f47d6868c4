/** `runsight rules`: the list, the pages, and that each example on a page is what its rule fires on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RULE_PAGES } from '../../src/knowledge/rule-pages.js';
import type { RulesReport } from '../../src/model/rule-page.js';
import { nearest } from '../../src/nearest.js';
import { DIAGNOSIS_RULES } from '../../src/rules/index.js';
import { readBuiltInRules } from '../../src/scan.js';
import { documentOf, runsight } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'rule-pages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const IDS = DIAGNOSIS_RULES.map(({ id }) => id);
const ANOMALIES = (await readBuiltInRules(true)).flatMap(({ rules }) => rules);
const ALL = [...IDS, ...ANOMALIES.map(({ id }) => id)].toSorted();

describe('rules list', () => {
  it('names every rule once, at 80 columns, without colour', async () => {
    const { code, stdout, stderr } = await runsight(['rules', 'list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = [...stdout.matchAll(/^ {2}([a-z0-9-]+) +(critical|high|medium|low|info) +(\S.*)$/gm)];
    expect(rows.map(([, id]) => id).toSorted()).toEqual(ALL);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toMatch(/^ {2}start-echo +medium/m);
    expect(stdout).toMatch(/^ {2}shell-stdio-socket +critical/m);
    for (const group of ['cause', 'aftermath', 'symptom', 'note', 'execution', 'escape attempts', 'stability'])
      expect(stdout).toMatch(new RegExp(`^${group}: `, 'm'));
  });

  it('is a document with --json', async () => {
    const outcome = await runsight(['rules', 'list', '--json']);
    const { schema, rules } = documentOf<RulesReport>(outcome);
    expect(schema).toBe('runsight/rules@1');
    expect(rules.map(({ id }) => id).toSorted()).toEqual(ALL);
    expect(rules.find(({ id }) => id === 'start-echo')).toMatchObject({
      family: 'diagnosis',
      group: { name: 'symptom' },
      severity: 'medium',
      verdict: 'inconclusive',
    });
    const long = await runsight(['rules', 'list', '--format', 'json']);
    expect(long.stdout).toBe(outcome.stdout);
  });
});

describe('rules show', () => {
  it('explains a rule', async () => {
    const { code, stdout } = await runsight(['rules', 'show', 'sandbox-vanished']);
    expect(code).toBe(0);
    for (const label of ['Means', 'Doubt', 'Severity', 'Group', 'Verdict', 'Do', 'Printed'])
      expect(stdout).toMatch(new RegExp(`^ {2}${label} +\\S`, 'm'));
    expect(stdout).toMatch(/^sandbox-vanished {2}The sandbox process disappeared/);
    expect(stdout).toContain('sandbox-crash');
    expect(stdout).toContain('runsc/sandbox/sandbox.go');
    expect(stdout).toMatch(/Wait RPC to container/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('explains a rule of scan: how to tune it, who does it lawfully, its condition as written, and lines on which it fires', async () => {
    const { code, stdout } = await runsight(['rules', 'show', 'shell-stdio-socket']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shell-stdio-socket {2}Shell with/);
    for (const label of [
      'Means',
      'Severity',
      'Group',
      'ATT&CK',
      'K8s',
      'Lawful',
      'Next',
      'Condition',
      'Where',
      'In a log',
    ])
      expect(stdout).toMatch(new RegExp(`^ {2}${label}`, 'm'));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { rules } = documentOf<RulesReport>(await runsight(['rules', 'show', '--json', 'shell-stdio-socket']));
    const spec = ANOMALIES.find(({ id }) => id === 'shell-stdio-socket');
    expect(rules[0]).toMatchObject({
      family: 'anomaly',
      group: { name: 'execution' },
      severity: spec?.severity,
      verdict: null,
      means: spec?.description,
      remedy: spec?.look,
      false_positives: spec?.false_positives,
    });
  });

  it('has of every rule of scan a description, a next step, who does it lawfully, and its condition', async () => {
    const { rules } = documentOf<RulesReport>(await runsight(['rules', 'list', '--json']));
    const pages = rules.filter(({ family }) => family === 'anomaly');
    expect(pages.length).toBe(ANOMALIES.length);
    for (const page of pages) {
      expect(page.group.says, page.id).not.toMatch(/of your own/);
      expect(page.means, page.id).not.toBe(`${page.title}.`);
      expect(page.condition?.join('\n'), page.id).toMatch(/when:/);
      expect(page.condition?.join('\n'), page.id).not.toMatch(/^(?:title|tests|cites|message|look):/m);
      expect(page.remedy.length, page.id).toBeGreaterThan(0);
      expect(page.false_positives?.length, page.id).toBeGreaterThan(0);
    }
  });

  it('has no template left on any page', async () => {
    const { rules } = documentOf<RulesReport>(await runsight(['rules', 'list', '--json']));
    for (const { example: _, condition: __, definitions: ___, ...page } of rules)
      expect(JSON.stringify(page)).not.toMatch(/\{\w+(?:\|[^{}]*)?\}(?!\})/);
  });

  it('gives the one page with --json', async () => {
    const { rules } = documentOf<RulesReport>(await runsight(['rules', 'show', '--json', 'flag-unknown']));
    expect(rules.map(({ id }) => id)).toEqual(['flag-unknown']);
  });

  it.each([
    ['mount-sorce-missing', /did you mean mount-source-missing\?/],
    ['echo', /did you mean start-echo\?/],
    ['\u001b[31m', /all rules: runsight rules list/],
  ])('%j is no rule: says which are near', async (id, suggestion) => {
    const { code, stdout, stderr } = await runsight(['rules', 'show', id]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/there is no rule/);
    expect(stderr).toMatch(suggestion);
    expect(stderr).not.toContain('\u001b');
  });

  it('needs an id', async () => {
    expect((await runsight(['rules', 'show'])).code).toBe(2);
  });
});

it.each([
  ['sumary', ['diagnose', 'summary'], ['summary']],
  ['events', ['events', 'event'], ['events', 'event']],
  ['xyz', ['diagnose', 'summary'], []],
  ['', ['diagnose'], []],
])('near %j of %j are %j', (wanted, names, found) => expect(nearest(wanted, names)).toEqual(found));

describe('pages', () => {
  it('exist for every rule, and for no other', () => {
    expect(Object.keys(RULE_PAGES).toSorted()).toEqual(IDS);
  });

  it('say how sure a rule is that is not always certain', () => {
    expect(RULE_PAGES['start-echo']?.doubt).toMatch(/would name the one/);
    expect(RULE_PAGES['mount-source-missing']?.doubt).toBeUndefined();
  });

  it.each(Object.entries(RULE_PAGES))('the example of %s is one', async (id, { example }) => {
    const { diagnose } = await import('runsight');
    const path = join(folder, `${id}.log`);
    writeFileSync(path, `${example.join('\n')}\n`);
    const { report } = await diagnose(path);
    expect(report.findings[0]?.rule).toBe(id);
  });
});
