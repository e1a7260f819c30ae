/** What can be delivered: plain files and links that stay inside, with names that every machine can hold. */
import { posix } from "node:path";
import { refuse } from "../../../domain/refusal.ts";

/** What one module may weigh; a larger one is nearly always data that was committed by mistake. */
export interface ModuleLimits {
  fileBytes: number;
  totalBytes: number;
  files: number;
}

export const moduleLimits: ModuleLimits = {
  fileBytes: 100 * 1_048_576,
  totalBytes: 1_024 * 1_048_576,
  files: 500_000,
};

/** As most file systems have it. */
const longestName = 255;
const longestPath = 4_000;
/** As Linux does: a longer chain of links is a circle. */
const maxLinks = 40;

export function moduleInvalid(message: string, next: string): Error {
  return refuse("ModuleInvalid", message, next);
}

export function refuseEmpty(source: string): Error {
  return moduleInvalid(
    `${source} holds no files that are not ignored; expected the source of a module.`,
    "Check the path, and that .gitignore does not leave everything out.",
  );
}

export function refuseInnerRepository(path: string, source: string): Error {
  return moduleInvalid(
    `${path} in ${source} is a git repository of its own (or a submodule); expected plain files.`,
    `Remove ${path}/.git and add its files (git rm --cached ${path}, then git add ${path}), or hand that repository over as a module of its own.`,
  );
}

export function refuseLfsPointer(path: string, source: string): Error {
  return moduleInvalid(
    `${path} in ${source} is a Git LFS pointer and not the file itself; expected its content.`,
    "Hand over a folder where `git lfs pull` has brought the files, or take the file out of LFS.",
  );
}

/** Splits names at NUL; refuses those that are no UTF-8, that some machine cannot hold, or that differ in case only. */
export function readNames(output: Uint8Array, source: string): string[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(output);
  } catch {
    throw moduleInvalid(
      `${brokenName(output)} in ${source} has a name that is no UTF-8.`,
      "Rename it: convmv -f latin1 -t utf8 shows how it may have been meant.",
    );
  }
  return text.split("\0").filter((name) => name !== "");
}

export function checkNames(paths: Iterable<string>, source: string): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    checkName(path, source);
    for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
      const place = path.slice(0, end);
      const folded = place.normalize("NFC").toLowerCase();
      const known = seen.get(folded);
      if (known === place) break;
      if (known !== undefined) throw colliding(known, place, source);
      seen.set(folded, place);
    }
  }
}

export function checkSize(file: { path: string; bytes: number }, source: string, limits: ModuleLimits): void {
  if (file.bytes <= limits.fileBytes) return;
  throw moduleInvalid(
    `${file.path} in ${source} has ${megabytes(file.bytes)}; a file of a module has at most ${megabytes(limits.fileBytes)}.`,
    "Keep it in an artifact or object store, or leave it out with .gitignore.",
  );
}

export function checkTotal(
  total: { files: number; bytes: number },
  source: string,
  limits: ModuleLimits,
): void {
  if (total.files <= limits.files && total.bytes <= limits.totalBytes) return;
  throw moduleInvalid(
    `${source} holds more than ${limits.files} files or ${megabytes(limits.totalBytes)}; a module is smaller.`,
    "Leave data and build output out with .gitignore, or hand over the folder of one module.",
  );
}

export function checkLinks(targets: ReadonlyMap<string, string>, source: string): void {
  for (const [path, target] of targets) {
    if (staysInside(path, targets)) continue;
    throw moduleInvalid(
      `${path} in ${source} links to ${target}, which leads out of the module; expected links that stay inside.`,
      "Replace the link by a copy of what it points to.",
    );
  }
}

/** Follows a link as a file system would, component by component, so that `..` behind another link counts. */
export function staysInside(path: string, targets: ReadonlyMap<string, string>): boolean {
  const pending = path.split("/");
  let place: string[] = [];
  let followed = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (place.length === 0) return false;
      place = place.slice(0, -1);
      continue;
    }
    const target = targets.get([...place, part].join("/"));
    if (target === undefined) {
      place = [...place, part];
      continue;
    }
    followed += 1;
    if (followed > maxLinks || posix.isAbsolute(target)) return false;
    pending.unshift(...target.split("/"));
  }
  return true;
}

const lfsPointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*oid sha256:[0-9a-f]{64}\n/;
/** A pointer is three short lines. */
export const longestLfsPointer = 1_024;

export function isLfsPointer(content: Uint8Array): boolean {
  if (content.length > longestLfsPointer || content[0] !== 0x76) return false;
  return lfsPointer.test(Buffer.from(content).toString("latin1"));
}

function checkName(path: string, source: string): void {
  const broken = path.split("/").find((part) => whyNot(part) !== undefined);
  const why =
    broken === undefined
      ? Buffer.byteLength(path) > longestPath && `is longer than ${longestPath} bytes`
      : whyNot(broken);
  if (typeof why === "string")
    throw moduleInvalid(`${shown(path)} in ${source} ${why}.`, "Rename it, or leave it out with .gitignore.");
}

function whyNot(part: string): string | undefined {
  if (part === "" || part === "." || part === "..") return "is no path inside the module";
  if (/^(\.git[. ]*|git~\d)$/i.test(part)) return "has a name that git keeps for itself";
  if (/\p{Cc}/u.test(part)) return "has a control character in its name";
  return Buffer.byteLength(part) > longestName ? `has a name of more than ${longestName} bytes` : undefined;
}

function colliding(one: string, other: string, source: string): Error {
  return moduleInvalid(
    `${one} and ${other} in ${source} differ in upper and lower case only; macOS and Windows hold one of them.`,
    "Rename one of them.",
  );
}

function brokenName(output: Uint8Array): string {
  const names = Buffer.from(output).toString("latin1").split("\0");
  const broken = names.find((name) => Buffer.from(name, "latin1").toString("utf8").includes("\uFFFD"));
  return shown(broken ?? "");
}

/** Control characters and bytes beyond ASCII written out, so that a message shows what is there. */
function shown(path: string): string {
  return JSON.stringify(path).replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

function megabytes(bytes: number): string {
  return bytes < 1_048_576 ? `${bytes} bytes` : `${Math.round(bytes / 1_048_576)} MB`;
}
