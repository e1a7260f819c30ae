/** The way to the server: the published API and its types, with the session's cookie and its CSRF token. */
import createClient, { type Middleware } from "openapi-fetch";
import createQueryHooks from "openapi-react-query";
import type { paths } from "../../../client/src/schema.d.ts";
import { csrfHeader, csrfToken, sessionEnded } from "../session/session-store.ts";

/** What is read of an answer: what was asked for, or why it is refused. */
type Media = "application/json" | "application/problem+json";

const withSession: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set(csrfHeader, csrfToken());
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) sessionEnded();
  },
};

/** `api.GET("/releases/pending")` for what happens once, such as an action. */
export const api = createClient<paths, Media>({
  baseUrl: `${location.origin}/api/v1`,
  credentials: "same-origin",
});
api.use(withSession);

/** `query.useQuery("get", "/releases/pending", {}, { meta: { live: "tenant" } })` for what is shown. */
export const query = createQueryHooks(api);
