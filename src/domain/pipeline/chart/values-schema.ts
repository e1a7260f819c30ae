/** values.schema.json: Helm refuses with it a value that the chart does not know, or of another kind. */
import type { Workload } from "../manifests/workload.ts";
import { openValues } from "./values.ts";

type Schema = Record<string, unknown>;

const text = { type: "string" };
const flag = { type: "boolean" };
const anything = { type: "object" };
const list = { type: "array" };
const texts = { type: "object", additionalProperties: text };
const port = { type: "integer", minimum: 1, maximum: 65_535 };
const count = { type: "integer", minimum: 0 };
const several = { type: "integer", minimum: 1 };
const name = { type: "string", pattern: "^([A-Za-z_][A-Za-z0-9_]*)$" };

export function valuesSchema(title: string, comment: string, workload: Workload): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: comment,
    title: `Values of ${title}`,
    ...closed({
      image: closed({
        registry: text,
        repository: { type: "string", minLength: 1 },
        tag: text,
        digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
        pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
      }),
      replicaCount: count,
      containerPort: port,
      portVariable: name,
      config: texts,
      secrets: closed({
        store: closed({ name: text, kind: { enum: ["SecretStore", "ClusterSecretStore"] } }),
        refreshInterval: { type: "string", pattern: "^\\d+[smh]$" },
        existingSecret: text,
        csi: closed({ provider: { enum: ["", "azure", "vault"] }, parameters: texts, path: text }),
        keys: texts,
      }),
      startupProbe: probe,
      readinessProbe: probe,
      livenessProbe: probe,
      resources: closed({ requests: amounts, limits: amounts, claims: list }),
      terminationGracePeriodSeconds: several,
      drainSeconds: several,
      temporarySize: amount,
      persistence: closed({ existingClaim: text }),
      podSecurityContext: anything,
      securityContext: anything,
      serviceAccount: closed({ create: flag, name: text, annotations: texts }),
      service: closed({ type: { enum: ["ClusterIP", "NodePort", "LoadBalancer"] }, port }),
      ingress: closed({
        enabled: flag,
        className: text,
        annotations: texts,
        host: text,
        path: rooted,
        tlsSecret: text,
      }),
      httpRoute: closed({ enabled: flag, parentRefs: list, hostnames: list, path: rooted }),
      networkPolicy: closed({
        enabled: flag,
        ingressFrom: list,
        egressPorts: { type: "array", items: port },
        extraEgress: list,
      }),
      podDisruptionBudget: closed({ enabled: flag, maxUnavailable: { type: ["integer", "string"] } }),
      autoscaling: closed({
        enabled: flag,
        minReplicas: several,
        maxReplicas: several,
        targetCPUUtilizationPercentage: { type: "integer", minimum: 1, maximum: 100 },
      }),
      partOf: text,
      global: anything,
      ...Object.fromEntries(Object.entries(openValues).map(([key, type]) => [key, { type }])),
    }),
    required: required(workload),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const rooted = { type: "string", pattern: "^/" };
const amount = { type: ["string", "integer"], pattern: "^\\d+(\\.\\d+)?(m|[kMGTPE]i?)?$" };
const amounts = { type: "object", additionalProperties: amount };

const probe = {
  ...closed({
    httpGet: closed({
      path: rooted,
      port: { type: ["string", "integer"] },
      scheme: { enum: ["HTTP", "HTTPS"] },
      httpHeaders: list,
    }),
    tcpSocket: closed({ port: { type: ["string", "integer"] } }),
    exec: closed({ command: { type: "array", items: text, minItems: 1 } }),
    grpc: closed({ port, service: text }),
    initialDelaySeconds: count,
    periodSeconds: several,
    timeoutSeconds: several,
    successThreshold: several,
    failureThreshold: several,
    terminationGracePeriodSeconds: several,
  }),
};

function closed(properties: Record<string, Schema>): Schema {
  return { type: "object", additionalProperties: false, properties };
}

function required({ config, secrets }: Workload): string[] {
  return [
    "image",
    "containerPort",
    "portVariable",
    "resources",
    ...(config.length === 0 ? [] : ["config"]),
    ...(secrets.length === 0 ? [] : ["secrets"]),
  ];
}
