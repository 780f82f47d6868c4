/**
 * What a process runs, by name: the executable, the script that an interpreter runs, the applet of a multi-call binary, each with the
 * names that stand for the same thing (`python3.11` is python3 and python, `nc.openbsd` is nc).
 */

import type { Memory } from '../expressions/fields.js';

/** The base name of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Executables that are many programs: which one is told by their first argument. */
const MULTI_CALL = new Set(['busybox', 'toybox']);

/** Executables whose argument is the program. */
const INTERPRETER =
  /^(?:(?:ba|da|z|k|a|mk|fi)?sh|python[\d.]*|pypy[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|php[\d.]*|lua(?:jit)?[\d.]*|tclsh[\d.]*|guile[\d.]*|Rscript|deno|bun)$/;

const TARGET =
  /^(?:x86_64|i[3-6]86|aarch64|arm|armv7l|riscv64|powerpc64le|s390x)-(?:[a-z]+-)?linux-(?:gnu|musl)(?:[a-z]+)?-/;
const SUFFIX = /\.(?:openbsd|traditional|distrib|real|gnu|dpkg-real|py|sh|pl|rb|js)$/;
const VERSION = /^(.*?[a-zA-Z+])-?\d+(?:\.\d+)*$/;
const AWKS = new Set(['mawk', 'gawk', 'original-awk', 'nawk']);

/** A name and those it stands for; the full name is compared first, so that `7z` and `dnscat2` stay what they are. */
export function namesOf(name: string): readonly string[] {
  const names = [name];
  const add = (one: string | undefined): void => {
    if (one !== undefined && one !== '' && !names.includes(one)) names.push(one);
  };
  let plain = name;
  if (TARGET.test(plain)) add((plain = plain.replace(TARGET, '')));
  if (SUFFIX.test(plain)) add((plain = plain.replace(SUFFIX, '')));
  const [, stem] = VERSION.exec(plain) ?? [];
  if (stem !== undefined) {
    // python3.11 is python3, too
    add(/^.*?[a-zA-Z+]-?\d+(?=\.)/.exec(plain)?.[0]);
    add(stem);
  }
  if (AWKS.has(plain)) add('awk');
  return names;
}

/** What an exec starts. */
export type Program = {
  /** Path of the executable, as far as the log tells it. */
  readonly exe: string | null;
  /** Names of the executable, or of the applet that it is. */
  readonly exeNames: readonly string[];
  /** Path of the script that the executable interprets. */
  readonly script: string | null;
  /** Names of both. */
  readonly names: readonly string[];
  readonly argv: readonly string[];
  /** Was it started as the applet of a multi-call binary? */
  readonly isApplet: boolean;
  /** The arguments with blanks between them, once they were asked for. */
  cmdline?: string;
  /** What conditions on it said. */
  memory?: Memory;
};

export const NO_PROGRAM: Program = { exe: null, exeNames: [], script: null, names: [], argv: [], isApplet: false };

/** Programs that were started, equal ones as one: what conditions say of it is asked once. */
export class ProgramTable {
  readonly #programs = new Map<string, Program>();

  /** The program of an exec that `make` makes out of its arguments and what `place` says: where it stands, and what leads there. */
  started(argv: readonly string[], place: string, make: () => Program): Program {
    const known = this.#started.get(argv);
    if (known?.place === place) return known.program;
    const program = this.same(make());
    this.#started.set(argv, { place, program });
    return program;
  }
  /** Lists of arguments that are equal are mostly one (`WordLists`). */
  readonly #started = new WeakMap<readonly string[], { readonly place: string; readonly program: Program }>();

  same(program: Program): Program {
    const { exe, script, exeNames, argv, isApplet } = program;
    if (argv.length > SAME_ARGUMENTS) return program;
    // texts with their lengths: what is printed may hold anything
    let key = `${isApplet} ${exe?.length} ${exe} ${script?.length} ${script} ${exeNames.length}`;
    for (const one of exeNames) key += ` ${one.length} ${one}`;
    for (const one of argv) key += ` ${one.length} ${one}`;
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    if (this.#programs.size >= SAME_PROGRAMS) this.#programs.clear();
    this.#programs.set(key, program);
    return program;
  }
}
const SAME_PROGRAMS = 1024;
/** What is started with more arguments is seldom started twice. */
const SAME_ARGUMENTS = 64;

/**
 * The program of an executable and its arguments. `isOwn`: it was started as /proc/self/exe; by another name it is an applet of a
 * multi-call binary that goes by the name of another applet.
 */
export function programOf(
  path: string | null,
  argv: readonly string[],
  resolve: (path: string) => string,
  isOwn = false,
): Program {
  if (path === null) return { ...NO_PROGRAM, argv };
  // a number alone would be no name
  const base = /\/(fd\/\d+)$/.exec(path)?.[1] ?? baseName(path);
  const called = baseName(argv[0] ?? '').replace(/^-/, '');
  const isApplet = isOwn && called !== '' && called !== base && (SHELL.test(base) || MULTI_CALL.has(called));
  if (MULTI_CALL.has(base) || isApplet) {
    const first = baseName(argv[0] ?? base).replace(/^-/, '');
    const isNamed = MULTI_CALL.has(first);
    const applet = (isNamed ? baseName(argv[1] ?? first) : first) || base;
    const exeNames = namesOf(applet);
    const script = SHELL.test(applet) ? scriptOf(argv.slice(isNamed ? 2 : 1)) : null;
    return withScript({ exe: path, exeNames, script: null, names: exeNames, argv, isApplet: true }, script, resolve);
  }
  const exeNames = namesOf(base.replace(/ \(deleted\)$/, ''));
  const program: Program = { exe: path, exeNames, script: null, names: exeNames, argv, isApplet: false };
  return withScript(program, INTERPRETER.test(base) ? scriptOf(argv.slice(1)) : null, resolve);
}

/** Names of shells. */
export const SHELL = /^(?:ba|da|z|k|a|mk)?sh$/;

/** What `#!/usr/bin/env python3 -u` names: the executable that runs the script. */
export function interpreterOf(text: string): string | undefined {
  const [, line = ''] = /^#![ \t]*([^\r\n]*)/.exec(text) ?? [];
  const [path, ...words] = line.trim().split(/[ \t]+/);
  if (path === undefined || !path.startsWith('/')) return undefined;
  if (baseName(path) !== 'env') return path;
  const word = words.find((one) => !one.startsWith('-') && !one.includes('='));
  return word === undefined ? path : word.startsWith('/') ? word : `/usr/bin/${word}`;
}

/** The program that a script turns out to be once its first line is read. */
export function scriptProgram(program: Program, interpreter: string): Program {
  const { exe, argv } = program;
  const exeNames = namesOf(baseName(interpreter));
  const names = [...exeNames, ...program.names.filter((one) => !exeNames.includes(one))];
  return { exe: interpreter, exeNames, script: exe, names, argv, isApplet: false };
}

function withScript(program: Program, script: string | null, resolve: (path: string) => string): Program {
  if (script === null) return program;
  const more = namesOf(baseName(script)).filter((one) => !program.exeNames.includes(one));
  return { ...program, script: resolve(script), names: [...program.exeNames, ...more] };
}

/** Options of interpreters that take a value. */
const VALUED = /^-(?:[XWrImo]|-require|-loader|-import)$/;

/** The first argument that is no option; none where the text of a program is given. */
function scriptOf(args: readonly string[]): string | null {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '-m') return args[at + 1] ?? null;
    if (/^-[a-zA-Z]*[ceErp]$/.test(arg) && !/^-[a-z]*[WXI]/.test(arg)) return null;
    if (arg.startsWith('-') && arg !== '-') {
      if (VALUED.test(arg)) at++;
      continue;
    }
    return arg === '-' || arg === '' ? null : arg;
  }
  return null;
}
