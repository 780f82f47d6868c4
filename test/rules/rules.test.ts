/** Every rule fires on its fixture and is quiet on the look-alike; the registry is sorted and whole. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SENTENCES } from '../../grammars/messages.js';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import { BENIGN } from '../../src/knowledge/benign.js';
import { ECHOES } from '../../src/knowledge/echoes.js';
import { analyze } from '../../src/pipeline.js';
import { judge } from '../../src/rules/diagnose.js';
import { DIAGNOSIS_RULES } from '../../src/rules/index.js';
import type { Judgement } from '../../src/model/judgement.js';

const here = new URL('.', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function judged(name: string, log: string): Promise<Judgement> {
  const path = join(folder, `${name}.log`);
  writeFileSync(path, log);
  const { products } = await analyze([path], diagnosisAnalyzers);
  return judge(products);
}

const fixtures = readdirSync(here).filter((name) => name.endsWith('.md'));

function readFixture(id: string): { fires: string; quiet: string; line: number } {
  const text = readFileSync(join(here, `${id}.md`), 'utf8');
  const found =
    /^# (\S+)\n\n[\s\S]+?\n[*_]fires[*_] at line (\d+)\n\n```log\n([\s\S]*?)```\n\n[*_]quiet[*_]\n\n```log\n([\s\S]*?)```\n/.exec(
      text,
    );
  if (found?.[1] !== id) throw new Error(`${id}.md has not the shape of a fixture`);
  return { line: Number(found[2]), fires: found[3] ?? '', quiet: found[4] ?? '' };
}

describe.each(DIAGNOSIS_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { fires, quiet, line } = readFixture(id);

  it('fires on its fixture, alone, and cites the deciding record first', async () => {
    const { findings, verdict } = await judged(`${id}-fires`, fires);
    expect(findings.map((finding) => finding.rule)).toEqual([id]);
    expect(findings[0]?.evidence[0]?.line).toBe(line);
    // A note says what is worth knowing and changes no verdict.
    expect(verdict === 'healthy').toBe(rule.tier === 'note');
    expect(verdict === 'inconclusive' && rule.leads === 'failed-start').toBe(false);
    expect(findings[0]?.remedy.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toMatch(/\{\w+(?:\|[^{}]*)?\}|undefined|an unnamed one/);
  });

  it('is quiet on the look-alike', async () => {
    const { findings } = await judged(`${id}-quiet`, quiet);
    expect(findings.filter((finding) => finding.severity !== 'info').map((finding) => finding.rule)).not.toContain(id);
  });

  it('is named as its file, and says where its sentence comes from', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(rule.sources.length).toBeGreaterThan(0);
    expect(rule.remedy.length).toBeGreaterThan(0);
    expect(rule.title).not.toMatch(/[{}]|\.$/);
  });
});

it('the registry is sorted, and every rule has its file and its fixture', () => {
  const ids = DIAGNOSIS_RULES.map((rule) => rule.id);
  expect(ids).toEqual(ids.toSorted());
  expect(readdirSync(join(here, '../../src/rules/diagnosis')).toSorted()).toEqual(ids.map((id) => `${id}.ts`));
  expect(fixtures.toSorted()).toEqual(ids.map((id) => `${id}.md`).toSorted());
});

it("every known error is a rule's, an echo or benign", () => {
  const code = readdirSync(join(here, '../../src/rules/diagnosis'))
    .map((name) => readFileSync(join(here, '../../src/rules/diagnosis', name), 'utf8'))
    .concat(readFileSync(join(here, '../../src/rules/programs.ts'), 'utf8'))
    .join('\n');
  const unclaimed = SENTENCES.filter((one) => one.place !== 'line')
    .map((one) => one.id)
    .filter(
      (id) =>
        BENIGN[id] === undefined &&
        ECHOES[id] === undefined &&
        !code.includes(`'${id}'`) &&
        !new RegExp(`'${id}:`).test(code),
    );
  expect([...new Set(unclaimed)]).toEqual([]);
});

it('every benign id and every echo is a known sentence', () => {
  const ids = new Set(SENTENCES.map((one) => one.id));
  expect([...Object.keys(BENIGN), ...Object.keys(ECHOES)].filter((id) => !ids.has(id))).toEqual([]);
});
