/**
 * The same answer to the same question, found once: for what hangs on nothing but the question's text. What was asked
 * for longest ago makes room. Answers are shared: nobody may change one.
 */
export function remember<Question, Answer>(
  answer: (question: Question) => Answer,
  { keyOf, kept }: { keyOf: (question: Question) => string; kept: number },
): (question: Question) => Answer {
  const known = new Map<string, { answer: Answer }>();
  return (question) => {
    const key = keyOf(question);
    const found = known.get(key) ?? { answer: answer(question) };
    known.delete(key);
    known.set(key, found);
    const [oldest] = known.keys();
    if (known.size > kept && oldest !== undefined) known.delete(oldest);
    return found.answer;
  };
}
