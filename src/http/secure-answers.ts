/** Headers of every answer: what a browser may load, run and send for these pages is what this server gives it. */
import { createHash } from "node:crypto";
import type { Env, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { connectionOf } from "./connection.ts";

/** Style that Studio's component library puts into its pages itself, word for word; other inline style is not applied. */
const ownStyles = [
  "@layer {\n  [data-react-aria-pressable] {\n    touch-action: pan-x pan-y pinch-zoom;\n  }\n}",
  "@layer {\n  * {\n    overscroll-behavior: contain;\n  }\n}",
];
const twoYears = "max-age=63072000; includeSubDomains";
const notUsed = ["camera", "geolocation", "microphone", "payment", "usb"] as const;

export function secureAnswers<E extends Env>(app: Hono<E>, { trustProxy }: { trustProxy: boolean }): void {
  app.use(
    "*",
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", ...ownStyles.map(hashOf)],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
      referrerPolicy: "same-origin",
      xFrameOptions: "DENY",
      permissionsPolicy: Object.fromEntries(notUsed.map((name) => [name, []])),
      strictTransportSecurity: false,
      // A page of its own may have a policy of its own.
      overwrite: false,
    }),
  );
  app.use("*", async (context, next) => {
    await next();
    if (connectionOf(context, { trustProxy }).secure)
      context.res.headers.set("strict-transport-security", twoYears);
  });
}

function hashOf(style: string): string {
  return `'sha256-${createHash("sha256").update(style).digest("base64")}'`;
}
