/** What a report must not give away, what it must keep, and that what was hidden is counted. */
import { describe, expect, it } from 'vitest';
import { maskedSummary, Redactor } from '../../src/report/redaction.js';

const redacted = (text: string, level: 'secrets' | 'identity'): readonly [string, number] => {
  const redactor = new Redactor(level);
  return [redactor.text(text), redactor.masked];
};

describe('environments', () => {
  it.each([
    [
      'Args:[] Env:[PATH=/bin DB_PASS=x y=z TERM=xterm] Cwd:/',
      'Args:[] Env:[PATH=*** DB_PASS=*** y=*** TERM=***] Cwd:/',
      4,
    ],
    ['Args:[] Env:[PATH=/bin SECRET=cut o', 'Args:[] Env:[PATH=*** SECRET=***', 2],
    [
      '  "env": [\n   "PATH=/usr/bin",\n   "API_KEY=abc \\" def"\n  ]',
      '  "env": [\n   "PATH=***",\n   "API_KEY=***"\n  ]',
      2,
    ],
    // lower case names are variables, too, where it is an environment for certain
    ['{"env":["http_proxy=http://p:8","A="],"cwd":"/"}', '{"env":["http_proxy=***","A="],"cwd":"/"}', 1],
    // a record whose end was not kept
    ['{"env": ["A=b", "npm_token=abc', '{"env": ["A=***", "npm_token=***', 2],
    ['{"args":["sh"],"x":"KEY=cut off her', '{"args":["sh"],"x":"KEY=***', 1],
    // a document inside of a string
    ['{"msg":"{\\"env\\":[\\"PATH=/bin\\",\\"K=a b\\"]}"}', '{"msg":"{\\"env\\":[\\"PATH=***\\",\\"K=***\\"]}"}', 2],
    [
      'execve(0x7f /bin/sh, 0x55 ["sh", "-c", "size=1"], 0x56 ["HOME=/root", "npm_config_x=y"]) = 0 (0x0)',
      'execve(0x7f /bin/sh, 0x55 ["sh", "-c", "size=1"], 0x56 ["HOME=***", "npm_config_x=***"]) = 0 (0x0)',
      2,
    ],
    ['Args: [runsc exec --env=DB=abc -e X=y web id]', 'Args: [runsc exec --env=DB=*** -e X=*** web id]', 2],
  ])('%j', (text, masked, count) => expect(redacted(text, 'secrets')).toEqual([masked, count]));
});

