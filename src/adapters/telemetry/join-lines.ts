/** Lines of one turn of the event loop leave in one write: a busy engine logs many for each step that it takes. */
export interface JoinedLines {
  write(line: string): void;
  /** Writes what still waits; for the end of the process, which has no further turn. */
  flush(): void;
}

export function joinLines(write: (lines: string) => void): JoinedLines {
  let waiting: string[] = [];

  function flush(): void {
    if (waiting.length === 0) return;
    const lines = waiting.join("");
    waiting = [];
    write(lines);
  }

  return {
    write(line) {
      if (waiting.push(line) === 1) setImmediate(flush);
    },
    flush,
  };
}
