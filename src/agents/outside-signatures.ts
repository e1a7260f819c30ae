/** Signatures of what was built that others handed in, by keys which the tenant lists and the policy takes. */
import { sha256 } from "../domain/canonical-json.ts";
import type { Digests } from "../domain/event/event-catalogue.ts";
import { counts } from "../domain/evidence/weigh-tests.ts";
import type { ProvenanceEvidence, Vouched } from "../domain/release/supply-chain-evidence.ts";
import { type OwnStatement, readOutsideSignature } from "../domain/supply-chain/outside-signature.ts";
import { ownSigner, type SignedThing } from "../domain/tenant/outside-signers.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import type { AgentContext } from "../ports/agent.ts";

/** Of the newest. */
const mostRead = 50;

export interface OutsideSignatures {
  /** What counts of both: the tenant's own signature where policy takes it, else another's. */
  either(thing: SignedThing, own: Vouched | undefined): Vouched | undefined;
  provenance(own: ProvenanceEvidence): ProvenanceEvidence;
}

export async function gatherOutside(
  context: AgentContext,
  given: {
    tenant: Pick<Tenant, "evidence">;
    signers: readonly string[] | undefined;
    digests: Digests;
    built: { image?: string | undefined; sbom?: string | undefined } | undefined;
    statements: readonly OwnStatement[];
  },
): Promise<OutsideSignatures> {
  const { tenant, signers: taken, digests } = given;
  const signers = tenant.evidence.signers.filter(({ id }) => taken?.includes(id) ?? true);
  const found =
    signers.length === 0 ? { signed: [], why: [] } : await readAll(context, { ...given, signers });
  const names = signers.map(({ id }) => id).join(", ") || "anybody whom policy takes";
  const why = [`no signature of ${names} was found`, ...found.why].join("; ");
  const takesOwn = taken?.includes(ownSigner) ?? true;
  /** Where nobody whom policy takes vouches for plans or pipeline files, the tenant's own signature is what there is. */
  const takesOwnOf = (thing: SignedThing) =>
    takesOwn ||
    (["plan", "pipelines"].includes(thing) && !signers.some(({ for: things }) => things.includes(thing)));
  const of = (thing: SignedThing) => found.signed.find(({ things }) => things.includes(thing));
  return {
    either(thing, own) {
      const takesOwn = takesOwnOf(thing);
      if (own === undefined || (takesOwn && own.good)) return own;
      const other = of(thing);
      if (other !== undefined) return { good: true, by: `signed by ${other.signer}` };
      return takesOwn && !own.good && signers.length === 0
        ? own
        : { good: false, why: takesOwn && !own.good ? `${own.why}; ${why}` : why };
    },
    provenance(own) {
      if (takesOwn && own.status === "There" && own.problem === undefined) return own;
      const other = of("provenance");
      if (other?.builder !== undefined)
        return { status: "There", builder: other.builder, digest: other.digest };
      return takesOwn ? own : { status: "Missing", why };
    },
  };

  /** Of exactly this tree, by producers that the tenant lists today, as they were handed in. */
  async function readAll(
    { memory, events }: AgentContext,
    {
      built,
      signers: keys,
      statements,
    }: Pick<typeof given, "built" | "statements"> & { signers: typeof signers },
  ) {
    const stated = (await events("SignatureAdded")).filter(
      ({ source, data }) => data.tree === digests.tree && counts(source, "signature", tenant.evidence),
    );
    const sbom = await memory.read("supply-chain", "SBOM.json");
    const about = {
      artifact: digests.artifact,
      image: built?.image,
      statements,
      sbom:
        sbom !== undefined && sha256(sbom) === built?.sbom ? { digest: sha256(sbom), text: sbom } : undefined,
    };
    const read = await Promise.all(
      stated.slice(0, mostRead).map(async ({ data }) => {
        const text = await memory.read("supply-chain", String(data.file));
        const digest = String(data.reportDigest);
        if (text === undefined || sha256(text) !== digest)
          return { good: false as const, why: "is not what was handed in", digest };
        return { ...readOutsideSignature(text, keys, about), digest };
      }),
    );
    return {
      signed: read.flatMap((one) => (one.good ? [one] : [])),
      why: read.flatMap((one) => (one.good ? [] : [`of ${one.digest.slice(0, 19)}: ${one.why}`])),
    };
  }
}
