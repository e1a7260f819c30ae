import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { Proposed } from "../../operations/policy-changes/change-policy.ts";
import type { Applied } from "../../operations/policy-changes/declared.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeOutcome } from "../describe-policy.ts";

interface Flags {
  reason?: string;
  data?: string;
  json?: boolean;
}

interface Declaration {
  tenantId: string;
  version: number;
  digest: string;
  by: string;
  at: string;
  text: string;
}

export function addTenant(program: Command, cli: Cli): void {
  const tenant = program.command("tenant").description("people, environments and policy");
  tenant
    .command("show")
    .description("print the declaration that holds now")
    .option("--json", "with version, digest, author and time, as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags, { asWritten: !cli.interactive });
      const found = await client.get<Declaration>("/tenant");
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else
        cli.out(
          `# ${found.tenantId}, version ${found.version} by ${found.by} at ${found.at}\n${found.text.trimEnd()}`,
        );
    });
  tenant
    .command("apply <file>")
    .description(
      "check a tenant.yaml whole and put it in force, or propose it where a second person confirms",
    )
    .option("--reason <text>", "why, for those who read the record")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (file: string, flags: Flags) => {
      const text = await readFile(path.resolve(cli.cwd, file), "utf8").catch(
        (error: NodeJS.ErrnoException) => {
          throw refuse("InputInvalid", `${file} cannot be read: ${error.code}.`, "Name a tenant.yaml.");
        },
      );
      const client = await connect(cli, flags);
      const { reason = "" } = flags;
      const outcome = await client.send<Applied | Proposed>("PUT", "/tenant", { text, file, reason });
      if (flags.json === true) cli.out(JSON.stringify(outcome));
      else for (const line of describeOutcome(cli, outcome)) cli.out(line);
    });
}
