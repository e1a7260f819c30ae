import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { Cli } from "./cli.ts";
import { secretCommand } from "./commands/rotate-secret.ts";
import { readSecret } from "./read-secret.ts";

const cli = { interactive: false } as Cli;

test("a value is read to its end, without the newline that closes it", async () => {
  const input = Readable.from(["two\n", "lines\n"]);
  expect(await readSecret(cli, { name: "KEY", into: "x", input })).toBe("two\nlines");
});

test("where there is none, the advice is the command that was called, at the place that it named", async () => {
  const into = secretCommand("rotate", "KEY", { env: "staging", module: "shop" });
  const asked = readSecret(cli, { name: "KEY", into, input: Readable.from([]) });
  await expect(asked).rejects.toMatchObject({
    refusal: {
      message: "KEY: standard input holds no value.",
      next: 'Pipe it in: printf %s "$VALUE" | connectsoft secret rotate KEY --env staging --module shop',
    },
  });
});
