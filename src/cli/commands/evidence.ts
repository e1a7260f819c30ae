import { readFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { AddedEvidence } from "../../operations/add-evidence.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";

interface Flags {
  kind: string;
  trace: string;
  commit: string;
  producer: string;
  tree?: string;
  module?: string;
  json?: boolean;
  data?: string;
}

export function addEvidenceCommands(program: Command, cli: Cli): void {
  program
    .command("evidence")
    .description("what a team's own CI found out")
    .command("add <file>")
    .description("add a report as evidence for one commit of a delivery")
    .requiredOption("--kind <kind>", "junit, cobertura, lcov, jacoco, sarif, cyclonedx or signature")
    .requiredOption("--trace <trace>", "trace of the delivery")
    .requiredOption("--commit <commit>", "full id of the commit that it was made of")
    .requiredOption("--producer <producer>", "who made it, as tenant.yaml lists it")
    .option("--tree <tree>", "full id of its tree, to be checked too")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      `
Exit codes: 0 recorded, or known already; 2 refused.

Example:
  connectsoft evidence add junit.xml --kind junit --trace trace-2025-05-23-0012 \\
    --commit $(git rev-parse HEAD) --tree $(git rev-parse 'HEAD^{tree}') --producer jenkins`,
    )
    .action(async (file: string, flags: Flags) => {
      const content = gzipSync(await bytesOf(path.resolve(cli.cwd, file))).toString("base64");
      const client = await connect(cli, flags);
      const target = await findTarget(client, flags.trace, flags.module);
      const { kind, producer, commit, tree } = flags;
      const added = await client.send<AddedEvidence>("POST", `${pathOf(target)}/evidence`, {
        kind,
        producer,
        commit,
        content,
        ...(tree !== undefined && { tree }),
      });
      if (flags.json === true) cli.out(JSON.stringify(added));
      else {
        const what = added.recorded ? "is recorded" : "was known already";
        cli.out(`${added.event} of ${producer} for ${commit.slice(0, 12)} ${what}: ${added.reportDigest}`);
        cli.out(`${cli.colors.bold("next:")} See what it changes: connectsoft explain ${target.traceId}`);
      }
    });
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse("InputInvalid", `${file} cannot be read: ${why}.`, "Name the report that your CI wrote.");
  }
}
