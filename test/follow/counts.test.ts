/** Every line is counted once, whatever happens to files between the last state of a killed run and the first look of the next. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Folder } from '../../src/follow/folder.js';
import { LossTeller } from '../../src/follow/losses.js';
import { Live, newFolder, pause } from './live.js';

/** So many lines of a trace; those of another `name` begin otherwise. */
const lines = (name: string, count: number): string =>
  Array.from(
    { length: count },
    (_, at) =>
      `D1126 06:41:34.${String(at).padStart(6, '0')}    3179 strace.go:605] [   1:   1] ${name} X read(0x3 /etc/passwd, 0x7f0, 0x1000) = 0 (0x0) (1.5µs)\n`,
  ).join('');

/** What a run had counted when it was killed, what was done then, and what the next one counts. */
class Restart {
  readonly folder = newFolder();
  readonly state = join(dirname(this.folder), 'state.json');
  readonly metrics = join(dirname(this.folder), 'runsight.prom');

  path(name: string): string {
    return join(this.folder, name);
  }

  start(): Promise<Live> {
    return Live.start({ state: this.state, metrics: this.metrics }, this.folder);
  }

  /** Lines in the state file. */
  #inState(): number {
    const { gone, files } = JSON.parse(readFileSync(this.state, 'utf8')) as {
      gone: { lines: number };
      files: readonly { counts: { lines: number } }[];
    };
    return files.reduce((sum, { counts }) => sum + counts.lines, gone.lines);
  }

  /** Ends a run as kill -9 would, once its state holds so many lines. */
  async kill(live: Live, counted: number): Promise<void> {
    const isThere = await live.until(() => {
      try {
        return this.#inState() === counted;
      } catch {
        return false;
      }
    });
    expect(isThere).toBe(true);
    const state = readFileSync(this.state);
    await live.end();
    writeFileSync(this.state, state);
  }

  /** Lines that the last run counted in all, those of runs before it included. */
  counted(): number {
    return Number(/^runsight_read_lines_total (\d+)$/m.exec(readFileSync(this.metrics, 'utf8'))?.[1]);
  }

  async next(): Promise<Live> {
    const live = await this.start();
    await pause(300);
    await live.end();
    return live;
  }

  remove(): void {
    rmSync(dirname(this.folder), { recursive: true });
  }
}

const VANISHED = expect.stringContaining('vanished while nobody followed') as string;

