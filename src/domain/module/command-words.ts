/** Commands as people write them: a list of words, or one line of plain words. No shell reads them. */
import type { Command } from "./module-spec.ts";

/** What a shell would not take as it stands; such a line must be written as a list. */
const shellSigns = /[|&;<>()$`\\"'*?[\]#~{}!\n\r\0]/;

/** The words of a simple line, or undefined where only a shell could read it. */
export function plainWords(line: string): Command | undefined {
  const words = line.split(/[ \t]+/).filter((word) => word !== "");
  const [program] = words;
  // `NAME=value program` sets a variable in a shell and names a program nowhere else.
  if (program === undefined || shellSigns.test(line) || program.includes("=")) return undefined;
  return words;
}

/** Takes both forms; otherwise says in words what was expected. */
export function readCommand(given: unknown): { command: Command } | { problem: string } {
  if (typeof given === "string") {
    const command = plainWords(given);
    if (command !== undefined) return { command };
    return {
      problem: `${JSON.stringify(given)} is no simple command; no shell reads it, so write words as a list, such as [node, server.js]`,
    };
  }
  if (!Array.isArray(given) || given.length === 0)
    return { problem: "expected a command such as [node, server.js] or node server.js" };
  const wrong = given.find((word) => typeof word !== "string" || word === "" || word.includes("\0"));
  if (wrong === undefined) return { command: given as Command };
  return { problem: `expected a list of words, but ${JSON.stringify(wrong)} is none; put it in quotes` };
}
