/** Hides what a quoted record must not give away: values of the environment, passwords and tokens. */

/** `"KEY=value"` in JSON and in printed argument lists. Upper case names only: lower case ones may be options (`"size=64m"`). */
const QUOTED_VARIABLE = /"([A-Z_][A-Z0-9_]*)=(?:[^"\\\n]|\\.)+"/g;
/** `Env:[A=b C=d] Cwd:/` in Go dumps: everything up to the next field. */
const GO_ENVIRONMENT = /\b(Env(?:v)?:\[)([^\n]*?)(\](?: [A-Z]\w*:|\}|$))/g;
const ASSIGNED = /([A-Za-z_][A-Za-z0-9_]*)=(?:[^\s=]|=)*(?: (?![A-Za-z_][A-Za-z0-9_]*=)\S*)*/g;
/** Flags, query strings and settings whose name says that the value is secret. */
const SECRET =
  /(?<![\w/.-])((?:[\w-]*(?:password|passwd|secret|token|api[-_]?key|credential)[\w-]*)(?:=|["']: ?|: ?(?=["']))["']?)([^\s"',;&}\]]+)/gi;
const BEARER = /\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{8,}/g;
/** `https://user:password@host`. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"]{1,128}:)[^\s/@"]{1,256}@/g;

/** Masks secrets as `***`. Text that holds none comes back as it was. */
export function redact(text: string): string {
  let masked = text;
  if (masked.includes('Env')) {
    masked = masked.replace(GO_ENVIRONMENT, (_, open: string, inside: string, close: string) => {
      return `${open}${inside.replace(ASSIGNED, '$1=***')}${close}`;
    });
  }
  if (masked.includes('"')) masked = masked.replace(QUOTED_VARIABLE, '"$1=***"');
  if (masked.includes('://')) masked = masked.replace(USER_INFO, '$1***@');
  return masked.replace(SECRET, '$1***').replace(BEARER, '$1 ***');
}
