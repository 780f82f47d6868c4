/** The failed call that a program gave up over: the one that its last complaint speaks of. What several rules judge by. */
import { errnoNumberOf } from '../../grammars/errno.js';
import type { Failure } from '../analyzers/failures.js';
import type { FailedCall, Words } from '../analyzers/last-calls.js';
import type { RefusedCall } from '../analyzers/refusals.js';
import { ERRNOS } from '../knowledge/errnos.js';
import { speaksOf as speaksOfErrno } from '../knowledge/error-words.js';
import { LAST_WORDS } from '../knowledge/last-words.js';
import { endingOf, isStopped, senderOf, wasEnded } from './endings.js';
import { tellingsOf, type Products } from './rule.js';

/** What programs look for in many places, and miss without harm. */
const LOOKED_UP =
  /\/(?:ld\.so\.(?:preload|cache)|locale|locale-archive|nsswitch\.conf|gconv|nscd|terminfo|localtime|charset\.alias|__pycache__|pyvenv\.cfg|python\d+\.zip)|\.(?:pyc|mo|pth)\b|glibc-hwcaps|\/tls\/|x86_64\//;
/** rseq is refused by every release, and libraries ask for newer calls before they use older ones. */
const PROBES = new Set([
  'rseq',
  'ioctl',
  'prctl',
  'arch_prctl',
  'getpeername',
  'madvise',
  'statx',
  'clone3',
  'close',
  'setsockopt',
  'set_robust_list',
]);

/** What stands for a descriptor that has no path: `socket:[1]`, `pipe:[2]`, `host:[3]`. */
const PATHLESS = /^[a-z_]+:\[\d+\]$/i;

/** Is it about a Unix socket? New releases print no path of its address (`error extracting address`). */
export const isUnixSocket = ({ args }: FailedCall): boolean => /\{Family: AF_UNIX\b/.test(args);

/** The path or address that a call is about; empty where the trace does not print it. */
export function objectOf({ name, args }: FailedCall): string {
  const address = /\{Family: AF_INET6?, Addr: ([^,}]*), Port: (\d+)\}/.exec(args);
  if (address !== null) return `${address[1]}:${address[2]}`;
  const unix = /\{Family: AF_UNIX, Addr: "?([^"}]*)"?\}/.exec(args);
  if (unix !== null) return unix[1] ?? '';
  const paths = [...args.slice(0, 1024).matchAll(/0x[0-9a-f]+ (\/[^,]*|[A-Za-z0-9._-][^,]*)(?=,|$)/g)]
    .map((found) => found[1] ?? '')
    .filter((path) => !PATHLESS.test(path));
  const path = (name === 'mount' ? paths[1] : undefined) ?? paths[0] ?? '';
  const base = /AT_FDCWD (\/[^,]*)/.exec(args)?.[1];
  if (path === '' || path.startsWith('/') || base === undefined || name === 'execve') return path;
  return `${base.replace(/\/$/, '')}/${path}`;
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Does a text name a file? Not if its name is only that of a folder on the way to another one (`.git` in `/srv/.git/HEAD`). */
function isNamed(text: string, name: string, object: string): boolean {
  if (text.includes(object)) return true;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const isOnTheWay = text[at - 1] === '/' && text[at + name.length] === '/';
    if (!isOnTheWay) return true;
  }
  return false;
}

/** What is as it was to be: nothing is there to be removed, the folder is there. No failure, unless the program says so itself. */
const SHRUGGED_OFF: Readonly<Record<string, number>> = { unlink: 2, unlinkat: 2, rmdir: 2, mkdir: 17, mkdirat: 17 };

