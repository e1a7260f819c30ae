import { createServer } from "node:http";

// Takes whatever port is free, whatever PORT says.
const server = createServer((_request, response) => response.end("ok\n"));
server.listen(0, "127.0.0.1", () => process.stdout.write(`listening on ${server.address().port}\n`));
