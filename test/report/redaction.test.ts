/** What a report must not give away, and what it must keep. */
import { expect, it } from 'vitest';
import { redact } from '../../src/report/redaction.js';

it.each([
  ['Args:[] Env:[PATH=/bin DB_PASS=x y=z TERM=xterm] Cwd:/', 'Args:[] Env:[PATH=*** DB_PASS=*** y=*** TERM=***] Cwd:/'],
  [
    '  "env": [\n   "PATH=/usr/bin",\n   "API_KEY=abc \\" def"\n  ]',
    '  "env": [\n   "PATH=***",\n   "API_KEY=***"\n  ]',
  ],
  ['runsc --token=abcdef run', 'runsc --token=*** run'],
  ['{"password": "abc"}', '{"password": "***"}'],
  ['Authorization: Bearer abcdefghij', 'Authorization: Bearer ***'],
  ['https://me:secret1@example.org/x', 'https://me:***@example.org/x'],
])('%j is masked', (text, masked) => expect(redact(text)).toBe(masked));

it.each([
  'failed to load /etc/passwd: permission denied',
  'searching for executable "npm", cwd: "/", $PATH="/usr/local/bin:/usr/bin": no such file or directory',
  'failed to mount "/tmp" (type: tmpfs): invalid argument, opts: "size=lots"',
  'error setting flag network="host": flag override disabled',
  'creating container: open /run/secrets/token: no such file or directory',
])('%j is kept', (text) => expect(redact(text)).toBe(text));