describe('passwords and tokens', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';
  it.each([
    ['runsc --token=abcdef run', 'runsc --token=*** run'],
    ['mysql --password hunter2 -u x', 'mysql --password *** -u x'],
    ['{"password": "two words"}', '{"password": "***"}'],
    ['{\\"db_password\\":\\"abc\\"}', '{\\"db_password\\":\\"***\\"}'],
    ['{"io.example/registry.token":"abc"}', '{"io.example/registry.token":"***"}'],
    ['"args": ["mysql",\n "--password",\n "hunter2"]', '"args": ["mysql",\n "--password",\n "***"]'],
    ['GET /x?a=1&api_key=abc&b=2', 'GET /x?a=1&api_key=***&b=2'],
    ['Authorization: Bearer abcdefghij', 'Authorization: Bearer ***'],
    ['x-api-key: 0123456789', 'x-api-key: ***'],
    ['https://me:secret1@example.org/x', 'https://me:***@example.org/x'],
    ['https://0123456789abcdef@example.org/x', 'https://***@example.org/x'],
    ['sh -c MYSQL_PWD=abc /opt/x', 'sh -c MYSQL_PWD=*** /opt/x'],
    ['perl -e $ENV{AWS_SECRET_ACCESS_KEY}="AKx";exec "nc"', 'perl -e $ENV{AWS_SECRET_ACCESS_KEY}="***";exec "nc"'],
    ['"-e", "$ENV{AWS_SECRET_ACCESS_KEY}=\\"AKx\\";"', '"-e", "$ENV{AWS_SECRET_ACCESS_KEY}=\\"***\\";"'],
    [`python3 -c os.environ['APP_TOKEN'] = 'abc'; f()`, `python3 -c os.environ['APP_TOKEN'] = '***'; f()`],
    ['node -e process.env.DB_PASSWORD="abc"', 'node -e process.env.DB_PASSWORD="***"'],
    ['DB_PASS=abc ./run', 'DB_PASS=*** ./run'],
    ['mysql -uroot -pabc shop', 'mysql -uroot -p*** shop'],
    ['["mysqldump", "-h", "db", "-pabc", "shop"]', '["mysqldump", "-h", "db", "-p***", "shop"]'],
    ['sshpass -p abc ssh x', 'sshpass -p *** ssh x'],
    ['curl -s -u alice:abc http://x/', 'curl -s -u alice:*** http://x/'],
    ['["curl", "-u", "alice:abc"]', '["curl", "-u", "alice:***"]'],
    ['openssl rsa -passin pass:abc', 'openssl rsa -passin pass:***'],
    ['curl -H X-Api-Key: sk-live-1 http://x/', 'curl -H X-Api-Key: *** http://x/'],
    [`sent ${jwt} to`, 'sent *** to'],
    [`sent ghp_${'a1'.repeat(18)}.`, 'sent ***.'],
  ])('%j', (text, masked) => expect(redacted(text, 'secrets')).toEqual([masked, 1]));

  it.each([
    '["bash", "-ec", "IFS=:; for p in $PATH; do ls $p; done"]',
    'sh -c PWD=/srv OLDPWD=/ make',
    'mkdir -p /x; nmap -p80 x; tar -xpf a; ssh -p22 x',
    'mysql -uroot -p shop',
    'docker run -u 1000:1000 x',
    'bypass=on compass=n',
    'if (token == "x") ',
  ])('leaves %j', (text) => expect(redacted(text, 'secrets')).toEqual([text, 0]));

  it('masks arguments as the record of their start is masked', () => {
    const argv = ['sh', '-c', 'MYSQL_PWD=abc /opt/x -pdef', 'APP_NAME=me', 'a "b" \\ c'];
    const redactor = new Redactor('secrets');
    expect(redactor.value({ argv }, new Set())).toEqual({
      argv: ['sh', '-c', 'MYSQL_PWD=***', 'APP_NAME=***', 'a "b" \\ c'],
    });
    expect(new Redactor('none').value({ argv }, new Set())).toEqual({ argv });
  });

  it('hides what a name and a shape both tell once', () => {
    expect(redacted(`"API_TOKEN=ghp_${'a1'.repeat(18)}"`, 'secrets')).toEqual(['"API_TOKEN=***"', 1]);
  });
});

it.each([
  'failed to load /etc/passwd: permission denied',
  'searching for executable "npm", cwd: "/", $PATH="/usr/local/bin:/usr/bin": no such file or directory',
  'failed to mount "/tmp" (type: tmpfs): invalid argument, opts: "size=lots"',
  '"options": ["rw", "size=64m", "mode=755"]',
  'error setting flag network="host": flag override disabled',
  'creating container: open /run/secrets/token: no such file or directory',
  'invalid token: unexpected end of input',
  'connect to 10.1.2.3:80 of /home/ada failed',
])('%j is kept', (text) => expect(redacted(text, 'secrets')).toEqual([text, 0]));

