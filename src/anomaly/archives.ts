/** What a program that makes archives takes in: the files and directories of its command line, absolute. */
import { absoluteOf, type Process } from './processes.js';

const TAR_VALUES = new Set(['f', 'C', 'T', 'X', 'b', 'g', 'H', 'K', 'L', 'N', 'V', 'I']);

/** Nothing of a program that makes none, or that unpacks one. */
export function archivedBy(process: Process): readonly string[] {
  const { exeNames, argv } = process.run.program;
  const [, ...args] = argv;
  const here = process.cwd;
  const resolved = (paths: readonly string[], cwd: string | null): readonly string[] =>
    paths.map((path) =>
      absoluteOf(path === '.' || path === './' || path === '*' ? '' : path.replace(/^\.\//, ''), cwd).replace(
        /(?<=.)\/$/,
        '',
      ),
    );
  if (exeNames.includes('tar') || exeNames.includes('bsdtar')) return tarred(args, here, resolved);
  if (exeNames.includes('zip')) return resolved(args.filter((one) => !one.startsWith('-')).slice(1), here);
  if (exeNames.includes('7z') || exeNames.includes('7za')) {
    return args[0] === 'a' || args[0] === 'u'
      ? resolved(
          args.slice(2).filter((one) => !one.startsWith('-')),
          here,
        )
      : [];
  }
  if (exeNames.includes('cpio')) {
    const isOut = args.some((one) => one === '--create' || /^-[a-zA-Z]*o/.test(one));
    return isOut && here !== null ? [here] : [];
  }
  if (exeNames.includes('rsync')) {
    const names = args.filter((one) => !one.startsWith('-'));
    return resolved(
      names.slice(0, -1).filter((one) => !/^[^/]+:/.test(one)),
      here,
    );
  }
  return [];
}

/** What holds keys, credentials or password files; certificates of /etc/ssl/certs are public. */
const SECRETS = [
  /^\/root\/?$|^\/home\/[^/]+\/?$/,
  /^\/(?:root|home\/[^/]+)\/\.(?:ssh|aws|kube|gnupg|docker|config|azure|netrc|git-credentials)(?:\/|$)/,
  /^\/etc\/(?:g?shadow-?|ssl\/private|kubernetes|pki\/tls\/private|letsencrypt)(?:\/|$)|^\/etc\/ssl$/,
  /^\/etc\/ssl\/(?!certs(?:\/|$)).*\.(?:key|p12|pfx|jks)$|^\/etc\/ssh\/ssh_host_[^/]*_key$/,
  /^(?:\/var)?\/run\/secrets(?:\/|$)|^\/var\/lib\/kubelet(?:\/|$)/,
];

/** Of what a program that makes archives takes in, what is secret. A name below /root counts where it is given as such. */
export function secretsArchived(process: Process): readonly string[] {
  const { argv } = process.run.program;
  const namesHome = argv.some((one) => BELOW_HOME.test(one));
  return archivedBy(process).filter(
    (path) => SECRETS.some((secret) => secret.test(path)) || (namesHome && BELOW_HOME.test(path)),
  );
}
const BELOW_HOME = /^\/root\/[^.]/;

function tarred(
  args: readonly string[],
  cwd: string | null,
  resolved: (paths: readonly string[], cwd: string | null) => readonly string[],
): readonly string[] {
  const found: string[] = [];
  let folder = cwd;
  let mode = '';
  let names = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--create' || arg === '--append' || arg === '--update' || arg === '--catenate') mode = 'c';
    else if (arg === '--extract' || arg === '--get' || arg === '--list') mode = 'x';
    else if (arg.startsWith('--')) {
      const [, option = '', own] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
      const isValued = ['file', 'directory', 'files-from', 'exclude-from', 'transform', 'exclude'].includes(option);
      const given = own ?? (isValued ? args[++at] : undefined);
      if (option === 'directory' && given !== undefined) folder = absoluteOf(given, folder);
      if (option === 'files-from') names = true;
    } else if (arg.startsWith('-') || (at === 0 && /^[A-Za-z]+$/.test(arg))) {
      for (const letter of arg.replace(/^-/, '')) {
        if (letter === 'c' || letter === 'r' || letter === 'u') mode = 'c';
        else if (letter === 'x' || letter === 't') mode ||= 'x';
        if (!TAR_VALUES.has(letter)) continue;
        const given = args[++at];
        if (letter === 'C' && given !== undefined) folder = absoluteOf(given, folder);
        if (letter === 'T') names = true;
      }
    } else found.push(...resolved([arg], folder));
  }
  if (mode !== 'c') return [];
  return names && folder !== null ? [...found, folder] : found;
}
