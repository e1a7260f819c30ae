/** How much of the output of a namespace's instances is kept: on disk, and followed by each instance at its next launch. */
import type { LogLimits } from "../../../../../domain/environment/log-limits.ts";
import type { Supervisor } from "../supervisor.ts";

export async function keepLogs(
  supervisor: Supervisor,
  { namespace, limits }: { namespace: string; limits?: LogLimits },
): Promise<void> {
  const before = supervisor.logs[namespace];
  if (before?.keepBytes === limits?.keepBytes && before?.keepFiles === limits?.keepFiles) return;
  await supervisor.change(() => {
    set(supervisor, namespace, limits);
    return () => set(supervisor, namespace, before);
  });
}

function set({ logs }: Supervisor, namespace: string, limits: LogLimits | undefined): void {
  if (limits === undefined) delete logs[namespace];
  else logs[namespace] = limits;
}
