import path from 'node:path';
import { type AnyTaskName, exportModel } from '@fastweights/experiments';
import { version } from '../defaults.ts';
import { exitCodes } from '../exit-codes.ts';
import { invocation } from '../invocation.ts';
import { checkNewFile, writeNewFile } from '../new-file.ts';
import { printable } from '../printable.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { checkFinished, readStoredAny } from '../stored-model.ts';
import { sizeOf } from '../training/task-words.ts';

export interface ExportOptions {
  readonly checkpoint?: boolean;
  readonly force?: boolean;
}

/** What to do with the file of such a task. */
const NEXT: Readonly<Partial<Record<AnyTaskName, string>>> = {
  retrieval: 'recall "j0a5s5z2??a" --run',
  catch: 'watch',
};

/** Writes a trained model or agent as one file. */
export async function exportCommand(
  run: string,
  file: string = `${path.basename(path.resolve(run))}.safetensors`,
  { checkpoint = false, force = false }: ExportOptions,
): Promise<number> {
  await checkNewFile(file, { force });
  const stored = await readStoredAny(run);
  if (!checkpoint) checkFinished(stored, 'export');
  const bytes = exportModel({ ...stored, software: `fastweights ${version}` });
  await writeNewFile(file, bytes, { force });
  const { config } = stored;
  const next = NEXT[config.task] ?? 'evaluate';
  console.log(
    `${printable(file)}: ${sizeOf(config)} of ${config.task}, ${bytes.length.toLocaleString('en-US')} bytes.\n` +
      `  ${invocation()} ${next} ${shellQuoted(file)}`,
  );
  return exitCodes.done;
}
