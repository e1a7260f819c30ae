import type { Line } from "./highlight.ts";

/** One line; an empty one keeps its height. */
export function MarkedLine({ line }: { line: Line }) {
  if (line.length === 0) return "​";
  return line.map(({ text, mark }, place) =>
    mark === undefined ? (
      text
    ) : (
      <span key={`${place}`} className={mark}>
        {text}
      </span>
    ),
  );
}
