/** Names that become paths, refs and arguments: anything that git could read as something else is refused. */
import { refuse } from "../../../domain/refusal.ts";
import { slug } from "../../../domain/scope.ts";

/** `<tenantId>/<moduleId>`, both slugs. */
export function parseRepository(repository: string): { tenantId: string; moduleId: string } {
  const [tenantId, moduleId, ...rest] = repository.split("/");
  if (rest.length === 0 && slug.safeParse(tenantId).success && slug.safeParse(moduleId).success)
    return { tenantId: String(tenantId), moduleId: String(moduleId) };
  throw refuse(
    "InputInvalid",
    `repository: ${JSON.stringify(repository)} was given; expected <tenantId>/<moduleId>, both slugs such as vetclinic-001/booking-service.`,
  );
}

const refForm = /^[A-Za-z0-9_][A-Za-z0-9._/+-]*$/;

/** The full ref of a tag. */
export function tagRef(tag: string): string {
  if (isRefName(tag)) return `refs/tags/${tag}`;
  throw refuse(
    "InputInvalid",
    `tag: ${JSON.stringify(tag)} was given; expected a name such as booking-service/v1.2.0.`,
  );
}

function isRefName(name: string): boolean {
  const parts = name.split("/");
  const broken = parts.some((part) => part === "" || part.startsWith(".") || part.endsWith(".lock"));
  return refForm.test(name) && !name.includes("..") && !name.endsWith(".") && !broken;
}

/** The full ref of a branch. */
export function branchRef(branch: string): string {
  if (!isRefName(branch))
    throw refuse(
      "InputInvalid",
      `branch: ${JSON.stringify(branch)} was given; expected a branch name such as trace/trace-2025-05-23-0012/booking-service.`,
    );
  return `refs/heads/${branch}`;
}

const objectForm = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

export function isObjectId(name: string): boolean {
  return objectForm.test(name);
}

/** A commit or tree id as it is, a branch as its ref. */
export function revision(name: string): string {
  return isObjectId(name) ? name : branchRef(name);
}

/** A path inside a tree, with forward slashes. */
export function checkPath(path: string): string {
  const parts = path.split("/");
  const outside = parts.some((part) => part === "" || part === "." || part === "..");
  const reserved = parts.some((part) => part.toLowerCase() === ".git");
  if (outside || reserved || path.startsWith("-") || path.includes("\0"))
    throw refuse(
      "InputInvalid",
      `path: ${JSON.stringify(path)} was given; expected a path inside the repository such as src/server.js.`,
    );
  return path;
}
