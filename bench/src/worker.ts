import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Answers, Failure, Greeting, Request } from './protocol.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

type Settle = { resolve(line: string): void; reject(error: Error): void };

/** How much of a worker's complaints an error repeats. */
const COMPLAINT = 600;

/** A child process that answers the requests of the protocol, one after the other. */
export class Worker {
  readonly greeting: Greeting;
  readonly #lines: Lines;

  private constructor(lines: Lines, greeting: Greeting) {
    this.#lines = lines;
    this.greeting = greeting;
  }

  static async start({ program, args }: Command): Promise<Worker> {
    const lines = new Lines(spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] }));
    return new Worker(lines, parse<Greeting>(await lines.next()));
  }

  async ask<R extends Request>(request: R): Promise<Answers[R['do']]> {
    this.#lines.send(JSON.stringify(request));
    return parse<Answers[R['do']]>(await this.#lines.next());
  }

  stop(): void {
    this.#lines.stop();
  }
}

function parse<T extends object>(line: string): T {
  const answer = JSON.parse(line) as T | Failure;
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

/** A process's output, line by line. */
class Lines {
  readonly #process: ChildProcess;
  readonly #waiting: Settle[] = [];
  readonly #unread: string[] = [];
  #complaints = '';
  #end: Error | undefined;

  constructor(process: ChildProcess) {
    this.#process = process;
    process.stderr?.on('data', (text: Buffer) => {
      this.#complaints = (this.#complaints + text).slice(-COMPLAINT);
    });
    // Writing to a process that has ended is told by 'close' too.
    process.stdin?.on('error', () => {});
    process.on('error', (error) => this.#fail(error));
    process.on('close', (code) => {
      this.#fail(new Error(`the process ended with ${code}: ${this.#complaints.trim()}`));
    });
    if (!process.stdout) return;
    createInterface({ input: process.stdout }).on('line', (line) => {
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(line);
      else this.#unread.push(line);
    });
  }

  next(): Promise<string> {
    const line = this.#unread.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  send(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Its end of input is a worker's sign to leave. */
  stop(): void {
    this.#process.stdin?.end();
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
  }
}
