/** Who may call a module, and whom it may call: its namespace, name resolution, and named ports of the world. */
import { selectorLabels } from "./labels.ts";
import type { Workload } from "./workload.ts";

/** Where clouds hand out a machine's own credentials. */
export const metadataAddress = "169.254.169.254/32";

export function networkRules({ name, egressPorts }: Workload): object {
  return {
    podSelector: { matchLabels: selectorLabels(name) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: "http" }] }],
    egress: [
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
      { to: [{ podSelector: {} }] },
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [metadataAddress] } }],
        ports: egressPorts.map((port) => ({ protocol: "TCP", port })),
      },
    ],
  };
}
