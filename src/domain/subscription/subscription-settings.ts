/** `subscriptions` of tenant.yaml: how far those that the API makes may reach. */
import { z } from "zod";

export const subscriptionSettingsSchema = z
  .object({
    /** Lets one that asks for it go to an address of a private network or of this host. */
    allowPrivate: z.boolean().default(false),
  })
  .strict()
  .default({ allowPrivate: false });
