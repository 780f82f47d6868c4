/** Seeded faults: readers that are wrong in one way each. A property that catches none of them is decoration. */
import { compileReader, type Part, type Production, type Reader } from '../../grammars/compile.js';
import { emit } from '../../grammars/record.js';
import { nanosOfDuration, printEnter, printExit, taskLog } from '../../grammars/syscall.js';
import { headerEnd, isHeaderAt } from '../../src/input/header.js';
import { scanning, type HeaderReader, type RowReader } from '../events/agreement.js';
import type { Row } from '../tools/byte-source.js';

/** A production in which one terminal has another pattern. */
function withPattern(rule: Production, terminal: string, pattern: string): Production {
  const changed = (parts: readonly Part[]): readonly Part[] =>
    parts.map((part): Part => {
      if (part.part === 'optional') return { ...part, parts: changed(part.parts) };
      if (part.part === 'choice') return { ...part, options: part.options.map(changed) };
      if (part.part === 'literal' || part.terminal.name !== terminal) return part;
      return { ...part, terminal: { ...part.terminal, pattern } };
    });
  return { name: rule.name, parts: changed(rule.parts) };
}

/** A production without the last of its parts. */
function withoutEnd(rule: Production): Production {
  return { name: rule.name, parts: [...rule.parts.slice(0, -1), { part: 'optional', parts: rule.parts.slice(-1) }] };
}

/** The sound reader, with its answer changed. */
function changing(rule: Production, change: (fields: Record<string, string | undefined>) => void): Reader {
  const read = compileReader(rule);
  return (text) => {
    const fields = read(text);
    if (fields === undefined) return undefined;
    const changed = { ...fields };
    change(changed);
    for (const name of Object.keys(changed)) if (changed[name] === undefined) delete changed[name];
    return changed;
  };
}

/** Faults of readers of strings, by the production that they read. */
export const READER_FAULTS: readonly { readonly fault: string; readonly rule: Production; readonly fast: Reader }[] = [
  {
    fault: 'the value is read as the errno',
    rule: printExit,
    fast: changing(printExit, (fields) => (fields['errno'] = fields['value'])),
  },
  {
    fault: 'the arguments end at the first result, not at the last',
    rule: printExit,
    fast: compileReader(
      withPattern(printExit, 'errnoText', '[\\s\\S]{1,300}?') && {
        name: 'printExit',
        parts: [...withPattern(printExit, 'exitArguments', '[^)]+').parts.slice(0, -1), { part: 'literal', text: ')' }],
      },
    ),
  },
  {
    fault: 'an exit that is cut before its last parenthesis is taken',
    rule: printExit,
    fast: compileReader(withoutEnd(printExit)),
  },
  {
    fault: 'an enter that is cut before its last parenthesis is taken',
    rule: printEnter,
    fast: compileReader(withoutEnd(withPattern(printEnter, 'enterArguments', '[\\s\\S]+?(?=\\)?$)'))),
  },
  {
    fault: 'the text of an errno ends at its first parenthesis',
    rule: printExit,
    fast: compileReader(withPattern(printExit, 'errnoText', '[^()\\n]{1,200}')),
  },
  {
    fault: 'minutes are lost',
    rule: printExit,
    fast: changing(printExit, (fields) => (fields['elapsed'] = fields['elapsed']?.replace(/\d+m(?=\d)/, ''))),
  },
  {
    fault: 'the micro sign is the ASCII one only',
    rule: printExit,
    fast: compileReader(
      withPattern(printExit, 'duration', '(?:[0-9]+h)?(?:[0-9]+m)?[0-9]+(?:\\.[0-9]+)?(?:ns|us|ms|s)'),
    ),
  },
  {
    fault: 'the name of a task ends at its first blank',
    rule: printEnter,
    fast: compileReader(withPattern(printEnter, 'enteringComm', '[^ ]{1,15}?(?= E [a-z0-9_]+\\()')),
  },
  {
    fault: 'the name of a task may be of any length',
    rule: printExit,
    fast: compileReader(withPattern(printExit, 'exitingComm', '[\\s\\S]{1,40}?(?= X [a-z0-9_]+\\()')),
  },
  {
    fault: 'arguments end at the end of the line',
    rule: printEnter,
    fast: compileReader(withPattern(printEnter, 'enterArguments', '[^\\n]+(?=\\)$)')),
  },
  {
    fault: 'ids of a nested namespace are lost',
    rule: taskLog,
    fast: changing(taskLog, (fields) => {
      fields['nestedTgid'] = undefined;
      fields['nestedTid'] = undefined;
    }),
  },
  {
    fault: 'the ids of a nested namespace are taken for the root’s',
    rule: taskLog,
    fast: changing(taskLog, (fields) => (fields['tid'] = fields['nestedTid'] ?? fields['tid'])),
  },
  {
    fault: 'the thirteenth month is one',
    rule: emit,
    fast: compileReader(withPattern(emit, 'monthDay', '[0-9]{4}')),
  },
  {
    fault: 'the file may hold blanks',
    rule: emit,
    fast: compileReader(withPattern(emit, 'fileName', '[^:\\n]+')),
  },
  {
    fault: 'a message of more than one line is cut',
    rule: emit,
    fast: changing(emit, (fields) => (fields['message'] = fields['message']?.split('\n')[0])),
  },
];

