/** One use case as its faces see it: a name, an address, the shape of its input, and who may call it. */
import type { z } from "zod";
import type { Action } from "../domain/access/actions.ts";
import { RefusalError } from "../domain/refusal.ts";
import { decides, recordRefusedAct } from "./access/record-refused-act.ts";
import { permit, type Wish } from "./permit.ts";
import type { Caller, System } from "./system.ts";

/** `Answer` is what `run` promises: JSON, published as the operation's answer in OpenAPI. */
export interface Operation<Answer = unknown> {
  name: string;
  /** One sentence. */
  summary: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/api/v1`; `:name` is a field of the input. */
  path: string;
  input: z.ZodType;
  /** What the caller's roles must allow; the use case may ask for more once it knows what is concerned. */
  action: Action;
  /** Checks input and roles, then does it. Refuses with InputInvalid naming the field. */
  run(system: System, caller: Caller, input: unknown): Promise<Answer>;
  /** Refuses what `run` would refuse before it does anything: for an answer that is streamed. */
  check(system: System, caller: Caller, input: unknown): Promise<void>;
}

interface Definition<Schema extends z.ZodType, Answer> extends Omit<Operation, "input" | "run" | "check"> {
  input: Schema;
  /** What the use case refuses, it puts on the delivery's chain itself. */
  recordsRefusals?: true;
  handle(system: System, caller: Caller, input: z.output<Schema>): Promise<Answer>;
}

export function operation<Schema extends z.ZodType, Answer>(
  definition: Definition<Schema, Answer>,
): Operation<Answer> {
  const { handle, recordsRefusals = false, ...face } = definition;
  const record = (system: System, caller: Caller, { raw, error }: { raw: unknown; error: unknown }) =>
    recordRefusedAct(system, caller, {
      ...{ operation: face.name, action: face.action, about: concernOf(raw), error },
    });
  const check = async (system: System, caller: Caller, raw: unknown): Promise<z.output<Schema>> => {
    const input = parseInput(face.name, face.input, raw) as z.output<Schema>;
    await permit(system, caller, { action: face.action, ...concernOf(raw) });
    return input;
  };
  return {
    ...face,
    async check(system, caller, raw) {
      await check(system, caller, raw);
    },
    async run(system, caller, raw) {
      let asked = false;
      try {
        const input = await check(system, caller, raw);
        asked = true;
        return await handle(system, caller, input);
      } catch (error) {
        const onChain = asked && recordsRefusals;
        if (!onChain && (recordsRefusals || decides(face.action)))
          await record(system, caller, { raw, error });
        throw error;
      }
    },
  };
}

const concerns = ["tenantId", "environment", "moduleId", "traceId", "releaseId", "repository"] as const;

/** What an input names by the words that every operation uses for it. */
function concernOf(raw: unknown): Omit<Wish, "action"> {
  const input = (raw ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    concerns.flatMap((name) => (typeof input[name] === "string" ? [[name, input[name]]] : [])),
  );
}

/** Without a message of its own, an empty text is told in the words of a validator. */
function problemOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "does not fit";
  const isEmpty = issue.code === "too_small" && issue.origin === "string" && issue.minimum === 1;
  return isEmpty && issue.message.startsWith("Too small") ? "is empty" : issue.message;
}

function parseInput(name: string, schema: z.ZodType, raw: unknown): unknown {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const [issue] = issues;
  const field = issue === undefined || issue.path.length === 0 ? "input" : issue.path.join(".");
  throw new RefusalError({
    code: "InputInvalid",
    message: `${field}: ${problemOf(issue)}.`,
    next: `Correct it and try again (${name}).`,
    fields: issues.map((one) => ({ pointer: pointerOf(one.path), detail: problemOf(one) })),
  });
}

function pointerOf(path: PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
