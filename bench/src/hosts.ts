import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pythonWith } from './python.ts';
import type { Host } from './roster.ts';
import { type Command, Worker } from './worker.ts';

/** The processes that contenders run in: started when one is first needed, and kept until the end. */
export class Hosts {
  readonly #workers = new Map<string, Promise<Worker>>();
  readonly #tell: (text: string) => void;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  worker(host: Host): Promise<Worker> {
    const key = JSON.stringify(host);
    const known = this.#workers.get(key) ?? this.#command(host).then((it) => Worker.start(it));
    this.#workers.set(key, known);
    return known;
  }

  async #command(host: Host): Promise<Command> {
    if (host.kind === 'python') {
      const [module = ''] = host.script.split('_');
      const program = await pythonWith(module, this.#tell);
      return { program, args: ['-B', path(`../peers/${host.script}`), `${host.threads}`] };
    }
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const flags = ['--expose-gc', '--import', tsx];
    const program = process.execPath;
    return { program, args: [...flags, path(`./workers/${host.script}`), ...host.args] };
  }

  async stop(): Promise<void> {
    const started = await Promise.allSettled(this.#workers.values());
    for (const result of started) if (result.status === 'fulfilled') result.value.stop();
  }
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
