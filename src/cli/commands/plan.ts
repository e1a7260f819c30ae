import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { PlannedModule, ReleasePlan } from "../../domain/release/release-plan.ts";
import type { DeliverySummary } from "../../operations/list-deliveries.ts";
import type { TracePlans } from "../../operations/release-plan/plan-trace.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { table } from "../table.ts";

interface Flags {
  env?: string;
  json?: boolean;
  data?: string;
}

export function addPlan(program: Command, cli: Cli): void {
  program
    .command("plan <trace>")
    .description("the order in which a trace's modules deploy, and where each of them stands")
    .option("--env <environment>", "only this environment")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (trace: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const [first] = await client.get<DeliverySummary[]>("/deliveries", { traceId: trace, limit: "1" });
      if (first === undefined)
        throw refuse("NotFound", `There is no trace ${trace}.`, "See what there is: connectsoft status");
      const plans = await client.get<TracePlans>(`/traces/${first.subject.tenantId}/${trace}/plan`, {
        environment: flags.env,
      });
      if (flags.json === true) cli.out(JSON.stringify(plans, null, 2));
      else for (const line of plans.environments.flatMap((plan) => describe(cli, plan))) cli.out(line);
    });
}

function describe(cli: Cli, plan: ReleasePlan): string[] {
  const { bold, dim, red } = cli.colors;
  const rows = plan.modules
    .toSorted((a, b) => (a.wave ?? Infinity) - (b.wave ?? Infinity))
    .map((module) => rowOf(cli, module));
  const head = ["WAVE", "MODULE", "VERSION", "NEEDS", "STATE", "WHY"].map((word) => dim(word));
  const outside = plan.outside.map(
    ({ requiredBy, ready, because }) =>
      `  ${ready ? dim("outside:") : red("outside:")} ${because} (needed by ${requiredBy.join(", ")})`,
  );
  const cycle = plan.cycle === null ? [] : [`  ${red("circle:")} ${plan.cycle.join(" needs ")}`];
  return [bold(plan.environment), ...table([head, ...rows], "  "), ...outside, ...cycle];
}

function rowOf(cli: Cli, { wave, moduleId, version, dependsOn, state, because }: PlannedModule): string[] {
  const { green, red, yellow, dim } = cli.colors;
  const paint = { live: green, failed: red, waiting: yellow, ahead: String, elsewhere: dim }[state];
  return [
    wave === null ? "-" : String(wave),
    moduleId,
    version,
    dependsOn.join(", "),
    paint(state),
    dim(because),
  ];
}