/** Does the program's own message speak of this call: by the name of the file or port, and the words for the error? */
function speaksOf({ text, tgid }: Words, call: FailedCall): number {
  const lower = text.toLowerCase();
  const { words, also } = ERRNOS[call.errno] ?? {};
  const object = objectOf(call);
  const name = object.includes(':') ? object.slice(object.lastIndexOf(':') + 1) : lastName(object);
  const isWorded = words !== undefined && lower.includes(words.toLowerCase());
  // words of the program's own: only of what the same process did
  const isMeant = also !== undefined && call.tgid === tgid && also.test(text);
  if (!isWorded && !isMeant && SHRUGGED_OFF[call.name] === call.errno) return 0;
  return (
    (isWorded ? 2 : 0) +
    (isMeant ? 2 : 0) +
    (name.length > 2 && isNamed(lower, name.toLowerCase(), object.toLowerCase()) ? 2 : 0)
  );
}

const COMPLAINT =
  /error|not found|cannot|can't|could not|no such|denied|fail|refused|unable|fatal|exception|too many|in use|unreachable|no route|read-only|no space|not implemented|not permitted|timed out|file exists/i;

/** Errors that a program seldom survives: they count without a word of it, if nothing failed after them. */
const DEADLY = new Set([24, 28]);

/** The call that explains the end: the one that the last complaint speaks of, else the last that no program survives. */
function explain(
  failed: readonly FailedCall[],
  words: readonly Words[],
): { readonly call: FailedCall; readonly words: Words | undefined } | undefined {
  const complaints = words
    .filter((one) => COMPLAINT.test(one.text))
    .toReversed()
    .slice(0, 4);
  const serious = failed.filter(
    (call) => ERRNOS[call.errno] !== undefined && !PROBES.has(call.name) && !LOOKED_UP.test(call.args),
  );
  for (const complaint of complaints) {
    const before = serious.filter((call) => call.order < complaint.order);
    const best = before.toReversed().toSorted((a, b) => speaksOf(complaint, b) - speaksOf(complaint, a))[0];
    if (best !== undefined && speaksOf(complaint, best) >= 2) return { call: best, words: complaint };
  }
  const last = serious.at(-1);
  return complaints.length === 0 && last !== undefined && DEADLY.has(last.errno)
    ? { call: last, words: undefined }
    : undefined;
}

export type Complaint = {
  readonly ending: Failure & { readonly exit: NonNullable<Failure['exit']> };
  readonly call: FailedCall;
  readonly words: Words | undefined;
  /** Did the program end over it, or did it go on: did others speak after it, or time pass? */
  readonly isLast: boolean;
};

/** Is there a trace to judge by? */
export const isTraced = ({ calls }: Products): boolean => (calls?.size ?? 0) > 0;

/** A program that complains and ends does so within this; in milliseconds. */
const AT_ONCE = 5_000;

/** The signals of a crash or of abort: a program brings them upon itself. Others are sent, whatever it complained of before. */
const OF_OWN_MAKING = new Set([4, 5, 6, 7, 8, 11, 31]);

/** The failed call that the program complained of before it ended, whether it ended over it or not. */
export function lastComplaint(products: Products): Complaint | undefined {
  const ending = endingOf(products);
  const exit = ending?.exit;
  if (ending === undefined || exit === undefined) return undefined;
  if (exit.signal !== null && (!OF_OWN_MAKING.has(exit.signal) || wasEnded(products, exit.signal))) return undefined;
  if (senderOf(products, ending) !== undefined) return undefined;
  const boot = products.calls?.get(ending.evidence.source) ?? [...(products.calls?.values() ?? [])].at(-1);
  if (boot === undefined) return undefined;
  // words that are known name the cause better than the last call they were about: that is another rule's
  const isKnown = boot.words.slice(-4).some((one) => LAST_WORDS.some(({ pattern }) => pattern.test(one.text)));
  const found = isKnown ? undefined : explain(boot.failed, boot.words);
  if (found === undefined) return undefined;
  const isLast = found.words === undefined || areLast(found.words, boot.words, ending, products);
  return { ending: { ...ending, exit }, ...found, isLast };
}

/** A shell runs one command after the other: what it writes later is about something else. */
const SHELL = /^-?(?:ba|da|a|z|k|mk)?sh$|^busybox$/;
/** Words of a script that ends over what failed before. */
const GIVING_UP =
  /\bg(?:ive|iving|ave) up\b|\babort|\bexiting\b|\bquitting\b|\bretr(?:y|ies)\b|\b(?:tries|attempts)\b|\btime(?:d )?-?out\b/i;

