import type { Command } from "commander";
import type { Cli } from "../cli.ts";

export function addSchema(program: Command, cli: Cli): void {
  const schema = program
    .command("schema")
    .description("JSON Schemas of events, modules, tenants and flow files");
  schema
    .command("list")
    .description("names of the schemas")
    .action(async () => {
      for (const name of await cli.local.listSchemas()) cli.out(name);
    });
  schema
    .command("show <name>")
    .description("one schema (JSON Schema 2020-12)")
    .action(async (name: string) => cli.out(JSON.stringify(await cli.local.showSchema(name), null, 2)));
}
