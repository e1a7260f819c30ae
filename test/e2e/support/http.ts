/** Asks services through the router. Names under .localhost are not resolved everywhere, so the name goes in as Host. */
import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export function ask(url: string, timeoutMs = 5_000): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request(
      // A connection of its own each time: one that is kept would hide a router that is away.
      {
        host: "127.0.0.1",
        port,
        path: pathname + search,
        headers: { host: `${hostname}:${port}` },
        agent: false,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body += text;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
        response.on("error", reject);
      },
    );
    asking.setTimeout(timeoutMs, () => asking.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    asking.on("error", reject);
    asking.end();
  });
}

export interface Watch {
  /** Ends it; what was answered other than 200, and how many answers there were. */
  end(): Promise<{ answers: number; failures: string[]; bodies: string[] }>;
}

/** Asks again and again, one after the other, until it is ended. */
export function watchAnswers(url: string): Watch {
  let on = true;
  const failures: string[] = [];
  const bodies = new Set<string>();
  let answers = 0;
  async function poll(): Promise<void> {
    while (on) {
      const at = new Date().toISOString();
      await ask(url).then(
        ({ status, body }) => {
          answers += 1;
          bodies.add(body);
          if (status !== 200) failures.push(`${at} ${status} ${body.slice(0, 80)}`);
        },
        (error: Error) => failures.push(`${at} ${error.message}`),
      );
      await pause(40);
    }
  }
  const polling = poll();
  return {
    async end() {
      on = false;
      await polling;
      return { answers, failures, bodies: [...bodies] };
    },
  };
}
