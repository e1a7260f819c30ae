/** What an environment's policy says of secrets. Everything is optional. */
import { z } from "zod";

export const secretPolicyKeys = {
  /** What becomes of a release that runs with an older version of a secret: people are told, or it is released anew. */
  secretRotation: z.enum(["report", "redeploy"]).optional(),
};
