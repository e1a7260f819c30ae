/**
 * Bicep by its published grammar as far as a reader can hold it: statements, strings, brackets, and that parameters
 * and parents are declared. Types and the cloud's own schemas are the compiler's, which cannot run in here.
 */
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { bareText } from "./bare-text.ts";

const statement = /^(targetScope|using|param|var|resource|module|output|type|func|import|metadata|@|$)/;

export const bicepValidator: FileValidator = {
  name: "bicep",
  validates: (path) => /\.bicep(param)?$/.test(path),
  async check({ path, content }, files) {
    const { problems, text } = bareText(content);
    const found = [...problems, ...statementProblems(text)];
    if (path.endsWith(".bicepparam")) {
      const main = files.find((file) => file.path === path.replace(/[^/]+$/, "main.bicep"));
      if (main !== undefined) found.push(...parameterProblems(text, bareText(main.content).text));
    } else found.push(...parentProblems(text));
    return found.map(({ line, message }) => finding(path, line, message));
  },
};

interface Problem {
  line: number;
  message: string;
}

function statementProblems(text: string): Problem[] {
  let depth = 0;
  return text.split("\n").flatMap((line, index) => {
    const isTop = depth === 0;
    for (const mark of line) depth += "{[(".includes(mark) ? 1 : "}])".includes(mark) ? -1 : 0;
    const isWrong = isTop && !statement.test(line.trim());
    return isWrong
      ? [{ line: index + 1, message: `no statement of Bicep begins with ${line.trim().split(/\s/)[0]}` }]
      : [];
  });
}

function parentProblems(text: string): Problem[] {
  const declared = new Set([...text.matchAll(/^resource\s+(\w+)/gm)].map(([, name]) => name));
  return text.split("\n").flatMap((line, index) => {
    const parent = /^\s*parent:\s*(\w+)/.exec(line)?.[1];
    const isKnown = parent === undefined || declared.has(parent);
    return isKnown ? [] : [{ line: index + 1, message: `parent ${parent} is not declared as a resource` }];
  });
}

/** What is given and what is asked for are the same. */
function parameterProblems(text: string, main: string): Problem[] {
  const given = [...text.matchAll(/^param\s+(\w+)/gm)].map(([, name = ""]) => name);
  const asked = [...main.matchAll(/^param\s+(\w+)\s+\S+(\s*=)?/gm)];
  const names = new Set(asked.map(([, name]) => name));
  const needed = asked.filter(([, , standard]) => standard === undefined).map(([, name = ""]) => name);
  return [
    ...given
      .filter((name) => !names.has(name))
      .map((name) => ({ line: 1, message: `main.bicep has no param ${name}` })),
    ...needed
      .filter((name) => !given.includes(name))
      .map((name) => ({ line: 1, message: `main.bicep asks for param ${name}, which is not given` })),
  ];
}

function finding(path: string, line: number, message: string): FileFinding {
  return {
    path,
    line,
    rule: "bicep/structure",
    severity: "error",
    message,
    suggestion: "Undo the change that was made by hand, or leave the set `infrastructure` out.",
  };
}
