/**
 * HEALTHCHECK by what the image that runs has in it: no curl is assumed. Kubernetes ignores it and probes by itself;
 * it is for whoever runs the image elsewhere.
 */
import type { Command, ModuleSpec, Probe } from "../../module/module-spec.ts";
import { list } from "./dockerfile-lines.ts";
import { portOf } from "./image-facts.ts";

/** Where the Go image has its own small prober. */
export const goProber = "/usr/local/bin/healthcheck";

/** None for an image of the module's own, whose contents are not known. */
export function healthcheck(module: ModuleSpec): string[] {
  const { liveness, startup } = module.probes;
  const command = liveness.exec?.command ?? probeCommand(module, liveness);
  if (command === undefined) return [];
  const start = startup.initialDelaySeconds + startup.periodSeconds * startup.failureThreshold;
  const times = [
    `--interval=${seconds(Math.max(liveness.periodSeconds, 5))}`,
    `--timeout=${seconds(Math.max(liveness.timeoutSeconds, 3))}`,
    `--start-period=${seconds(start)}`,
    `--retries=${liveness.failureThreshold}`,
  ];
  return [`HEALTHCHECK ${times.join(" ")} \\\n    CMD ${list(command)}`];
}

function probeCommand(module: ModuleSpec, { httpGet }: Probe): Command | undefined {
  const port = portOf(module);
  switch (module.runtime) {
    case "node":
      return ["node", "-e", httpGet === undefined ? nodeConnects(port) : nodeFetches(port, httpGet.path)];
    case "python":
      return [
        "python",
        "-c",
        httpGet === undefined ? pythonConnects(port) : pythonFetches(port, httpGet.path),
      ];
    case "go":
      return [goProber, httpGet === undefined ? `tcp://127.0.0.1:${port}` : local(port, httpGet.path)];
    case "java":
    case "dotnet":
      return ["bash", "-c", httpGet === undefined ? bashConnects(port) : bashFetches(port, httpGet.path)];
    case "container":
      return undefined;
  }
}

function nodeFetches(port: number, path: string): string {
  return `fetch(${JSON.stringify(local(port, path))}).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
}

function nodeConnects(port: number): string {
  return `require("node:net").connect(${port}, "127.0.0.1", () => process.exit(0)).on("error", () => process.exit(1))`;
}

function pythonFetches(port: number, path: string): string {
  return `import urllib.request; urllib.request.urlopen(${JSON.stringify(local(port, path))}, timeout=3)`;
}

function pythonConnects(port: number): string {
  return `import socket; socket.create_connection(("127.0.0.1", ${port}), timeout=3)`;
}

/** Bash speaks TCP by itself; a probe's answer is good from 200 to 399, as in Kubernetes. */
function bashFetches(port: number, path: string): string {
  const request = `GET ${path.replaceAll(/[\s'"\\$`%]/g, encodeURIComponent)} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n`;
  return `exec 3<>/dev/tcp/127.0.0.1/${port} && printf '${request.replaceAll("%", "%%")}' >&3 && read -r _ status _ <&3 && [[ $status == [23]* ]]`;
}

function bashConnects(port: number): string {
  return `exec 3<>/dev/tcp/127.0.0.1/${port}`;
}

function local(port: number, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

function seconds(value: number): string {
  return `${Math.ceil(value)}s`;
}

/** The Go prober's source, built beside the module: a distroless image has neither shell nor client. */
export const goProberSource = `package main

import (
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

func main() {
	const limit = 3 * time.Second
	target, err := url.Parse(os.Args[1])
	if err != nil {
		os.Exit(2)
	}
	if target.Scheme == "tcp" {
		if _, err := net.DialTimeout("tcp", target.Host, limit); err != nil {
			os.Exit(1)
		}
		return
	}
	answer, err := (&http.Client{Timeout: limit}).Get(target.String())
	if err != nil || answer.StatusCode >= 400 {
		os.Exit(1)
	}
}
`;
