/** The control plane's HTTP API with the types of its OpenAPI document. */
import createClient, { type Client } from "openapi-fetch";
import { type Follow, followWith } from "./follow.ts";
import type { paths } from "./schema.d.ts";

export interface DeliveryClientOptions {
  /** Of the server, as `http://127.0.0.1:4180`. */
  baseUrl: string;
  /** Absent in a browser, where the session's cookie speaks for the person. A function is asked before each call. */
  token?: string | (() => string | Promise<string>);
  fetch?: (request: Request) => Promise<Response>;
}

/** What answers as JSON, and what refuses. */
type JsonTypes = "application/json" | "application/problem+json";

/** `GET`, `POST`, `PUT` and `DELETE` by path; each returns `{ data }` or `{ error }`, the problem. See `answerOf`. */
export interface DeliveryClient extends Client<paths, JsonTypes> {
  /** The events of a stream as they come, for as long as they are read. */
  follow: Follow;
}

export function createDeliveryClient({
  baseUrl,
  token,
  fetch: send = (request) => globalThis.fetch(request),
}: DeliveryClientOptions): DeliveryClient {
  const client = createClient<paths, JsonTypes>({
    baseUrl: `${baseUrl.replace(/\/+$/, "")}/api/v1`,
    fetch: send,
  });
  if (token !== undefined)
    client.use({
      async onRequest({ request }) {
        const value = typeof token === "string" ? token : await token();
        request.headers.set("authorization", `Bearer ${value}`);
      },
    });
  return Object.assign(client, { follow: followWith(client.GET as Parameters<typeof followWith>[0]) });
}
