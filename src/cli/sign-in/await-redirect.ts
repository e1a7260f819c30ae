/** Waits for a browser to come back: on the loopback interface, on a port of the moment (RFC 8252 §7.3). */
import { createServer, type Server, type ServerResponse } from "node:http";
import { refuse } from "../../domain/refusal.ts";

const path = "/callback";

export interface Redirected {
  url: URL;
  /** Tells the person in the browser how it ended, and closes. */
  end<Outcome>(outcome: Promise<Outcome>): Promise<Outcome>;
}

/** `begin` gets the address to come back to. Ends with the first answer, or when the signal is aborted. */
export async function awaitRedirect(
  signal: AbortSignal,
  begin: (redirectUri: string) => Promise<void>,
): Promise<Redirected> {
  const server = createServer();
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  const came = new Promise<Redirected>((resolve, reject) => {
    signal.addEventListener("abort", () => {
      server.close();
      reject(refuse("Unauthenticated", "Nobody signed in.", "Try again: connectsoft login"));
    });
    server.on("request", (request, response) => {
      const url = new URL(request.url ?? "/", origin);
      if (request.method !== "GET" || url.pathname !== path || !url.searchParams.has("state")) {
        response.writeHead(404).end("There is nothing here.\n");
        return;
      }
      resolve({ url, end: (outcome) => finish(server, response, outcome) });
    });
  });
  try {
    await begin(origin + path);
    return await came;
  } catch (error) {
    server.close();
    throw error;
  }
}

async function finish<Outcome>(
  server: Server,
  response: ServerResponse,
  outcome: Promise<Outcome>,
): Promise<Outcome> {
  try {
    const result = await outcome;
    say(response, 200, "You are signed in. This window can be closed.");
    return result;
  } catch (error) {
    say(response, 400, "Signing in did not work. The terminal says why.");
    throw error;
  } finally {
    server.close();
  }
}

/** A fixed text: nothing of what came by the address is shown. */
function say(response: ServerResponse, status: number, text: string): void {
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    connection: "close",
  };
  response.writeHead(status, headers).end(`${text}\n`);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