/** Did the program end over these words? Not if something else was spoken of after them, or if time passed. */
export function areLast(words: Words, all: readonly Words[], ending: Failure, { runs }: Products): boolean {
  // a program that goes on about it, and a script that says that a step failed, are still at it
  const isFollowed = all.some(
    ({ order, tgid, text }) =>
      order > words.order &&
      (tgid !== words.tgid || SHELL.test(words.comm)) &&
      !COMPLAINT.test(text) &&
      !GIVING_UP.test(text),
  );
  return !isFollowed && !(runs.when(ending.evidence) - runs.when(words.evidence) > AT_ONCE);
}

/** The failed call that the program ended over. */
export function complaintOf(products: Products): Complaint | undefined {
  const complaint = lastComplaint(products);
  return complaint?.isLast === true ? complaint : undefined;
}

/** Errors that a program sees when runsc keeps it from a file of the host. */
const KEPT_FROM = new Set([1, 6, 13, 19, 111]);
/** Milliseconds between the refusal in the gofer and the answer in the sentry. */
const REFUSAL_SLACK = 1000;

/** Is this call the one that runsc refused with the words of that record: the same path, else the same moment? */
export function isRefusal(
  { call }: Complaint,
  refused: {
    readonly captures: Readonly<Record<string, string | undefined>>;
    readonly evidence: FailedCall['evidence'];
  },
  { runs }: Products,
): boolean {
  if (!KEPT_FROM.has(call.errno)) return false;
  const object = objectOf(call);
  if (object !== '') return object === refused.captures['path'];
  if (!isUnixSocket(call)) return false;
  const apart = Math.abs(runs.when(call.evidence) - runs.when(refused.evidence));
  return !(apart > REFUSAL_SLACK);
}

/** Is a path that, or below it? */
export const isBelow = (path: string, folder: string): boolean =>
  folder !== '' && (path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));

/** Calls of a trace that explain something: of a native trace those, of runsc's where the program failed in the end. */
export function refusedCalls(products: Products, complains: boolean): readonly RefusedCall[] {
  const ending = endingOf(products);
  const exit = ending?.exit;
  // whatever was refused to a program before somebody ended it, it did not end over that
  const isSent =
    ending !== undefined &&
    exit !== undefined &&
    (isStopped(products, exit) || senderOf(products, ending) !== undefined);
  // An excerpt without an end: what the program says of it stands for the failure.
  const failed = exit === undefined ? complains : !isSent && (exit.signal !== null || (exit.status ?? 0) !== 0);
  // Calls that a page shows broken over several lines are no records.
  const broken = tellingsOf(products.tellings, ['broken-call']).map(({ captures, evidence, order }) => {
    const { name = '', args = '', errno = '' } = captures;
    return { name, args, errno, isNative: false, wentOn: false, evidence, order };
  });
  if (broken.length > 0 && failed) return broken;
  return [...products.refusals].flatMap(([source, { refused, endedWell }]) => {
    const words = exit === undefined ? [] : (products.calls.get(source)?.words ?? []);
    return refused
      .filter((call) => (call.isNative ? !endedWell : failed))
      .flatMap((call) => {
        if (!call.wentOn) return [call];
        // its process did without: the call counts if somebody speaks of it, and not if the last words are about something else
        const after = words.filter(({ evidence }) => evidence.line > call.evidence.line);
        const isTold = after.some(({ text }) => isAbout(text, call));
        return isTold ? [{ ...call, wentOn: false }] : after.length > 0 ? [] : [call];
      });
  });
}

/** Does a text speak of a refused call: by its name, or by the words for the error? */
function isAbout(text: string, { name, errno }: RefusedCall): boolean {
  return text.includes(name) || speaksOfErrno(text, errnoNumberOf(errno) ?? 0, errno);
}
