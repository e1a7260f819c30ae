/** Work for one thing at a time: what is asked while it is busy waits, and is done together in the next turn. */

interface Waiting<Ask, Answer> {
  ask: Ask;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

const queues = new Map<string, Waiting<unknown, unknown>[]>();

/** Answers of `work` stand in the order of what was asked; where it throws, everybody in that turn is told. */
export function inTurns<Ask, Answer>(
  key: string,
  most: number,
  work: (asks: Ask[]) => Promise<PromiseSettledResult<Answer>[]>,
): (ask: Ask) => Promise<Answer> {
  return (ask) =>
    new Promise((resolve, reject) => {
      const waiting = { ask, resolve, reject } as Waiting<unknown, unknown>;
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      queues.set(key, [waiting]);
      void takeTurns(key, most, work as (asks: unknown[]) => Promise<PromiseSettledResult<unknown>[]>);
    });
}

async function takeTurns(
  key: string,
  most: number,
  work: (asks: unknown[]) => Promise<PromiseSettledResult<unknown>[]>,
): Promise<void> {
  const queue = queues.get(key) ?? [];
  while (queue.length > 0) {
    const turn = queue.splice(0, most);
    try {
      const answers = await work(turn.map(({ ask }) => ask));
      for (const [index, { resolve, reject }] of turn.entries()) {
        const answer = answers[index];
        if (answer?.status === "fulfilled") resolve(answer.value);
        else reject(answer?.reason);
      }
    } catch (error) {
      for (const { reject } of turn) reject(error);
    }
  }
  queues.delete(key);
}
