/**
 * What a signature by somebody outside is of, and whether one of the tenant's listed keys made it: statements in DSSE, alone or
 * in a sigstore bundle; cosign's signatures of images and blobs; and `ssh-keygen -Y sign`. Pipeline files and plans may be the
 * same bytes in another trace, so that a signature of them is of our whole statement, which names the trace.
 */
import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import { envelopeBytes, statementPayloadType } from "../audit/dsse-bundle.ts";
import { canonicalJson } from "../canonical-json.ts";
import { verifySshSignature } from "../signature/ssh-signature.ts";
import { bareSshKey, type OutsideSigner, type SignedThing } from "../tenant/outside-signers.ts";
import { signedImage } from "./image-signature.ts";
import { predicateType as typeOf } from "./signed-subjects.ts";

/** What our own agent signs of pipeline files or a plan, in canonical JSON. */
export interface OwnStatement {
  thing: "pipelines" | "plan";
  text: string;
}

/** Of what was built: `sha256:<hex>` each. */
export interface Built {
  statements?: readonly OwnStatement[];
  artifact: string;
  image?: string | undefined;
  sbom?: { digest: string; text: string } | undefined;
}

export type OutsideSignature =
  | { good: true; signer: string; things: SignedThing[]; builder?: string }
  | { good: false; why: string };

/** With `ssh-keygen -Y sign -n`, over a digest and perhaps a line's end; over SBOM.json itself with `-n file`. */
export const sshNamespace = "connectsoft.io/delivery";

export function readOutsideSignature(
  text: string,
  signers: readonly OutsideSigner[],
  built: Built,
): OutsideSignature {
  const found = text.startsWith(sshBegin) ? bySsh(text, signers, built) : byKey(jsonOf(text), signers, built);
  if (!found.good) return found;
  const signer = signers.find(({ id }) => id === found.signer);
  const things = found.things.filter((thing) => signer?.for.includes(thing));
  if (things.length > 0) return { ...found, things };
  const of =
    found.things.length === 0
      ? "of something else"
      : `of ${found.things.join(" and ")}, which ${found.signer} does not vouch for`;
  return { good: false, why: `it is ${of}` };
}

/** Whether a text has one of the forms at all. */
export function isSignature(text: string): boolean {
  const document = jsonOf(text);
  return (
    text.startsWith(sshBegin) ||
    [dsseSchema, blobSchema, imageSchema].some((form) => form.safeParse(document).success)
  );
}

const sshBegin = "-----BEGIN SSH SIGNATURE-----";

const base64 = z.base64().min(1).max(10_000_000);
const envelope = z.looseObject({
  payload: base64,
  payloadType: z.literal(statementPayloadType),
  signatures: z
    .array(z.looseObject({ sig: base64 }))
    .min(1)
    .max(10),
});
const dsseSchema = z.union([
  z.looseObject({ dsseEnvelope: envelope }).transform((bundle) => bundle.dsseEnvelope),
  envelope,
]);
const blobSchema = z
  .looseObject({ messageSignature: z.looseObject({ signature: base64 }) })
  .transform(({ messageSignature }) => messageSignature.signature);
/** As we write it, and as `cosign download signature` does. */
const imageSchema = z.union([
  z.looseObject({ payload: base64, signature: base64 }),
  z
    .looseObject({ Payload: base64, Base64Signature: base64 })
    .transform(({ Payload, Base64Signature }) => ({ payload: Payload, signature: Base64Signature })),
]);

function bySsh(
  text: string,
  signers: readonly OutsideSigner[],
  { artifact, image, sbom, statements = [] }: Built,
): OutsideSignature {
  const digests: [SignedThing, string | undefined][] = [
    ["artifact", artifact],
    ["image", image],
    ["sbom", sbom?.digest],
  ];
  const messages = digests.flatMap(([thing, digest]) =>
    digest === undefined
      ? []
      : ["", "\n"].map((end) => ({ thing, message: digest + end, namespace: sshNamespace })),
  );
  const texts = [...(sbom === undefined ? [] : [{ thing: "sbom" as const, text: sbom.text }]), ...statements];
  const files = texts.map(({ thing, text: message }) => ({ thing, message, namespace: "file" }));
  for (const { id, ssh } of signers)
    for (const { thing, message, namespace } of ssh === undefined ? [] : [...messages, ...files]) {
      const signed = { message: Buffer.from(message), namespace, signature: text };
      if (verifySshSignature(signed, [bareSshKey(ssh ?? "")]).good)
        return { good: true, signer: id, things: [thing] };
    }
  return strange;
}

const strange = { good: false, why: "no listed key made it of anything that was built here" } as const;

