import { createServer } from "node:http";

createServer((request, response) => {
  if (request.url === "/health/ready") response.writeHead(503).end("waiting for a cache that never fills\n");
  else response.end("ok\n");
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
