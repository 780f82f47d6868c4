/** Markdown of hostile log text: what an application wrote makes no markup, no HTML, no link, and leaves no fence. */
import { describe, expect, it } from 'vitest';
import { code, fenced, prose } from '../../src/formats/markdown-text.js';
import { formatMarkdown } from '../../src/formats/markdown.js';
import type { Evidence } from '../../src/model/finding.js';
import type { DiagnoseReport } from '../../src/model/report.js';

/** What GitHub shows of such text: entities and escapes are read, what shows nothing is not seen. */
function seen(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('&#8203;', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&dollar;', '$')
    .replaceAll('&amp;', '&');
}

describe('prose', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['<!-- hidden', '&lt;!-- hidden'],
    ['a & b &lt; c', 'a &amp; b &amp;lt; c'],
    ['| a | b |', '\\| a \\| b \\|'],
    ['`code` and ```', '\\`code\\` and \\`\\`\\`'],
    ['**bold** _it_ a_b_c ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ a_b_c \\~\\~no\\~\\~'],
    ['KEY=***', 'KEY=\\*\\*\\*'],
    ['[text](javascript:x) ![i](y)', '\\[text\\](javascript:x) !\\[i\\](y)'],
    ['see https://evil.example and www.evil.example', 'see https:&#8203;//evil.example and www&#8203;.evil.example'],
    ['thanks @octocat, ada@example.org', 'thanks @&#8203;octocat, ada@&#8203;example.org'],
    ['as in #12 and x/y#3', 'as in #&#8203;12 and x/y#&#8203;3'],
    ['$x^2$ $1', '&dollar;x^2&dollar; &dollar;1'],
    ['one\n# two\r\n- three', 'one\\\\n\\# two\\\\r\\\\n- three'],
    ['# heading ##', '\\# heading \\#\\#'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['      indented', 'indented'],
    ['C:\\dir\\*', 'C:\\\\dir\\\\\\*'],
    ['a\tb', 'a\\\\tb'],
    ['\u001b[31mred\u202e', '\\\\x1b\\[31mred\\\\u202e'],
  ])('%j', (text, markdown) => expect(prose(text)).toBe(markdown));

  it('shows every character that was printed', () => {
    for (let c = 0x20; c < 0x7f; c++) {
      for (const text of [`${String.fromCharCode(c)}x`, `x${String.fromCharCode(c)}`, `x ${String.fromCharCode(c)}1 y`])
        expect(seen(prose(text))).toBe(text.trimStart());
    }
  });
});

it.each([
  ['boot:1', '`boot:1`'],
  ['a`b', '``a`b``'],
  ['``a', '``` ``a ```'],
  ['a|b', '`a\\|b`'],
  ['a\nb', '`a\\nb`'],
  ['a\tb', '`a\\tb`'],
  ['', '` `'],
])('code of %j', (text, markdown) => expect(code(text)).toBe(markdown));

it.each([
  [['plain'], '```'],
  [['```', '# out'], '````'],
  [['a `````` b', '~~~'], '```````'],
])('the fence around %j holds', (lines, fence) => {
  expect(fenced(lines)).toEqual([`${fence}text`, ...lines, fence]);
});

const HOSTILE = 'x\n```\n</details><script>alert(1)</script>\n| a | b |\n@octocat ![](http://evil.example/p.png)';

function evidence(text: string): Evidence {
  return { source: '/home/ada/`a|b`\n.boot', line: 3, time: null, text };
}

/** A report in which each text of the log is hostile. */
const REPORT: DiagnoseReport = {
  schema: 'runsight/diagnose@1',
  verdict: 'failed-start',
  headline: HOSTILE,
  findings: [
    {
      rule: 'mount-failed',
      severity: 'high',
      confidence: 'certain',
      title: HOSTILE,
      cause: HOSTILE,
      why: HOSTILE,
      remedy: [HOSTILE],
      evidence: [evidence(HOSTILE)],
      echoes: [evidence('````````')],
    },
    {
      rule: 'hook-failed',
      severity: 'high',
      confidence: 'likely',
      title: HOSTILE,
      cause: HOSTILE,
      remedy: [],
      evidence: [evidence('y')],
      echoes: [],
    },
  ],
  sandboxes: [1, 2].map((n) => ({
    id: `${n}|${HOSTILE}`,
    containers: [HOSTILE],
    version: HOSTILE,
    platform: HOSTILE,
    files: ['x'],
    outcome: HOSTILE,
    exit: null,
    timeline: [1, 2].map((line) => ({ time: null, source: 'x', line, after_ms: null, what: HOSTILE })),
    config: { network: HOSTILE },
    exits: {},
    spec: null,
    missing: [],
    clocks: [HOSTILE],
    verdict: 'failed-start' as const,
    headline: HOSTILE,
  })),
  collect: [HOSTILE],
  benign: [],
  reading: [],
  masked: 2,
  explain: {
    rules: [
      {
        rule: 'mount-failed',
        state: 'found',
        matches: [
          {
            title: HOSTILE,
            severity: 'high',
            confidence: 'certain',
            because: HOSTILE,
            source: '`x`',
            line: 1,
            rank: null,
            lost: HOSTILE,
          },
        ],
      },
      { rule: 'hook-failed', state: 'failed', why: HOSTILE, matches: [] },
    ],
    clear: 1,
  },
};

describe.each([true, false])('a hostile report (verbose: %s)', (verbose) => {
  const markdown = formatMarkdown(REPORT, { verbose });
  /** Lines outside of fences: those a renderer reads as markup. */
  const outside: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    if (fence === undefined) {
      fence = /^(`{3,})text$/.exec(line)?.[1];
      if (fence === undefined) outside.push(line);
    } else if (line === fence) fence = undefined;
  }

  it('closes every fence, and none before its end', () => {
    expect(fence).toBeUndefined();
    expect(markdown).toContain('\n````text\nx\n```\n</details><script>alert(1)</script>\n');
    expect(markdown).toContain('\n`````````text\n````````\n`````````\n');
  });

  it('holds no markup of the log outside of them', () => {
    // code within a line is code, too
    const text = outside.join('\n').replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g, 'CODE');
    expect(text).toContain('| CODE | FAILED START |');
    expect(text).not.toMatch(/[<>]/);
    expect(text).not.toMatch(/:\/\//);
    expect(text).not.toMatch(/@\w/);
    expect(text).not.toMatch(/!\[(?!\\)|(?<!\\)\[|(?<!\\)\]\(/);
    expect(text).toMatch(/@&#8203;octocat/);
    for (const line of outside) expect(line).not.toMatch(/^(?:```|~~~|@|\\n)/);
  });

  it('has a table whose rows have four cells each', () => {
    const rows = outside.filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
  });

  it('counts what was masked', () => {
    expect(markdown).toContain('- **Masked:** 2 values masked (\\*\\*\\*); --no-redact shows them.\n');
  });
});
