import type { Command } from "commander";
import { countText } from "../../domain/time-text.ts";
import type { AuditCheck, AuditKey, PublishedCheckpoint } from "../../operations/audit/look-after-log.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";

interface Flags {
  data?: string;
  json?: boolean;
  checkpoint?: string;
}

export function addAudit(program: Command, cli: Cli, end: (code: number) => void): void {
  const audit = program.command("audit").description("evidence that verifies without this server");
  audit
    .command("export <trace>")
    .description("write one archive of a trace: events, artifacts, statements, proofs and a report")
    .option("-o, --output <file>", "where to; <trace>.audit.tar.gz here where it is left out")
    .option("--data <folder>", "data directory")
    .action(async (trace: string, flags: Flags & { output?: string }) => {
      const { saveArchive } = await import("../audit/save-archive.ts");
      const client = await connect(cli, flags);
      const saved = await saveArchive(client, { trace, cwd: cli.cwd, output: flags.output });
      cli.out(`${saved.bytes} bytes in ${saved.file}`);
      const { bold } = cli.colors;
      cli.out(`${bold("next:")} connectsoft audit verify ${saved.file}, on any machine`);
      cli.out(
        "      with --trust, which takes what `connectsoft audit keys` prints, and --checkpoint, a copy that you kept",
      );
    });
  audit
    .command("verify <archive>")
    .description("verify an archive on any machine: no server, database or network")
    .option("--trust <keys>", "fingerprint or file of keys that you have from elsewhere")
    .option("--checkpoint <file>", "checkpoints that you kept, or the newest of them")
    .option("--json", "as JSON")
    .action(async (archive: string, flags: { trust?: string; checkpoint?: string; json?: boolean }) => {
      const { verifyFile } = await import("../audit/verify-file.ts");
      const { exitCode, json, lines } = await verifyFile(cli.cwd, archive, flags);
      if (flags.json === true) cli.out(JSON.stringify(json, null, 2));
      else for (const line of lines) cli.out(line);
      end(exitCode);
    });
  audit
    .command("check")
    .description("compare the whole database with itself and with every published checkpoint")
    .option("--checkpoint <file>", "and with checkpoints that you kept")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const { readKept } = await import("../audit/read-kept.ts");
      const copy = flags.checkpoint === undefined ? {} : { copy: await readKept(cli.cwd, flags.checkpoint) };
      const client = await connect(cli, flags);
      const found = await client.send<AuditCheck>("POST", "/audit/checks", copy);
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else for (const line of describe(found)) cli.out(line);
      if (found.finding !== undefined) end(exitCodes.failed);
    });
  audit
    .command("checkpoint")
    .description("publish a signed checkpoint now, and print it")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const made = await client.send<PublishedCheckpoint>("POST", "/audit/checkpoints", {});
      if (flags.json === true) cli.out(JSON.stringify(made, null, 2));
      else cli.out(made.note === "" ? "Nothing has happened yet." : made.note.replace(/\n$/, ""));
    });
  audit
    .command("keys")
    .description("the public keys that the tenant ever signed with")
    .option("--json", "as JSON: what --trust takes")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const keys = await client.get<AuditKey[]>("/audit/keys");
      if (flags.json === true) cli.out(JSON.stringify(keys, null, 2));
      else if (keys.length === 0) cli.out("Nothing was signed yet.");
      else for (const key of keys) cli.out(describeKey(key));
    });
  audit
    .command("rotate-key")
    .description("retire the signing key and make the next; what it signed holds")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const key = await client.send<AuditKey>("POST", "/audit/keys", {});
      cli.out(describeKey(key));
    });
}

function describe(found: AuditCheck): string[] {
  const { artifacts, checkpoints, deliveries, events, file, finding, journalEntries, uncovered } = found;
  if (finding !== undefined) return [`does not fit: ${finding.where} ${finding.problem}`];
  return [
    `Everything fits: ${countText(deliveries, "delivery", "deliveries")}, ${countText(events, "event")}, ${countText(artifacts, "artifact")}, ${countText(journalEntries, "journal entry", "journal entries")},`,
    `and ${countText(checkpoints, "checkpoint")} in ${file}.`,
    ...(uncovered === 0 ? [] : [`${uncovered} events and entries are newer than the last checkpoint.`]),
  ];
}

function describeKey({ keyId, madeAt, retiredAt, note }: AuditKey): string {
  const life = retiredAt === undefined ? `since ${madeAt}` : `from ${madeAt} to ${retiredAt}`;
  return `${keyId}  ${life}\n  ${note}`;
}
