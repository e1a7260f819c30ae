/**
 * What vouches for the artifact, the pipeline files and the plans, read and verified against the keys of the tenant: by the Release
 * Manager for its verdict, and by the Deployment Orchestrator again before it applies anything. Only what policy asks for.
 */
import { z } from "zod";
import { sha256 } from "../domain/canonical-json.ts";
import type { Digests } from "../domain/event/event-catalogue.ts";
import type { ArtifactKind } from "../domain/memory/artifact-path.ts";
import type { EffectivePolicy } from "../domain/release/effective-policy.ts";
import type {
  ProvenanceEvidence,
  SupplyChainEvidence,
  Vouched,
} from "../domain/release/supply-chain-evidence.ts";
import { remember } from "../domain/remember.ts";
import { type ImageVerdict, verifyImage } from "../domain/supply-chain/image-signature.ts";
import type { OwnStatement } from "../domain/supply-chain/outside-signature.ts";
import { provenanceSchema } from "../domain/supply-chain/provenance.ts";
import {
  readVouching,
  type TrustedKey,
  type VouchedFor,
  type VouchedKind,
  type Vouching,
  vouchFor,
  vouchingStatement,
} from "../domain/supply-chain/signed-subjects.ts";
import type { EnvironmentPolicy, Tenant } from "../domain/tenant/tenant.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { Signer } from "../ports/signer.ts";
import { gatherOutside } from "./outside-signatures.ts";
import { pipelinesVouched, readPipelineFiles, signedBy } from "./pipeline-files.ts";

export interface Vouchsafed
  extends Pick<
    SupplyChainEvidence,
    "artifact" | "signedSbom" | "image" | "plan" | "provenance" | "pipelines"
  > {
  /** What the signature of the artifact vouches for, by name. */
  vouched: Vouching | undefined;
}

const supplyChainSchema = z.looseObject({
  sbom: z.string().optional(),
  provenance: z.string().optional(),
  image: z.string().optional(),
});
/** What the build said of the artifact at hand. */
export type BuiltFacts = z.infer<typeof supplyChainSchema>;

type Asked = Pick<
  EffectivePolicy & EnvironmentPolicy,
  | "requireSignedArtifacts"
  | "requireSignedSbom"
  | "requireSignedImages"
  | "requireSignedPipelines"
  | "requireSignedPlans"
  | "requireProvenance"
  | "builders"
  | "signers"
>;

export async function gatherVouchers(
  { signer }: { signer: Pick<Signer, "keys"> },
  context: AgentContext,
  { policy, digests, tenant }: { policy: Asked; digests: Digests; tenant: Pick<Tenant, "evidence"> },
): Promise<Vouchsafed> {
  const asksArtifact =
    policy.requireSignedArtifacts || policy.requireSignedSbom || policy.requireSignedImages;
  const asksKeys = asksArtifact || policy.requireSignedPlans || policy.requireSignedPipelines;
  const [keys, built, pipelines] = await Promise.all([
    asksKeys ? signer.keys(context.invocation.tenantId) : [],
    builtFacts(context, digests),
    policy.requireSignedPipelines ? readPipelineFiles(context, digests.tree) : undefined,
  ]);
  const [vouched, image, plan, provenance, files] = await Promise.all([
    asksArtifact ? readOne(context, { kind: "artifact", keys }) : undefined,
    policy.requireSignedImages ? imageOf(context, { built, keys }) : undefined,
    policy.requireSignedPlans ? readOne(context, { kind: "plan", keys }) : undefined,
    policy.requireProvenance ? provenanceOf(context, { built, digests }) : undefined,
    pipelines === undefined ? undefined : readOne(context, { kind: "pipeline", keys }),
  ]);
  const { signers } = policy;
  const planned = { "InfrastructurePlan.json": digests.infrastructurePlan };
  const statements = [
    ...(plan === undefined ? [] : [ownStatement(context, "plan", planned)]),
    ...(pipelines?.digests === undefined ? [] : [ownStatement(context, "pipeline", pipelines.digests)]),
  ];
  const outside = await gatherOutside(context, { tenant, signers, digests, built, statements });
  const own = vouched && {
    artifact: includes(vouched, { name: "artifact", digest: digests.artifact }),
    sbom: includes(vouched, { name: "SBOM.json", digest: built?.sbom }),
  };
  const artifact = outside.either("artifact", own?.artifact);
  const signedSbom = outside.either("sbom", own?.sbom);
  const ownImage = image === undefined ? undefined : imageVouched(image, vouched, built);
  const signedPlan = outside.either(
    "plan",
    plan && includes(plan, { name: "InfrastructurePlan.json", digest: digests.infrastructurePlan }),
  );
  const signedPipelines = outside.either(
    "pipelines",
    files && pipelines && pipelinesVouched(files, pipelines),
  );
  const ofImage = ownImage === "none" ? ownImage : outside.either("image", ownImage);
  return {
    vouched,
    ...(artifact !== undefined && { artifact }),
    ...(signedSbom !== undefined && { signedSbom }),
    ...(ofImage !== undefined && { image: ofImage }),
    ...(signedPlan !== undefined && { plan: signedPlan }),
    ...(signedPipelines !== undefined && { pipelines: signedPipelines }),
    ...(provenance !== undefined && { provenance: outside.provenance(provenance) }),
  };
}

