// Damage for logs, by a seeded chance: what disks, editors, rotations and hostile programs do to them.

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SNIPPETS = [
  '\n',
  '\n\n',
  '\r\n',
  '\0\0\0\0',
  '}{',
  '{"msg":"',
  '{"log":"x","level":"info","time":"2026-01-02T03:04:05Z"}',
  '"}',
  '\\',
  '"',
  '\n*** Dropped 17 log messages ***\n',
  '\npanic: oops\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1\n',
  '\nI1123 22:27:15.478394       1 x:0] ',
  '\nI1123 22:27:15.478394       1 strace.go:599] [   1:   2] a X kill(1) = (',
  ' X kill(1) = 0 (0x0) (1us)\n',
  ') = 0 (0x0) errno=2 (no such file or directory) (1.7µs)\n',
  '\nW1123 22:20:55.212767    2944 util.go:64] FATAL ERROR: starting: EOF\nstarting: EOF\n',
  'unable to read from the sync descriptor: 0, error EOF\n',
  '1234 read(3, "abc", 10) = 3\n',
  '***************************',
  'µ',
  '\xff\xfe',
];

/** Bytes of one of several sorts of garbage. */
export function garbage(length, random) {
  const bytes = Buffer.alloc(length);
  const sort = Math.floor(random() * 4);
  const alphabet = Buffer.from(' ()[]{}:.,=-_019axzEXIWD"\\\n\r\t\0µ');
  for (let at = 0; at < length; at++) {
    if (sort === 0) bytes[at] = Math.floor(random() * 256);
    else if (sort === 1) bytes[at] = alphabet[Math.floor(random() * alphabet.length)];
    else if (sort === 2) bytes[at] = random() < 0.1 ? 10 : 0;
    else bytes[at] = random() < 0.02 ? 10 : 32 + Math.floor(random() * 224);
  }
  return bytes;
}

function linesOf(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(at, end));
    at = end;
  }
  return lines;
}

const DAMAGES = [
  function flip(bytes, random) {
    const copy = Buffer.from(bytes);
    for (let n = 1 + Math.floor(random() * 30); n > 0; n--) {
      copy[Math.floor(random() * copy.length)] = random() < 0.3 ? 10 : Math.floor(random() * 256);
    }
    return copy;
  },
  function cut(bytes, random) {
    const at = Math.floor(random() * bytes.length);
    return random() < 0.5 ? bytes.subarray(0, at) : bytes.subarray(at);
  },
  function lose(bytes, random) {
    const at = Math.floor(random() * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 200))]);
  },
  function insert(bytes, random) {
    const at = Math.floor(random() * bytes.length);
    const snippet = SNIPPETS[Math.floor(random() * SNIPPETS.length)];
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(snippet, 'latin1'), bytes.subarray(at)]);
  },
  function insertBetweenLines(bytes, random) {
    const lines = linesOf(bytes);
    const snippet = SNIPPETS[Math.floor(random() * SNIPPETS.length)];
    lines.splice(Math.floor(random() * lines.length), 0, Buffer.from(snippet));
    return Buffer.concat(lines);
  },
  function shuffleLines(bytes, random) {
    const lines = linesOf(bytes);
    for (let n = 1 + Math.floor(random() * 10); n > 0; n--) {
      const line = lines[Math.floor(random() * lines.length)];
      if (line === undefined) break;
      const kind = random();
      const at = Math.floor(random() * lines.length);
      if (kind < 0.4) lines.splice(at, 1);
      else lines.splice(at, 0, line);
    }
    return Buffer.concat(lines);
  },
  function joinLines(bytes, random) {
    const lines = linesOf(bytes);
    for (let n = 1 + Math.floor(random() * 10); n > 0; n--) {
      const at = Math.floor(random() * lines.length);
      const line = lines[at];
      if (line !== undefined && line[line.length - 1] === 10) lines[at] = line.subarray(0, -1);
    }
    return Buffer.concat(lines);
  },
  function windows(bytes) {
    return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  },
  function blankLines(bytes, random) {
    const lines = linesOf(bytes);
    return Buffer.concat(lines.flatMap((line) => (random() < 0.05 ? [line, Buffer.from('\n')] : [line])));
  },
];

/** A log with one to four damages. */
export function damaged(bytes, random) {
  let result = bytes;
  for (let n = 1 + Math.floor(random() * 4); n > 0 && result.length > 0; n--) {
    result = DAMAGES[Math.floor(random() * DAMAGES.length)](result, random);
  }
  return result;
}

/** Sizes of chunks: now and then a single byte, else anything up to 8 KiB. */
export function chunkSizes(random) {
  const most = [1, 2, 7, 64, 1000, 8192, 100_000][Math.floor(random() * 7)];
  return () => 1 + Math.floor(random() * most);
}
