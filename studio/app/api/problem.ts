/** What the server refuses says what was expected and what helps (RFC 9457); everything else is put in such words. */
export interface Problem {
  code: string;
  detail: string;
  next?: string | undefined;
}

export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  if (error instanceof TypeError)
    return {
      code: "Offline",
      detail: "The server cannot be reached.",
      next: "What you see is what was known last.",
    };
  return { code: "Unexpected", detail: error instanceof Error ? error.message : String(error) };
}

export function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error && "detail" in error;
}
