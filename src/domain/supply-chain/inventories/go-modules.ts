/** go.mod, which since Go 1.17 names every module that is built with, and go.sum with their hashes. */
import type { InventoryFile, InventoryReader, ResolvedPackage } from "../inventory.ts";
import { purlOf } from "../purl.ts";
import { hexOf } from "./integrity.ts";

interface Requirement {
  path: string;
  version: string;
  direct: boolean;
}

export const goModules: InventoryReader = {
  ecosystem: "golang",
  completeness: "resolved",
  reads: (path) => path === "go.mod",
  read: (file, others) => {
    const statements = statementsOf(file);
    const replaced = replacements(statements);
    const sums = sumsOf(others.find(({ path }) => path === "go.sum"));
    return statements
      .flatMap(({ verb, words, comment }) => requirement(verb, words, comment))
      .flatMap((wanted) => {
        const other = replaced.get(`${wanted.path}@${wanted.version}`) ?? replaced.get(wanted.path);
        // A replacement by a folder is the module's own code.
        if (other === "folder") return [];
        return goPackage({ ...wanted, ...other }, sums);
      });
  },
};

function goPackage({ path, version, direct }: Requirement, sums: Map<string, string>): ResolvedPackage {
  const slash = path.lastIndexOf("/");
  const group = slash < 0 ? {} : { group: path.slice(0, slash) };
  const name = path.slice(slash + 1);
  const hash = sums.get(`${path}@${version}`);
  return {
    purl: purlOf({ ecosystem: "golang", ...group, name, version }),
    ecosystem: "golang",
    name: path,
    version,
    // Go's own hash of the module's files, as cyclonedx-gomod writes it too.
    hashes: hash === undefined ? {} : { "SHA-256": hexOf(hash) },
    scope: "required",
    direct,
    dependsOn: [],
  };
}

interface Statement {
  verb: string;
  words: string[];
  comment: string;
}

/** `require a v1` and `require ( ... )` alike. */
function statementsOf({ text }: InventoryFile): Statement[] {
  let block: string | undefined;
  return text.split(/\r?\n/).flatMap((line) => {
    const [code = "", ...rest] = line.split("//");
    const comment = rest.join("//").trim();
    const words = code
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => word.replaceAll(/^"|"$/g, ""));
    if (words.length === 0) return [];
    if (block !== undefined && words[0] === ")") {
      block = undefined;
      return [];
    }
    if (block !== undefined) return [{ verb: block, words, comment }];
    const [verb = "", ...others] = words;
    if (others[0] === "(") {
      block = verb;
      return [];
    }
    return [{ verb, words: others, comment }];
  });
}

function requirement(verb: string, [path, version]: string[], comment: string): Requirement[] {
  if (verb !== "require" || path === undefined || version === undefined) return [];
  return [{ path, version, direct: !/^indirect\b/.test(comment) }];
}

function replacements(statements: Statement[]): Map<string, { path: string; version: string } | "folder"> {
  const found = new Map<string, { path: string; version: string } | "folder">();
  for (const { verb, words } of statements) {
    if (verb !== "replace") continue;
    const arrow = words.indexOf("=>");
    const [path = "", of] = words.slice(0, arrow);
    const [other = "", version] = words.slice(arrow + 1);
    found.set(
      of === undefined ? path : `${path}@${of}`,
      version === undefined ? "folder" : { path: other, version },
    );
  }
  return found;
}

function sumsOf(file: InventoryFile | undefined): Map<string, string> {
  const lines = file?.text.split("\n") ?? [];
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [path, version, sum] = line.trim().split(/\s+/);
      return path !== undefined && sum?.startsWith("h1:") ? [[`${path}@${version}`, sum.slice(3)]] : [];
    }),
  );
}
