/** Where a tenant's people sign in: open to all, as a command line must know it before anybody has a token. */
import type { Env, Hono } from "hono";
import { refuse } from "../domain/refusal.ts";
import { findSignIn } from "../operations/accounts/find-sign-in.ts";
import type { System } from "../operations/system.ts";
import { wantsPage } from "./add-studio.ts";

export function addSignIn<E extends Env>(app: Hono<E>, system: System): void {
  app.get("/sign-in", async (context, next) => {
    // The same address is Studio's page for people.
    context.header("vary", "accept");
    if (wantsPage(context)) return next();
    const found = await findSignIn(system, context.req.query("tenant"));
    if (found !== undefined) return context.json(found);
    throw refuse(
      "NotFound",
      "There is no tenant here by that name with a provider to sign in at.",
      "Name the tenant: connectsoft login --tenant <tenant>; its StudioAdmin declares signIn in tenant.yaml.",
    );
  });
}
