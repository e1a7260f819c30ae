/**
 * Who writes at the end of one chain follows the others; what came while they waited is written together, by one
 * transaction and one connection.
 */

/** Writes these in this order, all or nothing, and answers with one result for each. */
export type Write<Draft, Written> = (key: string, drafts: readonly Draft[]) => Promise<Written[]>;

interface Waiting<Draft, Written> {
  drafts: readonly Draft[];
  resolve(written: Written[]): void;
  reject(error: unknown): void;
}

const atOnce = 200;

export function writeTogether<Draft, Written>(write: Write<Draft, Written>): Write<Draft, Written> {
  const queues = new Map<string, Waiting<Draft, Written>[]>();

  async function writeAll(key: string, queue: Waiting<Draft, Written>[]): Promise<void> {
    while (queue.length > 0) await writeBatch(key, queue.splice(0, atOnce));
    queues.delete(key);
  }

  async function writeBatch(key: string, batch: Waiting<Draft, Written>[]): Promise<void> {
    try {
      const written = await write(
        key,
        batch.flatMap(({ drafts }) => drafts),
      );
      let from = 0;
      for (const { drafts, resolve } of batch) {
        resolve(written.slice(from, from + drafts.length));
        from += drafts.length;
      }
    } catch (error) {
      // What cannot be written is no reason for the others not to be.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await writeBatch(key, [one]);
    }
  }

  return (key, drafts) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push({ drafts, resolve, reject });
        return;
      }
      const begun = [{ drafts, resolve, reject }];
      queues.set(key, begun);
      void writeAll(key, begun);
    });
}
