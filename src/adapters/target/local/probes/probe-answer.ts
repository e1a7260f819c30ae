/** What one shot of a probe tells. */
export interface ProbeAnswer {
  ok: boolean;
  /** In words: `HTTP 200`, `connection refused`, `timeout after 1 s`. */
  words: string;
  address?: string;
}

export const refused = "connection refused";

export function timeoutWords(timeoutMs: number): string {
  return `timeout after ${timeoutMs / 1000} s`;
}

export function inWords(error: Error & { code?: string | number }, timeoutMs: number): string {
  if (error.name === "AbortError" || error.name === "TimeoutError") return timeoutWords(timeoutMs);
  if (error.code === "ECONNREFUSED") return refused;
  if (error.code === "ECONNRESET") return "connection reset";
  return typeof error.code === "string" ? error.code : error.message;
}
