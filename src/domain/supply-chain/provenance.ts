/**
 * provenance.intoto.json: how an artifact came to be, as an in-toto Statement v1 with SLSA's provenance v1
 * (in-toto.io/Statement/v1, slsa.dev/provenance/v1). Its digest is signed with the artifact's (signed-subjects.ts).
 */
import { z } from "zod";
import { canonicalJson } from "../canonical-json.ts";

/** What our builds are: docs/reference/provenance.md describes its parameters. */
export const buildType = "https://connectsoft.io/delivery/build/v1";

const statementType = "https://in-toto.io/Statement/v1";
const predicateType = "https://slsa.dev/provenance/v1";

/** Algorithms as in-toto names them, to lower-case hex: `sha256`, `gitCommit`. */
const digestSet = z
  .record(z.string(), z.string().regex(/^[0-9a-f]+$/, "expected lower-case hex"))
  .refine((set) => Object.keys(set).length > 0, "expected at least one digest");

const resourceSchema = z.strictObject({
  name: z.string().optional(),
  uri: z.string().optional(),
  digest: digestSet.optional(),
  mediaType: z.string().optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

export const provenanceSchema = z.strictObject({
  _type: z.literal(statementType),
  /** The specification asks for a digest of every subject. */
  subject: z.array(resourceSchema.required({ digest: true })).min(1),
  predicateType: z.literal(predicateType),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.url(),
      externalParameters: z.record(z.string(), z.unknown()),
      internalParameters: z.record(z.string(), z.unknown()).optional(),
      resolvedDependencies: z.array(resourceSchema).optional(),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({
        id: z.url(),
        version: z.record(z.string(), z.string()).optional(),
        builderDependencies: z.array(resourceSchema).optional(),
      }),
      metadata: z
        .strictObject({
          invocationId: z.string().optional(),
          startedOn: z.iso.datetime().optional(),
          finishedOn: z.iso.datetime().optional(),
        })
        .optional(),
      byproducts: z.array(resourceSchema).optional(),
    }),
  }),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export interface ProvenanceRequest {
  /** What was built, with its digest: `sha256:<64 hex>`. */
  artifacts: readonly { name: string; digest: string }[];
  /** Where the source is, as its users name it; never with a password in it. */
  repository: string;
  commit: string;
  tree: string;
  /** The module's folder in its repository; empty for the root. */
  folder: string;
  /** The commands of each stage that ran, as CIStages.yaml has them. */
  stages: readonly { name: string; steps: readonly { name: string; run: readonly string[] }[] }[];
  /** Lock files and other inventories, with their digests. */
  inventories: readonly { path: string; digest: string }[];
  /** What the build also left: SBOM.json, with its digest. */
  byproducts?: readonly { name: string; digest: string }[];
  /** Which installation built it, as a URI that its operators own. */
  builderId: string;
  builderVersion: string;
  invocationId: string;
  /** ISO 8601. */
  startedOn: string;
  finishedOn: string;
}

/** Deterministic: the same request has the same bytes. Throws where the statement would not be what the specification says. */
export function provenanceOf(request: ProvenanceRequest): string {
  const {
    artifacts,
    builderId,
    builderVersion,
    byproducts = [],
    finishedOn,
    invocationId,
    startedOn,
  } = request;
  const { commit, folder, repository, stages, tree } = request;
  const statement = provenanceSchema.parse({
    _type: statementType,
    subject: artifacts.map(described).toSorted(byName),
    predicateType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { repository, commit, tree, folder, stages },
        resolvedDependencies: [
          { uri: gitUri(repository, commit), digest: { gitCommit: commit, gitTree: tree } },
          ...request.inventories
            .map(({ path, digest }) => described({ name: path, digest }))
            .toSorted(byName),
        ],
      },
      runDetails: {
        builder: { id: builderId, version: { "connectsoft-delivery": builderVersion } },
        metadata: { invocationId, startedOn, finishedOn },
        ...(byproducts.length === 0 ? {} : { byproducts: byproducts.map(described).toSorted(byName) }),
      },
    },
  } satisfies Provenance);
  return `${JSON.stringify(JSON.parse(canonicalJson(statement)), null, 2)}\n`;
}

/** `sha256:<hex>` as in-toto writes it. */
function described({ name, digest }: { name: string; digest: string }) {
  const colon = digest.indexOf(":");
  return { name, digest: { [digest.slice(0, colon)]: digest.slice(colon + 1) } };
}

/** SPDX's form of a download location: `git+https://host/path@commit`. */
function gitUri(repository: string, commit: string): string {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(repository);
  return `git+${isUrl ? repository : `connectsoft://${repository}`}@${commit}`;
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
