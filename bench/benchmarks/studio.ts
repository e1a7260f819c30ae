/** Studio in a real browser, on a real server: its first screen, an event on its way to the eye, and a long timeline. */
import type { Benchmark } from "../support/benchmark.ts";
import { startProgram } from "../support/program.ts";
import { percentile } from "../support/statistics.ts";

const program = new URL("../programs/studio.ts", import.meta.url);
const kibibyte = 1_024;

export const studio: Benchmark = {
  name: "studio",
  title: "Studio in Chromium on loopback",
  async run(context) {
    const input = context.quick
      ? { loads: 1, comments: 3, events: 100, scrollMs: 1_000 }
      : { loads: 7, comments: 50, events: 2_000, scrollMs: 5_000 };
    const result = await startProgram(program, input, { timeoutMs: 600_000 }).next("result");
    const loaded = result.loaded as { ms: number; scriptBytes: number }[];
    const pixelMs = result.pixelMs as number[];
    const frameMs = result.frameMs as number[];
    return {
      metrics: [
        {
          name: "script of the first load, compressed",
          unit: "KiB",
          samples: loaded.map(({ scriptBytes }) => scriptBytes / kibibyte),
          goal: { atMost: 250 },
        },
        {
          name: "first load, until its heading is there",
          unit: "ms",
          samples: loaded.map(({ ms }) => ms),
          goal: { atMost: 1_000 },
        },
        { name: "event to pixel, p50", unit: "ms", samples: [percentile(pixelMs, 0.5)] },
        {
          name: "event to pixel, p99",
          unit: "ms",
          samples: [percentile(pixelMs, 0.99)],
          goal: { atMost: 300 },
        },
        {
          name: `frames a second, scrolling ${input.events} events`,
          unit: "1/s",
          samples: [1_000 / percentile(frameMs, 0.5)],
          goal: { atLeast: 58 },
        },
        { name: "longest frame of a hundred", unit: "ms", samples: [percentile(frameMs, 0.99)] },
      ],
      facts: { ...input, frames: frameMs.length, window: "1280 x 800" },
    };
  },
};
