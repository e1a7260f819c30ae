/** The filters of the matrix, as they stand in its address. What is not understood there is left out. */
export const shows = ["attention", "drift", "coming"] as const;
export type Shows = (typeof shows)[number];

export interface MatrixSearch {
  /** Part of a module's name. */
  q?: string | undefined;
  environment?: string | undefined;
  show?: Shows | undefined;
}

export function readMatrixSearch(search: Record<string, unknown>): MatrixSearch {
  return {
    q: textOf(search.q),
    environment: textOf(search.environment),
    show: shows.find((one) => one === search.show),
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return String(value).slice(0, 100) || undefined;
}
