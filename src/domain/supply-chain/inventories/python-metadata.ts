/** `*.dist-info/METADATA`: what pip, poetry and uv really installed, with its licence (core metadata, PEP 566 and 639). */
import type { InventoryFile, InventoryReader } from "../inventory.ts";
import { type LockedNode, neededByNobody, scopedByReach } from "../package-graph.ts";
import { licenceOfClassifiers } from "./python-classifiers.ts";
import { pythonName, pythonPackage } from "./python-name.ts";

const metadataFile = /(^|\/)[^/]+\.dist-info\/METADATA$/;

export const pythonMetadata: InventoryReader = {
  ecosystem: "pypi",
  completeness: "installed",
  reads: (path) => metadataFile.test(path),
  read: (file, others) => {
    // All of them together, once: who needs whom is only known then.
    const all = others.filter(({ path }) => metadataFile.test(path));
    return all[0]?.path === file.path ? installed(all, others) : [];
  },
};

function installed(all: readonly InventoryFile[], others: readonly InventoryFile[]) {
  const nodes = new Map<string, LockedNode>();
  const requested: string[] = [];
  const paths = new Set(others.map(({ path }) => path));
  for (const file of all) {
    const headers = headersOf(file);
    const name = pythonName(headers.one("Name") ?? "");
    const version = headers.one("Version");
    if (name === "" || version === undefined) throw new Error("it has no Name or no Version");
    nodes.set(name, {
      package: pythonPackage(name, version, { licence: licenceOf(headers) }),
      needs: headers.all("Requires-Dist").flatMap(unconditional),
    });
    if (paths.has(file.path.replace(/METADATA$/, "REQUESTED"))) requested.push(name);
  }
  const required = requested.length > 0 ? requested : neededByNobody(nodes);
  // What lies there is there to run, whoever asked for it.
  return scopedByReach(nodes, { required, optional: [], excluded: [] }).map((found) => ({
    ...found,
    scope: "required" as const,
  }));
}

interface Headers {
  one(name: string): string | undefined;
  all(name: string): string[];
}

/** The part before the first empty line: a header a line, continued where a line begins with a space. */
function headersOf({ text }: InventoryFile): Headers {
  const [head = ""] = text.split(/\r?\n\r?\n/, 1);
  const lines = head.replaceAll(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const all = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return { all, one: (name) => all(name)[0] };
}

/** `requests (>=2) ; extra == "x"` asks for nothing unless somebody wants the extra. */
function unconditional(requirement: string): string[] {
  const [what = "", marker = ""] = requirement.split(";", 2);
  const name = /^[A-Za-z0-9._-]+/.exec(what.trim())?.[0];
  return name === undefined || /\bextra\s*==/.test(marker) ? [] : [pythonName(name)];
}

const longestName = 64;

function licenceOf(headers: Headers): string | undefined {
  const expression = headers.one("License-Expression");
  if (expression !== undefined) return expression;
  const classified = licenceOfClassifiers(headers.all("Classifier"));
  if (classified !== undefined) return classified;
  const named = headers.one("License");
  const isName = named !== undefined && named !== "" && named !== "UNKNOWN" && named.length <= longestName;
  return isName ? named : undefined;
}
