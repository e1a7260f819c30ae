/** `notifications` of tenant.yaml: who is told of what, where, and with which secret. */
import { z } from "zod";
import { fittingNames } from "../cdevents/fitting.ts";
import { isEventName } from "../event/event-catalogue.ts";
import { slug } from "../scope.ts";
import { presets, selectedEvents } from "./event-selection.ts";

/** A value of the tenant's secret store, by its place there and never by itself. */
const secretReference = z
  .object({
    secret: z
      .string()
      .regex(/^[A-Z_][A-Z0-9_]{0,127}$/, "expected the name of a secret, such as OPS_WEBHOOK"),
    environment: slug,
    /** A module of this name is given the secret, so it is one that does not exist. */
    module: slug.default("notifications"),
  })
  .strict();
export type NotificationSecret = z.output<typeof secretReference>;

export const webhookUrl = z
  .url({ protocol: /^https?$/, error: "expected an address such as https://example.org/hooks" })
  .max(2_000)
  .refine((text) => !URL.canParse(text) || (new URL(text).username === "" && new URL(text).password === ""), {
    message: "expected no user name or password in an address: they would be shown wherever it is",
  });

const mailbox = z
  .string()
  .max(254)
  .regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, "expected an address such as ops@example.org");

/** CloudEvents 1.0.2 in the body, or around its data in headers; or CDEvents 0.5.0 in CloudEvents, where a type fits. */
export const webhookFormats = ["structured", "binary", "cdevents"] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** Types of CDEvents that are drafts yet, and may change: `approval.*` of 0.6. */
export const cdeventsSchema = z.object({ drafts: z.boolean().default(false) }).strict();

const webhook = z
  .object({
    url: webhookUrl,
    format: z.enum(webhookFormats).default("structured"),
    cdevents: cdeventsSchema.optional(),
    /** Signs by Standard Webhooks; `previousSecret` signs too while receivers change over. */
    secret: secretReference,
    previousSecret: secretReference.optional(),
  })
  .strict();

/** Whoever has the address may post, so it is a secret as a whole. */
const chat = z.object({ url: secretReference }).strict();

const email = z
  .object({
    host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, "expected a host name or an address"),
    port: z.int().min(1).max(65_535).optional(),
    /** `tls` from the first byte, `starttls` and nothing before it, or `none`. */
    security: z.enum(["tls", "starttls", "none"]).default("starttls"),
    user: z.string().min(1).max(254).optional(),
    password: secretReference.optional(),
    from: mailbox,
    to: z.array(mailbox).min(1).max(50),
  })
  .strict()
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    message: "expected `user` and `password` together, or neither",
  })
  .refine(({ security, password }) => security !== "none" || password === undefined, {
    message:
      "expected `tls` or `starttls` where there is a password: without them anybody on the way reads it",
  });

const destination = z
  .object({
    webhook: webhook.optional(),
    slack: chat.optional(),
    teams: chat.optional(),
    email: email.optional(),
  })
  .strict()
  .refine((to) => Object.values(to).filter((one) => one !== undefined).length === 1, {
    message: "expected exactly one of webhook, slack, teams and email",
  });
export type Destination = z.output<typeof destination>;

const told = z.string().refine((name) => Object.hasOwn(presets, name) || isEventName(name), {
  message: `expected ${Object.keys(presets).join(", ")} or the name of an event`,
});

const notificationTarget = z
  .object({
    id: slug,
    to: destination,
    on: z.array(told).min(1),
    /** Absent: all. Where there are some, events that belong to no environment are not told. */
    environments: z.array(slug).min(1).optional(),
    modules: z.array(slug).min(1).optional(),
    /** Lets it go to an address of a private network or of this host. */
    allowPrivate: z.boolean().default(false),
    /** Attempts, the first one included, before it is put on the list of the dead. */
    attempts: z.int().min(1).max(50).default(16),
  })
  .strict()
  .refine(({ to, on }) => tellable(to, selectedEvents(on)).length > 0, {
    message: "no type of CDEvents fits any of these events, so nothing would ever be sent",
    path: ["on"],
  });
export type NotificationTarget = z.output<typeof notificationTarget>;

export const notificationsSchema = z
  .array(notificationTarget)
  .max(50)
  .refine((targets) => new Set(targets.map(({ id }) => id)).size === targets.length, {
    message: "expected targets with different ids",
  })
  .default([]);

export const channels = ["webhook", "slack", "teams", "email"] as const;
export type Channel = (typeof channels)[number];

export function channelOf(to: Destination): Channel {
  return channels.find((channel) => to[channel] !== undefined) ?? "webhook";
}

/** Of these events those that the destination's format can say. */
export function tellable<Name extends string>({ webhook }: Destination, names: readonly Name[]): Name[] {
  if (webhook?.format !== "cdevents") return [...names];
  const fitting: readonly string[] = fittingNames({ drafts: webhook.cdevents?.drafts === true });
  return names.filter((name) => fitting.includes(name));
}