/** Of the build that made exactly this artifact of this tree; by our own agent. */
export async function builtFacts(context: AgentContext, digests: Digests): Promise<BuiltFacts | undefined> {
  const built = (await context.events("ArtifactBuilt")).find(
    ({ data, source }) =>
      source.startsWith("/agents/") && data.artifact === digests.artifact && data.tree === digests.tree,
  );
  const parsed = supplyChainSchema.safeParse({
    ...fields(built?.data.supplyChain),
    image: built?.data.image,
  });
  return built === undefined || !parsed.success ? undefined : parsed.data;
}

const files = {
  artifact: { kind: "supply-chain", name: "ArtifactSignature.sigstore.json" },
  pipeline: { kind: "pipelines", name: "PipelineSignature.sigstore.json" },
  plan: { kind: "env", name: "PlanSignature.sigstore.json" },
} as const satisfies Record<VouchedKind, { kind: ArtifactKind; name: string }>;

/** Writes what vouches for these digests, signed with the tenant's key. */
export async function writeVouching(
  signer: Pick<Signer, "sign">,
  { memory, invocation }: AgentContext,
  { kind, digests }: Pick<VouchedFor, "kind" | "digests">,
): Promise<void> {
  const { tenantId, traceId, moduleId } = invocation;
  const vouched = await vouchFor({ kind, of: { tenantId, traceId, moduleId }, digests }, (payload) =>
    signer.sign(tenantId, payload),
  );
  memory.write(files[kind].kind, files[kind].name, vouched);
}

async function readOne(
  { memory, invocation }: AgentContext,
  { kind, keys }: { kind: VouchedKind; keys: readonly TrustedKey[] },
): Promise<Vouching> {
  const { tenantId, traceId, moduleId } = invocation;
  const text = await memory.read(files[kind].kind, files[kind].name);
  return readVouching(text, { kind, of: { tenantId, traceId, moduleId }, keys });
}

/** What our own agent vouches for of it, which others may sign as well. */
function ownStatement(
  { invocation: { tenantId, traceId, moduleId } }: AgentContext,
  kind: "plan" | "pipeline",
  digests: Record<string, string>,
): OwnStatement {
  const text = vouchingStatement({ kind, of: { tenantId, traceId, moduleId }, digests });
  return { thing: kind === "plan" ? "plan" : "pipelines", text };
}

function includes(
  vouched: Vouching,
  { name, digest }: { name: string; digest: string | undefined },
): Vouched {
  if (!vouched.good) return vouched;
  if (digest !== undefined && vouched.digests[name] === digest)
    return { good: true, by: signedBy(vouched.keyId) };
  const said = vouched.digests[name]?.slice(0, 19) ?? "none";
  return { good: false, why: `what is signed is another ${name}: ${said}` };
}

async function imageOf(
  { memory }: AgentContext,
  { built, keys }: { built: BuiltFacts | undefined; keys: readonly TrustedKey[] },
): Promise<ImageVerdict | "none"> {
  if (built === undefined) return { good: false, why: "no build of this artifact is on record" };
  if (built.image === undefined) return "none";
  return verifyImage(await memory.read("supply-chain", "ImageSignature.json"), {
    manifestDigest: built.image,
    keys,
  });
}

/** Which image the artifact holds is what the signature of the artifact says. */
function imageVouched(
  image: ImageVerdict | "none",
  vouched: Vouching | undefined,
  built: BuiltFacts | undefined,
): Vouched | "none" {
  if (image === "none") return image;
  if (!image.good) return image;
  const same = vouched?.good === true && vouched.digests.image === built?.image;
  if (same) return { good: true, by: `cosign signature, ${signedBy(image.keyId)}` };
  return { good: false, why: "the signature of the artifact names another image" };
}

const provenanceIn = remember(
  (text: string) => ({ digest: sha256(text), parsed: provenanceSchema.safeParse(jsonOf(text)) }),
  { keyOf: (text) => text, kept: 100 },
);

async function provenanceOf(
  { memory }: AgentContext,
  { built, digests }: { built: BuiltFacts | undefined; digests: Digests },
): Promise<ProvenanceEvidence> {
  const text = await memory.read("supply-chain", "provenance.intoto.json");
  if (text === undefined) return { status: "Missing", why: "the build wrote no provenance" };
  const { digest, parsed } = provenanceIn(text);
  const there = { status: "There" as const, digest };
  if (!parsed.success) return { ...there, builder: "nobody", problem: "it is no SLSA provenance v1" };
  const { subject, predicate } = parsed.data;
  const builder = predicate.runDetails.builder.id;
  const wanted = digests.artifact.replace(/^sha256:/, "");
  if (built?.provenance !== digest)
    return { ...there, builder, problem: "it is not the one that the build of this artifact wrote" };
  if (!subject.some((one) => one.digest.sha256 === wanted))
    return { ...there, builder, problem: "it is of another artifact" };
  return { ...there, builder };
}

function fields(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
