/**
 * `releasePolicy`: a policy in layers, of which each says only what it wants otherwise: the tenant's, an
 * environment's, a module's, an edition's. What nobody says has the default of the environment's schema.
 */
import { z } from "zod";
import { slug } from "../scope.ts";

/** As somebody wrote it: any part may be left out. */
export type Declared<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: Declared<T[Key]> | undefined }
    : T;

export type Layer<Policy> = Declared<Policy> & {
  /** `true`, or keys: what this layer says of them can only be made stricter by layers after it. */
  locked?: true | string[] | undefined;
};

export type NarrowLayer<Policy> = Layer<Policy> & {
  /** For one environment alone; stands over what the same module or edition says for all. */
  environments?: Record<string, Layer<Policy>> | undefined;
};

export interface ReleasePolicy<Policy> {
  tenant?: Layer<Policy> | undefined;
  environments: Record<string, Layer<Policy>>;
  modules?: Record<string, NarrowLayer<Policy>> | undefined;
  editions?: Record<string, NarrowLayer<Policy>> | undefined;
}

/** The layers of a policy whose complete shape is given. */
export function releasePolicySchemaOf<Shape extends z.ZodRawShape>(policy: z.ZodObject<Shape>) {
  const keys = Object.keys(policy.shape);
  const locked = z.union([z.literal(true), z.array(z.enum(keys as [string, ...string[]])).min(1)]).optional();
  const layer = asDeclared(policy).extend({ locked }).strict();
  const narrow = layer.extend({ environments: z.record(slug, layer).optional() }).strict();
  const layers = z
    .object({
      tenant: layer.optional(),
      environments: z.record(slug, layer).default({}),
      modules: z.record(slug, narrow).optional(),
      editions: z.record(slug, narrow).optional(),
    })
    .strict();
  return layers as unknown as z.ZodType<ReleasePolicy<z.infer<typeof policy>>> & typeof layers;
}

/** The same keys, none of them needed and none with a default. Lists are taken whole. */
export function asDeclared(schema: z.ZodObject): z.ZodObject {
  const shape = Object.entries(schema.shape).map(([key, value]) => [key, withoutDefault(value).optional()]);
  return z.object(Object.fromEntries(shape)).strict();
}

function withoutDefault(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return withoutDefault(schema.unwrap());
  if (schema instanceof z.ZodObject && !isRefined(schema)) return asDeclared(schema);
  return schema as z.ZodType;
}

/** A shape whose parts are checked against each other is taken whole, as a list is. */
function isRefined(schema: z.ZodObject): boolean {
  return (schema.def.checks ?? []).length > 0;
}

export interface PlacedPart {
  path: string[];
  /** Whether it counts in one environment only. */
  inEnvironment: boolean;
  layer: Layer<unknown>;
}

/** Every layer that is written, with its place in the file. */
export function writtenLayers(policy: ReleasePolicy<unknown>): PlacedPart[] {
  const { tenant, environments, modules = {}, editions = {} } = policy;
  const inAll = (
    path: string[],
    layers: Record<string, Layer<unknown>>,
    inEnvironment: boolean,
  ): PlacedPart[] =>
    Object.entries(layers).map(([id, layer]) => ({ path: [...path, id], inEnvironment, layer }));
  const narrow = (part: "modules" | "editions", layers: Record<string, NarrowLayer<unknown>>) =>
    inAll(["releasePolicy", part], layers, false).flatMap((placed) => {
      const { environments: here = {} } = placed.layer as NarrowLayer<unknown>;
      return [placed, ...inAll([...placed.path, "environments"], here, true)];
    });
  return [
    ...(tenant === undefined
      ? []
      : [{ path: ["releasePolicy", "tenant"], inEnvironment: false, layer: tenant }]),
    ...inAll(["releasePolicy", "environments"], environments, true),
    ...narrow("modules", modules),
    ...narrow("editions", editions),
  ];
}
