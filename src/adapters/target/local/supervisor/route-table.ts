/** Which release has the traffic of a module, and where its host names lead. */
import { refuse } from "../../../../domain/refusal.ts";
import { Upstream } from "../router/upstream.ts";
import type { ServiceSpec } from "./protocol.ts";
import type { Service } from "./service.ts";
import type { State } from "./state-file.ts";

export class RouteTable {
  readonly routes: State["routes"];
  private readonly find: (
    spec: Pick<ServiceSpec, "namespace" | "moduleId" | "releaseId">,
  ) => Service | undefined;
  private readonly upstreams = new Map<Service, Upstream>();
  private byHost = new Map<string, Service>();

  constructor(routes: State["routes"], find: RouteTable["find"]) {
    this.routes = routes;
    this.find = find;
  }

  /** To be called after every change of services. */
  refresh(): void {
    this.byHost = new Map(
      this.serving().flatMap((service) => hostsOf(service.record.spec).map((host) => [host, service])),
    );
  }

  route(namespace: string, moduleId: string): { releaseId: string; since: string } | undefined {
    return this.routes[placeKey({ namespace, moduleId })];
  }

  has({ record }: Service): boolean {
    return this.routes[placeKey(record.spec)]?.releaseId === record.spec.releaseId;
  }

  /** Refuses with Conflict where a host name belongs to another module. */
  give({ record: { spec } }: Service): void {
    const others = this.serving().filter(({ record }) => placeKey(record.spec) !== placeKey(spec));
    const taken = others
      .flatMap(({ record }) => hostsOf(record.spec))
      .find((host) => hostsOf(spec).includes(host));
    if (taken !== undefined) {
      throw refuse(
        "Conflict",
        `host ${taken} belongs to another module`,
        "give this module another host name",
      );
    }
    this.routes[placeKey(spec)] = { releaseId: spec.releaseId, since: new Date().toISOString() };
    this.refresh();
  }

  take({ record }: Service): void {
    delete this.routes[placeKey(record.spec)];
    this.refresh();
  }

  /** Resolves when no request to the service is under way, or after the limit. */
  async drain(service: Service, limitMs: number): Promise<void> {
    await this.upstreams.get(service)?.drain(limitMs);
    this.upstreams.delete(service);
  }

  upstream(host: string): Upstream | "unknown" | "down" {
    const service = this.byHost.get(host);
    if (service === undefined) return "unknown";
    const { port, process, phase, address = "127.0.0.1" } = service.record;
    if (port === undefined || process === undefined || phase !== "ready") return "down";
    const known = this.upstreams.get(service);
    if (known?.port === port && known.address === address) return known;
    known?.pooled.destroy();
    const upstream = new Upstream(address, port);
    this.upstreams.set(service, upstream);
    return upstream;
  }

  private serving(): Service[] {
    return Object.entries(this.routes).flatMap(([place, { releaseId }]) => {
      const [namespace = "", moduleId = ""] = place.split("/");
      return this.find({ namespace, moduleId, releaseId }) ?? [];
    });
  }
}

/** The host name that every module has. */
export function ownHost(namespace: string, moduleId: string): string {
  return `${moduleId}.${namespace}.localhost`;
}

export function placeKey({ namespace, moduleId }: { namespace: string; moduleId: string }): string {
  return `${namespace}/${moduleId}`;
}

function hostsOf(spec: ServiceSpec): string[] {
  return [ownHost(spec.namespace, spec.moduleId), ...spec.hosts];
}
