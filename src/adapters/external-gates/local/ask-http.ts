/**
 * Posts the question. The address is the tenant's policy and may be any; a redirect would be somebody else's choice and
 * is not followed.
 */
import type { GateQuestion } from "../../../domain/release/external-answer.ts";
import type { Asked } from "../../../ports/external-gates.ts";
import { longestAnswer, readAnswer } from "../read-answer.ts";

export async function askHttp(
  { url, headers }: { url: string; headers: Record<string, string> },
  question: GateQuestion,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<Asked> {
  const inTime = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { ...headers, "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(question),
      signal: AbortSignal.any([signal, inTime]),
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      return { why: `it answers with a redirect (${response.status}), which is not followed` };
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      return { why: `it answers with HTTP status ${response.status}` };
    }
    const text = await readBounded(response);
    return text === undefined
      ? { why: `its answer is longer than ${longestAnswer} bytes` }
      : readAnswer(text);
  } catch (error) {
    signal.throwIfAborted();
    if (inTime.aborted) return { why: `it took longer than ${timeoutMs / 1_000} s` };
    return { why: `it cannot be reached (${causeOf(error)})` };
  }
}

async function readBounded(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function causeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === "string" ? cause.code : "no connection";
}
