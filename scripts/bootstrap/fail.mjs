/** An error that is told to the reader in two lines instead of a stack. */
export function fail(message, next) {
  return Object.assign(new Error(message), { next });
}

export function reportFailure(error) {
  if (error?.next === undefined) throw error;
  process.stderr.write(`${error.message}\n${error.next}\n`);
  process.exitCode = 1;
}
