/**
 * How variables reach a container: by a file that only we can read and that is gone when the container is made,
 * never on a command line. What such a file cannot say (line breaks) goes by the engine's own environment.
 */
import { ownName } from "../own-name.ts";
import { markerVariable } from "../process/process-identity.ts";
import type { Launch } from "../runtime.ts";

export interface HandedEnvironment {
  /** One `NAME=value` a line; engines take the value as it stands. */
  file: string;
  /** Named by `--env NAME`; the value is in the environment of the engine's command alone. */
  passed: Record<string, string>;
  /** Cannot be handed over, in words. */
  refused?: string;
}

/** A line that the engines' readers take whole. */
const longestLine = 32 * 1024;

/** Names that the engine's command itself, or a library in it, would heed: a release has no say there. */
const heeded =
  /^(PATH|HOME|USER|TMPDIR|TZ|LANG|LC_.*|LD_.*|GO.*|GLIBC_.*|MALLOC_.*|XDG_.*|.*_PROXY|_?CONTAINERS?_.*|PODMAN.*|DOCKER.*|BUILDAH.*|STORAGE_.*|REGISTR.*|SSL_.*|NOTIFY_SOCKET|LISTEN_.*|DBUS_.*|CONMON.*|OTEL_.*|COMPOSE_.*)$/i;

/** What the release was given; its mark is not one of a process of the host, and cannot be taken for it. */
export function guestEnvironment({
  environment,
  marker,
}: Pick<Launch, "environment" | "marker">): Record<string, string> {
  // In a container the loopback is the container's own: nothing reaches a service that listens there only.
  return { HOST: "0.0.0.0", ...environment, [markerVariable]: ownName(marker) };
}

export function handOver(environment: Record<string, string>): HandedEnvironment {
  const handed: HandedEnvironment = { file: "", passed: {} };
  for (const [name, value] of Object.entries(environment)) {
    if (!/[\n\r]/.test(value) && value.length + name.length < longestLine)
      handed.file += `${name}=${value}\n`;
    else if (!heeded.test(name)) handed.passed[name] = value;
    else
      handed.refused ??= `its variable ${name} has a line break or more than 32 KiB, which cannot be handed to a container under that name`;
  }
  return handed;
}
