/**
 * The same answer to the same question, found once: for what hangs on nothing but the question's text. What was asked
 * for longest ago makes room. Answers are shared: nobody may change one.
 */
import { LRUCache } from "lru-cache";

export function remember<Question, Answer>(
  answer: (question: Question) => Answer,
  { keyOf, kept }: { keyOf: (question: Question) => string; kept: number },
): (question: Question) => Answer {
  const known = new LRUCache<string, { answer: Answer }>({ max: kept });
  return (question) => {
    const key = keyOf(question);
    const found = known.get(key) ?? { answer: answer(question) };
    known.set(key, found);
    return found.answer;
  };
}
