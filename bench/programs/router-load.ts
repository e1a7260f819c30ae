/** One port, asked at a constant rate. */
import { argument, say } from "../support/program.ts";
import { RateClient, type RateTarget } from "../support/rate-client.ts";

const { rate, seconds, ...target } = argument<RateTarget & { rate: number; seconds: number }>();
const asked = await new RateClient(target).ask(rate, seconds);
await say({ kind: "result", failed: asked.failed, rate: asked.rate });
process.exit(0);
