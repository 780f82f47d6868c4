/** Hides what a quoted record must not give away: environments, passwords and tokens; who and where, if asked; and counts it. */
import type { Redaction, SummaryReport } from '../model/report.js';

/** What stands where something was. */
const MASK = '***';

type Rule = {
  /** Text without any of these holds nothing to hide. */
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  /** What is written instead; undefined keeps what was found. */
  readonly replace: (hide: (value: string) => string, groups: readonly (string | undefined)[]) => string | undefined;
};

/** `[open, hidden, close?]` of a pattern with two or three groups: the usual shape. */
const between: Rule['replace'] = (hide, [open = '', value = '', close = '']) => `${open}${hide(value)}${close}`;

/** Strings inside of a list that is an environment for certain, one by one: cut off or not, whatever the letters of a name. */
const QUOTED = /(?<!\\)"(?:\\.|[^"\\])*"?/g;
const PAIR = /^("[^="\n]{1,256}=)([^]*?)("?)$/;
/** The same in a document that is quoted itself; a quote inside of the value has one backslash more. */
const ESCAPED_PAIR = /((?<quote>\\+")[^"=\\\n]{1,256}=)((?:(?!(?<!\\)\k<quote>)[^])*)/g;

function withPairsHidden(list: string, hide: (value: string) => string): string {
  return list
    .replace(QUOTED, (one) => {
      const [, name, value, close = ''] = PAIR.exec(one) ?? [];
      return name === undefined ? one : name + hide(value ?? '') + close;
    })
    .replace(ESCAPED_PAIR, (_, open: string, _quote: string, value: string) => open + hide(value));
}

/** A command after one that sets a variable; in it only what has a secret's name or shape is masked. */
const SCRIPT = /(?:[;&|]\s|\\n)\s*\S/;

/** Values of the environment, in each way that a log writes them. */
const ENVIRONMENT: readonly Rule[] = [
  // `Env:[A=b C=d] Cwd:/` in Go dumps: everything up to the next field.
  {
    hints: ['Env'],
    pattern: /\b(Envv?:\[)([^\n]*?)(\](?: [A-Z]\w*:|\}|$)|$)/gm,
    replace: (hide, [open = '', inside = '', close = '']) =>
      open +
      inside.replace(
        /([A-Za-z_][A-Za-z0-9_]*)=((?:[^\s=]|=)*(?: (?![A-Za-z_][A-Za-z0-9_]*=)\S*)*)/g,
        (_, name: string, value: string) => `${name}=${hide(value)}`,
      ) +
      close,
  },
  // `"env": ["a=b", ...` of a spec, cut off or not
  {
    hints: ['env', 'Env'],
    pattern: /("env"\s*:\s*\[)((?:\s*"(?:[^"\\]|\\.)*(?:"|$)(?:\s*,)?)*)/gi,
    replace: (hide, [open = '', list = '']) => open + withPairsHidden(list, hide),
  },
  {
    hints: ['env\\', 'Env\\'],
    pattern: /(\\+"env\\+"\s*:\s*\[)([^\]]*)/gi,
    replace: (hide, [open = '', list = '']) => open + withPairsHidden(list, hide),
  },
  // the third argument of execve(2) and execveat(2)
  {
    hints: ['execve'],
    pattern: /(\bexecve(?:at)?\()([^]+)/,
    replace: (hide, [open = '', rest = '']) => {
      const end = rest.indexOf('], ');
      return open + rest.slice(0, end + 1) + (end === -1 ? rest : withPairsHidden(rest.slice(end + 1), hide));
    },
  },
  // `"KEY=value"`: upper case names only, since lower case ones may be options (`"size=64m"`); `"IFS=:; read a b"` is a script
  {
    hints: ['"'],
    pattern: /((?<!\\)"[A-Z_][A-Z0-9_]{0,256}=)((?:[^"\\\n]|\\.)+)("|$)/g,
    replace: (hide, [open = '', value = '', close = '']) =>
      SCRIPT.test(value) ? undefined : `${open}${hide(value)}${close}`,
  },
  // the same inside of a quoted document: `\"KEY=value\"`
  {
    hints: ['\\"'],
    pattern: /((?<quote>\\+")[A-Z_][A-Z0-9_]{0,256}=)((?:(?!(?<!\\)\k<quote>)[^\n]){1,65536})/g,
    replace: (hide, [open = '', , value = '']) => `${open}${hide(value)}`,
  },
  // `exec --env KEY=value`, `docker run -e KEY=value`
  {
    hints: ['-e'],
    pattern: /((?<![\w-])-{1,2}e(?:nv)?[= ]["']?[A-Za-z_][A-Za-z0-9_]{0,256}=)([^\s"',\]]+)/g,
    replace: between,
  },
];

/** `PWD` alone is a directory, and `pass` in `bypass` none; `MYSQL_PWD`, `DB_PASS` and `REDISCLI_AUTH` are passwords. */
const SECRET_NAME =
  '[\\w-]{0,64}?(?:password|passwd|passphrase|secret|token|(?:api|access|private)[-_]?key|credential|_pwd|cli_auth|(?<![a-z])pass(?![a-z]))[\\w-]{0,64}';

const SECRET_FLAG = new RegExp(`^--?(?:[\\w.-]{0,128}[./])?${SECRET_NAME}$`, 'i');

/** Passwords and tokens, by the name before them or by their own shape. */
const SECRETS: readonly Rule[] = [
  // `https://user:password@host`; `https://token@host`
  {
    hints: ['://'],
    pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"]{1,128}:)([^\s/@"]{1,256})(@)/g,
    replace: between,
  },
  { hints: ['://'], pattern: /(\bhttps?:\/\/)([^\s/:@"]{8,256})(@)/g, replace: between },
  // `"password": "two words"`, `--secret='x y'`, `$ENV{API_TOKEN} = "x"`, `process.env.API_TOKEN = 'x'`
  {
    hints: ['=', ':'],
    pattern: new RegExp(
      `((?:(?<![\\w/.-])|(?<=\\benv\\.))${SECRET_NAME}\\\\*["']?[\\]}]?(?: ?=>? ?|: ?)\\\\*(?<quote>["']))([^"'\\n\\\\]{1,4096})`,
      'gi',
    ),
    replace: (hide, [open = '', , value = '']) => `${open}${hide(value)}`,
  },
  // `"io.example.token": "abc"`: any key of a document
  {
    hints: ['":', '" :'],
    pattern: new RegExp(
      `("[^"\\\\\\n]{0,128}?${SECRET_NAME}[^"\\\\\\n]{0,64}"\\s{0,8}:\\s{0,8}")((?:[^"\\\\]|\\\\.)+)`,
      'gi',
    ),
    replace: between,
  },
  // `"--password", "abc"`: arguments of a spec
  {
    hints: ['"-'],
    pattern: new RegExp(`("--?${SECRET_NAME}"\\s{0,64},\\s{0,64}")((?:[^"\\\\]|\\\\.)+)`, 'gi'),
    replace: between,
  },
  // `--token=abc`, `?api_key=abc`
  {
    hints: ['='],
    pattern: new RegExp(`((?<![\\w/.-])-{0,2}${SECRET_NAME}=)([^\\s"',;&}\\]\\\\]+)`, 'gi'),
    replace: between,
  },
  // `--password abc`
  {
    hints: ['--'],
    pattern: new RegExp(`((?<![\\w-])--${SECRET_NAME} )([^\\s"',;&}\\]-][^\\s"',;&}\\]]*)`, 'gi'),
    replace: between,
  },
  // `mysql -uroot -pabc`, `sshpass -p abc`, `curl -u me:abc`, `openssl -passin pass:abc`: as a command line or as a list
  {
    hints: ['mysql', 'MYSQL', 'mariadb'],
    pattern: /(\b(?:mysql|MYSQL|mariadb)[^\n|;]{0,512}?[\s"']-p)([^\s"',;&|\\]+)/g,
    replace: between,
  },
  {
    hints: ['sshpass'],
    pattern: /(\bsshpass"?[\s,]+"?-p(?:[\s"',]+)?)([^\s"',]+)/g,
    replace: between,
  },
  {
    hints: ['curl'],
    pattern: /(\bcurl\b[^\n|;]{0,512}?[\s"'](?:-u|--user|--proxy-user|-U)[\s"',=]{0,4}[^\s"',:]{1,128}:)([^\s"',\\]+)/g,
    replace: between,
  },
  { hints: ['pass:'], pattern: /((?<![\w/.-])pass:)([^\s"',;\\]+)/g, replace: between },
  { hints: ['earer', 'asic'], pattern: /(\b(?:Bearer|Basic) +)([A-Za-z0-9._~+/=-]{8,})/g, replace: between },
  {
    hints: ['ookie: ', 'uthorization: '],
    pattern: /((?<![\w/.-])(?:cookie|set-cookie|authorization): )(?!Bearer |Basic )([^\n"']{4,})/gi,
    replace: between,
  },
  // one word: in a command line the address of the request comes after it
  {
    hints: ['ey: ', 'oken: ', 'KEY: ', 'TOKEN: '],
    pattern: /((?<![\w/.])(?:[a-z]{1,16}-){1,4}(?:key|token): )([^\s"'\\]{4,})/gi,
    replace: between,
  },
  // GitHub, GitLab, Slack, AWS, JSON Web Tokens, private keys
  {
    hints: ['_', '-', 'AKIA', 'ASIA', 'eyJ'],
    pattern:
      /()(?<![\w-])((?:gh[pousr]_|github_pat_)\w{20,255}|glpat-[\w-]{20,64}|xox[abprs]-[\w-]{10,255}|A[KS]IA[0-9A-Z]{16}|eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{0,4096})/g,
    replace: between,
  },
  {
    hints: ['PRIVATE KEY-----'],
    pattern: /(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)([^-]{1,65536})/g,
    replace: between,
  },
];

/** Loopback and any say nothing of a machine. */
const KEPT_ADDRESS = /^(?:127\.|0\.0\.0\.0$|255\.|::1?$|(?:00:){5}00$|(?:ff:){5}ff$)/i;

/** Hexadecimal words and colons that are an address of IPv6: eight groups, or fewer around one `::`. */
function isAddress(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return false;
  // `a::b` is a name in other languages
  if (groups.length < 4 && !/\d/.test(text)) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

const unlessKept =
  (is: (text: string) => boolean = () => true): Rule['replace'] =>
  (hide, [, value = '']) =>
    KEPT_ADDRESS.test(value) || !is(value) ? undefined : hide(value);

/** Who and where: for a report that strangers read. */
const IDENTITY: readonly Rule[] = [
  // what is left of `https://user:***@host/`
  {
    hints: ['://'],
    pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/:@"]{1,256})(:[^\s/@"]{0,256})?@([^\s/:"'<>]{1,256})/g,
    replace: (hide, [scheme = '', user = '', password = '', host = '']) =>
      `${scheme}${hide(user)}${password}@${hide(host)}`,
  },
  // the root user is everybody's
  { hints: ['/home/', '/Users/'], pattern: /(\/(?:home|Users)\/)([^\s/"'`:;,|<>(){}[\]\\]+)/g, replace: between },
  { hints: ['\\Users\\'], pattern: /(\\Users\\{1,2})([^\s/"':;,<>\\]+)/g, replace: between },
  {
    hints: [':'],
    pattern: /()(?<![0-9a-f:])((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?![0-9a-f:])/gi,
    replace: unlessKept(),
  },
  {
    hints: ['.'],
    pattern: /()(?<![\w.-])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d))(?![\w-]|\.\d)/g,
    replace: unlessKept(),
  },
  {
    hints: [':'],
    pattern: /()(?<![\w:.])([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8})(?![\w:])/gi,
    replace: unlessKept(isAddress),
  },
];

const RULES: Readonly<Record<Redaction, readonly Rule[]>> = {
  none: [],
  secrets: [...ENVIRONMENT, ...SECRETS],
  identity: [...ENVIRONMENT, ...SECRETS, ...IDENTITY],
};

/** Masks texts, and counts what it masked. */
export class Redactor {
  readonly #rules: readonly Rule[];
  #masked = 0;
  constructor(redaction: Redaction) {
    this.#rules = RULES[redaction];
  }
  /** How many values have been replaced by `***` so far. */
  get masked(): number {
    return this.#masked;
  }
  /** Text that holds nothing to hide comes back as it was. */
  text(text: string): string {
    let masked = text;
    const hide = (value: string): string => {
      // what an earlier rule hid is not hidden again, and nothing is not hidden at all
      if (value !== '' && value !== MASK) this.#masked++;
      return value === '' ? '' : MASK;
    };
    for (const { hints, pattern, replace } of this.#rules) {
      if (!hints.some((hint) => masked.includes(hint))) continue;
      masked = masked.replace(pattern, (whole: string, ...rest: unknown[]) => {
        const end = rest.findIndex((one) => typeof one === 'number');
        return replace(hide, rest.slice(0, end) as (string | undefined)[]) ?? whole;
      });
    }
    return masked;
  }
  /** Every string in a plain value; those under a name in `kept` stay as they are. */
  value<T>(value: T, kept: ReadonlySet<string>): T {
    if (typeof value === 'string') return this.text(value) as T;
    if (Array.isArray(value)) {
      const all = value as readonly unknown[];
      return all.map((one, index) => this.#after(all[index - 1], one) ?? this.value(one, kept)) as T;
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]: [string, unknown]) => [
        name,
        kept.has(name)
          ? one
          : name === 'argv' && isArgv(one)
            ? this.argv(one)
            : (this.#after(`--${name}`, one) ?? this.value(one, kept)),
      ]),
    ) as T;
  }

  /** Arguments of a program: masked as the record of its start is, which shows them as a list. */
  argv(args: readonly string[]): readonly string[] {
    if (this.#rules.length === 0) return args;
    const list = this.text(JSON.stringify(args));
    try {
      const masked: unknown = JSON.parse(list);
      if (isArgv(masked) && masked.length === args.length) return masked;
    } catch {
      // a mask took a mark of the list away
    }
    return args.map((one) => this.text(one));
  }

  /** Hides what follows a flag (`--password`, `-e`) as an argument of its own; undefined where no flag is before it. */
  #after(flag: unknown, value: unknown): string | undefined {
    if (this.#rules.length === 0 || typeof flag !== 'string' || typeof value !== 'string') return undefined;
    if (SECRET_FLAG.test(flag) && value !== '') {
      this.#masked++;
      return MASK;
    }
    const [, name, inside = ''] = /^--?e(?:nv)?$/.test(flag) ? (/^(\w+=)([^]+)$/.exec(value) ?? []) : [];
    if (name === undefined || inside === MASK) return undefined;
    this.#masked++;
    return name + MASK;
  }
}

const isArgv = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/**
 * A summary as people may show it: records without their secrets, and command lines, too, unless it is the document
 * (`keepsArgv`), whose `argv` is what was executed.
 */
export function maskedSummary(report: SummaryReport, keepsArgv: boolean): SummaryReport {
  const redactor = new Redactor('secrets');
  const { processes, shown } = report;
  return {
    ...report,
    ...(shown === undefined ? {} : { shown: redactor.value(shown, SUMMARY_OWN) }),
    ...(processes === undefined || keepsArgv
      ? {}
      : {
          processes: processes.map((row) =>
            'other' in row || row.argv === null ? row : { ...row, argv: redactor.argv(row.argv) },
          ),
        }),
  };
}
const SUMMARY_OWN: ReadonlySet<string> = new Set(['source', 'time']);
