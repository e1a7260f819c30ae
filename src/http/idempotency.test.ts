import { expect, test } from "vitest";
import { catalogue } from "../operations/catalogue.ts";
import { shownOnce } from "./idempotency.ts";
import contract from "./openapi/answers.json" with { type: "json" };

type Schema = { $ref?: string; properties?: object; anyOf?: Schema[] };
const schemas = contract.components as unknown as Record<string, Schema>;

test("an answer with a secret is shown once, and kept for nobody who sends the request again", () => {
  const secret = catalogue
    .filter(({ method }) => method === "POST")
    .map(({ name }) => name)
    .filter((name) => holdsSecret((contract.answers as Record<string, Schema>)[name]));
  expect(secret).toContain("createToken");
  expect(shownOnce).toEqual(expect.arrayContaining(secret));
});

function holdsSecret(schema: Schema | undefined): boolean {
  const { $ref, properties = {}, anyOf = [] } = schema ?? {};
  if ($ref !== undefined) return holdsSecret(schemas[$ref.split("/").at(-1) ?? ""]);
  return "secret" in properties || "token" in properties || anyOf.some(holdsSecret);
}
