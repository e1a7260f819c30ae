import { createServer } from "node:http";

const crashAfterMs = Number(process.env.CRASH_AFTER_MS ?? 1000);
let doomed = false;

createServer((request, response) => {
  if (request.url === "/health/ready" && !doomed) {
    doomed = true;
    setTimeout(crash, crashAfterMs);
  }
  response.end("ok\n");
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");

function crash() {
  process.stderr.write("crashes-after-ready: out of luck\n");
  process.exit(70);
}
