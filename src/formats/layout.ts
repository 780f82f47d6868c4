/** Lays text out for a screen: wrapping, numbers, durations, names of sources. No colours but those it is handed. */
import { basename } from 'node:path';
import { printable } from './printable.js';

/** Where text goes: how wide, and how words are emphasised (identity where colours are off). */
export type Screen = {
  readonly width: number;
  readonly paint: (style: Style, text: string) => string;
};
export type Style = 'bad' | 'warn' | 'good' | 'strong' | 'faint';

/** Plain text at 80 columns: pipes, tests, NO_COLOR. */
export const PLAIN: Screen = { width: 80, paint: (_style, text) => text };

/** Wraps at single blanks; a word that is longer than the line is broken. The first line may have another width. */
export function wrap(text: string, width: number, firstWidth = width): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  const room = (): number => (lines.length === 0 ? firstWidth : width);
  for (const word of text.split(' ')) {
    if (line !== undefined && line.length + 1 + word.length <= room()) {
      line += ` ${word}`;
      continue;
    }
    if (line !== undefined) lines.push(line);
    line = word;
    while (line.length > room()) {
      const cut = room();
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  lines.push(line ?? '');
  return lines;
}

/** A labelled paragraph: the label in its column, the text wrapped beside it. */
export function labelled(label: string, text: string, column: number, screen: Screen, indent = 2): string[] {
  const pad = ' '.repeat(indent);
  return wrap(text, Math.max(20, screen.width - indent - column)).map(
    (line, index) =>
      pad +
      (index === 0
        ? (label === '' ? '' : screen.paint('strong', label)) + ' '.repeat(Math.max(1, column - label.length))
        : ' '.repeat(column)) +
      line,
  );
}

/** `317,204`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 file`, `3 files`. */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** Nanoseconds with three digits that matter: `480ns`, `15.4µs`, `2.13s`, `7m35s`. */
export function duration(nanos: number): string {
  if (nanos >= 60e9) {
    const seconds = Math.round(nanos / 1e9);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}m${String(seconds % 60).padStart(2, '0')}s`;
    return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
  }
  const [unit, scale] = nanos >= 1e9 ? ['s', 1e9] : nanos >= 1e6 ? ['ms', 1e6] : nanos >= 1e3 ? ['µs', 1e3] : ['ns', 1];
  const value = nanos / (scale as number);
  const digits = value >= 100 || unit === 'ns' ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit}`;
}

/** `1.5 MB`; SI, as disks and logs are measured. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} bytes`;
  const [unit, scale] = value >= 1e9 ? ['GB', 1e9] : value >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  return `${(value / (scale as number)).toFixed(1)} ${unit as string}`;
}

/** `31 %`, `0.7 %`, `<0.1 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.05) return '<0.1 %';
  return value < 9.95 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

const ROLE = /^runsc\.log\.(?:.*\.)?\d{8}-\d{6}\.\d+\.([a-z-]+)(?:\.txt)?(?:\.gz)?$/;

/**
 * Short names of sources, unique among them: the runsc command for a name of runsc's own (`create`, `boot`), else the
 * base name, else the path.
 */
export function shortNames(sources: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const unique = new Set(sources);
  for (const form of [
    (s: string) => ROLE.exec(basename(s))?.[1] ?? basename(s),
    (s: string) => basename(s),
    (s: string) => s,
  ]) {
    const taken = new Map<string, number>();
    for (const source of unique) if (!names.has(source)) taken.set(form(source), (taken.get(form(source)) ?? 0) + 1);
    for (const source of unique) {
      const name = form(source);
      if (!names.has(source) && taken.get(name) === 1 && ![...names.values()].includes(name)) names.set(source, name);
    }
  }
  return names;
}

/**
 * Short names cut to so many characters, so that they still tell the logs apart: where base names are too long for that, the folders
 * do (`web/boot`), and what is still too long loses its middle.
 */
export function tellingNames(names: ReadonlyMap<string, string>, room: number): ReadonlyMap<string, string> {
  const isLong = [...names.values()].some((name) => name.length > room);
  const ends = new Map<string, number>();
  const inFolder = (source: string): string => {
    const parts = source.split('/');
    const [name = '', folder] = [parts.pop(), parts.pop()];
    const role = ROLE.exec(name)?.[1] ?? name;
    return folder === undefined || folder === '' ? role : `${folder}/${role}`;
  };
  for (const source of names.keys()) ends.set(inFolder(source), (ends.get(inFolder(source)) ?? 0) + 1);
  return new Map(
    [...names].map(([source, name]) => {
      const told = isLong && ends.get(inFolder(source)) === 1 ? inFolder(source) : name;
      const text = printable(told);
      const tail = Math.ceil((room * 2) / 3);
      return [source, text.length <= room ? text : `${text.slice(0, room - tail - 1)}…${text.slice(-tail)}`];
    }),
  );
}

/** `08:07:51.681388` of an ISO time. */
export function clockOf(time: string | null): string {
  return /T(\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(time ?? '')?.[1] ?? '';
}
