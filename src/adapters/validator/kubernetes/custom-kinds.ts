/** Kinds that are no part of Kubernetes itself, as far as they are generated; closed like the others. */
const text = { type: "string", minLength: 1 };
const texts = { type: "array", items: text };
const labels = { type: "object", additionalProperties: { type: "string" } };
const metadata = closed({ name: text, namespace: text, labels, annotations: labels }, ["name"]);

export const customKinds: Record<string, object> = {
  "secrets-store.csi.x-k8s.io/v1/SecretProviderClass": closed(
    {
      apiVersion: text,
      kind: text,
      metadata,
      spec: closed({ provider: text, parameters: labels }, ["provider", "parameters"]),
    },
    ["apiVersion", "kind", "metadata", "spec"],
  ),
  "external-secrets.io/v1/ExternalSecret": closed(
    {
      apiVersion: text,
      kind: text,
      metadata,
      spec: closed(
        {
          refreshInterval: { type: "string", pattern: "^(\\d+(h|m|s))+$" },
          secretStoreRef: closed({ name: text, kind: { enum: ["SecretStore", "ClusterSecretStore"] } }, [
            "name",
          ]),
          target: closed({
            name: text,
            creationPolicy: { enum: ["Owner", "Orphan", "Merge", "None"] },
            deletionPolicy: { enum: ["Delete", "Merge", "Retain"] },
          }),
          data: {
            type: "array",
            items: closed(
              { secretKey: text, remoteRef: closed({ key: text, property: text, version: text }, ["key"]) },
              ["secretKey", "remoteRef"],
            ),
          },
        },
        ["secretStoreRef"],
      ),
    },
    ["metadata", "spec"],
  ),
  "kustomize.config.k8s.io/v1beta1/Kustomization": closed({
    apiVersion: text,
    kind: text,
    metadata,
    namespace: text,
    namePrefix: { type: "string" },
    nameSuffix: { type: "string" },
    resources: texts,
    components: texts,
    commonAnnotations: labels,
    labels: {
      type: "array",
      items: closed(
        { pairs: labels, includeSelectors: { type: "boolean" }, includeTemplates: { type: "boolean" } },
        ["pairs"],
      ),
    },
    images: {
      type: "array",
      items: closed(
        {
          name: text,
          newName: text,
          newTag: { type: "string" },
          digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
        },
        ["name"],
      ),
    },
    replicas: {
      type: "array",
      items: closed({ name: text, count: { type: "integer", minimum: 0 } }, ["name", "count"]),
    },
    configMapGenerator: {
      type: "array",
      items: closed(
        {
          name: text,
          behavior: { enum: ["create", "merge", "replace"] },
          // A key that the API server takes, and something behind it.
          literals: { type: ["array", "null"], items: { type: "string", pattern: "^[-._a-zA-Z0-9]+=" } },
          envs: texts,
          files: texts,
          options: { type: "object" },
        },
        ["name"],
      ),
    },
    patches: { type: "array", items: closed({ path: text, patch: text, target: { type: "object" } }) },
  }),
};

function closed(properties: Record<string, unknown>, required: string[] = []): object {
  return { type: "object", additionalProperties: false, properties, required };
}
