/** Runs a program for each finding, with the finding on its standard input: no shell, and nothing of a log in its arguments. */
import { spawn } from 'node:child_process';
import type { LossTeller } from './losses.js';

/** Findings that wait for the program; beyond, they are counted and left out. */
const MOST_WAITING = 100;
/** Between two starts, in milliseconds. */
const EVERY = 200;
/** A program that runs longer is ended. */
const MOST_TIME = 30_000;
/** So long is waited for it at the end. */
const END_TIME = 5000;

export class Hook {
  readonly #waiting: string[] = [];
  #running: Promise<void> | undefined;
  #child: ReturnType<typeof spawn> | undefined;

  /** `command`: a program and its arguments. */
  constructor(
    readonly command: readonly string[],
    readonly losses: LossTeller,
    readonly every = EVERY,
  ) {}

  add(text: string): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.losses.tell('--exec', 'findings came faster than the program ran', 1);
      return;
    }
    this.#waiting.push(text);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      const begun = Date.now();
      await this.#one(text);
      const rest = this.every - (Date.now() - begun);
      if (rest > 0 && this.#waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  #one(text: string): Promise<void> {
    return new Promise((resolve) => {
      const [program = '', ...words] = this.command;
      let child: ReturnType<typeof spawn>;
      try {
        child = spawn(program, words, { stdio: ['pipe', 'ignore', 'inherit'], shell: false });
      } catch (error) {
        this.losses.tell('--exec', `the program could not be started: ${(error as Error).message}`, 1);
        resolve();
        return;
      }
      this.#child = child;
      let isOver = false;
      const timer = setTimeout(() => child.kill('SIGKILL'), MOST_TIME);
      const end = (why: string | undefined): void => {
        clearTimeout(timer);
        if (isOver) return;
        isOver = true;
        if (why !== undefined) this.losses.tell('--exec', why, 1);
        resolve();
      };
      child.on('error', (error) => end(`the program could not be started: ${error.message}`));
      child.on('close', (code, signal) =>
        end(code === 0 ? undefined : `the program ended with ${signal === null ? `status ${code}` : signal}`),
      );
      child.stdin?.on('error', () => undefined); // it need not read
      child.stdin?.end(text);
    });
  }

  /** Resolves when all that waited was handed over, or after a while: what is left then is counted. */
  async end(): Promise<void> {
    const timer = setTimeout(() => {
      const left = this.#waiting.splice(0).length;
      if (left > 0) this.losses.tell('--exec', 'the end came before the program got the finding', left);
      this.#child?.kill('SIGKILL');
    }, END_TIME);
    await this.#running;
    clearTimeout(timer);
  }
}
