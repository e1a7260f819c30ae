/** The part of a rollout plan that says what a rollback would do, and what it could not take back. */
import { z } from "zod";
import type { Migration, ModuleSpec } from "../module/module-spec.ts";
import type { EnvironmentPolicy } from "../tenant/tenant.ts";
import type { ServingRelease } from "./traffic-moves.ts";
import { commandText } from "./trial-steps.ts";

export const rollbackPlanSchema = z.object({
  allowed: z.boolean(),
  /** `held`: a failed rollout stays as it is until a person decides. */
  mode: z.enum(["automatic", "held"]).default("automatic"),
  /** What served when this was planned; null where nothing did. */
  to: z.object({ releaseId: z.string(), version: z.string() }).nullable(),
  /** The code goes back, and what its migrations did to the data stays. */
  codeOnly: z.boolean().default(false),
  /** One sentence for each migration that cannot be taken back; people are shown them where they decide. */
  irreversible: z.array(z.string()).default([]),
  steps: z.array(z.string()),
});
export type RollbackPlan = z.infer<typeof rollbackPlanSchema>;

interface RollbackInput {
  releaseId: string;
  module: ModuleSpec;
  policy: Pick<EnvironmentPolicy, "rollback" | "rollbackAllowed">;
  serving: ServingRelease | undefined;
}

export function planRollback(input: RollbackInput): RollbackPlan {
  const { serving, policy, module } = input;
  const irreversible = irreversibleMigrations(module);
  return {
    allowed: policy.rollbackAllowed,
    mode: policy.rollback.mode,
    to: serving === undefined ? null : { releaseId: serving.releaseId, version: serving.version },
    codeOnly: irreversible.length > 0,
    irreversible,
    steps: stepsOf(input, irreversible),
  };
}

function irreversibleMigrations({ migrate }: ModuleSpec): string[] {
  return [migrate?.before, migrate?.after].flatMap((migration) =>
    migration === undefined || migration.undo !== undefined
      ? []
      : [
          `\`${commandText(migration.run)}\` cannot be taken back: a rollback brings back the code, not the data`,
        ],
  );
}

function stepsOf({ releaseId, serving, policy, module }: RollbackInput, irreversible: string[]): string[] {
  if (!policy.rollbackAllowed) return ["ask a person: policy does not allow a rollback"];
  const held = policy.rollback.mode === "held" ? ["wait until a person asks for it"] : [];
  const data = [...undoSteps(module), ...irreversible];
  if (serving === undefined) return [...held, `stop ${releaseId}`, ...data, "nothing serves, as before"];
  return [
    ...held,
    `start ${serving.releaseId} with its own settings where it does not run`,
    `move the traffic back to ${serving.releaseId}`,
    `stop ${releaseId} and hold its version`,
    ...data,
  ];
}

/** The last migration is taken back first. */
function undoSteps({ migrate }: ModuleSpec): string[] {
  const undos = [migrate?.after, migrate?.before].map((migration: Migration | undefined) => migration?.undo);
  return undos.flatMap((undo) => (undo === undefined ? [] : [`run \`${commandText(undo)}\` once`]));
}
