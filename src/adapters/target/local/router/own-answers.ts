/** What the router says itself: a stable code, a sentence and what was expected. */
export interface OwnAnswer {
  status: number;
  headers: string[];
  body: Buffer;
}

const hostForm = "<module>.<tenant>-<environment>.localhost";

export function unknownHost(host: string): OwnAnswer {
  return answer(404, "NotFound", `no module has traffic for host "${host}"; expected ${hostForm}`);
}

export function isDown(host: string): OwnAnswer {
  const said = answer(503, "Unavailable", `the service of ${host} is starting again; try again in a moment`);
  return { ...said, headers: [...said.headers, "retry-after", "1"] };
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

function answer(status: number, code: string, message: string): OwnAnswer {
  const body = Buffer.from(`${JSON.stringify({ code, message })}\n`);
  return {
    status,
    headers: ["content-type", "application/json", "content-length", String(body.length)],
    body,
  };
}
