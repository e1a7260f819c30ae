/** A run of a pipeline as a stream (SSE): its lines, then what came of it. Whoever goes away ends the run. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { RefusalError } from "../domain/refusal.ts";
import { runPipeline, runPipelineInput } from "../operations/run-pipeline.ts";
import type { Caller, System } from "../operations/system.ts";
import { problemOf } from "./problem.ts";

const heartbeatMs = 15_000;

export function streamRun(
  context: Context,
  { system, caller, input }: { system: System; caller: Caller; input: object },
): Response {
  const parsed = runPipelineInput.parse(input);
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort(new Error("whoever asked for the run has gone")));
    let written: Promise<unknown> = Promise.resolve();
    const write = (event: string, data: object): void => {
      written = written
        .then(() => stream.writeSSE({ event, data: JSON.stringify(data) }))
        .catch(() => ended.abort());
    };
    const heart = setInterval(() => write("heartbeat", {}), heartbeatMs);
    heart.unref();
    try {
      const watching = { signal: ended.signal, progress: (line: string) => write("line", { line }) };
      write("run", await runPipeline(system, caller, { ...parsed, watching }));
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      write("problem", problemOf(error.refusal));
    } finally {
      clearInterval(heart);
      await written;
    }
  });
}
