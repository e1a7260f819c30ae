/** The thread's side: looks at a set of files at a time, as they come in. */
import { parentPort } from "node:worker_threads";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import { checkFiles } from "../index.ts";
import type { Answer } from "./validator-pool.ts";

parentPort?.on("message", async ({ id, files }: { id: number; files: RenderedFile[] }) => {
  parentPort?.postMessage(await answerTo(id, files));
});

/** A validator that fails on a file is told to who asked, and takes no other file with it. */
async function answerTo(id: number, files: RenderedFile[]): Promise<Answer> {
  try {
    return { id, findings: await checkFiles(files) };
  } catch (failure) {
    return { id, failure };
  }
}
