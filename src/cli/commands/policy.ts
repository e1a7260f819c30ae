import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { AccessFinding } from "../../operations/access/check-access.ts";
import type { ExplainedAccess } from "../../operations/access/explain-access.ts";
import type { PolicyTestReport } from "../../operations/access/test-policy.ts";
import type { PolicyReport } from "../../operations/access/validate-policy.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";

interface Flags {
  who: string;
  what: string;
  where?: string;
  own?: boolean;
  tenant?: string;
  json?: boolean;
  data?: string;
}

export function addPolicy(program: Command, cli: Cli, end: (code: number) => void): void {
  const policy = program.command("policy").description("who may do what");
  policy
    .command("validate [file]")
    .description("look a tenant.yaml over before it is applied (default: the one that holds)")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .addHelpText("after", "\nExit codes: 0 it could be applied; 2 it could not.")
    .action(async (file: string | undefined, flags: Flags) => {
      const body = file === undefined ? {} : { text: await textOf(cli, file), file };
      const client = await connect(cli, flags);
      const report = await client.send<PolicyReport>("POST", "/policy/validations", body);
      if (flags.json === true) cli.out(JSON.stringify(report, null, 2));
      else for (const line of describeReport(cli, report)) cli.out(line);
      if (!report.sound) end(exitCodes.refused);
    });
  policy
    .command("explain")
    .description("who would be let do what, where, and which policies decide it")
    .requiredOption("--who <who>", "a person, a role (several: A+B), agent:<id> or service:<id>")
    .requiredOption("--what <action>", "an action of docs/reference/policy.md, such as approve")
    .option("--where <place>", "<environment>, <environment>/<module> or /<module> (default: the tenant)")
    .option("--own", "about what they handed over or wrote themselves")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const { who, what, where, own } = flags;
      const query = { who, what, where, ...(own === true && { own: "true" }) };
      const answer = await client.get<ExplainedAccess>("/policy/decisions", query);
      if (flags.json === true) cli.out(JSON.stringify(answer, null, 2));
      else for (const line of describeAnswer(cli, answer)) cli.out(line);
    });
  policy
    .command("test <table>")
    .description("hold the policies to a table of who, what, where and the expected answer")
    .option("--tenant <file>", "the policies of this tenant.yaml, and not the ones that hold")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      "\nExit codes: 0 all are answered as expected; 1 some are not; 2 the table is none.",
    )
    .action(async (table: string, flags: Flags) => {
      const text = await textOf(cli, table);
      const tenant = flags.tenant === undefined ? {} : { tenant: await textOf(cli, flags.tenant) };
      const client = await connect(cli, flags);
      const report = await client.send<PolicyTestReport>("POST", "/policy/tests", {
        text,
        file: table,
        ...tenant,
      });
      if (flags.json === true) cli.out(JSON.stringify(report, null, 2));
      else for (const line of describeTests(cli, table, report)) cli.out(line);
      if (report.differences.length > 0) end(exitCodes.unexpected);
    });
}

async function textOf(cli: Cli, file: string): Promise<string> {
  return await readFile(path.resolve(cli.cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw refuse("InputInvalid", `${file} cannot be read: ${error.code}.`, "Name a file that is there.");
  });
}

function describeReport(cli: Cli, { file, tenantId, policies, sound, findings }: PolicyReport): string[] {
  const { bold, green, red } = cli.colors;
  const own = policies === 0 ? "no policies of its own" : `${policies} of its own`;
  const verdict = sound ? green("could be applied") : red("cannot be applied");
  return [
    ...findings.map((finding) => findingLine(cli, file, finding)),
    `${bold(file)} (${tenantId}, ${own}) ${verdict}.`,
  ];
}

function findingLine(cli: Cli, file: string, finding: AccessFinding): string {
  const { severity, line, column, policy, message, suggestion } = finding;
  const { red, yellow, dim } = cli.colors;
  const mark = severity === "error" ? red("error") : yellow("warning");
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  const about = policy === undefined ? "" : ` policy ${policy}:`;
  return `${mark} ${place}${about} ${message}${suggestion === undefined ? "" : dim(` (${suggestion})`)}`;
}

function describeAnswer(cli: Cli, answer: ExplainedAccess): string[] {
  const { bold, green, red, dim } = cli.colors;
  const held = answer.roles.length === 0 ? "no role" : answer.roles.join(", ");
  const verdict = answer.allowed ? green("allowed") : red("denied");
  const decided = answer.rules.map(
    ({ id, from, reason }) =>
      `  ${bold(id)}  ${reason} ${dim(from === "tenant" ? "tenant.yaml" : "built in")}`,
  );
  const nearest = answer.nearest.map(({ rule, roles, claim }) => {
    const also = claim === undefined ? "" : ` and the claim ${claim}`;
    return `  ${bold(rule.id)}  would take ${roles.join(" or ")}${also}`;
  });
  const none = answer.rules.length > 0 ? [] : ["  no policy permits it; the nearest:", ...nearest];
  return [
    `${verdict}  ${answer.who} (${held}) ${answer.what}`,
    ...decided,
    ...(answer.allowed ? [] : none),
    dim(`policies ${answer.digest}`),
  ];
}

function describeTests(cli: Cli, table: string, { cases, differences }: PolicyTestReport): string[] {
  const { green, red } = cli.colors;
  if (differences.length === 0) return [`${green("ok")}  ${cases} cases, all answered as expected.`];
  return [
    ...differences.flatMap(({ line, expected, found, why }) => [
      `${red("differs")} ${table}:${line} expected ${expected}; found ${found}`,
      ...(why === "" ? [] : [`  ${why}`]),
    ]),
    `${differences.length} of ${cases} cases differ.`,
  ];
}
