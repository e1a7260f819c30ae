/** The two programs and their commands. Everything heavy is loaded by the command that needs it. */
import { Command, CommanderError } from "commander";
import { type Cli, exitCodes } from "./cli.ts";
import { addAgent } from "./commands/agent.ts";
import { addAudit } from "./commands/audit.ts";
import { addDecisions } from "./commands/decide.ts";
import { addDelegation } from "./commands/delegate.ts";
import { addDeliver } from "./commands/deliver.ts";
import { addDev } from "./commands/dev.ts";
import { addDiff } from "./commands/diff.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDrift } from "./commands/drift.ts";
import { addEnvironments } from "./commands/env.ts";
import { addEvidenceCommands } from "./commands/evidence.ts";
import { addExplain } from "./commands/explain.ts";
import { addFailure } from "./commands/failure.ts";
import { addFleet } from "./commands/fleet.ts";
import { addFlow } from "./commands/flow.ts";
import { addFreezes } from "./commands/freeze.ts";
import { addHooks } from "./commands/hook.ts";
import { addLogs } from "./commands/logs.ts";
import { addMemory } from "./commands/memory.ts";
import { addNotifications } from "./commands/notification.ts";
import { addOverrideCve } from "./commands/override-cve.ts";
import { addOverrideFreeze } from "./commands/override-freeze.ts";
import { addPlan } from "./commands/plan.ts";
import { addPolicy } from "./commands/policy.ts";
import { addCompliance, addPolicyChanges } from "./commands/policy-changes.ts";
import { addPullRequests } from "./commands/pr.ts";
import { addProvision } from "./commands/provision.ts";
import { addRecovery } from "./commands/recover.ts";
import { addReplay } from "./commands/replay.ts";
import { addRevert } from "./commands/revert.ts";
import { addRun } from "./commands/run.ts";
import { addSchema } from "./commands/schema.ts";
import { addServe } from "./commands/serve.ts";
import { addSessions } from "./commands/session.ts";
import { addSettings } from "./commands/settings.ts";
import { addSignIn } from "./commands/sign-in.ts";
import { addStatus } from "./commands/status.ts";
import { addSteering } from "./commands/steer.ts";
import { addStop } from "./commands/stop.ts";
import { addStudio, openStudio } from "./commands/studio.ts";
import { addSubscriptions } from "./commands/subscription.ts";
import { addTenant } from "./commands/tenant.ts";
import { addTimeline } from "./commands/timeline.ts";
import { addTokens } from "./commands/token.ts";
import { addRetryBuild, addTriggers } from "./commands/triggers.ts";
import { addVulnerability } from "./commands/vulnerability.ts";
import { reportError } from "./report-error.ts";

const exitCodesHelp = `
Exit codes: 0 done; 1 unexpected; 2 usage or refused; 3 waits for a person; 4 rejected, failed
or rolled back; 5 database or server unavailable; 130 interrupted (the delivery goes on).
Environment: CONNECTSOFT_HOME (data directory), DATABASE_URL (instead of the embedded database),
CONNECTSOFT_URL and CONNECTSOFT_TOKEN (another server, another person), NO_COLOR.`;

/** Runs one command line and resolves with its exit code; whatever goes wrong has been said by then. */
export async function runProgram(name: "connectsoft" | "studio", args: string[], cli: Cli): Promise<number> {
  let code: number = exitCodes.done;
  const end = (with_: number): void => {
    code = with_;
  };
  const program = createProgram(name, cli, end);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.refused;
    return reportError(cli, error);
  }
}

export function createProgram(
  name: "connectsoft" | "studio",
  cli: Cli,
  end: (code: number) => void,
): Command {
  const program = name === "studio" ? createStudio(cli) : createConnectsoft(cli, end);
  prepare(program, cli);
  return program;
}

function createConnectsoft(cli: Cli, end: (code: number) => void): Command {
  const program = new Command("connectsoft")
    .description("Carries a module from its source to a healthy production deployment, under governance.")
    .version(cli.local.version)
    // What stands behind a command is the command's: deliver has a --version of its own.
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `
Begin: connectsoft deliver <folder>     Decide: studio pending
${exitCodesHelp}`,
    );
  program.commandsGroup("Deliver:");
  addDeliver(program, cli, end);
  addStudio(program, cli);
  addStatus(program, cli);
  addTimeline(program, cli);
  addExplain(program, cli);
  addFailure(program, cli);
  addPlan(program, cli);
  program.commandsGroup("Steer:");
  addSteering(program, cli);
  addRevert(program, cli);
  addTriggers(program, cli);
  addProvision(program, cli);
  addEvidenceCommands(program, cli);
  addFreezes(program, cli);
  addPullRequests(program, cli);
  program.commandsGroup("Look into it:");
  addDev(program, cli);
  addRun(program, cli, end);
  addDiff(program, cli);
  addLogs(program, cli, end);
  addMemory(program, cli);
  addDrift(program, cli, end);
  addVulnerability(program, cli, end);
  addFleet(program, cli);
  addReplay(program, cli, end);
  addAudit(program, cli, end);
  addFlow(program, cli);
  addAgent(program, cli);
  addSchema(program, cli);
  program.commandsGroup("Set up:");
  addSettings(program, cli);
  addTenant(program, cli);
  addTokens(program, cli);
  addSessions(program, cli);
  addSignIn(program, cli);
  addDelegation(program, cli);
  addPolicy(program, cli, end);
  addPolicyChanges(program, cli);
  addCompliance(program, cli);
  addEnvironments(program, cli);
  addNotifications(program, cli, end);
  addSubscriptions(program, cli, end);
  addHooks(program, cli);
  program.commandsGroup("Run:");
  addServe(program, cli, end);
  addStop(program, cli);
  addDoctor(program, cli, end);
  return program;
}

function createStudio(cli: Cli): Command {
  const program = new Command("studio")
    .description("The decisions that people take: what waits for you, and your signature under it.")
    .version(cli.local.version)
    // What stands behind a command is the command's, also where the window has a flag of that name.
    .enablePositionalOptions()
    .addHelpText("after", exitCodesHelp);
  openStudio(program, cli);
  addDecisions(program, cli);
  addRecovery(program, cli);
  addRetryBuild(program, cli);
  addOverrideFreeze(program, cli);
  addOverrideCve(program, cli);
  return program;
}

/** Every command ends by throwing and not by leaving the process, and writes where the terminal is. */
function prepare(command: Command, cli: Cli): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => cli.out(text.trimEnd()),
      writeErr: (text) => cli.err(text.trimEnd()),
      outputError: (text, write) =>
        write(text.replace(/^error: /, `${cli.colors.red("error InputInvalid:")} `) + hint(command)),
    });
  // Whoever knows one of the two words has both.
  if (command.name() === "ls") command.alias("list");
  if (command.name() === "list") command.alias("ls");
  for (const child of command.commands) prepare(child, cli);
}

function hint(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one !== null; one = one.parent) names.unshift(one.name());
  return `next: See how it is used: ${names.join(" ")} --help\n`;
}