/** Faults of readers of durations. */
export const DURATION_FAULTS: readonly { readonly fault: string; readonly read: (text: string) => number }[] = [
  { fault: 'ms as µs', read: (text) => nanosOfDuration(text.replace(/ms$/, 'µs')) },
  { fault: 'the minutes of 2m3.4s', read: (text) => nanosOfDuration(text.replace(/\d+m(?=\d)/, '')) },
  { fault: 'hours as minutes', read: (text) => nanosOfDuration(text.replace('h', 'm')) },
  {
    fault: 'a fraction of any length as thousandths',
    read: (text) => nanosOfDuration(text.replace(/\.(\d{1,2})(?=\D)/, '.0$1')),
  },
  { fault: 'fractions dropped', read: (text) => nanosOfDuration(text.replace(/\.\d+/, '')) },
  { fault: '32 bits', read: (text) => nanosOfDuration(text) | 0 },
  { fault: 'floats', read: (text) => Math.fround(nanosOfDuration(text)) },
];

/** Faults of readers of headers in bytes. */
export const HEADER_FAULTS: readonly { readonly fault: string; readonly read: HeaderReader }[] = [
  {
    fault: 'fixed columns are enough',
    read: (buf, start, end) => (isHeaderAt(buf, start, end) ? buf.indexOf(93, start) + 2 : -1),
  },
  {
    fault: 'two blanks stand before a pid',
    read: (buf, start, end) => (buf[start + 22] === 32 ? headerEnd(buf, start, end) : -1),
  },
  {
    fault: 'the message may lack its blank',
    read: (buf, start, end) => {
      const padded = Buffer.concat([buf.subarray(0, end), Buffer.from(' ')]);
      return headerEnd(padded, start, end + 1);
    },
  },
  { fault: 'the place is one too far', read: (buf, start, end) => headerEnd(buf, start, end) + 1 || -1 },
  {
    fault: 'the place is that of the line, not of the buffer',
    read: (buf, start, end) => headerEnd(buf.subarray(start), 0, end - start),
  },
];

/** The sound scanner, with its rows changed. */
function rowsChanged(change: (row: Row, line: string) => Row): () => RowReader {
  return () => {
    const read = scanning();
    return (buf, start, end) => {
      const row = read(buf, start, end);
      return row === undefined ? undefined : change(row, buf.toString('utf8', start, end));
    };
  };
}

