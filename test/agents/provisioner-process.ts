/** A process that applies a plan or destroys an environment, and kills itself, as kill -9 does, after the n-th change. */
import { openPool } from "../../src/adapters/database/open-database.ts";
import { createKeyFileSeal } from "../../src/adapters/seal/key-file/create-key-file-seal.ts";
import { createSettings } from "../../src/adapters/settings/local/create-settings.ts";
import type { NamespaceRequest } from "../../src/ports/provisioner.ts";
import { createEnvironments } from "../support/environments.ts";

export interface ProvisionerOrders {
  databaseUrl: string;
  storageRoot: string;
  keyFile: string;
  request: NamespaceRequest;
  /** Applies the plan of this digest; destroys where there is none. */
  digest?: string;
  /** Lives to the end where it is more than there are changes. */
  killAfter: number;
}

const orders = JSON.parse(process.env.ORDERS ?? "{}") as ProvisionerOrders;
const pool = openPool(orders.databaseUrl, { max: 5, applicationName: "provisioner" });
const settings = createSettings({ pool, seal: createKeyFileSeal(orders.keyFile) });
let changes = 0;
const { provisioner } = createEnvironments({
  pool,
  settings,
  storageRoot: orders.storageRoot,
  afterChange() {
    changes += 1;
    if (changes === orders.killAfter) process.kill(process.pid, "SIGKILL");
  },
});
if (orders.digest !== undefined) await provisioner.apply(orders.request, orders.digest);
else
  await provisioner.destroy(orders.request, {
    by: "ada",
    reason: "no longer needed",
    withSettings: true,
    serving: false,
    serves: async () => undefined,
    dismantle: async () => {},
  });
process.stdout.write(`${changes}`);
process.exit(0);
