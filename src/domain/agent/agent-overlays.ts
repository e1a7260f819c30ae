/**
 * `agents` of a policy layer: what an agent does otherwise there than the tenant's own parts say (commits, pullRequests,
 * pipelines), and what it is not let do. The Release Manager's configuration is the policy itself.
 */
import { z } from "zod";
import { commitMessageKeys, generatedFilesKeys, pullRequestTextKeys } from "../tenant/delivery-policies.ts";
import { asDeclared } from "../tenant/policy-layers.ts";

/** Actions of the policy decision point that the agent does not do there, whatever its role and its sponsor may. */
function withheld<const Act extends string>(...acts: [Act, ...Act[]]) {
  return z.array(z.enum(acts)).min(1).optional();
}

/** By agent; the manifest of each names its own. Unknown keys are refused by name. */
export const agentOverlays = {
  "code-committer": overlayOf({ withheld: withheld("commit"), ...commitMessageKeys }),
  "pull-request-creator": overlayOf({ withheld: withheld("pull-request"), ...pullRequestTextKeys }),
  "devops-engineer": overlayOf({ withheld: withheld("commit"), ...generatedFilesKeys }),
  "cloud-provisioner": overlayOf({ withheld: withheld("deploy") }),
  "deployment-orchestrator": overlayOf({ withheld: withheld("deploy") }),
};

/** Spread into the policy of an environment. */
export const agentOverlayKeys = { agents: overlayOf(agentOverlays).optional() };

export type AgentOverlays = NonNullable<z.infer<typeof agentOverlayKeys.agents>>;

function overlayOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return asDeclared(z.object(shape)) as z.ZodObject<
    { [Key in keyof Shape]: z.ZodOptional<Bare<Shape[Key]>> },
    z.core.$strict
  >;
}

type Bare<Schema> = Schema extends z.ZodDefault<infer Inner> | z.ZodOptional<infer Inner> ? Inner : Schema;
