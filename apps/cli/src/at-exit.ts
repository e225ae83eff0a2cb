const tasks: (() => void)[] = [];

/** Does this when the process ends, by `process.exit` too; the last task first. */
export function atExit(task: () => void): void {
  if (tasks.length === 0) process.once('exit', runExitTasks);
  tasks.push(task);
}

export function runExitTasks(): void {
  process.off('exit', runExitTasks);
  for (const task of tasks.splice(0).reverse()) {
    try {
      task();
    } catch {
      // Nobody can be told any more, and the other tasks remain.
    }
  }
}
