/** What the router says itself: a stable code, a sentence and what was expected. */
export interface OwnAnswer {
  status: number;
  headers: string[];
  body: Buffer;
}

const hostForm = "<module>.<tenant>-<environment>.localhost";

export function unknownHost(host: string): OwnAnswer {
  return answer(404, "NotFound", `no module has the host "${host}"; expected ${hostForm}`);
}

/** Something of it is meant to serve, and is not up. */
export function isDown(host: string): OwnAnswer {
  return unavailable(`the service of ${host} is starting again; try again in a moment`, 1);
}

/** The module is known, and nothing of it is meant to serve: it is being replaced, or was taken back. */
export function isWaiting(host: string): OwnAnswer {
  return unavailable(`the service of ${host} does not serve at the moment; try again in a while`, 5);
}

export function badGateway(host: string): OwnAnswer {
  return answer(502, "BadGateway", `the service of ${host} does not answer`);
}

export function badRequest(message: string): OwnAnswer {
  return answer(400, "InputInvalid", message);
}

export function notImplemented(message: string): OwnAnswer {
  return answer(501, "NotImplemented", message);
}

function unavailable(message: string, retryAfterSeconds: number): OwnAnswer {
  const said = answer(503, "Unavailable", message);
  return { ...said, headers: [...said.headers, "retry-after", String(retryAfterSeconds)] };
}

function answer(status: number, code: string, message: string): OwnAnswer {
  const body = Buffer.from(`${JSON.stringify({ code, message })}\n`);
  return {
    status,
    headers: ["content-type", "application/json", "content-length", String(body.length)],
    body,
  };
}