describe('home directories and addresses', () => {
  it.each([
    ['open /home/ada/app.conf: no', 'open /home/***/app.conf: no', 1],
    ['/var/home/ada:/Users/ada', '/var/home/***:/Users/***', 2],
    ['connect 10.1.2.3:5432, 0.0.0.0:80, 127.0.0.1:81', 'connect ***:5432, 0.0.0.0:80, 127.0.0.1:81', 1],
    ['inet 172.17.0.2/16 mac 02:42:ac:11:00:02', 'inet ***/16 mac ***', 2],
    ['[2001:db8::17]:443 and fe80::1%eth0, [::1]:80, [::]:80', '[***]:443 and ***%eth0, [::1]:80, [::]:80', 2],
    ['::ffff:10.0.0.9', '::ffff:***', 1],
    ['https://me:secret1@git.example.org:8443/x', 'https://***:***@***:8443/x', 3],
  ])('%j', (text, masked, count) => expect(redacted(text, 'identity')).toEqual([masked, count]));

  it.each([
    '/root/app and /homes/x',
    '2026-11-25T19:41:07.123568 gofer.go:12:34',
    'release-20211019.0, go1.22.5, Linux 6.1.0-18-amd64, 1.2.3.4.5',
    'std::fs::read, a::b, 08:07:51',
    'https://example.org/x',
  ])('%j is kept', (text) => expect(redacted(text, 'identity')).toEqual([text, 0]));
});

describe('values', () => {
  const SPEC = {
    args: ['mysql', '--password', 'hunter2', '-e', 'select 1', '--env', 'A=b'],
    annotations: { 'io.example.token': 'abc', 'io.example.image': 'web' },
    source: '/home/ada/x',
    time: null,
    exits: 3,
  };
  it('arguments and annotations that stand by themselves are hidden by what is before them', () => {
    const redactor = new Redactor('secrets');
    expect(redactor.value(SPEC, new Set())).toEqual({
      ...SPEC,
      args: ['mysql', '--password', '***', '-e', 'select 1', '--env', 'A=***'],
      annotations: { 'io.example.token': '***', 'io.example.image': 'web' },
    });
    expect(redactor.masked).toBe(3);
  });

  it('what is kept is kept', () => {
    const redactor = new Redactor('identity');
    expect(redactor.value(SPEC, new Set(['source', 'args', 'annotations']))).toEqual(SPEC);
    expect(redactor.masked).toBe(0);
  });

  it('nothing is hidden where nothing is to be', () => {
    expect(new Redactor('none').value(SPEC, new Set())).toEqual(SPEC);
  });
});

it('nothing is hidden where nothing is to be', () => {
  const redactor = new Redactor('none');
  expect([redactor.text('"KEY=value" /home/ada'), redactor.masked]).toEqual(['"KEY=value" /home/ada', 0]);
});

it('long hostile text takes no time', () => {
  const texts = [
    'token',
    '"A=',
    '\\"A=',
    '--e',
    '::',
    '1.',
    'Env:[a=',
    '"env":["',
    'eyJ',
    'http://a:',
    'execve([',
    '0:',
  ]
    .map((word) => word.repeat(40_000))
    .concat('tokentoken-'.repeat(10_000), `"env": [${' '.repeat(100_000)}`);
  const begun = performance.now();
  for (const text of texts) new Redactor('identity').text(text);
  expect(performance.now() - begun).toBeLessThan(20_000);
});

describe('a summary', () => {
  const summary = {
    processes: [{ tgid: 2, argv: ['curl', '-u', 'me:abc'], program: '/usr/bin/curl' }, { other: true }],
    shown: { records: [{ source: '/l/token=x', call: 'execve(0x1 /bin/x, 0x2 ["x", "--token=abc"], 0x3 ["A=b"])' }] },
  } as never;
  it('for people has no secrets in command lines', () => {
    expect(maskedSummary(summary, false)).toMatchObject({
      processes: [{ argv: ['curl', '-u', 'me:***'] }, { other: true }],
      shown: {
        records: [{ source: '/l/token=x', call: 'execve(0x1 /bin/x, 0x2 ["x", "--token=***"], 0x3 ["A=***"])' }],
      },
    });
  });
  it('as a document tells what was executed', () => {
    expect(maskedSummary(summary, true)).toMatchObject({ processes: [{ argv: ['curl', '-u', 'me:abc'] }, {}] });
  });
});
