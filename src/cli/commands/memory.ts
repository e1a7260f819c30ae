import type { Command } from "commander";
import { spanBetween } from "../../domain/time-text.ts";
import type { ArtifactContent, StoredArtifact } from "../../operations/read-memory.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { table } from "../table.ts";

interface Flags {
  module?: string;
  version?: string;
  all?: boolean;
  data?: string;
  json?: boolean;
}

export function addMemory(program: Command, cli: Cli): void {
  const memory = program.command("memory").description("what the agents of a trace wrote");
  memory
    .command("ls [trace]")
    .description("list artifacts with version and digest")
    .option("--module <module>", "of this module only")
    .option("--all", "every version")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (trace: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags);
      const found = await client.get<StoredArtifact[]>("/memory", {
        traceId: trace,
        moduleId: flags.module,
        all: flags.all === true ? "true" : undefined,
      });
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else if (found.length === 0) cli.out("Nothing has been written yet.");
      else for (const line of describe(cli, found)) cli.out(line);
    });
  memory
    .command("get <path>")
    .description("print one artifact; the path as memory ls prints it")
    .option("--version <number>", "an earlier version")
    .option("--json", "with version and digest, as JSON")
    .option("--data <folder>", "data directory")
    .action(async (path: string, flags: Flags) => {
      const client = await connect(cli, flags, { asWritten: !cli.interactive });
      const found = await client.get<ArtifactContent>("/memory/content", { path, version: flags.version });
      cli.out(flags.json === true ? JSON.stringify(found, null, 2) : found.content.replace(/\n$/, ""));
    });
  memory
    .command("export <folder> [trace]")
    .description("write the tree of artifacts as files into a new or empty folder")
    .option("--module <module>", "of this module only")
    .option("--data <folder>", "data directory")
    .action(async (folder: string, trace: string | undefined, flags: Flags) => {
      const { exportMemory } = await import("../export-memory.ts");
      const client = await connect(cli, flags, { asWritten: true });
      const written = await exportMemory(client, {
        folder,
        cwd: cli.cwd,
        ...(trace !== undefined && { traceId: trace }),
        ...(flags.module !== undefined && { moduleId: flags.module }),
      });
      cli.out(`${written.files} files in ${written.folder}`);
    });
}

function describe(cli: Cli, found: StoredArtifact[]): string[] {
  const now = new Date().toISOString();
  return table(
    found.map((one) => [
      one.path,
      `v${one.version}`,
      cli.colors.dim(one.sha256.slice(7, 19)),
      cli.colors.dim(`${one.bytes} B`),
      cli.colors.dim(`${one.writer.agentId} ${spanBetween(one.writtenAt, now)} ago`),
    ]),
  );
}
