/** Releases of runsc as numbers that can be compared: `release-20240729.0`, `0.0~20240729.0`, and months before the first tag. */

/**
 * A release as a number that grows: 20190529.1 is 2019052901, 2018-05 is 2018050000. Undefined where the text names none (a build of
 * somebody's own).
 */
export function releaseNumber(text: string | null | undefined): number | undefined {
  const found = /(?<!\d)(20\d{2})-?(\d{2})-?(\d{2})?(?:\.(\d{1,3}))?(?!\d)/.exec(text ?? '');
  if (found === null) return undefined;
  const [, year, month, day = '00', point = '0'] = found;
  return Number(`${year}${month}${day}`) * 100 + Math.min(Number(point), 99);
}

/** Orders releases by date: negative when `a` is older. One that is none stands before all others. */
export function compareReleases(a: string, b: string): number {
  return (releaseNumber(a) ?? 0) - (releaseNumber(b) ?? 0);
}

/** Is a release older than another? Undefined where either is unknown. */
export function isOlder(version: string | null | undefined, than: string): boolean | undefined {
  const [left, right] = [releaseNumber(version), releaseNumber(than)];
  return left === undefined || right === undefined ? undefined : left < right;
}

/** A release as people name it. */
export function releaseName(text: string): string {
  return /^\d{4}-\d{2}$/.test(text) ? `the builds of ${text}` : `release ${text}`;
}
