/**
 * Makes the schema that the Kubernetes validator checks with from the one that Kubernetes publishes in its Go module
 * (`api/openapi-spec/swagger.json`, Apache-2.0): the kinds that are generated and what they are made of, closed to
 * unknown fields, without the prose. `node test/real/deployables/renew-kubernetes-schema.ts` writes it anew.
 */

export const kubernetesVersion = "1.34.5";

/** By `apiVersion/kind`, as in a manifest. */
export const schemaKinds: Record<string, string> = {
  "apps/v1/Deployment": "io.k8s.api.apps.v1.Deployment",
  "autoscaling/v2/HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  "networking.k8s.io/v1/Ingress": "io.k8s.api.networking.v1.Ingress",
  "networking.k8s.io/v1/NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
  "policy/v1/PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
  "v1/ConfigMap": "io.k8s.api.core.v1.ConfigMap",
  "v1/Pod": "io.k8s.api.core.v1.Pod",
  "v1/Secret": "io.k8s.api.core.v1.Secret",
  "v1/Service": "io.k8s.api.core.v1.Service",
  "v1/ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
};

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Written as text, where the published schema says it is one, and as a number by everybody. */
const scalars: Record<string, JsonObject> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: ["string", "number"] },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: ["string", "integer"] },
};

export function strictSchema(published: { definitions: Record<string, JsonObject> }): JsonObject {
  const definitions: JsonObject = {};
  const pending = Object.values(schemaKinds);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (Object.hasOwn(definitions, name)) continue;
    const definition = scalars[name] ?? closed(published.definitions[name] ?? {});
    definitions[name] = definition;
    for (const [, inner] of JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g))
      if (inner !== undefined) pending.push(inner);
  }
  const kinds = Object.fromEntries(
    Object.entries(schemaKinds).map(([kind, name]) => [kind, { $ref: `#/definitions/${name}` }]),
  );
  return {
    $comment: `Of Kubernetes ${kubernetesVersion}, Apache-2.0.`,
    kinds,
    definitions: Object.fromEntries(Object.entries(definitions).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function closed(definition: JsonObject): JsonObject {
  const bare = withoutProse(definition);
  return bare.properties === undefined ? bare : { ...bare, additionalProperties: false };
}

/** Descriptions, formats and extensions check nothing. A field may itself be called `description` or `format`. */
function withoutProse(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key]) => !["description", "format", "default"].includes(key) && !key.startsWith("x-kubernetes"),
      )
      .map(([key, inner]) => [key, key === "properties" ? eachProperty(inner) : inside(inner)]),
  );
}

function eachProperty(value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inside(inner)]));
}

function inside(value: Json): Json {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  return withoutProse(value);
}