describe('between a kill and the next run, a file that was counted', () => {
  it.concurrent.each<{ what: string; act: (run: Restart) => void; more: number; told?: readonly string[] }>([
    { what: 'stands', act: () => undefined, more: 0 },
    { what: 'grows', act: (run) => appendFileSync(run.path('a.boot.txt'), lines('more', 5)), more: 5 },
    { what: 'is deleted', act: (run) => rmSync(run.path('a.boot.txt')), more: 0, told: [VANISHED] },
    {
      what: 'is renamed, and another one takes its name',
      act(run) {
        renameSync(run.path('a.boot.txt'), run.path('a.boot.txt.1'));
        writeFileSync(run.path('a.boot.txt'), lines('next', 7));
      },
      more: 7,
    },
    {
      what: 'is moved to another file system',
      act(run) {
        copyFileSync(run.path('a.boot.txt'), run.path('kept.txt'));
        rmSync(run.path('a.boot.txt'));
      },
      more: 0,
    },
    {
      what: 'grows, is copied and emptied, and goes on',
      act(run) {
        appendFileSync(run.path('a.boot.txt'), lines('more', 5));
        copyFileSync(run.path('a.boot.txt'), run.path('a.boot.txt.1'));
        truncateSync(run.path('a.boot.txt'), 0);
        appendFileSync(run.path('a.boot.txt'), lines('next', 7));
      },
      more: 12,
    },
    {
      what: 'is copied under a name that comes before its own, and emptied',
      act(run) {
        copyFileSync(run.path('a.boot.txt'), run.path('0.txt'));
        truncateSync(run.path('a.boot.txt'), 0);
        appendFileSync(run.path('a.boot.txt'), lines('next', 7));
      },
      more: 7,
    },
    {
      what: 'is emptied without a copy, and goes on',
      act(run) {
        truncateSync(run.path('a.boot.txt'), 0);
        appendFileSync(run.path('a.boot.txt'), lines('next', 7));
      },
      more: 7,
      told: [VANISHED],
    },
    {
      what: 'is deleted, and its number is that of a new file',
      act(run) {
        const text = readFileSync(run.state, 'utf8');
        const { dev, ino } = statSync(run.path('a.boot.txt'));
        rmSync(run.path('a.boot.txt'));
        writeFileSync(run.path('new.boot.txt'), lines('new', 7));
        writeFileSync(run.state, text.replace(`${dev}:${ino}`, `${dev}:${statSync(run.path('new.boot.txt')).ino}`));
      },
      more: 7,
      told: [VANISHED],
    },
  ])('$what', async ({ act, more, told = [] }) => {
    const run = new Restart();
    const first = await run.start();
    writeFileSync(run.path('a.boot.txt'), lines('a', 100));
    writeFileSync(run.path('b.boot.txt'), lines('b', 50));
    await run.kill(first, 150);
    act(run);
    const live = await run.next();
    expect(run.counted()).toBe(150 + more);
    expect(live.all('loss').map(({ why }) => why)).toEqual(told);
    // and once more
    await run.next();
    expect(run.counted()).toBe(150 + more);
    run.remove();
  });

  it('is one of many that are deleted: they are told by their number', async () => {
    const run = new Restart();
    const first = await run.start();
    for (let at = 0; at < 12; at++) writeFileSync(run.path(`${at}.boot.txt`), lines(`n${at}`, 10));
    await run.kill(first, 120);
    for (let at = 0; at < 12; at++) rmSync(run.path(`${at}.boot.txt`));
    const live = await run.next();
    expect(run.counted()).toBe(120);
    expect(live.all('loss').map(({ source, why, count }) => [source, why, count])).toEqual([
      [run.folder, VANISHED, 12],
    ]);
    run.remove();
  });

  it('is in a folder that is not there yet', async () => {
    const run = new Restart();
    const first = await run.start();
    writeFileSync(run.path('a.boot.txt'), lines('a', 100));
    await run.kill(first, 100);
    renameSync(run.folder, `${run.folder}.away`);
    const live = await run.start();
    await pause(300);
    renameSync(`${run.folder}.away`, run.folder);
    await live.until(() => false, 2500);
    await live.end();
    expect(run.counted()).toBe(100);
    expect(live.all('loss')).toEqual([]);
    run.remove();
  });
});

describe('before a kill, a file that was counted', () => {
  it.concurrent.each<{ what: string; act: (run: Restart) => void | Promise<void> }>([
    {
      what: 'was copied and emptied: its copy stands, and is not counted again',
      act(run) {
        copyFileSync(run.path('a.boot.txt'), run.path('a.boot.txt.1'));
        truncateSync(run.path('a.boot.txt'), 0);
      },
    },
    {
      what: 'was copied and emptied, and its copy deleted',
      async act(run) {
        copyFileSync(run.path('a.boot.txt'), run.path('a.boot.txt.1'));
        truncateSync(run.path('a.boot.txt'), 0);
        await pause(500);
        rmSync(run.path('a.boot.txt.1'));
      },
    },
    { what: 'was deleted', act: (run) => rmSync(run.path('a.boot.txt')) },
  ])('$what', async ({ act }) => {
    const run = new Restart();
    const first = await run.start();
    writeFileSync(run.path('a.boot.txt'), lines('a', 100));
    await first.until(() => run.counted() === 100, 500).catch(() => false);
    await pause(200);
    await act(run);
    appendFileSync(run.path('a.boot.txt'), lines('next', 7));
    await pause(200);
    await run.kill(first, 107);
    await run.next();
    expect(run.counted()).toBe(107);
    run.remove();
  });
});

describe('of a file that was there before anybody asked and is read from its end', () => {
  it('no later run reads more', async () => {
    const run = new Restart();
    writeFileSync(run.path('a.boot.txt'), lines('a', 80_000));
    const first = await Live.start({ state: run.state, metrics: run.metrics, from: 'end' }, run.folder);
    await pause(1500);
    await first.end();
    const before = run.counted();
    expect(before).toBeLessThan(60_000);
    await run.next();
    expect(run.counted()).toBe(before);
    run.remove();
  });
});

