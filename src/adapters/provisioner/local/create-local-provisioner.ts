/**
 * Namespaces of this host: a name in the allocation table, storage folders, host names of the local router,
 * quotas as far as the target enforces them, and names on a DNS server where the tenant has one.
 */
import type pg from "pg";
import { refuse } from "../../../domain/refusal.ts";
import type { Dns } from "../../../ports/dns.ts";
import type { NamespaceLimits } from "../../../ports/namespace-limits.ts";
import type { EnvironmentPlace, NamespaceRequest, Provisioner } from "../../../ports/provisioner.ts";
import type { Settings } from "../../../ports/settings.ts";
import { applyPlan } from "./apply-plan.ts";
import { describeMade } from "./describe-made.ts";
import { destroyEnvironment } from "./destroy-environment.ts";
import { findWants } from "./find-wants.ts";
import { createKeepers } from "./keepers/index.ts";
import { findDrift, listEnvironments, readEnvironment, refreshEnvironment } from "./look-around.ts";
import type { Office } from "./office.ts";
import { plain, planResources } from "./plan-resources.ts";
import { openDestruction } from "./read-destructions.ts";
import { checkPlace } from "./read-ground.ts";
import { readRequests } from "./read-record.ts";

export interface LocalProvisionerOptions {
  pool: pg.Pool;
  settings: Settings;
  /** Absolute. */
  storageRoot: string;
  dns: Dns;
  /** A target that limits namespaces; without one quotas are told as not enforced. */
  limits?: NamespaceLimits;
  /** The user that a target has given the services of a namespace; undefined: they run as we do. */
  serviceUser?: (namespace: string) => number | undefined;
  /** One task of an environment at a time, among all processes on the database. */
  inTurn: Office["inTurn"];
  /** After each change that was made, before the next one: where tests end the process. */
  afterChange?: () => void;
}

export function createLocalProvisioner(options: LocalProvisionerOptions): Provisioner {
  const { settings, limits, serviceUser = () => undefined, afterChange = () => {} } = options;
  const revealKey = (place: EnvironmentPlace, secret: string) => revealDnsKey(settings, place, secret);
  const office: Office = {
    ...options,
    afterChange,
    keepers: createKeepers({ dns: options.dns, revealKey, limits, serviceUser }),
  };
  return {
    name: "local",
    async plan(request) {
      await requireStanding(office, request);
      const { digest, ground, changes } = await planResources(office, request);
      return { digest, namespace: ground.namespace, changes: changes.map(plain) };
    },
    wanting: (request) => findWants(office, request),
    async apply(request, planDigest) {
      const place = checkPlace(request);
      const sight = await office.inTurn(place, async () => {
        await requireStanding(office, request);
        return await applyPlan(office, request, planDigest);
      });
      const { ground, wanted } = sight;
      return await describeMade(office, request, { namespace: ground.namespace, storage: wanted.storage });
    },
    refresh: (place) => refreshEnvironment(office, checkPlace(place)),
    drift: (place) => findDrift(office, checkPlace(place)),
    applied: (place) => readRequests(office.pool, checkPlace(place)),
    destroy: (place, destruction) =>
      office.inTurn(checkPlace(place), () => destroyEnvironment(office, checkPlace(place), destruction)),
    async requireNamespace(place, namespace) {
      const environment = await readEnvironment(office, checkPlace(place));
      if (environment?.namespace === namespace) return;
      throw refuse(
        "InvalidNamespaceAccess",
        `The namespace ${namespace} is not that of ${place.environment} of ${place.tenantId}.`,
        `Name the environment: connectsoft env show ${place.environment}`,
      );
    },
    list: (tenantId) => listEnvironments(office, tenantId),
  };
}

/** Refuses with Conflict where the environment is being destroyed. */
async function requireStanding({ pool }: Office, request: NamespaceRequest): Promise<void> {
  const { tenantId, environment } = request;
  const open = await openDestruction(pool, { tenantId, environment });
  if (open === undefined) return;
  throw refuse(
    "Conflict",
    `${environment} of ${tenantId} is being destroyed since ${open.at} (${open.by}: ${open.reason}).`,
    `Let it finish: connectsoft env destroy ${environment} --reason "..."`,
  );
}

/** Modules never see it: the key is a secret of ours among the environment's. */
const keyHolder = "cloud-provisioner";

async function revealDnsKey(settings: Settings, place: EnvironmentPlace, secret: string): Promise<string> {
  const scope = { ...place, moduleId: keyHolder };
  const reference = (await settings.listSecrets(scope)).find(({ name }) => name === secret);
  const key =
    reference === undefined ? undefined : (await settings.revealSecrets(scope, [reference]))[secret];
  if (key !== undefined) return key;
  throw refuse(
    "SecretsMissing",
    `${secret}, the key of the DNS server of ${place.environment}, is not set.`,
    `Set it: connectsoft secret set ${secret} --env ${place.environment} --module ${keyHolder}`,
  );
}
