/**
 * Licences of packages against a policy. A package passes where its SPDX expression has a way through (one side of each
 * OR, both sides of each AND) whose licences are all allowed and none is denied.
 */
import parse, { type Info } from "spdx-expression-parse";
import satisfies from "spdx-satisfies";
import type { LicencePolicy } from "../tenant/gate-policy.ts";
import { type ListedComponent, unknownLicence } from "./read-sbom.ts";

export interface DeniedPackage {
  /** `name@version`. */
  name: string;
  expression: string;
  why: string;
}

export function deniedLicences(
  components: readonly Pick<ListedComponent, "name" | "version" | "licences">[],
  policy: LicencePolicy,
): DeniedPackage[] {
  const known = new Map<string, string | undefined>();
  return components.flatMap(({ name, version, licences }) => {
    const expression = expressionOf(licences);
    if (!known.has(expression)) known.set(expression, whyDenied(expression, policy));
    const why = known.get(expression);
    return why === undefined ? [] : [{ name: `${name}@${version}`, expression, why }];
  });
}

/** Several licences of one component hold together. */
function expressionOf(licences: string[]): string {
  if (licences.length < 2) return licences[0] ?? unknownLicence;
  return licences.map((one) => (/ (AND|OR) /.test(one) ? `(${one})` : one)).join(" AND ");
}

function whyDenied(expression: string, policy: LicencePolicy): string | undefined {
  const parsed = parsedOf(expression);
  if (parsed === undefined) {
    const undeclared = policy.undeclared ?? (policy.allow === undefined ? "allow" : "deny");
    const what = expression === unknownLicence ? "it states no licence" : "this is no SPDX expression";
    return undeclared === "deny" ? what : undefined;
  }
  const refused: string[] = [];
  if (passes(parsed, policy, refused)) return undefined;
  return [...new Set(refused)].join(", ");
}

function parsedOf(expression: string): Info | undefined {
  try {
    return parse(expression);
  } catch {
    return undefined;
  }
}

function passes(node: Info, policy: LicencePolicy, refused: string[]): boolean {
  if ("conjunction" in node) {
    const left = passes(node.left, policy, refused);
    const right = passes(node.right, policy, refused);
    return node.conjunction === "or" ? left || right : left && right;
  }
  const text = textOf(node);
  const { allow, deny = [] } = policy;
  if (deny.some((one) => sameLicence(one, text))) {
    refused.push(`${text} is denied`);
    return false;
  }
  if (allow === undefined || allow.some((one) => allows(one, text))) return true;
  refused.push(`${text} is not among those allowed`);
  return false;
}

type Leaf = Exclude<Info, { conjunction: unknown }>;

function textOf({ license, plus, exception }: Leaf): string {
  return `${license}${plus ? "+" : ""}${exception === undefined ? "" : ` WITH ${exception}`}`;
}

/** `GPL-3.0`, `GPL-3.0-only`, `GPL-3.0-or-later` and `GPL-3.0+` are one licence where it is denied. */
function sameLicence(one: string, other: string): boolean {
  return family(one) === family(other);
}

function family(text: string): string {
  const [id = "", exception] = text.split(" WITH ");
  const base = id.replace(/(-only|-or-later|\+)$/, "");
  return exception === undefined ? base : `${base} WITH ${exception}`;
}

/** What is written otherwise than SPDX does is compared as text. */
function allows(allowed: string, text: string): boolean {
  if (allowed === text) return true;
  try {
    return satisfies(text, [allowed]);
  } catch {
    return false;
  }
}
