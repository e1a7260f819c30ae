/**
 * What an agent of ours vouches for, as an in-toto Statement v1 in a sigstore bundle: these digests, made for this
 * module in this trace. Gates verify it against the keys of the tenant.
 */
import { z } from "zod";
import { bundleOf, envelopeBytes, openBundle } from "../audit/dsse-bundle.ts";
import { canonicalJson } from "../canonical-json.ts";
import { remember } from "../remember.ts";
import type { Subject } from "../scope.ts";

export const vouchedKinds = ["artifact", "pipeline", "plan"] as const;
export type VouchedKind = (typeof vouchedKinds)[number];

/** docs/reference/gates.md describes it. */
export function predicateType(kind: VouchedKind): string {
  return `https://connectsoft.io/delivery/${kind}/v1`;
}

export interface VouchedFor {
  kind: VouchedKind;
  of: Subject;
  /** By name: `sha256:<hex>`. */
  digests: Record<string, string>;
}

export function vouchingStatement({ kind, of, digests }: VouchedFor): string {
  const { tenantId, traceId, moduleId } = of;
  const subject = Object.entries(digests)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, digest]) => ({ name, digest: { sha256: digest.replace(/^sha256:/, "") } }));
  return canonicalJson({
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: predicateType(kind),
    predicate: { tenantId, traceId, moduleId },
  });
}

/** The text of the bundle. `sign` has the tenant's key. */
export async function vouchFor(
  facts: VouchedFor,
  sign: (payload: Uint8Array) => Promise<{ keyId: string; signature: Uint8Array }>,
): Promise<string> {
  const statement = vouchingStatement(facts);
  return bundleOf(statement, await sign(envelopeBytes(statement)));
}

export interface TrustedKey {
  keyId: string;
  /** PEM (SubjectPublicKeyInfo). */
  publicKey: string;
}

export type Vouching =
  | { good: true; keyId: string; digests: Record<string, string> }
  | { good: false; why: string };

const statementSchema = z.strictObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: z.string() }) })),
  predicateType: z.string(),
  predicate: z.strictObject({ tenantId: z.string(), traceId: z.string(), moduleId: z.string() }),
});

/** A bundle of another kind, of another delivery, by another key or altered by a byte vouches for nothing. */
export function readVouching(
  text: string | undefined,
  { kind, of, keys }: Pick<VouchedFor, "kind" | "of"> & { keys: readonly TrustedKey[] },
): Vouching {
  if (text === undefined) return { good: false, why: "no signature was found" };
  return readText({ text, kind, of, keys });
}

interface Signed extends Pick<VouchedFor, "kind" | "of"> {
  text: string;
  keys: readonly TrustedKey[];
}

/** A release is evaluated again and again, and its signatures stay what they are. */
const readText = remember(readAnew, {
  keyOf: ({ text, kind, of, keys }) =>
    JSON.stringify([kind, of.tenantId, of.traceId, of.moduleId, keys.map(keyed), text]),
  kept: 200,
});

function keyed({ keyId, publicKey }: TrustedKey): string[] {
  return [keyId, publicKey];
}

function readAnew({ text, kind, of, keys }: Signed): Vouching {
  const opened = openBundle(text, keys);
  if (!opened.good) return { good: false, why: `its signature ${opened.problem}` };
  const parsed = statementSchema.safeParse(jsonOf(opened.payload));
  const { tenantId, traceId, moduleId } = of;
  const about = canonicalJson({ tenantId, traceId, moduleId });
  if (!parsed.success || parsed.data.predicateType !== predicateType(kind))
    return { good: false, why: `what is signed is no statement about ${kind}` };
  if (canonicalJson(parsed.data.predicate) !== about)
    return { good: false, why: "what is signed is of another delivery" };
  const digests = parsed.data.subject.map(({ name, digest }) => [name, `sha256:${digest.sha256}`] as const);
  return { good: true, keyId: opened.key.keyId, digests: Object.fromEntries(digests) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
