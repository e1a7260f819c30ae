/** Shows this server's document. A session's own CSRF token goes with what is tried out. */
const { SwaggerUIBundle } = globalThis;

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  requestInterceptor,
});

async function requestInterceptor(request) {
  const signsItself = request.headers.Authorization !== undefined;
  if (request.method === "GET" || signsItself) return request;
  const session = await fetch("/session");
  if (session.ok) request.headers["x-csrf-token"] = (await session.json()).csrfToken;
  return request;
}