function byKey(document: unknown, signers: readonly OutsideSigner[], built: Built): OutsideSignature {
  const dsse = dsseSchema.safeParse(document);
  if (dsse.success) return ofStatement(dsse.data, signers, built);
  const blob = blobSchema.safeParse(document);
  if (blob.success) {
    const sbom = built.sbom && { thing: "sbom" as const, text: built.sbom.text };
    for (const { thing, text } of [...(sbom === undefined ? [] : [sbom]), ...(built.statements ?? [])]) {
      const signer = signerOf(Buffer.from(text), [blob.data], signers);
      if (signer !== undefined) return { good: true, signer, things: [thing] };
    }
    return strange;
  }
  const image = imageSchema.safeParse(document);
  if (!image.success) return { good: false, why: "it has no form that is known" };
  const payload = Buffer.from(image.data.payload, "base64");
  const signer = signerOf(payload, [image.data.signature], signers);
  if (signer === undefined) return strange;
  const things = built.image !== undefined && signedImage(payload) === built.image ? ["image" as const] : [];
  return { good: true, signer, things };
}

const statementSchema = z.looseObject({
  _type: z.enum(["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"]),
  subject: z.array(z.looseObject({ digest: z.looseObject({ sha256: z.string().optional() }) })),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/** Whose statements say no more than that the subject is theirs; a report about a subject is no signature of it. */
const plainTypes = [
  "https://connectsoft.io/delivery/artifact/v1",
  "https://cosign.sigstore.dev/attestation/v1",
  "https://sigstore.dev/cosign/sign/v1",
];

function ofStatement(
  { payload, signatures }: z.infer<typeof envelope>,
  signers: readonly OutsideSigner[],
  { artifact, image, sbom, statements = [] }: Built,
): OutsideSignature {
  const text = Buffer.from(payload, "base64").toString("utf8");
  const signer = signerOf(
    envelopeBytes(text),
    signatures.map(({ sig }) => sig),
    signers,
  );
  if (signer === undefined) return strange;
  const statement = statementSchema.safeParse(jsonOf(text));
  if (!statement.success) return { good: false, why: "what is signed is no in-toto statement" };
  const { subject, predicateType, predicate } = statement.data;
  const own = ownKinds.find(({ kind }) => predicateType === typeOf(kind));
  if (own !== undefined) {
    const problem = differenceFrom(statements.find(({ thing }) => thing === own.thing)?.text, statement.data);
    return problem === undefined
      ? { good: true, signer, things: [own.thing] }
      : { good: false, why: problem };
  }
  const has = (digest: string | undefined) =>
    digest !== undefined && subject.some((one) => `sha256:${one.digest.sha256}` === digest);
  if (/^https:\/\/slsa\.dev\/provenance\/v(0\.2|1)$/.test(predicateType)) {
    const builder = builderOf(predicate);
    const things = has(artifact) && builder !== undefined ? ["provenance" as const] : [];
    return { good: true, signer, things, ...(builder !== undefined && { builder }) };
  }
  if (!plainTypes.includes(predicateType))
    return { good: false, why: `what is signed is a statement of the type ${predicateType}` };
  const named: [SignedThing, boolean][] = [
    ["artifact", has(artifact)],
    ["image", has(image)],
    ["sbom", has(sbom?.digest)],
  ];
  return { good: true, signer, things: named.flatMap(([thing, is]) => (is ? [thing] : [])) };
}

const ownKinds = [
  { kind: "pipeline", thing: "pipelines" },
  { kind: "plan", thing: "plan" },
] as const;

/** Undefined where it says exactly what our own statement says, in whatever order and spacing. */
function differenceFrom(
  expected: string | undefined,
  signed: z.infer<typeof statementSchema>,
): string | undefined {
  if (expected === undefined) return "it is of something that is not asked for";
  const ours = statementSchema.parse(JSON.parse(expected));
  const subjects = ({ subject }: typeof ours) => subject.map((one) => canonicalJson(one as never)).sort();
  if (canonicalJson(signed.predicate as never) !== canonicalJson(ours.predicate as never))
    return "what is signed is of another delivery";
  const sortedToo = { ...signed, subject: subjects(signed) };
  return canonicalJson(sortedToo as never) === canonicalJson({ ...ours, subject: subjects(ours) } as never)
    ? undefined
    : "what is signed are other digests";
}

const builder = z.looseObject({ id: z.string().min(1).max(500) });
const predicateSchema = z.union([
  z
    .looseObject({ runDetails: z.looseObject({ builder }) })
    .transform(({ runDetails }) => runDetails.builder.id),
  z.looseObject({ builder }).transform((predicate) => predicate.builder.id),
]);

function builderOf(predicate: unknown): string | undefined {
  return predicateSchema.safeParse(predicate).data;
}

function signerOf(
  bytes: Uint8Array,
  signatures: string[],
  signers: readonly OutsideSigner[],
): string | undefined {
  return signers.find(({ key }) => key !== undefined && signatures.some((one) => fits(key, bytes, one)))?.id;
}

function fits(pem: string, bytes: Uint8Array, signature: string): boolean {
  const key = createPublicKey(pem);
  // Ed25519 signs the bytes themselves; with the others cosign signs their SHA-256.
  const algorithm = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(algorithm, bytes, key, Buffer.from(signature, "base64"));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
