/** `secret rotate`: a new version of a secret that is there, and which releases still run with the one before. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { DriftReport } from "../../operations/drift/show-drift.ts";
import type { SecretReference } from "../../operations/manage-settings.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { readSecret } from "../read-secret.ts";

interface PlaceFlags {
  env: string;
  module?: string;
}

interface Flags extends PlaceFlags {
  generate?: boolean;
  data?: string;
}

const generatedBytes = 32;

export function addRotation(command: Command, cli: Cli): void {
  command
    .description("give a secret a new value; it is read from standard input, asked for, or made up")
    .option("--generate", "make up a value of 256 random bits, which is shown to nobody")
    .action(async (name: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const { env, module } = flags;
      const route = `/settings/${encodeURIComponent(env)}/secrets`;
      const before = await client.get<SecretReference[]>(route, { moduleId: module });
      if (!before.some((one) => one.name === name))
        throw refuse(
          "NotFound",
          `${name} is not set in ${env}, so there is nothing to rotate.`,
          `Set it: ${secretCommand("set", name, flags)}`,
        );
      const value =
        flags.generate === true
          ? randomBytes(generatedBytes).toString("base64url")
          : await readSecret(cli, { name, into: secretCommand("rotate", name, flags) });
      const set = await client.send<SecretReference>("PUT", `${route}/${encodeURIComponent(name)}`, {
        value,
        ...(module !== undefined && { moduleId: module }),
      });
      if (before.some(({ versionId }) => versionId === set.versionId)) {
        cli.out(`${name} has that value already; nothing changed.`);
        return;
      }
      cli.out(`${name} has a new version in ${env}: ${set.versionId}`);
      const { places } = await client.get<DriftReport>("/drift", { environment: env, moduleId: module });
      for (const line of withOlder(places, name)) cli.out(line);
    });
}

/** As it was called, so that what is advised is about the same place. */
export function secretCommand(verb: "set" | "rotate", name: string, { env, module }: PlaceFlags): string {
  const own = module === undefined ? "" : ` --module ${module}`;
  return `connectsoft secret ${verb} ${name} --env ${env}${own}`;
}

function withOlder(places: DriftReport["places"], name: string): string[] {
  return places.flatMap(({ differences }) =>
    differences
      .filter(({ kind, variables }) => kind === "secret-version" && variables?.includes(name) === true)
      .map(({ words }) => `  ${words}`),
  );
}
