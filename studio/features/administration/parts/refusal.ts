/** A refusal that names a field is shown by that field; every other one stands above the buttons. */
import { problemOf } from "../../../app/api/problem.ts";

export function fieldProblem(error: unknown, field: string): string | undefined {
  if (error === null || error === undefined) return undefined;
  const { code, detail } = problemOf(error);
  const begins = new RegExp(`^${field}(\\.[\\w.]+)?: `, "u");
  return code === "InputInvalid" && begins.test(detail) ? detail.replace(begins, "") : undefined;
}

/** What is left of a refusal for the form as a whole. */
export function formProblem(error: unknown, fields: readonly string[]): unknown {
  return fields.some((field) => fieldProblem(error, field) !== undefined) ? undefined : error;
}
