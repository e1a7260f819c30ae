/** Debian's nginx as a proxy in front of one service: what the router is held against. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../src/adapters/database/embedded/free-port.ts";

export interface Nginx {
  port: number;
  stop(): Promise<void>;
}

const program = "/usr/sbin/nginx";

/** Undefined where the machine has none. */
export async function startNginx(servicePort: number): Promise<Nginx | undefined> {
  if (!existsSync(program)) return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), "connectsoft-bench-nginx-"));
  const port = await freePort();
  const file = path.join(folder, "nginx.conf");
  await writeFile(file, configuration(folder, port, servicePort));
  const child = spawn(program, ["-c", file, "-e", `${folder}/error.log`], { stdio: "ignore" });
  const exited = once(child, "exit");
  while (child.exitCode === null && !(await answers(port))) await pause(20);
  if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}, see ${folder}/error.log`);
  return {
    port,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As many workers as cores, and connections to the service that are kept: nginx at its best. */
function configuration(folder: string, port: number, servicePort: number): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `
    worker_processes auto; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
      access_log off; ${places.join(" ")}
      upstream service { server 127.0.0.1:${servicePort}; keepalive 128; keepalive_requests 1000000000; }
      keepalive_requests 1000000000;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://service; proxy_http_version 1.1;
          proxy_set_header Connection ""; proxy_set_header Host $host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
      }
    }`;
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.arrayBuffer().then(() => true),
    () => false,
  );
}
