/** Whether a process with this id is there; one that we may not signal is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // As another account's process it may not be signalled, and lives.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
