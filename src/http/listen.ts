/** Puts an app on the loopback interface, and nowhere else. */
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { refuse } from "../domain/refusal.ts";

export interface Listening {
  url: string;
  /** Ends streams at once and other requests when they are answered. */
  close(): Promise<void>;
}

type Fetch = (request: Request, env?: object) => Response | Promise<Response>;

/** Port 0: any free one. Refuses with Unavailable where the port is taken. */
export async function listen(app: { fetch: Fetch }, port: number): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    // A large push takes as long as it takes; its headers must still come in time.
    serverOptions: { requestTimeout: 0 },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return error;
  const why = error.code === "EADDRINUSE" ? "is taken by another program" : "may not be used by this account";
  return refuse("Unavailable", `Port ${port} ${why}.`, "Choose another: connectsoft serve --port <port>");
}
