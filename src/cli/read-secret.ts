/** A secret's value: never from the command line, where every process of the machine could read it. */
import { text } from "node:stream/consumers";
import { refuse } from "../domain/refusal.ts";
import type { Cli } from "./cli.ts";

interface Asked {
  /** What it is called to people. */
  name: string;
  /** The command that reads it. */
  into: string;
  input?: NodeJS.ReadableStream;
}

/** Asks where a person is there, else reads standard input to its end; one newline at the end is not part of it. */
export async function readSecret(cli: Cli, { name, into, input = process.stdin }: Asked): Promise<string> {
  if (cli.interactive && process.stdin.isTTY) {
    const { password } = await import("@inquirer/prompts");
    return password({ message: `Value of ${name}:`, mask: "*" });
  }
  const value = (await text(input)).replace(/\r?\n$/, "");
  if (value !== "") return value;
  throw refuse(
    "InputInvalid",
    `${name}: standard input holds no value.`,
    `Pipe it in: printf %s "$VALUE" | ${into}`,
  );
}
