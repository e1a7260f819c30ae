import { createServer } from "node:http";
import { priceOf } from "./price.js";

createServer((request, response) => {
  if (request.url.startsWith("/health/")) return response.end("ok\n");
  response.end(`${priceOf(3)}\n`);
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
