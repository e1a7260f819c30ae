/** Whether a plan makes an environment that was not there, and does not only change one. */
export function makesIt({ changes }: { changes: readonly { action: string; kind: string }[] }): boolean {
  return changes.some(({ action, kind }) => action === "create" && kind === "namespace");
}
