/** How often a caller may ask, and an address may fail to sign in. Counted by each server for itself. */
import type { Context } from "hono";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { RefusalError, refuse } from "../domain/refusal.ts";
import type { Caller } from "../operations/system.ts";

export interface RateLimits {
  /** Refuses with TooManyRequests, and says by headers what is left. */
  count(context: Context, caller: Caller): Promise<void>;
  /** Does what finds out who calls. Who fails too often is told that in place of why; who is let in is never held up. */
  signIn<Found>(context: Context, address: string, find: () => Promise<Found>): Promise<Found>;
}

const windowSeconds = 10;
const failures = { points: 30, duration: 60 };
const isFailure = /^(Token|Session|Unauthenticated)/;

/** `perWindow`: requests of one caller in ten seconds; 0 for as many as they like. */
export function createRateLimits(perWindow: number): RateLimits {
  const callers = new RateLimiterMemory({ points: Math.max(1, perWindow), duration: windowSeconds });
  const addresses = new RateLimiterMemory(failures);
  return {
    async count(context, { tenantId, person }) {
      if (perWindow === 0) return;
      const left = await consume(callers, `${tenantId}/${person}`);
      const seconds = Math.ceil(left.msBeforeNext / 1_000);
      context.header("ratelimit-policy", `"caller";q=${perWindow};w=${windowSeconds}`);
      context.header("ratelimit", `"caller";r=${Math.max(0, left.remainingPoints)};t=${seconds}`);
      if (left.refused) throw tooMany(context, seconds, `${perWindow} requests in ${windowSeconds} seconds`);
    },
    async signIn(context, address, find) {
      try {
        return await find();
      } catch (error) {
        if (!(error instanceof RefusalError) || !isFailure.test(error.refusal.code)) throw error;
        const left = await consume(addresses, address);
        if (!left.refused) throw error;
        const seconds = Math.ceil(left.msBeforeNext / 1_000);
        throw tooMany(context, seconds, `${failures.points} failed sign-ins in ${failures.duration} seconds`);
      }
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string) {
  try {
    const { msBeforeNext, remainingPoints } = await limiter.consume(key);
    return { msBeforeNext, remainingPoints, refused: false };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { msBeforeNext: error.msBeforeNext, remainingPoints: 0, refused: true };
  }
}

function tooMany(context: Context, seconds: number, most: string): RefusalError {
  context.header("retry-after", String(seconds));
  return refuse(
    "TooManyRequests",
    `Too many requests: ${most} are taken.`,
    `Try again in ${seconds} seconds.`,
  );
}