describe('a file that is read in turns', () => {
  const open = async (path: string): Promise<{ folder: Folder; losses: LossTeller; read: () => Promise<boolean> }> => {
    const losses = new LossTeller();
    const folder = new Folder(path, { tallies: false, recorder: 0 }, losses, true);
    await folder.look(Date.now(), false);
    return {
      folder,
      losses,
      read: async () => {
        let isMore = false;
        for (const entry of folder.entries.values()) {
          if (await folder.read(entry, Date.now(), 1)) isMore = true;
          else entry.source.settle();
        }
        return isMore;
      },
    };
  };
  const all = lines('a', 3000);

  it('and emptied without a copy before it was read is told as a loss of so many bytes', async () => {
    const root = newFolder();
    const path = join(root, 'a.boot.txt');
    writeFileSync(path, all);
    const { folder, losses, read } = await open(root);
    expect(await read()).toBe(true);
    const { bytes } = folder.counts();
    truncateSync(path, 0);
    appendFileSync(path, lines('next', 7));
    while (await read());
    const [loss, ...others] = losses.drain();
    expect(others).toEqual([]);
    expect(loss?.why).toContain('emptied before it was read');
    // what was read and not taken for whole is in neither
    expect(Math.abs((loss?.count ?? 0) + bytes - Buffer.byteLength(all))).toBeLessThan(200);
    folder.close();
  });

  it('and emptied and filled beyond what was read goes on at its beginning', async () => {
    const root = newFolder();
    const path = join(root, 'a.boot.txt');
    writeFileSync(path, all);
    const { folder, losses, read } = await open(root);
    while (await read());
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    appendFileSync(path, lines('next', 4000));
    while (await read());
    expect(folder.counts().lines).toBe(7000);
    expect(losses.drain()).toEqual([]);
    folder.close();
  });

  it('and copied by somebody who takes his time is no second log', async () => {
    const root = newFolder();
    const path = join(root, 'a.boot.txt');
    writeFileSync(path, all);
    const { folder, losses, read } = await open(root);
    while (await read());
    for (const part of ['', all.slice(0, 1000), all.slice(1000)]) {
      appendFileSync(`${path}.1`, part);
      await folder.look(Date.now(), false);
      while (await read());
    }
    truncateSync(path, 0);
    appendFileSync(path, lines('next', 7));
    while (await read());
    expect(folder.counts().lines).toBe(3007);
    expect(losses.drain()).toEqual([]);
    folder.close();
  });

  it('and let go, then deleted, stays in the counts; and goes on where it grows', async () => {
    const root = newFolder();
    const path = join(root, 'a.boot.txt');
    writeFileSync(path, lines('a', 20));
    const { folder, read } = await open(root);
    while (await read());
    const release = (): void => {
      for (const entry of folder.entries.values()) folder.release(entry);
    };
    release();
    expect(folder.counted().files.map(({ counts }) => counts.lines)).toEqual([20]);
    appendFileSync(path, lines('a', 30));
    await folder.look(Date.now(), false);
    while (await read());
    expect(folder.counts().lines).toBe(50);
    expect(folder.counted().files.map(({ counts }) => counts.lines)).toEqual([50]);
    release();
    rmSync(path);
    mkdirSync(join(root, 'other'));
    await folder.look(Date.now(), false);
    expect(folder.counted().files).toEqual([]);
    expect(folder.counted().gone.lines).toBe(50);
    folder.close();
  });

  it('and gone before it was opened is told', async () => {
    const root = newFolder();
    const { folder, losses } = await open(root);
    const path = join(root, 'a.boot.txt');
    writeFileSync(path, all);
    const { list } = folder.watch;
    folder.watch.list = () => {
      const found = list.call(folder.watch);
      rmSync(path, { force: true });
      return found;
    };
    await folder.look(Date.now(), false);
    await folder.look(Date.now(), false);
    expect(losses.drain()).toEqual([
      { source: path, why: 'deleted before it was read: so many bytes', count: Buffer.byteLength(all) },
    ]);
    folder.close();
  });
});