/** The sound scanner, and another that takes what it refuses. */
function alsoTaking(take: (line: string, mend: (line: string) => Row | undefined) => Row | undefined): () => RowReader {
  return () => {
    const read = scanning();
    return (buf, start, end) => {
      const mend = (line: string): Row | undefined => {
        const bytes = Buffer.from(line);
        return scanning()(bytes, 0, bytes.length);
      };
      return read(buf, start, end) ?? take(buf.toString('utf8', start, end), mend);
    };
  };
}

/** Faults of the scanner. */
export const ROW_FAULTS: readonly { readonly fault: string; readonly make: () => RowReader }[] = [
  { fault: 'task ids are one off', make: rowsChanged((row) => ({ ...row, tid: row.tid + 1 })) },
  { fault: 'the thread group is lost', make: rowsChanged((row) => ({ ...row, tgid: -1 })) },
  { fault: 'the thread group is the thread', make: rowsChanged((row) => ({ ...row, tgid: row.tid })) },
  { fault: 'task ids wrap at 16 bits', make: rowsChanged((row) => ({ ...row, tid: row.tid & 0xffff })) },
  { fault: 'errnos wrap at 8 bits', make: rowsChanged((row) => ({ ...row, errno: row.errno & 0xff })) },
  { fault: 'durations wrap at 32 bits', make: rowsChanged((row) => ({ ...row, elapsed: row.elapsed >>> 0 })) },
  {
    fault: 'ms are read as µs',
    make: rowsChanged((row, line) => (line.endsWith('ms)') ? { ...row, elapsed: row.elapsed / 1000 } : row)),
  },
  {
    fault: 'a name ends at its first underscore',
    make: rowsChanged((row) => ({ ...row, name: row.name.split('_')[0] ?? '' })),
  },
  { fault: 'enters and exits are exchanged', make: rowsChanged((row) => ({ ...row, isExit: !row.isExit })) },
  {
    fault: 'the errno of the line before stays',
    make: () => {
      const read = scanning();
      let before = 0;
      return (buf, start, end) => {
        const row = read(buf, start, end);
        if (row === undefined) return undefined;
        const { errno } = row;
        const changed = errno === 0 ? { ...row, errno: before } : row;
        before = errno;
        return changed;
      };
    },
  },
  {
    fault: 'the header is looked at once, and never again',
    make: () => {
      const read = scanning();
      let header = '';
      return (buf, start, end) => {
        const line = buf.toString('utf8', start, end);
        const row = read(buf, start, end);
        if (row !== undefined) header = line.slice(0, line.indexOf('] ') + 2);
        if (row !== undefined || header === '' || !line.includes('] [')) return row;
        const bytes = Buffer.from(`${header}${line.slice(line.indexOf('] [') + 2)}`);
        return scanning()(bytes, 0, bytes.length);
      };
    },
  },
  { fault: 'a cut exit is taken', make: alsoTaking((line, mend) => mend(`${line})`)) },
  { fault: 'a cut duration is taken', make: alsoTaking((line, mend) => mend(line.replace(/(\d)\)$/, '$1s)'))) },
  {
    fault: 'the first of two readings is taken',
    make: alsoTaking((line, mend) => {
      // Hides the second place where a call could begin.
      const first = / [EX] [a-z0-9_]+\(/.exec(line);
      if (first === null) return undefined;
      const end = first.index + first[0].length;
      return mend(line.slice(0, end) + line.slice(end).replaceAll(/ ([EX]) (?=[a-z0-9_]+\()/g, '_$1_'));
    }),
  },
  {
    fault: 'a name of 16 bytes is taken',
    make: alsoTaking((line, mend) => mend(line.replace(/\] [^ \n]([^\n]{15} [EX] [a-z0-9_]+\()/, '] $1'))),
  },
  {
    fault: 'a value without its hexadecimal form is taken',
    make: alsoTaking((line, mend) => mend(line.replace(/= (\d+) (?=\([^()]*\)$)/, '= $1 (0x1) '))),
  },
];
