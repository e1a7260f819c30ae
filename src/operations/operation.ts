/** One use case as its faces see it: a name, an address, the shape of its input, and who may call it. */
import type { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import type { Action } from "../domain/release/roles.ts";
import { permit, permitTenant } from "./permit.ts";
import type { Caller, System } from "./system.ts";

export interface Operation {
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
  run(system: System, caller: Caller, input: unknown): Promise<unknown>;
  /** Refuses what `run` would refuse before it does anything: for an answer that is streamed. */
  check(caller: Caller, input: unknown): void;
}

interface Definition<Schema extends z.ZodType> extends Omit<Operation, "input" | "run" | "check"> {
  input: Schema;
  handle(system: System, caller: Caller, input: z.output<Schema>): Promise<unknown>;
}

export function operation<Schema extends z.ZodType>(definition: Definition<Schema>): Operation {
  const { handle, ...face } = definition;
  const check = (caller: Caller, raw: unknown): z.output<Schema> => {
    const input = parseInput(face.name, face.input, raw);
    const tenantId = (raw as { tenantId?: unknown } | undefined)?.tenantId;
    if (typeof tenantId === "string") permitTenant(caller, tenantId);
    permit(caller, face.action);
    return input as z.output<Schema>;
  };
  return {
    ...face,
    check,
    async run(system, caller, raw) {
      return handle(system, caller, check(caller, raw));
    },
  };
}

function parseInput(name: string, schema: z.ZodType, raw: unknown): unknown {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? "input" : issue.path.join(".");
  throw refuse(
    "InputInvalid",
    `${field}: ${issue?.message ?? "does not fit"}.`,
    `Correct it and try again (${name}).`,
  );
}
