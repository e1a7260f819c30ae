/** What came back from a gate. Its text is never told on where it is no answer: it may be anybody's page. */
import { gateAnswerSchema } from "../../domain/release/external-answer.ts";
import type { Asked } from "../../ports/external-gates.ts";

export const longestAnswer = 65_536;

export function readAnswer(text: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: "what came back is no JSON" };
  }
  const parsed = gateAnswerSchema.safeParse(value);
  if (parsed.success) return { answer: parsed.data };
  const [issue] = parsed.error.issues;
  return { why: `what came back does not fit: ${issue?.path.join(".") || "answer"}: ${issue?.message}` };
}
