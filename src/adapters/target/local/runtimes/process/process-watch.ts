/** One timer for everything that is looked at now and then, however many instances there are. */
const periodMs = 200;
const tasks = new Set<() => void>();
let timer: NodeJS.Timeout | undefined;

/** Calls a task every 200 ms until the returned function is called. */
export function everySoOften(task: () => void): () => void {
  tasks.add(task);
  timer ??= setInterval(() => {
    for (const one of [...tasks]) one();
  }, periodMs);
  return () => {
    tasks.delete(task);
    if (tasks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
