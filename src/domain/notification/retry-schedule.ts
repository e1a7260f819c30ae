/** When something that could not be sent is sent again. */

const firstMs = 5_000;
const longestMs = 6 * 3_600_000;
/** What is older is not news any more: it goes to the list of the dead. */
export const staleAfterMs = 3 * 24 * 3_600_000;
const longestWishMs = 24 * 3_600_000;

/**
 * Exponential with jitter: 5 s, 20 s, 80 s and so on up to 6 h, each shortened by up to a half. `wishedMs` is what the
 * receiver asked for by Retry-After, and is kept to up to a day. `random` is from 0 to 1.
 */
export function retryDelayMs(attempt: number, random: number, wishedMs = 0): number {
  const whole = Math.min(longestMs, firstMs * 4 ** Math.min(attempt - 1, 20));
  return Math.max(Math.round(whole * (1 - random / 2)), Math.min(wishedMs, longestWishMs));
}

/** Retry-After of an answer (RFC 9110, 10.2.3): seconds or a date. What is neither is left out. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
