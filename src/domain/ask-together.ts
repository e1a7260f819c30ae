/** One question for all keys that are asked for within one turn of the event loop; each asker has the whole answer. */
export function askTogether<Key, Answer>(
  ask: (keys: Key[]) => Promise<Answer>,
): (...keys: Key[]) => Promise<Answer> {
  let open: { keys: Set<Key>; answer: Promise<Answer> } | undefined;

  function begin(): NonNullable<typeof open> {
    const keys = new Set<Key>();
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      open = undefined;
      return ask([...keys]);
    });
    return { keys, answer };
  }

  return (...keys) => {
    open ??= begin();
    for (const key of keys) open.keys.add(key);
    return open.answer;
  };
}
