/**
 * A command line that shows what follows it another file system, in a mount namespace of its own: folders that
 * are read-only, and in place of a closed folder an empty one that holds, at the same paths, only what is named.
 */
import { join, relative } from "node:path";
import type { ViewMeans } from "./host-means.ts";
import { closedFolder, isBelow } from "./reach.ts";

export interface View {
  readOnly: string[];
  writable: string[];
}

export function privateView(view: View, { unshare, stage }: ViewMeans, openClosed: boolean): string[] {
  const args: string[] = [];
  const arg = (value: string): string => `"\${${args.push(value)}}"`;
  const named = [
    ...view.readOnly.map((path) => ({ path, options: "bind,ro" })),
    ...view.writable.map((path) => ({ path, options: "bind" })),
  ].map((one) => ({ ...one, closed: openClosed ? closedFolder(one.path) : undefined }));
  const closed = [...new Set(named.flatMap((one) => one.closed ?? []))];
  const mounts = [
    ...closed.flatMap((folder) => {
      const within = named
        .filter(({ path }) => isBelow(path, folder))
        .map((one) => ({ ...one, place: arg(join(stage, relative(folder, one.path))) }));
      return [
        `mount -t tmpfs -o mode=0711,nosuid,nodev,size=1m connectsoft ${arg(stage)}`,
        `mkdir -p ${within.map(({ place }) => place).join(" ")}`,
        ...within.map(({ path, options, place }) => `mount -o ${options} ${arg(path)} ${place}`),
        `mount --move ${arg(stage)} ${arg(folder)}`,
      ];
    }),
    ...named
      .filter(({ closed: one, options }) => one === undefined && options === "bind,ro")
      .map(({ path, options }) => `mount -o ${options} ${arg(path)} ${arg(path)}`),
  ];
  const script = [
    "umask 022",
    ...mounts.map((mount) => `${mount} || exit 125`),
    `shift ${args.length}`,
    'exec "$@"',
  ];
  return [...unshare, "/bin/sh", "-c", script.join("\n"), "connectsoft", ...args];
}
