import { exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';

type Name = 'stdout' | 'stderr';

/** Lets a command go on when its output cannot be written: what it has computed is worth more. */
export function outliveOutput(): void {
  const broken = new Set<Name>();
  const listen = (name: Name, other: Name): void => {
    process[name].on('error', (error: NodeJS.ErrnoException) => {
      // `… | head -1`: nobody reads any more.
      if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
      // A terminal that was closed sends a signal too, which is answered.
      if (error.code === 'EIO' || broken.has(name)) return;
      broken.add(name);
      process.on('exit', failUnlessStopped);
      if (broken.has(other)) return;
      process[other].write(`error: nothing more on ${name}: ${printable(error.message)}\n`);
    });
  };
  listen('stdout', 'stderr');
  listen('stderr', 'stdout');
}

function failUnlessStopped(code: number): void {
  if (code === exitCodes.done || code === exitCodes.targetMissed) {
    process.exitCode = exitCodes.failure;
  }
}
