/**
 * The variants of the format, newest last: from which gVisor release each holds, how to know it by a release and by a
 * line of its own. A new one is a row here and, where a line changed its shape, an alternative in the production.
 */
import { compareReleases } from './releases.js';

export type Dialect = {
  readonly id: string;
  /** First release that writes it (tag without `release-`); before the first tag, year and month. */
  readonly from: string;
  readonly since: string;
  /** A message that only this dialect and no older one writes. */
  readonly recognise: RegExp;
};

export const DIALECTS: readonly Dialect[] = [
  {
    id: 'first',
    from: '2018-05',
    since: 'call site is the literal x:0, task tag holds a TID only, results are bare hex',
    recognise: /^\[ +\d+\] /,
  },
  {
    id: 'call-sites',
    from: '20200211.0',
    since: 'real call sites; tag and results as before',
    recognise: /^\[ +\d+\] /,
  },
  {
    id: 'thread-groups',
    from: '20211005.0',
    since: 'task tag holds TGID and TID, results are decimal with hex behind, failed calls print 0 (0x0)',
    recognise: /^\[ +\d+(?:\( +\d+\))?: +\d+/,
  },
  {
    id: 'short-banner',
    from: '20240109.0',
    since: 'banner of five lines and one line per setting; JSON records carry their call site',
    recognise: /^\*+ gVisor \*+$|^Config\.\w+/,
  },
  {
    id: 'minus-one',
    from: '20260413.0',
    since: 'failed calls print -1',
    recognise: /= -1 errno=\d+ \([^\n]*\) \([^()\n]*\)$/,
  },
];

/** `20221219.0` of `release-20221219.0`, `0.0~20221219.0`, `release-20190529.1-85-g589f36ac4`; undefined for others. */
export function releaseOf(version: string): string | undefined {
  const match = /(?:^|[^0-9])(20\d{6})(?:\.(\d+))?/.exec(version);
  return match === null ? undefined : `${match[1]}.${match[2] ?? '0'}`;
}

/** The dialect that a release writes. */
export function dialectOfRelease(release: string): Dialect | undefined {
  return DIALECTS.findLast((dialect) => compareReleases(dialect.from, release) <= 0);
}

/**
 * The dialect that a line betrays, for logs without a banner. `site` is `file.go:123`, or null where the log has none.
 * A later dialect wins over an earlier one, so the caller asks again until the last has been seen.
 */
export function dialectOfLine(message: string, site: string | null): Dialect | undefined {
  const found = DIALECTS.findLast((dialect) => dialect.recognise.test(message));
  return found?.id === 'call-sites' && site === 'x:0' ? DIALECTS[0] : found;
}
