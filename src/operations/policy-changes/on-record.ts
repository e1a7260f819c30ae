/** Has what is refused of a change of policy written in the tenant's journal before it is answered. */
import { RefusalError } from "../../domain/refusal.ts";
import type { Caller, System } from "../system.ts";

type Handle<Input, Answer> = (system: System, caller: Caller, input: Input) => Promise<Answer>;

const longestMessage = 2_000;

export function onRecord<Input, Answer>(
  operation: string,
  handle: Handle<Input, Answer>,
): Handle<Input, Answer> {
  return async (system, caller, input) => {
    try {
      return await handle(system, caller, input);
    } catch (error) {
      // Who may not is on record from where that was decided.
      if (!(error instanceof RefusalError) || error.refusal.code === "TenantForbidden") throw error;
      const { code, message } = error.refusal;
      await system.journal.append(caller.tenantId, [
        {
          act: "AccessDenied",
          actor: caller.person,
          data: { operation, code, message: message.slice(0, longestMessage), ...proposalOf(input) },
        },
      ]);
      throw error;
    }
  };
}

function proposalOf(input: unknown): { proposal?: string } {
  const { proposal } = input as { proposal?: unknown };
  return typeof proposal === "string" ? { proposal } : {};
}
