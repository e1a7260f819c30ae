/** Services that a target must survive: each is version 2 of a small one that served well. */

/** The same answers as version 1, and a fault after it: `answers` may be replaced, `fault` is run once it listens. */
interface Fault {
  /** The body of the request handler, beside `request`, `response` and `well`, which answers as version 1 does. */
  answers?: string;
  fault?: string;
  port?: string;
}

export function serviceOf({ answers = "well()", fault = "", port = "process.env.PORT" }: Fault): string {
  return `
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const { name, version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
createServer((request, response) => {
  const well = () => response.end(JSON.stringify({ name, version }));
  ${answers}
}).listen(Number(${port}), "127.0.0.1", () => {
  console.log(name + " " + version + " listens");
  ${fault}
});
`;
}

/** Its parent ends and leaves the service to itself, as daemons of old do. */
export const goesIntoTheBackground = `
import { spawn } from "node:child_process";
if (process.env.CHILD === undefined) {
  spawn(process.execPath, ["server.js"], { detached: true, stdio: "ignore", env: { ...process.env, CHILD: "1" } }).unref();
  process.exit(0);
}
setInterval(() => {}, 1000);
`;

export const ignoresItsEnd = serviceOf({ fault: `process.on("SIGTERM", () => console.log("not now"));` });

/** As fast as its output is read, for as long as it lives. */
export const fillsItsLog = serviceOf({
  fault: `
    const line = "x".repeat(1023) + "\\n";
    const write = () => { if (process.stdout.write(line.repeat(64))) setImmediate(write); else process.stdout.once("drain", write); };
    write();`,
});

export const leaksMemory = serviceOf({
  fault: `const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 20);`,
});

export const multiplies = serviceOf({
  fault: `
    const more = () => spawn("sleep", ["600"]).on("error", (error) => {
      console.error("cannot start another one: " + error.code);
      process.exit(75);
    });
    setInterval(more, 5);`,
});

/** Half a second after its first request it answers nobody any more, probes included. */
export const hangs = serviceOf({
  answers: `
    if (request.url !== "/health") globalThis.until ??= Date.now() + 500;
    if (!(Date.now() > globalThis.until)) well();`,
});

export const failsOnTraffic = serviceOf({
  answers: `if (request.url === "/health") well(); else { response.statusCode = 500; response.end("no such table: guests"); }`,
});

export const isSlow = serviceOf({
  answers: `if (request.url === "/health") well(); else setTimeout(well, 400);`,
});

export const hasItsOwnPort = (port: number) => serviceOf({ port: String(port) });
